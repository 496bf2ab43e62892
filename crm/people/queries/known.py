"""What planning an import needs to know: the people that some rows may mean, in a constant number of queries."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import func, select, tuple_

from crm.infra.db import session
from crm.people import rules
from crm.people.models import Address, Email, Identifier, Note, Person, PersonTag, Phone, Tag
from crm.people.rules.people import ADDRESS, place_of

# SQLite takes at most 32,766 parameters, and long lists plan badly: look up this many at once.
_AT_ONCE = 500
_FIELDS = (
    "given_name", "family_name", "pronouns", "language", "other_languages", "standing", "member_since", "address_kind", "street", "neighborhood",
    "city", "region", "postal_code", "source", "custom", "version",
)  # fmt: skip
_CROWD = 30  # a number that so many people share (an office, a hotline) says nothing about who someone is


def people_meant_by(rows: Sequence[rules.RowIn], also: Iterable[int] = ()) -> rules.Known:
    """The people whom these rows may mean, by ID, phone, e-mail or, for rows that may be matched by it, by name; and `also` these."""
    ids = set(also)
    for owners in _owners(rows):
        for some in owners.values():
            ids.update(some)
    found = _known(ids)
    if any(row.notes for row in rows):
        for some in _some(set(found)):
            for person_id, body in session().execute(select(Note.person_id, Note.body).where(Note.person_id.in_(some))):
                found[person_id].notes.add(body)
    if any(row.addresses or "address_kind" in row.values for row in rows) or any(one.values["address_kind"] == "mailing" for one in found.values()):
        columns = [getattr(Address, name) for name in ADDRESS]
        for some in _some(set(found)):
            for person_id, *place in session().execute(select(Address.person_id, *columns).where(Address.person_id.in_(some))):
                found[person_id].places.add(place_of(place))
    return rules.Known(found.values())


def rows_that_meet(rows: Sequence[rules.RowIn]) -> set[int]:
    """Numbers of the rows that share an ID, phone, e-mail or telling name with somebody who is here."""
    ids, phones, emails, names = _owners(rows)
    if not (ids or phones or emails or names):
        return set()
    return {
        row.number
        for row in rows
        if any(number in phones for number, _ in row.phones)
        or any(address in emails for address in row.emails)
        or any(key in ids for key in row.ids)
        or names and _telling_name(row) in names
    }


Owners = dict[Any, list[int]]


def _owners(rows: Sequence[rules.RowIn]) -> tuple[Owners, Owners, Owners, Owners]:
    """Who has these IDs, phones, e-mails and names; in as many queries as there are kinds, for each five hundred."""
    ids: Owners = {}
    for some in _some({key for row in rows for key in row.ids}):
        pair = tuple_(Identifier.system, Identifier.value)
        for system, value, person_id in session().execute(select(Identifier.system, Identifier.value, Identifier.person_id).where(pair.in_(some))):
            ids.setdefault((system, value), []).append(person_id)
    phones = _of(Phone.e164, Phone.person_id, {number for row in rows for number, _ in row.phones})
    emails = _of(Email.address, Email.person_id, {address for row in rows for address in row.emails})
    return ids, phones, emails, _of(Person.name_folded, Person.id, {_telling_name(row) for row in rows} - {""})


def _of(column: Any, owner: Any, values: set[str]) -> Owners:
    found: Owners = {}
    for some in _some(values):
        wanted = select(column, owner).where(column.in_(some))
        pairs = session().execute(wanted.limit(len(some) * 4 + 1)).all()
        if len(pairs) > len(some) * 4:
            few = select(column).where(column.in_(some)).group_by(column).having(func.count() <= _CROWD)
            pairs = session().execute(wanted.where(column.in_(few))).all()
        for value, person_id in pairs:
            found.setdefault(value, []).append(person_id)
    return found


def _telling_name(row: rules.RowIn) -> str:
    """The name by which a row may be matched: only where it has an address, or nothing else."""
    if (row.phones or row.emails or row.ids) and not row.values.get("street"):
        return ""
    return rules.sort_name(row.values.get("given_name") or "", row.values.get("family_name") or "")


def known_people(ids: Iterable[int]) -> dict[int, rules.KnownPerson]:
    """These people as planning and undoing see them."""
    return _known(set(ids))


def _known(ids: set[int]) -> dict[int, rules.KnownPerson]:
    found: dict[int, rules.KnownPerson] = {}
    columns = [getattr(Person, name) for name in _FIELDS]
    for some in _some(ids):
        for person_id, *values in session().execute(select(Person.id, *columns).where(Person.id.in_(some))):
            found[person_id] = rules.KnownPerson(person_id, dict(zip(_FIELDS, values, strict=True)))
        for person_id, e164 in session().execute(select(Phone.person_id, Phone.e164).where(Phone.person_id.in_(some))):
            found[person_id].phones.add(e164)
        for person_id, address in session().execute(select(Email.person_id, Email.address).where(Email.person_id.in_(some))):
            found[person_id].emails.add(address)
        named = select(Identifier.person_id, Identifier.system, Identifier.value).where(Identifier.person_id.in_(some))
        for person_id, system, value in session().execute(named):
            found[person_id].ids.add((system, value))
        on = (PersonTag.org_id == Tag.org_id) & (PersonTag.tag_id == Tag.id)
        carried = select(PersonTag.person_id, Tag.name_folded).join(Tag, on).where(PersonTag.person_id.in_(some))
        for person_id, tag in session().execute(carried):
            found[person_id].tags.add(tag)
    return found


def _some(values: set) -> Iterator[list]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
