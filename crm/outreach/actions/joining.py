"""Joining by keyword: a phone we do not know writes a word off a flyer, agrees by it, and is asked who it is.

Somebody who ended texts does not begin them again by a keyword: that takes START (R10), and a person sees that they wrote.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.look import say_in
from crm.infra.runtime import settings
from crm.kernel.refusal import N_, Reason, Refused
from crm.organizations.queries import organization_of
from crm.outreach.actions.coming import Came, done, needs, note, take_turn
from crm.outreach.actions.consent import give_consent
from crm.outreach.actions.replies import About, Turn, hand_over
from crm.outreach.models import ConsentState, Keyword
from crm.outreach.queries.keywords import keyword_for, live_words
from crm.outreach.queries.subjects import subject_of
from crm.outreach.rules import keywords as rules
from crm.outreach.rules.consent import PURPOSE
from crm.outreach.rules.replies import Reading, threads
from crm.outreach.rules.replies.questions import Question
from crm.people.actions import add_person, edit_person
from crm.people.models import Person


def join(came: Came, keyword: Keyword) -> None:
    """Takes down the consent that a keyword gives, says to what, and asks who they are; an assembly's keyword is a yes to it."""
    came.reading = Reading("join", language=came.language, body=came.inbound.body)
    state = session().scalar(select(ConsentState.state).where(ConsentState.phone == came.inbound.phone, ConsentState.purpose == PURPOSE))
    if state == "revoked":
        note(came, [one.id for one in came.people] if len(came.people) == 1 else [])
        needs(came, "wrote_after_stop")
        return
    if not came.people:
        _enter(came, keyword)
    words = [_agree(came, keyword)] if state is None else []
    whose = tuple(one.id for one in came.people)
    note(came, whose if len(whose) == 1 else [])
    came.asked = About(keyword.subject_kind, keyword.subject_id, language=came.language)
    if len(whose) == 1 or keyword.subject_id is None:
        words += _answered(came, whose[0]) if keyword.subject_id else []
        _say(came, words, whose)
    else:
        about = [keyword.subject_kind, keyword.subject_id]
        names = threads.names_in_words(came.people, came.language)
        question = Question("who", {"body": "yes", "people": list(whose), "about": about})
        take_turn(came, Turn((*words, Reason(threads.WHO_ANSWERS, {"names": names})), question))
        done(came, "waiting")


def _enter(came: Came, keyword: Keyword) -> None:
    """A record for a phone that we did not know; its name is asked for next."""
    came.language = keyword.language
    values = {"phones": [(came.inbound.phone, "mobile")], "language": keyword.language, "source": "keyword"}
    person_id = add_person(came.actor, values, now=came.now)
    came.people = [threads.Sharer(person_id, "", "")]
    came.thread.person_id = came.text.person_id = person_id


def _agree(came: Came, keyword: Keyword) -> Reason:
    """The ledger's entry, with the words that tell them what they agreed to; those are said back at once (R3)."""
    organization = organization_of(came.actor)
    words = Reason(rules.DISCLOSURE, {"organization": organization.name, "url": f"{settings().public_url}/texting/{organization.slug}"})
    wording = say_in(words, came.language)
    give_consent(came.actor, came.inbound.phone, source="keyword", now=came.now, person_id=came.thread.person_id,
                 wording=wording, said=came.inbound.body, evidence=f"text {came.text.id}: {keyword.word}")
    keyword.joined += 1
    return words


def _answered(came: Came, person_id: int) -> list[Reason]:
    """What the assembly says to a yes."""
    turn = hand_over(came.actor, came.asked, person_id, Reading("yes", language=came.language, body=came.inbound.body), now=came.now)
    if turn is None:
        return []
    return [*turn.words] if isinstance(turn.words, tuple) else [turn.words]


def _say(came: Came, words: list[Reason], whose: tuple[int, ...]) -> None:
    """One text with all of it: the disclosure first, the question for the name last."""
    nameless = len(whose) == 1 and not session().scalar(select(Person.given_name).where(Person.id == whose[0]))
    if nameless:
        words.append(Reason(rules.ASK_NAME))
    if not words:
        words = [Reason(rules.WELCOME_BACK, {"organization": organization_of(came.actor).name})]
    if take_turn(came, Turn(tuple(words), Question("name") if nameless else None)):
        done(came, "waiting" if nameless else "done")


# Who they are ----------------------------------------------------------------------------------------------------


def answer_name(came: Came, person_id: int) -> bool:
    """The answer to "What is your name?"; how they said it may show their language."""
    found = rules.name_in(came.inbound.body)
    if found is None:
        return False
    given, family = found
    spoken = rules.introduced_in(came.inbound.body)
    _write(came, person_id, {"given_name": given, "family_name": family} | ({"language": spoken} if spoken else {}))
    note(came, [person_id])
    came.language = spoken or came.language
    words = rules.NICE_TO_MEET if spoken else rules.ASK_LANGUAGE
    if take_turn(came, Turn(Reason(words, {"name": given}), None if spoken else Question("language")), is_step=True):
        done(came, "done" if spoken else "waiting")
    return True


def answer_language(came: Came, person_id: int) -> bool:
    """The answer to "English or español?"."""
    spoken = rules.language_in(came.inbound.body)
    if not spoken:
        return False
    _write(came, person_id, {"language": spoken})
    note(came, [person_id])
    came.language = spoken
    if take_turn(came, Turn(Reason(rules.SPOKEN)), is_step=True):
        done(came)
    return True


def _write(came: Came, person_id: int, values: dict[str, Any]) -> None:
    version = session().scalar(select(Person.version).where(Person.id == person_id))
    edit_person(came.actor, person_id, values, version or 0, now=came.now)


# The words themselves --------------------------------------------------------------------------------------------


def add_keyword(actor: Actor, word: str, language: str, subject: tuple[str, int] | None, *, now: datetime) -> int:
    """Adds a word: for joining, or for an assembly that is to come."""
    issues = rules.issues_with_keyword(word, live_words(actor))
    if language not in ("en", "es"):
        issues.append(Reason(N_("Choose the language of the first text back."), field="language"))
    if issues:
        raise Refused(issues)
    kind, subject_id = subject or (None, None)
    if kind:
        subject_of(kind).name(actor, subject_id)  # the door
    keyword = Keyword(org_id=actor.org_id, id=new_id(), word=word.strip().upper(), folded=rules.fold_keyword(word), language=language,
                      subject_kind=kind, subject_id=subject_id, joined=0, created_at=now)
    session().add(keyword)
    audit.record(actor, "keyword.added", now=now, subject=("keyword", keyword.id), after={"word": keyword.word})
    session().flush()
    return keyword.id


def end_keyword(actor: Actor, keyword_id: int, *, now: datetime) -> int:
    """Ends a word: from now on it is an ordinary text."""
    keyword = keyword_for(actor, keyword_id)
    if keyword.ended_at is None:
        keyword.ended_at = now
        audit.record(actor, "keyword.ended", now=now, subject=("keyword", keyword.id), after={"word": keyword.word})
    session().flush()
    return keyword.id


def restore_keyword(actor: Actor, keyword_id: int, *, now: datetime) -> int:
    """Uses a word again."""
    keyword = keyword_for(actor, keyword_id)
    if keyword.ended_at is not None:
        if keyword.folded in live_words(actor):
            raise Refused(Reason(N_("%(word)s is one of your keywords already."), {"word": keyword.word}))
        keyword.ended_at = None
        audit.record(actor, "keyword.added", now=now, subject=("keyword", keyword.id), after={"word": keyword.word})
    session().flush()
    return keyword.id
