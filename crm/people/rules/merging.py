"""Two records become one: which value of each field stays, and what becomes of rows that say the same."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from crm.kernel.names import fold
from crm.people.rules.custom import PREFIX
from crm.people.rules.people import ADDRESS, sort_name
from crm.people.rules.relationships import as_kept

MOST = 12  # records in one merge: nobody looks at more side by side
HIGHEST = ("member", "lapsed", "supporter", "contact")
CHOSEN: dict[str, tuple[str, ...]] = {
    "given_name": ("given_name",),
    "family_name": ("family_name",),
    "pronouns": ("pronouns",),
    "language": ("language", "other_languages"),
    "standing": ("standing", "member_since"),
    "street": ("address_kind", *ADDRESS, "time_zone"),
    "source": ("source",),
}
"""What is chosen field by field, and the columns that go together: an address is never half of one and half of another."""
Row = Mapping[str, Any]


def value_of(record: Row, field: str) -> tuple:
    """What a record says in a field."""
    if field.startswith(PREFIX):
        return ((record["custom"] or {}).get(field.removeprefix(PREFIX)),)
    return tuple(record[name] for name in CHOSEN[field])


def is_said(record: Row, field: str) -> bool:
    """Whether a record says anything in a field."""
    names = ADDRESS if field == "street" else (field,)
    values = value_of(record, field) if field.startswith(PREFIX) else [record[name] for name in names]
    return any(value not in (None, "", [], {}) for value in values)


def fields_of(records: Sequence[Row]) -> list[str]:
    """The fields in which any of the records says something, own fields last."""
    own = sorted({f"{PREFIX}{key}" for record in records for key in record["custom"] or {}})
    return [field for field in (*CHOSEN, *own) if any(is_said(record, field) for record in records)]


def differing(records: Sequence[Row]) -> list[str]:
    """The fields in which two records say different things: those that somebody has to choose."""
    return [field for field in fields_of(records) if len({repr(value_of(record, field)) for record in records if is_said(record, field)}) > 1]


def usual_choices(records: Sequence[Row], kept_id: int) -> dict[str, int]:
    """field → the record whose value stays unless somebody says otherwise: the one that is kept if it says anything, else the first
    that does. Of two standings the higher, and of two memberships the longer."""
    ordered = sorted(records, key=lambda record: record["id"] != kept_id)
    chosen = {field: next(record["id"] for record in ordered if is_said(record, field)) for field in fields_of(records)}
    return chosen | {"standing": min(ordered, key=lambda one: (HIGHEST.index(one["standing"]), one["member_since"] or date.max))["id"]}


def merged_values(records: Sequence[Row], kept_id: int, choices: Mapping[str, int]) -> dict[str, Any]:
    """The columns of the one record that stays; the highest rung counts."""
    by_id = {record["id"]: record for record in records}
    chosen = {**usual_choices(records, kept_id), **{field: id for field, id in choices.items() if id in by_id}}
    values: dict[str, Any] = {"rung": max(record["rung"] for record in records), "custom": dict(by_id[kept_id]["custom"] or {})}
    for field in fields_of(records):
        said = value_of(by_id[chosen[field]], field)
        if not field.startswith(PREFIX):
            values |= zip(CHOSEN[field], said, strict=True)
        elif said[0] is not None:
            values["custom"][field.removeprefix(PREFIX)] = said[0]
        else:
            values["custom"].pop(field.removeprefix(PREFIX), None)
    names = {name: values.get(name, "") for name in ("given_name", "family_name")}
    return values | {"name_folded": sort_name(names["given_name"], names["family_name"])}


def address_of(record: Row) -> tuple[str, ...]:
    """An address so that the same place written twice is the same."""
    return tuple(fold(record[name] or "") for name in ADDRESS)


def further_addresses(records: Sequence[Row], chosen: Row) -> list[dict[str, str]]:
    """The preferred addresses that are no longer preferred, to stand among the others; each place once."""
    seen, found = {address_of(chosen), ("",) * len(ADDRESS)}, []
    for record in records:
        if (place := address_of(record)) not in seen:
            seen.add(place)
            found.append({"kind": record["address_kind"], **{name: record[name] for name in ADDRESS}})
    return found


def same_address(row: Row) -> list[tuple]:
    """Two further addresses of one person are one when they name the same place."""
    return [("address", row["person_id"], *address_of(row))]


def arrange_pair(row: Row) -> dict[str, Any] | None:
    """A candidate in order of ids; none of one record with itself."""
    first, second = sorted((row["first_id"], row["second_id"]))
    return None if first == second else {**row, "first_id": first, "second_id": second}


def unite_pairs(kept: Row, gone: Row) -> dict[str, Any]:
    """Dismissed for good stays dismissed, of whichever of the two it was said."""
    return {} if kept["state"] == "dismissed" or gone["state"] != "dismissed" else {name: gone[name] for name in ("state", "decided_by", "decided_at")}


def arrange_relationship(row: Row) -> dict[str, Any] | None:
    """A relationship as it is kept; none of somebody with themselves."""
    if row["person_id"] == row["other_id"]:
        return None
    person_id, kind, other_id = as_kept(row["person_id"], row["kind"], row["other_id"])
    return {**row, "person_id": person_id, "kind": kind, "other_id": other_id}


def unite_phones(kept: Row, gone: Row) -> dict[str, Any]:
    """What was learned of a number on either record holds: wrong stays wrong, and what cannot be texted is not texted."""
    return {"is_wrong": kept["is_wrong"] or gone["is_wrong"], "is_textable": kept["is_textable"] and gone["is_textable"]}
