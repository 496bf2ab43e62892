"""What the door learned, taken over by the organization whose person came; runs in that organization's scope."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.names import fold, split_name
from crm.kernel.refusal import Refused
from crm.outreach.actions.consent import give_consent
from crm.people.actions.people import add_note, add_person
from crm.people.models import Person, Phone
from crm.turnout.actions.doors import attended, title_of
from crm.turnout.models import Attendance, Rsvp, WalkIn


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
        _agree(actor, told, row.person_id)
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


def _agree(actor: Actor, told: WalkIn, person_id: int) -> None:
    if told.consented_at is None or not told.phone:
        return
    try:
        give_consent(
            actor,
            told.phone,
            source="in_person",
            now=told.consented_at,
            person_id=person_id,
            wording=told.wording,
            evidence="door",
        )
    except Refused:
        return  # they replied STOP once: only they can start texts again, not a tick at the door


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
