"""Verbs for single texts: to a person, or back to a phone; and the number they come from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.jobs import JobState, enqueue
from crm.kernel.phone import read_phone
from crm.kernel.refusal import N_, Reason, Refusal, Refused
from crm.organizations.queries import organization_of
from crm.outreach.models import Sender, Text
from crm.outreach.providers import provider
from crm.outreach.queries.phones import candidates_in, facts_of, sender_of
from crm.outreach.rules.audience import best_phones
from crm.outreach.rules.gate import SENTENCES, lasting, why_not
from crm.outreach.rules.hours import next_open
from crm.outreach.rules.segments_of_text import size_of
from crm.outreach.rules.templates import body_for, fill
from crm.people.models import Person
from crm.people.queries import person_for

SENDER_STATES = {
    "unregistered": N_("Not registered yet"),
    "pending": N_("Registration is under review"),
    "approved": N_("Registered and approved"),
    "suspended": N_("Suspended"),
}


def queue_text(
    actor: Actor,
    person_id: int,
    body_by_language: Mapping[str, str],
    *,
    purpose: str,
    subject: tuple[str, int] | None = None,
    key: str,
    now: datetime,
    link_id: int | None = None,
) -> int | Refusal:
    """One text to one person in their language: its id, or why not. The same key again is the same text.

    The words may use {first_name}, {organization} and, with `link_id`, {link}.
    """
    person = person_for(actor, person_id)
    one = best_phones(candidates_in(select(Person.id).where(Person.id == person.id)))[0]
    if one.phone is None:
        return Refusal([Reason(SENTENCES["no_phone"])])
    language, words = body_for(body_by_language, person.language)
    values = {"first_name": person.given_name, "organization": organization_of(actor).name}
    if link_id:
        values["link"] = f"[[link:{link_id}]]"
    return queue_to_phone(
        actor,
        one.phone,
        fill(words, values, language),
        purpose=purpose,
        key=key,
        now=now,
        person_id=person.id,
        subject=subject,
        language=language,
    )


def queue_to_phone(
    actor: Actor,
    phone: str,
    body: str,
    *,
    purpose: str,
    key: str,
    now: datetime,
    person_id: int | None = None,
    subject: tuple[str, int] | None = None,
    language: str = "en",
) -> int | Refusal:
    """One text to one phone (an answer, a reply): its id, or the gate's reasons. In quiet hours it waits."""
    there = session().scalar(select(Text.id).where(Text.key == key))
    if there is not None:
        return there
    sender = ensure_sender(actor, now=now)
    what = {"person_id": person_id, "phone": phone, "body": body, "language": language, "key": key, "purpose": purpose}
    text = _queued(actor, subject, now, what)
    facts = facts_of(actor, [text], sender, now)[text.id]
    names = why_not(facts, now)
    if lasting(names):
        return Refusal(Reason(SENTENCES[name]) for name in names)
    if names:
        text.not_before_at = next_open(facts.zones, now) or now
    session().add(text)
    session().flush()
    poke(actor, now=now, at=text.not_before_at)
    return text.id


def _queued(actor: Actor, subject: tuple[str, int] | None, now: datetime, what: dict[str, Any]) -> Text:
    kind, subject_id = subject or (None, None)
    return Text(
        org_id=actor.org_id,
        id=new_id(),
        direction="out",
        subject_kind=kind,
        subject_id=subject_id,
        state="queued",
        queued_at=now,
        not_before_at=now,
        parts=size_of(what["body"]).parts,
        created_by=actor.account_id,
        created_at=now,
        **what,
    )


def poke(actor: Actor, *, now: datetime, at: datetime | None = None) -> None:
    """Makes sure that a job is due which sends what is queued; one that waits already is enough."""
    when = max(at or now, now)
    waiting = session().scalar(
        select(JobState.id)
        .where(
            JobState.org_id == actor.org_id,
            JobState.kind == "outreach.send",
            JobState.key.like("outreach.send:%"),
            JobState.state == "due",
            JobState.not_before <= when,
        )
        .limit(1)
    )
    if waiting is None:
        enqueue(actor.org_id, "outreach.send", {}, now=now, key=f"outreach.send:{new_id()}", not_before=when)


def ensure_sender(actor: Actor, *, now: datetime) -> Sender | None:
    """The organization's sender; where phones are simulated, a fictitious number is made when first needed."""
    sender = sender_of(actor)
    if sender is None and provider().name == "simulator":
        taken = set(session().scalars(select(Sender.number)))
        number = next(n for n in (f"+1{area}555{last:04d}" for area in range(510, 990) for last in range(100, 200)) if n not in taken)
        sender = Sender(id=new_id(), org_id=actor.org_id, number=number, state="approved", pace=10)
        session().add(sender)
        session().flush()
    return sender


def save_sender(actor: Actor, *, number: str | None, messaging_service_sid: str | None, state: str, pace: int, now: datetime) -> int:
    """Writes the number or service that texts come from, and whether the carriers have approved it; returns its id."""
    number, messaging_service_sid = number or "", messaging_service_sid or ""
    issues, read = [], read_phone(number) if number.strip() else None
    if isinstance(read, Reason):
        issues.append(Reason(read.text, read.params, "number"))
    service = messaging_service_sid.strip() or None
    if not read and not service:
        issues.append(Reason(N_("Write a number or a messaging service."), field="number"))
    if service and not (service.startswith("MG") and len(service) == 34):
        issues.append(Reason(N_("A messaging service begins with MG and has 34 letters and digits."), field="messaging_service_sid"))
    shared = session().scalar(
        select(Sender.id).where(
            Sender.org_id != actor.org_id,
            ((Sender.number == read) if isinstance(read, str) else Sender.messaging_service_sid == service),
        )
    )
    if shared and not issues:
        issues.append(Reason(N_("Another organization texts from this number. Opt-outs would mix: use one of your own.")))
    if issues:
        raise Refused(issues)
    sender = sender_of(actor)
    before = {"number": sender.number, "state": sender.state} if sender else None
    if sender is None:
        sender = Sender(id=new_id(), org_id=actor.org_id)
        session().add(sender)
    sender.number, sender.messaging_service_sid, sender.state, sender.pace = read, service, state, pace
    audit.record(actor, "sender.changed", now=now, before=before, after={"number": read, "state": state})
    session().flush()
    return sender.id
