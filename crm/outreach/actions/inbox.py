"""Verbs of the inbox: answer, give to a colleague, put off, close; write down what a text meant; say whose number it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from crm.accounts.queries import colleagues
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Reason, Refused
from crm.outreach.actions.consent import review_doubt
from crm.outreach.actions.texts import queue_to_phone
from crm.outreach.models import DriveContact, Text, Thread
from crm.outreach.queries.inbox import last_asked, newest_words, sharers_of, thread_for
from crm.outreach.rules.replies import threads as rules
from crm.outreach.rules.replies.words import legible
from crm.outreach.rules.templates import LINK
from crm.people.actions import add_person, edit_person, snapshot
from crm.people.models import Person, Phone
from crm.people.queries import person_for

LONGEST = 1600


def mine(actor: Actor, thread_id: int) -> Thread:
    """The conversation, held for writing, for those who may answer texts."""
    thread = thread_for(actor, thread_id, lock=True)
    if not actor.may(Action.ANSWER_TEXTS):
        raise Refused(N_("You may read texts here, but not answer them."))
    return thread


def answer_thread(actor: Actor, thread_id: int, body: str, seen: int, *, now: datetime) -> int:
    """Answers by text through the gate; refuses once if somebody wrote since the page was opened, so that both are read."""
    thread = mine(actor, thread_id)
    answer_in(actor, thread, body, seen, key=f"reply:{new_id()}", now=now)
    take_from_volunteer(thread.phone, now)
    return thread.id


def answer_in(actor: Actor, thread: Thread, body: str, seen: int, *, key: str, now: datetime) -> int:
    """The same for whoever a door let in: the id of the text. The same key again is the same text."""
    words = LINK.sub("", legible(body)).strip()
    issues = []
    if not words:
        issues.append(Reason(N_("Write something first."), field="body"))
    if len(words) > LONGEST:
        issues.append(Reason(N_("This is %(n)s letters long. A text holds at most %(most)s."), {"n": len(words), "most": LONGEST}, "body"))
    issues += [_said_meanwhile(actor, text) for text in newest_words(actor, thread.phone, seen)][-1:]
    if issues:
        raise Refused(issues)
    asked = last_asked(actor, thread.phone, now)
    sent = queue_to_phone(
        actor, thread.phone, words, purpose="reply", key=key, now=now, person_id=thread.person_id,
        subject=(asked.subject_kind, asked.subject_id) if asked else None, language=_language(thread),
    )
    if not isinstance(sent, int):
        raise Refused(sent)
    thread.state, thread.reason, thread.last_at, thread.snoozed_until, thread.may_end_since = "waiting", "", now, None, None
    thread.assigned_id = thread.assigned_id or actor.account_id
    thread.facts = {name: value for name, value in thread.facts.items() if name != "reading"}
    waited = int((now - thread.last_in_at).total_seconds()) if thread.last_in_at else 0
    tell(actor, "thread.answered", thread, now, waited=waited)
    return sent


def take_from_volunteer(phone: str, now: datetime) -> None:
    """An organizer answers here: from now on the conversation is no volunteer's."""
    held = (DriveContact.phone == phone, DriveContact.state == "texted", DriveContact.handed_at.is_(None))
    session().execute(update(DriveContact).where(*held).values(handed_at=now).execution_options(synchronize_session=False))


def _said_meanwhile(actor: Actor, text: Text) -> Reason:
    if text.direction == "in":
        return Reason(N_("They wrote again meanwhile: “%(body)s” Read it, then send yours."), {"body": text.body[:200]}, "body")
    if text.created_by == actor.account_id:
        return Reason(N_("You already answered: “%(body)s” Send again if you want to say more."), {"body": text.body[:200]}, "body")
    return Reason(N_("A colleague answered meanwhile: “%(body)s” Send yours if it is still needed."), {"body": text.body[:200]}, "body")


def assign_thread(actor: Actor, thread_id: int, account_id: int | None, *, now: datetime) -> int:
    """Gives a conversation to a colleague, or to nobody."""
    thread, names = mine(actor, thread_id), dict(colleagues(actor, now))
    if account_id and account_id not in names:
        raise Refused(Reason(N_("Choose someone of your organization."), field="account_id"))
    thread.assigned_id = account_id or None
    tell(actor, "thread.assigned", thread, now, to=names.get(account_id or 0, "—"))
    return thread.id


def snooze_thread(actor: Actor, thread_id: int, choice: str, *, now: datetime) -> int:
    """Puts a conversation off; it comes back by itself, or when they write."""
    thread = mine(actor, thread_id)
    until = rules.snooze_until(choice, now, now.astimezone(ZoneInfo(actor.time_zone)))
    if isinstance(until, Reason):
        raise Refused(until)
    thread.snoozed_until = until
    if thread.state != "needs_answer":
        thread.state, thread.reason = "needs_answer", "person"
    tell(actor, "thread.snoozed", thread, now)
    return thread.id


def reopen_thread(actor: Actor, thread_id: int, *, now: datetime) -> int:
    """Sets a conversation aside for a person: what we read was not right, or there is more to say."""
    thread = mine(actor, thread_id)
    thread.state, thread.reason, thread.snoozed_until = "needs_answer", "person", None
    thread.facts = {name: value for name, value in thread.facts.items() if name != "reading"}
    session().flush()
    return thread.id


def write_address(actor: Actor, thread_id: int, street: str, *, now: datetime) -> int:
    """They moved: the new address stands on their record as it was written; the rest of it is theirs to complete."""
    thread = mine(actor, thread_id)
    if thread.person_id is None:
        raise Refused(N_("Say first whose number this is."))
    person = person_for(actor, thread.person_id, lock=True)
    edit_person(actor, person.id, {"street": street}, person.version, now=now)
    thread.facts = {name: value for name, value in thread.facts.items() if name != "reading"}
    session().flush()
    return thread.id


def take_stop_back(actor: Actor, thread_id: int, *, now: datetime) -> int:
    """What we took for an opt-out was none: only where we were in doubt, by someone who answers texts, and written down."""
    thread = mine(actor, thread_id)
    review_doubt(actor, thread.phone, person_id=thread.person_id, now=now)
    thread.state, thread.reason, thread.may_end_since = "needs_answer", "person", None
    thread.facts = {name: value for name, value in thread.facts.items() if name != "reading"}
    session().flush()
    return thread.id


# Whose number it is ----------------------------------------------------------------------------------------------


def link_person(actor: Actor, thread_id: int, person_id: int, *, now: datetime) -> int:
    """This number belongs to that person: adds it to their record and puts the conversation under their name."""
    thread, person = mine(actor, thread_id), person_for(actor, person_id, lock=True)
    if person.id in {one.id for one in sharers_of(actor, thread.phone)}:
        thread.person_id = person.id  # of those who share the phone, the one who is writing now
    else:
        phones = [*snapshot(actor, person.id)["phones"], (thread.phone, "mobile")]
        edit_person(actor, person.id, {"phones": phones}, person.version, now=now)
        session().execute(update(Phone).where(Phone.e164 == thread.phone, Phone.person_id == person.id).values(is_textable=True))
        _belongs(actor, thread, person.id, now)
    return thread.id


def add_person_from(actor: Actor, thread_id: int, values: Mapping[str, Any], *, now: datetime) -> int:
    """Someone new wrote: adds them with this number."""
    thread = mine(actor, thread_id)
    person_id = add_person(actor, {**values, "phones": [(thread.phone, "mobile")], "source": "text"}, now=now)
    return _belongs(actor, thread, person_id, now)


def _belongs(actor: Actor, thread: Thread, person_id: int, now: datetime) -> int:
    thread.person_id = person_id
    if thread.reason == "unknown":
        thread.reason = "other"
    session().execute(update(Text).where(Text.phone == thread.phone, Text.person_id.is_(None)).values(person_id=person_id))
    tell(actor, "thread.linked", thread, now)
    return thread.id


def settle(thread: Thread) -> None:
    """Nobody need look at this conversation any more."""
    thread.state, thread.reason, thread.snoozed_until, thread.may_end_since = "done", "", None, None


def _language(thread: Thread) -> str:
    wanted = select(Person.language).where(Person.id == thread.person_id)
    return (session().scalar(wanted) if thread.person_id else None) or "en"


def note_writing(actor: Actor, thread_id: int, *, now: datetime) -> None:
    """Somebody begins to write here: colleagues who have it open see that, for half a minute."""
    thread_for(actor, thread_id)
    session().execute(update(Thread).where(Thread.id == thread_id).values(writing_id=actor.account_id, writing_at=now)
                      .execution_options(synchronize_session=False))


def tell(actor: Actor, verb: str, thread: Thread, now: datetime, **after: Any) -> None:
    """What happened in a conversation, for the person's timeline."""
    audit.record(actor, verb, now=now, person_id=thread.person_id, subject=("thread", thread.id), after=after or None)
    session().flush()
