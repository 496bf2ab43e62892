"""What lower rooms do with a reply: registries, filled in create_app, one line per subscriber."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from crm.infra.auth import Actor
from crm.kernel.refusal import Reason
from crm.outreach.models import Text
from crm.outreach.rules.replies import Reading
from crm.outreach.rules.replies.questions import Question


@dataclass(frozen=True)
class Turn:
    """What is said back, and the question that is open from then on."""

    words: Reason | tuple[Reason, ...]
    asks: Question | None = None


@dataclass(frozen=True)
class About:
    """What a reply is about where no text asked: a keyword's assembly."""

    subject_kind: str | None
    subject_id: int | None
    purpose: str = ""
    language: str = ""


Handler = Callable[..., Reason | Turn | None]
HANDLERS: dict[str, Handler] = {}
"""Purpose or kind of subject → handler(actor, person_id, subject_id, reading, *, now) -> the answer to send, or None."""
ANSWERERS: dict[str, Callable[..., Turn | None]] = {}
"""Kind of open question → answerer(actor, person_id, question, reading, *, now) -> the next turn, or None: not understood."""
BY_NUMBER: dict[str, Callable[..., Turn | None]] = {}
"""The same for a number that no record has: answerer(actor, phone, question, reading, *, now)."""
OPENERS: dict[str, str] = {}
"""Kind of subject → the question that every text about it leaves open: a vote can be cast, or changed, until it closes."""
ARRIVALS: list[Callable[..., Turn | None]] = []
"""Who wants to know that somebody says they are here: (actor, person_id, *, now) -> what is said back, or None: nothing is on."""


def handler_of(asked: Text | About | None) -> Handler | None:
    """Who wants the reply to this text: the subscriber of its purpose, else of what it is about."""
    if asked is None or asked.subject_id is None:
        return None
    return HANDLERS.get(asked.purpose) or HANDLERS.get(asked.subject_kind or "")


def hand_over(actor: Actor, asked: Text | About, person_id: int, reading: Reading, *, now: datetime) -> Turn | None:
    """Gives a reply to the room that asked; returns its answer, or None when a person must look."""
    handler = handler_of(asked)
    said = handler(actor, person_id, asked.subject_id, reading, now=now) if handler else None
    return Turn(said) if isinstance(said, Reason) else said


def question_of(asked: Text | None) -> Question | None:
    """The question that the text opened: a survey's first one, a vote."""
    kind = "" if asked is None or asked.subject_id is None else OPENERS.get(asked.subject_kind or "") or asked.purpose
    return Question(kind, {"id": asked.subject_id}) if asked is not None and kind in ANSWERERS else None
