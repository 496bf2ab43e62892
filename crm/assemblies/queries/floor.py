"""Reads of votes in the room, for whoever sees the assembly."""

from collections import defaultdict
from collections.abc import Callable

from sqlalchemy import select

from crm.assemblies.models import Assembly, FloorCount, FloorVote
from crm.infra.db import session
from crm.kernel.refusal import Missing

PRESENT: list[Callable[[Assembly], int]] = []
"""How many have been let in where the assembly sits now, as later rooms know it; filled in create_app."""


def present_in(assembly: Assembly) -> int:
    """People let in at the doors of the session that is on."""
    return sum(count(assembly) for count in PRESENT)


def floor_votes(assembly: Assembly) -> list[tuple[FloorVote, list[FloorCount]]]:
    """Every question with its counts, the latest question first."""
    counts = defaultdict(list)
    for count in session().scalars(select(FloorCount).where(FloorCount.assembly_id == assembly.id).order_by(FloorCount.number)):
        counts[count.vote_id].append(count)
    query = select(FloorVote).where(FloorVote.assembly_id == assembly.id).order_by(FloorVote.number.desc()).limit(300)
    return [(vote, counts[vote.id]) for vote in session().scalars(query)]


def floor_vote_for(assembly: Assembly, id: int, lock: bool = False) -> FloorVote:
    """A question of an assembly whose door has been passed."""
    query = select(FloorVote).where(FloorVote.id == id, FloorVote.assembly_id == assembly.id)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing
    return found


def last_count(vote: FloorVote) -> FloorCount | None:
    """The count that stands."""
    return session().scalar(select(FloorCount).where(FloorCount.vote_id == vote.id).order_by(FloorCount.number.desc()).limit(1))
