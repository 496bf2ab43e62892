"""Doors and reads of delegations and credentials. The session shows a partner its own delegations and nobody else's."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from crm.assemblies.models import (
    Assembly,
    AssemblyPartner,
    Challenge,
    Credential,
    CredentialStep,
    Delegation,
    DelegationFormula,
    Federation,
    Participant,
)
from crm.assemblies.queries import part_of
from crm.assemblies.rules.credentials import WAITING, Report, report_of
from crm.assemblies.rules.delegations import Formula
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.web import Page, keyset
from crm.kernel.refusal import Missing
from crm.organizations.models import Organization
from crm.people.models import Person
from crm.people.queries.search import matches


def formula_row(assembly: Assembly, lock: bool = False) -> DelegationFormula | None:
    """The formula of an assembly, if it has one."""
    query = select(DelegationFormula).where(DelegationFormula.assembly_id == assembly.id)
    return session().scalar(query.with_for_update() if lock else query)


def formula_of(row: DelegationFormula) -> Formula:
    """The formula as the rules read it."""
    return Formula(row.basis, row.per, row.rounding, row.least, row.most, row.alternates_of, row.alternates_per, row.alternates_least)


@dataclass(frozen=True)
class Unit:
    """Whoever sends a delegation: an organization, or a local assembly that it convenes (child_id)."""

    partner_id: int
    child_id: int
    name: str


def names_in(assembly: Assembly, language: str) -> dict[int, str]:
    """What local assemblies that send delegations are called in a language, by their id; what a delegation keeps is its name in the convener's."""
    rows = session().execute(select(Federation.child_id, Federation.child_title).where(Federation.parent_id == assembly.id, Federation.state == "agreed"))
    return {child_id: title[language] for child_id, title in rows if title.get(language)}


def units_of(assembly: Assembly, language: str) -> list[Unit]:
    """Who may send a delegation: local assemblies that are part of it, and partners that have accepted and convene none of these."""
    local = session().execute(
        select(Federation.partner_id, Federation.child_id, Federation.child_title).where(Federation.parent_id == assembly.id, Federation.state == "agreed"))
    units = [Unit(partner_id, child_id, title.get(language) or next(iter(title.values()), "")) for partner_id, child_id, title in local]
    convening = {unit.partner_id for unit in units}
    partners = session().execute(
        select(Organization.id, Organization.name).join(AssemblyPartner, AssemblyPartner.partner_id == Organization.id)
        .where(AssemblyPartner.assembly_id == assembly.id, AssemblyPartner.state == "accepted"))
    units += [Unit(id, 0, name) for id, name in partners if id not in convening]
    return sorted(units, key=lambda unit: (unit.name.casefold(), unit.child_id))


def delegations_of(assembly: Assembly) -> list[Delegation]:
    """The delegations that the actor's organization may see, by name."""
    query = select(Delegation).where(Delegation.assembly_id == assembly.id)
    return list(session().scalars(query.order_by(Delegation.name, Delegation.id)))


def delegation_for(assembly: Assembly, id: int, lock: bool = False) -> Delegation:
    """A delegation of an assembly whose door has been passed: any for the convener, its own for a partner."""
    query = select(Delegation).where(Delegation.id == id, Delegation.assembly_id == assembly.id)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing
    return found


def named_by(delegation: Delegation) -> list[tuple[Credential, Participant]]:
    """Who is named, delegates first, each in order."""
    query = (
        select(Credential, Participant).join(Participant, Participant.id == Credential.participant_id)
        .where(Credential.delegation_id == delegation.id).order_by(Credential.kind.desc(), Credential.rank)
    )
    return [tuple(row) for row in session().execute(query)]


def tallies_of(assembly: Assembly) -> dict[int, list[tuple[str, str, int | None, int]]]:
    """By delegation: (kind, state, 1 where a seat is held, how many), as rules.credentials.report_of reads them."""
    holds = Credential.seat.is_not(None)
    query = select(Credential.delegation_id, Credential.kind, Credential.state, holds, func.count()).where(Credential.assembly_id == assembly.id)
    found = defaultdict(list)
    for delegation_id, kind, state, is_held, n in session().execute(query.group_by(Credential.delegation_id, Credential.kind, Credential.state, holds)):
        found[delegation_id].append((kind, state, 1 if is_held else None, n))
    return found


def reports_of(assembly: Assembly) -> tuple[list[tuple[Delegation, Report]], Report]:
    """Each delegation in numbers, and all of them together."""
    delegations, tallies = delegations_of(assembly), tallies_of(assembly)
    rows = [(d, report_of((d.seats or 0) + d.reserved if d.seats is not None else 0, tallies.get(d.id, ()))) for d in delegations]
    everything = report_of(sum(report.entitled for _d, report in rows), [row for found in tallies.values() for row in found])
    return rows, everything


def credentials_page(assembly: Assembly, state: str, words: str, after: str | None) -> Page:
    """A page of the credentials desk: (credential, participant, delegation), by delegation and in the order of naming."""
    query = (
        select(Credential).add_columns(Participant, Delegation)
        .join(Participant, Participant.id == Credential.participant_id).join(Delegation, Delegation.id == Credential.delegation_id)
        .where(Credential.assembly_id == assembly.id)
    )
    if state:
        query = query.where(Credential.state == ("credentialed" if state == WAITING else state))
    if state in ("credentialed", WAITING):
        query = query.where(Credential.seat.is_(None) if state == WAITING else Credential.seat.is_not(None))
    for word in words.casefold().split():
        query = query.where(func.lower(Participant.shown_name).contains(word, autoescape=True))
    return keyset(query, (Credential.delegation_id, Credential.id), after, size=60)


def credential_for(assembly: Assembly, id: int, lock: bool = False) -> Credential:
    """A credential of an assembly whose door has been passed."""
    query = select(Credential).where(Credential.id == id, Credential.assembly_id == assembly.id)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing
    return found


def next_alternate(delegation_id: int) -> Credential | None:
    """The first credentialed alternate of a delegation who sits in no seat: in the order in which they were named."""
    query = select(Credential).where(
        Credential.delegation_id == delegation_id, Credential.kind == "alternate", Credential.state == "credentialed", Credential.seat.is_(None))
    return session().scalar(query.order_by(Credential.rank).limit(1).with_for_update())


def alternates_ready(assembly: Assembly) -> dict[int, tuple[int, str]]:
    """By delegation, the alternate who would be seated next: (credential id, name)."""
    query = (
        select(Credential.delegation_id, Credential.id, Participant.shown_name).join(Participant, Participant.id == Credential.participant_id)
        .where(Credential.assembly_id == assembly.id, Credential.kind == "alternate", Credential.state == "credentialed", Credential.seat.is_(None))
        .order_by(Credential.rank.desc())
    )
    return {delegation_id: (id, name) for delegation_id, id, name in session().execute(query)}


def challenges_of(assembly: Assembly, language: str) -> list[tuple[Challenge, str, str]]:
    """Challenges that the actor may see, the latest first: (challenge, who brought it, whose delegation it is about).

    A delegation is called as everywhere; where an organization sends several, by the organization.
    """
    names = select(Organization.id, Organization.name)
    rows = list(session().scalars(select(Challenge).where(Challenge.assembly_id == assembly.id).order_by(Challenge.created_at.desc(), Challenge.id.desc())))
    known = dict(session().execute(names.where(Organization.id.in_({id for row in rows for id in (row.partner_id, row.about_id)}))).all())
    units = units_of(assembly, language) if rows else []
    sent = Counter(unit.partner_id for unit in units)
    called = known | {unit.partner_id: unit.name for unit in units if sent[unit.partner_id] == 1}
    return [(row, known[row.partner_id], called[row.about_id]) for row in rows]


def doubted_places(assembly: Assembly) -> set[tuple[int, str, int]]:
    """Places against which a challenge was brought that nobody has taken up: (organization, kind, number)."""
    query = select(Challenge.about_id, Challenge.kind, Challenge.rank).where(Challenge.assembly_id == assembly.id, Challenge.state == "filed")
    return {(about_id, kind, rank) for about_id, kind, rank in session().execute(query)}


def challenge_for(assembly: Assembly, id: int) -> Challenge:
    """A challenge of an assembly whose door has been passed, for whoever may see it."""
    found = part_of(Challenge, assembly, id)
    assert isinstance(found, Challenge)
    return found


def has_open_challenge(credential: Credential) -> bool:
    """Whether a challenge was brought against this place that nobody has answered."""
    query = select(Challenge.id).where(
        Challenge.assembly_id == credential.assembly_id, Challenge.about_id == credential.partner_id, Challenge.kind == credential.kind,
        Challenge.rank == credential.rank, Challenge.state == "filed")
    return session().scalar(query.limit(1)) is not None


def credential_at(assembly: Assembly, partner_id: int, kind: str, rank: int) -> Credential | None:
    """Whoever was named to this place of an organization's delegation."""
    query = select(Credential).where(
        Credential.assembly_id == assembly.id, Credential.partner_id == partner_id, Credential.kind == kind, Credential.rank == rank)
    return session().scalar(query.order_by(Credential.id).limit(1))


def steps_of(assembly: Assembly, verbs: tuple[str, ...], most: int = 500) -> list[tuple[CredentialStep, str, Delegation, str | None]]:
    """What happened to credentials, the latest first: (step, name, delegation, with whom a seat was changed)."""
    other, holder = aliased(Credential), aliased(Participant)
    query = (
        select(CredentialStep, Participant.shown_name, Delegation, holder.shown_name)
        .join(Credential, Credential.id == CredentialStep.credential_id)
        .join(Participant, Participant.id == Credential.participant_id).join(Delegation, Delegation.id == Credential.delegation_id)
        .outerjoin(other, other.id == CredentialStep.with_id).outerjoin(holder, holder.id == other.participant_id)
        .where(CredentialStep.assembly_id == assembly.id, CredentialStep.verb.in_(verbs))
        .order_by(CredentialStep.at.desc(), CredentialStep.id.desc()).limit(most)
    )
    return [tuple(row) for row in session().execute(query)]


def steps_in(delegation: Delegation) -> dict[int, list[CredentialStep]]:
    """The steps of a delegation by credential, the first first."""
    query = (
        select(CredentialStep).join(Credential, Credential.id == CredentialStep.credential_id).where(Credential.delegation_id == delegation.id)
        .order_by(CredentialStep.at, CredentialStep.id)
    )
    found = defaultdict(list)
    for step in session().scalars(query):
        found[step.credential_id].append(step)
    return found


def members_in_good_standing(actor: Actor, on: Any) -> int:
    """How many members the actor's own organization had on that day, by what it knows today."""
    since = Person.member_since.is_(None) | (Person.member_since <= on)
    return session().scalar(select(func.count()).select_from(Person).where(Person.org_id == actor.org_id, Person.standing == "member", since)) or 0


def people_to_name(actor: Actor, words: str, most: int = 8) -> list[Person]:
    """Members of the actor's own organization whose name holds the words."""
    if not words.strip():
        return []
    query = select(Person).where(Person.org_id == actor.org_id, Person.standing == "member", *matches(actor, words))
    return list(session().scalars(query.order_by(Person.name_folded, Person.id).limit(most)))


def assemblies_with_seats(actor: Actor) -> list[Assembly]:
    """The organization's own assemblies whose seats are published, the latest first."""
    query = select(Assembly).join(DelegationFormula, DelegationFormula.assembly_id == Assembly.id)
    query = query.where(Assembly.org_id == actor.org_id, DelegationFormula.published_at.is_not(None), Assembly.state != "cancelled")
    return list(session().scalars(query.order_by(Assembly.day.desc(), Assembly.id.desc()).limit(50)))


def sending_organizations(assembly_ids: list[int]) -> list[Organization]:
    """Organizations with a delegation at these assemblies, by name."""
    sent = select(Delegation.partner_id).where(Delegation.assembly_id.in_(assembly_ids), Delegation.seats.is_not(None))
    return list(session().scalars(select(Organization).where(Organization.id.in_(sent)).order_by(Organization.name)))


def seated_count(assembly_id: int) -> int:
    """How many sit in their seats now."""
    query = select(func.count()).select_from(Credential).where(Credential.assembly_id == assembly_id, Credential.state == "seated")
    return session().scalar(query) or 0


def seated_roll(assembly_id: int) -> list[tuple[int, int]]:
    """Who sits in the seats of an assembly now, seat by seat: (organization, its person). The convener's own read."""
    query = (
        select(Credential.partner_id, Participant.person_id).join(Participant, Participant.id == Credential.participant_id)
        .where(Credential.assembly_id == assembly_id, Credential.state == "seated", Participant.person_id.is_not(None))
        .order_by(Credential.delegation_id, Credential.seat)
    )
    return [tuple(row) for row in session().execute(query)]
