"""A text that came in while it is settled: what is known of it, what is said back, and how its thread then stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.look import say_in
from crm.kernel.refusal import Reason
from crm.outreach.actions.replies import About, Turn
from crm.outreach.actions.texts import queue_to_phone
from crm.outreach.models import ConsentState, Text, Thread
from crm.outreach.providers import Inbound
from crm.outreach.rules.consent import PURPOSE
from crm.outreach.rules.gate import AUTOMATIC
from crm.outreach.rules.replies import Asked, Reading
from crm.outreach.rules.replies import threads as rules
from crm.outreach.rules.replies.questions import Question, may_follow, written


@dataclass
class Came:
    """One text that came in, and all that is known of it while it is settled."""

    actor: Actor
    inbound: Inbound
    text: Text
    thread: Thread
    people: list[rules.Sharer]
    asked: Text | About | None
    reading: Reading
    language: str
    now: datetime
    before: str  # the words that the thread showed until now
    question: Question | None = None  # what the thread waited on

    @property
    def asked_words(self) -> Asked:
        """What the reading of a reply needs to know of what was asked."""
        return Asked(self.asked.purpose, self.asked.language) if self.asked else Asked()


def answer(came: Came, purpose: str, *words: Reason) -> bool:
    """Sends an automatic answer within the hour's limit; False when a person must take over."""
    since = came.now - timedelta(hours=1)
    recent = session().scalar(select(func.count()).select_from(Text).where(
        Text.phone == came.inbound.phone, Text.direction == "out", Text.purpose.in_((*AUTOMATIC, "answer")), Text.queued_at > since,
        Text.key.not_like("step:%"),
    ))
    if not rules.may_answer_alone(recent or 0):
        needs(came, "loop")
        return False
    return send(came, purpose, *words)


def take_turn(came: Came, turn: Turn, *, is_step: bool = False) -> bool:
    """Says what comes next and keeps the question that is then open. A step of a conversation that we lead ends by itself: no limit."""
    if turn.asks is not None and not may_follow(came.question, turn.asks):
        raise ValueError(f"{turn.asks.kind} cannot be asked after {came.question}")
    words = turn.words if isinstance(turn.words, tuple) else (turn.words,)
    said = send(came, "answer", *words, step=True) if is_step else answer(came, "answer", *words)
    keep_facts(came, open=written(turn.asks, came.now) if turn.asks and said else None)
    return said


def send(came: Came, purpose: str, *words: Reason, step: bool = False) -> bool:
    """Queues these words, in the language of the person; False, and a person's turn, when the gate holds them back."""
    body = " ".join(say_in(each, came.language) for each in words)
    subject = (came.asked.subject_kind, came.asked.subject_id) if purpose == "answer" and came.asked and came.asked.subject_id else None
    sent = queue_to_phone(
        came.actor, came.inbound.phone, body, purpose=purpose, key=f"{'step' if step else purpose}:{came.text.id}", now=came.now,
        person_id=came.thread.person_id, subject=subject, language=came.language,
    )
    if isinstance(sent, int):
        return True
    state = session().scalar(select(ConsentState.state).where(ConsentState.phone == came.inbound.phone, ConsentState.purpose == PURPOSE))
    needs(came, "wrote_after_stop" if state == "revoked" else "person")
    return False


# The thread ------------------------------------------------------------------------------------------------------


def needs(came: Came, reason: str) -> None:
    """A person must look, and why."""
    came.thread.state, came.thread.reason = "needs_answer", reason


def done(came: Came, state: str = "done") -> None:
    """Nobody need look, unless something earlier in the thread still waits for a person: then that is what it shows."""
    if came.thread.state == "needs_answer":
        came.thread.last_in_body = came.before
    else:
        came.thread.state, came.thread.reason = state, ""


def keep_facts(came: Came, **facts: object) -> None:
    """Keeps facts on the thread; what is None goes."""
    came.thread.facts = {name: value for name, value in {**came.thread.facts, **facts}.items() if value is not None}


def note(came: Came, whose: Sequence[int]) -> None:
    """The timeline's line, for those who wrote; for nobody when that is not known."""
    if len(whose) == 1:
        came.text.person_id = whose[0]
    after = {"body": came.inbound.body, "intent": came.reading.intent}
    for person_id in whose or (None,):
        audit.record(came.actor, "text.received", now=came.now, person_id=person_id, subject=("thread", came.thread.id), after=after)
