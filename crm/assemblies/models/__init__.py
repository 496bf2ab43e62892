"""Tables of assemblies. Local wall-clock times are kept beside the moment they name, so that a
change of zone rules never moves a session that people have written on their refrigerator."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.assemblies.models.federation import AssemblyInput, Federation, FederationEdge, LargerInvitation
from crm.assemblies.models.floor import FloorCount, FloorVote
from crm.assemblies.models.government import Backing, InformationRequest, PoliticalScenario
from crm.assemblies.models.lots import CallAttempt, InvitationRound, Lot, LotInvitation, LotPlace, Recruitment
from crm.assemblies.models.seats import Challenge, Credential, CredentialStep, Delegation, DelegationFormula, Instruction
from crm.infra.db import Commons, Directory, TwoSided

__all__ = [
    "AgendaItem", "Assembly", "AssemblyAddress", "AssemblyInput", "AssemblyPartner", "AssemblySession", "AssemblyTask", "Backing", "CallAttempt",
    "Challenge", "Committee", "CommitteeSeat", "Credential", "CredentialStep", "Delegation", "DelegationFormula", "Federation", "FederationEdge",
    "FloorCount", "FloorVote", "GoverningPower", "InformationRequest", "Instruction", "InvitationRound", "LargerInvitation", "Lot", "LotInvitation",
    "LotPlace", "Participant", "PoliticalScenario", "Recruitment",
]
ASSEMBLY = "assemblies.id"
POWERS = "'none','consultative','advisory','agenda_setting','monitoring','co_determinative','determinative'"
STAGES = "'agenda_setting','formulation','decision','implementation','monitoring'"
SELECTIONS = "'open_door','membership','delegation','lottery','appointment','election','mix'"
ROLES = (
    "'participant','delegate','alternate','observer','facilitator','note_taker','interpreter','presenter',"
    "'staff','official'"
)


class Assembly(Commons):
    """One assembly; org_id is its convener, `day` the local date that its tasks count from."""

    __tablename__ = "assemblies"
    __of_assembly__ = "id"
    title: Mapped[dict]
    question: Mapped[dict]
    kind: Mapped[str] = mapped_column(String(4))
    scope: Mapped[str] = mapped_column(String(200), default="")
    selection: Mapped[str] = mapped_column(String(20), default="open_door")
    governing_power_now: Mapped[str] = mapped_column(String(20), default="none")
    governing_power_aim: Mapped[str] = mapped_column(String(20), default="none")
    policy_stage: Mapped[str] = mapped_column(String(20), default="agenda_setting")
    controls: Mapped[list] = mapped_column(default=list)
    decisions: Mapped[list] = mapped_column(default=list)
    groups: Mapped[list | None]  # seats of the assembly itself, as playbooks.shape.Group; None: as its playbook has them
    standing_rules: Mapped[list | None]
    considerations: Mapped[dict] = mapped_column(default=dict)
    time_zone: Mapped[str] = mapped_column(String(40))
    day: Mapped[date]
    goal: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="draft")
    slug: Mapped[str] = mapped_column(String(80))
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey(ASSEMBLY))
    announced_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("state in ('draft','announced','under_way','finished','cancelled')", name="state"),
        CheckConstraint("state != 'announced' or announced_at is not null", name="announced"),
        CheckConstraint("state != 'under_way' or started_at is not null", name="started"),
        CheckConstraint("state != 'finished' or finished_at is not null", name="finished"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at is not null)", name="cancelled"),
        CheckConstraint(f"governing_power_now in ({POWERS})", name="power_now"),
        CheckConstraint(f"governing_power_aim in ({POWERS})", name="power_aim"),
        CheckConstraint(f"policy_stage in ({STAGES})", name="stage"),
        CheckConstraint(f"selection in ({SELECTIONS})", name="selection"),
        CheckConstraint("goal > 0", name="goal"),
        Index("assemblies_by_day", "org_id", "day", "id"),
    )


class AssemblyAddress(Directory):
    """Where a public address leads, readable before an organization is known."""

    __tablename__ = "assembly_addresses"
    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    org_id: Mapped[int]
    assembly_id: Mapped[int]


class AssemblySession(Commons):
    """One sitting: `day`, `starts` and `ends` are the clock on the wall, `starts_at` and `ends_at` the moments; `closed_to` says who is asked to leave."""

    __tablename__ = "assembly_sessions"
    __of_assembly__ = "assembly_id"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    title: Mapped[dict]
    day: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    room_notes: Mapped[str] = mapped_column(Text, default="")
    online: Mapped[str] = mapped_column(String(300), default="")  # where whoever is not in the room takes part
    capacity: Mapped[int | None]
    languages: Mapped[list] = mapped_column(default=list)
    closed_to: Mapped[list] = mapped_column(default=list)

    @property
    def link_for_all(self) -> str:
        """The link for taking part from afar, where nobody is asked to leave: what members may see of it."""
        return "" if self.closed_to else self.online

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("capacity is null or capacity > 0", name="capacity"),
        Index("assembly_sessions_by_time", "assembly_id", "starts_at"),
        Index("assembly_sessions_next", "org_id", "ends_at"),
    )


class AgendaItem(Commons):
    """A stretch of a session; its time follows from the session's start and the minutes before it."""

    __tablename__ = "agenda_items"
    __of_assembly__ = "assembly_id"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    session_id: Mapped[int] = mapped_column(ForeignKey("assembly_sessions.id"))
    position: Mapped[int]
    title: Mapped[dict]
    detail: Mapped[dict] = mapped_column(default=dict)
    minutes: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12), default="plenary")
    lead: Mapped[str] = mapped_column(String(120), default="")
    __table_args__ = (
        CheckConstraint("minutes between 1 and 600", name="minutes"),
        CheckConstraint("kind in ('plenary','learning','tables','vote','action','break')", name="kind"),
        Index("agenda_items_in_order", "assembly_id", "session_id", "position"),
    )


class AssemblyPartner(Commons):
    """An organization that convenes or brings people. The partner may answer its own row."""

    __tablename__ = "assembly_partners"
    __of_assembly__ = "assembly_id"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    role: Mapped[str] = mapped_column(String(10), default="partner")
    state: Mapped[str] = mapped_column(String(10), default="invited")
    lead_name: Mapped[str] = mapped_column(String(120), default="")
    answered_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("assembly_id", "partner_id"),
        CheckConstraint("role in ('convener','partner')", name="role"),
        CheckConstraint("state in ('invited','accepted','declined')", name="state"),
        CheckConstraint("(state = 'invited') = (answered_at is null)", name="answered"),
        Index("assembly_partners_of", "partner_id", "assembly_id"),
    )


class AssemblyTask(Commons):
    """Something to do, `days` before (negative) or after the day of the assembly."""

    __tablename__ = "assembly_tasks"
    __of_assembly__ = "assembly_id"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    title: Mapped[dict]
    days: Mapped[int]
    due_on: Mapped[date]
    owner: Mapped[dict] = mapped_column(default=dict)
    done_at: Mapped[datetime | None]
    __table_args__ = (Index("assembly_tasks_by_date", "assembly_id", "due_on"),)


class Committee(Commons):
    """A committee of an assembly: steering, content, oversight, or one of its own."""

    __tablename__ = "committees"
    __of_assembly__ = "assembly_id"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[dict]
    purpose: Mapped[dict] = mapped_column(default=dict)
    __table_args__ = (
        CheckConstraint("kind in ('steering','content','oversight','working')", name="kind"),
        Index("committees_of", "assembly_id"),
    )


class CommitteeSeat(Commons):
    """A seat by side; `held_by` is an organization, an office, or a name its bearer agreed to show."""

    __tablename__ = "committee_seats"
    __of_assembly__ = "assembly_id"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    committee_id: Mapped[int] = mapped_column(ForeignKey("committees.id"))
    side: Mapped[str] = mapped_column(String(12))
    is_voting: Mapped[bool] = mapped_column(default=True)
    held_by: Mapped[str] = mapped_column(String(120), default="")
    __table_args__ = (
        CheckConstraint("side in ('community','practitioner','staff','official')", name="side"),
        Index("committee_seats_of", "assembly_id", "committee_id"),
    )


class GoverningPower(Commons):
    """One dated step on the spectrum of governing power: where it stands, where it should go, and why we say so."""

    __tablename__ = "governing_powers"
    __of_assembly__ = "assembly_id"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    set_at: Mapped[datetime]
    now: Mapped[str] = mapped_column(String(20))
    aim: Mapped[str] = mapped_column(String(20))
    evidence: Mapped[str] = mapped_column(String(500), default="")
    __table_args__ = (Index("governing_powers_of", "assembly_id", "set_at"),)


class Participant(TwoSided):
    """A person's place in an assembly, seen by its convener and by the organization that brought them.

    `person_id` is a record of `partner_id`, never of the convener's, so it is a plain number here.
    """

    __tablename__ = "participants"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    person_id: Mapped[int | None]
    shown_name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(12), default="participant")
    is_voting: Mapped[bool] = mapped_column(default=True)
    __table_args__ = (
        CheckConstraint(f"role in ({ROLES})", name="role"),
        CheckConstraint("role != 'observer' or not is_voting", name="voting"),
        UniqueConstraint("assembly_id", "partner_id", "person_id"),
        Index("participants_by_name", "assembly_id", "shown_name", "id"),
        Index("participants_of_person", "partner_id", "person_id"),
    )
