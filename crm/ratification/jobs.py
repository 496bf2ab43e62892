"""Long work of ratification: building the rolls and opening, reaching the members, closing at the hour, scrubbing
the disk."""

from datetime import timedelta

from sqlalchemy import func, select

from crm.infra.auth import Actor
from crm.infra.db import reading, scrub, session, transaction
from crm.infra.jobs import Run, job
from crm.kernel.refusal import Missing, Refused
from crm.ratification import actions
from crm.ratification.models import RollEntry, RollKey
from crm.ratification.queries import electorates_of, ratification_for


@job("ratification.open")
def open_ratification(run: Run, *, ratification_id: int) -> bool:
    """One organization's next members, held to that organization; when all are built, the freeze."""
    with reading(run.org_id):
        row = ratification_for(run.actor, ratification_id)
        if row.state != "preparing":
            return True
        left, members = actions.unbuilt(row), next((e for e in electorates_of(row) if e.kind == "members"), None)
        electorate_id = members.id if members else None
        seats = (
            session().scalar(
                select(func.count()).select_from(RollEntry).where(RollEntry.electorate_id == electorate_id)
            )
            or 0
        )
        key = session().scalar(select(RollKey.mark_key).where(RollKey.electorate_id == electorate_id)) or ""
    if left:
        with transaction(left[0]):
            actions.build_part(
                Actor.system(left[0]), run.org_id, ratification_id, electorate_id, seats, key, now=run.now()
            )
        return False
    with transaction(run.org_id):
        actions.freeze(run.actor, ratification_id, now=run.now())
    return True


@job("ratification.notify")
def notify(run: Run, *, ratification_id: int) -> bool:
    """Texts an organization's next members."""
    with transaction(run.org_id):
        return actions.notify_some(run.actor, ratification_id, now=run.now())


@job("ratification.close")
def close(run: Run, *, ratification_id: int) -> object:
    """Closes a vote when its hour has come; one that was closed earlier is left alone."""
    try:
        with transaction(run.org_id):
            actions.close_ratification(run.actor, ratification_id, now=run.now())
    except (Refused, Missing):
        with reading(run.org_id):
            row = ratification_for(run.actor, ratification_id)
            return max(row.closes_at, run.now() + timedelta(minutes=1)) if row.state == "open" else True
    return True


@job("ratification.scrub")
def scrub_disk(run: Run) -> bool:
    """After a close: no deleted ballot is left in the database file or its log."""
    scrub()
    return True
