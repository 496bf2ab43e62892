"""What the queue does for accountability: a commitment waits for another organization's vote."""

from datetime import datetime
from typing import Any

from crm.accountability import actions
from crm.infra.db import transaction
from crm.infra.jobs import job


@job(actions.JUDGE_JOB)
def judge_commitments(run: Any, *, vote_id: int) -> bool | datetime:
    """Judges what its organization was promised on a vote, or looks again later."""
    with transaction(run.org_id):
        later = actions.judge_when_closed(run.actor, vote_id, now=run.now())
    return later or True
