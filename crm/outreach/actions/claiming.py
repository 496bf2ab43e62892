"""Claiming: due texts are taken under a lease, and the gate is asked again, in one short transaction."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.links import expand_links
from crm.infra.runtime import settings
from crm.outreach.actions.outbox import requeue, settle
from crm.outreach.models import ConsentState, Sender, Text
from crm.outreach.providers import Message, status_key
from crm.outreach.queries.phones import due_texts, facts_of, sender_of
from crm.outreach.rules.gate import Facts, lasting, validity_for, why_not
from crm.outreach.rules.hours import next_open

BATCH = 24


def lease() -> timedelta:
    """How long a claimed text belongs to its worker: longer than the slowest batch."""
    return timedelta(seconds=2 * settings().lease_seconds)


def claim_texts(actor: Actor, broadcast_id: int | None, *, now: datetime, limit: int = BATCH) -> tuple[list[Message], bool]:
    """Takes due texts under a lease, asking the gate in this transaction: (what may leave, whether any was due)."""
    due = select(Text.id).where(due_texts(now))
    if broadcast_id:
        due = due.where(Text.broadcast_id == broadcast_id)
    ids = session().scalars(due.order_by(Text.not_before_at, Text.id).limit(limit).with_for_update(skip_locked=True, of=Text)).all()
    taken = (
        list(
            session().scalars(
                update(Text)
                .where(Text.id.in_(ids), Text.state == "queued")
                .values(state="claimed", claimed_at=now, lease_until=now + lease(), attempts=Text.attempts + 1)
                .returning(Text)
                .execution_options(populate_existing=True, synchronize_session=False)
            )
        )
        if ids
        else []
    )
    sender = sender_of(actor)
    facts = _facts_in_turn(actor, taken, sender, now)
    passing = [text for text in taken if _passes(text, facts[text.id], now)]
    session().flush()
    return messages_of(actor, passing, sender, facts, now), bool(taken)


def _facts_in_turn(actor: Actor, taken: list[Text], sender: Sender | None, now: datetime) -> dict[int, Facts]:
    """The gate's facts; each phone is locked, so that a STOP and another worker's texts to it come before or after.

    Texts to the same phone in one batch are counted in turn: the daily cap lets the first through.
    """
    if not taken:
        return {}
    phones = {text.phone for text in taken}
    session().execute(select(ConsentState.phone).where(ConsentState.phone.in_(phones)).order_by(ConsentState.phone).with_for_update())
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
    if lasting([name for name in names if name != "unregistered_sender"]) is None and "unregistered_sender" in names:
        # Ours to put right, not theirs to miss: the text waits until the number may send again.
        requeue(text, now + timedelta(hours=1), is_over=True)
        text.slowdowns += 1
        return False
    refusal = lasting(names)
    if refusal:
        settle(text, "refused", now)
        text.refusal = refusal
        return False
    validity = validity_for(facts, now)
    if names or validity is None:
        # Too few seconds are left of this window: the next one begins after it.
        opens = next_open(facts.zones, now + timedelta(minutes=2))
        requeue(text, opens or now + timedelta(days=1), is_over=True)
        text.slowdowns += 1
        return False
    return True


def messages_of(actor: Actor, texts: Sequence[Text], sender: Sender | None, facts: dict[int, Facts], now: datetime) -> list[Message]:
    """The texts as they leave: links expanded, and the key by which their callbacks find them."""
    if not texts:
        return []
    known: dict[str, set[str]] = {}
    for phone, sid in session().execute(
        select(Text.phone, Text.provider_sid).where(
            Text.phone.in_([text.phone for text in texts]),
            Text.provider_sid.is_not(None),
            Text.queued_at > now - timedelta(days=7),
        )
    ):
        known.setdefault(phone, set()).add(sid)
    return [
        Message(
            text_id=text.id,
            attempt=text.attempts,
            key=status_key(actor.org_id, text.id, text.attempts),
            phone=text.phone,
            body=expand_links(text.body),
            number=sender.number if sender else None,
            messaging_service_sid=sender.messaging_service_sid if sender else None,
            validity=validity_for(facts[text.id], now) or 60,
            claimed_at=text.claimed_at,
            known_sids=frozenset(known.get(text.phone, ())),
        )
        for text in texts
    ]
