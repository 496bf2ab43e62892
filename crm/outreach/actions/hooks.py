"""Verbs of webhooks: store as it came, then act on it; the same one twice is once."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.outreach.actions.outbox import apply_status
from crm.outreach.actions.receive import receive_text
from crm.outreach.models import RawHook
from crm.outreach.providers import Inbound, Status


def store_hook(org_id: int, came: Inbound | Status, *, now: datetime) -> int | None:
    """Keeps a webhook before anything acts on it and returns its id; None when the same one was handled before."""
    kind, status = ("inbound", "") if isinstance(came, Inbound) else ("status", came.status)
    there = session().scalar(select(RawHook).where(RawHook.kind == kind, RawHook.sid == came.sid, RawHook.status == status))
    if there is not None:
        return there.id if there.handled_at is None else None
    hook = RawHook(id=new_id(), kind=kind, sid=came.sid, status=status, org_id=org_id, fields=asdict(came), received_at=now)
    session().add(hook)
    session().flush()
    return hook.id


def handle_hook(actor: Actor, hook_id: int, *, now: datetime) -> None:
    """Acts on a stored webhook, once; what it held is then forgotten: texts and statuses have their own places."""
    hook = session().scalar(select(RawHook).where(RawHook.id == hook_id, RawHook.org_id == actor.org_id, RawHook.handled_at.is_(None)).with_for_update())
    if hook is None:
        return
    if hook.kind == "inbound":
        receive_text(Inbound(**hook.fields), now=now)
    else:
        apply_status(actor, Status(**hook.fields), now=now)
    hook.fields, hook.handled_at = {}, now
    session().flush()
