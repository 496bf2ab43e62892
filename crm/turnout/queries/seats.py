"""Places on the roster that no organization has a record of, as the door sees them: by their code, else by first name and initial."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from crm.assemblies.models import Participant
from crm.assemblies.queries.rosters import seat_of_letter, unrecorded
from crm.infra.db import session
from crm.turnout import rules
from crm.turnout.models import Attendance

_LETTER = re.compile(r"/lottery/([\w-]{22})(?:\?|$)")


@dataclass(frozen=True)
class Seat:
    """A place without a record: as it is shown, whose it is, and since when it is in."""

    id: int
    name: str
    partner_id: int
    attendance_id: int | None = None
    arrived_at: datetime | None = None


def seats_at(assembly_id: int, session_id: int | None = None, typed: str | None = None) -> list[Seat]:
    """All of an assembly, or those that a search finds; with who of them is in at a session: two queries."""
    rows = [row for row in unrecorded(assembly_id) if typed is None or rules.is_seat_found(typed, row.shown_name)]
    query = select(Attendance.participant_id, Attendance.id, Attendance.arrived_at).where(
        Attendance.session_id == session_id, Attendance.participant_id.is_not(None), Attendance.undone_at.is_(None))
    there = {id: (attendance_id, at) for id, attendance_id, at in session().execute(query)} if rows and session_id else {}
    return [Seat(row.id, rules.door_seat(row.shown_name), row.partner_id, *there.get(row.id, ())) for row in rows]


def seat_behind(assembly_id: int, words: str) -> Participant | None:
    """The one place that a tablet's number, a scanned letter or a code stands for; locked, so that two tablets wait for one another."""
    id = rules.seat_in(words)
    if id is None and (letter := _LETTER.search(words)):
        id = seat_of_letter(assembly_id, letter[1])
    elif id is None and (code := rules.squeeze(words)):
        found = [row.id for row in unrecorded(assembly_id) if rules.squeeze(row.shown_name) == code]
        id = found[0] if len(found) == 1 else None
    return session().scalar(select(Participant).where(Participant.id == id, Participant.assembly_id == assembly_id).with_for_update()) if id else None
