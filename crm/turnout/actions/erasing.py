"""What turnout empties when a person is erased. Who came stays a number; who was only expected is expected no more."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select, update

from crm.assemblies.models import Assembly, Participant
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.links import revoke_links
from crm.people.actions.erasing import Who
from crm.turnout.models import Attendance, Rsvp, Support, WalkIn, new_code

OVER = ("finished", "cancelled")


def erase_turnout(actor: Actor, who: Who, now: datetime) -> dict[str, int]:
    """Answers for assemblies to come go; of those that were, the name goes and the number stays; what was told at the door goes."""
    counts = {"walk_ins": _erase_walk_ins(actor, who)}
    mine = (Rsvp.partner_id == actor.org_id) & Rsvp.person_id.in_(who.ids)
    ahead = exists().where(Assembly.id == Rsvp.assembly_id, Assembly.state.not_in(OVER))
    came = exists().where(Attendance.rsvp_id == Rsvp.id)
    expected = set(session().scalars(select(Rsvp.id).where(mine, ahead, ~came)))
    for rsvp_id in session().scalars(select(Rsvp.id).where(mine)).all():
        revoke_links(actor.org_id, "pass", rsvp_id, now=now)
        if rsvp_id not in expected:
            _done(update(Rsvp).where(Rsvp.id == rsvp_id).values(code=new_code()))
            _done(update(Support).where(Support.rsvp_id == rsvp_id).values(detail="", children=None, hours=None))
    seats = select(Participant.id).where(Participant.partner_id == actor.org_id, Participant.person_id.in_(who.ids))  # let in before there was a record
    counts["attendances"] = _done(update(Attendance).where(Attendance.partner_id == actor.org_id, Attendance.participant_id.in_(seats)).values(door_name=""))
    counts["supports"] = _done(delete(Support).where(Support.rsvp_id.in_(expected)))
    counts["rsvps"] = _done(delete(Rsvp).where(Rsvp.id.in_(expected)))
    return counts


def _erase_walk_ins(actor: Actor, who: Who) -> int:
    theirs = select(Attendance.id).where(Attendance.partner_id == actor.org_id, Attendance.person_id.in_(who.ids))
    told = WalkIn.attendance_id.in_(theirs) | WalkIn.phone.in_(who.phones)
    return _done(delete(WalkIn).where(WalkIn.partner_id == actor.org_id, told))


def _done(statement: Any) -> int:
    return session().execute(statement.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
