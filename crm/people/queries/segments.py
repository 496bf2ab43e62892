"""Saved lists: their doors, and the one statement that each stands for."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from crm.infra.audit import Event
from crm.infra.auth import SYSTEM, Actor
from crm.infra.db import session
from crm.infra.patience import TooLong, at_most
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.people import rules
from crm.people.models import Person, Segment
from crm.people.queries.facts import clause_of, private_facts

PATIENCE = 0.4  # seconds that a page waits for counts; what takes longer is counted when someone asks for it
SEGMENT_USES: list[Callable[[Actor, Sequence[int]], Iterable[tuple[int, str, str]]]] = []
"""Where lists are used, as (list, marked words, name) per room; filled in create_app."""


def segment_for(actor: Actor, segment_id: int, lock: bool = False) -> Segment:
    """The list, if it is this organization's, and shared or this actor's own, and asks nothing that is closed to them."""
    wanted = _visible(actor).where(Segment.id == segment_id)
    segment = session().scalar(wanted.with_for_update() if lock else wanted)
    if segment is None or not actor.may(Action.SEE_PEOPLE) or _is_closed(actor, [segment]):
        raise Missing
    return segment


def segments(actor: Actor) -> list[Segment]:
    """The saved lists that this actor may open, by name."""
    found = list(session().scalars(_visible(actor).order_by(Segment.name)))
    closed = _is_closed(actor, found)
    return [segment for segment in found if segment.id not in closed]


def _is_closed(actor: Actor, found: Sequence[Segment]) -> set[int]:
    """Which of these lists ask a field that is closed to the actor; what they hold would tell it."""
    asked = {segment.id: {name for name in rules.facts_in(segment.definition) if name.startswith("custom:")} for segment in found}
    closed = private_facts(actor) if any(asked.values()) else set()
    return {id for id, names in asked.items() if names & closed}


def _visible(actor: Actor) -> Select:
    if actor.name == SYSTEM:  # a job works with the list that its caller was allowed
        return select(Segment)
    return select(Segment).where(or_(Segment.is_shared, Segment.account_id == actor.account_id))


def uses_of(actor: Actor, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """What uses each of these lists, as (marked words, name)."""
    uses: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for room in SEGMENT_USES if ids else ():
        for segment_id, words, name in room(actor, ids):
            uses[segment_id].append((words, name))
    return uses


def removed_segments(actor: Actor) -> list[Event]:
    """The lists that were removed last and could be brought back: one event each, newest first."""
    here = select(Segment.id).where(Segment.id == Event.subject_id)
    mine = or_(Event.account_id == actor.account_id, Event.account_id.is_(None))
    gone = select(Event).where(Event.verb == "segment.removed", Event.subject_kind == "segment", mine, ~here.exists())
    found = session().scalars(gone.order_by(Event.at.desc(), Event.id.desc()).limit(20))
    return list({event.subject_id: event for event in reversed(list(found)) if "definition" in (event.before or {})}.values())[::-1][:5]


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


def count_segments(of: Sequence[dict], now: datetime, patience: float = PATIENCE) -> list[int | None]:
    """The counts of several trees, in one statement; None for each if that takes longer than a reader waits."""
    if not of:
        return []
    counts = [select(func.count()).select_from(Person).where(clause_of(tree, now)).scalar_subquery() for tree in of]
    try:
        with at_most(patience):
            return list(session().execute(select(*counts)).one())
    except TooLong:
        return [None] * len(of)
