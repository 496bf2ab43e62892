"""Tables of turnout. Two-sided rows: org_id is the assembly's convener, partner_id whose person or promise it is.

`person_id` is a record of partner_id, so it is a plain number here; what both sides see is `door_name`.
"""

import secrets
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Commons, Private, TwoSided, UtcDateTime
from crm.turnout.rules import code_of

ASSEMBLY, SESSION = "assemblies.id", "assembly_sessions.id"


def new_code() -> str:
    """A short code nobody can guess from another."""
    return code_of(secrets.randbits(40))


class Pledge(TwoSided):
    """A promise by a leader of a partner to bring so many."""

    __tablename__ = "pledges"
    assembly_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(ASSEMBLY))
    promised: Mapped[int]
    lead_name: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        CheckConstraint("promised >= 0", name="promised"),
        UniqueConstraint("assembly_id", "partner_id", "lead_name"),
        Index("pledges_by_partner", "org_id", "partner_id"),
        Index("pledges_of_partner", "partner_id", "assembly_id"),
    )


class Rsvp(TwoSided):
    """One person's answer for one assembly, with the code that their door pass shows."""

    __tablename__ = "rsvps"
    assembly_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(ASSEMBLY))
    person_id: Mapped[int] = mapped_column(BigInteger)
    door_name: Mapped[str] = mapped_column(String(80))
    door_folded: Mapped[str] = mapped_column(String(80))
    code: Mapped[str] = mapped_column(String(9), default=new_code)
    state: Mapped[str] = mapped_column(String(20), default="invited")
    guests: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(String(8), default="en")
    source: Mapped[str] = mapped_column(String(20), default="staff")
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        CheckConstraint("state in ('invited','yes','maybe','no','confirmed','cancelled')", name="state"),
        CheckConstraint("state = 'invited' or answered_at is not null", name="answered"),
        CheckConstraint("(state = 'confirmed') = (confirmed_at is not null)", name="confirmed"),
        CheckConstraint("source in ('text','page','staff')", name="source"),
        CheckConstraint("guests between 0 and 20", name="guests"),
        UniqueConstraint("assembly_id", "partner_id", "person_id"),
        UniqueConstraint("assembly_id", "code"),
        Index("rsvps_at_the_door", "assembly_id", "door_folded", "id"),
        # everything that the board counts, so that it never reads the rows themselves
        Index("rsvps_counted", "assembly_id", "partner_id", "state", "org_id", "guests", "answered_at"),
        Index("rsvps_of_person", "partner_id", "person_id", "assembly_id"),
    )


class Ask(Private):
    """One dated attempt: who asked whom, how, and what came of it. A partner's asks are its own: the convener sees none."""

    __tablename__ = "asks"
    assembly_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(ASSEMBLY))
    person_id: Mapped[int]
    account_id: Mapped[int | None]
    asked_by: Mapped[str] = mapped_column(String(120), default="")
    how: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "person_id"], ["people.org_id", "people.id"], ondelete="CASCADE"),
        CheckConstraint("how in ('text','call','door','in_person')", name="how"),
        CheckConstraint("outcome in ('sent','yes','maybe','no','confirmed','no_answer','left_message','wrong_number')", name="outcome"),
        CheckConstraint("(outcome in ('yes','maybe','no','confirmed')) = (answered_at is not null)", name="answered"),
        Index("ix_asks_of", "org_id", "assembly_id", "person_id", "asked_at"),
        Index("ix_asks_person", "org_id", "person_id", "asked_at"),
    )


class Goal(TwoSided):
    """How many somebody should bring. What the convener asks of an organization both see; an organization's units and organizers
    are its own affair, so such a row has no other side than itself."""

    __tablename__ = "turnout_goals"
    assembly_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(ASSEMBLY))
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(120), default="")
    target: Mapped[int]
    __table_args__ = (
        CheckConstraint("kind in ('organization','unit','organizer')", name="kind"),
        CheckConstraint("(kind = 'organization') = (name = '')", name="named"),
        CheckConstraint("kind = 'organization' or org_id = partner_id", name="own"),
        CheckConstraint("target between 1 and 100000", name="target"),
        UniqueConstraint("assembly_id", "partner_id", "kind", "name"),
    )


class Support(TwoSided):
    """What somebody needs to be able to come: asked for, planned, delivered."""

    __tablename__ = "supports"
    assembly_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(ASSEMBLY))
    rsvp_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("rsvps.id"))
    kind: Mapped[str] = mapped_column(String(20))
    quantity: Mapped[int] = mapped_column(default=1)
    detail: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(20), default="asked")
    planned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cents: Mapped[int | None]  # of a stipend: promised when planned, paid when delivered
    helper_id: Mapped[int | None]  # who of the convener's plan does it
    children: Mapped[dict | None]  # of childcare: how many by age group
    hours: Mapped[list | None]  # of childcare: when (rules.childcare); none or empty where nobody said
    __table_args__ = (
        CheckConstraint("kind in ('childcare','interpretation','ride','access','meal','stipend')", name="kind"),
        CheckConstraint("state in ('asked','planned','delivered')", name="state"),
        CheckConstraint("(state = 'delivered') = (delivered_at is not null)", name="delivered"),
        CheckConstraint("state != 'planned' or planned_at is not null", name="planned"),
        CheckConstraint("quantity between 1 and 99", name="quantity"),
        CheckConstraint("cents is null or kind = 'stipend' and cents between 1 and 1000000", name="cents"),
        UniqueConstraint("rsvp_id", "kind"),
        Index("supports_of", "assembly_id", "kind", "state"),
    )


class SupportHelper(Private):
    """Who does what on the day: looks after children, interprets, drives; for how many, at one session or at all of them."""

    __tablename__ = "support_helpers"
    assembly_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(ASSEMBLY))
    session_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey(SESSION))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    detail: Mapped[str] = mapped_column(String(200), default="")
    places: Mapped[int]
    hours: Mapped[list | None]  # of childcare: the slot that they take, none for all of the session
    __table_args__ = (
        CheckConstraint("kind in ('childcare','interpretation','ride','access','meal','stipend')", name="kind"),
        CheckConstraint("places between 1 and 9999", name="places"),
        Index("ix_support_helpers_of", "org_id", "assembly_id", "kind"),
    )


class CarePlan(Commons):
    """How an assembly's childcare is counted: how many children of each age group one carer looks after, and how long a slot lasts."""

    __tablename__ = "care_plans"
    __of_assembly__ = "assembly_id"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY), unique=True)
    ratios: Mapped[dict]
    slot_minutes: Mapped[int]
    __table_args__ = (CheckConstraint("slot_minutes between 30 and 720", name="slot_minutes"),)


class Door(Private):
    """A door of a session, opened by the convener: whoever holds its link may check people in until it ends.

    A kiosk lets each person check themselves in and shows nobody else; the hall's link shows the wall and changes nothing.
    """

    __tablename__ = "doors"
    assembly_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(ASSEMBLY))
    session_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(SESSION))
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(8), default="door")
    made_by: Mapped[str] = mapped_column(String(200), default="")
    link_id: Mapped[int | None] = mapped_column(BigInteger)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (CheckConstraint("kind in ('door','kiosk','hall')", name="kind"), Index("doors_of", "org_id", "assembly_id", "created_at"))


class Attendance(TwoSided):
    """Somebody came: whoever answered, a walk-in, or a seat that is known by a code alone, which is a place on the roster and no person.

    A check-in that was undone stays as a tombstone, so that a late replay cannot bring it back.
    """

    __tablename__ = "attendances"
    assembly_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(ASSEMBLY))
    session_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(SESSION))
    rsvp_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("rsvps.id"))
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    participant_id: Mapped[int | None]  # stays when the place is given back: who came stays a number
    door_name: Mapped[str] = mapped_column(String(80))
    is_walk_in: Mapped[bool] = mapped_column(default=False)
    guests: Mapped[int] = mapped_column(default=0)
    device_key: Mapped[str] = mapped_column(String(64))
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        CheckConstraint("(participant_id is null) = (is_walk_in or rsvp_id is not null)", name="known"),
        CheckConstraint("participant_id is null or person_id is null", name="holder"),
        CheckConstraint("guests between 0 and 20", name="guests"),
        UniqueConstraint("session_id", "device_key"),
        Index("attendances_recent", "session_id", "arrived_at", "id"),
        Index("attendances_of_person", "partner_id", "person_id", "arrived_at"),
        Index("attendances_by_partner", "org_id", "assembly_id", "partner_id"),
    )


# The same person, and the same seat, is counted once per session, however many tablets scan them.
for _name, _who in (("attendances_once", Attendance.rsvp_id), ("attendances_seat_once", Attendance.participant_id)):
    Index(_name, Attendance.session_id, _who, unique=True, sqlite_where=Attendance.undone_at.is_(None), postgresql_where=Attendance.undone_at.is_(None))


class WalkIn(TwoSided):
    """What a walk-in told the door, until the organization has taken it over; then name and number are blanked."""

    __tablename__ = "walk_ins"
    attendance_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("attendances.id"), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    language: Mapped[str] = mapped_column(String(8), default="en")
    needs: Mapped[str] = mapped_column(Text, default="")
    wording: Mapped[str] = mapped_column(Text, default="")
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        CheckConstraint("taken_at is null or (phone = '' and name = '')", name="blanked"),
        CheckConstraint("consented_at is null or wording != ''", name="consent"),
        Index("walk_ins_waiting", "partner_id", "taken_at"),
    )


class PaperSheet(Private):
    """A sheet of paper for a session: the RSVPs on its lines, in order. It counts when two people have read the same."""

    __tablename__ = "paper_sheets"
    assembly_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(ASSEMBLY))
    session_id: Mapped[int] = mapped_column(BigInteger, ForeignKey(SESSION))
    number: Mapped[int]
    lines: Mapped[list]
    counted_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("org_id", "session_id", "number"),)


class SheetEntry(Private):
    """What one person read on a sheet: guests by RSVP, and [name, organization] of what was written below, gone once it counts."""

    __tablename__ = "sheet_entries"
    sheet_id: Mapped[int]
    account_id: Mapped[int]
    entered_by: Mapped[str] = mapped_column(String(120), default="")
    here: Mapped[dict]
    written_in: Mapped[list]
    entered_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "sheet_id"], ["paper_sheets.org_id", "paper_sheets.id"], ondelete="CASCADE"),
        UniqueConstraint("org_id", "sheet_id", "account_id"),
    )
