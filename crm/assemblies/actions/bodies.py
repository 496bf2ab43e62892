"""Committees with their seats, and the roster of participants."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from crm.assemblies import queries, rules
from crm.assemblies.actions.program import to_change
from crm.assemblies.models import Assembly, Committee, CommitteeSeat, Participant
from crm.assemblies.playbooks import playbook_of
from crm.assemblies.rules.words import COMMITTEES, ROLES, SIDES
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.people.queries import person_for


def add_committee(actor: Actor, assembly_id: int, kind: str, name: str, language: str, *, now: datetime) -> int:
    """Adds a committee, with no seats yet."""
    assembly = to_change(actor, assembly_id)
    if kind not in COMMITTEES or not name.strip():
        raise Refused(Reason(N_("Write the name of the committee."), {}, "name"))
    taken = {words.casefold() for row, _seats in queries.committees_of(assembly) for words in row.name.values()}
    if name.strip().casefold() in taken:
        raise Refused(Reason(N_("There is a committee of this name already. Give this one another."), {}, "name"))
    row = Committee(
        id=new_id(), org_id=assembly.org_id, assembly_id=assembly_id, kind=kind, name={language: name.strip()}
    )
    row.purpose = {}
    session().add(row)
    session().flush()
    audit.record(actor, "committee.added", now=now, subject=("assembly", assembly_id), after={"committee_id": row.id})
    return row.id


def remove_committee(actor: Actor, assembly_id: int, id: int, *, now: datetime) -> None:
    """Removes a committee with its seats."""
    row = queries.part_of(Committee, to_change(actor, assembly_id), id)
    session().execute(delete(CommitteeSeat).where(CommitteeSeat.committee_id == id))
    session().delete(row)
    session().flush()
    audit.record(actor, "committee.removed", now=now, subject=("assembly", assembly_id), before={"committee_id": id})


def add_seat(
    actor: Actor, assembly_id: int, committee_id: int, side: str, is_voting: bool, held_by: str, *, now: datetime
) -> int:
    """Adds a seat to a committee, empty or held."""
    assembly = to_change(actor, assembly_id)
    committee = queries.part_of(Committee, assembly, committee_id)
    if side not in SIDES:
        raise Refused(Reason(N_("Choose whose seat it is."), {}, "side"))
    row = CommitteeSeat(
        id=new_id(),
        org_id=assembly.org_id,
        assembly_id=assembly_id,
        committee_id=committee.id,
        side=side,
        is_voting=is_voting,
        held_by=held_by.strip()[:120],
    )
    session().add(row)
    session().flush()
    audit.record(actor, "seat.added", now=now, subject=("assembly", assembly_id), after={"seat_id": row.id})
    return row.id


def fill_seat(actor: Actor, assembly_id: int, id: int, held_by: str, *, now: datetime) -> int:
    """Says who holds a seat; nobody leaves it open."""
    row = queries.part_of(CommitteeSeat, to_change(actor, assembly_id), id)
    row.held_by = held_by.strip()[:120]
    session().flush()
    audit.record(actor, "seat.edited", now=now, subject=("assembly", assembly_id), after={"seat_id": id})
    return id


def remove_seat(actor: Actor, assembly_id: int, id: int, *, now: datetime) -> int:
    """Removes a seat; gives its committee."""
    row = queries.part_of(CommitteeSeat, to_change(actor, assembly_id), id)
    session().delete(row)
    session().flush()
    audit.record(actor, "seat.removed", now=now, subject=("assembly", assembly_id), before={"seat_id": id})
    return row.committee_id


def add_participant(
    actor: Actor,
    assembly_id: int,
    shown_name: str,
    role: str,
    *,
    is_voting: bool | None = None,
    person_id: int | None = None,
    now: datetime,
) -> int:
    """Puts someone on the roster, for the actor's organization; `person_id` is one of its own people."""
    assembly = open_roster(actor, assembly_id)
    person = person_for(actor, person_id) if person_id else None
    name = shown_name.strip() or (f"{person.given_name} {person.family_name}".strip() if person else "")
    votes = rules.votes_by_default(role, playbook_of(assembly.kind).officials_vote) if is_voting is None else is_voting
    if problems := _issues_on_roster(actor, assembly, name, role, votes, person_id):
        raise Refused(problems)
    row = Participant(
        id=new_id(),
        org_id=assembly.org_id,
        partner_id=actor.org_id,
        assembly_id=assembly_id,
        person_id=person_id,
        shown_name=name[:120],
        role=role,
        is_voting=votes,
    )
    session().add(row)
    session().flush()
    audit.record(
        actor,
        "participant.added",
        now=now,
        person_id=person_id,
        subject=("assembly", assembly_id),
        after={"role": role, "is_voting": votes},
    )
    return row.id


def _issues_on_roster(
    actor: Actor, assembly: Assembly, name: str, role: str, votes: bool, person_id: int | None
) -> list[Reason]:
    problems = [] if name else [Reason(N_("Write the name as the roster should show it."), {}, "shown_name")]
    if role not in ROLES:
        problems.append(Reason(N_("Choose a role."), {}, "role"))
    elif votes and (refusal := rules.may_hold_vote(role, playbook_of(assembly.kind).officials_vote)):
        problems += refusal.reasons
    if person_id and _is_on_roster(assembly, actor.org_id, person_id):
        problems.append(Reason(N_("This person is already on the roster.")))
    return problems


def remove_participant(actor: Actor, assembly_id: int, id: int, *, now: datetime) -> None:
    """Takes someone off the roster: the convener anyone, a partner its own people."""
    assembly = open_roster(actor, assembly_id)
    row = queries.part_of(Participant, assembly, id)
    try:
        with session().begin_nested():
            session().delete(row)
    except IntegrityError as tied:
        raise Refused(N_("This participant has already taken part, so the roster keeps them.")) from tied
    own = row.person_id if row.partner_id == actor.org_id else None
    audit.record(
        actor,
        "participant.removed",
        now=now,
        person_id=own,
        subject=("assembly", assembly_id),
        before={"role": row.role},
    )


def open_roster(actor: Actor, assembly_id: int) -> Assembly:
    """The roster's door for whoever may put people on it: the convener, or a partner that has accepted."""
    assembly = queries.assembly_for(actor, assembly_id)
    if assembly.org_id != actor.org_id and queries.partner_row_for(actor, assembly_id).state != "accepted":
        raise Refused(N_("Accept the invitation first; then add your people."))
    if not actor.may(Action.RUN_ASSEMBLIES):
        raise Missing()
    if refusal := rules.may_change(assembly.state):
        raise Refused(refusal)
    return assembly


def _is_on_roster(assembly: Assembly, partner_id: int, person_id: int) -> bool:
    query = select(Participant.id).where(
        Participant.assembly_id == assembly.id,
        Participant.partner_id == partner_id,
        Participant.person_id == person_id,
    )
    return session().scalar(query) is not None
