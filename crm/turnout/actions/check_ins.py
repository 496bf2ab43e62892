"""Check-ins that may arrive twice, late, or out of order, and still count once."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from crm.assemblies.models import Participant
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Missing
from crm.turnout import rules
from crm.turnout.actions.attendances import CheckIn, Outcome, add_attendance, tell
from crm.turnout.actions.walk_ins import enter_walk_in
from crm.turnout.models import Attendance, Rsvp
from crm.turnout.queries import Sitting
from crm.turnout.queries.seats import seat_behind


def check_in(actor: Actor, sitting: Sitting, tap: CheckIn, *, now: datetime) -> Outcome:
    """Lets somebody in: by code, from the list, or as a walk-in. Repeating it changes nothing, in any order."""
    arrived = rules.arrival_time(tap.said_at, now)
    if refusal := rules.may_check_in(arrived, sitting.expires_at, now):
        return Outcome(tap.key, "refused", reasons=refusal.reasons)
    same = session().scalar(
        select(Attendance)
        .where(Attendance.session_id == sitting.id, Attendance.device_key == tap.key)
        .with_for_update()
    )
    if same is not None:
        return _again(actor, sitting, same, tap, now)
    if tap.code or tap.rsvp_id or tap.seat_id:
        return _known(actor, sitting, tap, arrived, now)
    return enter_walk_in(actor, sitting, tap, arrived, now)


def undo_check_in(actor: Actor, sitting: Sitting, attendance_id: int, *, now: datetime) -> None:
    """Takes a check-in back, also one made on another tablet; it stays as a tombstone."""
    row = session().scalar(
        select(Attendance).where(Attendance.id == attendance_id, Attendance.session_id == sitting.id).with_for_update()
    )
    if row is None:
        raise Missing()
    _undo(actor, sitting, row, now)


def _undo(actor: Actor, sitting: Sitting, row: Attendance, now: datetime) -> None:
    if row.undone_at is None:
        row.undone_at = now
        session().flush()
        tell(actor, sitting, row, now)


def _again(actor: Actor, sitting: Sitting, row: Attendance, tap: CheckIn, now: datetime) -> Outcome:
    if tap.is_undone:
        _undo(actor, sitting, row, now)
    return Outcome(tap.key, "undone" if row.undone_at else "in", row.door_name, row.arrived_at, attendance_id=row.id)


def _known(actor: Actor, sitting: Sitting, tap: CheckIn, arrived: datetime, now: datetime) -> Outcome:
    who = _listed(sitting, tap)
    if who is None:
        return Outcome(tap.key, "unknown")
    there = session().scalar(_there(sitting, who))
    facts: dict[str, Any] = {"rsvp_id": who.id, "person_id": who.person_id} if isinstance(who, Rsvp) else {"participant_id": who.id}
    name = who.door_name if isinstance(who, Rsvp) else rules.door_seat(who.shown_name)
    if there is not None and not tap.is_undone:
        there.arrived_at = min(there.arrived_at, arrived)
        return Outcome(tap.key, "already", name, there.arrived_at, attendance_id=there.id)
    guests = (who.guests if isinstance(who, Rsvp) else 0) if tap.guests is None else min(max(tap.guests, 0), rules.MOST_GUESTS)
    row = add_attendance(sitting, tap, arrived, now, partner_id=who.partner_id, door_name=name, guests=guests, **facts)
    if not tap.is_undone:
        tell(actor, sitting, row, now)
    return Outcome(tap.key, "undone" if tap.is_undone else "in", name, row.arrived_at, attendance_id=row.id)


def _listed(sitting: Sitting, tap: CheckIn) -> Rsvp | Participant | None:
    """Whom the tap means: somebody who was asked, else a seat that is known by its code alone. Whoever has a record by now is that person."""
    code = rules.read_code(tap.code) if tap.code else None
    which = Rsvp.id == tap.rsvp_id if tap.rsvp_id else Rsvp.code == code
    # the lock makes two tablets that scan the same pass at once wait for one another
    mine = select(Rsvp).where(Rsvp.assembly_id == sitting.assembly_id).with_for_update()
    if (tap.rsvp_id or isinstance(code, str)) and (rsvp := session().scalar(mine.where(which))):
        return rsvp
    seat = seat_behind(sitting.assembly_id, f"{rules.SEAT}{tap.seat_id}" if tap.seat_id else tap.code or "")
    if seat is None or seat.person_id is None:
        return seat
    return session().scalar(mine.where(Rsvp.partner_id == seat.partner_id, Rsvp.person_id == seat.person_id)) or seat


def _there(sitting: Sitting, who: Rsvp | Participant) -> Select[tuple[Attendance]]:
    """The check-in of somebody who is in at the session; of a person also the one of the seat that was theirs before they had a record."""
    seats = select(Participant.id).where(Participant.assembly_id == sitting.assembly_id, Participant.partner_id == who.partner_id)
    own = Attendance.participant_id == who.id
    if isinstance(who, Rsvp):
        own = (Attendance.rsvp_id == who.id) | Attendance.participant_id.in_(seats.where(Participant.person_id == who.person_id))
    return select(Attendance).where(Attendance.session_id == sitting.id, own, Attendance.undone_at.is_(None)).limit(1)
