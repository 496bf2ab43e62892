"""What someone is to the organization, with its history: every change has its day and its reason."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.bulk import insert_rows
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
    return histories_of([person.id])[person.id]


def histories_of(ids: Collection[int]) -> dict[int, list[standings.Change]]:
    """The histories of these people, in one query."""
    histories: dict[int, list[standings.Change]] = {id: [] for id in ids}
    known = select(StandingChange.person_id, StandingChange.on, StandingChange.standing).where(StandingChange.person_id.in_(histories))
    for person_id, on, standing in session().execute(known.order_by(StandingChange.id)):
        histories[person_id].append((on, standing))
    return histories


def write_brought(
    by: Actor, made: Mapping[int, standings.Standing], changed: Mapping[int, tuple[standings.Standing, standings.Standing]], why: str, *, now: datetime
) -> None:
    """Writes down what a spreadsheet said of people that it made, and of people whose standing it changed, as (was, becomes)."""
    rows = [(id, became, on) for id, said in made.items() for on, became in standings.opening(*said, now.date())]
    if changed:
        histories, wanted = histories_of(changed), select(Person.id, Person.created_at).where(Person.id.in_(changed))
        before = []
        for id, created_at in session().execute(wanted.order_by(Person.id)):
            along, new = standings.brought(histories[id], created_at.date(), *changed[id], now.date())
            before += [(id, became, on) for on, became in along]
            rows += [(id, became, on) for on, became in new]
        insert_rows(StandingChange, _COLUMNS, before, reason="", author="", created_at=now)
    insert_rows(StandingChange, _COLUMNS, rows, reason=why, author=by.name, created_at=now)


_COLUMNS = ("person_id", "standing", "on")


def take_brought_back(ids: Collection[int], why: str) -> None:
    """Takes what a spreadsheet said out of these people's histories; a first row that only came along goes too."""
    rows: dict[int, list[Any]] = defaultdict(list)
    columns = (StandingChange.id, StandingChange.person_id, StandingChange.reason, StandingChange.author, StandingChange.created_at)
    for row in session().execute(select(*columns).where(StandingChange.person_id.in_(ids))):
        rows[row.person_id].append(row)
    gone = []
    for history in rows.values():
        said = [row for row in history if row.reason == why]
        along = [row for row in history if not row.author and not row.reason and row.created_at in {one.created_at for one in said}]
        gone += [row.id for row in (history if len(said) + len(along) == len(history) else said)]
    session().execute(delete(StandingChange).where(StandingChange.id.in_(gone)), execution_options={"synchronize_session": False})


def _row(person: Person, standing: str, on: date, reason: str, author: str, now: datetime) -> None:
    session().add(
        StandingChange(id=new_id(), org_id=person.org_id, person_id=person.id, standing=standing, on=on, reason=reason, author=author, created_at=now)
    )
    session().flush()
