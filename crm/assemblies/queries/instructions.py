"""How organizations instruct their delegations: the convener reads what is open to it, nobody else reads another's."""

from sqlalchemy import select

from crm.assemblies.models import Assembly, Credential, Delegation, Instruction, Participant
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Missing


def instructions_of(delegation: Delegation) -> list[Instruction]:
    """Those of one delegation that the actor's organization may read."""
    return list(session().scalars(select(Instruction).where(Instruction.delegation_id == delegation.id).order_by(Instruction.id)))


def instruction_for(delegation: Delegation, id: int) -> Instruction:
    """One of them, to be changed."""
    found = session().scalar(select(Instruction).where(Instruction.id == id, Instruction.delegation_id == delegation.id).with_for_update())
    if found is None:
        raise Missing
    return found


def instructions_by_delegation(assembly: Assembly) -> list[tuple[str, Instruction]]:
    """For the credentials report: (delegation, instruction), as far as they are open."""
    query = select(Delegation.name, Instruction).join(Delegation, Delegation.id == Instruction.delegation_id)
    query = query.where(Instruction.assembly_id == assembly.id, (Instruction.opened_at.is_not(None)) | ~Instruction.is_secret)
    return [tuple(row) for row in session().execute(query.order_by(Instruction.subject, Delegation.name))]


def instructions_to(actor: Actor, assembly_id: int, person_id: int) -> list[Instruction]:
    """What one delegate or alternate of the actor's own organization is instructed to do."""
    mine = (
        select(Credential.delegation_id).join(Participant, Participant.id == Credential.participant_id)
        .where(Credential.assembly_id == assembly_id, Credential.partner_id == actor.org_id, Participant.person_id == person_id)
    )
    return list(session().scalars(select(Instruction).where(Instruction.delegation_id.in_(mine)).order_by(Instruction.id)))
