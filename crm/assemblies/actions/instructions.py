"""Mandates that bind: an organization instructs its delegation on an item, in the open or in secret until the vote is over."""

from datetime import datetime

from sqlalchemy import select

from crm.assemblies.actions.bodies import open_roster
from crm.assemblies.models import AgendaItem, Assembly, Delegation, Instruction
from crm.assemblies.queries import instructions as queries
from crm.assemblies.queries import seats
from crm.assemblies.rules.delegations import issues_in_instruction
from crm.assemblies.rules.words import in_language
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Missing, Reason, Refused


def instruct(
    actor: Actor, assembly_id: int, delegation_id: int, item_id: int | None, subject: str, stance: str, is_secret: bool, *, now: datetime,
) -> int:
    """Writes the instruction on one item; written again it is changed. What was handed over after a vote stays."""
    assembly, delegation = _own(actor, assembly_id, delegation_id)
    title = _title_of(assembly, item_id)
    subject = " ".join(subject.split())[:200] or title
    if problems := issues_in_instruction(subject, stance):
        raise Refused(problems)
    row = session().scalar(select(Instruction).where(Instruction.delegation_id == delegation.id, Instruction.subject == subject).with_for_update())
    if row is not None and row.opened_at is not None:
        raise Refused(N_("The vote on this is over, so its instruction stays as it was."))
    if row is None:
        row = Instruction(id=new_id(), partner_id=actor.org_id, assembly_id=assembly_id, delegation_id=delegation.id, subject=subject, item_id=item_id,
                          created_at=now)
        session().add(row)
    row.org_id, row.stance, row.is_secret, row.written_at = actor.org_id if is_secret else assembly.org_id, stance, is_secret, now
    session().flush()
    audit.record(actor, "delegations.instructed", now=now, subject=("assembly", assembly_id), after={"on": subject, "stance": stance})
    return row.id


def hand_over(actor: Actor, assembly_id: int, delegation_id: int, id: int, *, now: datetime) -> None:
    """The vote is over: the convener may read what was secret, and the credentials report tells it."""
    assembly, delegation = _own(actor, assembly_id, delegation_id)
    row = queries.instruction_for(delegation, id)
    if not row.is_secret or row.opened_at:
        raise Refused(N_("This instruction is open already."))
    row.org_id, row.opened_at = assembly.org_id, now
    session().flush()
    audit.record(actor, "delegations.handed_over", now=now, subject=("assembly", assembly_id))


def take_instruction_back(actor: Actor, assembly_id: int, delegation_id: int, id: int, *, now: datetime) -> None:
    """Takes an instruction back before the vote."""
    _assembly, delegation = _own(actor, assembly_id, delegation_id)
    row = queries.instruction_for(delegation, id)
    if row.opened_at:
        raise Refused(N_("The vote on this is over, so its instruction stays as it was."))
    session().delete(row)
    session().flush()
    audit.record(actor, "delegations.uninstructed", now=now, subject=("assembly", assembly_id), before={"on": row.subject, "stance": row.stance})


def _own(actor: Actor, assembly_id: int, delegation_id: int) -> tuple[Assembly, Delegation]:
    assembly = open_roster(actor, assembly_id)
    delegation = seats.delegation_for(assembly, delegation_id, lock=True)
    if delegation.partner_id != actor.org_id:
        raise Missing
    return assembly, delegation


def _title_of(assembly: Assembly, item_id: int | None) -> str:
    if item_id is None:
        return ""
    title = session().scalar(select(AgendaItem.title).where(AgendaItem.id == item_id, AgendaItem.assembly_id == assembly.id))
    if title is None:
        raise Refused(Reason(N_("Choose an item of this assembly's program."), {}, "item_id"))
    return in_language(title, "en")[:200]
