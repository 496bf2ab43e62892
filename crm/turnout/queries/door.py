"""What a door tablet may read: one session's names (first name and initial), codes, who is in, and how many."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from crm.assemblies.models import Assembly, AssemblyPartner, AssemblySession
from crm.assemblies.playbooks import playbook_of
from crm.infra.auth import Actor
from crm.infra.db import scope_to, session
from crm.infra.links import read_link
from crm.kernel.refusal import Missing, Reason
from crm.organizations.queries import names_of
from crm.turnout import rules
from crm.turnout.models import Attendance, Door, Rsvp, Support
from crm.turnout.queries.seats import seats_at

MOST_FOUND = 30


@dataclass(frozen=True)
class Holder:
    """The holder of a link, held to the organization that gave it out: what for, until when."""

    org_id: int
    subject_id: int
    expires_at: datetime
    token: str

    @classmethod
    def of(cls, token: str, purpose: str, now: datetime, *, grace_seconds: int = 0) -> "Holder":
        """Reads the link, never consuming it, and holds the session to its organization; Missing otherwise."""
        link = read_link(token, purpose, now, grace_seconds=grace_seconds)
        holder = cls(link.org_id, link.subject_id, link.expires_at, token)
        scope_to(holder.org_id)
        return holder

    @property
    def actor(self) -> Actor:
        return Actor.by_link(self)


@dataclass(frozen=True)
class Sitting:
    """The session that a door leads into, with what its page says."""

    door_id: int
    door_name: str
    id: int
    org_id: int
    assembly_id: int
    title: dict
    goal: int
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime
    begins_now: bool = False  # called in the street: nobody there was sent a pass


@dataclass(frozen=True)
class Found:
    """Somebody on the list: name, organization, what to say, and whether they are in; a seat that is known by its code alone has no RSVP."""

    rsvp_id: int | None
    name: str
    code: str
    organization: str
    state: str
    guests: int
    supports: list[tuple[str, int]]
    attendance_id: int | None
    arrived_at: datetime | None
    seat_id: int | None = None


@dataclass(frozen=True)
class Arrived:
    """Somebody who came in."""

    id: int
    name: str
    guests: int
    device_key: str
    arrived_at: datetime


def session_on(holder: Holder) -> Sitting:
    """The session behind a door link; Missing when the door was closed or the session is gone."""
    row = (
        session()
        .execute(
            select(Door, AssemblySession, Assembly)
            .join(AssemblySession, AssemblySession.id == Door.session_id)
            .join(Assembly, Assembly.id == Door.assembly_id)
            .where(Door.id == holder.subject_id, Door.closed_at.is_(None), Assembly.org_id == holder.org_id)
        )
        .one_or_none()
    )
    if row is None:
        raise Missing()
    door, sitting, assembly = row
    return Sitting(
        door.id,
        door.name,
        sitting.id,
        assembly.org_id,
        assembly.id,
        assembly.title,
        assembly.goal,
        assembly.time_zone,
        sitting.starts_at,
        sitting.ends_at,
        holder.expires_at,
        playbook_of(assembly.kind).begins_now,
    )


def _matches(typed: str) -> ColumnElement[bool]:
    """Each typed word begins a word of the name, or its first letter is the initial that we have of the family name; no name has digits."""
    return and_(
        *(
            or_(
                Rsvp.door_folded.startswith(word, autoescape=True),
                Rsvp.door_folded.contains(" " + word, autoescape=True),
                *([Rsvp.door_folded.endswith(" " + word[0], autoescape=True)] if not any(c.isdigit() for c in word) else []),
            )
            for word in rules.search_words(typed)
        )
    )


def find_at_door(sitting: Sitting, typed: str) -> list[Found] | Reason:
    """People and seats whose name or code was typed, best matches first, or why the code cannot be read."""
    seats = _seats_found(sitting, typed)
    people = _people_found(sitting, typed)
    if isinstance(people, Reason):
        return seats or people
    return (seats + people if any(c.isdigit() for c in typed) else people + seats)[:MOST_FOUND]


def _seats_found(sitting: Sitting, typed: str) -> list[Found]:
    seats = seats_at(sitting.assembly_id, sitting.id, typed)[:MOST_FOUND] if typed.strip() else []
    names = names_of({seat.partner_id for seat in seats})
    return [
        Found(None, seat.name, f"{rules.SEAT}{seat.id}", names.get(seat.partner_id, ""), "", 0, [], seat.attendance_id, seat.arrived_at, seat.id)
        for seat in seats
    ]


def _people_found(sitting: Sitting, typed: str) -> list[Found] | Reason:
    if rules.looks_like_code(typed):
        code = rules.read_code(typed)
        if isinstance(code, Reason):
            return code
        where, order = Rsvp.code == code, ()
    elif words := rules.search_words(typed):
        where, code = _matches(typed), rules.read_code(typed)
        where = or_(where, Rsvp.code == code) if isinstance(code, str) else where  # nine letters may be a name or a code
        order = Rsvp.door_folded.startswith(words[0], autoescape=True).desc(), Rsvp.state.in_(rules.COMING).desc()
    else:
        return []
    rows = (
        session()
        .execute(
            select(Rsvp, Attendance.id, Attendance.arrived_at)
            .outerjoin(
                Attendance,
                and_(
                    Attendance.rsvp_id == Rsvp.id, Attendance.session_id == sitting.id, Attendance.undone_at.is_(None)
                ),
            )
            .where(Rsvp.assembly_id == sitting.assembly_id, where)
            .order_by(*order, Rsvp.door_folded, Rsvp.id)
            .limit(MOST_FOUND)
        )
        .all()
    )
    return _found(rows)


def _found(rows: Iterable) -> list[Found]:
    rows = list(rows)
    names = names_of({rsvp.partner_id for rsvp, *_ in rows})
    needs: dict[int, list[tuple[str, int]]] = {}
    if rows:
        asked = session().execute(
            select(Support.rsvp_id, Support.kind, Support.quantity)
            .where(Support.rsvp_id.in_([rsvp.id for rsvp, *_ in rows]))
            .order_by(Support.kind)
        )
        for rsvp_id, kind, quantity in asked:
            needs.setdefault(rsvp_id, []).append((kind, quantity))
    return [
        Found(
            rsvp.id,
            rsvp.door_name,
            rsvp.code,
            names.get(rsvp.partner_id, ""),
            rsvp.state,
            rsvp.guests,
            needs.get(rsvp.id, []),
            attendance_id,
            arrived_at,
        )
        for rsvp, attendance_id, arrived_at in rows
    ]


def room_count(sitting: Sitting) -> int:
    """People in the room, guests counted."""
    return int(
        session().scalar(
            select(func.coalesce(func.sum(Attendance.guests + 1), 0)).where(
                Attendance.session_id == sitting.id, Attendance.undone_at.is_(None)
            )
        )
    )


def just_came(sitting: Sitting, most: int = 5) -> list[Arrived]:
    """Who came in last."""
    rows = session().execute(
        select(Attendance.id, Attendance.door_name, Attendance.guests, Attendance.device_key, Attendance.arrived_at)
        .where(Attendance.session_id == sitting.id, Attendance.undone_at.is_(None))
        .order_by(Attendance.arrived_at.desc(), Attendance.id.desc())
        .limit(most)
    )
    return [Arrived(*row) for row in rows]


def roster(sitting: Sitting) -> list[list]:
    """The list for a tablet without signal: name, code, organization, guests, since when they are in or none; then seats known by a code."""
    rows = (
        session()
        .execute(
            select(Rsvp.door_name, Rsvp.code, Rsvp.partner_id, Rsvp.guests, Attendance.arrived_at)
            .outerjoin(
                Attendance,
                and_(
                    Attendance.rsvp_id == Rsvp.id, Attendance.session_id == sitting.id, Attendance.undone_at.is_(None)
                ),
            )
            .where(Rsvp.assembly_id == sitting.assembly_id)
            .order_by(Rsvp.door_folded, Rsvp.id)
        )
        .all()
    )
    seats = seats_at(sitting.assembly_id, sitting.id)
    listed = [(row.door_name, row.code, row.partner_id, row.guests, row.arrived_at) for row in rows]
    listed += [(seat.name, f"{rules.SEAT}{seat.id}", seat.partner_id, 0, seat.arrived_at) for seat in seats]
    names = names_of({partner_id for _name, _code, partner_id, *_rest in listed})
    return [[name, code, names.get(partner_id, ""), guests, at.isoformat() if at else None] for name, code, partner_id, guests, at in listed]


def organizations_at(sitting: Sitting) -> list[tuple[int, str]]:
    """The convener and its partners, for the walk-in form: the convener first."""
    ids = set(
        session().scalars(
            select(AssemblyPartner.partner_id).where(
                AssemblyPartner.assembly_id == sitting.assembly_id, AssemblyPartner.state != "declined"
            )
        )
    )
    names = names_of(ids | {sitting.org_id})
    return sorted(names.items(), key=lambda item: (item[0] != sitting.org_id, item[1]))
