"""Partners and tasks: what organizations promise each other for an assembly, and who does what by when."""

from datetime import date, datetime, timedelta

from crm.assemblies import queries
from crm.assemblies.actions.program import to_change
from crm.assemblies.models import AssemblyPartner, AssemblyTask
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Reason, Refused
from crm.organizations.actions import end_guest
from crm.organizations.queries import possible_partners


def invite_partners(actor: Actor, assembly_id: int, partner_ids: list[int], *, now: datetime) -> int:
    """Invites organizations of the coalition; those already there stay as they are. Returns how many are new."""
    assembly = to_change(actor, assembly_id)
    known = {row.partner_id for row, _organization in queries.partners_of(assembly)}
    possible = {organization.id for organization in possible_partners(actor)}
    if not partner_ids or set(partner_ids) - possible - known:
        raise Refused(Reason(N_("Choose partners from organizations in your coalition."), {}, "partners"))
    fresh = [id for id in dict.fromkeys(partner_ids) if id not in known]
    session().add_all(AssemblyPartner(org_id=assembly.org_id, assembly_id=assembly_id, partner_id=id) for id in fresh)
    session().flush()
    audit.record(actor, "partner.invited", now=now, subject=("assembly", assembly_id), after={"partners": fresh})
    return len(fresh)


def answer_invitation(actor: Actor, assembly_id: int, accepts: bool, lead_name: str, *, now: datetime) -> None:
    """A partner says yes or no for itself, and who leads its turnout; an answer can be changed."""
    row = queries.partner_row_for(actor, assembly_id, lock=True)
    if row.role == "convener":
        raise Refused(N_("The convener cannot decline its own assembly. Cancel it instead."))
    before = {"state": row.state}
    row.state, row.answered_at, row.lead_name = ("accepted" if accepts else "declined"), now, lead_name.strip()[:120]
    session().flush()
    if not accepts:
        end_guest(actor.org_id, assembly_id, now=now)
    audit.record(
        actor,
        "partner.answered",
        now=now,
        subject=("assembly", assembly_id),
        before=before,
        after={"state": row.state},
    )


def name_lead(actor: Actor, assembly_id: int, partner_row_id: int, lead_name: str, role: str, *, now: datetime) -> None:
    """The convener notes a partner's turnout lead, and whether it convenes too."""
    row = queries.part_of(AssemblyPartner, to_change(actor, assembly_id), partner_row_id)
    row.lead_name = lead_name.strip()[:120]
    row.role = "convener" if role == "convener" or row.partner_id == actor.org_id else "partner"
    session().flush()
    audit.record(actor, "partner.edited", now=now, subject=("assembly", assembly_id), after={"role": row.role})


def remove_partner(actor: Actor, assembly_id: int, partner_row_id: int, *, now: datetime) -> None:
    """Takes an invitation back. Who has accepted leaves by its own word; a guest from outside the coalition also by the convener's."""
    row = queries.part_of(AssemblyPartner, to_change(actor, assembly_id), partner_row_id)
    was_guest = end_guest(row.partner_id, assembly_id, now=now)
    if row.state == "accepted" and not was_guest:
        raise Refused(N_("This organization has accepted. It can withdraw by itself on this page."))
    session().delete(row)
    session().flush()
    after = {"partners": [row.partner_id]}
    audit.record(actor, "partner.removed", now=now, subject=("assembly", assembly_id), before=after)


def add_task(
    actor: Actor, assembly_id: int, title: str, due_on: date | None, owner: str, language: str, *, now: datetime
) -> int:
    """Adds a task; its distance from the day is kept, so that it moves when the day moves."""
    assembly = to_change(actor, assembly_id)
    problems = [
        Reason(text, {}, field)
        for wrong, text, field in (
            (not title.strip(), N_("Write what has to be done."), "title"),
            (due_on is None, N_("Choose the day by which it is done."), "due_on"),
        )
        if wrong
    ]
    if problems:
        raise Refused(problems)
    row = AssemblyTask(
        id=new_id(),
        org_id=assembly.org_id,
        assembly_id=assembly_id,
        title={language: title.strip()},
        owner={language: owner.strip()} if owner.strip() else {},
        days=(due_on - assembly.day).days,
        due_on=due_on,
    )
    session().add(row)
    session().flush()
    audit.record(actor, "task.added", now=now, subject=("assembly", assembly_id), after={"task_id": row.id})
    return row.id


def mark_task(actor: Actor, assembly_id: int, id: int, is_done: bool, *, now: datetime) -> None:
    """Ticks a task or unticks it; the same answer twice changes nothing."""
    assembly = queries.assembly_to_run(actor, assembly_id, lock=True)
    row = queries.part_of(AssemblyTask, assembly, id)
    if (row.done_at is not None) == is_done:
        return
    row.done_at = now if is_done else None
    if not is_done:
        row.due_on = assembly.day + timedelta(days=row.days)
    session().flush()
    verb = "task.done" if is_done else "task.reopened"
    audit.record(actor, verb, now=now, subject=("assembly", assembly_id), after={"task_id": id})


def remove_task(actor: Actor, assembly_id: int, id: int, *, now: datetime) -> None:
    """Removes a task that this assembly does not need."""
    session().delete(queries.part_of(AssemblyTask, to_change(actor, assembly_id), id))
    session().flush()
    audit.record(actor, "task.removed", now=now, subject=("assembly", assembly_id), before={"task_id": id})
