"""Verbs of the outbox: claim under a lease, record what the provider said, move on with callbacks, probe what is unclear.

Each is one short transaction; the provider is called between them, by the jobs.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.links import expand_links
from crm.infra.runtime import settings
from crm.outreach.actions.effects import apply_effect
from crm.outreach.models import ConsentState, Sender, Text
from crm.outreach.providers import Accepted, Answer, Message, Rejected, SlowDown, Status, Unsure, read_status_key, status_key
from crm.outreach.queries.phones import due_texts, facts_of, sender_of
from crm.outreach.rules.gate import Facts, lasting, validity_for, why_not
from crm.outreach.rules.hours import next_open
from crm.outreach.rules.outbox import after_probe, back_off, effect_of, next_by_callback
from crm.outreach.rules.templates import LINK

BATCH = 24


def lease() -> timedelta:
    """How long a claimed text belongs to its worker: longer than a batch may take, with every call at its time limit."""
    return timedelta(seconds=2 * settings().lease_seconds)


def patience() -> timedelta:
    """How long to wait before looking for an unclear attempt at the provider."""
    return timedelta(seconds=settings().lease_seconds)


def claim_texts(
    actor: Actor, broadcast_id: int | None, *, now: datetime, limit: int = BATCH
) -> tuple[list[Message], bool]:
    """Takes due texts under a lease, asking the gate in this transaction: (those that may leave, whether any was due)."""
    due = select(Text.id).where(due_texts(now))
    if broadcast_id:
        due = due.where(Text.broadcast_id == broadcast_id)
    ids = session().scalars(
        due.order_by(Text.not_before_at, Text.id).limit(limit).with_for_update(skip_locked=True, of=Text)).all()
    taken = list(session().scalars(
        update(Text).where(Text.id.in_(ids), Text.state == "queued").values(
            state="claimed", claimed_at=now, lease_until=now + lease(), attempts=Text.attempts + 1
        ).returning(Text).execution_options(populate_existing=True, synchronize_session=False)
    )) if ids else []
    sender = sender_of(actor)
    facts = _facts_in_turn(actor, taken, sender, now)
    passing = [text for text in taken if _passes(text, facts[text.id], now)]
    session().flush()
    return _messages(actor, passing, sender, facts, now), bool(taken)


def _facts_in_turn(actor: Actor, taken: list[Text], sender: Sender | None, now: datetime) -> dict[int, Facts]:
    """The gate's facts; each phone is locked, so that a STOP and another worker's texts to it come before or after.

    Texts to the same phone in one batch are counted in turn: the daily cap lets the first through.
    """
    if not taken:
        return {}
    phones = {text.phone for text in taken}
    session().execute(
        select(ConsentState.phone).where(ConsentState.phone.in_(phones)).order_by(ConsentState.phone).with_for_update())
    facts = facts_of(actor, taken, sender, now)
    together, turn = Counter(text.phone for text in taken), Counter[str]()
    for text in sorted(taken, key=lambda text: text.id):
        if together[text.phone] > 1:
            ahead = together[text.phone] - 1 - turn[text.phone]
            facts[text.id] = replace(facts[text.id], recent=facts[text.id].recent - ahead)
            turn[text.phone] += 1
    return facts


def _passes(text: Text, facts: Facts, now: datetime) -> bool:
    """Asks the gate; a text that must wait goes back to the queue, one that must not leave is refused."""
    names = why_not(facts, now)
    refusal = lasting(names)
    if refusal:
        _settle(text, "refused", now)
        text.refusal = refusal
        return False
    validity = validity_for(facts, now)
    if names or validity is None:
        # Too few seconds are left of this window: the next one begins after it.
        opens = next_open(facts.zones, now + timedelta(minutes=2))
        _requeue(text, opens or now + timedelta(days=1), is_over=True)
        text.slowdowns += 1
        return False
    return True


def _messages(
    actor: Actor, texts: Sequence[Text], sender: Sender | None, facts: dict[int, Facts], now: datetime
) -> list[Message]:
    if not texts:
        return []
    known: dict[str, set[str]] = {}
    for phone, sid in session().execute(select(Text.phone, Text.provider_sid).where(
        Text.phone.in_([text.phone for text in texts]), Text.provider_sid.is_not(None),
        Text.queued_at > now - timedelta(days=7),
    )):
        known.setdefault(phone, set()).add(sid)
    return [
        Message(
            text_id=text.id, attempt=text.attempts, key=status_key(actor.org_id, text.id, text.attempts),
            phone=text.phone, body=expand_links(text.body), number=sender.number if sender else None,
            messaging_service_sid=sender.messaging_service_sid if sender else None,
            validity=validity_for(facts[text.id], now) or 60, claimed_at=text.claimed_at,
            known_sids=frozenset(known.get(text.phone, ())),
        )
        for text in texts
    ]


def release_texts(actor: Actor, messages: Iterable[Message], *, now: datetime) -> None:
    """Gives back texts that were claimed and for which the provider was certainly not called."""
    for text, message in _texts_of(messages):
        if text.state == "claimed" and text.attempts == message.attempt:
            _requeue(text, now, is_over=True)
            text.slowdowns += 1
    session().flush()


def record_answers(actor: Actor, answers: Sequence[tuple[Message, Answer]], *, now: datetime, jitter: float = 1.0) -> None:
    """Writes down what the provider said to each text of a batch."""
    said = {message.text_id: answer for message, answer in answers}
    sent = []
    for text, message in _texts_of(message for message, _ in answers):
        answer = said[text.id]
        if isinstance(answer, Accepted):
            if _accept(text, answer.sid, answer.status, now):
                sent.append(text)
        elif text.attempts != message.attempt or text.state not in ("claimed", "unknown"):
            continue  # a callback or another worker knows more
        elif isinstance(answer, Rejected):
            _reject(actor, text, answer.code, now)
        elif isinstance(answer, SlowDown):
            text.slowdowns += 1
            _requeue(text, now + back_off(text.slowdowns, jitter), is_over=True)
        else:
            _mark_unclear(text, now)
    session().flush()
    record_sent(actor, sent, now)


def apply_status(actor: Actor, status: Status, *, now: datetime) -> bool:
    """Moves a text forward by what the network says of it; order and repeats do not matter. False if nothing changed."""
    key = read_status_key(status.key)
    text = _text(key[1]) if key and key[0] == actor.org_id else None
    if text is None or key[2] <= text.closed_attempts:
        return False
    before = (text.state, text.provider_status)
    state, word = next_by_callback(*before, status.status)
    if (state, word) == before:
        return False
    was_open = text.state in ("queued", "claimed", "unknown")
    text.provider_status, text.provider_sid = word, text.provider_sid or status.sid
    if state == "failed":
        _reject(actor, text, status.code or 0, now)
    else:
        _settle(text, state, now)
    session().flush()
    if was_open and state != "failed":
        record_sent(actor, [text], now)
    return True


def mark_lost(actor: Actor, *, now: datetime) -> int:
    """Texts whose worker is gone: it may have called the provider, so they are unclear until looked for."""
    lost = session().scalars(
        select(Text).where(Text.state == "claimed", Text.lease_until < now).limit(500).with_for_update(skip_locked=True)
    ).all()
    for text in lost:
        _mark_unclear(text, now)
    session().flush()
    return len(lost)


def unclear_texts(actor: Actor, *, now: datetime, limit: int = BATCH) -> list[Message]:
    """Unclear texts that are due to be looked for, as the messages that were sent; a read."""
    texts = list(session().scalars(
        select(Text).where(Text.state == "unknown", Text.not_before_at <= now).order_by(Text.not_before_at).limit(limit)
    ))
    sender = sender_of(actor)
    return _messages(actor, texts, sender, facts_of(actor, texts, sender, now) if texts else {}, now)


def record_probe(actor: Actor, message: Message, found: str | None | Unsure, *, now: datetime) -> None:
    """Writes down whether an unclear attempt was found at the provider; only one that was not is tried again."""
    text = _text(message.text_id)
    if text is None or text.state != "unknown" or text.attempts != message.attempt:
        return
    text.probes += 1
    if isinstance(found, str):
        if _accept(text, found, "accepted", now):
            session().flush()
            record_sent(actor, [text], now)
        return
    is_there = None if isinstance(found, Unsure) else False
    state, again_at = after_probe(is_there, text.probes, text.attempts - text.slowdowns, text.claimed_at, now, patience())
    if state == "queued":
        _requeue(text, now, is_over=False)
    elif state == "failed":
        _settle(text, "failed", now)
    else:
        text.not_before_at = again_at
    session().flush()


def record_sent(actor: Actor, texts: Iterable[Text], now: datetime) -> None:
    """The timeline's line for each text that has left; links are not kept."""
    audit.record_many(actor, "text.sent", [
        {"person_id": text.person_id, "after": {"body": LINK.sub("…", text.body)}} for text in texts if text.person_id
    ], now=now)


def _texts_of(messages: Iterable[Message]) -> list[tuple[Text, Message]]:
    by_id = {message.text_id: message for message in messages}
    held = session().scalars(
        select(Text).where(Text.id.in_(by_id)).with_for_update().execution_options(populate_existing=True))
    return [(text, by_id[text.id]) for text in held]


def _text(text_id: int) -> Text | None:
    return session().scalar(
        select(Text).where(Text.id == text_id, Text.direction == "out").with_for_update()
        .execution_options(populate_existing=True))


def _accept(text: Text, sid: str, status: str, now: datetime) -> bool:
    """Takes note that the text has left; True if that is news."""
    if text.provider_sid is None:
        text.provider_sid = sid
    if text.state not in ("queued", "claimed", "unknown"):
        return False
    state, text.provider_status = next_by_callback(text.state, text.provider_status, status)
    _settle(text, state if state in ("accepted", "delivered") else "accepted", now)
    return True


def _reject(actor: Actor, text: Text, code: int, now: datetime) -> None:
    """An error code: final or not, and what else it asks for."""
    effect = effect_of(code, text.attempts - text.slowdowns)
    text.error_code = code or None
    if effect.state == "queued":
        _requeue(text, apply_effect(actor, text, effect, now), is_over=True)
    else:
        _settle(text, "failed", now)
        apply_effect(actor, text, effect, now)


def _mark_unclear(text: Text, now: datetime) -> None:
    text.state, text.lease_until, text.probes = "unknown", None, 0
    text.not_before_at = now + patience()


def _requeue(text: Text, at: datetime, *, is_over: bool) -> None:
    """Back to the queue; `is_over` when the last attempt is over for certain, so that its late callbacks mean nothing."""
    text.state, text.lease_until, text.not_before_at = "queued", None, at
    if is_over:
        text.closed_attempts, text.provider_sid, text.provider_status = text.attempts, None, None


def _settle(text: Text, state: str, now: datetime) -> None:
    text.state, text.lease_until, text.settled_at = state, None, now
