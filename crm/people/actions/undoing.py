"""Taking an import back, from its last row to its first: what nobody touched since goes, what someone did stays and is named."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, not_, select, update
from sqlalchemy.exc import IntegrityError

from crm.infra import audit
from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.names import fold
from crm.kernel.refusal import N_, Reason
from crm.people import rules
from crm.people.actions.applying import UNDO_HOOKS, reason_of, tell_consent
from crm.people.actions.checking import store_problems
from crm.people.actions.searching import index_people
from crm.people.actions.standing import take_brought_back
from crm.people.models import Address, Email, Identifier, Import, ImportRow, Note, Person, PersonTag, Phone, Tag
from crm.people.queries import applied_rows, import_for, known_people
from crm.people.rules.custom import PREFIX
from crm.people.rules.people import ADDRESS, custom_in, without_custom

AT_ONCE = 200
TOUCHED = N_("Kept, because someone has worked with this person since.")
EDITED = N_("%(field)s stays as it is, because it was edited since.")


def undo_some(actor: Actor, import_id: int, *, now: datetime) -> tuple[bool, int]:
    """Takes the next rows back; (whether all are, how many rows are done)."""
    found = import_for(actor, import_id, lock=True)
    if found.state != "undoing":
        return True, found.done_rows
    rows = applied_rows(actor, import_id, AT_ONCE)
    if not rows:
        found.state, found.undone_at, found.done_rows = "undone", now, found.reading["rows"]
        session().flush()
        return True, found.done_rows
    by = Actor(actor.org_id, account_id=found.account_id, name=found.author)
    tell_consent(UNDO_HOOKS, by, rows, found, now)
    kept = _remove_made(by, [row for row in rows if row.outcome == "create"], found, now)
    gone = {row.person_id for row in rows if row.outcome == "create"} - set(kept)
    kept_fields = _restore_changed(by, [row for row in rows if row.outcome == "update" and row.person_id not in gone], found, now)
    for row in rows:
        reasons = [Reason(TOUCHED)] if row.outcome == "create" and row.person_id in kept else kept_fields.get(row.id, [])
        row.state = "kept" if reasons else "undone"
        if reasons:
            row.problems = [*row.problems, *store_problems([(-1, reason) for reason in reasons])]
    found.done_rows += len(rows)
    index_people(row.person_id for row in rows if row.person_id)
    return False, found.done_rows


def _remove_made(by: Actor, rows: Sequence[ImportRow], found: Import, now: datetime) -> set[int]:
    """Removes the people these rows made; returns those that stay because other work touches them."""
    ids = {row.person_id for row in rows}
    foreign = not_((Event.subject_kind == "import") & (Event.subject_id == found.id))
    others = select(Event.person_id).where(Event.person_id.in_(ids), Event.subject_kind.is_(None) | foreign)
    kept = set(session().scalars(others.distinct())) if ids else set()
    kept |= _delete(sorted(ids - kept))
    audit.record_many(
        by,
        "person.kept",
        [{"person_id": person_id, "after": {"file": found.filename}} for person_id in sorted(kept)],
        now=now,
        subject=("import", found.id),
    )
    return kept


def _delete(ids: list[int]) -> set[int]:
    """Deletes people with what hangs on them; returns those that other rooms' records hold fast."""
    if not ids:
        return set()
    try:
        with session().begin_nested():
            session().execute(delete(Person).where(Person.id.in_(ids)))
        return set()
    except IntegrityError:
        if len(ids) == 1:
            return set(ids)
        half = len(ids) // 2
        return _delete(ids[:half]) | _delete(ids[half:])


def _restore_changed(by: Actor, rows: Sequence[ImportRow], found: Import, now: datetime) -> dict[int, list[Reason]]:
    """Gives fields their value from before, unless they were edited since; returns what stays, by row."""
    stays: dict[int, list[Reason]] = {}
    people = known_people({row.person_id for row in rows})
    restored, restood = [], []
    for row in (row for row in rows if row.person_id in people):
        person = people[row.person_id]
        current = without_custom({name: value.isoformat() if isinstance(value, date) else value for name, value in person.values.items()})
        back, kept = rules.undo_of(current, row.plan.get("changes", {}))
        if kept:
            stays[row.id] = [Reason(EDITED, {"field": _field(name)}) for name in kept]
        _take_off(row)
        if back:
            _restore(person, back, now)
        if "standing" in back:
            restood.append(person.id)
        restored.append(
            {
                "person_id": row.person_id,
                "before": {name: current.get(name) for name in back},
                "after": back | {"file": found.filename},
            }
        )
    if restood:
        take_brought_back(restood, reason_of(found))
    audit.record_many(by, "person.import_undone", restored, now=now, subject=("import", found.id))
    return stays


def _field(name: str) -> Reason | str:
    return name.removeprefix(PREFIX) if name.startswith(PREFIX) else Reason(rules.FIELD_NAMES[name])


def _restore(person: rules.KnownPerson, back: dict[str, Any], now: datetime) -> None:
    values = {name: value if value is not None or name == "member_since" else "" for name, value in back.items() if not name.startswith(PREFIX)}
    if own := custom_in(back):
        custom = person.values["custom"] | own
        values["custom"] = {key: value for key, value in custom.items() if value is not None}
    if since := values.get("member_since"):
        values["member_since"] = date.fromisoformat(since)
    person.values.update(values)
    names = {"name_folded": rules.sort_name(person.values.get("given_name") or "", person.values.get("family_name") or "")}
    session().execute(update(Person).where(Person.id == person.id).values(**values, **names, version=Person.version + 1, updated_at=now))


def _take_off(row: ImportRow) -> None:
    """Removes what the row added beside the fields: numbers, addresses, IDs, tags, notes."""

    def drop(model: type, condition: Any, values: Collection) -> None:
        if values:
            session().execute(delete(model).where(model.person_id == row.person_id, condition))

    plan = row.plan
    numbers = [number for number, _ in plan.get("phones", [])]
    drop(Phone, Phone.e164.in_(numbers), numbers)
    drop(Email, Email.address.in_(plan.get("emails", [])), plan.get("emails", ()))
    systems = [system for system, _ in plan.get("ids", [])]
    drop(Identifier, Identifier.system.in_(systems), systems)
    for place in plan.get("addresses", []):
        drop(Address, and_(*(getattr(Address, name) == part for name, part in zip(("kind", *ADDRESS), place, strict=True))), place)
    drop(Note, Note.body.in_(plan.get("notes", [])), plan.get("notes", ()))
    tags = select(Tag.id).where(Tag.name_folded.in_([fold(tag) for tag in plan.get("tags", [])]))
    drop(PersonTag, PersonTag.tag_id.in_(tags), plan.get("tags", ()))
