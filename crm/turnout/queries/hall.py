"""What the wall of the hall shows: how many came, what is on, what comes next, what is being voted on. No names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from crm.assemblies.models import Assembly
from crm.assemblies.queries import agenda_of
from crm.assemblies.rules import program_times
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.links import token_of, url_of
from crm.turnout.models import Attendance, Door
from crm.turnout.queries.door import Sitting, room_count

LATELY = timedelta(minutes=5)


@dataclass(frozen=True)
class VoteOnTheWall:
    """A vote that is open: how many of how many have voted, where that may be shown."""

    title: dict[str, str]
    closes_at: datetime
    cast: int | None = None
    of: int | None = None


VOTES_ON_THE_WALL: list[Callable[[datetime], list[VoteOnTheWall]]] = []
"""Rooms below that know of open votes; filled in create_app."""


SPEAKERS_ON_THE_WALL: list[Callable[[int], tuple[str, list[str]]]] = []
"""Rooms below that know who speaks in a session, and who comes next; filled in create_app."""


TABLE_OF: list[Callable[[Actor, int, int], int | None]] = []
"""Rooms below that know at which table somebody sits: (actor, assembly, RSVP) → its number; filled in create_app."""


@dataclass(frozen=True)
class Wall:
    """One moment of the wall; `now_on` and `then` are (when it begins, agenda item) or none; `speaks` and `next_up` names as called out."""

    count: int
    lately: int
    now_on: tuple[datetime, Any] | None
    then: tuple[datetime, Any] | None
    votes: list[VoteOnTheWall]
    join: str | None
    speaks: str = ""
    next_up: Sequence[str] = ()


def wall_of(sitting: Sitting, now: datetime) -> Wall:
    """The wall of a session at this moment."""
    lately = session().scalar(
        select(func.coalesce(func.sum(Attendance.guests + 1), 0)).where(
            Attendance.session_id == sitting.id, Attendance.undone_at.is_(None), Attendance.arrived_at > now - LATELY)
    )
    program = _program(sitting)
    begun = [one for one in program if one[0] <= now]
    ahead = [one for one in program if one[0] > now]
    now_on = begun[-1] if begun and now < sitting.ends_at else None
    votes = [vote for ask in VOTES_ON_THE_WALL for vote in ask(now)]
    speaks, next_up = next((ask(sitting.id) for ask in SPEAKERS_ON_THE_WALL), ("", []))
    return Wall(room_count(sitting), int(lately), now_on, ahead[0] if ahead else None, votes, _join(sitting, now), speaks, next_up)


def _program(sitting: Sitting) -> list[tuple[datetime, Any]]:
    assembly = session().get_one(Assembly, sitting.assembly_id)
    items = agenda_of(assembly).get(sitting.id, [])
    return list(zip(program_times(sitting.starts_at, [item.minutes for item in items], sitting.time_zone), items, strict=True))


def _join(sitting: Sitting, now: datetime) -> str | None:
    """The address of the newest open kiosk of the session, for people's own phones."""
    link_id = session().scalar(
        select(Door.link_id).where(Door.session_id == sitting.id, Door.kind == "kiosk", Door.closed_at.is_(None), Door.expires_at > now)
        .order_by(Door.created_at.desc(), Door.id.desc()).limit(1)
    )
    return url_of("kiosk", token_of(link_id)) if link_id else None
