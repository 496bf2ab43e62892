"""Saved lists: their doors, and the one statement that each stands for."""

from datetime import datetime

from sqlalchemy import Select, func, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.people.models import Person, Segment
from crm.people.queries.facts import clause_of


def segment_for(actor: Actor, segment_id: int, lock: bool = False) -> Segment:
    """The segment, if it is this organization's."""
    wanted = select(Segment).where(Segment.id == segment_id)
    segment = session().scalar(wanted.with_for_update() if lock else wanted)
    if segment is None or not actor.may(Action.SEE_PEOPLE):
        raise Missing
    return segment


def segments(actor: Actor) -> list[Segment]:
    """All saved lists, by name."""
    return list(session().scalars(select(Segment).order_by(Segment.name)))


def people_where(definition: dict, now: datetime) -> Select:
    """Select of the ids of the people a tree stands for; give it to .in_() or join it: it stays one statement."""
    return select(Person.id).where(clause_of(definition, now))


def segment_people(actor: Actor, segment_id: int, *, now: datetime) -> Select:
    """Select of the ids of the people in a saved list."""
    return people_where(segment_for(actor, segment_id).definition, now)


segment_select = segment_people


def count_people(definition: dict, now: datetime) -> int:
    """How many people a tree stands for."""
    return session().scalar(select(func.count()).select_from(Person).where(clause_of(definition, now)))


def segment_count(actor: Actor, segment_id: int, *, now: datetime) -> int:
    """How many people are in a saved list."""
    return count_people(segment_for(actor, segment_id).definition, now)


def count_segments(of: list[Segment], now: datetime) -> list[int]:
    """The counts of several lists, in one statement."""
    if not of:
        return []
    counts = [select(func.count()).select_from(Person).where(clause_of(s.definition, now)).scalar_subquery() for s in of]
    return list(session().execute(select(*counts)).one())
