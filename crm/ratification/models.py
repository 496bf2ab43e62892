"""Tables of ratification. What is secret has no id, no time, no voter and no order.

See the module `actions.casting`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Base, Commons, Directory, Private, PrivateRow, TwoSided

CHOICE = "choice in ('yes','no','abstain')"
CONTENT = f"{CHOICE} or substr(choice, 1, 1) in ('1','2','3','4','5','6','7','8','9')"


class Ratification(Commons):
    """One edition, or options of its own, put to its electorates."""

    __tablename__ = "ratifications"
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    title: Mapped[dict[str, str]]
    state: Mapped[str] = mapped_column(String(20), default="draft")
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    prepared_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    certified_at: Mapped[datetime | None]
    certified_by: Mapped[str | None] = mapped_column(String(200))
    problem: Mapped[dict[str, Any] | None]  # why the last preparation stopped: {"text": …, "params": …}
    manifest: Mapped[dict[str, Any] | None]
    poll_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    public_key: Mapped[str | None] = mapped_column(String(64))
    result: Mapped[dict[str, Any] | None]
    __table_args__ = (
        CheckConstraint("state in ('draft','preparing','open','closed','certified')", name="state"),
        CheckConstraint("(state in ('draft','preparing')) = (poll_id is null)", name="frozen"),
        CheckConstraint(
            "(state in ('closed','certified')) = (result is not null and closed_at is not null)", name="counted"
        ),
        CheckConstraint("(state = 'certified') = (certified_at is not null)", name="certified"),
        CheckConstraint("closes_at > opens_at", name="hours"),
        Index("ix_ratifications_org_id_opens_at", "org_id", "opens_at"),
    )


class Electorate(Commons):
    """Who decides, and by what rule. Fractions are written as they are said: 2/3."""

    __tablename__ = "electorates"
    ratification_id: Mapped[int] = mapped_column(ForeignKey("ratifications.id"))
    kind: Mapped[str] = mapped_column(String(20))
    assembly_id: Mapped[int | None] = mapped_column(ForeignKey("assemblies.id"))  # whose seated delegates are the roll
    is_secret: Mapped[bool]
    method: Mapped[str] = mapped_column(String(40), default="yes_no_abstain")
    contest: Mapped[dict[str, Any] | None]  # what stands, seats and points, where the method elects: see rules/contests.py
    quorum: Mapped[str] = mapped_column(String(20))
    threshold: Mapped[str] = mapped_column(String(20))
    strictness: Mapped[str] = mapped_column(String(20), default="at_least")
    basis: Mapped[str] = mapped_column(String(20), default="yes_and_no")
    tie: Mapped[str] = mapped_column(String(20), default="fails")
    may_change: Mapped[bool] = mapped_column(default=False)
    roll_size: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        UniqueConstraint("ratification_id", "kind"),
        CheckConstraint("kind in ('members','organizations','delegates')", name="kind"),
        CheckConstraint("(kind = 'delegates') = (assembly_id is not null)", name="delegates"),
        CheckConstraint("strictness in ('at_least','more_than')", name="strictness"),
        CheckConstraint("basis in ('yes_and_no','cast','roll')", name="basis"),
        CheckConstraint("tie in ('fails','passes')", name="tie"),
        CheckConstraint("not (is_secret and may_change)", name="final"),
        Index("ix_electorates_org_id_ratification_id", "org_id", "ratification_id"),
    )


class RollKey(Private):
    """The owner's secrets of a roll.

    The salt of its published hash and, only while it is built, the key of the phone hashes.
    """

    __tablename__ = "roll_keys"
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"), unique=True)
    salt: Mapped[str] = mapped_column(String(64))
    mark_key: Mapped[str | None] = mapped_column(String(64))


class RollEntry(TwoSided):
    """One seat of a roll of people, members or delegates. Whether it voted is one bit elsewhere; when, nowhere."""

    __tablename__ = "roll_entries"
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"))
    seat: Mapped[int]
    person_id: Mapped[int]
    __table_args__ = (
        UniqueConstraint("electorate_id", "seat"),
        UniqueConstraint("electorate_id", "partner_id", "person_id"),
        Index("ix_roll_entries_org_id_electorate_id", "org_id", "electorate_id"),
        Index("ix_roll_entries_partner_id_electorate_id", "partner_id", "electorate_id"),
        Index("ix_roll_entries_person", "partner_id", "person_id"),
    )


class RollMark(TwoSided):
    """A keyed hash of a phone, kept only while the roll is built."""

    __tablename__ = "roll_marks"
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"))
    seat: Mapped[int]
    mark: Mapped[str] = mapped_column(String(64))
    __table_args__ = (Index("ix_roll_marks_org_id_electorate_id", "org_id", "electorate_id"),)


class RollCandidate(Private):
    """Two seats that may be one human, for the credentials committee. Nothing follows by itself."""

    __tablename__ = "roll_candidates"
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"))
    seat: Mapped[int]
    other_seat: Mapped[int]
    partner_id: Mapped[int]
    other_partner_id: Mapped[int]
    answer: Mapped[str] = mapped_column(String(20), default="open")
    __table_args__ = (
        UniqueConstraint("org_id", "electorate_id", "seat", "other_seat"),
        CheckConstraint("answer in ('open','two_people','struck')", name="answer"),
    )


class OrganizationSeat(Commons):
    """One seat of the organizations' roll."""

    __tablename__ = "organization_roll"
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"))
    seat: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    account_name: Mapped[str | None] = mapped_column(String(200))
    __table_args__ = (
        UniqueConstraint("electorate_id", "seat"),
        UniqueConstraint("electorate_id", "partner_id"),
        Index("ix_organization_roll_org_id_electorate_id", "org_id", "electorate_id"),
    )


class RollCorrection(Commons):
    """A numbered, public change after opening."""

    __tablename__ = "roll_corrections"
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
        CheckConstraint("kind in ('struck','closed_early')", name="kind"),
        CheckConstraint("(kind = 'struck') = (seat is not null)", name="seat"),
    )


class RollBits(Commons):
    """Who has voted: one bit per seat, in one value, so that no row tells an order."""

    __tablename__ = "roll_bits"
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
    """An organization's named vote on a plank. A change is a new row; the latest counts."""

    __tablename__ = "roll_call_votes"
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"))
    plank: Mapped[int]
    version: Mapped[int]
    choice: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    account_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("electorate_id", "partner_id", "plank", "version"),
        CheckConstraint(CHOICE, name="choice"),
        Index("ix_roll_call_votes_org_id_electorate_id", "org_id", "electorate_id"),
    )


class MemberVote(Commons):
    """The vote of one seat of a members' roll that was declared open. Seats have no names here; a change is a new row, the latest counts."""

    __tablename__ = "member_votes"
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


class Notice(Private):
    """What an organization did to reach one of its members: a text, a letter, or the reason why there was no text."""

    __tablename__ = "notices"
    ratification_id: Mapped[int] = mapped_column(ForeignKey("ratifications.id"))
    entry_id: Mapped[int]
    person_id: Mapped[int]
    channel: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(300), default="")
    __table_args__ = (
        UniqueConstraint("org_id", "ratification_id", "entry_id"),
        CheckConstraint("channel in ('text','letter')", name="channel"),
        Index("ix_notices_org_id_ratification_id_channel", "org_id", "ratification_id", "channel"),
        Index("ix_notices_person", "org_id", "person_id"),
    )


class NoticeSummary(Commons):
    """What the coalition sees of an organization's notices: counts, and the hash of its ledger."""

    __tablename__ = "notice_summaries"
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    ratification_id: Mapped[int] = mapped_column(ForeignKey("ratifications.id"))
    texts: Mapped[int] = mapped_column(default=0)
    letters: Mapped[int] = mapped_column(default=0)
    ledger_hash: Mapped[str] = mapped_column(String(64), default="")
    __table_args__ = (UniqueConstraint("ratification_id", "partner_id"),)


class PublishedBoard(Directory):
    """The board file as it was signed: public, so it is found by its poll id and nothing else."""

    __tablename__ = "published_boards"
    poll_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
