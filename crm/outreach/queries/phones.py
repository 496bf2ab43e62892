"""What the gate asks of phones: consent, zone, how many texts lately, when they last wrote. One query each."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Missing
from crm.organizations.queries import organization_of
from crm.outreach.models import Broadcast, ConsentState, Sender, Text, Thread
from crm.outreach.providers import provider
from crm.outreach.rules.audience import Candidate
from crm.outreach.rules.gate import AUTOMATIC, CAP_WITHIN, CONVERSATION, Facts, zones_for, zones_of_number
from crm.outreach.rules.outbox import LEFT_US
from crm.people.models import Person, Phone


def sender_of(actor: Actor) -> Sender | None:
    """The number or service that the actor's organization texts from."""
    return session().scalar(select(Sender).where(Sender.org_id == actor.org_id))


def sender_by_id(sender_id: int) -> Sender:
    """The sender that a webhook's address names: it says which organization the text is for."""
    found = session().get(Sender, sender_id)
    if found is None:
        raise Missing
    return found


def may_send(sender: Sender | None) -> bool:
    """Whether texts may leave: an approved sender, or the simulator, where a number is made when first needed."""
    return provider().name == "simulator" if sender is None else sender.state == "approved"


def due_texts(now: datetime) -> ColumnElement[bool]:
    """Texts that may be claimed now, unless their broadcast was stopped or is not confirmed yet."""
    open_broadcasts = select(Broadcast.id).where(Broadcast.state.in_(("sending", "sent")))
    return (Text.state == "queued") & (Text.not_before_at <= now) & (Text.broadcast_id.is_(None) | Text.broadcast_id.in_(open_broadcasts))


def has_stuck(now: datetime) -> bool:
    """Whether texts are due, lost by their worker, or waiting to be looked for."""
    lost = (Text.state == "claimed") & (Text.lease_until < now)
    unclear = (Text.state == "unknown") & (Text.not_before_at <= now)
    return session().scalar(select(Text.id).where(or_(due_texts(now), lost, unclear)).limit(1)) is not None


def candidates_in(people: Select) -> list[Candidate]:
    """Each person of a select of their ids with each phone they have, in one query.

    The select is widened, not nested: joined to itself under row-level security, PostgreSQL without fresh statistics
    reads everyone once for each of them.
    """
    known = (Person.given_name, Person.family_name, Person.language, Person.time_zone)
    found = session().execute(
        people.with_only_columns(Person.id, *known, Phone.e164, Phone.is_textable, Phone.is_preferred, ConsentState.state)
        .outerjoin(Phone, (Phone.org_id == Person.org_id) & (Phone.person_id == Person.id))
        .outerjoin(ConsentState, (ConsentState.org_id == Phone.org_id) & (ConsentState.phone == Phone.e164))
        .order_by(Person.id)
    )
    return [
        Candidate(id, given, family, language, zone, phone, textable is not False, bool(preferred), consent)
        for id, given, family, language, zone, phone, textable, preferred, consent in found
    ]


def recent_counts(now: datetime, phones: Collection[str] | None = None, *, with_queued: bool = False) -> dict[str, int]:
    """Organizing texts per phone in the last 24 hours, of these phones or of all; queued ones too when composing."""
    since = Text.claimed_at > now - CAP_WITHIN
    left = Text.state.in_(LEFT_US) & since
    counted = or_(left, Text.state == "queued") if with_queued else left
    query = select(Text.phone, func.count()).where(Text.direction == "out", Text.purpose.not_in(AUTOMATIC | CONVERSATION), counted)
    if phones is not None:
        query = query.where(Text.phone.in_(phones))
    return dict(session().execute(query.group_by(Text.phone)).all())


def facts_of(actor: Actor, texts: Collection[Text], sender: Sender | None, now: datetime) -> dict[int, Facts]:
    """The gate's facts for each of these texts, by text id; a claimed text does not count against itself."""
    phones = {text.phone for text in texts}
    organization = organization_of(actor)
    consent = dict(session().execute(select(ConsentState.phone, ConsentState.state).where(ConsentState.phone.in_(phones))).all())
    wrote = dict(session().execute(select(Thread.phone, Thread.last_in_at).where(Thread.phone.in_(phones))).all())
    homes: dict[str, list[str]] = {}
    landlines = set()
    for phone, zone, textable in session().execute(
        select(Phone.e164, Person.time_zone, Phone.is_textable)
        .join(Person, (Person.org_id == Phone.org_id) & (Person.id == Phone.person_id))
        .where(Phone.e164.in_(phones))
    ):
        homes.setdefault(phone, []).extend([zone] if zone else [])
        if textable is False:
            landlines.add(phone)
    recent = recent_counts(now, phones)
    return {
        text.id: Facts(
            phone=text.phone,
            consent=consent.get(text.phone),
            is_textable=text.phone not in landlines,
            zones=zones_for(None, (*homes.get(text.phone, ()), *zones_of_number(text.phone)), organization.time_zone),
            recent=recent.get(text.phone, 0) - _counts_itself(text, now),
            purpose=text.purpose,
            wrote_at=wrote.get(text.phone),
            is_sender_approved=may_send(sender),
        )
        for text in texts
    }


def _counts_itself(text: Text, now: datetime) -> bool:
    return text.state in LEFT_US and text.claimed_at is not None and text.claimed_at > now - CAP_WITHIN and text.purpose not in AUTOMATIC | CONVERSATION
