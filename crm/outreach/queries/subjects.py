"""What lower rooms tell the composer about their things: an assembly's "said yes, not confirmed", a vote's roll.

Rooms below register one Subject per kind in create_app; outreach never imports them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select

from crm.infra.auth import Actor
from crm.kernel.refusal import Missing


def _no_fields(actor: Actor, subject_id: int, language: str) -> Mapping[str, str]:
    return {}


def _no_bodies(actor: Actor, subject_id: int, audience: str) -> Mapping[str, str]:
    return {}


def _nobody_asked(actor: Actor, subject_id: int, person_ids: list[int], now: datetime) -> None:
    """Texting people about it changes nothing there."""


@dataclass(frozen=True)
class Subject:
    """What a broadcast can be about.

    `name(actor, id)` is also the door: it raises Missing. `audiences(actor, id)` is list name → label; `people(actor,
    id, list name, now)` the select of ids of Person. `fields` are further personal fields by language. `links(actor, id,
    person_ids, now)` makes one link for each person and returns person id → link id. `asked` is told who is texted.
    """

    name: Callable[[Actor, int], str]
    audiences: Callable[[Actor, int], Mapping[str, str]]
    people: Callable[[Actor, int, str, datetime], Select]
    purpose: str = "organizing"
    fields: Callable[[Actor, int, str], Mapping[str, str]] = _no_fields
    bodies: Callable[[Actor, int, str], Mapping[str, str]] = _no_bodies
    links: Callable[[Actor, int, list[int], datetime], Mapping[int, int]] | None = None
    asked: Callable[[Actor, int, list[int], datetime], None] = _nobody_asked


SUBJECTS: dict[str, Subject] = {}


def subject_of(kind: str) -> Subject:
    """The registered subject of that kind, or Missing."""
    if kind not in SUBJECTS:
        raise Missing
    return SUBJECTS[kind]
