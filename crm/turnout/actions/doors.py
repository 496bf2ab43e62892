"""The door: links that open it, and check-ins that may arrive twice, late, or out of order and still count once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from crm.assemblies.models import Assembly, AssemblyPartner
from crm.assemblies.queries import assembly_to_run, session_for
from crm.assemblies.rules import in_language
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.jobs import enqueue
from crm.infra.links import issue_link_id, revoke_links
from crm.kernel.names import split_name
from crm.kernel.phone import read_phone
from crm.kernel.refusal import Missing, Reason, Refused
from crm.turnout import rules
from crm.turnout.models import Attendance, Door, Rsvp, WalkIn
from crm.turnout.queries import Sitting, door_for


@dataclass(frozen=True)
class CheckIn:
    """One tap at the door. `key` is the tablet's own, so that the same tap sent again is the same check-in."""

    key: str
    code: str | None = None
    rsvp_id: int | None = None
    guests: int | None = None
    said_at: datetime | None = None
    is_undone: bool = False
    name: str = ""
    partner_id: int | None = None
    phone: str = ""
    language: str = "en"
    needs: str = ""
    wording: str = ""
    has_consented: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a check-in: in, already, undone, unknown or refused; the name, and since when they are in."""

    key: str
    result: str
    name: str = ""
    at: datetime | None = None
    reasons: tuple[Reason, ...] = ()
    attendance_id: int | None = None


def open_door(actor: Actor, assembly_id: int, session_id: int, *, name: str, hours: int | None, now: datetime) -> int:
    """Makes a door link for a session of an assembly that the actor's organization convenes."""
    assembly = assembly_to_run(actor, assembly_id)
    sitting = session_for(actor, assembly.id, session_id)
    if issues := rules.issues_before_door(hours):
        raise Refused(issues)
    door = Door(
        org_id=actor.org_id,
        assembly_id=assembly.id,
        session_id=sitting.id,
        name=name.strip()[:80],
        made_by=actor.name,
        expires_at=now + timedelta(hours=hours or 0),
        created_at=now,
    )
    session().add(door)
    session().flush()
    door.link_id = issue_link_id(actor.org_id, "door", door.id, expires_at=door.expires_at, now=now)
    session().flush()
    audit.record(actor, "door.opened", now=now, subject=("assembly", assembly.id), after={"hours": hours})
    return door.id


def close_door(actor: Actor, door_id: int, *, now: datetime) -> int:
    """Ends a door link at once; returns its assembly. What tablets still hold goes in through a new link."""
    door = door_for(actor, door_id)
    door.closed_at = door.closed_at or now
    revoke_links(actor.org_id, "door", door.id, now=now)
    session().flush()
    audit.record(actor, "door.closed", now=now, subject=("assembly", door.assembly_id))
    return door.assembly_id


def check_in(actor: Actor, sitting: Sitting, tap: CheckIn, *, now: datetime) -> Outcome:
    """Lets somebody in: by code, from the list, or as a walk-in. Repeating it changes nothing, in any order."""
    arrived = rules.arrival_time(tap.said_at, now)
    if refusal := rules.may_check_in(arrived, sitting.expires_at, now):
        return Outcome(tap.key, "refused", reasons=refusal.reasons)
    same = session().scalar(
        select(Attendance)
        .where(Attendance.session_id == sitting.id, Attendance.device_key == tap.key)
        .with_for_update()
    )
    if same is not None:
        return _again(actor, sitting, same, tap, now)
    if tap.code or tap.rsvp_id:
        return _known(actor, sitting, tap, arrived, now)
    return _walk_in(actor, sitting, tap, arrived, now)


def undo_check_in(actor: Actor, sitting: Sitting, attendance_id: int, *, now: datetime) -> None:
    """Takes a check-in back, also one made on another tablet; it stays as a tombstone."""
    row = session().scalar(
        select(Attendance).where(Attendance.id == attendance_id, Attendance.session_id == sitting.id).with_for_update()
    )
    if row is None:
        raise Missing()
    _undo(actor, sitting, row, now)


def _undo(actor: Actor, sitting: Sitting, row: Attendance, now: datetime) -> None:
    if row.undone_at is None:
        row.undone_at = now
        session().flush()
        _tell(actor, sitting, row, now)


def _again(actor: Actor, sitting: Sitting, row: Attendance, tap: CheckIn, now: datetime) -> Outcome:
    if tap.is_undone:
        _undo(actor, sitting, row, now)
    return Outcome(tap.key, "undone" if row.undone_at else "in", row.door_name, row.arrived_at, attendance_id=row.id)


def _known(actor: Actor, sitting: Sitting, tap: CheckIn, arrived: datetime, now: datetime) -> Outcome:
    which = Rsvp.id == tap.rsvp_id if tap.rsvp_id else Rsvp.code == tap.code
    # the lock makes two tablets that scan the same pass at once wait for one another
    rsvp = session().scalar(select(Rsvp).where(which, Rsvp.assembly_id == sitting.assembly_id).with_for_update())
    if rsvp is None:
        return Outcome(tap.key, "unknown")
    there = session().scalar(
        select(Attendance).where(
            Attendance.session_id == sitting.id, Attendance.rsvp_id == rsvp.id, Attendance.undone_at.is_(None)
        )
    )
    if there is not None and not tap.is_undone:
        there.arrived_at = min(there.arrived_at, arrived)
        return Outcome(tap.key, "already", rsvp.door_name, there.arrived_at, attendance_id=there.id)
    row = _add(
        sitting,
        tap,
        arrived,
        now,
        partner_id=rsvp.partner_id,
        rsvp_id=rsvp.id,
        person_id=rsvp.person_id,
        door_name=rsvp.door_name,
        guests=rsvp.guests if tap.guests is None else min(max(tap.guests, 0), rules.MOST_GUESTS),
    )
    if not tap.is_undone:
        _tell(actor, sitting, row, now)
    return Outcome(tap.key, "undone" if tap.is_undone else "in", rsvp.door_name, row.arrived_at, attendance_id=row.id)


def _add(sitting: Sitting, tap: CheckIn, arrived: datetime, now: datetime, **facts: Any) -> Attendance:
    row = Attendance(
        org_id=sitting.org_id,
        assembly_id=sitting.assembly_id,
        session_id=sitting.id,
        device_key=tap.key[:64],
        arrived_at=arrived,
        undone_at=now if tap.is_undone else None,
        **facts,
    )
    session().add(row)
    session().flush()
    return row


def _walk_in(actor: Actor, sitting: Sitting, tap: CheckIn, arrived: datetime, now: datetime) -> Outcome:
    phone = read_phone(tap.phone) if tap.phone.strip() else ""
    issues = rules.issues_before_walk_in(tap.name, tap.phone, tap.has_consented)
    if isinstance(phone, Reason):
        issues.append(Reason(phone.text, phone.params, "phone"))
    partner_id = tap.partner_id or sitting.org_id
    if partner_id != sitting.org_id and not _brings(sitting, partner_id):
        issues.append(Reason(rules.NOT_A_PARTNER, {}, "partner_id"))
    if issues:
        return Outcome(tap.key, "refused", reasons=tuple(issues))
    given, family = split_name(tap.name)
    row = _add(
        sitting,
        tap,
        arrived,
        now,
        partner_id=partner_id,
        rsvp_id=None,
        person_id=None,
        is_walk_in=True,
        door_name=rules.door_name(given, family),
        guests=min(max(tap.guests or 0, 0), rules.MOST_GUESTS),
    )
    keeps_phone = bool(phone) and tap.has_consented
    session().add(
        WalkIn(
            org_id=sitting.org_id,
            partner_id=partner_id,
            attendance_id=row.id,
            name=tap.name.strip()[:200],
            phone=phone if keeps_phone else "",
            language=tap.language,
            needs=tap.needs.strip()[:500],
            wording=tap.wording[:1000] if keeps_phone else "",
            consented_at=arrived if keeps_phone else None,
            created_at=now,
        )
    )
    session().flush()
    if not tap.is_undone:
        enqueue(
            partner_id,
            "turnout.take_walk_in",
            {"attendance_id": row.id},
            now=now,
            key=f"walk-in:{row.id}",
            not_before=now + rules.TIME_TO_UNDO,
        )
    return Outcome(tap.key, "undone" if tap.is_undone else "in", row.door_name, row.arrived_at, attendance_id=row.id)


def _brings(sitting: Sitting, partner_id: int) -> bool:
    return (
        session().scalar(
            select(AssemblyPartner.id).where(
                AssemblyPartner.assembly_id == sitting.assembly_id,
                AssemblyPartner.partner_id == partner_id,
                AssemblyPartner.state != "declined",
            )
        )
        is not None
    )


def _tell(actor: Actor, sitting: Sitting, row: Attendance, now: datetime) -> None:
    """A convener's own member's timeline is written here; a partner's by a job in the partner's scope."""
    if row.person_id is None:
        return
    if row.partner_id == actor.org_id:
        attended(actor, row, in_language(sitting.title, "en"), now)
        return
    state = "undone" if row.undone_at else "in"
    enqueue(
        row.partner_id,
        "turnout.tell_attendance",
        {"attendance_id": row.id, "is_undone": bool(row.undone_at)},
        now=now,
        key=f"attendance:{row.id}:{state}",
    )


def attended(actor: Actor, row: Attendance, title: str, now: datetime) -> None:
    """Writes on the person's timeline that they came, or that it was a mistake."""
    verb = "attendance.undone" if row.undone_at else "attendance.recorded"
    audit.record(
        actor,
        verb,
        now=now if row.undone_at else row.arrived_at,
        person_id=row.person_id,
        subject=("assembly", row.assembly_id),
        after={"assembly": title},
    )


def title_of(row: Attendance) -> str:
    """The assembly's title, for a job in a partner's scope."""
    title = session().scalar(select(Assembly.title).where(Assembly.id == row.assembly_id))
    return in_language(title, "en") or "—"
