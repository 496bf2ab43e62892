"""People as the matcher of duplicates reads them, and who shares something with whom: by the indexes, never everyone with everyone."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import func, or_, select

from crm.infra.db import session
from crm.people.models import Email, Identifier, ImportRow, Person, Phone
from crm.people.queries.connections import AT_ONCE
from crm.people.queries.known import _of
from crm.people.rules import sort_name
from crm.people.rules.around import BIRTHS
from crm.people.rules.duplicates import Record

SAMPLE, PIECES = 2000, 20
CROWD = 30
_COLUMNS = (
    Person.id, Person.given_name, Person.family_name, Person.street, Person.neighborhood, Person.city, Person.region, Person.postal_code, Person.custom,
)  # fmt: skip


def count_people() -> int:
    """How many people the list holds."""
    return session().scalar(select(func.count()).select_from(Person)) or 0


def records_with(ids: Collection[int]) -> dict[int, Record]:
    """These people as the matcher reads them."""
    found: dict[int, Record] = {}
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), AT_ONCE):
        found |= {record.id: record for record in _records(ordered[start : start + AT_ONCE])}
    return found


def records_after(person_id: int, size: int) -> list[Record]:
    """The next so many people by id, as the matcher reads them."""
    return _records(list(session().scalars(select(Person.id).where(Person.id > person_id).order_by(Person.id).limit(size))))


def records_sampled(total: int) -> list[Record]:
    """A sample of the list: everyone in a short one, pieces from all along a long one."""
    if total <= SAMPLE:
        return records_after(0, SAMPLE)
    first, last = session().execute(select(func.min(Person.id), func.max(Person.id))).one()
    found: dict[int, Record] = {}
    for piece in range(PIECES):
        found |= {record.id: record for record in records_after(first - 1 + (last - first) * piece // PIECES, SAMPLE // PIECES)}
    return list(found.values())


def _records(ids: Collection[int]) -> list[Record]:
    more: dict[Any, dict[int, list[Any]]] = {}
    for model, columns in ((Phone, (Phone.e164,)), (Email, (Email.address,)), (Identifier, (Identifier.system, Identifier.value))):
        more[model] = defaultdict(list)
        wanted = select(model.person_id, *columns).where(model.person_id.in_(ids)).order_by(model.id)
        for person_id, *values in session().execute(wanted if model is not Phone else wanted.where(~Phone.is_wrong)):
            more[model][person_id].append(values[0] if len(values) == 1 else tuple(values))
    rows = session().execute(select(*_COLUMNS).where(Person.id.in_(ids)).order_by(Person.id))
    return [
        Record(
            id, given, family, tuple(more[Phone][id]), tuple(more[Email][id]), street, extra, city, region, postal, _birth(custom),
            ids=tuple(more[Identifier][id]),
        )
        for id, given, family, street, extra, city, region, postal, custom in rows
    ]  # fmt: skip


def _birth(custom: dict[str, Any] | None) -> str:
    return next((str(value) for key in BIRTHS if (value := (custom or {}).get(key))), "")


def candidates_of(records: Collection[Record]) -> dict[int, set[int]]:
    """record → whoever shares a number, an e-mail address, the name either way round, its beginning, or the street with it.

    What very many share (an office's line, a tower of flats) says nothing, and is passed over.
    """
    found: dict[int, set[int]] = defaultdict(set)

    def meet(column: Any, owner: Any, values: dict[int, set[str]]) -> None:
        owners = _of(column, owner, {value for some in values.values() for value in some} - {""})
        for id, some in values.items():
            for value in some:
                found[id].update(owners.get(value, ()))

    meet(Phone.e164, Phone.person_id, {record.id: {*record.phones} for record in records})
    meet(Email.address, Email.person_id, {record.id: {*record.emails} for record in records})
    meet(Person.name_folded, Person.id, {record.id: {sort_name(record.given, record.family), sort_name(record.family, record.given)} for record in records})
    meet(Person.street, Person.id, {record.id: {record.street} for record in records})
    for record in records:
        found[record.id].update(_begins_alike(record))
        found[record.id].discard(record.id)
    return found


def _begins_alike(record: Record) -> Iterable[int]:
    begins = sort_name(record.given[:2], record.family)
    if len(begins) < 5:
        return ()
    alike = session().scalars(select(Person.id).where(Person.name_folded >= begins, Person.name_folded < begins + "\U0010ffff").limit(CROWD + 1)).all()
    return alike if len(alike) <= CROWD else ()


def import_people(import_id: int, after: int, size: int) -> tuple[list[int], int | None]:
    """(people whom the next rows of an import made or changed, the number of the last row); None when there are no more."""
    rows = select(ImportRow.number, ImportRow.person_id).where(ImportRow.import_id == import_id, ImportRow.number > after)
    made = or_(ImportRow.outcome == "create", ImportRow.outcome == "update")
    found = session().execute(rows.where(made, ImportRow.person_id.is_not(None)).order_by(ImportRow.number).limit(size)).all()
    return [person_id for _number, person_id in found], found[-1][0] if found else None
