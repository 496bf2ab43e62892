"""Phones: who has which, whose texts are due, what may leave, who holds a conversation."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Exists, Integer, Select, cast, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Missing
from crm.outreach.models import Broadcast, ConsentState, DriveContact, Exemption, Sender, Text, Texter, Thread
from crm.outreach.providers import provider
from crm.outreach.rules.audience import Candidate
from crm.outreach.rules.consent import PURPOSE, consent_for, consent_purpose
from crm.outreach.rules.drives import HOLD_FOR
from crm.outreach.rules.outbox import LEFT_US
from crm.outreach.rules.registration import may_send_in
from crm.people.models import Person, Phone


def sender_of(actor: Actor) -> Sender | None:
    """The number or service that the actor's organization texts from."""
    return session().scalar(select(Sender).where(Sender.org_id == actor.org_id))


_owners: dict[int, int] = {}


def owner_of_sender(sender_id: int) -> int:
    """The organization of the sender that a webhook's address names; whose a sender is never changes, so it is asked once."""
    if sender_id not in _owners:
        found = session().get(Sender, sender_id)
        if found is None:
            raise Missing
        _owners[sender_id] = found.org_id
    return _owners[sender_id]


def may_send(sender: Sender | None) -> bool:
    """Whether texts may leave: an approved sender, or the simulator, where a number is made when first needed."""
    return provider().name == "simulator" if sender is None else may_send_in(sender.state)


def due_texts(now: datetime) -> ColumnElement[bool]:
    """Texts that may be claimed now, unless their broadcast was stopped or is not confirmed yet."""
    open_broadcasts = select(Broadcast.id).where(Broadcast.state.in_(("sending", "sent")))
    return (Text.state == "queued") & (Text.not_before_at <= now) & (Text.broadcast_id.is_(None) | Text.broadcast_id.in_(open_broadcasts))


def has_stuck(now: datetime) -> bool:
    """Whether texts are due, lost by their worker, or waiting to be looked for."""
    lost = (Text.state == "claimed") & (Text.lease_until < now)
    unclear = (Text.state == "unknown") & (Text.not_before_at <= now)
    return session().scalar(select(Text.id).where(or_(due_texts(now), lost, unclear)).limit(1)) is not None


def candidates_in(people: Select, purpose: str = PURPOSE) -> list[Candidate]:
    """Each person of a select of their ids with each phone they have and what it says to texts of that purpose, in one query.

    The select is widened, not nested: joined to itself under row-level security, PostgreSQL without fresh statistics
    reads everyone once for each of them.
    """
    known = (Person.given_name, Person.family_name, Person.language, Person.time_zone)
    # Numbers instead of booleans: nothing is converted for a hundred thousand rows.
    kind = (cast(func.coalesce(Phone.is_textable, true()), Integer), cast(func.coalesce(Phone.is_preferred, false()), Integer))
    had = exists().where(Text.org_id == Phone.org_id, Text.phone == Phone.e164, Text.direction == "out", Text.state.in_((*LEFT_US, "queued")))
    own, wanted = aliased(ConsentState), consent_purpose(purpose)
    query = (
        people.with_only_columns(Person.id, *known, Phone.e164, *kind, ConsentState.state, Person.region, Person.postal_code, had, Thread.id)
        .outerjoin(Phone, (Phone.org_id == Person.org_id) & (Phone.person_id == Person.id) & ~Phone.is_wrong)
        .outerjoin(ConsentState, _says_of(ConsentState, PURPOSE))
        .outerjoin(Thread, (Thread.org_id == Phone.org_id) & (Thread.phone == Phone.e164) & Thread.may_end_since.is_not(None))
        .order_by(Person.id)
    )
    if wanted == PURPOSE:
        return list(map(Candidate._make, session().execute(query)))  # noqa: SLF001 - the documented way to make one from a row
    query = query.outerjoin(own, _says_of(own, wanted)).add_columns(own.state)
    return [
        Candidate(*row[:8], consent_for(wanted, {PURPOSE: row[8], wanted: row[13]}), *row[9:13]) for row in session().execute(query)
    ]


def _says_of(state: Any, purpose: str) -> ColumnElement[bool]:
    return (state.org_id == Phone.org_id) & (state.phone == Phone.e164) & (state.purpose == purpose)


def exemptions_of(actor: Actor) -> frozenset[str]:
    """The rules that do not bind the organization, as its administrator declared."""
    return frozenset(session().scalars(select(Exemption.rule).where(Exemption.ended_at.is_(None))))


def held_by_volunteer(phone: Any, now: datetime) -> Exists:
    """Condition: a volunteer of a texting drive, who is there, has the conversation with this phone. Its answers are hers to give."""
    return exists().where(
        DriveContact.phone == phone, DriveContact.state == "texted", DriveContact.handed_at.is_(None), Texter.org_id == DriveContact.org_id,
        Texter.id == DriveContact.texter_id, Texter.seen_at > now - HOLD_FOR, Texter.ended_at.is_(None),
    )


def is_held(phone: str, now: datetime) -> bool:
    """The same of one number."""
    return bool(session().scalar(select(held_by_volunteer(phone, now))))
