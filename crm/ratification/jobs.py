"""Long work of ratification: building the rolls and opening, reaching the members, closing at the hour, scrubbing
the disk."""

from datetime import timedelta

from sqlalchemy import func, select

from crm.infra import clock
from crm.infra.auth import Actor
from crm.infra.db import reading, scrub, session, transaction
from crm.infra.jobs import Run, job
from crm.kernel.refusal import Missing, Refused
from crm.organizations.models import Organization
from crm.ratification import actions
from crm.ratification.actions.sealed import end_after_restore
from crm.ratification.models import RollEntry, RollKey
from crm.ratification.queries import electorates_of, ratification_for, together_with

OPENS_WITHIN = timedelta(minutes=10)


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
def notify(run: Run, *, ratification_id: int) -> object:
    """Texts an organization's next members; offices of one election that are opened together wait for each other, so that one text tells of all."""
    with reading(run.org_id):
        others = together_with(ratification_for(run.actor, ratification_id))
        if any(vote.state == "preparing" and vote.prepared_at > run.now() - OPENS_WITHIN for vote in others):
            return run.now() + timedelta(seconds=5)
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
            return max(row.closes_at, run.now() + timedelta(minutes=1)) if row.state in ("open", "held") else True
    return True


@job("ratification.list")
def publish_lists(run: Run, *, ratification_id: int) -> object:
    """Every hour of an open vote, what is in the box; where that is more than one list names, the next one follows at once."""
    with reading(run.org_id):
        next_one = actions.next_list(run.actor, ratification_id, now=run.now())
    with transaction(run.org_id):
        is_over = actions.publish_list(run.actor, ratification_id, next_one, now=run.now())
    more_waits = next_one is not None and next_one[2]
    return is_over or (False if more_waits else run.now() + timedelta(hours=1))


@job("ratification.scrub")
def scrub_disk(run: Run) -> bool:
    """After a close: no deleted ballot is left in the database file or its log."""
    scrub()
    return True


def hold_after_restore() -> int:
    """After a backup was put back: every vote that was open then is held, every sealed one ended; how many."""
    with reading() as s:
        organizations = s.scalars(select(Organization.id).order_by(Organization.id)).all()
    held = 0
    for org_id in organizations:
        with transaction(org_id):
            held += actions.hold_open_votes(Actor.system(org_id), now=clock.now()) + end_after_restore(Actor.system(org_id), now=clock.now())
    return held
