"""A text comes in: kept once, opting out settled first, then what was asked decides who gets the answer.

Called inside the webhook's own transaction, which is held to the sender's organization. What we do not understand, or
are not sure of, goes to a person.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask_babel import force_locale
from sqlalchemy import func, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.look import say
from crm.kernel.refusal import Reason, Refused
from crm.organizations.queries import organization_of
from crm.outreach.actions.consent import give_consent, revoke_consent
from crm.outreach.actions.replies import hand_over, handler_of
from crm.outreach.actions.texts import queue_to_phone
from crm.outreach.models import ConsentState, Text, Thread
from crm.outreach.providers import Inbound, provider
from crm.outreach.queries.inbox import last_asked, sharers_of
from crm.outreach.rules.gate import AUTOMATIC
from crm.outreach.rules.replies import Asked, Reading, read_reply
from crm.outreach.rules.replies import threads as rules
from crm.outreach.rules.replies.words import legible
from crm.people.models import Person


@dataclass
class Came:
    """One text that came in, and all that is known of it while it is settled."""

    actor: Actor
    inbound: Inbound
    text: Text
    thread: Thread
    people: list[rules.Sharer]
    asked: Text | None
    reading: Reading
    language: str
    now: datetime
    before: str  # the words that the thread showed until now


def receive_text(inbound: Inbound, *, now: datetime) -> int:
    """Keeps a text and does what it says; the same text again changes nothing. Returns the text's id."""
    actor, key = Actor.system(inbound.org_id), f"in:{inbound.sid}"
    inbound = replace(inbound, body=legible(inbound.body))
    there = session().scalar(select(Text.id).where(Text.key == key))
    if there is not None:
        return there
    people, asked = sharers_of(actor, inbound.phone), last_asked(actor, inbound.phone, now)
    reading = read_reply(inbound.body, Asked(asked.purpose, asked.language) if asked else "")
    language = _language(actor, people, asked, reading)
    thread = _thread_with(actor, inbound.phone, people, now)
    text = Text(
        org_id=actor.org_id, id=new_id(), direction="in", phone=inbound.phone, body=inbound.body, language=language, key=key,
        purpose="reply", state="received", queued_at=now, not_before_at=now, settled_at=now, provider_sid=inbound.sid,
        sender_id=inbound.sender_id, person_id=people[0].id if len(people) == 1 else None, created_at=now,
    )
    if asked is not None:
        text.subject_kind, text.subject_id = asked.subject_kind, asked.subject_id
    session().add(text)
    before, thread.last_at, thread.last_in_at = thread.last_in_body, now, now
    thread.last_in_body, thread.snoozed_until = inbound.body, None
    session().flush()
    _settle(Came(actor, inbound, text, thread, people, asked, replace(reading, language=language), language, now, before))
    session().flush()
    return text.id


def _settle(came: Came) -> None:
    simple = {"stop": _stop, "help": _help, "start": _start}.get(came.reading.intent)
    question = came.thread.facts.get("open")
    if not rules.is_open(question, came.now):
        question = None
    if simple:
        _note(came, [came.thread.person_id] if came.thread.person_id else [])
        simple(came)
    elif question and (named := rules.who_was_named(came.inbound.body, [p for p in came.people if p.id in question["people"]])):
        _note(came, named)
        _keep_facts(came, open=None)
        came.reading = replace(read_reply(question["body"], _asked_words(came)), language=came.language)
        _apply(came, named)
    else:
        _answer(came)


def _answer(came: Came) -> None:
    whose = _whose(came)
    _note(came, whose)
    _keep_facts(came, reading=rules.kept(came.reading, came.text.id))
    if came.reading.intent == "wrong_number":
        _needs(came, "wrong_number")
    elif not came.people:
        _needs(came, "unknown")
    elif whose:
        _apply(came, whose)
    elif came.reading.intent in rules.ANSWERS and came.reading.is_sure and handler_of(came.asked):
        _ask_who(came)
    else:
        _needs(came, "shared")


def _whose(came: Came) -> tuple[int, ...]:
    """Whose answer it is; a text written to one person of a shared phone is answered by that person."""
    if came.asked and came.asked.broadcast_id is None and came.asked.person_id in {one.id for one in came.people}:
        return (came.asked.person_id,)
    return rules.who_answers(came.inbound.body, came.reading, came.people) if came.people else ()


def _apply(came: Came, whose: tuple[int, ...]) -> None:
    """Gives a sure answer to the room that asked, for everyone it is from, and says its thanks once."""
    reading = came.reading
    if reading.intent == "other" and not reading.needs_person:
        _done(came)
    elif reading.intent not in rules.ANSWERS:
        _needs(came, reading.intent if reading.intent in rules.REASONS else "other")
    elif not reading.is_sure:
        _needs(came, "unsure")
    elif handler_of(came.asked) is None:
        _needs(came, "nothing_asked")
    else:
        each = reading if len(whose) == 1 else replace(reading, guests=None)
        answers = [hand_over(came.actor, came.asked, person_id, each, now=came.now) for person_id in whose]
        if None in answers:
            _needs(came, "person")
        elif _say(came, "answer", answers[0]):
            _needs(came, "question") if reading.needs_person else _done(came)


def _ask_who(came: Came) -> None:
    _keep_facts(came, open={"body": came.inbound.body, "people": [one.id for one in came.people], "at": came.now.isoformat()})
    names = rules.names_in_words(came.people, came.language)
    if _say(came, "answer", Reason(rules.WHO_ANSWERS, {"names": names})):
        _done(came, "waiting")


# Stop, help, start ----------------------------------------------------------------------------------------------


def _stop(came: Came) -> None:
    """Ends texts to this phone at once, in doubt too; says so once, unless the provider does (R5, R9)."""
    is_news = revoke_consent(
        came.actor, came.inbound.phone, source="text", now=came.now, person_id=came.thread.person_id, wording=came.inbound.body,
        evidence=f"text {came.text.id}",
    )
    _keep_facts(came, open=None, reading=rules.kept(came.reading, came.text.id))
    if is_news and not (provider().name == "twilio" and rules.provider_answers(came.inbound.body)):
        _send(came, "stop_answer", Reason(rules.STOP_ANSWER, {"organization": organization_of(came.actor).name}))
    if came.reading.needs_person:
        _needs(came, "stop_in_doubt")
    else:
        came.thread.state, came.thread.reason = "done", ""


def _help(came: Came) -> None:
    organization = organization_of(came.actor)
    words = rules.HELP_ANSWER if organization.contact else rules.HELP_WITHOUT_CONTACT
    if _say(came, "help_answer", Reason(words, {"organization": organization.name, "contact": organization.contact})):
        _done(came)


def _start(came: Came) -> None:
    """Begins texts again, only where consent had existed (R10)."""
    try:
        give_consent(came.actor, came.inbound.phone, source="start", now=came.now, person_id=came.thread.person_id,
                     wording=came.inbound.body, evidence=f"text {came.text.id}")
    except Refused:
        _needs(came, "start_without_consent")
        return
    if _say(came, "start_answer", Reason(rules.START_ANSWER, {"organization": organization_of(came.actor).name})):
        _done(came)


# What we say by ourselves ----------------------------------------------------------------------------------------


def _say(came: Came, purpose: str, words: Reason) -> bool:
    """Sends an automatic answer within the hour's limit; False when a person must take over."""
    since = came.now - timedelta(hours=1)
    recent = session().scalar(select(func.count()).select_from(Text).where(
        Text.phone == came.inbound.phone, Text.direction == "out", Text.purpose.in_((*AUTOMATIC, "answer")), Text.queued_at > since,
    ))
    if not rules.may_answer_alone(recent or 0):
        _needs(came, "loop")
        return False
    return _send(came, purpose, words)


def _send(came: Came, purpose: str, words: Reason) -> bool:
    with force_locale(came.language):
        body = say(words)
    subject = (came.asked.subject_kind, came.asked.subject_id) if purpose == "answer" and came.asked and came.asked.subject_id else None
    sent = queue_to_phone(
        came.actor, came.inbound.phone, body, purpose=purpose, key=f"{purpose}:{came.text.id}", now=came.now,
        person_id=came.thread.person_id, subject=subject, language=came.language,
    )
    if isinstance(sent, int):
        return True
    is_revoked = session().scalar(select(ConsentState.state).where(ConsentState.phone == came.inbound.phone)) == "revoked"
    _needs(came, "wrote_after_stop" if is_revoked else "person")
    return False


# The thread ------------------------------------------------------------------------------------------------------


def _thread_with(actor: Actor, phone: str, people: list[rules.Sharer], now: datetime) -> Thread:
    thread = session().scalar(select(Thread).where(Thread.phone == phone).with_for_update())
    if thread is None:
        thread = Thread(org_id=actor.org_id, id=new_id(), phone=phone, state="waiting", last_at=now, last_in_body="", reason="",
                        facts={}, created_at=now)
        session().add(thread)
    if thread.person_id not in {one.id for one in people}:
        thread.person_id = people[0].id if len(people) == 1 else None
    return thread


def _needs(came: Came, reason: str) -> None:
    came.thread.state, came.thread.reason = "needs_answer", reason


def _done(came: Came, state: str = "done") -> None:
    """Nobody need look, unless something earlier in the thread still waits for a person: then that is what it shows."""
    if came.thread.state == "needs_answer":
        came.thread.last_in_body = came.before
    else:
        came.thread.state, came.thread.reason = state, ""


def _keep_facts(came: Came, **facts: object) -> None:
    came.thread.facts = {name: value for name, value in {**came.thread.facts, **facts}.items() if value is not None}


def _note(came: Came, whose: tuple[int, ...] | list[int]) -> None:
    """The timeline's line, for those who wrote; for nobody when that is not known."""
    if len(whose) == 1:
        came.text.person_id = whose[0]
    after = {"body": came.inbound.body, "intent": came.reading.intent}
    for person_id in whose or (None,):
        audit.record(came.actor, "text.received", now=came.now, person_id=person_id, subject=("thread", came.thread.id), after=after)


def _asked_words(came: Came) -> Asked:
    return Asked(came.asked.purpose, came.asked.language) if came.asked else Asked()


def _language(actor: Actor, people: list[rules.Sharer], asked: Text | None, reading: Reading) -> str:
    """The language to answer in: the one they wrote a sentence in, else theirs, else that of the text they answer, else ours."""
    if reading.language and (len(people) != 1 or len(reading.body.split()) > 2):
        return reading.language
    if len(people) == 1:
        return session().scalar(select(Person.language).where(Person.id == people[0].id)) or "en"
    return asked.language if asked else organization_of(actor).language
