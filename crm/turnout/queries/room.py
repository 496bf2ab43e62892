"""Who is in the room, for a vote that is taken there."""

from sqlalchemy import func, select

from crm.assemblies.models import Assembly, Participant
from crm.infra.db import session
from crm.turnout.models import Attendance


def let_in(assembly: Assembly) -> int:
    """People whom the doors have let in to the session where somebody came last; guests have no vote and are not counted."""
    last = func.max(Attendance.arrived_at)
    query = select(func.count()).where(Attendance.assembly_id == assembly.id, Attendance.undone_at.is_(None)).group_by(Attendance.session_id)
    return session().scalar(query.order_by(last.desc(), Attendance.session_id).limit(1)) or 0


def let_in_by_session(assembly: Assembly) -> dict[int, int]:
    """People whom the doors let in, by session; the same person at two sessions is in both."""
    query = select(Attendance.session_id, func.count()).where(Attendance.assembly_id == assembly.id, Attendance.undone_at.is_(None))
    return dict(session().execute(query.group_by(Attendance.session_id)).all())


def checked_in(assembly_id: int) -> tuple[list[tuple[int, int | None, int | None]], int]:
    """Who has been let in to that session: (organization, its person, else the place on the roster) in the order of coming, and how many more
    nobody has taken into a list. A seat whose holder has a record by now is that person, once."""
    last = select(Attendance.session_id).where(Attendance.assembly_id == assembly_id, Attendance.undone_at.is_(None))
    last = last.group_by(Attendance.session_id).order_by(func.max(Attendance.arrived_at).desc(), Attendance.session_id).limit(1)
    person = func.coalesce(Attendance.person_id, Participant.person_id)
    query = select(Attendance.partner_id, person, Attendance.participant_id).outerjoin(Participant, Participant.id == Attendance.participant_id)
    query = query.where(Attendance.session_id == last.scalar_subquery(), Attendance.undone_at.is_(None))
    rows = session().execute(query.order_by(Attendance.arrived_at, Attendance.id)).all()
    known = [(partner_id, person_id, None if person_id else place_id) for partner_id, person_id, place_id in rows if person_id or place_id]
    return list(dict.fromkeys(known)), len(rows) - len(known)
