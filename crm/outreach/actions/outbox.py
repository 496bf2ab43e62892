"""Verbs of the outbox: record what the provider said and move on with callbacks; each is one short transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.runtime import settings
from crm.outreach.actions.effects import apply_effect
from crm.outreach.models import Text
from crm.outreach.providers import Accepted, Answer, Message, Rejected, SlowDown, Status, read_status_key
from crm.outreach.rules.outbox import back_off, effect_of, next_by_callback
from crm.outreach.rules.templates import LINK


def patience() -> timedelta:
    """How long to wait before looking for an unclear attempt at the provider."""
    return timedelta(seconds=settings().lease_seconds)


def release_texts(actor: Actor, messages: Iterable[Message], *, now: datetime) -> None:
    """Gives back texts that were claimed and for which the provider was certainly not called."""
    for text, message in _texts_of(messages):
        if text.state == "claimed" and text.attempts == message.attempt:
            requeue(text, now, is_over=True)
            text.slowdowns += 1
    session().flush()


def record_answers(actor: Actor, answers: Sequence[tuple[Message, Answer]], *, now: datetime, jitter: float = 1.0) -> None:
    """Writes down what the provider said to each text of a batch."""
    said = {message.text_id: answer for message, answer in answers}
    sent = []
    for text, message in _texts_of(message for message, _ in answers):
        answer = said[text.id]
        if isinstance(answer, Accepted):
            if accept(text, answer.sid, answer.status, now):
                sent.append(text)
        elif text.attempts != message.attempt or text.state not in ("claimed", "unknown"):
            continue  # a callback or another worker knows more
        elif isinstance(answer, Rejected):
            reject(actor, text, answer.code, now)
        elif isinstance(answer, SlowDown):
            text.slowdowns += 1
            requeue(text, now + back_off(text.slowdowns, jitter), is_over=True)
        else:
            mark_unclear(text, now)
    session().flush()
    record_sent(actor, sent, now)


def apply_status(actor: Actor, status: Status, *, now: datetime) -> bool:
    """Moves a text forward by what the network says, in any order, with repeats. False if nothing changed."""
    key = read_status_key(status.key)
    text = text_by_id(key[1]) if key and key[0] == actor.org_id else None
    if text is None or key[2] <= text.closed_attempts:
        return False
    before = (text.state, text.provider_status)
    state, word = next_by_callback(*before, status.status)
    if (state, word) == before:
        return False
    was_open = text.state in ("queued", "claimed", "unknown")
    text.provider_status, text.provider_sid = word, text.provider_sid or status.sid
    if state == "failed":
        reject(actor, text, status.code or 0, now)
    else:
        settle(text, state, now)
    session().flush()
    if was_open and state != "failed":
        record_sent(actor, [text], now)
    return True


def record_sent(actor: Actor, texts: Iterable[Text], now: datetime) -> None:
    """The timeline's line for each text that has left; links are not kept."""
    audit.record_many(
        actor,
        "text.sent",
        [{"person_id": text.person_id, "after": {"body": LINK.sub("…", text.body)}} for text in texts if text.person_id],
        now=now,
    )


def _texts_of(messages: Iterable[Message]) -> list[tuple[Text, Message]]:
    by_id = {message.text_id: message for message in messages}
    held = session().scalars(select(Text).where(Text.id.in_(by_id)).with_for_update().execution_options(populate_existing=True))
    return [(text, by_id[text.id]) for text in held]


def text_by_id(text_id: int) -> Text | None:
    """The outgoing text, locked."""
    return session().scalar(select(Text).where(Text.id == text_id, Text.direction == "out").with_for_update().execution_options(populate_existing=True))


def accept(text: Text, sid: str, status: str, now: datetime) -> bool:
    """Takes note that the text has left; True if that is news."""
    if text.provider_sid is None:
        text.provider_sid = sid
    if text.state not in ("queued", "claimed", "unknown"):
        return False
    state, text.provider_status = next_by_callback(text.state, text.provider_status, status)
    settle(text, state if state in ("accepted", "delivered") else "accepted", now)
    return True


def reject(actor: Actor, text: Text, code: int, now: datetime) -> None:
    """An error code: final or not, and what else it asks for."""
    effect = effect_of(code, text.attempts - text.slowdowns)
    text.error_code = code or None
    if effect.state == "queued":
        requeue(text, apply_effect(actor, text, effect, now), is_over=True)
    else:
        settle(text, "failed", now)
        apply_effect(actor, text, effect, now)


def mark_unclear(text: Text, now: datetime) -> None:
    """It may have left: it is looked for before anything else."""
    text.state, text.lease_until, text.probes = "unknown", None, 0
    text.not_before_at = now + patience()


def requeue(text: Text, at: datetime, *, is_over: bool) -> None:
    """Back to the queue; `is_over` when the last attempt is certainly over and its late callbacks mean nothing."""
    text.state, text.lease_until, text.not_before_at = "queued", None, at
    if is_over:
        text.closed_attempts, text.provider_sid, text.provider_status = text.attempts, None, None


def settle(text: Text, state: str, now: datetime) -> None:
    """The text is in a state that it keeps until the network says more."""
    text.state, text.lease_until, text.settled_at = state, None, now
