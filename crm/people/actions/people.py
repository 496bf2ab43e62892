"""Adding and editing people by hand: each change is an event with what was and what is."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import Conflict, Refusal, Refused
from crm.people import rules
from crm.people.actions import contacts
from crm.people.actions.duplicates import look_around
from crm.people.actions.searching import index_people
from crm.people.actions.standing import history_of, open_history, write_change
from crm.people.actions.tags import set_tags, tag_ids_for
from crm.people.models import Person, PersonTag
from crm.people.queries import card_for, custom_fields, person_for
from crm.people.rules import custom, versions
from crm.people.rules.around import BIRTHS
from crm.people.rules.cells import read_list
from crm.people.rules.custom import PREFIX
from crm.people.rules.people import ADDRESS, custom_in, without_custom

LISTS = ("phones", "emails", "addresses", "tags", "custom")
PLAIN = tuple(name for name in rules.FIELD_NAMES if name not in LISTS)
TELLING = {"given_name", "family_name", "phones", "emails", *ADDRESS, *(f"{PREFIX}{key}" for key in BIRTHS)}  # what tells people apart
SHARED = ("address_kind", *ADDRESS)


def add_person(actor: Actor, values: Mapping[str, Any], *, now: datetime, country: str = "US") -> int:
    """Adds a person. `phones`, `emails` and `addresses` as in contacts.py, `tags` texts; the first phone and e-mail are preferred."""
    record = {name: value for name, value in _read(actor, values, now, country).items() if value not in (None, "", [])}
    person = Person(id=new_id(), org_id=actor.org_id, updated_at=now, created_at=now, **_columns(record), custom=custom_in(record))
    session().add(person)
    session().flush()
    contacts.put_phones(person, record.get("phones", []))
    contacts.put_emails(person, record.get("emails", []))
    contacts.put_addresses(person, record.get("addresses", []))
    tag_ids = tag_ids_for(actor, record.get("tags", []))
    contacts.insert_rows(PersonTag, [contacts.row_of(person, tag_id=tag_id) for tag_id in tag_ids.values()])
    open_history(person, person.standing or "contact", person.member_since, now, actor.name)
    audit.record(actor, "person.added", now=now, person_id=person.id, after=_plain(record))
    index_people([person.id])
    look_around(actor, [person.id], now=now)
    return person.id


def edit_person(
    actor: Actor,
    person_id: int,
    values: Mapping[str, Any],
    version: int,
    *,
    now: datetime,
    country: str = "US",
    seen: Mapping[str, str] | None = None,
    chosen: Mapping[str, str] | None = None,
    with_household: bool = False,
) -> int:
    """Saves what was typed over the version it was typed against.

    `seen` are the marks of the values that the editor began from: what only one of two editors changed goes together; what both
    changed raises Conflict(mine, theirs) with those fields as theirs. `chosen` says for such a field: mine, theirs or both.
    """
    person = person_for(actor, person_id, lock=True)
    before = without_custom(snapshot(actor, person_id))
    record = versions.choose(chosen or {}, _read(actor, values, now, country, before), before)
    if seen or person.version != version:
        own, both = versions.bring_together(seen or {}, record, before)
        if both:
            mine = own | {name: record[name] for name in both}
            raise Conflict(mine=mine, theirs={name: before.get(name) for name in both})
        record = own
    changes = {name: pair for name, pair in rules.changes_between(before, record).items() if versions.mark(pair[0]) != versions.mark(pair[1])}
    if changes:
        _write(actor, person, before, changes, now)
    if TELLING & {*changes}:
        look_around(actor, [person.id], now=now)
    if with_household and any(name in changes for name in SHARED):
        _move_household(actor, person, before, changes, now)
    return person.id


def _write(actor: Actor, person: Person, before: Mapping[str, Any], changes: Mapping[str, tuple[Any, Any]], now: datetime) -> None:
    after = {name: value for name, (_was, value) in changes.items()}
    if "standing" in after:
        _restand(actor, person, after.pop("standing"), now)
        after.pop("member_since", None)
    for name, value in _columns({**before, **after}).items():
        if name not in ("standing", "member_since") or name in after:
            setattr(person, name, value)
    own = custom_in(after)
    person.custom = {key: value for key, value in {**(person.custom or {}), **own}.items() if value is not None}
    for name, put in (("phones", contacts.put_phones), ("emails", contacts.put_emails), ("addresses", contacts.put_addresses)):
        if name in after:
            put(person, after[name])
    if "tags" in after:
        set_tags(actor, person, after["tags"])
    person.version += 1
    person.updated_at = now
    if after:
        was = _plain({name: before.get(name) for name in after})
        audit.record(actor, "person.edited", now=now, person_id=person.id, before=was, after=_plain(after) | {"fields": list(after)})
    index_people([person.id])


def _restand(actor: Actor, person: Person, standing: str, now: datetime) -> None:
    """Someone's standing was changed without a day: it is so from today."""
    if not history_of(person):
        open_history(person, person.standing, person.member_since, now)
    write_change(actor, person, standing, now.date(), "", now=now)


def _move_household(actor: Actor, person: Person, before: Mapping[str, Any], changes: Mapping[str, tuple[Any, Any]], now: datetime) -> None:
    """Everyone of the household who had the same address, or none, moves along."""
    if person.household_id is None:
        return
    others = select(Person).where(Person.household_id == person.household_id, Person.id != person.id).with_for_update()
    for other in session().scalars(others.order_by(Person.id)).all():
        place = {name: getattr(other, name) for name in ADDRESS}
        if any(place.values()) and any(place[name] != before[name] for name in ADDRESS):
            continue
        now_is = {name: getattr(person, name) for name in SHARED}
        moved = {name: (getattr(other, name), now_is[name]) for name in SHARED if getattr(other, name) != now_is[name]}
        if moved:
            _write(actor, other, {name: getattr(other, name) for name in PLAIN}, moved, now)


def snapshot(actor: Actor, person_id: int) -> dict[str, Any]:
    """A person's record as add_person takes it, with those own fields that this actor may see."""
    card = card_for(actor, person_id)
    kept = card.person.custom or {}
    return {
        **{name: getattr(card.person, name) for name in PLAIN},
        "phones": [(phone.e164, phone.kind, contacts.use_of(phone)) for phone in card.phones],
        "emails": [(email.address, email.kind) for email in card.emails],
        "addresses": [(one.kind, *(getattr(one, name) for name in ADDRESS)) for one in card.addresses],
        "tags": [tag.name for tag in card.tags],
        "custom": {field.key: kept.get(field.key) for field in custom_fields(actor)},
    }


def _read(actor: Actor, values: Mapping[str, Any], now: datetime, country: str, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The record that was typed over `before`, or Refused with everything that is wrong with it."""
    was = before or {}
    record = {name: (value.strip() if isinstance(value, str) else value) for name, value in values.items() if name in rules.FIELD_NAMES}
    wrong = []
    for name, read in (
        ("phones", lambda typed: contacts.read_phone_entries(typed, country, was.get("phones", ()))),
        ("emails", contacts.read_email_entries),
        ("addresses", contacts.read_address_entries),
    ):
        if name in record:
            record[name], issues = read(record[name])
            wrong += issues
    if "tags" in record:
        record["tags"] = read_list(",".join(record["tags"]))
    if "custom" in record:
        own, issues = custom.read_values(custom_fields(actor), record["custom"], custom_in(was))
        record = without_custom(record | {"custom": own})
        wrong += issues
    # A number that cannot be read is still an attempt to say who this is: one complaint about it is enough.
    wrong += rules.issues_in_person({**was, **record, **({"phones": True} if wrong else {})}, now.date())
    if wrong:
        raise Refused(Refusal(wrong))
    return record


def _columns(record: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: record[name] for name in PLAIN if name in record}
    return columns | {"name_folded": rules.sort_name(columns.get("given_name") or "", columns.get("family_name") or "")}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
