"""Whether texts leave and arrive as they should, from a few facts; and, where not, what is wrong and what to do, in plain words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.kernel.refusal import N_, Reason

LATE_JOB = timedelta(minutes=3)  # the minute's tick has come and gone
LONG_UNCLEAR = timedelta(minutes=10)
LATE_HOOK = timedelta(minutes=2)
LATE_POLL = timedelta(minutes=40)


@dataclass(frozen=True)
class Operations:
    """What can be seen of one organization's texting and of the workers it shares."""

    workers: int
    threads: int
    jobs_due: int  # of all organizations: they wait in one queue
    oldest_job: datetime | None
    failed_jobs: int  # of this organization, in the last day
    texts_due: int
    lost: int  # claimed by a worker that is gone
    unclear: int
    oldest_unclear: datetime | None
    hooks_waiting: int
    oldest_hook: datetime | None
    last_hook: datetime | None
    polled_at: datetime | None
    held_until: datetime | None
    held_code: int | None
    conflicts: int
    is_real: bool  # texts go to real phones


def problems(now: datetime, seen: Operations) -> list[tuple[Reason, str]]:
    """(what is wrong, what to do) for everything that is; empty when all is well."""
    found = []
    if not seen.workers:
        found.append((Reason(N_("No worker is alive: nothing leaves, and imports and exports wait.")),
                      N_("Start the program again, or “plenary worker” beside the web process. Nothing is lost meanwhile.")))
    elif seen.oldest_job and now - seen.oldest_job > LATE_JOB:
        found.append((Reason(N_("Work has been waiting for %(minutes)s minutes."), {"minutes": _minutes(now, seen.oldest_job)}),
                      N_("Start more workers: “plenary worker”, on this or another machine.")))
    if seen.failed_jobs:
        found.append((Reason(N_("Work of the last day failed %(times)s times and was given up."), {"times": seen.failed_jobs}),
                      N_("Ask whoever runs this server to look into its log.")))
    if seen.oldest_unclear and now - seen.oldest_unclear > LONG_UNCLEAR:
        found.append((Reason(N_("For %(texts)s texts it is unclear whether they left, the oldest for %(minutes)s minutes."),
                             {"texts": seen.unclear, "minutes": _minutes(now, seen.oldest_unclear)}),
                      N_("They are looked for at the phone network before anything is sent again. If it does not answer, look at its status page.")))
    if seen.oldest_hook and now - seen.oldest_hook > LATE_HOOK:
        found.append((Reason(N_("%(calls)s reports of the phone network are kept and not acted on yet."), {"calls": seen.hooks_waiting}),
                      N_("Start more workers: “plenary worker”, on this or another machine.")))
    if seen.is_real and seen.workers and (seen.polled_at is None or now - seen.polled_at > LATE_POLL):
        found.append((Reason(N_("For more than half an hour nobody could ask the phone network for missed replies.")),
                      N_("Ask whoever runs this server to run “plenary twilio check”.")))
    if seen.held_until and seen.held_until > now:
        found.append((Reason(N_("The phone network takes no more texts from us for now (code %(code)s)."), {"code": seen.held_code or 0}),
                      N_("They leave by themselves when it does.")))
    return found


def _minutes(now: datetime, since: datetime) -> int:
    return int((now - since).total_seconds() // 60)
