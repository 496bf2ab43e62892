"""A text comes in: kept once, opting out settled first, then the open question, a keyword, and what was asked decide who gets it.

Called inside the webhook's own transaction, which is held to the sender's organization. What we do not understand, or
are not sure of, goes to a person.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import Reason, Refused
from crm.organizations.queries import organization_of
from crm.outreach.actions.coming import Came, answer, done, keep_facts, needs, note, send, take_turn
from crm.outreach.actions.consent import give_consent, revoke_consent
from crm.outreach.actions.joining import answer_language, answer_name, join
from crm.outreach.actions.replies import ANSWERERS, ARRIVALS, BY_NUMBER, About, Turn, hand_over, handler_of, question_of
from crm.outreach.models import Text, Thread
from crm.outreach.providers import Inbound, provider
from crm.outreach.queries.inbox import last_asked, sharers_of
from crm.outreach.queries.keywords import keyword_of
from crm.outreach.queries.phones import is_held
from crm.outreach.rules.replies import Asked, Reading, read_reply
from crm.outreach.rules.replies import threads as rules
from crm.outreach.rules.replies.questions import OWN_WORDS, Question, is_superseded, open_question
from crm.outreach.rules.replies.words import legible
from crm.people.models import Person

OUR_OWN = {"name": answer_name, "language": answer_language}


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
    question = open_question(thread.facts, now)
    if question and asked and is_superseded(question, asked.queued_at, asked.broadcast_id is not None):
        question = None
    _settle(Came(actor, inbound, text, thread, people, asked, replace(reading, language=language), language, now, before, question or question_of(asked)))
    _keep_unread(thread, reading, now)
    session().flush()
    return text.id


def _keep_unread(thread: Thread, reading: Reading, now: datetime) -> None:
    """Who may have asked for no texts gets none until a person has read it; what they write meanwhile does not change that."""
    if reading.may_end and thread.may_end_since is None:
        thread.state, thread.may_end_since = "needs_answer", now
    if thread.may_end_since is not None and thread.reason not in rules.SAY_MORE:
        thread.reason = "may_end"


def _settle(came: Came) -> None:
    simple = {"stop": _stop, "help": _help, "start": _start}.get(came.reading.intent)
    question = came.question
    if simple:
        note(came, [came.thread.person_id] if came.thread.person_id else [])
        simple(came)
    elif question and question.kind in OWN_WORDS and _continue(came, question):
        return
    elif keyword := keyword_of(came.actor, came.inbound.body):
        join(came, keyword)
    elif not (question and question.kind not in OWN_WORDS and _continue(came, question)):
        _answer(came)


def _continue(came: Came, question: Question) -> bool:
    """The answer to the open question; False when it is none, and the text is read on its own."""
    if question.kind == "who":
        return _who(came, question)
    whose = _whose(came)
    if came.reading.intent == "wrong_number" or came.people and len(whose) != 1 or is_held(came.inbound.phone, came.now):
        return False
    if whose and (own := OUR_OWN.get(question.kind)):
        return own(came, whose[0])
    answerer = (ANSWERERS if whose else BY_NUMBER).get(question.kind)
    turn = answerer(came.actor, whose[0] if whose else came.inbound.phone, question, came.reading, now=came.now) if answerer else None
    if turn is None:
        return False
    note(came, whose)
    if take_turn(came, turn, is_step=turn.asks is not None or "at" in question.facts):
        done(came, "waiting" if turn.asks else "done")
    return True


def _who(came: Came, question: Question) -> bool:
    """Who of those who share the phone answered: what they wrote before is then theirs."""
    named = rules.who_was_named(came.inbound.body, [p for p in came.people if p.id in question.facts["people"]])
    if not named:
        return False
    note(came, named)
    keep_facts(came, open=None)
    if about := question.facts.get("about"):
        came.asked = About(*about)
    came.reading = replace(read_reply(str(question.facts["body"]), came.asked_words), language=came.language)
    _apply(came, named)
    return True


def _answer(came: Came) -> None:
    whose = _whose(came)
    note(came, whose)
    keep_facts(came, reading=rules.kept(came.reading, came.text.id))
    if came.reading.intent == "wrong_number":
        _hold(came)
    elif is_held(came.inbound.phone, came.now):
        needs(came, "volunteer")
    elif came.reading.intent == "moved":
        needs(came, "moved")
    elif not came.people:
        needs(came, "unknown")
    elif whose:
        _apply(came, whose)
    elif came.reading.intent == "here" or came.reading.intent in rules.ANSWERS and came.reading.is_sure and handler_of(came.asked):
        _ask_who(came)
    else:
        needs(came, "shared")


def _whose(came: Came) -> tuple[int, ...]:
    """Whose answer it is; a text written to one person of a shared phone is answered by that person."""
    if isinstance(came.asked, Text) and came.asked.broadcast_id is None and came.asked.person_id in {one.id for one in came.people}:
        return (came.asked.person_id,)
    return rules.who_answers(came.inbound.body, came.reading, came.people) if came.people else ()


def _apply(came: Came, whose: tuple[int, ...]) -> None:
    """Gives a sure answer to the room that asked, for everyone it is from, and says its thanks once."""
    reading = came.reading
    if reading.intent == "other" and not reading.needs_person:
        done(came)
    elif reading.intent == "here":
        _arrive(came, whose)
    elif reading.intent not in rules.ANSWERS:
        needs(came, reading.intent if reading.intent in rules.REASONS else "other")
    elif not reading.is_sure:
        needs(came, "unsure")
    elif handler_of(came.asked) is None:
        needs(came, "nothing_asked")
    else:
        each = reading if len(whose) == 1 else replace(reading, guests=None)
        _say_turns(came, [hand_over(came.actor, came.asked, person_id, each, now=came.now) for person_id in whose])


def _arrive(came: Came, whose: tuple[int, ...]) -> None:
    """They say that they are here: whoever keeps the door writes it down, if something is on."""
    _say_turns(came, [next(filter(None, (tell(came.actor, person_id, now=came.now) for tell in ARRIVALS)), None) for person_id in whose], "here")


def _say_turns(came: Came, turns: list[Turn | None], otherwise: str = "person") -> None:
    """Says the first of what the rooms answer to a text; what only one person can be asked is asked only where one wrote."""
    first = turns[0]
    if first is None or None in turns:
        needs(came, otherwise)
    elif take_turn(came, first if len(turns) == 1 else replace(first, asks=None)):
        needs(came, "question") if came.reading.needs_person else done(came)


def _ask_who(came: Came) -> None:
    names = rules.names_in_words(came.people, came.language)
    question = Question("who", {"body": came.inbound.body, "people": [one.id for one in came.people]})
    if take_turn(came, Turn(Reason(rules.WHO_ANSWERS, {"names": names}), question)):
        done(came, "waiting")


# Stop, help, start ----------------------------------------------------------------------------------------------


def _stop(came: Came) -> None:
    """Ends texts to this phone at once, in doubt too; says so once, unless the provider does (R5, R9)."""
    source = "text" if came.reading.is_sure else "doubt"
    is_news = revoke_consent(
        came.actor, came.inbound.phone, source=source, now=came.now, person_id=came.thread.person_id, said=came.inbound.body,
        evidence=f"text {came.text.id}",
    )
    came.thread.may_end_since = None
    keep_facts(came, open=None, reading=rules.kept(came.reading, came.text.id))
    if is_news and not (provider().name == "twilio" and rules.provider_answers(came.inbound.body)):
        send(came, "stop_answer", Reason(rules.STOP_ANSWER, {"organization": organization_of(came.actor).name}))
    if came.reading.needs_person:
        needs(came, "stop_in_doubt")
    else:
        came.thread.state, came.thread.reason = "done", ""


def _hold(came: Came) -> None:
    """Somebody else's number, they say: it gets nothing more until a person has looked."""
    if came.people:
        revoke_consent(came.actor, came.inbound.phone, source="doubt", now=came.now, person_id=came.thread.person_id,
                       said=came.inbound.body, evidence=f"text {came.text.id}")
    needs(came, "wrong_number")


def _help(came: Came) -> None:
    organization = organization_of(came.actor)
    words = rules.HELP_ANSWER if organization.contact else rules.HELP_WITHOUT_CONTACT
    if answer(came, "help_answer", Reason(words, {"organization": organization.name, "contact": organization.contact})):
        done(came)


def _start(came: Came) -> None:
    """Begins texts again, only where consent had existed (R10)."""
    try:
        give_consent(came.actor, came.inbound.phone, source="start", now=came.now, person_id=came.thread.person_id,
                     said=came.inbound.body, evidence=f"text {came.text.id}")
    except Refused:
        needs(came, "start_without_consent")
        return
    came.thread.may_end_since = None
    if answer(came, "start_answer", Reason(rules.START_ANSWER, {"organization": organization_of(came.actor).name})):
        done(came)


def _thread_with(actor: Actor, phone: str, people: list[rules.Sharer], now: datetime) -> Thread:
    thread = session().scalar(select(Thread).where(Thread.phone == phone).with_for_update())
    if thread is None:
        thread = Thread(org_id=actor.org_id, id=new_id(), phone=phone, state="waiting", last_at=now, last_in_body="", reason="",
                        facts={}, created_at=now)
        session().add(thread)
    if thread.person_id not in {one.id for one in people}:
        thread.person_id = people[0].id if len(people) == 1 else None
    return thread


def _language(actor: Actor, people: list[rules.Sharer], asked: Text | None, reading: Reading) -> str:
    """The language to answer in: the one they wrote a sentence in, else theirs, else that of the text they answer, else ours."""
    if reading.language and (len(people) != 1 or len(reading.body.split()) > 2):
        return reading.language
    if len(people) == 1:
        return session().scalar(select(Person.language).where(Person.id == people[0].id)) or "en"
    return asked.language if asked else organization_of(actor).language
