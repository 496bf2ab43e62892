"""Adding and editing people by hand: each change is an event with what was and what is."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.names import fold
from crm.kernel.phone import read_phone
from crm.kernel.refusal import N_, Conflict, Reason, Refusal, Refused
from crm.people import rules
from crm.people.models import Email, Note, Person, PersonTag, Phone, Tag
from crm.people.queries import card_for, note_for, person_for
from crm.people.rules.cells import read_emails, read_list

TEXTABLE = {"mobile", "other"}
PLAIN = tuple(name for name in rules.FIELD_NAMES if name not in ("phones", "emails", "tags"))


def add_person(actor: Actor, values: Mapping[str, Any], *, now: datetime, country: str = "US") -> int:
    """Adds a person. `phones` are texts or (text, kind), `emails` and `tags` texts; the first phone and e-mail are preferred."""
    record = _read(values, now, country)
    person = Person(id=new_id(), org_id=actor.org_id, updated_at=now, created_at=now, **_columns(record))
    session().add(person)
    session().flush()
    _put_phones(person, record.get("phones", []))
    _put_emails(person, record.get("emails", []))
    tag_ids = tag_ids_for(actor, record.get("tags", []))
    _insert(PersonTag, [_row(person, tag_id=tag_id) for tag_id in tag_ids.values()])
    audit.record(actor, "person.added", now=now, person_id=person.id, after=_plain({k: v for k, v in record.items() if v}))
    session().flush()
    return person.id


def edit_person(actor: Actor, person_id: int, values: Mapping[str, Any], version: int, *, now: datetime, country: str = "US") -> int:
    """Saves what was typed over the version it was typed against; raises Conflict if someone else saved meanwhile."""
    person = person_for(actor, person_id, lock=True)
    before = snapshot(actor, person_id)
    if person.version != version:
        raise Conflict(mine=dict(values), theirs=before)
    record = _read(values, now, country, before)
    changes = rules.changes_between(before, record)
    if not changes:
        return person.id
    for name, value in _columns({**before, **record}).items():
        setattr(person, name, value)
    if "phones" in changes:
        _put_phones(person, record["phones"])
    if "emails" in changes:
        _put_emails(person, record["emails"])
    if "tags" in changes:
        _set_tags(actor, person, record["tags"])
    person.version += 1
    person.updated_at = now
    was, became = ({name: pair[i] for name, pair in changes.items()} for i in (0, 1))
    audit.record(
        actor,
        "person.edited",
        now=now,
        person_id=person.id,
        before=_plain(was),
        after=_plain(became) | {"fields": list(changes)},
    )
    session().flush()
    return person.id


def normal(values: Mapping[str, Any], country: str = "US") -> dict[str, Any]:
    """What was typed, as it would be saved; numbers that cannot be read stay as typed."""
    record = {name: (value.strip() if isinstance(value, str) else value) for name, value in values.items() if name in rules.FIELD_NAMES}
    typed = [(text, kind) for text, kind in record.get("phones", []) if text.strip()]
    numbers, wrong = _read_phones(typed, country)
    return record | {
        "phones": typed if wrong else numbers,
        "emails": _read_addresses(record.get("emails", []))[0],
        "tags": read_list(",".join(record.get("tags", []))),
    }


def snapshot(actor: Actor, person_id: int) -> dict[str, Any]:
    """A person's record as add_person takes it."""
    card = card_for(actor, person_id)
    return {
        **{name: getattr(card.person, name) for name in PLAIN},
        "phones": [(phone.e164, phone.kind) for phone in card.phones],
        "emails": [email.address for email in card.emails],
        "tags": [tag.name for tag in card.tags],
    }


def add_note(actor: Actor, person_id: int, body: str, *, now: datetime) -> int:
    """Writes a note about a person."""
    person = person_for(actor, person_id)
    if not body.strip():
        raise Refused(Reason(N_("Write something first."), field="body"))
    note = Note(
        id=new_id(),
        org_id=actor.org_id,
        person_id=person.id,
        body=body.strip(),
        account_id=actor.account_id,
        author=actor.name,
        created_at=now,
    )
    session().add(note)
    audit.record(actor, "note.added", now=now, person_id=person.id, after={"note_id": note.id})
    session().flush()
    return person.id


def remove_note(actor: Actor, note_id: int, *, now: datetime) -> int:
    """Removes a note for good; that there was one stays on the timeline."""
    note = note_for(actor, note_id, lock=True)
    session().delete(note)
    audit.record(actor, "note.removed", now=now, person_id=note.person_id)
    session().flush()
    return note.person_id


def tag_people(actor: Actor, person_ids: Sequence[int], name: str, *, now: datetime) -> int:
    """Puts a tag on people; who carries it already is left alone. Returns how many got it."""
    names = read_list(name)
    if len(names) != 1:
        raise Refused(Reason(N_("Write one tag."), field="tag"))
    own = set(session().scalars(select(Person.id).where(Person.id.in_(list(person_ids)[:500]))))
    [(tag, tag_id)] = tag_ids_for(actor, names).items()
    there = set(session().scalars(select(PersonTag.person_id).where(PersonTag.tag_id == tag_id, PersonTag.person_id.in_(own))))
    fresh = sorted(own - there)
    _insert(PersonTag, [{"org_id": actor.org_id, "person_id": person_id, "tag_id": tag_id} for person_id in fresh])
    audit.record_many(actor, "tag.added", [{"person_id": person_id, "after": {"tag": tag}} for person_id in fresh], now=now)
    return len(fresh)


def remove_tag(actor: Actor, person_id: int, name: str, *, now: datetime) -> int:
    """Takes a tag off a person."""
    person = person_for(actor, person_id)
    tag_id = session().scalar(select(Tag.id).where(Tag.name_folded == fold(name)))
    gone = session().execute(delete(PersonTag).where(PersonTag.person_id == person.id, PersonTag.tag_id == (tag_id or 0)))
    if gone.rowcount:
        audit.record(actor, "tag.removed", now=now, person_id=person.id, after={"tag": name})
    return person.id


def tag_ids_for(actor: Actor, names: Sequence[str]) -> dict[str, int]:
    """The ids of tags by name as given; tags that do not exist yet are made."""
    wanted = {fold(name): name for name in names}
    found = dict(session().execute(select(Tag.name_folded, Tag.id).where(Tag.name_folded.in_(wanted))).all()) if wanted else {}
    fresh = [{"org_id": actor.org_id, "id": new_id(), "name": name, "name_folded": folded} for folded, name in wanted.items() if folded not in found]
    _insert(Tag, fresh)
    found |= {row["name_folded"]: row["id"] for row in fresh}
    return {name: found[fold(name)] for name in names}


def _read(values: Mapping[str, Any], now: datetime, country: str, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The record that was typed over `before`, or Refused with everything that is wrong with it."""
    record = {name: (value.strip() if isinstance(value, str) else value) for name, value in values.items() if name in rules.FIELD_NAMES}
    wrong = []
    if "phones" in record:
        record["phones"], issues = _read_phones(record["phones"], country)
        wrong += issues
    if "emails" in record:
        record["emails"], issues = _read_addresses(record["emails"])
        wrong += issues
    if "tags" in record:
        record["tags"] = read_list(",".join(record["tags"]))
    # A number that cannot be read is still an attempt to say who this is: one complaint about it is enough.
    wrong += rules.issues_in_person({**(before or {}), **record, **({"phones": True} if wrong else {})}, now.date())
    if wrong:
        raise Refused(Refusal(wrong))
    return record


def _read_phones(typed: Sequence, country: str) -> tuple[list[tuple[str, str]], list[Reason]]:
    numbers: dict[str, str] = {}
    wrong = []
    for place, entry in enumerate(typed):
        text, kind = (entry, "mobile") if isinstance(entry, str) else entry
        if not text.strip():
            continue
        number = read_phone(text, country)
        if isinstance(number, Reason):
            wrong.append(Reason(number.text, number.params, f"phones-{place}-text"))
        else:
            numbers.setdefault(number, kind)
    return list(numbers.items()), wrong


def _read_addresses(typed: Sequence[str]) -> tuple[list[str], list[Reason]]:
    found, wrong = [], []
    for place, text in enumerate(typed):
        addresses, reasons = read_emails(text)
        found += addresses
        wrong += [Reason(reason.text, reason.params, f"emails-{place}") for reason in reasons]
    return list(dict.fromkeys(found)), wrong


def _columns(record: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: record[name] for name in PLAIN if name in record}
    return columns | {"name_folded": rules.sort_name(columns.get("given_name", ""), columns.get("family_name", ""))}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _row(person: Person, **values: Any) -> dict[str, Any]:
    return {"org_id": person.org_id, "person_id": person.id, **values}


def _insert(model: type, rows: list[dict[str, Any]]) -> None:
    if rows:
        session().execute(insert(model), rows)


def _put_phones(person: Person, phones: Sequence[tuple[str, str]]) -> None:
    there = {phone.e164: phone for phone in session().scalars(select(Phone).where(Phone.person_id == person.id))}
    for e164 in set(there) - {e164 for e164, _ in phones}:
        session().delete(there[e164])
    for place, (e164, kind) in enumerate(phones):
        phone = there.get(e164)
        if phone is None:
            phone = Phone(org_id=person.org_id, person_id=person.id, e164=e164)
            session().add(phone)
        if phone.kind != kind:  # what was learned about texting stays unless someone says it is another kind of phone
            phone.kind, phone.is_textable = kind, kind in TEXTABLE
        phone.is_preferred = place == 0


def _put_emails(person: Person, addresses: Sequence[str]) -> None:
    session().execute(delete(Email).where(Email.person_id == person.id))
    _insert(Email, [_row(person, address=address, is_preferred=n == 0) for n, address in enumerate(addresses)])


def _set_tags(actor: Actor, person: Person, names: Sequence[str]) -> None:
    session().execute(delete(PersonTag).where(PersonTag.person_id == person.id))
    _insert(PersonTag, [_row(person, tag_id=tag_id) for tag_id in tag_ids_for(actor, names).values()])
