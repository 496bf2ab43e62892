"""What planning an import needs to know: the people that some rows may mean, in a constant number of queries."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select, tuple_

from crm.infra.db import session
from crm.people import rules
from crm.people.models import Email, Identifier, Note, Person, PersonTag, Phone, Tag

# SQLite takes at most 32,766 parameters, and long lists plan badly: look up this many at once.
_AT_ONCE = 500
_FIELDS = (
    "given_name",
    "family_name",
    "language",
    "standing",
    "member_since",
    "street",
    "neighborhood",
    "city",
    "region",
    "postal_code",
    "source",
    "custom",
    "version",
)


def people_meant_by(rows: Sequence[rules.RowIn]) -> rules.Known:
    """The people whom these rows may mean, by ID, phone, e-mail or, for rows with nothing else, by name."""
    ids: set[int] = set()
    for some in _some({number for row in rows for number, _ in row.phones}):
        ids.update(session().scalars(select(Phone.person_id).where(Phone.e164.in_(some))))
    for some in _some({address for row in rows for address in row.emails}):
        ids.update(session().scalars(select(Email.person_id).where(Email.address.in_(some))))
    for some in _some({key for row in rows for key in row.ids}):
        pair = tuple_(Identifier.system, Identifier.value)
        ids.update(session().scalars(select(Identifier.person_id).where(pair.in_(some))))
    bare = {
        rules.sort_name(row.values.get("given_name") or "", row.values.get("family_name") or "") for row in rows if not (row.phones or row.emails or row.ids)
    } - {""}
    for some in _some(bare):
        ids.update(session().scalars(select(Person.id).where(Person.name_folded.in_(some))))
    found = _known(ids)
    if any(row.notes for row in rows):
        for some in _some(set(found)):
            for person_id, body in session().execute(select(Note.person_id, Note.body).where(Note.person_id.in_(some))):
                found[person_id].notes.add(body)
    return rules.Known(found.values())


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
