"""A conversation's state: the one question that is open, until when, and what may be asked after it. Nothing else waits.

    nothing ──► who · name · support · survey · ballot
    who ──► support          (who of several on a phone answers)
    name ──► language        (joining by keyword)
    support ──► support      (where from, which language, how many children)
    survey ──► survey        (one question after another)
    ballot ──► ballot, review;  review ──► ballot

Stop, help and start are read before any question. An answer that its reader does not understand leaves the question open
and goes on as a text of its own; a question that was not answered in time is over by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIFE = {
    "who": timedelta(hours=24), "name": timedelta(days=7), "language": timedelta(days=7), "support": timedelta(hours=24),
    "survey": timedelta(days=7), "ballot": timedelta(hours=4), "review": timedelta(hours=1),
}
NEXT: dict[str, frozenset[str]] = {
    "": frozenset({"who", "name", "support", "survey", "ballot"}), "who": frozenset({"support"}), "name": frozenset({"language", "support"}),
    "language": frozenset({"support"}), "support": frozenset({"support"}), "survey": frozenset({"survey"}), "ballot": frozenset({"ballot", "review"}),
    "review": frozenset({"ballot", "review"}),
}
OWN_WORDS = frozenset({"survey", "ballot", "review"})
"""Questions whose answers may be any word: they are read before an organization's keywords."""


@dataclass(frozen=True)
class Question:
    """What was asked by text and waits for its answer."""

    kind: str
    facts: Mapping[str, object] = field(default_factory=dict)
    until: datetime | None = None


def may_follow(before: Question | None, after: Question) -> bool:
    """Whether a question may be asked once that one is answered; anything may begin a new conversation."""
    return after.kind in NEXT[""] or before is not None and after.kind in NEXT[before.kind]


def written(question: Question, now: datetime) -> dict[str, object]:
    """The question as the thread keeps it."""
    return {"kind": question.kind, "at": now.isoformat(), "until": (question.until or now + LIFE[question.kind]).isoformat(), **question.facts}


def open_question(facts: Mapping[str, object], now: datetime) -> Question | None:
    """The question that a thread still waits on, or none."""
    held = facts.get("open")
    if not isinstance(held, Mapping) or held.get("kind") not in LIFE:
        return None
    until = datetime.fromisoformat(str(held["until"]))
    rest = {name: value for name, value in held.items() if name not in ("kind", "until")}
    return Question(str(held["kind"]), rest, until) if now <= until else None


def is_superseded(question: Question, asked_at: datetime, is_to_many: bool) -> bool:
    """Whether a text to many that went out since has asked something else: an answer now is an answer to that."""
    return is_to_many and datetime.fromisoformat(str(question.facts["at"])) < asked_at
