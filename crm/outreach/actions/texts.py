"""Verbs for single texts: to a person, or back to a phone; and the number they come from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Wanted:
    """A text of several that are queued together: to a person by their best phone, or to a phone whose bearer goes by `name`.

    The words, by language, may use {first_name}, {organization} and, with `link_id`, {link}.
    """

    key: str
    bodies: Mapping[str, str]
    link_id: int | None = None
    person_id: int | None = None
    phone: str | None = None
    name: str = ""
    language: str = "en"
    is_first: bool = True  # without a person: whether that phone had no text from us that anybody knows of


def queue_text(
    actor: Actor, person_id: int, body_by_language: Mapping[str, str], *, purpose: str, subject: tuple[str, int] | None = None, key: str,
    now: datetime, link_id: int | None = None,
) -> int | Refusal:
    """One text to one person in their language: its id, or why not. The same key again is the same text."""
    wanted = Wanted(key, body_by_language, link_id, person_for(actor, person_id).id)
    return queue_texts(actor, [wanted], purpose=purpose, subject=subject, now=now)[0]


def queue_texts(
    actor: Actor, wanted: Sequence[Wanted], *, purpose: str, subject: tuple[str, int] | None = None, now: datetime,
) -> list[int | Refusal]:
    """Texts to people of the actor's organization and to phones, each asked at the gate: its id, or why not. The same key again is the same text.

    Who writes is always said; how to end texts, with the first text to a phone and then once in thirty days.
    """
    ids = [one.person_id for one in wanted if one.person_id is not None]
    people = {one.person_id: one for one in best_phones(candidates_in(select(Person.id).where(Person.id.in_(ids)), purpose))} if ids else {}
    phones = [people[one.person_id].phone if one.person_id in people else one.phone for one in wanted]
    told, known, organization = _last_told({phone for phone in phones if phone}, now), set(), organization_of(actor).name
    made: list[Text | None] = []
    for one, phone in zip(wanted, phones, strict=True):
        if phone is None:
            made.append(None)
            continue
        person = people.get(one.person_id) if one.person_id is not None else None
        language, words = body_for(one.bodies, person.language if person else one.language)
        is_first = phone not in known and (not person.is_known if person else one.is_first)
        words = completed(words, language, organization, is_first=is_first, tells_stop=is_told_again(told.get(phone), now))
        values = {"first_name": person.given_name if person else one.name, "organization": organization}
        if one.link_id:
            values["link"] = f"[[link:{one.link_id}]]"
        body = fill(words, values, language)
        known.add(phone)
        told |= {phone: now} if offers_stop(body) else {}
        what = {"person_id": one.person_id, "phone": phone, "body": body, "language": language, "key": one.key, "purpose": purpose}
        made.append(queued_text(actor, subject, now, what))
    judged = iter(_queue(actor, [text for text in made if text is not None], now))
    return [Refusal([Reason(SENTENCES["no_phone"])]) if text is None else next(judged) for text in made]


def _last_told(phones: Collection[str], now: datetime) -> dict[str, datetime]:
    """When a text last told these phones how to end texts, as far as that matters."""
    left = Text.direction == "out", Text.state.in_((*LEFT_US, "queued")), Text.queued_at > now - TELL_AGAIN_AFTER
    rows = session().execute(select(Text.phone, Text.body, Text.queued_at).where(Text.phone.in_(phones), *left).order_by(Text.queued_at))
    return {phone: at for phone, body, at in rows if offers_stop(body)}


def _queue(actor: Actor, texts: Sequence[Text], now: datetime) -> list[int | Refusal]:
    """Asks the gate for texts that nobody has added yet; those that pass are queued, and in quiet hours wait. A key that is there stays as it is."""
    keys = {text.key for text in texts}
    there = dict(session().execute(select(Text.key, Text.id).where(Text.key.in_(keys))).all()) if keys else {}
    fresh = [text for text in texts if text.key not in there]
    if not fresh:
        return [there[text.key] for text in texts]
    facts, answers = facts_of(actor, fresh, ensure_sender(actor, now=now), now), dict[str, int | Refusal](there)
    queued = []
    for text in fresh:
        if text.key in answers:
            continue
        names = why_not(facts[text.id], now)
        if lasting(names):
            answers[text.key] = Refusal(Reason(SENTENCES[name]) for name in names)
            continue
        if names:
            text.not_before_at = next_open(facts[text.id].zones, now, facts[text.id].week) or now
        queued.append(text)
        answers[text.key] = text.id
    session().add_all(queued)
    session().flush()
    if queued:
        poke(actor, now=now, at=min(text.not_before_at for text in queued))
    return [answers[text.key] for text in texts]


def queue_to_phone(
    actor: Actor, phone: str, body: str, *, purpose: str, key: str, now: datetime, person_id: int | None = None,
    subject: tuple[str, int] | None = None, language: str = "en",
) -> int | Refusal:
    """One text to one phone (an answer, a reply): its id, or the gate's reasons. In quiet hours it waits."""
    what = {"person_id": person_id, "phone": phone, "body": body, "language": language, "key": key, "purpose": purpose}
    return _queue(actor, [queued_text(actor, subject, now, what)], now)[0]


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
