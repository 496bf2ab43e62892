"""Asks: whom to ask next and why, what was tried with whom, and what organizers and units bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, or_, select, true

from crm.assemblies.models import Assembly, AssemblyPartner
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.people.models import Person
from crm.turnout import rules
from crm.turnout.models import Ask, Attendance, Goal, Rsvp
from crm.turnout.queries.past import heads, total


@dataclass(frozen=True)
class Bringing:
    """What one organizer, way or unit brings: whom they asked, who said yes and confirmed, and what came of it before."""

    name: str
    asks: int = 0
    yes: int = 0
    confirmed: int = 0
    came: int = 0
    of: int = 0
    goal: int | None = None
    goal_id: int | None = None

    @property
    def rate(self) -> float:
        """Their own show rate, drawn toward the default while few are seen."""
        return rules.show_rate(self.came, self.of)


def brings_people(assembly_id: int, partner_id: int) -> bool:
    """Whether an organization is a partner of the assembly and has not declined."""
    row = select(AssemblyPartner.id).where(AssemblyPartner.assembly_id == assembly_id, AssemblyPartner.partner_id == partner_id)
    return session().scalar(row.where(AssemblyPartner.state != "declined")) is not None


def by_next_ask(query: Select, assembly: Assembly, today: date, now: datetime) -> tuple[Select, tuple[Any, Any]]:
    """Keeps of a list of RSVPs those who may be asked now, best next ask first: what one more ask adds (rules.asks), most first."""
    tries = (
        select(Ask.person_id, func.sum(case((Ask.outcome.in_(rules.UNHEARD), 1), else_=0)).label("unheard"),
               func.max(case((Ask.how != "text", Ask.asked_at))).label("spoken_at"), func.max(case((Ask.outcome == "wrong_number", 1), else_=0)).label("wrong"))
        .where(Ask.assembly_id == assembly.id).group_by(Ask.person_id).subquery()
    )  # fmt: skip
    came = exists().where(Attendance.partner_id == Rsvp.partner_id, Attendance.person_id == Rsvp.person_id, Attendance.undone_at.is_(None),
                          Attendance.assembly_id != assembly.id)  # fmt: skip
    unheard = func.coalesce(tries.c.unheard, 0)
    left = case(*((unheard == n, percent) for n, percent in rules.AFTER_TRIES.items()), else_=rules.AFTER_MANY)
    adds = case(*((Rsvp.state == state, points) for state, points in rules.ADDS.items()), else_=0)
    rank = (-adds * heads() * left * case((came, rules.CAME_BEFORE), else_=100)).label("rank")
    is_near = (assembly.day - today).days <= rules.CONFIRM_AGAIN_WITHIN
    again = and_(Rsvp.state == "confirmed", Rsvp.confirmed_at < now - rules.CONFIRM_AGAIN_AFTER, true() if is_near else ~true())
    query = query.add_columns(rank).outerjoin(tries, tries.c.person_id == Rsvp.person_id).where(
        or_(Rsvp.state.in_(("yes", "maybe", "invited")), again), func.coalesce(tries.c.wrong, 0) == 0,
        or_(tries.c.spoken_at.is_(None), tries.c.spoken_at < now - rules.REST),
    )  # fmt: skip
    return query, (rank, Rsvp.id)


def asks_of(assembly_id: int, person_ids: Sequence[int]) -> dict[int, list[Ask]]:
    """What was tried with each of these people for an assembly, newest first."""
    found: dict[int, list[Ask]] = {}
    if person_ids:
        query = select(Ask).where(Ask.assembly_id == assembly_id, Ask.person_id.in_(person_ids)).order_by(Ask.asked_at.desc(), Ask.id.desc())
        for ask in session().scalars(query):
            found.setdefault(ask.person_id, []).append(ask)
    return found


def organizers(actor: Actor, assembly_id: int, goals: Sequence[Goal]) -> list[Bringing]:
    """Own organizers by what they bring: a person whose yes two of them heard counts for both. Most brought first."""
    return _with_goals(_asked_by(actor, assembly_id, Ask.asked_by, Ask.how != "text"), [one for one in goals if one.kind == "organizer"])


def ways(actor: Actor, assembly_id: int) -> list[Bringing]:
    """The same by how people were asked; `name` is a key of rules.WAYS."""
    return _asked_by(actor, assembly_id, Ask.how)


def units(actor: Actor, assembly_id: int, goals: Sequence[Goal]) -> list[Bringing]:
    """Own people by unit (the neighborhood or building on their record): those who said yes and confirmed."""
    query = (
        select(Person.neighborhood, func.count(), total(case((Rsvp.state.in_(rules.COMING), heads()), else_=0)),
               total(case((Rsvp.state == "confirmed", heads()), else_=0)))
        .join(Person, and_(Person.org_id == Rsvp.partner_id, Person.id == Rsvp.person_id))
        .where(Rsvp.assembly_id == assembly_id, Rsvp.partner_id == actor.org_id, Person.neighborhood != "").group_by(Person.neighborhood)
    )  # fmt: skip
    found = [Bringing(name, asked, int(yes), int(confirmed)) for name, asked, yes, confirmed in session().execute(query)]
    return _with_goals(found, [one for one in goals if one.kind == "unit"])


def goals_of(assembly_id: int) -> list[Goal]:
    """The goals that the actor's organization may see."""
    return list(session().scalars(select(Goal).where(Goal.assembly_id == assembly_id).order_by(Goal.kind, Goal.name, Goal.id)))


def _asked_by(actor: Actor, assembly_id: int, column: Any, *where: Any) -> list[Bringing]:
    """By a column of asks: whom they asked for this assembly, and who of the yeses they heard came to those that are over."""
    heard = and_(Ask.outcome.in_(("yes", "confirmed")), Rsvp.state.in_(rules.COMING))
    here, over = Ask.assembly_id == assembly_id, and_(Ask.assembly_id != assembly_id, Assembly.state == "finished")
    came = exists().where(Attendance.rsvp_id == Rsvp.id, Attendance.undone_at.is_(None))

    def people(*which: Any) -> Any:
        return func.count(case((and_(*which), Rsvp.id)).distinct())

    query = (
        select(column, func.count(case((here, 1))), people(here, heard), people(here, heard, Rsvp.state == "confirmed"), people(over, heard, came),
               people(over, heard))
        .join(Rsvp, and_(Rsvp.partner_id == Ask.org_id, Rsvp.person_id == Ask.person_id, Rsvp.assembly_id == Ask.assembly_id))
        .join(Assembly, Assembly.id == Ask.assembly_id)
        .where(Ask.org_id == actor.org_id, *where).group_by(column)
    )  # fmt: skip
    return _sorted(Bringing(name, *map(int, counts)) for name, *counts in session().execute(query) if counts[0])


def _with_goals(found: list[Bringing], goals: Sequence[Goal]) -> list[Bringing]:
    by_name = {one.name: one for one in found} | {goal.name: Bringing(goal.name) for goal in goals if goal.name not in {one.name for one in found}}
    target = {goal.name: goal for goal in goals}
    return _sorted(
        Bringing(one.name, one.asks, one.yes, one.confirmed, one.came, one.of, target[name].target, target[name].id) if name in target else one
        for name, one in by_name.items()
    )


def _sorted(rows: Any) -> list[Bringing]:
    return sorted(rows, key=lambda one: (-one.yes, -one.asks, one.name))
