"""An assembly comes into being from a plan, is edited, copied, moved in time and from state to state."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

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
    GoverningPower,
)
from crm.assemblies.playbooks import playbook_of
from crm.assemblies.playbooks.shape import CommitteeShape, Item, Playbook, Seats, Sitting, Task
from crm.assemblies.rules.program import move_session, read_words
from crm.assemblies.rules.words import CONSIDERATIONS
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Reason, Refused
from crm.organizations.queries import possible_partners


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
    session().flush()
    after = {"kind": assembly.kind, "day": assembly.day.isoformat(), "goal": assembly.goal}
    audit.record(actor, "assembly.created", now=now, subject=("assembly", assembly.id), after=after)
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
        playbook_of(assembly.kind),
        sittings=sittings,
        tasks=tasks,
        committees=committees,
        selection=assembly.selection,
        power_now=assembly.governing_power_now,
        power_aim=assembly.governing_power_aim,
        stage=assembly.policy_stage,
        controls=tuple(assembly.controls),
    )


def edit_assembly(actor: Actor, id: int, typed: dict[str, Any], *, now: datetime) -> int:
    """Changes an assembly's facts; a new day or zone moves its sessions and the dates of its tasks along."""
    assembly = _to_change(actor, id)
    if typed["version"] != assembly.version:
        raise Refused(N_("Someone else changed this assembly meanwhile. Look at it again before you save."))
    fresh = _read_facts(typed, now)
    before = _facts_of(assembly)
    _move(assembly, fresh["day"], fresh["time_zone"])
    power = (fresh["governing_power_now"], fresh["governing_power_aim"])
    if power != (assembly.governing_power_now, assembly.governing_power_aim) or typed.get("evidence"):
        session().add(
            GoverningPower(
                org_id=assembly.org_id,
                assembly_id=id,
                set_at=now,
                now=power[0],
                aim=power[1],
                evidence=(typed.get("evidence") or "").strip(),
            )
        )
    for name, value in fresh.items():
        setattr(assembly, name, value)
    assembly.version += 1
    session().flush()
    subject, after = ("assembly", id), _facts_of(assembly)
    changed = [name for name in after if after[name] != before[name]]
    audit.record(
        actor,
        "assembly.edited",
        now=now,
        subject=subject,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return id


def _to_change(actor: Actor, id: int) -> Assembly:
    assembly = queries.assembly_to_run(actor, id, lock=True)
    if refusal := rules.may_change(assembly.state):
        raise Refused(refusal)
    return assembly


def _read_facts(typed: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The rules of a plan hold for a change too, except that a day may already have passed."""
    title, question = read_words(typed, "title"), read_words(typed, "question")
    answers = rules.Answers(
        title, question, typed["day"], typed["goal"], typed["time_zone"], min(typed["day"] or date.max, now.date())
    )
    if problems := rules.issues_in_answers(answers):
        raise Refused(problems)
    names = ("scope", "selection", "governing_power_now", "governing_power_aim", "policy_stage")
    plain = {name: (typed[name] or "").strip() for name in names}
    facts = {"day": typed["day"], "goal": typed["goal"], "time_zone": typed["time_zone"], "controls": typed["controls"]}
    return {"title": title, "question": question, **plain, **facts}


def _facts_of(assembly: Assembly) -> dict[str, Any]:
    names = ("title", "question", "scope", "selection", "governing_power_now", "governing_power_aim", "policy_stage")
    facts = {name: getattr(assembly, name) for name in (*names, "goal", "time_zone", "controls")}
    return facts | {"day": assembly.day.isoformat()}


def _move(assembly: Assembly, day: date, zone: str) -> None:
    days = (day - assembly.day).days
    if not days and zone == assembly.time_zone:
        return
    problems = []
    for row in queries.sessions_of(assembly):
        moved = move_session(row.day, row.starts, row.ends, days, zone)
        if isinstance(moved, list):
            problems += moved
            continue
        for name, value in moved.items():
            setattr(row, name, value)
    if problems:
        raise Refused(problems)
    for task in queries.tasks_of(assembly):
        if task.done_at is None:
            task.due_on = day + timedelta(days=task.days)


def move_state(actor: Actor, id: int, to: str, *, because: str = "", now: datetime) -> int:
    """Announces, opens, closes, cancels or takes back; refuses with every reason at once."""
    assembly = queries.assembly_to_run(actor, id, lock=True)
    if issues := rules.issues_before(to, readiness_of(assembly, because), now):
        raise Refused(issues)
    before, assembly.state = assembly.state, to
    stamps = {"announced": "announced_at", "under_way": "started_at", "finished": "finished_at"}
    if to in stamps:
        setattr(assembly, stamps[to], now)
    assembly.cancelled_at = now if to == "cancelled" else None
    assembly.cancelled_because = because.strip() if to == "cancelled" else ""
    if to == "draft":
        assembly.announced_at = None
    assembly.version += 1
    session().flush()
    after = {"state": to} | ({"because": assembly.cancelled_because} if to == "cancelled" else {})
    audit.record(actor, rules.VERBS[to], now=now, subject=("assembly", id), before={"state": before}, after=after)
    return id


def readiness_of(assembly: Assembly, because: str = "") -> rules.Readiness:
    """What the rules of state ask about this assembly."""
    sessions = tuple((s.title, s.starts_at, s.ends_at, s.place) for s in queries.sessions_of(assembly))
    return rules.Readiness(assembly.state, assembly.title, assembly.question, sessions, because)


def write_considerations(actor: Actor, id: int, typed: dict[str, str], *, now: datetime) -> int:
    """Keeps the answers to the seven key considerations."""
    assembly = _to_change(actor, id)
    assembly.considerations = {key: text for key in CONSIDERATIONS if (text := (typed.get(key) or "").strip())}
    session().flush()
    audit.record(actor, "assembly.considered", now=now, subject=("assembly", id))
    return id
