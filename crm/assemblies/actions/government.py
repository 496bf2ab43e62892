"""Asking government and noting its answer, saying who stands behind an assembly, taking up the moves of a political scenario."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from crm.assemblies import queries
from crm.assemblies.actions.program import to_change
from crm.assemblies.models import AssemblyTask, Backing, InformationRequest, PoliticalScenario
from crm.assemblies.queries import government as reads
from crm.assemblies.rules import government as rules
from crm.assemblies.rules.times import day_in
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Refused


def ask_government(actor: Actor, assembly_id: int, question: str, asked_of: str, asked_by: str, due_on: date | None, *, now: datetime) -> int:
    """Writes down a question to government and the day by which its answer is due."""
    assembly = queries.assembly_to_run(actor, assembly_id, lock=True)
    today, question, asked_of = day_in(now, assembly.time_zone), question.strip(), " ".join(asked_of.split())
    if issues := rules.issues_in_request(question, asked_of, asked_by, today, due_on):
        raise Refused(issues)
    last = session().scalar(select(func.max(InformationRequest.number)).where(InformationRequest.assembly_id == assembly.id)) or 0
    row = InformationRequest(
        org_id=assembly.org_id, id=new_id(), assembly_id=assembly.id, number=last + 1, question=question, asked_of=asked_of, asked_by=asked_by,
        asked_on=today, due_on=due_on,
    )
    session().add(row)
    session().flush()
    audit.record(actor, "request.asked", now=now, subject=("assembly", assembly.id), after={"number": row.number, "asked_of": asked_of})
    return row.id


def note_answer(actor: Actor, assembly_id: int, request_id: int, answer: str, answered_on: date | None, is_refused: bool, *, now: datetime) -> None:
    """Writes down what government answered, or that it refused to; it may be corrected until the assembly is over and afterwards."""
    assembly = queries.assembly_to_run(actor, assembly_id)
    row, answer = reads.request_for(assembly, request_id, lock=True), answer.strip()
    if issues := rules.issues_in_answer(answer, answered_on, row.asked_on, day_in(now, assembly.time_zone)):
        raise Refused(issues)
    row.answer, row.answered_on, row.is_refused = answer, answered_on, is_refused
    session().flush()
    audit.record(actor, "request.refused" if is_refused else "request.answered", now=now, subject=("assembly", assembly.id), after={"number": row.number})


def remove_request(actor: Actor, assembly_id: int, request_id: int, *, now: datetime) -> None:
    """Takes a question out that was never answered."""
    assembly = queries.assembly_to_run(actor, assembly_id)
    row = reads.request_for(assembly, request_id, lock=True)
    if row.answered_on:
        raise Refused(N_("This question was answered, so it stays."))
    session().delete(row)
    session().flush()
    audit.record(actor, "request.removed", now=now, subject=("assembly", assembly.id), before={"number": row.number})


def add_backing(actor: Actor, assembly_id: int, kind: str, who: str, what_for: str, amount: int | None, *, now: datetime) -> int:
    """Says who convenes, pays, facilitates, evaluates, or has a contract or a grant."""
    assembly = queries.assembly_to_run(actor, assembly_id)
    who, what_for = " ".join(who.split()), what_for.strip()
    if issues := rules.issues_in_backing(kind, who, what_for, amount):
        raise Refused(issues)
    row = Backing(org_id=assembly.org_id, id=new_id(), assembly_id=assembly.id, kind=kind, who=who, what_for=what_for, amount=amount)
    session().add(row)
    session().flush()
    audit.record(actor, "backing.added", now=now, subject=("assembly", assembly.id), after={"kind": kind, "who": who})
    return row.id


def remove_backing(actor: Actor, assembly_id: int, backing_id: int, *, now: datetime) -> None:
    """Takes a line out again."""
    row = queries.part_of(Backing, queries.assembly_to_run(actor, assembly_id), backing_id)
    session().delete(row)
    session().flush()
    audit.record(actor, "backing.removed", now=now, subject=("assembly", assembly_id), before={"kind": row.kind, "who": row.who})


def see_scenario(actor: Actor, assembly_id: int, scenario: str, *, now: datetime) -> int:
    """Says how much government wants the assembly, and makes its moves tasks; moves that are tasks already stay as they are. Returns how many are new."""
    assembly = to_change(actor, assembly_id)
    if scenario not in rules.SCENARIOS:
        raise Refused(N_("Choose what fits."))
    today, there = day_in(now, assembly.time_zone), {task.title.get("en") for task in queries.tasks_of(assembly)}
    seen = reads.scenarios_of(assembly)
    if not seen or seen[0].scenario != scenario:
        session().add(PoliticalScenario(org_id=assembly.org_id, id=new_id(), assembly_id=assembly.id, scenario=scenario, seen_at=now))
    fresh = [move for move in rules.SCENARIOS[scenario].moves if move.what["en"] not in there]
    for move in fresh:
        due = today + timedelta(days=move.days)
        session().add(AssemblyTask(org_id=assembly.org_id, id=new_id(), assembly_id=assembly.id, title={**move.what}, days=(due - assembly.day).days,
                                   due_on=due, owner={}))
    session().flush()
    audit.record(actor, "scenario.seen", now=now, subject=("assembly", assembly.id), after={"scenario": scenario})
    return len(fresh)
