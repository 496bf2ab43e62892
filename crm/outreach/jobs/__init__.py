"""Outreach's jobs: sending what is queued, and a sweeper that finds whatever got stuck.

A step claims a batch in one short transaction, calls the provider outside any, and records the answers in the transaction that claims
the next. The stop flag and new opt-outs are looked at five times a second while calls go on; a batch that has lasted too long gives
back what was not called, so that a frozen worker never sends after its lease.
"""

import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import close_session, reading, transaction
from crm.infra.jobs import PERIODIC, STARTING, STOPPERS, JobState, Run, enqueue, job
from crm.infra.runtime import settings
from crm.outreach.actions import broadcasts, claiming, drives, hooks, outbox, probing, signing_up
from crm.outreach.jobs.arriving import handle_alone
from crm.outreach.jobs.freezing import freeze
from crm.outreach.jobs.series import send_due
from crm.outreach.models import Drive, RawHook, Sender
from crm.outreach.providers import Accepted, Answer, Message, SlowDown, Unsure, provider
from crm.outreach.queries.broadcasts import progress_of
from crm.outreach.queries.phones import has_stuck, sender_of
from crm.outreach.queries.plans import plan_of

Answers = list[tuple[Message, Answer]]
STEP_SECONDS = 1.0  # then another organization's turn may come
LOOK_EVERY = 0.2
POLL_EVERY = timedelta(minutes=15)
FIRST_LOOK = timedelta(days=1)  # how far back the first poll of a sender looks


_LANES = ThreadPoolExecutor(64, thread_name_prefix="lane")  # starts a thread only when one is needed


@job("outreach.send")
def send(run: Run, *, broadcast_id: int | None = None) -> bool | datetime:
    """One step of about a second: freeze if that is not done, look for unclear texts, then claim, call and record batch after batch."""
    if broadcast_id and not freeze(run, broadcast_id):
        return False
    probe(run)
    until, is_slow = time.monotonic() + STEP_SECONDS, False
    messages, is_due = exchange(run, broadcast_id)
    called, answers = messages[:0], Answers()
    while is_due:
        calls, goes_on = Calls(messages), time.monotonic() < until
        following, is_due = exchange(run, broadcast_id, called, answers, claims=goes_on)  # while the network answers
        called, (answers, is_slow) = messages, calls.watch(run)
        if is_slow or not goes_on or len(answers) < len(called):
            called, is_due = [*called, *following], True  # what was taken meanwhile goes back
            break
        messages = following
    exchange(run, broadcast_id, called, answers, claims=False)
    if is_slow:
        return run.now() + timedelta(seconds=2 + 3 * random.random())
    return _rest(run, broadcast_id, is_due)


def exchange(
    run: Run, broadcast_id: int | None, called: Sequence[Message] = (), answers: Sequence[tuple[Message, Answer]] = (), *, claims: bool = True
) -> tuple[list[Message], bool]:
    """In one short transaction: writes down what was answered, gives back what was not called, and takes the next batch.

    The commit is synced before the first call: a database that dies and forgets a claim would let the text go twice.
    """
    said = {message.text_id for message, _ in answers}
    taken: tuple[list[Message], bool] = ([], False)
    leave_by = time.monotonic() + settings().lease_seconds * 2 / 3  # from before the claim: a process may freeze right after it
    if called or claims:
        with transaction(run.org_id, durable=True):
            if answers:
                outbox.record_answers(run.actor, answers, now=run.now(), jitter=random.random())
            if len(said) < len(called):
                outbox.release_texts(run.actor, [message for message in called if message.text_id not in said], now=run.now())
            if claims:
                taken = claiming.claim_texts(run.actor, broadcast_id, now=run.now())
    take_news(run, [answer.sid for _, answer in answers if isinstance(answer, Accepted)])
    return [replace(message, leave_by=leave_by) for message in taken[0]], taken[1]


class Calls:
    """A batch on its way through the provider's lanes: until done, stopped, told to slow down, or too late; nothing is locked."""

    def __init__(self, messages: Sequence[Message]):
        self.messages, self.answers, self.over = messages, Answers(), threading.Event()
        self.left, self.turn, self.opted_out = iter(messages), threading.Lock(), set[str]()
        self.network = provider()
        self.lanes = [_LANES.submit(self._lane) for _ in range(min(self.network.lanes, len(messages)))]

    def _lane(self) -> None:
        while not self.over.is_set():
            with self.turn:
                message = next(self.left, None)
            if message is None or time.monotonic() > message.leave_by:
                break
            if message.phone in self.opted_out and not message.is_automatic:
                continue
            answer = self.network.send(message)
            self.answers.append((message, answer))
            if isinstance(answer, SlowDown):
                self.over.set()
        close_session()

    def watch(self, run: Run) -> tuple[Answers, bool]:
        """Waits for the last answer, looking again and again whether somebody pressed stop and who wrote STOP: (answers, slow down)."""
        while wait(self.lanes, LOOK_EVERY).not_done and not self.over.is_set():
            stopped, opted_out = watched(run, self.messages)
            self.opted_out |= opted_out
            if stopped:
                self.over.set()
        for lane in self.lanes:
            lane.result()
        return self.answers, any(isinstance(answer, SlowDown) for _, answer in self.answers)


def watched(run: Run, messages: Sequence[Message]) -> tuple[bool, set[str]]:
    """What may have changed since the claim: (stop was pressed, phones that get nothing more), in one short read.

    Those that opted out; and those whose broadcast was stopped, by whatever job their texts were claimed.
    """
    is_stopped = run.stopped
    with reading(run.org_id):
        halted = claiming.halted([message.text_id for message in messages])
        return is_stopped, claiming.opted_out_of([message.phone for message in messages]) | {m.phone for m in messages if m.text_id in halted}


def take_news(run: Run, sids: list[str]) -> None:
    """Statuses that the transport reports by itself."""
    news = provider().news(sids) if sids else []
    if news:
        with transaction(run.org_id):
            outbox.apply_statuses(run.actor, news, now=run.now())


def probe(run: Run) -> None:
    """Looks at the provider for texts whose attempt was unclear; only what is certainly not there is tried again."""
    with reading(run.org_id):
        lost, unclear = probing.any_lost(now=run.now()), probing.unclear_texts(run.actor, now=run.now())
    if lost:
        with transaction(run.org_id):
            probing.mark_lost(run.actor, now=run.now())
    for message in unclear:
        found = provider().find(message)
        with transaction(run.org_id):
            probing.record_probe(run.actor, message, found, now=run.now())
        take_news(run, [found] if isinstance(found, str) else [])


def _rest(run: Run, broadcast_id: int | None, was_due: bool) -> bool | datetime:
    """Says how far it is: again at once while texts are due, later while some wait, else done.

    While texts are leaving nobody counts all of them after every batch: now and then is enough.
    """
    if was_due and run.now().second % 5:
        return False
    with transaction(run.org_id):
        if not was_due:
            broadcasts.finish_broadcasts(run.actor)
        again_at = broadcasts.next_due(broadcast_id) if broadcast_id and not was_due else None
        done, total = progress_of(broadcast_id) if broadcast_id else (0, 0)
        sender, paced_until = sender_of(run.actor), claiming.paced_until(run.actor, now=run.now())
    run.progress(done, total)
    if was_due or (again_at and paced_until and _waited(run, paced_until)):
        return False
    if again_at and claiming.is_held(sender, run.now()):
        again_at = max(again_at, sender.held_until)
    return max(again_at, paced_until or again_at, run.now() + timedelta(seconds=1)) if again_at else True


def _waited(run: Run, until: datetime) -> bool:
    """The pace lets the next texts go within a second: waiting here keeps it, coming back later would halve it."""
    before = run.now()
    if until - before > timedelta(seconds=1):
        return False
    time.sleep(max((until - before).total_seconds(), 0.01))
    return run.now() > before


@job("outreach.fill_drive")
def fill_drive(run: Run, *, drive_id: int) -> bool:
    """Writes down the people of a large texting drive, a slice a transaction; then it is open."""
    with reading(run.org_id) as s:
        drive = s.scalar(select(Drive).where(Drive.id == drive_id))
        plan = plan_of(run.actor, drive, run.now()) if drive and drive.state == "filling" else None
    while plan and not run.stopped:
        with transaction(run.org_id) as s:
            drive = s.scalar(select(Drive).where(Drive.id == drive_id, Drive.state == "filling").with_for_update().execution_options(populate_existing=True))
            if drive is None or not drives.fill_some(run.actor, drive, plan, now=run.now()):
                break
        run.progress(0, plan.count)
    return True


@job("outreach.take_sign_up")
def take_sign_up(run: Run, *, sign_up_id: int) -> bool:
    """Takes over what somebody typed into the public form."""
    with transaction(run.org_id):
        signing_up.take_sign_up(run.actor, sign_up_id, now=run.now())
    return True


@job("outreach.poll")
def poll(run: Run, *, sender_id: int) -> bool | datetime:
    """Texts that came while we were away, STOP among them: the provider does not repeat a missed webhook."""
    with reading(run.org_id) as s:
        sender = s.get_one(Sender, sender_id)
        number, service, last = sender.number, sender.messaging_service_sid, sender.polled_at
    began = run.now()
    pool = provider().numbers_of(service) if service else []
    numbers = {*(pool if isinstance(pool, list) else []), *([number] if number else [])}
    found = [provider().came_since(run.org_id, sender_id, each, (last or began - FIRST_LOOK) - POLL_EVERY) for each in sorted(numbers)]
    for came in (one for each in found if not isinstance(each, Unsure) for one in each):
        with transaction(run.org_id, durable=True):
            hook_id = hooks.store_hook(run.org_id, came, now=run.now())
            if hook_id is not None:
                hooks.handle_hook(run.actor, hook_id, now=run.now())
    if any(isinstance(each, Unsure) for each in (pool, *found)):
        return run.now() + timedelta(minutes=1)  # what was not seen is looked for again, from where the last good look ended
    with transaction(run.org_id) as s:
        s.get_one(Sender, sender_id).polled_at = began
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
        _poll_if_due(org_id, sender_id, f"{int(now.timestamp() // POLL_EVERY.total_seconds())}", now)
        if is_stuck:
            with transaction(org_id):
                enqueue(org_id, "outreach.send", {}, now=now, key=f"outreach.sweep:{org_id}:{now:%Y%m%d%H%M}")
    for hook_id, org_id in left_over:
        handle_alone(org_id, [hook_id], now)
    with transaction():
        hooks.forget_hooks(now=now)


def poll_at_start(now: datetime) -> None:
    """Nobody was here for a while: what came meanwhile is asked for at once, once for all processes that start together."""
    with reading() as s:
        senders = s.execute(select(Sender.org_id, Sender.id)).all()
    for org_id, sender_id in senders:
        _poll_if_due(org_id, sender_id, f"start-{now:%Y%m%d%H%M}", now)


def _poll_if_due(org_id: int, sender_id: int, when: str, now: datetime) -> None:
    """Once in every quarter of an hour, and after a start."""
    key = f"outreach.poll:{org_id}:{when}"
    with reading(org_id) as s:
        is_done = provider().name == "simulator" or s.scalar(select(JobState.id).where(JobState.key == key))
    if not is_done:
        with transaction(org_id):
            enqueue(org_id, "outreach.poll", {"sender_id": sender_id}, now=now, key=key)


def _stop(actor: Actor, arguments: dict[str, Any], now: datetime) -> None:
    """A broadcast's job is stopped where the broadcast is; the sweeper's has nothing of its own to stop."""
    if broadcast_id := arguments.get("broadcast_id"):
        broadcasts.stop_broadcast(actor, broadcast_id, now=now)


PERIODIC.extend((sweep, send_due))
STARTING.append(poll_at_start)
STOPPERS["outreach.send"] = _stop
