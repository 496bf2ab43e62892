"""Doors and reads of assemblies. The circle of commons lets more rows through than these doors do."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from crm.assemblies.models import (
    AgendaItem,
    Assembly,
    AssemblyAddress,
    AssemblyPartner,
    AssemblySession,
    AssemblyTask,
    Committee,
    CommitteeSeat,
    GoverningPower,
    Lot,
    LotPlace,
    Participant,
)
from crm.assemblies.rules.states import LIVE, is_closed_to
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.once import once
from crm.infra.web import Page, keyset
from crm.kernel.refusal import Missing
from crm.organizations.models import CoalitionMembership, Organization

PANELS: list[Callable[[Actor, Assembly], dict[str, Any]]] = []
"""What later rooms show on an assembly's page: context for `_summary.html` parts; filled in create_app."""
PUBLIC_PANELS: list[Callable[[Assembly], dict[str, Any]]] = []  # the same for its public page
PLEDGES: list[Callable[[Actor, list[int]], dict[tuple[int, int], Any]]] = []
"""Facts by (assembly id, partner id) with .pledged, .yes, .confirmed and .came, for the partners page."""
TABS: list[tuple[str, str]] = []
"""Tabs that later rooms add to an assembly: (endpoint taking id, words)."""
OWN_TABS: list[tuple[str, str]] = []
"""The same, for the convener alone."""


def within_reach(actor: Actor) -> ColumnElement[bool]:
    """The convener's own, those it is asked to or has agreed to join, and those its coalitions convene."""
    joined = select(AssemblyPartner.id).where(
        AssemblyPartner.assembly_id == Assembly.id, AssemblyPartner.partner_id == actor.org_id, AssemblyPartner.state != "declined"
    ).correlate(Assembly).exists()
    coalitions = select(CoalitionMembership.coalition_id).where(
        CoalitionMembership.member_id == actor.org_id, CoalitionMembership.ended_at.is_(None)
    )
    return or_(Assembly.org_id == actor.org_id, joined, Assembly.org_id.in_(coalitions))


def assembly_for(actor: Actor, id: int, lock: bool = False) -> Assembly:
    """The assembly, for its convener, its partners and the members of a convening coalition."""
    query = select(Assembly).where(Assembly.id == id, within_reach(actor))
    return _one(query, lock) if lock else once(("assembly", actor.org_id, id), lambda: _one(query, lock))


def assembly_to_run(actor: Actor, id: int, lock: bool = False) -> Assembly:
    """The assembly, for its convener alone: the door of everything that changes it."""
    return _one(select(Assembly).where(Assembly.id == id, Assembly.org_id == actor.org_id), lock)


def session_for(actor: Actor, assembly_id: int, id: int, lock: bool = False) -> AssemblySession:
    """A session of an assembly within reach, for whoever was not asked to leave it: the door of its notes and its live page."""
    query = select(AssemblySession).join(Assembly, Assembly.id == AssemblySession.assembly_id)
    found = _one(query.where(AssemblySession.id == id, Assembly.id == assembly_id, within_reach(actor)), lock)
    if closed_sessions(actor, [found]):
        raise Missing()
    return found


def closed_sessions(actor: Actor, sessions: Iterable[AssemblySession]) -> set[int]:
    """Which of these sessions are closed to the actor's organization: its staff or officials are asked to leave them."""
    closing = [one for one in sessions if one.closed_to and one.org_id != actor.org_id]
    is_government = bool(closing) and session().get_one(Organization, actor.org_id).kind == "government"
    return {one.id for one in closing if is_closed_to(one.closed_to, False, is_government)}


def partner_row_for(actor: Actor, assembly_id: int, lock: bool = False) -> AssemblyPartner:
    """The actor's own place among the partners of an assembly; an answer can be changed, also from no."""
    return _one(select(AssemblyPartner).where(AssemblyPartner.assembly_id == assembly_id, AssemblyPartner.partner_id == actor.org_id), lock)


def _one(query: Any, lock: bool) -> Any:
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing()
    return found


def part_of(model: Any, assembly: Assembly, id: int) -> Any:
    """A row that belongs to an assembly whose door has been passed."""
    return _one(select(model).where(model.id == id, model.assembly_id == assembly.id), False)


@dataclass(frozen=True)
class Listed:
    """An assembly in a list, with its first session to come and how many partners have accepted."""

    assembly: Assembly
    convener: str
    opens_at: datetime | None
    place: str
    partners: int


def assemblies_page(actor: Actor, after: str | None, *, is_past: bool) -> tuple[list[Listed], str | None]:
    """One page of assemblies within reach: those alive by day, or those over with the latest first."""
    query = select(Assembly).where(within_reach(actor), Assembly.state.in_(LIVE) != is_past)
    order = (Assembly.day.desc(), Assembly.id.desc()) if is_past else (Assembly.day, Assembly.id)
    page: Page = keyset(query, order, after, size=30)
    ids = [assembly.id for assembly in page.rows]
    first = _first_sessions(ids)
    counts = dict(
        session()
        .execute(
            select(AssemblyPartner.assembly_id, func.count())
            .where(AssemblyPartner.assembly_id.in_(ids), AssemblyPartner.state == "accepted")
            .group_by(AssemblyPartner.assembly_id)
        )
        .all()
    )
    names = _names({assembly.org_id for assembly in page.rows})
    listed = [Listed(a, names[a.org_id], *first.get(a.id, (None, "")), partners=counts.get(a.id, 0)) for a in page.rows]
    return listed, page.next


def _first_sessions(ids: list[int]) -> dict[int, tuple[datetime, str]]:
    """When and where the main day begins: the first session on the assembly's day, or else its first."""
    query = (
        select(AssemblySession.assembly_id, AssemblySession.starts_at, AssemblySession.place)
        .join(Assembly, Assembly.id == AssemblySession.assembly_id)
        .where(AssemblySession.assembly_id.in_(ids))
        .order_by(AssemblySession.day == Assembly.day, AssemblySession.starts_at.desc())
    )
    return {assembly_id: (starts_at, place) for assembly_id, starts_at, place in session().execute(query)}


def _names(ids: set[int]) -> dict[int, str]:
    query = select(Organization.id, Organization.name).where(Organization.id.in_(ids))
    return dict(session().execute(query).all())


def next_assembly(actor: Actor, now: datetime) -> Assembly | None:
    """The assembly within reach whose day comes next and that is not over; what This week opens with."""
    ahead = select(func.max(AssemblySession.ends_at)).where(AssemblySession.assembly_id == Assembly.id).scalar_subquery()
    query = (
        select(Assembly)
        .where(within_reach(actor), Assembly.state.in_(LIVE), ahead >= now)
        .order_by(Assembly.state == "draft", Assembly.day, Assembly.id)
    )
    return session().scalar(query.limit(1))


def assemblies_ahead(actor: Actor, now: datetime, most: int = 30) -> list[Assembly]:
    """Assemblies within reach that people may still come to, the next first."""
    ends = select(func.max(AssemblySession.ends_at)).where(AssemblySession.assembly_id == Assembly.id).scalar_subquery()
    query = select(Assembly).where(within_reach(actor), Assembly.state.in_(("announced", "under_way")), ends >= now)
    return list(session().scalars(query.order_by(Assembly.day, Assembly.id).limit(most)))


def convener_of(assembly: Assembly) -> Organization:
    """The organization that convenes."""
    return session().get_one(Organization, assembly.org_id)


def sessions_of(assembly: Assembly) -> list[AssemblySession]:
    """Its sessions, in order of time."""
    query = select(AssemblySession).where(AssemblySession.assembly_id == assembly.id)
    return [*once(("sessions", assembly.id), lambda: session().scalars(query.order_by(AssemblySession.starts_at, AssemblySession.id)).all())]


def main_session(assembly: Assembly, sessions: list[AssemblySession]) -> AssemblySession | None:
    """The session of the day itself; without one, the last."""
    return next((s for s in sessions if s.day == assembly.day), sessions[-1] if sessions else None)


def coming_session(assembly: Assembly, sessions: list[AssemblySession], now: datetime) -> AssemblySession | None:
    """The session that is on or comes next: what a door or a table is made ready for; after the last one, the day's own."""
    return next((s for s in sessions if now < s.ends_at), main_session(assembly, sessions))


def agenda_of(assembly: Assembly) -> dict[int, list[AgendaItem]]:
    """Agenda items by session id, in order."""
    query = select(AgendaItem).where(AgendaItem.assembly_id == assembly.id)
    by_session = defaultdict(list)
    for item in session().scalars(query.order_by(AgendaItem.position, AgendaItem.id)):
        by_session[item.session_id].append(item)
    return by_session


def partners_of(assembly: Assembly) -> list[tuple[AssemblyPartner, Organization]]:
    """Partners with their organizations: conveners first, then by name."""
    query = (
        select(AssemblyPartner, Organization)
        .join(Organization, Organization.id == AssemblyPartner.partner_id)
        .where(AssemblyPartner.assembly_id == assembly.id)
        .order_by(AssemblyPartner.role, Organization.name)
    )
    return [tuple(row) for row in session().execute(query)]


def tasks_of(assembly: Assembly) -> list[AssemblyTask]:
    """Its tasks by date."""
    query = select(AssemblyTask).where(AssemblyTask.assembly_id == assembly.id)
    return list(session().scalars(query.order_by(AssemblyTask.due_on, AssemblyTask.days, AssemblyTask.id)))


def committees_of(assembly: Assembly) -> list[tuple[Committee, list[CommitteeSeat]]]:
    """Its committees, each with its seats."""
    seats = defaultdict(list)
    for seat in session().scalars(
        select(CommitteeSeat).where(CommitteeSeat.assembly_id == assembly.id).order_by(CommitteeSeat.id)
    ):
        seats[seat.committee_id].append(seat)
    query = select(Committee).where(Committee.assembly_id == assembly.id).order_by(Committee.id)
    return [(committee, seats[committee.id]) for committee in session().scalars(query)]


def powers_of(assembly: Assembly) -> list[GoverningPower]:
    """Its steps on the spectrum of governing power, newest first."""
    query = select(GoverningPower).where(GoverningPower.assembly_id == assembly.id)
    return list(session().scalars(query.order_by(GoverningPower.set_at.desc(), GoverningPower.id.desc())))


def participants_page(actor: Actor, assembly: Assembly, role: str, after: str | None) -> Page:
    """One page of the roster: all of it for the convener, its own people for a partner."""
    query = select(Participant).where(Participant.assembly_id == assembly.id)
    if role:
        query = query.where(Participant.role == role)
    return keyset(query, (Participant.shown_name, Participant.id), after, size=100)


def participants_by_role(actor: Actor, assembly: Assembly) -> list[tuple[str, int, int]]:
    """(role, people, of whom voting) on the roster that the actor may see."""
    votes = func.count().filter(Participant.is_voting)
    query = select(Participant.role, func.count(), votes).where(Participant.assembly_id == assembly.id)
    return [tuple(row) for row in session().execute(query.group_by(Participant.role).order_by(Participant.role))]


def address_of(slug: str) -> tuple[int, int]:
    """Where a public address leads, before an organization is known: (organization id, assembly id)."""
    query = select(AssemblyAddress.org_id, AssemblyAddress.assembly_id).where(AssemblyAddress.slug == slug)
    found = session().execute(query).one_or_none()
    if found is None:
        raise Missing()
    return found.org_id, found.assembly_id


def public_assembly(id: int) -> Assembly:
    """The assembly at a public address, once it is announced; a cancelled one stays, to say so."""
    query = select(Assembly).where(Assembly.id == id, Assembly.announced_at.is_not(None))
    return _one(query, False)


def lot_for(assembly: Assembly, id: int, lock: bool = False) -> Lot:
    """A draw by lot of an assembly whose door has been passed."""
    return _one(select(Lot).where(Lot.id == id, Lot.assembly_id == assembly.id), lock)


def public_lot(assembly: Assembly, id: int) -> Lot:
    """A draw by lot whose pool is frozen, of an announced assembly."""
    return _one(select(Lot).where(Lot.id == id, Lot.assembly_id == assembly.id, Lot.frozen_at.is_not(None)), False)


def lots_of(assembly: Assembly, *, is_frozen: bool = False) -> list[Lot]:
    """Draws by lot, the latest first; for the public those whose pool is frozen."""
    query = select(Lot).where(Lot.assembly_id == assembly.id, *([Lot.frozen_at.is_not(None)] if is_frozen else []))
    return list(session().scalars(query.order_by(Lot.id.desc()).limit(100)))


def places_of(lot: Lot) -> list[LotPlace]:
    """Who was drawn, by code: first by the draw, then as replacements."""
    return list(session().scalars(select(LotPlace).where(LotPlace.lot_id == lot.id).order_by(LotPlace.id)))


@dataclass(frozen=True)
class Place:
    """A partner's place in one assembly, on the partners page."""

    assembly: Assembly
    row: AssemblyPartner


def places_of_partners(actor: Actor) -> dict[int, list[Place]]:
    """By organization, its places in assemblies within the actor's reach, the latest two hundred of all."""
    query = (
        select(Assembly, AssemblyPartner)
        .join(AssemblyPartner, AssemblyPartner.assembly_id == Assembly.id)
        .where(within_reach(actor), Assembly.state != "cancelled")
        .order_by(Assembly.day.desc(), Assembly.id.desc())
        .limit(200)
    )
    places = defaultdict(list)
    for assembly, row in session().execute(query):
        places[row.partner_id].append(Place(assembly, row))
    return places
