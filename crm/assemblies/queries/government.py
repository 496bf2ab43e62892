"""Reads of an assembly's side towards government; the assembly's own door has been passed."""

from sqlalchemy import select

from crm.assemblies.models import Assembly, Backing, InformationRequest, PoliticalScenario
from crm.infra.db import session
from crm.kernel.refusal import Missing


def requests_of(assembly: Assembly) -> list[InformationRequest]:
    """Questions to government: those without an answer first, the most urgent on top."""
    query = select(InformationRequest).where(InformationRequest.assembly_id == assembly.id)
    return list(session().scalars(query.order_by(InformationRequest.answered_on.is_not(None), InformationRequest.due_on, InformationRequest.number)))


def request_for(assembly: Assembly, id: int, lock: bool = False) -> InformationRequest:
    """One of its questions."""
    query = select(InformationRequest).where(InformationRequest.id == id, InformationRequest.assembly_id == assembly.id)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing()
    return found


def backings_of(assembly: Assembly) -> list[Backing]:
    """Who stands behind it, in the order in which they were written down."""
    return list(session().scalars(select(Backing).where(Backing.assembly_id == assembly.id).order_by(Backing.id)))


def scenarios_of(assembly: Assembly) -> list[PoliticalScenario]:
    """The political weather, the latest first."""
    query = select(PoliticalScenario).where(PoliticalScenario.assembly_id == assembly.id)
    return list(session().scalars(query.order_by(PoliticalScenario.seen_at.desc(), PoliticalScenario.id.desc())))
