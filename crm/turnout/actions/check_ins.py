"""Check-ins that may arrive twice, late, or out of order, and still count once."""

from datetime import datetime

from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Missing
from crm.turnout import rules
from crm.turnout.actions.attendances import CheckIn, Outcome, add_attendance, tell
from crm.turnout.actions.walk_ins import enter_walk_in
from crm.turnout.models import Attendance, Rsvp
from crm.turnout.queries import Sitting


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
    if tap.code or tap.rsvp_id:
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
    which = Rsvp.id == tap.rsvp_id if tap.rsvp_id else Rsvp.code == tap.code
    # the lock makes two tablets that scan the same pass at once wait for one another
    rsvp = session().scalar(select(Rsvp).where(which, Rsvp.assembly_id == sitting.assembly_id).with_for_update())
    if rsvp is None:
        return Outcome(tap.key, "unknown")
    there = session().scalar(
        select(Attendance).where(
            Attendance.session_id == sitting.id, Attendance.rsvp_id == rsvp.id, Attendance.undone_at.is_(None)
        )
    )
    if there is not None and not tap.is_undone:
        there.arrived_at = min(there.arrived_at, arrived)
        return Outcome(tap.key, "already", rsvp.door_name, there.arrived_at, attendance_id=there.id)
    row = add_attendance(
        sitting,
        tap,
        arrived,
        now,
        partner_id=rsvp.partner_id,
        rsvp_id=rsvp.id,
        person_id=rsvp.person_id,
        door_name=rsvp.door_name,
        guests=rsvp.guests if tap.guests is None else min(max(tap.guests, 0), rules.MOST_GUESTS),
    )
    if not tap.is_undone:
        tell(actor, sitting, row, now)
    return Outcome(tap.key, "undone" if tap.is_undone else "in", rsvp.door_name, row.arrived_at, attendance_id=row.id)
