"""Privacy as the queue runs it: what an erasure leaves to be done, and what every night takes out."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from crm.infra.auth import Actor
from crm.infra.clock import now
from crm.infra.db import empty_log, transaction
from crm.infra.jobs import PERIODIC, enqueue, job, run_due
from crm.infra.restoring import erased_before, note_erased
from crm.kernel.refusal import Missing, Refused
from crm.organizations.queries import all_ids, organization_of
from crm.people.actions import erasing, keeping
from crm.people.rules.retention import times_of


@job("people.after_erasure")
def after_erasure(run: Any, *, ids: list[int]) -> bool:
    """Notes beside the database who is gone, so that no backup brings them back, and leaves no trace of them in its log."""
    note_erased(run.org_id, ids)
    empty_log()
    return True


@job("people.keep_times")
def keep_times(run: Any) -> bool:
    """Takes out some of what has been kept long enough, and counts it; again until nothing is left."""
    took = 0
    for what, keepers in keeping.KEEPERS.items():
        with transaction(run.org_id):
            days = times_of(organization_of(run.actor).options).get(what, 0)  # what has a day of its own is asked about today
            if n := sum(keep(run.actor, run.now() - timedelta(days=days), keeping.AT_ONCE) for keep in keepers):
                keeping.note_removed(run.actor, run.job_id, what, n, now=run.now())
                took += n
    return not took


_kept_on: set[str] = set()


def keep_due(at: datetime) -> None:
    """Once a day for every organization, and for what belongs to none."""
    day = f"{at:%Y%m%d}"
    if day not in _kept_on:
        for org_id in all_ids():
            with transaction(org_id):
                enqueue(org_id, "people.keep_times", {}, now=at, key=f"people.keep:{org_id}:{day}")
        for tidy in keeping.TIDIERS:
            while _some_gone(tidy, at):
                pass
        _kept_on.clear()
        _kept_on.add(day)


def _some_gone(tidy: Callable[[datetime, int], int], at: datetime) -> int:
    with transaction():
        return tidy(at, keeping.AT_ONCE)


PERIODIC.append(keep_due)


def erase_again() -> int:
    """After a backup was brought back: whoever was erased since it was made is erased again; how many."""
    again = 0
    for org_id, ids in erased_before():
        with transaction(org_id):
            for person_id in ids:
                with suppress(Missing, Refused):
                    erasing.erase_person(Actor.system(org_id), person_id, now=now())
                    again += 1
    run_due()
    return again
