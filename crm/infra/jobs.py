"""Long work as rows: what must be done is written in the transaction that decided it; the queue only pokes.

A job is a loop of steps. Each step opens its own short transactions, reports progress and is repeatable; between steps
the runner renews the lease and looks at the stop flag. A job whose process was killed is taken up again when its lease
ends. Lost or doubled pokes cost nothing.
"""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, case, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra import clock
from crm.infra.auth import Actor
from crm.infra.db import Directory, close_session, know_sizes, new_id, reading, session, transaction
from crm.infra.runtime import settings
from crm.kernel.refusal import Missing

log = logging.getLogger("plenary.jobs")
STEPS: dict[str, Callable[..., Any]] = {}
STOPPERS: dict[str, Callable[[Actor, dict[str, Any], datetime], None]] = {}
"""Kind of job → what stopping one means, where it is more than the job's own flag (given the job's arguments)."""
PERIODIC: list[Callable[[datetime], None]] = []
"""Called about once a minute by one worker: each enqueues what is due, by unique keys."""
STARTING: list[Callable[[datetime], None]] = []
"""Called once by every process that begins to take jobs."""
on_enqueue: Callable[[], None] = lambda: None  # noqa: E731 - the queue's poke, set when a queue is connected
on_later: Callable[[float], None] = lambda _seconds: None  # noqa: E731 - a poke after so many seconds


class Job(Directory):
    """One long work of one organization."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("state in ('due','running','done','stopped','failed')", name="state"),
        Index("ix_jobs_due", "state", "not_before"),
    )
    id: Mapped[int] = mapped_column(primary_key=True, default=new_id, autoincrement=False)
    org_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    kind: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="due")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    is_stop_asked: Mapped[bool] = mapped_column(default=False)
    not_before: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(500))


JobState = Job


@dataclass
class Run:
    """What a step is given: whose job, the time, and a place to report progress."""

    job_id: int
    org_id: int

    @property
    def actor(self) -> Actor:
        return Actor.system(self.org_id)

    def now(self) -> datetime:
        return clock.now()

    @property
    def stopped(self) -> bool:
        """Whether someone pressed stop; steps that loop look at it between provider calls."""
        with reading(self.org_id) as s:
            return bool(s.scalar(select(Job.is_stop_asked).where(Job.id == self.job_id)))

    def progress(self, done: int, total: int | None = None) -> None:
        """Writes how far the job is, and renews its lease; a short transaction of its own."""
        with transaction(self.org_id) as s:
            values: dict[str, Any] = {"done": done, "lease_until": clock.now() + timedelta(seconds=settings().lease_seconds)}
            if total is not None:
                values["total"] = total
            s.execute(update(Job).where(Job.id == self.job_id).values(**values))


def job(kind: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Registers a step function: called until it returns True (done); False means again; a datetime means not before."""

    def register(step: Callable[..., Any]) -> Callable[..., Any]:
        STEPS[kind] = step
        return step

    return register


def enqueue(
    org_id: int, kind: str, arguments: dict[str, Any], *, now: datetime, key: str | None = None, total: int = 0,
    not_before: datetime | None = None,
) -> int:
    """Writes a job in the caller's transaction and returns its id; the same key again returns the job that is there."""
    if kind not in STEPS:
        raise KeyError(kind)
    if key is not None:
        there = session().scalar(select(Job.id).where(Job.key == key))
        if there is not None:
            return there
    row = Job(id=new_id(), org_id=org_id, kind=kind, arguments=arguments, key=key, total=total, not_before=not_before or now, created_at=now)
    session().add(row)
    session().flush()
    session().info["poke"] = True
    if 0 < (seconds := (row.not_before - now).total_seconds()) < 60:
        session().info["poke_in"] = seconds
    return row.id


def job_for(actor: Actor, job_id: int) -> Job:
    """The actor's organization's job, or Missing."""
    found = session().scalar(select(Job).where(Job.id == job_id, Job.org_id == actor.org_id))
    if found is None:
        raise Missing()
    return found


def ask_to_stop(actor: Actor, job_id: int) -> None:
    """Raises the job's flag: it ends between two steps."""
    job_for(actor, job_id).is_stop_asked = True
    session().flush()


def stop_job(actor: Actor, job_id: int, *, now: datetime) -> None:
    """Somebody pressed stop: what the job is for stops, by its room's own verb where there is one."""
    row = job_for(actor, job_id)
    stop = STOPPERS.get(row.kind, lambda actor, _arguments, now: ask_to_stop(actor, job_id))
    if row.finished_at is None:
        stop(actor, row.arguments, now)


def claim(now: datetime, only: int | None = None) -> tuple[int, int, str, dict[str, Any], bool] | None:
    """Takes one due job, or only that one, under a lease: (id, org, kind, arguments, stop asked), or None."""
    with transaction() as s:
        working = dict(s.execute(select(Job.org_id, func.count()).where(Job.state == "running", Job.lease_until >= now).group_by(Job.org_id)).all())
        turn = [case(working, value=Job.org_id, else_=0)] if working else []  # whoever has the fewest jobs running, so that one does not hold all
        due = s.scalar(
            select(Job.id).where(
                or_((Job.state == "due") & (Job.not_before <= now), (Job.state == "running") & (Job.lease_until < now)),
                *([Job.id == only] if only else []),
            ).order_by(*turn, Job.not_before, Job.id).limit(1).with_for_update(skip_locked=True)
        )
        if due is None:
            return None
        row = s.get_one(Job, due)
        row.state, row.attempts = "running", row.attempts + 1
        row.lease_until = now + timedelta(seconds=settings().lease_seconds)
        return row.id, row.org_id, row.kind, row.arguments, row.is_stop_asked


def run_due(limit: int = 1000, only: int | None = None) -> int:
    """Runs due jobs (or only that one) until none is left or `limit` steps were made; returns how many steps ran."""
    steps = 0
    while steps < limit:
        taken = claim(clock.now(), only)
        if taken is None:
            break
        steps += 1
        _step(*taken)
        close_session()
    close_session()
    return steps


def _step(job_id: int, org_id: int, kind: str, arguments: dict[str, Any], is_stop_asked: bool) -> None:
    if is_stop_asked:
        _settle(job_id, org_id, "stopped")
        return
    try:
        outcome = STEPS[kind](Run(job_id, org_id), **arguments)
    except Exception as error:
        session().rollback()
        log.error("job %s of kind %s failed: %s", job_id, kind, type(error).__name__)
        log.debug("%s", traceback.format_exc())
        _fail(job_id, org_id, error)
        return
    if outcome is True:
        _settle(job_id, org_id, "done")
    else:
        _settle(job_id, org_id, "due", not_before=outcome if isinstance(outcome, datetime) else clock.now())


def _settle(job_id: int, org_id: int, state: str, not_before: datetime | None = None, error: str | None = None) -> None:
    values: dict[str, Any] = {"state": state, "lease_until": None, "error": error}
    if not_before:
        values["not_before"] = not_before
    if state == "due" and error is None:
        values["attempts"] = 0
    if state in ("done", "stopped", "failed"):
        values["finished_at"] = clock.now()
    with transaction(org_id) as s:
        s.execute(update(Job).where(Job.id == job_id).values(**values))
    if not_before and 0 < (seconds := (not_before - clock.now()).total_seconds()) < 60:
        poke_later(seconds)


def poke_later(seconds: float) -> None:
    """What is due within the minute does not wait for the tick; a poke that is lost does."""
    try:
        on_later(seconds)
    except Exception as error:
        log.warning("poke failed: %s", type(error).__name__)


def _fail(job_id: int, org_id: int, error: Exception) -> None:
    with reading(org_id) as s:
        attempts = s.scalar(select(Job.attempts).where(Job.id == job_id)) or 0
    what = type(error).__name__  # the message may hold a member's words
    if attempts >= 5:
        _settle(job_id, org_id, "failed", error=what)
    else:
        _settle(job_id, org_id, "due", not_before=clock.now() + timedelta(seconds=2**attempts), error=what)


def tick() -> None:
    """Once a minute: lets every room enqueue what is due by the clock, then runs what is due."""
    if clock.now().minute % 10 == 0:
        know_sizes()
    _each(PERIODIC)
    run_due()


def start() -> None:
    """A process begins to take jobs: what happened while it was away is looked for, and what is due runs."""
    _each(STARTING)
    run_due()


def _each(known: list[Callable[[datetime], None]]) -> None:
    for one in known:
        try:
            one(clock.now())
        except Exception as error:
            log.error("%s failed: %s", getattr(one, "__name__", one), type(error).__name__)
        close_session()
