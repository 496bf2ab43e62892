"""Tables of ratification. What is secret has no id, no time, no voter and no order.

See the module `actions.casting`.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Base, Commons, Directory, PrivateRow, TwoSided
from crm.ratification.models.building import RollCandidate, RollKey, RollMark
from crm.ratification.models.challenges import RollChallenge
from crm.ratification.models.elections import Election, Nomination, Office
from crm.ratification.models.notices import Notice, NoticeSummary
from crm.ratification.models.outside import OutsideResult
from crm.ratification.models.paper import PaperBatch, PaperCount, PaperEntry, VotingBooth
from crm.ratification.models.residents import Residence, ResidencePlace
from crm.ratification.models.signing import PublishedPaper, Teller

__all__ = [
    "Ballot", "Election", "Electorate", "FinalBallot", "MemberVote", "Nomination", "Notice", "NoticeSummary", "Office", "OrganizationSeat",
    "OutsideResult", "PaperBatch", "PaperCount", "PaperEntry", "PublishedBoard", "PublishedPaper", "Ratification", "Residence",
    "ResidencePlace", "RollBits", "RollCallVote",
    "RollCandidate", "RollChallenge", "RollCorrection", "RollEntry", "RollKey", "RollMark", "Teller", "VotingBooth",
]

CHOICE = "choice in ('yes','no','abstain')"
CONTENT = f"{CHOICE} or substr(choice, 1, 1) in ('1','2','3','4','5','6','7','8','9')"


class Ratification(Commons):
    """One edition, or options of its own, put to its electorates."""

    __tablename__ = "ratifications"
    __of_assembly__ = "assembly_id edition_id"
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    assembly_id: Mapped[int | None] = mapped_column(ForeignKey("assemblies.id"), index=True)  # without an edition, whose vote it is
    title: Mapped[dict[str, str]]
    state: Mapped[str] = mapped_column(String(20), default="draft")
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    prepared_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    certified_at: Mapped[datetime | None]
    certified_by: Mapped[str | None] = mapped_column(String(200))
    certified_note: Mapped[str] = mapped_column(Text, default="")  # why it stands although a teller has not signed
    problem: Mapped[dict[str, Any] | None]  # why the last preparation stopped: {"text": …, "params": …}
    manifest: Mapped[dict[str, Any] | None]
    poll_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    public_key: Mapped[str | None] = mapped_column(String(64))
    result: Mapped[dict[str, Any] | None]
    notice_days: Mapped[int | None]  # how long before voting begins every seat must have been told
    notice_binds: Mapped[bool] = mapped_column(default=False)  # whether a vote with short notice cannot be certified
    referral: Mapped[dict[str, Any] | None]  # the outside vote that it goes to, and that vote's rule: see rules/referral.py
    __table_args__ = (
        CheckConstraint("state in ('draft','preparing','open','held','closed','certified')", name="state"),
        CheckConstraint("(state in ('draft','preparing')) = (poll_id is null)", name="frozen"),
        CheckConstraint(
            "(state in ('closed','certified')) = (result is not null and closed_at is not null)", name="counted"
        ),
        CheckConstraint("(state = 'certified') = (certified_at is not null)", name="certified"),
        CheckConstraint("closes_at > opens_at", name="hours"),
        CheckConstraint("assembly_id is null or edition_id is null", name="one_assembly"),
        CheckConstraint("notice_days is null or notice_days between 1 and 365", name="notice_days"),
        Index("ix_ratifications_org_id_opens_at", "org_id", "opens_at"),
    )


class Electorate(Commons):
    """Who decides, and by what rule. Fractions are written as they are said: 2/3.

    `key` names it within its vote; one of kind `together` has no roll of its own, it counts the groups as one.
    """

    __tablename__ = "electorates"
    __of_assembly__ = "ratification_id"
    ratification_id: Mapped[int] = mapped_column(ForeignKey("ratifications.id"))
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(20))
    name: Mapped[dict[str, str]] = mapped_column(default=dict)  # a group's own; others are named by their kind
    assembly_id: Mapped[int | None] = mapped_column(ForeignKey("assemblies.id"))  # whose seats, roster or delegations are the roll
    place_id: Mapped[int | None] = mapped_column(ForeignKey("residence_places.id"))  # where those of a members' roll declared to live
    role: Mapped[str | None] = mapped_column(String(12))  # the group: those on the roster in this role
    is_deciding: Mapped[bool] = mapped_column(default=True)  # else its count is published beside what decides
    is_weighted: Mapped[bool] = mapped_column(default=False)  # organizations hold as many mandates as their delegation has seats
    on_day: Mapped[date | None]  # members in good standing on this day; else on the day of opening
    joined_by: Mapped[date | None]  # and who were members by then
    is_secret: Mapped[bool]
    method: Mapped[str] = mapped_column(String(40), default="yes_no_abstain")
    contest: Mapped[dict[str, Any] | None]  # what stands, seats and points, where the method elects: see rules/contests.py
    quorum: Mapped[str] = mapped_column(String(20))
    quorums: Mapped[list[Any]] = mapped_column(default=list)  # more that is asked together: see rules/quorums.py
    threshold: Mapped[str] = mapped_column(String(20))
    conditions: Mapped[list[Any]] = mapped_column(default=list)  # more thresholds that are asked together
    strictness: Mapped[str] = mapped_column(String(20), default="at_least")
    basis: Mapped[str] = mapped_column(String(20), default="yes_and_no")
    tie: Mapped[str] = mapped_column(String(20), default="fails")
    may_change: Mapped[bool] = mapped_column(default=False)
    roll_size: Mapped[int] = mapped_column(default=0)
    homes: Mapped[list[Any] | None]  # once counted: what is told by organization, never of few people: see rules/homes.py
    __table_args__ = (
        UniqueConstraint("ratification_id", "key"),
        CheckConstraint("kind in ('members','organizations','delegates','participants','attendees','together')", name="kind"),
        CheckConstraint("(kind in ('delegates','participants','attendees') or is_weighted) = (assembly_id is not null)", name="assembly"),
        CheckConstraint("role is null or kind = 'participants'", name="role"),
        CheckConstraint("kind = 'organizations' or not is_weighted", name="weighted"),
        CheckConstraint("strictness in ('at_least','more_than')", name="strictness"),
        CheckConstraint("basis in ('yes_and_no','cast','present','roll')", name="basis"),
        CheckConstraint("tie in ('fails','passes')", name="tie"),
        CheckConstraint("not (is_secret and may_change)", name="final"),
        Index("ix_electorates_org_id_ratification_id", "org_id", "ratification_id"),
    )


class RollEntry(TwoSided):
    """One seat of a roll of people, members or delegates. Whether it voted is one bit elsewhere; when, nowhere.

    Whoever is known by no record, only by a code or a name on an assembly's roster, stands here as that place on it.
    """

    __tablename__ = "roll_entries"
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"))
    seat: Mapped[int]
    person_id: Mapped[int | None]
    participant_id: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("electorate_id", "seat"),
        UniqueConstraint("electorate_id", "partner_id", "person_id"),
        UniqueConstraint("electorate_id", "participant_id"),
        CheckConstraint("(person_id is null) != (participant_id is null)", name="holder"),
        Index("ix_roll_entries_org_id_electorate_id", "org_id", "electorate_id"),
        Index("ix_roll_entries_partner_id_electorate_id", "partner_id", "electorate_id"),
        Index("ix_roll_entries_person", "partner_id", "person_id"),
    )


class OrganizationSeat(Commons):
    """One seat of the organizations' roll."""

    __tablename__ = "organization_roll"
    __of_assembly__ = "electorate_id"
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"))
    seat: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    mandates: Mapped[int] = mapped_column(default=1)
    account_name: Mapped[str | None] = mapped_column(String(200))
    __table_args__ = (
        UniqueConstraint("electorate_id", "seat"),
        UniqueConstraint("electorate_id", "partner_id"),
        CheckConstraint("mandates > 0", name="mandates"),
        Index("ix_organization_roll_org_id_electorate_id", "org_id", "electorate_id"),
    )


class RollCorrection(Commons):
    """A numbered, public change after opening."""

    __tablename__ = "roll_corrections"
    __of_assembly__ = "ratification_id"
    ratification_id: Mapped[int] = mapped_column(ForeignKey("ratifications.id"))
    electorate_id: Mapped[int | None] = mapped_column(ForeignKey("electorates.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    seat: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("ratification_id", "number"),
        CheckConstraint("kind in ('struck','closed_early','resumed')", name="kind"),
        CheckConstraint("(kind = 'struck') = (seat is not null)", name="seat"),
    )


class RollBits(Commons):
    """Who has voted: one bit per seat, in one value, so that no row tells an order."""

    __tablename__ = "roll_bits"
    __of_assembly__ = "electorate_id"
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"))
    shard: Mapped[int] = mapped_column(default=0)
    bits: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (UniqueConstraint("electorate_id", "shard"),)


class _Ballot(PrivateRow, Base):
    """A choice under a tracker. On SQLite stored by its key, not by arrival."""

    __abstract__ = True
    plank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tracker: Mapped[str] = mapped_column(String(32), primary_key=True)
    choice: Mapped[str] = mapped_column(String(400))


class Ballot(_Ballot):
    """A ballot that waits for the close. The words of a receipt are in its trackers, not here.

    They would tie the planks together.
    """

    __tablename__ = "ballots"
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"), primary_key=True, autoincrement=False)
    __table_args__ = (CheckConstraint(CONTENT, name="choice"), {"sqlite_with_rowid": False})


class FinalBallot(_Ballot):
    """A counted ballot, written in the order of its tracker when the vote closed."""

    __tablename__ = "final_ballots"
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"), primary_key=True, autoincrement=False)
    __table_args__ = (CheckConstraint(CONTENT, name="choice"), {"sqlite_with_rowid": False})


class RollCallVote(Commons):
    """An organization's named vote on a plank, with all its mandates or split between the answers. A change is a new row; the latest counts."""

    __tablename__ = "roll_call_votes"
    __of_assembly__ = "electorate_id"
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"))
    plank: Mapped[int]
    version: Mapped[int]
    choice: Mapped[str] = mapped_column(String(20))
    split: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # mandates by answer
    reason: Mapped[str] = mapped_column(Text, default="")
    account_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("electorate_id", "partner_id", "plank", "version"),
        CheckConstraint("choice in ('yes','no','abstain','split')", name="choice"),
        CheckConstraint("(choice = 'split') = (split is not null)", name="split"),
        Index("ix_roll_call_votes_org_id_electorate_id", "org_id", "electorate_id"),
    )


class MemberVote(Commons):
    """The vote of one seat of a members' roll that was declared open. Seats have no names here; a change is a new row, the latest counts."""

    __tablename__ = "member_votes"
    __of_assembly__ = "electorate_id"
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"))
    seat: Mapped[int]
    plank: Mapped[int]
    version: Mapped[int]
    choice: Mapped[str] = mapped_column(String(20))
    via: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("electorate_id", "seat", "plank", "version"),
        CheckConstraint(CHOICE, name="choice"),
        CheckConstraint("via in ('text','page')", name="via"),
        Index("ix_member_votes_org_id_electorate_id", "org_id", "electorate_id"),
        Index("ix_member_votes_partner_id_electorate_id", "partner_id", "electorate_id"),
    )


class PublishedBoard(Directory):
    """The board file as it was signed: public, so it is found by its poll id and nothing else.

    `outside` is what people read since of an outside vote to which this one was referred.
    """

    __tablename__ = "published_boards"
    poll_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    outside: Mapped[list[Any]] = mapped_column(default=list)
