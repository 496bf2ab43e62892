"""Delegations: the formula, the numbers, publishing both, and naming who goes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from crm.assemblies.actions.bodies import open_roster
from crm.assemblies.actions.program import to_change
from crm.assemblies.models import Assembly, Credential, CredentialStep, Delegation, DelegationFormula, Participant
from crm.assemblies.queries import assembly_to_run
from crm.assemblies.queries import seats as queries
from crm.assemblies.queries.floor import present_in
from crm.assemblies.rules.credentials import issues_in_naming
from crm.assemblies.rules.delegations import MOST_COUNTED, MOST_SEATS, issues_before_publishing, issues_in_formula, share_of
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.people.queries import person_for

LONGEST_MANDATE = 5000
FROZEN = N_("The seats are published. Take the publication back before you change how they are counted.")


def set_formula(actor: Actor, assembly_id: int, typed: Mapping[str, Any], *, now: datetime) -> None:
    """Writes the formula; every problem is said at once. Once it is published it stands."""
    assembly = to_change(actor, assembly_id)
    row = queries.formula_row(assembly, lock=True)
    if row and row.published_at:
        raise Refused(FROZEN)
    if problems := issues_in_formula(typed):
        raise Refused(problems)
    if row is None:
        row = DelegationFormula(org_id=assembly.org_id, id=new_id(), assembly_id=assembly_id, basis="each", per=1, counted_on=typed["counted_on"])
        session().add(row)
    for name in ("basis", "per", "rounding", "least", "most", "alternates_of", "alternates_least", "quorum", "quorum_of", "counted_on"):
        setattr(row, name, typed[name])
    row.alternates_per = typed["alternates_per"] if typed["alternates_of"] != "none" else 1
    row.reserved_for = " ".join((typed["reserved_for"] or "").split())[:200]
    session().flush()
    audit.record(actor, "delegations.formula", now=now, subject=("assembly", assembly_id), after={"basis": row.basis, "per": row.per})


def set_numbers(actor: Actor, assembly_id: int, typed: Mapping[tuple[int, int], tuple[int | None, int | None]], language: str, *, now: datetime) -> None:
    """The convener's numbers, by (organization, local assembly): how many were counted, and reserved seats. Without a number a partner's own stays."""
    assembly = to_change(actor, assembly_id)
    _unpublished(assembly)
    there = {(d.partner_id, d.child_id): d for d in queries.delegations_of(assembly)}
    units = {(unit.partner_id, unit.child_id): unit for unit in queries.units_of(assembly, language)}
    problems = []
    for key, (counted, reserved) in typed.items():
        if key in units and not (0 <= (counted or 0) <= MOST_COUNTED and 0 <= (reserved or 0) <= MOST_SEATS):
            problems.append(Reason(N_("%(name)s: write whole numbers."), {"name": units[key].name}))
    if problems:
        raise Refused(problems)
    for key, unit in units.items():
        counted, reserved = typed.get(key, (None, None))
        row = there.get(key) or _delegation(assembly, unit)
        row.name = unit.name
        if counted != row.counted and not (counted is None and row.counted_by == "partner"):
            row.counted, row.counted_by = counted, "convener"
        row.reserved = reserved or 0
    session().flush()
    named = set(session().scalars(select(Credential.delegation_id).where(Credential.assembly_id == assembly_id)))
    for key in there.keys() - units.keys():
        if there[key].id not in named:  # who was named stays on the record of an organization that is no partner any more
            session().delete(there[key])
    audit.record(actor, "delegations.counted", now=now, subject=("assembly", assembly_id), after={"delegations": len(units)})
    session().flush()


def _delegation(assembly: Assembly, unit: queries.Unit) -> Delegation:
    row = Delegation(
        org_id=assembly.org_id, partner_id=unit.partner_id, id=new_id(), assembly_id=assembly.id, child_id=unit.child_id, name=unit.name, reserved=0)
    session().add(row)
    return row


def report_number(actor: Actor, assembly_id: int, language: str, *, now: datetime) -> int:
    """A partner tells the convener one number that Plenary counts: its members in good standing on the formula's day, or whom the
    doors of its local assembly let in. Returns it, for several local assemblies added up."""
    assembly = open_roster(actor, assembly_id)
    formula = _unpublished(assembly)
    units = [unit for unit in queries.units_of(assembly, language) if unit.partner_id == actor.org_id]
    if formula is None or formula.basis == "each":
        raise Refused(N_("By this formula nobody is counted."))
    if formula.basis == "members" and len(units) != 1:
        raise Refused(N_("Your organization sends several delegations. Tell the convener the number of members of each."))
    if formula.basis == "attendance" and not all(unit.child_id for unit in units):
        raise Refused(N_("Only a local assembly of yours that is part of this one counts people at its doors."))
    there, told = {(d.partner_id, d.child_id): d for d in queries.delegations_of(assembly)}, 0
    for unit in units:
        row = there.get((unit.partner_id, unit.child_id)) or _delegation(assembly, unit)
        is_members = formula.basis == "members"
        row.counted = queries.members_in_good_standing(actor, formula.counted_on) if is_members else present_in(assembly_to_run(actor, unit.child_id))
        row.counted_by, told = "partner", told + row.counted
    session().flush()
    audit.record(actor, "delegations.reported", now=now, subject=("assembly", assembly_id), after={"n": told})
    return told


def publish(actor: Actor, assembly_id: int, *, now: datetime) -> None:
    """Fixes the seats of every delegation by the formula; from then on each names its people."""
    assembly = to_change(actor, assembly_id)
    row = _unpublished(assembly)
    if row is None:
        raise Refused(N_("Write the formula first."))
    formula, delegations = queries.formula_of(row), queries.delegations_of(assembly)
    if problems := issues_before_publishing(formula, {d.name: (d.counted, d.reserved) for d in delegations}):
        raise Refused(problems)
    for delegation in delegations:
        share = share_of(formula, delegation.counted, delegation.reserved)
        assert share is not None
        delegation.seats, delegation.alternates = share.by_formula, share.alternates
    row.published_at = now
    session().flush()
    after = {"seats": sum((d.seats or 0) + d.reserved for d in delegations), "delegations": len(delegations)}
    audit.record(actor, "delegations.published", now=now, subject=("assembly", assembly_id), after=after)


def take_back(actor: Actor, assembly_id: int, *, now: datetime) -> None:
    """Opens formula and numbers again, as long as nobody is named."""
    assembly = to_change(actor, assembly_id)
    row = queries.formula_row(assembly, lock=True)
    if row is None or row.published_at is None:
        raise Refused(N_("The seats are not published."))
    if session().scalar(select(func.count()).select_from(Credential).where(Credential.assembly_id == assembly_id)):
        raise Refused(N_("People are named already. Their organizations take the names back first."))
    row.published_at = None
    for delegation in queries.delegations_of(assembly):
        delegation.seats = delegation.alternates = None
    session().flush()
    audit.record(actor, "delegations.reopened", now=now, subject=("assembly", assembly_id))


def _unpublished(assembly: Assembly) -> DelegationFormula | None:
    row = queries.formula_row(assembly)
    if row and row.published_at:
        raise Refused(FROZEN)
    return row


def name_person(actor: Actor, assembly_id: int, delegation_id: int, person_id: int, kind: str, *, now: datetime) -> int:
    """An organization names one of its own people, next in order. The convener sees the name and nothing else of them."""
    assembly = open_roster(actor, assembly_id)
    delegation = queries.delegation_for(assembly, delegation_id, lock=True)
    if delegation.partner_id != actor.org_id:
        raise Missing
    person = person_for(actor, person_id)
    there = queries.named_by(delegation)
    ranks = [credential.rank for credential, _p in there if credential.kind == kind]
    place = _place_of(assembly, actor.org_id, person_id)
    is_named = place is not None and session().scalar(select(Credential.id).where(Credential.participant_id == place.id)) is not None
    room = (delegation.alternates or 0) if kind == "alternate" else (delegation.seats or 0) + delegation.reserved
    if problems := issues_in_naming(kind, len(ranks), room, delegation.seats is not None, is_named):
        raise Refused(problems)
    if place is None:
        place = Participant(org_id=assembly.org_id, partner_id=actor.org_id, id=new_id(), assembly_id=assembly_id, person_id=person_id,
                            shown_name=person.name[:120])
        session().add(place)
    place.role, place.is_voting = kind, False
    session().flush()
    rank = next(n for n in range(1, len(ranks) + 2) if n not in ranks)
    row = Credential(
        org_id=assembly.org_id, partner_id=actor.org_id, id=new_id(), assembly_id=assembly_id, delegation_id=delegation_id, participant_id=place.id,
        kind=kind, rank=rank, seat=rank if kind == "delegate" else None,
    )
    session().add(row)
    session().flush()
    log_step(actor, row, "named", now)
    audit.record(actor, "credential.named", now=now, person_id=person_id, subject=("assembly", assembly_id), after={"kind": kind, "rank": rank})
    return row.id


def take_name_back(actor: Actor, assembly_id: int, credential_id: int, *, now: datetime) -> int:
    """The organization takes a name back while the credentials desk has not looked at it; returns the delegation."""
    assembly = open_roster(actor, assembly_id)
    row = queries.credential_for(assembly, credential_id, lock=True)
    if row.partner_id != actor.org_id:
        raise Missing
    if row.state != "named":
        raise Refused(N_("The credentials desk has this name now. Ask it to change what stands there."))
    delegation_id, place = row.delegation_id, session().get_one(Participant, row.participant_id)
    session().delete(row)
    session().flush()
    session().delete(place)
    session().flush()
    before = {"kind": row.kind, "rank": row.rank}
    audit.record(actor, "credential.taken_back", now=now, person_id=place.person_id, subject=("assembly", assembly_id), before=before)
    return delegation_id


def set_mandate(actor: Actor, assembly_id: int, delegation_id: int, text: str, *, now: datetime) -> None:
    """An organization writes down how its delegates are instructed; the credentials desk reads it too, no other delegation does."""
    assembly, text = open_roster(actor, assembly_id), text.strip()
    delegation = queries.delegation_for(assembly, delegation_id, lock=True)
    if delegation.partner_id != actor.org_id:
        raise Missing
    if len(text) > LONGEST_MANDATE:
        raise Refused(Reason(N_("Write the mandate in %(n)s letters or fewer."), {"n": LONGEST_MANDATE}, "mandate"))
    delegation.mandate = text
    session().flush()
    audit.record(actor, "delegations.mandate", now=now, subject=("assembly", assembly_id))


def _place_of(assembly: Assembly, partner_id: int, person_id: int) -> Participant | None:
    return session().scalar(select(Participant).where(
        Participant.assembly_id == assembly.id, Participant.partner_id == partner_id, Participant.person_id == person_id))


def log_step(actor: Actor, row: Credential, verb: str, now: datetime, reason: str = "", other: Credential | None = None, seat: int | None = None) -> None:
    """Writes one step of a credential, for both sides to read."""
    session().add(CredentialStep(
        org_id=row.org_id, partner_id=row.partner_id, assembly_id=row.assembly_id, credential_id=row.id, with_id=other.id if other else None,
        seat=seat if seat is not None else row.seat, verb=verb, reason=reason, by_name=actor.name, at=now))

