"""Every minute: the steps of running series whose hour has come are sent; a series whose thing is cancelled ends."""

from datetime import datetime

from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import reading, transaction
from crm.kernel.refusal import Missing
from crm.outreach.actions import series
from crm.outreach.models import Sender
from crm.outreach.queries.series import occasion_of


def send_due(now: datetime) -> None:
    """Each step in a transaction of its own; who texts has a sender, so nobody else is asked."""
    with reading() as s:
        organizations = s.scalars(select(Sender.org_id).order_by(Sender.org_id)).all()
    for org_id in organizations:
        with reading(org_id):
            live = series.live_series(Actor.system(org_id))
        for _id, kind, subject_id in live:
            _run(Actor.system(org_id), kind, subject_id, now)


def _run(actor: Actor, kind: str, subject_id: int, now: datetime) -> None:
    with reading(actor.org_id):
        is_over, due = _look(actor, kind, subject_id, now)
    if is_over:
        with transaction(actor.org_id):
            series.end_series(actor, kind, subject_id, now=now)
    for key in due:
        with transaction(actor.org_id):
            series.send_step(actor, kind, subject_id, key, now=now)


def _look(actor: Actor, kind: str, subject_id: int, now: datetime) -> tuple[bool, list[str]]:
    try:
        _subject, occasion = occasion_of(actor, kind, subject_id)
    except Missing:  # it is gone, or no longer within this organization's reach
        return True, []
    return occasion.is_cancelled, [] if occasion.is_cancelled else series.due_steps(actor, kind, subject_id, now)
