"""Reads of the inbox: who needs an answer, one conversation, and what it was about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.web import Page, keyset
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.organizations.queries import organization_of
from crm.outreach.models import Broadcast, ConsentState, Text, Thread
from crm.outreach.queries.phones import facts_of, sender_of
from crm.outreach.rules.gate import Facts
from crm.outreach.rules.replies.ready import ready_replies
from crm.outreach.rules.replies.threads import ASKED_LATELY, Sharer
from crm.people.models import Person, Phone
from crm.people.models.people import shown_name
from crm.people.queries import matches, show_phone_to

TABS = ("answer", "mine", "all", "stopped")
LEFT = ("claimed", "accepted", "delivered", "unknown")
SHOWN_TEXTS = 80
DAY = 86400


def thread_for(actor: Actor, thread_id: int, lock: bool = False) -> Thread:
    """The conversation, if it is this organization's and the actor may read texts."""
    wanted = select(Thread).where(Thread.id == thread_id)
    if lock:
        wanted = wanted.with_for_update()
    found = session().scalar(wanted) if actor.may(Action.SEE_INBOX) else None
    if found is None:
        raise Missing
    return found


def sharers_of(actor: Actor, phone: str) -> list[Sharer]:
    """Everyone of the organization who has this phone; a number that proved to be somebody else's is nobody's."""
    rows = session().execute(
        select(Person.id, Person.given_name, Person.family_name)
        .join(Phone, (Phone.org_id == Person.org_id) & (Phone.person_id == Person.id)).where(Phone.e164 == phone, Phone.is_textable).order_by(Person.id)
    )
    return [Sharer(id, given, shown_name(id, given, family)) for id, given, family in rows]


def last_asked(actor: Actor, phone: str, now: datetime) -> Text | None:
    """The last text that reached this phone lately and was about something: what a reply answers."""
    return session().scalar(
        select(Text).where(
            Text.phone == phone, Text.direction == "out", Text.subject_id.is_not(None), Text.state.in_(LEFT),
            Text.queued_at > now - ASKED_LATELY,
        ).order_by(Text.queued_at.desc(), Text.id.desc()).limit(1)
    )


# The list --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waits:
    """One conversation that waits for a person."""

    thread_id: int
    name: str
    body: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Waiting:
    """How many wait, and those that have waited longest."""

    total: int
    rows: list[Waits]


def _awake(now: datetime | None) -> Select:
    wanted = select(Thread).where(Thread.state == "needs_answer")
    return wanted.where(or_(Thread.snoozed_until.is_(None), Thread.snoozed_until <= now)) if now else wanted


def count_needing_answer(actor: Actor, now: datetime | None = None) -> int:
    """How many conversations wait for a person (those put off too, without `now`); 0 for those who may not read texts."""
    if not actor.may(Action.SEE_INBOX):
        return 0
    return session().scalar(_awake(now).with_only_columns(func.count())) or 0


def needing_answer(actor: Actor, limit: int, now: datetime | None = None) -> Waiting:
    """The conversations that have waited longest for a person, with whom they are, and how many there are."""
    if not actor.may(Action.SEE_INBOX):
        return Waiting(0, [])
    rows = session().execute(_with_person(_awake(now)).order_by(Thread.last_at, Thread.id).limit(limit))
    return Waiting(count_needing_answer(actor, now), [
        Waits(thread.id, person.name if person else show_phone_to(actor, thread.phone), thread.last_in_body, thread.last_in_at or thread.last_at, thread.reason)
        for thread, person in rows
    ])


def threads_page(actor: Actor, tab: str, after: str | None, now: datetime) -> Page:
    """One page of conversations, newest first, each with its person."""
    wanted = _awake(now) if tab == "answer" else select(Thread)
    if tab == "mine":
        wanted = wanted.where(Thread.assigned_id == actor.account_id, Thread.state != "done")
    elif tab == "stopped":
        stopped = select(ConsentState.phone).where(ConsentState.state == "revoked")
        wanted = wanted.where(Thread.phone.in_(stopped))
    elif tab == "all":
        wanted = wanted.where(Thread.last_in_at.is_not(None))
    return keyset(_with_person(wanted), [Thread.last_at.desc(), Thread.id.desc()], after)


def _with_person(threads: Select) -> Select:
    return threads.add_columns(Person).outerjoin(Person, (Person.org_id == Thread.org_id) & (Person.id == Thread.person_id))


# One conversation ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Talk:
    """A conversation for its page: the texts and what else happened, in order; what was asked; how it stands."""

    thread: Thread
    person: Person | None
    people: list[Sharer]
    lines: list[tuple[datetime, str, object]]
    asked: Text | None
    is_stopped: bool
    facts: Facts
    language: str
    ready: Sequence[str]
    seen: int


def talk_of(actor: Actor, thread: Thread, now: datetime) -> Talk:
    """Everything the page of one conversation shows."""
    texts = list(session().execute(
        select(Text, Broadcast.name).outerjoin(Broadcast, (Broadcast.org_id == Text.org_id) & (Broadcast.id == Text.broadcast_id))
        .where(Text.phone == thread.phone).order_by(Text.queued_at.desc(), Text.id.desc()).limit(SHOWN_TEXTS)
    ))
    person = session().scalar(select(Person).where(Person.id == thread.person_id)) if thread.person_id else None
    lines = [(text.queued_at, "text", (text, name)) for text, name in texts]
    if person is not None and texts:
        lines += [(event.at, "event", event) for event in _events(person.id, texts[-1][0].queued_at)]
    organization = organization_of(actor)
    language = person.language if person else next((t.language for t, _ in texts if t.direction == "in"), organization.language)
    probe = Text(org_id=actor.org_id, id=0, direction="out", phone=thread.phone, purpose="reply", state="queued")
    facts = facts_of(actor, [probe], sender_of(actor), now)[0]
    return Talk(
        thread, person, sharers_of(actor, thread.phone), sorted(lines, key=lambda line: line[0]), last_asked(actor, thread.phone, now),
        facts.consent == "revoked", facts, language, ready_replies(language, (organization.options or {}).get("ready_replies")),
        max((text.id for text, _ in texts if _speaks(text)), default=0),
    )


def people_found(actor: Actor, text: str, limit: int = 8) -> list[Person]:
    """People by part of a name or number: whose number this may be."""
    return list(session().scalars(select(Person).where(*matches(actor, text)).order_by(Person.name_folded, Person.id).limit(limit)))


def newest_words(actor: Actor, phone: str, after_id: int) -> list[Text]:
    """What was said in a conversation since the page was opened: their texts, and answers of colleagues."""
    return list(session().scalars(
        select(Text).where(Text.phone == phone, Text.id > after_id, or_(Text.direction == "in", Text.purpose == "reply")).order_by(Text.id)
    ))


def _speaks(text: Text) -> bool:
    return text.direction == "in" or text.purpose == "reply"


def _events(person_id: int, since: datetime) -> list[Event]:
    return list(session().scalars(
        select(Event).where(Event.person_id == person_id, Event.at >= since, Event.verb.not_like("text.%"), Event.verb.not_like("thread.%"))
        .order_by(Event.at.desc()).limit(40)
    ))


def answered_this_week(actor: Actor, since: datetime) -> tuple[int, int]:
    """(conversations answered by a person, of them within a day) since then; one query."""
    rows = session().execute(
        select(Event.subject_id, Event.after).where(Event.verb == "thread.answered", Event.at >= since)).all()
    quick = {thread_id for thread_id, after in rows if (after or {}).get("waited", DAY) < DAY}
    return len({thread_id for thread_id, _after in rows}), len(quick)
