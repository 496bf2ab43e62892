"""How texting stands: workers, the queue, texts that hang, what came last. Counts only; of others, nothing but how much waits."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.jobs import JobState
from crm.infra.workers import Worker, workers
from crm.outreach.models import RawHook, Text
from crm.outreach.providers import provider
from crm.outreach.queries.phones import due_texts, sender_of
from crm.outreach.rules.operations import Operations


def operations(actor: Actor, now: datetime) -> tuple[Operations, list[Worker]]:
    """The facts, and the workers that are alive."""
    alive = workers(now)
    due = session().execute(select(func.count(), func.min(JobState.not_before)).where(JobState.state == "due", JobState.not_before <= now)).one()
    failed = (JobState.org_id == actor.org_id) & (JobState.state == "failed") & (JobState.finished_at > now - timedelta(days=1))
    unclear = _of_texts(Text.state == "unknown", func.min(Text.claimed_at))
    waiting = session().execute(
        select(func.count(), func.min(RawHook.received_at)).where(RawHook.org_id == actor.org_id, RawHook.handled_at.is_(None))).one()
    sender = sender_of(actor)
    return Operations(
        workers=len(alive), threads=sum(one.threads for one in alive), jobs_due=due[0], oldest_job=due[1],
        failed_jobs=session().scalar(select(func.count()).select_from(JobState).where(failed)) or 0,
        texts_due=_of_texts(due_texts(now))[0], lost=_of_texts((Text.state == "claimed") & (Text.lease_until < now))[0],
        unclear=unclear[0], oldest_unclear=unclear[1], hooks_waiting=waiting[0], oldest_hook=waiting[1],
        last_hook=session().scalar(select(func.max(RawHook.received_at)).where(RawHook.org_id == actor.org_id)),
        polled_at=sender.polled_at if sender else None, held_until=sender.held_until if sender else None, held_code=sender.held_code if sender else None,
        conflicts=_of_texts(Text.conflicts > 0, since=now - timedelta(days=7))[0], is_real=bool(sender) and provider().name != "simulator",
    ), alive


def _of_texts(where, *more, since: datetime | None = None) -> tuple:
    query = select(func.count(), *more).select_from(Text).where(where)
    return tuple(session().execute(query.where(Text.claimed_at > since) if since else query).one())
