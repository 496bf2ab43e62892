"""Claiming: due texts are taken under a lease, and the gate is asked again, in one short transaction."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.links import expand_links
from crm.infra.runtime import settings
from crm.outreach.actions.outbox import requeue, settle
from crm.outreach.models import Broadcast, ConsentState, Sender, Text, Thread
from crm.outreach.providers import Message, status_key
from crm.outreach.queries.facts import facts_of
from crm.outreach.queries.phones import due_texts, sender_of
from crm.outreach.queries.plans import pace_of
from crm.outreach.rules.carriers import fitting, room, spend
from crm.outreach.rules.gate import AUTOMATIC, CONVERSATION, Facts, lasting, validity_for, why_not
from crm.outreach.rules.hours import next_open
from crm.people.models import Phone

BATCH = 256  # a second or two of calls at what real networks take to answer


def lease() -> timedelta:
    """How long a claimed text belongs to its worker: longer than the slowest batch."""
    return timedelta(seconds=2 * settings().lease_seconds)


def claim_texts(actor: Actor, broadcast_id: int | None, *, now: datetime, limit: int = BATCH) -> tuple[list[Message], bool]:
    """Takes due texts under a lease, asking the gate in this transaction: (what may leave, whether any was due and could be taken).

    The sender's row is locked first: workers of one organization take turns, so that together they keep its pace.
    """
    sender = _locked_sender(actor)
    if is_held(sender, now):
        return [], False
    limits, spent = pace_of(sender)
    allowed, _until = room(limits, spent, now)
    taken = _take(broadcast_id, now, limit, allowed) if allowed > 0 else []
    facts = _facts_in_turn(actor, taken, sender, now)
    passing = [text for text in taken if _passes(text, facts[text.id], now)]
    if sender is not None and passing:
        spent = spend(spent, sum(text.parts for text in passing), now)
        sender.recent, sender.paced_day, sender.day_parts = {str(second): n for second, n in spent.recent.items()}, spent.day, spent.day_parts
    session().flush()
    return messages_of(actor, passing, sender, facts, now), bool(taken)


def opted_out_of(phones: Sequence[str]) -> set[str]:
    """Those of these phones that get no texts any more; a read."""
    return set(session().scalars(select(ConsentState.phone).where(ConsentState.phone.in_(phones), ConsentState.state == "revoked")))


def is_held(sender: Sender | None, now: datetime) -> bool:
    """Whether the network said that it takes nothing more from this sender for a while."""
    return sender is not None and sender.held_until is not None and sender.held_until > now


def _locked_sender(actor: Actor) -> Sender | None:
    return session().scalar(select(Sender).where(Sender.org_id == actor.org_id).with_for_update().execution_options(populate_existing=True))


def _take(broadcast_id: int | None, now: datetime, limit: int, allowed: int) -> list[Text]:
    due = select(Text.id, Text.parts).where(due_texts(now))
    if broadcast_id:
        due = due.where(Text.broadcast_id == broadcast_id)
    found = session().execute(due.order_by(Text.not_before_at, Text.id).limit(limit).with_for_update(skip_locked=True, of=Text)).all()
    ids = [id for id, _parts in found[: fitting((parts for _id, parts in found), allowed)]]
    if not ids:
        return []
    return list(
        session().scalars(
            update(Text)
            .where(Text.id.in_(ids), Text.state == "queued")
            .values(state="claimed", claimed_at=now, lease_until=now + lease(), attempts=Text.attempts + 1)
            .returning(Text)
            .execution_options(populate_existing=True, synchronize_session=False)
        )
    )


def paced_until(actor: Actor, *, now: datetime) -> datetime | None:
    """When the sender's pace lets the next text go, if not now."""
    return room(*pace_of(sender_of(actor)), now)[1]


def halted(text_ids: Sequence[int]) -> set[int]:
    """Which of these texts belong to a broadcast that was stopped, or are for somebody who may have asked for no texts since."""
    stopped = (Broadcast.org_id == Text.org_id) & (Broadcast.id == Text.broadcast_id) & (Broadcast.state == "stopped")
    unread = (Thread.org_id == Text.org_id) & (Thread.phone == Text.phone) & Thread.may_end_since.is_not(None) & Text.purpose.not_in(CONVERSATION)
    found = select(Text.id).outerjoin(Broadcast, stopped).outerjoin(Thread, unread)
    return set(session().scalars(found.where(Text.id.in_(text_ids), or_(Broadcast.id.is_not(None), Thread.id.is_not(None)))))


def _facts_in_turn(actor: Actor, taken: list[Text], sender: Sender | None, now: datetime) -> dict[int, Facts]:
    """The gate's facts; each phone is locked, so that a STOP and another worker's texts to it come before or after.

    Texts to the same phone in one batch are counted in turn: the daily cap lets the first through.
    """
    if not taken:
        return {}
    phones = {text.phone for text in taken}
    people = select(Phone.person_id).where(Phone.e164.in_(phones))
    theirs = select(Phone.e164).where(Phone.person_id.in_(people))  # a STOP on another of their numbers ends this one too
    held = ConsentState.phone.in_(phones) | ConsentState.phone.in_(theirs)
    session().execute(select(ConsentState.phone).where(held).order_by(ConsentState.phone, ConsentState.purpose).with_for_update())
    facts = facts_of(actor, taken, sender, now)
    together, turn = Counter(text.phone for text in taken), Counter[str]()
    for text in sorted(taken, key=lambda text: text.id):
        if together[text.phone] > 1:
            ahead = together[text.phone] - 1 - turn[text.phone]
            facts[text.id] = replace(facts[text.id], recent=facts[text.id].recent - ahead)
            turn[text.phone] += 1
    return facts


def _passes(text: Text, facts: Facts, now: datetime) -> bool:
    """Asks the gate; a text that must wait goes back to the queue, one that must not leave, or whose time is over, is refused."""
    if text.expires_at is not None and now >= text.expires_at:
        settle(text, "refused", now)
        text.refusal = "expired"
        return False
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
        opens = next_open(facts.zones, now + timedelta(minutes=2), facts.week)
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
            validity=_validity(text, facts[text.id], now),
            claimed_at=text.claimed_at,
            is_automatic=text.purpose in AUTOMATIC,
            known_sids=frozenset(known.get(text.phone, ())),
        )
        for text in texts
    ]


def _validity(text: Text, facts: Facts, now: datetime) -> int:
    """Seconds for which the provider may hold it: not into quiet hours, and not beyond the text's own time."""
    seconds = validity_for(facts, now) or 60
    return seconds if text.expires_at is None else max(1, min(seconds, int((text.expires_at - now).total_seconds())))
