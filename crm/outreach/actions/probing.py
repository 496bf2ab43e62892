"""Probing: texts whose attempt was unclear are looked for at the provider; only what is not there goes again."""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.outreach.actions.claiming import BATCH, messages_of
from crm.outreach.actions.outbox import accept, mark_unclear, patience, record_sent, requeue, settle, text_by_id
from crm.outreach.models import Text
from crm.outreach.providers import Message, Unsure
from crm.outreach.queries.facts import facts_of
from crm.outreach.queries.phones import sender_of
from crm.outreach.rules.outbox import after_probe


def lost_texts(now: datetime) -> ColumnElement[bool]:
    """Claimed texts whose lease is over: their worker is gone."""
    return (Text.state == "claimed") & (Text.lease_until < now)


def any_lost(*, now: datetime) -> bool:
    """Whether some worker is gone; a read."""
    return session().scalar(select(Text.id).where(lost_texts(now)).limit(1)) is not None


def mark_lost(actor: Actor, *, now: datetime) -> int:
    """Texts whose worker is gone: it may have called the provider, so they are unclear until looked for.

    The try does not count towards the five: of a batch whose worker died most were never called.
    """
    lost = session().scalars(select(Text).where(lost_texts(now)).limit(500).with_for_update(skip_locked=True)).all()
    for text in lost:
        mark_unclear(text, now)
        text.slowdowns += 1
    session().flush()
    return len(lost)


def unclear_texts(actor: Actor, *, now: datetime, limit: int = BATCH) -> list[Message]:
    """Unclear texts that are due to be looked for, as the messages that were sent; a read."""
    texts = list(session().scalars(select(Text).where(Text.state == "unknown", Text.not_before_at <= now).order_by(Text.not_before_at).limit(limit)))
    sender = sender_of(actor)
    return messages_of(actor, texts, sender, facts_of(actor, texts, sender, now) if texts else {}, now)


def record_probe(actor: Actor, message: Message, found: str | None | Unsure, *, now: datetime) -> None:
    """Writes down whether an unclear attempt was found at the provider; only one that was not is tried again."""
    text = text_by_id(message.text_id)
    if text is None or text.state != "unknown" or text.attempts != message.attempt:
        return
    text.probes += 1
    if isinstance(found, str):
        if accept(text, found, "accepted", now):
            session().flush()
            record_sent(actor, [text], now)
        return
    is_there = None if isinstance(found, Unsure) else False
    state, again_at = after_probe(is_there, text.probes, text.attempts - text.slowdowns, text.claimed_at, now, patience())
    if state == "queued":
        requeue(text, now, is_over=False)
    elif state == "failed":
        settle(text, "failed", now)
    else:
        text.not_before_at = again_at
    session().flush()
