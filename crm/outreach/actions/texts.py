"""Verbs for single texts: to a person, or back to a phone; and the number they come from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.jobs import JobState, enqueue
from crm.kernel.refusal import Reason, Refusal
from crm.organizations.queries import organization_of
from crm.outreach.models import Sender, Text
from crm.outreach.providers import provider
from crm.outreach.queries.facts import facts_of
from crm.outreach.queries.phones import candidates_in, sender_of
from crm.outreach.queries.plans import FAST, sample_link
from crm.outreach.rules.audience import best_phones
from crm.outreach.rules.gate import SENTENCES, lasting, why_not
from crm.outreach.rules.hours import next_open
from crm.outreach.rules.outbox import LEFT_US
from crm.outreach.rules.segments_of_text import size_of
from crm.outreach.rules.templates import LINK, TELL_AGAIN_AFTER, body_for, completed, fill, is_told_again, offers_stop
from crm.people.models import Person
from crm.people.queries import person_for


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

    Who writes is always said; how to end texts, with the first text to a phone and then once in thirty days.
    The words may use {first_name}, {organization} and, with `link_id`, {link}.
    """
    person = person_for(actor, person_id)
    one = best_phones(candidates_in(select(Person.id).where(Person.id == person.id), purpose))[0]
    if one.phone is None:
        return Refusal([Reason(SENTENCES["no_phone"])])
    language, words = body_for(body_by_language, person.language)
    organization = organization_of(actor).name
    words = completed(words, language, organization, is_first=not one.is_known, tells_stop=is_told_again(_last_told(one.phone, now), now))
    values = {"first_name": person.given_name, "organization": organization}
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


def _last_told(phone: str, now: datetime) -> datetime | None:
    """When a text last told this phone how to end texts, as far as that matters."""
    left = Text.direction == "out", Text.state.in_((*LEFT_US, "queued")), Text.queued_at > now - TELL_AGAIN_AFTER
    rows = session().execute(select(Text.body, Text.queued_at).where(Text.phone == phone, *left).order_by(Text.queued_at.desc()))
    return next((at for body, at in rows if offers_stop(body)), None)


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
    text = queued_text(actor, subject, now, what)
    facts = facts_of(actor, [text], sender, now)[text.id]
    names = why_not(facts, now)
    if lasting(names):
        return Refusal(Reason(SENTENCES[name]) for name in names)
    if names:
        text.not_before_at = next_open(facts.zones, now, facts.week) or now
    session().add(text)
    session().flush()
    poke(actor, now=now, at=text.not_before_at)
    return text.id


def queued_text(actor: Actor, subject: tuple[str, int] | None, now: datetime, what: dict[str, Any]) -> Text:
    """A text as it waits in the outbox; the caller adds it once the gate has been asked."""
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
        parts=size_of(LINK.sub(sample_link(), what["body"])).parts,
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
        sender = Sender(id=new_id(), org_id=actor.org_id, number=number, state="approved", pace=FAST)
        session().add(sender)
        session().flush()
    return sender
