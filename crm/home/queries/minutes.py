"""The minutes of an assembly, put together from what the rooms know: who convened, each session and its agenda, motions, votes, proposals."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.assemblies.models import Assembly, AssemblySession, FloorCount, FloorVote, InformationRequest
from crm.assemblies.queries import agenda_of, assembly_for, closed_sessions, convener_of, partners_of, sessions_of
from crm.assemblies.queries.floor import floor_votes
from crm.assemblies.queries.government import requests_of
from crm.assemblies.rules import program_times
from crm.infra.auth import Actor
from crm.ratification.models import Ratification
from crm.ratification.queries.assemblies import votes_of_assembly
from crm.tables.models import TableProposal
from crm.tables.queries import proposals_of
from crm.turnout.queries.room import let_in_by_session


@dataclass(frozen=True)
class Sitting:
    """One session: its agenda with times, how many were let in (None where that is not the actor's to know), whether it is closed to the actor."""

    session: AssemblySession
    items: list[tuple[datetime, Any]]
    present: int | None
    is_closed: bool


@dataclass(frozen=True)
class Minutes:
    """Everything that the page shows, in order."""

    assembly: Assembly
    convener: str
    partners: list[tuple[str, str]]
    sittings: list[Sitting]
    motions: list[tuple[FloorVote, list[FloorCount]]]
    votes: list[Ratification]
    proposals: list[TableProposal]
    requests: list[InformationRequest]


def minutes_for(actor: Actor, assembly_id: int) -> Minutes:
    """The minutes of an assembly that the actor may see; of sessions that the actor's organization was asked to leave, only that they were held."""
    assembly = assembly_for(actor, assembly_id)
    sessions = sessions_of(assembly)
    agenda, closed = agenda_of(assembly), closed_sessions(actor, sessions)
    present = let_in_by_session(assembly) if assembly.org_id == actor.org_id else {}
    return Minutes(
        assembly=assembly,
        convener=convener_of(assembly).name,
        partners=[(organization.name, row.role) for row, organization in partners_of(assembly) if organization.id != assembly.org_id],
        sittings=[_sitting(assembly, each, agenda.get(each.id, []), present.get(each.id), each.id in closed) for each in sessions],
        motions=[] if closed else floor_votes(assembly)[::-1],
        votes=[vote for vote in votes_of_assembly(assembly) if vote.result is not None],
        proposals=[] if closed else proposals_of(assembly.id),
        requests=requests_of(assembly),
    )


def _sitting(assembly: Assembly, sitting: AssemblySession, items: list[Any], present: int | None, is_closed: bool) -> Sitting:
    times = program_times(sitting.starts_at, [item.minutes for item in items], assembly.time_zone)
    return Sitting(sitting, [] if is_closed else list(zip(times, items, strict=True)), present, is_closed)
