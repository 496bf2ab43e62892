"""What someone is to the organization, with its history: every change has its day and its reason."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import Refusal, Refused
from crm.people import rules
from crm.people.models import Person, StandingChange
from crm.people.queries import person_for
from crm.people.rules import standing as standings


def change_standing(actor: Actor, person_id: int, standing: str, on: date | None, reason: str, *, now: datetime) -> int:
    """From that day on they are this, because of that; the history decides what they are today."""
    person = person_for(actor, person_id, lock=True)
    history = history_of(person) or open_history(person, person.standing, person.member_since, now)
    wrong = standings.issues_in_change(standing, on, history, now.date(), tuple(rules.STANDINGS))
    if wrong:
        raise Refused(Refusal(wrong))
    write_change(actor, person, standing, on, reason, now=now)
    return person.id


def write_change(actor: Actor, person: Person, standing: str, on: date, reason: str, *, now: datetime) -> None:
    """One more row of the history; the person's standing and membership follow from all of it."""
    before: dict[str, Any] = {"standing": person.standing}
    _row(person, standing, on, reason.strip()[:200], actor.name, now)
    person.standing, person.member_since = standings.standing_now(history_of(person))
    person.version += 1
    person.updated_at = now
    after = {"standing": standing, "on": on.isoformat(), "reason": reason.strip()[:200]}
    audit.record(actor, "standing.changed", now=now, person_id=person.id, before=before, after=after)
    session().flush()


def open_history(person: Person, standing: str, member_since: date | None, now: datetime, author: str = "") -> list[standings.Change]:
    """Writes down the first row (two, for who was a member once) of someone of whom only the present is known."""
    history = standings.opening(standing, member_since, (person.created_at or now).date())
    for on, became in history:
        _row(person, became, on, "", author, now)
    session().flush()
    return history


def history_of(person: Person) -> list[standings.Change]:
    """The history as rules read it, in the order in which it was written."""
    rows = select(StandingChange.on, StandingChange.standing).where(StandingChange.person_id == person.id).order_by(StandingChange.id)
    return [(on, standing) for on, standing in session().execute(rows)]


def _row(person: Person, standing: str, on: date, reason: str, author: str, now: datetime) -> None:
    session().add(
        StandingChange(id=new_id(), org_id=person.org_id, person_id=person.id, standing=standing, on=on, reason=reason, author=author, created_at=now)
    )
    session().flush()
