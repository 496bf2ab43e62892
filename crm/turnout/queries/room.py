"""Who is in the room, for a vote that is taken there."""

from sqlalchemy import func, select

from crm.assemblies.models import Assembly
from crm.infra.db import session
from crm.turnout.models import Attendance


def let_in(assembly: Assembly) -> int:
    """People whom the doors have let in to the session where somebody came last; guests have no vote and are not counted."""
    last = func.max(Attendance.arrived_at)
    query = select(func.count()).where(Attendance.assembly_id == assembly.id, Attendance.undone_at.is_(None)).group_by(Attendance.session_id)
    return session().scalar(query.order_by(last.desc(), Attendance.session_id).limit(1)) or 0
