"""Names at doors go when their time is over; who came stays a number."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from crm.assemblies.models import Assembly
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.turnout.models import Attendance, Rsvp, SheetEntry, WalkIn


def empty_walk_ins(actor: Actor, before: datetime, most: int) -> int:
    """What people told at the door or wrote on paper: taken over long ago, or never."""
    unread = select(SheetEntry.id).where(SheetEntry.org_id == actor.org_id, SheetEntry.entered_at < before).limit(most)
    _done(update(SheetEntry).where(SheetEntry.id.in_(session().scalars(unread).all())).values(written_in=[]))
    old = select(WalkIn.id).where(WalkIn.partner_id == actor.org_id, WalkIn.created_at < before).limit(most)
    return _done(delete(WalkIn).where(WalkIn.id.in_(session().scalars(old).all())))


def empty_door_lists(actor: Actor, before: datetime, most: int) -> int:
    """Names on lists of assemblies that are long over."""
    came = select(Attendance.id).where(Attendance.partner_id == actor.org_id, Attendance.arrived_at < before, Attendance.door_name != "").limit(most)
    emptied = _done(update(Attendance).where(Attendance.id.in_(session().scalars(came).all())).values(door_name=""))
    over = select(Assembly.id).where(Assembly.day < before.date())
    said = select(Rsvp.id).where(Rsvp.partner_id == actor.org_id, Rsvp.assembly_id.in_(over), Rsvp.door_name != "").limit(most)
    return emptied + _done(update(Rsvp).where(Rsvp.id.in_(session().scalars(said).all())).values(door_name="", door_folded=""))


def _done(statement: Any) -> int:
    return session().execute(statement.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
