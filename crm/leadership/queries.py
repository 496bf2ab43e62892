"""Doors and reads of conversations and of the ladder."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.web import Page, keyset
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Missing
from crm.leadership.models import Conversation, RungMove
from crm.leadership.rules import DUE_DAYS, days_late
from crm.people.models import Person
from crm.people.queries import Column, PageLink, Panel, matches, rung_names
from crm.people.queries.columns import one_each
from crm.people.queries.facts import Fact, flag, happened, plain, times
from crm.people.rules import RUNGS

NEAR_THE_TOP = 1000  # so many people of the top of the ladder are compared for who waits longest


@dataclass(frozen=True)
class Due:
    """A next step that waits for an organizer."""

    conversation_id: int
    person_id: int
    name: str
    next_step: str
    follow_up_on: date
    organizer_name: str
    days_late: int


@dataclass(frozen=True)
class DueList:
    """The first few next steps that are due, and how many there are in all."""

    rows: list[Due]
    total: int


@dataclass
class Rung:
    """One rung now: its name, how many stand on it, who arrived lately."""

    number: int
    name: str
    count: int = 0
    arrived: int = 0
    arrivals: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Movement:
    """The ladder now, and how many people stand higher or lower than they did. Rung 0 is not on the ladder yet."""

    up: int
    back: int
    rungs: list[Rung]

    @property
    def on_ladder(self) -> list[Rung]:
        return self.rungs[1:]

    @property
    def everyone(self) -> int:
        return sum(rung.count for rung in self.rungs)


def conversation_for(actor: Actor, conversation_id: int, lock: bool = False) -> Conversation:
    """One conversation that the actor may read, or Missing."""
    query = select(Conversation).where(*_readable(actor), Conversation.id == conversation_id)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing()
    return found


def reads_everyones(actor: Actor) -> bool:
    """Whether the actor reads what others heard; a volunteer reads only their own talks."""
    return actor.may(Action.EDIT_PEOPLE)


def _readable(actor: Actor) -> list:
    own = [] if reads_everyones(actor) else [Conversation.account_id == actor.account_id]
    return [Conversation.org_id == actor.org_id, *own]


def conversations_due(actor: Actor, today: date, limit: int = 5, *, mine: bool = True) -> DueList:
    """Next steps that are late or come up within a week, the longest waiting first."""
    total = func.count().over()
    rows = session().execute(_due(actor, today, mine).add_columns(total).limit(limit)).all()
    return DueList([_read_due(c, p, today) for c, p, _total in rows], rows[0][2] if rows else 0)


def all_due(actor: Actor, today: date, after: str | None, *, mine: bool) -> Page:
    """Every next step that is not done, by its day."""
    query = select(Conversation, Person).join(*_person()).where(*_open(actor, mine))
    page = keyset(query, (Conversation.follow_up_on, Conversation.id), after)
    return Page([_read_due(c, p, today) for c, p in page.rows], page.next)


def _due(actor: Actor, today: date, mine: bool) -> Select:
    until = today + timedelta(days=DUE_DAYS - 1)
    return (
        select(Conversation, Person)
        .join(*_person())
        .where(*_open(actor, mine), Conversation.follow_up_on <= until)
        .order_by(Conversation.follow_up_on, Conversation.id)
    )


def _person() -> tuple:
    return Person, (Person.org_id == Conversation.org_id) & (Person.id == Conversation.person_id)


def _open(actor: Actor, mine: bool) -> list:
    waits = [Conversation.done_at.is_(None), Conversation.follow_up_on.is_not(None)]
    whose = [Conversation.account_id == actor.account_id] if mine else []
    return [*_readable(actor), *waits, *whose]


def _read_due(talk: Conversation, person: Person, today: date) -> Due:
    late = days_late(talk.follow_up_on, today)
    return Due(talk.id, person.id, person.name, talk.next_step, talk.follow_up_on, talk.organizer_name, late)


def people_to_talk_with(actor: Actor, text: str, few: int = 12) -> list[tuple[Person, datetime | None]]:
    """People whose name is searched, else those nobody has talked to for longest, highest on the ladder first."""
    if text:
        asked = select(Person.id).where(*matches(actor, text)).order_by(Person.name_folded, Person.id).limit(few)
    else:
        asked = select(Person.id).order_by(Person.below_top, Person.name_folded, Person.id).limit(NEAR_THE_TOP)
    ids = asked.subquery()
    last = select(func.max(Conversation.held_at)).where(Conversation.org_id == Person.org_id, Conversation.person_id == Person.id)
    last = last.scalar_subquery().label("last")
    query = select(Person, last).join(ids, ids.c.id == Person.id)
    order = () if text else (Person.below_top, last.is_not(None), last)
    return [tuple(row) for row in session().execute(query.order_by(*order, Person.name_folded, Person.id).limit(few))]


_FROM_ABOVE = {"at_least": "at_most", "at_most": "at_least"}


def _on_rung(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
    """Asked of the rungs above, since that is what the index has."""
    return plain(Person.below_top, int)(_FROM_ABOVE.get(comparison, comparison), str(len(RUNGS) - 1 - int(value)), now)


def conversations_with(actor: Actor, person_id: int, limit: int = 5) -> list[Conversation]:
    """The latest conversations with a person, of those that the actor may read."""
    query = select(Conversation).where(*_readable(actor), Conversation.person_id == person_id, Conversation.held_at.is_not(None))
    return list(session().scalars(query.order_by(Conversation.held_at.desc(), Conversation.id.desc()).limit(limit)))


def ladder_movement(actor: Actor, since: datetime) -> Movement:
    """The ladder now and how it moved since; a person who went up and back again did not move."""
    net = _net_moves(actor, since)
    rungs = [Rung(number, name) for number, name in enumerate(rung_names(actor))]
    up = back = 0
    for below_top, count in session().execute(select(Person.below_top, func.count()).group_by(Person.below_top)):
        rungs[len(RUNGS) - 1 - below_top].count = count
    for stored, higher, lower in session().execute(_moved_by_rung(net)):
        rungs[stored].arrived = higher
        up, back = up + higher, back + lower
    for stored, given_name in session().execute(_arrivals(actor, net)):
        rungs[stored].arrivals.append(given_name)
    return Movement(up, back, rungs)


def _net_moves(actor: Actor, since: datetime):
    steps = func.sum(RungMove.to_rung - RungMove.from_rung)
    return (
        select(RungMove.person_id, steps.label("steps"))
        .where(RungMove.org_id == actor.org_id, RungMove.at >= since)
        .group_by(RungMove.person_id)
        .having(steps != 0)
        .subquery()
    )


def _moved_by_rung(net) -> Select:
    """How many of those who stand on a rung came up to it and back to it: a few of a long list, so the list itself is not read."""
    higher, lower = (func.sum(case((test, 1), else_=0)) for test in (net.c.steps > 0, net.c.steps < 0))
    return select(Person.rung, higher, lower).join(net, net.c.person_id == Person.id).group_by(Person.rung)


def _arrivals(actor: Actor, net, each: int = 3) -> Select:
    """A few given names for each rung to which people stepped up, where they are few enough to be named."""
    place = func.row_number().over(partition_by=Person.rung, order_by=(net.c.steps.desc(), Person.name_folded))
    named = (
        select(Person.rung, Person.given_name, place.label("place"))
        .join(net, net.c.person_id == Person.id)
        .where(Person.org_id == actor.org_id, net.c.steps > 0, Person.given_name != "")
        .subquery()
    )
    return select(named.c.rung, named.c.given_name).where(named.c.place <= each).order_by(named.c.rung, named.c.place)


def moves_since(actor: Actor, since: datetime, after: str | None, *, direction: str = "") -> Page:
    """Steps up and back since then, newest first, with the person: rows of (RungMove, Person)."""
    query = (
        select(RungMove, Person)
        .join(Person, (Person.org_id == RungMove.org_id) & (Person.id == RungMove.person_id))
        .where(RungMove.org_id == actor.org_id, RungMove.at >= since)
    )
    if direction:
        is_up = RungMove.to_rung > RungMove.from_rung
        query = query.where(is_up if direction == "up" else ~is_up)
    return keyset(query, (RungMove.at.desc(), RungMove.id.desc()), after)


PERSON_LINKS = [
    PageLink(N_("Log a one-on-one"), "talk", Action.LOG_CONVERSATIONS, "leadership.conversation_new_get", is_main=True),
]
"""The button that leadership puts at the head of a person's page."""


def person_panel(actor: Actor, person: Person) -> dict[str, Any] | None:
    """At the side of a person's page: the latest talk with what follows from it."""
    if not actor.may(Action.LOG_CONVERSATIONS):
        return None
    talks = conversations_with(actor, person.id, limit=1)
    return {"person": person, "talk": talks[0] if talks else None}


PERSON_PANELS = [Panel("leadership/_panel.html", person_panel)]


# --- for lists ---------------------------------------------------------------------------------------------------------


def _talked(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Conversation.org_id == Person.org_id, Conversation.person_id == Person.id, *more)


def _moved(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(RungMove.org_id == Person.org_id, RungMove.person_id == Person.id, *more)


def _waits(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
    due = _talked(Conversation.done_at.is_(None), Conversation.follow_up_on <= now.date())
    return ~due if comparison == "is_not" else due


def _talks() -> ColumnElement[int]:
    mine = and_(Conversation.org_id == Person.org_id, Conversation.person_id == Person.id)
    return select(func.count(Conversation.held_at)).where(mine).correlate(Person).scalar_subquery()


def _last_talk(ids: list[int]) -> Select:
    held = (Conversation.person_id.in_(ids), Conversation.held_at.is_not(None))
    return select(Conversation.person_id, func.max(Conversation.held_at)).where(*held).group_by(Conversation.person_id)


COLUMNS = [Column("talked", N_("Last one-on-one"), one_each(_last_talk))]
LADDER = N_("Ladder and one-on-ones")
FACTS = [
    Fact("rung", N_("Ladder"), "level", [(str(n), name) for n, name in enumerate(RUNGS)], _on_rung,
         N_("stand on the ladder at: %(value)s"), "", LADDER),
    Fact("assessment", N_("Assessment"), "score", [(str(n), str(n)) for n in range(1, 6)], plain(Person.assessment, int),
         N_("have the assessment %(value)s"), "", LADDER),
    Fact("talked", N_("One-on-one"), "date", None, happened(lambda *more: _talked(Conversation.held_at.is_not(None), *more), Conversation.held_at),
         N_("had a one-on-one"), N_("had no one-on-one"), LADDER),
    Fact("talks", N_("Number of one-on-ones"), "times", None, times(_talks()), N_("had one-on-ones: %(value)s"), "", LADDER),
    Fact("follow_up", N_("A next step is due"), "flag", None, _waits, N_("have a next step that is due"), N_("have no next step that is due"), LADDER),
    Fact("promised", N_("A next step is open"), "flag", None, flag(_talked(Conversation.done_at.is_(None), Conversation.follow_up_on.is_not(None))),
         N_("have an open next step"), N_("have no open next step"), LADDER),
    Fact("moved_up", N_("Went up the ladder"), "date", None, happened(lambda *more: _moved(RungMove.to_rung > RungMove.from_rung, *more), RungMove.at),
         N_("went up the ladder"), N_("did not go up the ladder"), LADDER),
    Fact("moved_back", N_("Went back on the ladder"), "date", None, happened(lambda *more: _moved(RungMove.to_rung < RungMove.from_rung, *more), RungMove.at),
         N_("went back on the ladder"), N_("did not go back on the ladder"), LADDER),
]
