"""The demonstration's phones and clock: a member writes, a night passes."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crm.accounts.models import SignIn
from crm.infra.auth import Actor
from crm.infra.clock import move_demo_clock
from crm.infra.db import session
from crm.kernel.phone import read_phone
from crm.kernel.refusal import N_, Reason, Refused
from crm.outreach.actions.hooks import handle_hook, store_hook
from crm.outreach.actions.texts import ensure_sender
from crm.outreach.providers import Inbound
from crm.outreach.providers.simulator import write_from_phone
from crm.outreach.rules.replies.words import legible


def write_text(actor: Actor, phone: str, body: str, *, now: datetime) -> str:
    """A member writes: the text goes the way of a webhook, stored as it came and then acted on. Returns the phone."""
    number = read_phone(phone)
    if isinstance(number, Reason):
        raise Refused(Reason(number.text, number.params, "phone"))
    if not body.strip():
        raise Refused(Reason(N_("Write something first."), field="body"))
    body = legible(body)
    sender = ensure_sender(actor, now=now)
    sid = write_from_phone(number, sender.number or "", body, now=now)
    hook_id = store_hook(actor.org_id, Inbound(actor.org_id, sender.id, sid, number, sender.number or "", body), now=now)
    handle_hook(Actor.system(actor.org_id), hook_id, now=now)
    return number


def move_clock(actor: Actor, to: str, *, now: datetime) -> datetime:
    """Lets the demonstration's time pass: to the next morning at nine, or by a day."""
    local = now.astimezone(ZoneInfo(actor.time_zone))
    morning = local.replace(hour=9, minute=0, second=0, microsecond=0)
    moments = {"morning": morning if local < morning else morning + timedelta(days=1), "day": local + timedelta(days=1)}
    if to not in moments:
        raise Refused(N_("Choose the next morning or the next day."))
    move_demo_clock(moments[to])
    for sign_in in session().scalars(select(SignIn)):  # a night that was skipped signs nobody out
        sign_in.started_at += moments[to] - now
        sign_in.seen_at += moments[to] - now
    return moments[to]
