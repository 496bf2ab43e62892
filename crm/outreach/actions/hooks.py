"""Verbs of webhooks: store as it came, then act on it; the same one twice is once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from crm.infra.auth import Actor
from crm.infra.bulk import insert_new_rows
from crm.infra.db import hold, new_id, session
from crm.infra.jobs import enqueue
from crm.outreach.actions.outbox import apply_statuses
from crm.outreach.actions.receive import receive_text
from crm.outreach.models import RawHook
from crm.outreach.providers import Inbound, Status

KEPT = timedelta(days=30)  # that a call was handled is remembered, so that its repetition is none
AT_ONCE, TEXTS_AT_ONCE = 200, 20
SOON = timedelta(seconds=1)
TURN = 0x7E875  # tells this lock from others of the organization
JOBS: dict[type, str] = {Inbound: "outreach.replies", Status: "outreach.statuses"}


Came = tuple[int, Inbound | Status]
"""The organization that a call is for, and what it says."""


def store_hook(org_id: int, came: Inbound | Status, *, now: datetime) -> int | None:
    """Keeps a webhook before anything acts on it and returns its id; None when the same one was handled before."""
    return store_hooks([(org_id, came)], now=now)[0]


def store_hooks(calls: Sequence[Came], *, now: datetime) -> list[int | None]:
    """The same of several, in one statement."""
    rows = [_row(org_id, came, now) for org_id, came in calls]
    kept = insert_new_rows(RawHook, rows)
    return [row["id"] if row["id"] in kept else _there(row) for row in rows]


def _row(org_id: int, came: Inbound | Status, now: datetime) -> dict[str, Any]:
    kind, status = ("inbound", "") if isinstance(came, Inbound) else ("status", came.status)
    return {"id": new_id(), "kind": kind, "sid": came.sid, "status": status, "org_id": org_id, "fields": dict(came.__dict__), "received_at": now}


def _there(row: dict[str, Any]) -> int | None:
    same = (RawHook.kind == row["kind"]) & (RawHook.sid == row["sid"]) & (RawHook.status == row["status"])
    return session().scalar(select(RawHook.id).where(same, RawHook.handled_at.is_(None)))


def store_to_act(calls: Sequence[Came], *, now: datetime) -> list[int | None]:
    """Keeps webhooks, and sees to it that a job acts on them together with those that come in the same second."""
    ids, second = store_hooks(calls, now=now), int(now.timestamp())
    for org_id, job in {(org_id, JOBS[type(came)]) for (org_id, came), id in zip(calls, ids, strict=True) if id is not None}:
        enqueue(org_id, job, {}, now=now, key=f"{job}:{org_id}:{second}", not_before=now + SOON)
    return ids


def handle_hook(actor: Actor, hook_id: int, *, now: datetime) -> None:
    """Acts on a stored webhook, once; what it held is then forgotten: texts and statuses have their own places."""
    hook = session().scalar(select(RawHook).where(RawHook.id == hook_id, RawHook.org_id == actor.org_id, RawHook.handled_at.is_(None)).with_for_update())
    if hook is None:
        return
    if hook.kind == "inbound":
        receive_text(Inbound(**hook.fields), now=now)
    else:
        apply_statuses(actor, [Status(**hook.fields)], now=now)
    hook.fields, hook.handled_at = {}, now
    session().flush()


def handle_with_earlier(actor: Actor, hook_id: int, *, now: datetime) -> None:
    """Acts on a text at once, after those of the same phone that came before it and still wait: its owner's last word stands."""
    _in_turn(actor)
    mine = session().get(RawHook, hook_id)
    if mine is None or mine.handled_at is not None:
        return
    of_the_phone = RawHook.fields["phone"].as_string() == mine.fields.get("phone")
    waiting = select(RawHook.id).where(*_waiting(actor, "inbound"), of_the_phone, RawHook.received_at <= mine.received_at, RawHook.id != hook_id)
    for id in [*session().scalars(waiting.order_by(RawHook.received_at, RawHook.id)).all(), hook_id]:
        handle_hook(actor, id, now=now)


def handle_texts(actor: Actor, *, now: datetime) -> int:
    """Acts on the organization's oldest texts in, in the order in which they came, as many as a short transaction carries."""
    _in_turn(actor)
    found = session().scalars(select(RawHook.id).where(*_waiting(actor, "inbound")).order_by(RawHook.received_at, RawHook.id).limit(TEXTS_AT_ONCE)).all()
    for id in found:
        handle_hook(actor, id, now=now)
    return len(found)


def waiting_texts(actor: Actor) -> list[int]:
    """Texts in that nobody has acted on, in their order."""
    return list(session().scalars(select(RawHook.id).where(*_waiting(actor, "inbound")).order_by(RawHook.received_at, RawHook.id).limit(AT_ONCE)))


def _waiting(actor: Actor, kind: str) -> tuple[Any, ...]:
    return RawHook.org_id == actor.org_id, RawHook.kind == kind, RawHook.handled_at.is_(None)


def _in_turn(actor: Actor) -> None:
    """An organization's texts in are acted on one after the other, whichever process does it."""
    hold(actor.org_id ^ TURN)


def handle_statuses(actor: Actor, *, now: datetime) -> int:
    """Acts on the organization's oldest statuses, as many as a short transaction carries; how many there were."""
    oldest = select(RawHook).where(*_waiting(actor, "status")).order_by(RawHook.received_at, RawHook.id).limit(AT_ONCE)
    found = session().scalars(oldest.with_for_update(skip_locked=True)).all()
    apply_statuses(actor, [Status(**hook.fields) for hook in found], now=now)
    done = update(RawHook).where(RawHook.id.in_([hook.id for hook in found])).values(fields={}, handled_at=now)
    session().execute(done.execution_options(synchronize_session=False))
    return len(found)


def forget_hooks(*, now: datetime) -> int:
    """Handled webhooks whose repetition nobody expects any more go, some at a time."""
    old = session().scalars(select(RawHook.id).where(RawHook.handled_at < now - KEPT).limit(1000)).all()
    if old:
        session().execute(delete(RawHook).where(RawHook.id.in_(old)).execution_options(synchronize_session=False))
    return len(old)
