"""What the door leaves to be done in the scope of the organization whose person came."""

from typing import Any

from crm.infra.db import transaction
from crm.infra.jobs import job
from crm.turnout import actions


@job("turnout.tell_attendance")
def tell_attendance(run: Any, *, attendance_id: int, is_undone: bool) -> bool:
    """Writes a partner's member's attendance on their timeline."""
    with transaction(run.org_id):
        actions.tell_attendance(run.actor, attendance_id, is_undone=is_undone, now=run.now())
    return True


@job("turnout.take_walk_in")
def take_walk_in(run: Any, *, attendance_id: int) -> bool:
    """Takes a walk-in over into the organization's people."""
    with transaction(run.org_id):
        actions.take_walk_in(run.actor, attendance_id, now=run.now())
    return True
