"""Outreach's jobs: sending what is queued, and a sweeper that finds whatever got stuck.

A step claims a batch in one short transaction, calls the provider outside any, and records the answers in another. The
stop flag is looked at before every wave of calls; a batch that has lasted too long gives back what was not called, so
that a frozen worker never sends after its lease.
"""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from crm.infra.auth import Actor
from crm.infra.db import reading, transaction
from crm.infra.jobs import PERIODIC, STOPPERS, JobState, Run, enqueue, job
from crm.infra.runtime import settings
from crm.outreach.actions import broadcasts, claiming, hooks, outbox, probing
from crm.outreach.models import Broadcast, RawHook, Sender
from crm.outreach.providers import Accepted, Answer, Message, SlowDown, provider
from crm.outreach.queries.broadcasts import plan_of, progress_of
from crm.outreach.queries.phones import has_stuck

Answers = list[tuple[Message, Answer]]
POLL_EVERY = timedelta(minutes=15)


@job("outreach.send")
def send(run: Run, *, broadcast_id: int | None = None) -> bool | datetime:
    """One step: freeze if that is not done, look for unclear texts, then claim, call and record one batch."""
    if broadcast_id and not _freeze(run, broadcast_id):
        return False
    with transaction(run.org_id):
        probing.mark_lost(run.actor, now=run.now())
    probe(run)
    with transaction(run.org_id):
        messages, was_due = claiming.claim_texts(run.actor, broadcast_id, now=run.now())
    answers, is_slow = call(run, messages)
    record(run, answers)
    if len(answers) < len(messages):
        called = {message.text_id for message, _ in answers}
        with transaction(run.org_id):
            outbox.release_texts(run.actor, [m for m in messages if m.text_id not in called], now=run.now())
    if is_slow:
        return run.now() + timedelta(seconds=2 + 3 * random.random())
    return _rest(run, broadcast_id, was_due)


def _freeze(run: Run, broadcast_id: int) -> bool:
    with reading(run.org_id) as s:
        broadcast = s.scalar(select(Broadcast).where(Broadcast.id == broadcast_id))
        plan = plan_of(run.actor, broadcast, run.now()) if broadcast and broadcast.state == "freezing" else None
    if plan is None:
        return True
    while not run.stopped:
        with transaction(run.org_id):
            if broadcasts.freeze_slice(run.actor, broadcast_id, plan, now=run.now()):
                return True
        run.progress(0, plan.count)
    return False


def call(run: Run, messages: list[Message]) -> tuple[Answers, bool]:
    """Calls the provider, a wave at a time, until done, stopped, told to slow down, or too late; nothing is locked."""
    network, began, limit = provider(), time.monotonic(), settings().lease_seconds * 2 / 3
    answers: Answers = []
    with ThreadPoolExecutor(network.lanes) as pool:
        for start in range(0, len(messages), network.lanes):
            if time.monotonic() - began > limit or run.stopped:
                break
            wave = messages[start : start + network.lanes]
            said = list(pool.map(network.send, wave)) if network.lanes > 1 else [network.send(wave[0])]
            answers += zip(wave, said, strict=True)
            if any(isinstance(answer, SlowDown) for answer in said):
                return answers, True
    return answers, False


def record(run: Run, answers: Answers) -> None:
    """Writes the answers down, and takes in what the transport reports by itself."""
    if not answers:
        return
    with transaction(run.org_id):
        outbox.record_answers(run.actor, answers, now=run.now(), jitter=random.random())
    take_news(run, [answer.sid for _, answer in answers if isinstance(answer, Accepted)])


def take_news(run: Run, sids: list[str]) -> None:
    """Statuses that the transport reports by itself."""
    news = provider().news(sids) if sids else []
    if news:
        with transaction(run.org_id):
            for status in news:
                outbox.apply_status(run.actor, status, now=run.now())


def probe(run: Run) -> None:
    """Looks at the provider for texts whose attempt was unclear; only what is certainly not there is tried again."""
    with reading(run.org_id):
        unclear = probing.unclear_texts(run.actor, now=run.now())
    for message in unclear:
        found = provider().find(message)
        with transaction(run.org_id):
            probing.record_probe(run.actor, message, found, now=run.now())
        take_news(run, [found] if isinstance(found, str) else [])


def _rest(run: Run, broadcast_id: int | None, was_due: bool) -> bool | datetime:
    """Says how far it is: again at once while texts are due, later while some wait, else done."""
    with transaction(run.org_id):
        if not was_due:
            broadcasts.finish_broadcasts(run.actor)
        again_at = broadcasts.next_due(broadcast_id) if broadcast_id else None
        done, total = progress_of(broadcast_id) if broadcast_id else (0, 0)
    run.progress(done, total)
    if was_due:
        return False
    return max(again_at, run.now() + timedelta(seconds=1)) if again_at else True


@job("outreach.poll")
def poll(run: Run, *, sender_id: int) -> bool:
    """Texts that came while we were away, STOP among them: the provider does not repeat a missed webhook."""
    with reading(run.org_id) as s:
        sender = s.get_one(Sender, sender_id)
        last = s.scalar(select(func.max(RawHook.received_at)).where(RawHook.org_id == run.org_id, RawHook.kind == "inbound"))
        number = sender.number
    if not number:
        return True
    since = min(last or run.now(), run.now() - POLL_EVERY) - POLL_EVERY
    for came in provider().came_since(run.org_id, sender_id, number, since):
        with transaction(run.org_id, durable=True):
            hook_id = hooks.store_hook(run.org_id, came, now=run.now())
            if hook_id is not None:
                hooks.handle_hook(run.actor, hook_id, now=run.now())
    return True


def sweep(now: datetime) -> None:
    """Every minute: texts that are due, lost or unclear get a job; webhooks left over are handled."""
    with reading() as s:
        senders = s.execute(select(Sender.org_id, Sender.id)).all()
        left_over = s.execute(
            select(RawHook.id, RawHook.org_id).where(RawHook.handled_at.is_(None), RawHook.received_at < now - timedelta(seconds=30)).limit(200)
        ).all()
    for org_id, sender_id in senders:
        with reading(org_id):
            is_stuck = has_stuck(now)
        _poll_if_due(org_id, sender_id, now)
        if is_stuck:
            with transaction(org_id):
                enqueue(org_id, "outreach.send", {}, now=now, key=f"outreach.sweep:{org_id}:{now:%Y%m%d%H%M}")
    for hook_id, org_id in left_over:
        with transaction(org_id, durable=True):
            hooks.handle_hook(Actor.system(org_id), hook_id, now=now)


def _poll_if_due(org_id: int, sender_id: int, now: datetime) -> None:
    """Once in every quarter of an hour, the first time soon after a start."""
    key = f"outreach.poll:{org_id}:{int(now.timestamp() // POLL_EVERY.total_seconds())}"
    with reading(org_id) as s:
        is_done = provider().name == "simulator" or s.scalar(select(JobState.id).where(JobState.key == key))
    if not is_done:
        with transaction(org_id):
            enqueue(org_id, "outreach.poll", {"sender_id": sender_id}, now=now, key=key)


def _stop(actor: Actor, arguments: dict[str, Any], now: datetime) -> None:
    """A broadcast's job is stopped where the broadcast is; the sweeper's has nothing of its own to stop."""
    if broadcast_id := arguments.get("broadcast_id"):
        broadcasts.stop_broadcast(actor, broadcast_id, now=now)


PERIODIC.append(sweep)
STOPPERS["outreach.send"] = _stop
