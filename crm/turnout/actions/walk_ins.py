"""Walk-ins: signed in at the door, then taken over by the organization they came with, in its own scope."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.jobs import enqueue
from crm.kernel.languages import LANGUAGES
from crm.kernel.names import fold, split_name
from crm.kernel.phone import read_phone
from crm.kernel.refusal import Reason, Refused
from crm.outreach.actions.consent import give_consent
from crm.outreach.actions.signing_up import welcome
from crm.outreach.queries.consent import consent_of
from crm.people.actions import add_note, add_person
from crm.people.models import Person, Phone
from crm.turnout import rules
from crm.turnout.actions.attendances import CheckIn, Outcome, add_attendance, attended, title_of
from crm.turnout.models import Attendance, Rsvp, WalkIn
from crm.turnout.queries import Sitting, organizations_at


def enter_walk_in(actor: Actor, sitting: Sitting, tap: CheckIn, arrived: datetime, now: datetime) -> Outcome:
    """Lets somebody in who is not on the list; what they told is left to a job of the organization they came with."""
    phone = read_phone(tap.phone) if tap.phone.strip() else ""
    partner_id = tap.partner_id or sitting.org_id
    if issues := _issues(sitting, tap, phone, partner_id):
        return Outcome(tap.key, "refused", reasons=tuple(issues))
    name, guests = rules.door_name(*split_name(tap.name)), min(max(tap.guests or 0, 0), rules.MOST_GUESTS)
    row = add_attendance(
        sitting, tap, arrived, now, partner_id=partner_id, is_walk_in=True, door_name=name, guests=guests
    )
    keeps_phone = bool(phone) and tap.has_consented
    session().add(
        WalkIn(
            org_id=sitting.org_id,
            partner_id=partner_id,
            attendance_id=row.id,
            name=tap.name.strip()[:200],
            phone=phone if keeps_phone else "",
            language=tap.language if tap.language in LANGUAGES else "en",
            needs=tap.needs.strip()[:500],
            wording=tap.wording[:1000] if keeps_phone else "",
            consented_at=arrived if keeps_phone else None,
            created_at=now,
        )
    )
    session().flush()
    facts, key = {"attendance_id": row.id}, f"walk-in:{row.id}"
    enqueue(partner_id, "turnout.take_walk_in", facts, now=now, key=key, not_before=now + rules.TIME_TO_UNDO)
    return Outcome(tap.key, "undone" if tap.is_undone else "in", row.door_name, row.arrived_at, attendance_id=row.id)


def _issues(sitting: Sitting, tap: CheckIn, phone: str | Reason, partner_id: int) -> list[Reason]:
    issues = rules.issues_before_walk_in(tap.name, tap.phone, tap.has_consented)
    if isinstance(phone, Reason):
        issues.append(Reason(phone.text, phone.params, "phone"))
    if partner_id not in dict(organizations_at(sitting)):
        issues.append(Reason(rules.NOT_A_PARTNER, {}, "partner_id"))
    return issues


def tell_attendance(actor: Actor, attendance_id: int, *, is_undone: bool, now: datetime) -> None:
    """Writes on a member's timeline that they came, or that the check-in was taken back."""
    row = session().get(Attendance, attendance_id)
    if row is not None and bool(row.undone_at) == is_undone:
        attended(actor, row, title_of(row), now)


def take_walk_in(actor: Actor, attendance_id: int, *, now: datetime) -> None:
    """Finds or adds the person, notes consent if it was given, and blanks what the door had written down."""
    row = session().scalar(select(Attendance).where(Attendance.id == attendance_id).with_for_update())
    told = session().scalar(select(WalkIn).where(WalkIn.attendance_id == attendance_id).with_for_update())
    if row is None or told is None or told.taken_at is not None:
        return
    if row.undone_at is None:
        row.person_id = _known(told) or _added(actor, told, title_of(row), now)
        _agree(actor, told, row.person_id, title_of(row), now)
        _meet_rsvp(actor, row)
        session().flush()
        if told.needs:
            add_note(actor, row.person_id, told.needs, now=now)
        attended(actor, row, title_of(row), now)
    told.taken_at, told.name, told.phone, told.needs = now, "", "", ""
    session().flush()


def _known(told: WalkIn) -> int | None:
    """The person who has this number and this first name; a household shares numbers, so the number is not enough."""
    if not told.phone:
        return None
    given, _family = split_name(told.name)
    rows = session().execute(
        select(Person.id, Person.given_name)
        .join(Phone, (Phone.org_id == Person.org_id) & (Phone.person_id == Person.id))
        .where(Phone.e164 == told.phone)
    )
    return next((id for id, name in rows if fold(name).split()[:1] == fold(given).split()[:1]), None)


def _added(actor: Actor, told: WalkIn, title: str, now: datetime) -> int:
    given, family = split_name(told.name)
    values: dict[str, Any] = {
        "given_name": given,
        "family_name": family,
        "language": told.language,
        "source": title[:200],
        "phones": [told.phone] if told.phone else [],
    }
    return add_person(actor, values, now=now)


def _agree(actor: Actor, told: WalkIn, person_id: int, title: str, now: datetime) -> None:
    if told.consented_at is None or not told.phone:
        return
    last = consent_of(told.phone)
    try:
        give_consent(
            actor,
            told.phone,
            source="in_person",
            now=now,
            at=told.consented_at,
            person_id=person_id,
            wording=told.wording,
            evidence=f"The door of {title}",
        )
    except Refused:
        return  # they replied STOP once: only they can start texts again, not a tick at the door
    if last is None or last.state != "given":
        welcome(actor, told.phone, person_id, told.language, now=now)


def _meet_rsvp(actor: Actor, row: Attendance) -> None:
    """A walk-in who turns out to be on the list is that person's check-in, unless they are in already."""
    rsvp = session().scalar(
        select(Rsvp).where(
            Rsvp.assembly_id == row.assembly_id, Rsvp.partner_id == actor.org_id, Rsvp.person_id == row.person_id
        )
    )
    if rsvp is None:
        return
    there = session().scalar(
        select(Attendance.id).where(
            Attendance.session_id == row.session_id, Attendance.rsvp_id == rsvp.id, Attendance.undone_at.is_(None)
        )
    )
    if there is None:
        row.rsvp_id = rsvp.id
