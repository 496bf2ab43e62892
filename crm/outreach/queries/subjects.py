"""What lower rooms tell the composer about their things: an assembly's "said yes, not confirmed", a vote's roll.

Rooms below register one Subject per kind in create_app; outreach never imports them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select

from crm.infra.auth import Actor
from crm.kernel.refusal import Missing
from crm.outreach.rules.series import Occasion, StepWords


def _no_fields(actor: Actor, subject_id: int, language: str) -> Mapping[str, str]:
    return {}


def _no_bodies(actor: Actor, subject_id: int, audience: str) -> Mapping[str, str]:
    return {}


def _nobody_asked(actor: Actor, subject_id: int, person_ids: list[int], now: datetime) -> None:
    """Texting people about it changes nothing there."""


def _nothing_ahead(actor: Actor, now: datetime) -> list[tuple[int, str]]:
    return []


def _no_occasion(actor: Actor, subject_id: int) -> Occasion | None:
    """It has no day."""
    return None


def _no_steps(actor: Actor, subject_id: int) -> Sequence[StepWords]:
    return ()


@dataclass(frozen=True)
class Subject:
    """What a broadcast can be about.

    `name(actor, id)` is also the door: it raises Missing. `audiences(actor, id)` is list name → label; `people(actor,
    id, list name, now)` the select of ids of Person. `fields` are further personal fields by language. `links(actor, id,
    person_ids, now)` makes one link for each person and returns person id → link id. `asked` is told who is texted.
    `ahead(actor, now)` lists (id, name) of what people can still join by a keyword.
    `confirming` are the lists whose yes confirms; `occasion(actor, id)` says when it is, `steps(actor, id)` which series it comes with.
    """

    name: Callable[[Actor, int], str]
    audiences: Callable[[Actor, int], Mapping[str, str]]
    people: Callable[[Actor, int, str, datetime], Select]
    purpose: str = "organizing"
    fields: Callable[[Actor, int, str], Mapping[str, str]] = _no_fields
    bodies: Callable[[Actor, int, str], Mapping[str, str]] = _no_bodies
    links: Callable[[Actor, int, list[int], datetime], Mapping[int, int]] | None = None
    asked: Callable[[Actor, int, list[int], datetime], None] = _nobody_asked
    ahead: Callable[[Actor, datetime], list[tuple[int, str]]] = _nothing_ahead
    confirming: frozenset[str] = frozenset()
    occasion: Callable[[Actor, int], Occasion | None] = _no_occasion
    steps: Callable[[Actor, int], Sequence[StepWords]] = _no_steps

    def purpose_of(self, audience: str) -> str:
        """What a text to this list is for: who said yes already is asked to say it again."""
        return "confirm" if audience in self.confirming else self.purpose


SUBJECTS: dict[str, Subject] = {}


def subject_of(kind: str) -> Subject:
    """The registered subject of that kind, or Missing."""
    if kind not in SUBJECTS:
        raise Missing
    return SUBJECTS[kind]
