"""Rosters as rolls of a vote: who of an assembly's participants votes, and who does not and why. Reads of the convener alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from crm.assemblies.models import Assembly, Delegation, Lot, LotInvitation, LotPlace, Participant
from crm.assemblies.queries.recruitment import household_of, told_of
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.links import token_of
from crm.organizations.models import Organization


@dataclass(frozen=True)
class Coded:
    """A place on a roster that is known by a code or a name alone, and what those drawn by lot said of themselves when they were invited."""

    code: str
    name: str = ""
    phone: str = ""
    language: str = "en"
    address: str = ""


def assemblies_with_rosters(actor: Actor) -> list[tuple[Assembly, dict[str, int]]]:
    """The organization's own assemblies with people who vote, the latest first, and how many vote in each role."""
    counts = (
        select(Participant.assembly_id, Participant.role, func.count().label("n"))
        .where(Participant.org_id == actor.org_id, Participant.is_voting)
        .group_by(Participant.assembly_id, Participant.role).subquery()
    )
    query = select(Assembly, counts.c.role, counts.c.n).join(counts, counts.c.assembly_id == Assembly.id)
    query = query.where(Assembly.org_id == actor.org_id, Assembly.state != "cancelled").order_by(Assembly.day.desc(), Assembly.id.desc(), counts.c.role)
    found: dict[int, tuple[Assembly, dict[str, int]]] = {}
    for assembly, role, n in session().execute(query.limit(200)):
        found.setdefault(assembly.id, (assembly, {}))[1][role] = n
    return list(found.values())


def own_assembly(actor: Actor, assembly_id: int) -> bool:
    """Whether the actor's organization convenes it."""
    return session().scalar(select(Assembly.id).where(Assembly.id == assembly_id, Assembly.org_id == actor.org_id)) is not None


def roster_roll(assembly_id: int, role: str | None) -> list[tuple[int, int | None, int | None]]:
    """Who votes, of one role or of all: (organization, its person, else the place of whoever has no record), in the order in which they came."""
    query = select(Participant.partner_id, Participant.person_id, Participant.id).where(Participant.assembly_id == assembly_id, Participant.is_voting)
    if role is not None:
        query = query.where(Participant.role == role)
    rows = session().execute(query.order_by(Participant.id))
    return [(partner_id, person_id, place_id if person_id is None else None) for partner_id, person_id, place_id in rows]


def left_out_of_roll(assembly_id: int) -> dict[str, int]:
    """Who is on the roster and not on the roll, by their role, which has no vote."""
    without = select(Participant.role, func.count()).where(Participant.assembly_id == assembly_id, Participant.is_voting.is_(False))
    return dict(session().execute(without.group_by(Participant.role).order_by(Participant.role)).all())


def coded_seats(participant_ids: Collection[int]) -> dict[int, Coded]:
    """Places on a roster without a record, by id: the code, and for those drawn by lot what their household's invitation told, while it is kept.

    The convener alone has the invitations; another organization reads codes only.
    """
    if not participant_ids:
        return {}
    drawn = (
        select(Participant.id, Participant.shown_name, LotPlace.code, Lot.recruitment_id)
        .outerjoin(LotPlace, (LotPlace.participant_id == Participant.id) & LotPlace.declined_at.is_(None)).outerjoin(Lot, Lot.id == LotPlace.lot_id)
        .where(Participant.id.in_(participant_ids))
    )
    rows = session().execute(drawn.order_by(Participant.id)).all()
    numbers = {(row.recruitment_id, int(row.code[1:])): row.id for row in rows if row.recruitment_id is not None}
    wanted = LotInvitation.recruitment_id.in_({recruitment for recruitment, _n in numbers}), LotInvitation.number.in_({n for _recruitment, n in numbers})
    invited = {(one.recruitment_id, one.number): one for one in session().scalars(select(LotInvitation).where(*wanted))} if numbers else {}
    told = {numbers[place]: one for place, one in invited.items() if place in numbers}
    return {row.id: _coded(row.shown_name, told.get(row.id)) for row in rows}


def _coded(code: str, invitation: LotInvitation | None) -> Coded:
    if invitation is None:
        return Coded(code)
    household, said = household_of(invitation), told_of(invitation)
    address = ", ".join(part for part in (household.address, household.city, household.postcode) if part)
    return Coded(code, said.get("name") or household.name, said.get("phone", ""), said.get("language") or household.language or "en", address)


def unrecorded(assembly_id: int) -> list[Participant]:
    """Places on the roster that no organization has a record of, by code or name."""
    query = select(Participant).where(Participant.assembly_id == assembly_id, Participant.person_id.is_(None), Participant.shown_name != "")
    return list(session().scalars(query.order_by(Participant.shown_name, Participant.id)))


def seat_of_letter(assembly_id: int, token: str) -> int | None:
    """The place of whoever was drawn from the household that holds this letter's link; it stays known after the link has ended."""
    drawn = (
        select(LotPlace.participant_id, LotPlace.code, Lot.recruitment_id).join(Lot, Lot.id == LotPlace.lot_id)
        .where(Lot.assembly_id == assembly_id, Lot.recruitment_id.is_not(None), LotPlace.participant_id.is_not(None), LotPlace.declined_at.is_(None))
    )
    places = {(recruitment_id, int(code[1:])): id for id, code, recruitment_id in session().execute(drawn)}
    letters = select(LotInvitation.recruitment_id, LotInvitation.number, LotInvitation.link_id).where(
        LotInvitation.recruitment_id.in_({recruitment for recruitment, _n in places}), LotInvitation.number.in_({n for _recruitment, n in places}))
    found = session().execute(letters) if places else ()
    return next((places[recruitment, n] for recruitment, n, link_id in found if (recruitment, n) in places and token_of(link_id) == token), None)


def non_voters(assembly_id: int) -> set[tuple[int, int | None, int | None]]:
    """Whoever is on the roster without a vote: (organization, its person, else the place of whoever has no record)."""
    query = select(Participant.partner_id, Participant.person_id, Participant.id).where(
        Participant.assembly_id == assembly_id, Participant.is_voting.is_(False))
    return {(partner_id, person_id, id if person_id is None else None) for partner_id, person_id, id in session().execute(query)}


def rostering_organizations(assembly_ids: Sequence[int]) -> list[Organization]:
    """Organizations whose people vote at these assemblies, by name."""
    voting = select(Participant.partner_id).where(Participant.assembly_id.in_(assembly_ids), Participant.is_voting)
    return list(session().scalars(select(Organization).where(Organization.id.in_(voting)).order_by(Organization.name, Organization.id)))


def mandates_of(assembly_id: int) -> list[tuple[Organization, int]]:
    """How many seats each organization's delegations have by the formula and the reserve, by name; those without a seat are left out."""
    seats = func.sum(Delegation.seats + Delegation.reserved)
    query = (
        select(Organization, seats).join(Delegation, Delegation.partner_id == Organization.id)
        .where(Delegation.assembly_id == assembly_id, Delegation.seats.is_not(None))
        .group_by(Organization.id).having(seats > 0).order_by(Organization.name, Organization.id)
    )
    return [(organization, int(n)) for organization, n in session().execute(query)]
