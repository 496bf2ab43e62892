"""An assembly comes into being from a plan, and becomes a playbook for the next one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from crm.assemblies import queries, rules
from crm.assemblies.models import (
    AgendaItem,
    Assembly,
    AssemblyAddress,
    AssemblyPartner,
    AssemblySession,
    AssemblyTask,
    Committee,
    CommitteeSeat,
    DelegationFormula,
    GoverningPower,
)
from crm.assemblies.playbooks import playbook_in_force
from crm.assemblies.playbooks.shape import CommitteeShape, Item, Playbook, Seats, Sitting, Task
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Reason, Refused
from crm.organizations.queries import possible_partners

CREATED: list[Callable[..., None]] = []
"""What later rooms add to an assembly that was just set up: called with actor, assembly and now; filled in create_app."""


def create_assembly(actor: Actor, plan: rules.AssemblyPlan, *, now: datetime) -> int:
    """Makes everything that the plan says, as a draft, and returns its id; refuses all problems at once."""
    answers = plan.answers
    problems = list(plan.problems)
    if set(answers.partners) - {organization.id for organization in possible_partners(actor)}:
        problems.append(Reason(N_("Choose partners from organizations in your coalition."), {}, "partners"))
    if problems:
        raise Refused(problems)
    assembly = _add_assembly(actor, plan, now)
    _add_partners(actor, assembly, answers.partners, now)
    for planned in plan.sessions:
        _add_session(assembly, planned, answers)
    session().add_all(
        AssemblyTask(
            org_id=actor.org_id, assembly_id=assembly.id, title=t.title, days=t.days, due_on=t.due_on, owner=t.owner
        )
        for t in plan.tasks
    )
    for shape in plan.committees:
        _add_committee(assembly, shape)
    if plan.copied_from_id:
        _copy_formula(actor, plan.copied_from_id, assembly)
    session().flush()
    after = {"kind": assembly.kind, "day": assembly.day.isoformat(), "goal": assembly.goal}
    audit.record(actor, "assembly.created", now=now, subject=("assembly", assembly.id), after=after)
    for told in CREATED:
        told(actor, assembly, now=now)
    return assembly.id


def _add_assembly(actor: Actor, plan: rules.AssemblyPlan, now: datetime) -> Assembly:
    playbook, answers, number = plan.playbook, plan.answers, new_id()
    assembly = Assembly(
        id=number,
        org_id=actor.org_id,
        title=answers.title,
        question=answers.question,
        kind=playbook.id,
        scope=answers.scope,
        selection=playbook.selection,
        governing_power_now=playbook.power_now,
        governing_power_aim=playbook.power_aim,
        policy_stage=playbook.stage,
        controls=list(playbook.controls),
        decisions=[decision.as_data() for decision in playbook.decisions],
        groups=[group.as_data() for group in playbook.groups],
        standing_rules=[dict(rule) for rule in playbook.rules],
        considerations={},
        time_zone=answers.time_zone,
        day=answers.day,
        goal=answers.goal,
        slug=rules.make_address(answers.title, number),
        copied_from_id=plan.copied_from_id,
    )
    session().add(assembly)
    session().add(AssemblyAddress(slug=assembly.slug, org_id=actor.org_id, assembly_id=number))
    session().flush()
    session().add(
        GoverningPower(
            org_id=actor.org_id, assembly_id=number, set_at=now, now=playbook.power_now, aim=playbook.power_aim
        )
    )
    return assembly


def _add_partners(actor: Actor, assembly: Assembly, partners: tuple[int, ...], now: datetime) -> None:
    """The convener is the first partner, unless it is a coalition: its members bring the people."""
    own = {"org_id": actor.org_id, "assembly_id": assembly.id}
    if not queries.convener_of(assembly).is_coalition:
        session().add(
            AssemblyPartner(
                **own,
                partner_id=actor.org_id,
                role="convener",
                state="accepted",
                answered_at=now,
                lead_name=actor.name,
            )
        )
    session().add_all(AssemblyPartner(**own, partner_id=id) for id in dict.fromkeys(partners))


def _add_session(assembly: Assembly, planned: rules.PlannedSession, answers: rules.Answers) -> None:
    own = {"org_id": assembly.org_id, "assembly_id": assembly.id}
    row = AssemblySession(
        **own,
        id=new_id(),
        title=planned.title,
        day=planned.day,
        starts=planned.starts,
        ends=planned.ends,
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        place=answers.place,
        address=answers.address,
        capacity=answers.capacity,
        languages=list(answers.languages),
    )
    session().add(row)
    session().flush()
    session().add_all(
        AgendaItem(
            **own,
            session_id=row.id,
            position=position,
            title=item.title,
            detail=item.detail,
            minutes=item.minutes,
            kind=item.kind,
        )
        for position, item in enumerate(planned.agenda)
    )


def _add_committee(assembly: Assembly, shape: CommitteeShape) -> None:
    own = {"org_id": assembly.org_id, "assembly_id": assembly.id}
    committee = Committee(**own, id=new_id(), kind=shape.kind, name=shape.name, purpose=shape.purpose)
    session().add(committee)
    session().flush()
    session().add_all(
        CommitteeSeat(**own, committee_id=committee.id, side=seats.side, is_voting=seats.is_voting)
        for seats in shape.seats
        for _seat in range(seats.count)
    )


def _copy_formula(actor: Actor, from_id: int, assembly: Assembly) -> None:
    """How seats are counted comes along, counted as long before the day as it was; the numbers themselves do not."""
    source = queries.assembly_to_run(actor, from_id)
    formula = session().scalar(select(DelegationFormula).where(DelegationFormula.assembly_id == from_id))
    if formula is not None:
        names = ("basis", "per", "rounding", "least", "most", "alternates_of", "alternates_per", "alternates_least", "reserved_for", "quorum", "quorum_of")
        session().add(DelegationFormula(
            org_id=actor.org_id, assembly_id=assembly.id, counted_on=assembly.day + (formula.counted_on - source.day),
            **{name: getattr(formula, name) for name in names}))


def playbook_from(actor: Actor, assembly_id: int) -> Playbook:
    """A past assembly as a playbook of its own: what was learned there is where the next one starts."""
    assembly = queries.assembly_to_run(actor, assembly_id)
    agenda = queries.agenda_of(assembly)
    sittings = tuple(
        Sitting(
            s.title,
            (s.day - assembly.day).days,
            s.starts,
            tuple(Item(item.minutes, item.kind, item.title, item.detail) for item in agenda.get(s.id, ())),
        )
        for s in queries.sessions_of(assembly)
    )
    tasks = tuple(Task(task.days, task.title, task.owner) for task in queries.tasks_of(assembly))
    committees = tuple(
        CommitteeShape(
            committee.kind,
            committee.name,
            committee.purpose,
            tuple(Seats(seat.side, 1, seat.is_voting) for seat in seats),
        )
        for committee, seats in queries.committees_of(assembly)
    )
    return replace(
        playbook_in_force(assembly),
        sittings=sittings,
        tasks=tasks,
        committees=committees,
        selection=assembly.selection,
        power_now=assembly.governing_power_now,
        power_aim=assembly.governing_power_aim,
        stage=assembly.policy_stage,
        controls=tuple(assembly.controls),
    )
