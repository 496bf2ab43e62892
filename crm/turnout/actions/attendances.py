"""Rows of people who came: written once, told to the timeline of whoever knows the person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm.assemblies.models import Assembly
from crm.assemblies.rules import in_language
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.jobs import enqueue
from crm.kernel.refusal import Reason
from crm.turnout.models import Attendance
from crm.turnout.queries import Sitting


@dataclass(frozen=True)
class CheckIn:
    """One tap at the door. `key` is the tablet's own, so that the same tap sent again is the same check-in.

    `code` is as it was scanned or typed: of a pass, of a seat that is known by it alone, or the address on the letter of whoever was drawn by lot.
    """

    key: str
    code: str | None = None
    rsvp_id: int | None = None
    seat_id: int | None = None
    guests: int | None = None
    said_at: datetime | None = None
    is_undone: bool = False
    name: str = ""
    partner_id: int | None = None
    phone: str = ""
    language: str = "en"
    needs: str = ""
    wording: str = ""
    has_consented: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a check-in: in, already, undone, unknown or refused; the name, and since when they are in."""

    key: str
    result: str
    name: str = ""
    at: datetime | None = None
    reasons: tuple[Reason, ...] = ()
    attendance_id: int | None = None


def add_attendance(sitting: Sitting, tap: CheckIn, arrived: datetime, now: datetime, **facts: Any) -> Attendance:
    """Writes that somebody came; already undone when the tablet undid it before it could send it."""
    row = Attendance(
        org_id=sitting.org_id,
        assembly_id=sitting.assembly_id,
        session_id=sitting.id,
        device_key=tap.key[:64],
        arrived_at=arrived,
        undone_at=now if tap.is_undone else None,
        **facts,
    )
    session().add(row)
    session().flush()
    return row


def tell(actor: Actor, sitting: Sitting, row: Attendance, now: datetime) -> None:
    """A convener's own member's timeline is written here; a partner's by a job in the partner's scope."""
    if row.person_id is None:
        return
    if row.partner_id == actor.org_id:
        attended(actor, row, in_language(sitting.title, "en"), now)
        return
    state = "undone" if row.undone_at else "in"
    enqueue(
        row.partner_id,
        "turnout.tell_attendance",
        {"attendance_id": row.id, "is_undone": bool(row.undone_at)},
        now=now,
        key=f"attendance:{row.id}:{state}",
    )


def attended(actor: Actor, row: Attendance, title: str, now: datetime) -> None:
    """Writes on the person's timeline that they came, or that it was a mistake."""
    verb = "attendance.undone" if row.undone_at else "attendance.recorded"
    audit.record(
        actor,
        verb,
        now=now if row.undone_at else row.arrived_at,
        person_id=row.person_id,
        subject=("assembly", row.assembly_id),
        after={"assembly": title},
    )


def title_of(row: Attendance) -> str:
    """The assembly's title, for a job in a partner's scope."""
    title = session().scalar(select(Assembly.title).where(Assembly.id == row.assembly_id))
    return in_language(title, "en") or "—"
