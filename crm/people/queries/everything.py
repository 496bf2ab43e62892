"""Everything held about one person, read by what each room declared: for the member's own page and file."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect, or_, select

from crm.infra import held
from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel import holdings
from crm.people.models import Household, Person, PersonTag, Phone, Tag

NOT_TOLD = {"person_words", "duplicates", "audit_entries", "merges"}
"""The same words again, guesses of the program, and numbers only."""


def everything_about(actor: Actor, person_id: int) -> dict[str, list[dict[str, Any]]]:
    """Every row about the person, by table, with every column that says something; one query for each table."""
    person = session().scalar(select(Person).where(Person.id == person_id))
    if person is None:
        return {}
    found = {"people": [_row(person, "people")]}
    phones = set(session().scalars(select(Phone.e164).where(Phone.person_id == person_id)))
    shared = set(session().scalars(select(Phone.e164).where(Phone.e164.in_(phones), Phone.person_id != person_id)))
    for name, model, _does in held.tables_about():
        if name in NOT_TOLD or name in ("people", "person_tags"):
            continue
        rows = session().scalars(select(model).where(_theirs(model, person_id, phones - shared)).order_by(model.id)).all()
        if rows:
            found[name] = [_row(row, name) for row in rows]
    found |= _beside(person, phones - shared)
    return found


def _theirs(model: Any, person_id: int, phones: set[str]) -> Any:
    own = held.about(model, [person_id])
    return or_(own, model.phone.in_(phones)) if "phone" in model.__mapper__.columns and model.__access__ == "private" else own


def _beside(person: Person, phones: set[str]) -> dict[str, list[dict[str, Any]]]:
    """What hangs on the person by way of another row: tags, the household, consent as it is, support asked for, the door."""
    tables, found = held.owned_tables(), {}
    tags = select(Tag.name).join(PersonTag, (PersonTag.org_id == Tag.org_id) & (PersonTag.tag_id == Tag.id)).where(PersonTag.person_id == person.id)
    found["tags"] = [{"name": name} for name in session().scalars(tags.order_by(Tag.name_folded))]
    found["households"] = [{"name": name} for name in session().scalars(select(Household.name).where(Household.id == person.household_id))]
    came, seats = tables["attendances"], select(tables["participants"].id).where(held.about(tables["participants"], [person.id]))
    asked = [
        ("attendances", held.about(came, [person.id]) | came.participant_id.in_(seats)),  # also under a code, before there was a record
        ("consent_states", tables["consent_states"].phone.in_(phones)),
        ("supports", tables["supports"].rsvp_id.in_(select(tables["rsvps"].id).where(held.about(tables["rsvps"], [person.id])))),
        ("walk_ins", tables["walk_ins"].attendance_id.in_(select(came.id).where(held.about(came, [person.id])))),
    ]
    for name, theirs in asked:
        found[name] = [_row(row, name) for row in session().scalars(select(tables[name]).where(theirs).order_by(*inspect(tables[name]).primary_key))]
    return {name: rows for name, rows in found.items() if rows}


def _row(row: Any, table: str) -> dict[str, Any]:
    names = [name for one in holdings.HELD if one.table == table and (one.is_shown or table == "walk_ins") for name in one.names]
    return {name: _plain(getattr(row, name)) for name in dict.fromkeys(names) if name != "name_folded"}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


def happened_to(actor: Actor, person_id: int) -> Sequence[Event]:
    """Everything that was recorded about the person, newest first."""
    return session().scalars(select(Event).where(Event.person_id == person_id).order_by(Event.at.desc(), Event.id.desc())).all()


