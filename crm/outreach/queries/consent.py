"""Reads of consent: a person's phones with their state and history, and what segments may ask of it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Interval, Select, exists, func, literal, select
from sqlalchemy.orm import aliased

from crm.infra.auth import Actor
from crm.infra.db import is_sqlite, session
from crm.kernel.refusal import N_
from crm.outreach.models import Broadcast, Consent, ConsentState, Text, Wording
from crm.outreach.rules.consent import PURPOSE, Entry, may_take_back
from crm.people.models import Person, Phone
from crm.people.queries.columns import Column, one_each
from crm.people.queries.facts import Fact, flag, happened, holds


def consent_of(phone: str) -> ConsentState | None:
    """The present consent of one phone to texts about our work."""
    return session().scalar(select(ConsentState).where(ConsentState.phone == phone, ConsentState.purpose == PURPOSE))


def phones_with_consent(actor: Actor, person_id: int) -> list[tuple[Phone, list[ConsentState]]]:
    """A person's phones, the preferred one first, each with its present consent: to our work first, then to other purposes."""
    found: dict[int, tuple[Phone, list[ConsentState]]] = {}
    for phone, state in session().execute(
        select(Phone, ConsentState)
        .outerjoin(ConsentState, (ConsentState.org_id == Phone.org_id) & (ConsentState.phone == Phone.e164))
        .where(Phone.person_id == person_id)
        .order_by(Phone.is_preferred.desc(), Phone.id, ConsentState.purpose.desc())
    ):
        found.setdefault(phone.id, (phone, []))[1].extend([state] if state else [])
    return list(found.values())


class Line(NamedTuple):
    """An entry of the ledger as its page shows it: with the words it rests on, and whether it may be taken back."""

    entry: Consent
    words: Wording | None
    is_taken_back: bool
    may_be_taken_back: bool


def consent_history(actor: Actor, person_id: int) -> list[Line]:
    """The ledger's entries for a person's phones, newest first."""
    phones = select(Phone.e164).where(Phone.person_id == person_id)
    rows = session().execute(
        select(Consent, Wording)
        .outerjoin(Wording, (Wording.org_id == Consent.org_id) & (Wording.id == Consent.wording_id))
        .where(Consent.phone.in_(phones))
        .order_by(Consent.at.desc(), Consent.id.desc())
    ).all()
    back = {entry.undoes_id for entry, _words in rows}
    return [
        Line(one, words, one.id in back, not may_take_back(Entry(one.kind, one.source, id=one.id), one.account_id, back, "-")) for one, words in rows
    ]


def _on_a_phone(state: str) -> ColumnElement[bool]:
    return exists().where(
        Phone.org_id == Person.org_id,
        Phone.person_id == Person.id,
        ConsentState.org_id == Phone.org_id,
        ConsentState.phone == Phone.e164,
        ConsentState.purpose == PURPOSE,
        ConsentState.state == state,
    ).correlate(Person)  # a plan reads phones and their consent beside the people; this looks at them by itself


def may_be_texted() -> ColumnElement[bool]:
    """People who agreed to texts about our work on one of their phones, and opted out on none."""
    return _on_a_phone("given") & ~_on_a_phone("revoked")


def numbers_that_agreed(*among: ColumnElement[bool]) -> dict[int, str]:
    """Of these people (conditions on Person), those who may be texted about our work: person → one number of theirs that agreed to it."""
    agreed = (
        select(Phone.person_id, func.min(Phone.e164)).join(ConsentState, (ConsentState.org_id == Phone.org_id) & (ConsentState.phone == Phone.e164))
        .join(Person, (Person.org_id == Phone.org_id) & (Person.id == Phone.person_id)).group_by(Phone.person_id)
        .where(ConsentState.purpose == PURPOSE, ConsentState.state == "given", ~_on_a_phone("revoked"), Phone.is_textable.is_(True), ~Phone.is_wrong, *among)
    )
    return dict(session().execute(agreed).all())


def _consent(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
    if value == "never":
        return holds(~_on_a_phone("given") & ~_on_a_phone("revoked"), comparison)
    return holds(_on_a_phone(value), comparison)


def _text(direction: str, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Text.org_id == Person.org_id, Text.person_id == Person.id, Text.direction == direction, *more)


def _sent(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    return _text("out", Text.state.in_(("accepted", "delivered")), *more)


def _received(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    return _text("in", *more)


def _got(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
    return holds(_sent(Text.broadcast_id == int(value)), comparison)


def _replied(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
    # Whoever writes within a week of getting a text is answering it.
    reply, week = aliased(Text), timedelta(days=7)
    until = func.datetime(Text.queued_at, "+7 days") if is_sqlite() else Text.queued_at + literal(week, Interval)
    came = func.datetime(reply.queued_at) if is_sqlite() else reply.queued_at
    asked = exists().where(
        Text.org_id == Person.org_id,
        Text.person_id == Person.id,
        Text.direction == "out",
        Text.broadcast_id == int(value),
        exists().where(
            reply.org_id == Text.org_id,
            reply.person_id == Text.person_id,
            reply.direction == "in",
            reply.queued_at >= Text.queued_at,
            came <= until,
        ),
    )
    return holds(asked, comparison)


def _broadcasts(actor: Actor) -> list[tuple[str, str]]:
    recent = select(Broadcast.id, Broadcast.name).where(Broadcast.confirmed_at.is_not(None)).order_by(Broadcast.created_at.desc(), Broadcast.id.desc())
    return [(str(id), name) for id, name in session().execute(recent.limit(50))]


def _last_text(direction: str) -> Callable[[list[int]], Select]:
    last = select(Text.person_id, func.max(Text.queued_at)).where(Text.direction == direction)
    return lambda ids: last.where(Text.person_id.in_(ids)).group_by(Text.person_id)


def list_uses(actor: Actor, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """Which texts were written to these lists."""
    rows = session().execute(select(Broadcast.segment_id, Broadcast.name).where(Broadcast.segment_id.in_(ids)).order_by(Broadcast.created_at.desc()))
    return [(segment_id, N_("The text “%(name)s”"), name) for segment_id, name in rows]


COLUMNS = [
    Column("texted", N_("Last texted"), one_each(_last_text("out"))),
    Column("wrote", N_("Last wrote to us"), one_each(_last_text("in"))),
]
TEXTS = N_("Texts")
FACTS = [
    Fact("consent", N_("Texts"), "choice", [
        ("given", N_("Agreed to texts")),
        ("revoked", N_("Opted out of texts")),
        ("never", N_("Never agreed to texts")),
    ], _consent, N_("have said about texts: “%(value)s”"), N_("have not said about texts: “%(value)s”"), TEXTS),
    Fact("opted_out", N_("Opted out of texts"), "flag", None, flag(_on_a_phone("revoked")),
         N_("opted out of texts"), N_("did not opt out of texts"), TEXTS),
    Fact("texted", N_("Was texted"), "date", None, happened(_sent, Text.queued_at), N_("were texted"), N_("were not texted"), TEXTS),
    Fact("wrote", N_("Wrote to us"), "date", None, happened(_received, Text.queued_at), N_("wrote to us"), N_("did not write to us"), TEXTS),
    Fact("got", N_("Got a text"), "choice", _broadcasts, _got, N_("got the text “%(value)s”"), N_("did not get the text “%(value)s”"), TEXTS),
    Fact("replied", N_("Answered a text"), "choice", _broadcasts, _replied,
         N_("wrote back within a week of the text “%(value)s”"), N_("did not write back within a week of the text “%(value)s”"), TEXTS),
]
