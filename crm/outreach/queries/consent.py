"""Reads of consent: a person's phones with their state and history, and what segments may ask of it."""

from datetime import UTC, datetime, time

from sqlalchemy import ColumnElement, exists, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import N_
from crm.outreach.models import Consent, ConsentState, Text
from crm.people.models import Person, Phone
from crm.people.queries.facts import Fact, compare, holds


def consent_of(phone: str) -> ConsentState | None:
    """The present consent of one phone."""
    return session().scalar(select(ConsentState).where(ConsentState.phone == phone))


def phones_with_consent(actor: Actor, person_id: int) -> list[tuple[Phone, ConsentState | None]]:
    """A person's phones, the preferred one first, each with its present consent."""
    return [
        tuple(row)
        for row in session().execute(
            select(Phone, ConsentState)
            .outerjoin(ConsentState, (ConsentState.org_id == Phone.org_id) & (ConsentState.phone == Phone.e164))
            .where(Phone.person_id == person_id)
            .order_by(Phone.is_preferred.desc(), Phone.id)
        )
    ]


def consent_history(actor: Actor, person_id: int) -> list[Consent]:
    """The ledger's entries for a person's phones, newest first."""
    phones = select(Phone.e164).where(Phone.person_id == person_id)
    return list(session().scalars(select(Consent).where(Consent.phone.in_(phones)).order_by(Consent.at.desc(), Consent.id.desc())))


def _on_a_phone(state: str) -> ColumnElement[bool]:
    return exists().where(
        Phone.org_id == Person.org_id,
        Phone.person_id == Person.id,
        ConsentState.org_id == Phone.org_id,
        ConsentState.phone == Phone.e164,
        ConsentState.state == state,
    )


def _consent(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
    if value == "never":
        return holds(~_on_a_phone("given") & ~_on_a_phone("revoked"), comparison)
    return holds(_on_a_phone(value), comparison)


def _texted(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
    midnight = datetime.combine(datetime.fromisoformat(value), time(), UTC)
    sent = exists().where(
        Text.org_id == Person.org_id,
        Text.person_id == Person.id,
        Text.direction == "out",
        Text.state.in_(("accepted", "delivered")),
        compare(Text.queued_at, "since", midnight),
    )
    return sent if comparison == "since" else ~sent


def _wrote(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
    midnight = datetime.combine(datetime.fromisoformat(value), time(), UTC)
    came = exists().where(Text.org_id == Person.org_id, Text.person_id == Person.id, Text.direction == "in", Text.queued_at >= midnight)
    return came if comparison == "since" else ~came


# For people's segments; "before" means: not since.
FACTS = [
    Fact(
        "consent",
        N_("Texts"),
        "choice",
        [
            ("given", N_("Agreed to texts")),
            ("revoked", N_("Opted out of texts")),
            ("never", N_("Never agreed to texts")),
        ],
        _consent,
    ),
    Fact("texted", N_("Was texted"), "date", None, _texted),
    Fact("wrote", N_("Wrote to us"), "date", None, _wrote),
]
