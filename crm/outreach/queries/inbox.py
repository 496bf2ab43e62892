"""Reads of the inbox: who needs an answer, one conversation, and what it was about."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select

from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.organizations.queries import organization_of
from crm.outreach.models import Broadcast, ConsentState, Text, Thread
from crm.outreach.queries.facts import facts_of
from crm.outreach.queries.phones import held_by_volunteer, sender_of
from crm.outreach.rules.gate import Facts
from crm.outreach.rules.replies.ready import ready_replies
from crm.outreach.rules.replies.threads import ASKED_LATELY, Sharer
from crm.people.models import Person, Phone, Tag
from crm.people.models.people import shown_name
from crm.people.queries import matches, show_phone_to

READY_FIELDS = ("first_name", "organization", "organizer")
LEFT = ("claimed", "accepted", "delivered", "unknown")
SHOWN_TEXTS = 80
WRITES_FOR = timedelta(seconds=40)
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


def awake(now: datetime | None) -> Select:
    """Conversations that wait for a person: not put off, and no volunteer's who is there (those too, without `now`)."""
    wanted = select(Thread).where(Thread.state == "needs_answer")
    if now is None:
        return wanted
    return wanted.where(or_(Thread.snoozed_until.is_(None), Thread.snoozed_until <= now), ~held_by_volunteer(Thread.phone, now))


def count_needing_answer(actor: Actor, now: datetime | None = None) -> int:
    """How many conversations wait for a person (those put off too, without `now`); 0 for those who may not read texts."""
    if not actor.may(Action.SEE_INBOX):
        return 0
    return session().scalar(awake(now).with_only_columns(func.count())) or 0


def needing_answer(actor: Actor, limit: int, now: datetime | None = None) -> Waiting:
    """The conversations that have waited longest for a person, with whom they are, and how many there are."""
    if not actor.may(Action.SEE_INBOX):
        return Waiting(0, [])
    rows = session().execute(with_person(awake(now)).order_by(Thread.last_at, Thread.id).limit(limit))
    return Waiting(count_needing_answer(actor, now), [
        Waits(thread.id, person.name if person else show_phone_to(actor, thread.phone), thread.last_in_body, thread.last_in_at or thread.last_at, thread.reason)
        for thread, person in rows
    ])


def with_person(threads: Select) -> Select:
    """Each conversation beside the person whose number it is."""
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
    is_doubtful: bool
    unread: Text | None
    facts: Facts
    language: str
    ready: list[str]
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
    lines.reverse()  # the oldest first, so that what came in the same moment stays in its order
    organization = organization_of(actor)
    language = person.language if person else next((t.language for t, _ in texts if t.direction == "in"), organization.language)
    probe = Text(org_id=actor.org_id, id=0, direction="out", phone=thread.phone, purpose="reply", state="queued")
    facts = facts_of(actor, [probe], sender_of(actor), now)[0]
    return Talk(
        thread, person, sharers_of(actor, thread.phone), sorted(lines, key=lambda line: line[0]), last_asked(actor, thread.phone, now),
        facts.consent == "revoked", _is_doubtful(thread.phone), unread_of(thread), facts, language,
        ready_for(actor, language, person.given_name if person else ""),
        max((text.id for text, _ in texts if _speaks(text)), default=0),
    )


def own_ready(actor: Actor) -> list[dict[str, str]]:
    """The organization's own ready replies, each in its languages."""
    return list((organization_of(actor).options or {}).get("ready_replies") or [])


def ready_for(actor: Actor, language: str, first_name: str = "", organizer: str | None = None) -> list[str]:
    """What can be answered with one tap to somebody of that language."""
    signs = (actor.name if organizer is None else organizer).split(" ")[0]
    values = {"first_name": first_name, "organization": organization_of(actor).name, "organizer": signs}
    return ready_replies(language, own_ready(actor), values)


def thread_with_person(actor: Actor, thread_id: int) -> tuple[Thread, Person | None] | None:
    """A conversation and its person; None when there is none for this actor."""
    found = session().execute(with_person(select(Thread).where(Thread.id == thread_id))).one_or_none() if actor.may(Action.SEE_INBOX) else None
    return tuple(found) if found else None  # type: ignore[return-value]


def tags_in_use(actor: Actor, most: int = 200) -> list[str]:
    """The words that the organization puts on people, to choose from."""
    return list(session().scalars(select(Tag.name).order_by(Tag.name_folded).limit(most)))


def writing_here(actor: Actor, thread: Thread, now: datetime) -> int | None:
    """The account of a colleague who writes in this conversation at this moment."""
    is_fresh = thread.writing_at is not None and now - thread.writing_at < WRITES_FOR
    return thread.writing_id if is_fresh and thread.writing_id != actor.account_id else None


def unread_of(thread: Thread) -> Text | None:
    """The reply that may ask for no texts and waits to be read."""
    if thread.may_end_since is None:
        return None
    came = select(Text).where(Text.phone == thread.phone, Text.direction == "in", Text.queued_at >= thread.may_end_since)
    return session().scalar(came.order_by(Text.queued_at, Text.id).limit(1))


def _is_doubtful(phone: str) -> bool:
    """Whether texts ended by a reply that we were not sure of."""
    return session().scalar(select(ConsentState.source).where(ConsentState.phone == phone)) == "doubt"


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
