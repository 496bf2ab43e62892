"""What comes from the network and need not be acted on before it is answered: texts in, statuses; some in each step."""

import logging
from collections.abc import Sequence
from datetime import datetime

from crm.infra.auth import Actor
from crm.infra.db import reading, transaction
from crm.infra.jobs import Run, job
from crm.outreach.actions import hooks

log = logging.getLogger("plenary.texting")


@job("outreach.replies")
def replies(run: Run) -> bool:
    """Texts in that wait, some in each step, the oldest first; one that cannot be acted on holds up none of the others."""
    try:
        with transaction(run.org_id, durable=True):
            return hooks.handle_texts(run.actor, now=run.now()) < hooks.TEXTS_AT_ONCE
    except Exception:
        with reading(run.org_id):
            waiting = hooks.waiting_texts(run.actor)
        handle_alone(run.org_id, waiting, run.now())
        return True


@job("outreach.statuses")
def statuses(run: Run) -> bool:
    """What became of our texts, a short transaction at a time."""
    with transaction(run.org_id):
        return hooks.handle_statuses(run.actor, now=run.now()) < hooks.AT_ONCE


def handle_alone(org_id: int, hook_ids: Sequence[int], now: datetime) -> None:
    """Acts on webhooks one by one, so that one which fails holds up none of the others."""
    for hook_id in hook_ids:
        try:
            with transaction(org_id, durable=True):
                hooks.handle_hook(Actor.system(org_id), hook_id, now=now)
        except Exception as error:  # it stays, and is tried again a minute later
            log.error("a webhook cannot be acted on: %s", type(error).__name__)
