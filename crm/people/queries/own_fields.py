"""How an organization's own fields are asked: their values lie in one JSON column, typed by the field's kind."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Float, String, and_, case, cast, func, literal_column, or_, select

from crm.infra.db import is_sqlite
from crm.people.models import Person
from crm.people.queries.compiling import Clause, compare, holds, texts
from crm.people.queries.compiling import span as within_span
from crm.people.rules import read_number


def _text(key: str) -> ColumnElement[str]:
    return cast(Person.custom[key].as_string(), String)


def _number(key: str) -> Clause:
    # Only what looks like a number is read as one: PostgreSQL fails on the rest, SQLite calls it nought.
    looks = _text(key).regexp_match("^-?[0-9]+([.][0-9]+)?$") if not is_sqlite() else _text(key).op("GLOB")("[-0-9]*")
    number = case((looks, cast(_text(key), Float)))

    def clause(comparison: str, value: str, now: object) -> ColumnElement[bool]:
        if comparison in ("known", "unknown"):
            return number.is_not(None) if comparison == "known" else number.is_(None)
        return compare(number, comparison, read_number(value))

    return clause


def _day(key: str) -> Clause:
    # Days are written 2026-03-21, so their order is that of their letters.
    day = _text(key)

    def clause(comparison: str, value: str, now) -> ColumnElement[bool]:
        if comparison in ("known", "unknown"):
            return texts(day)(comparison, value, now)
        edges = [edge.operator(day, edge.right.value.date().isoformat()) for edge in within_span(Person.created_at, comparison, value, now)]
        here = and_(*edges, day > "")
        return or_(day.is_(None), day == "", ~here) if comparison == "not_within" else here

    return clause


def _yes(key: str) -> Clause:
    said = func.coalesce(_text(key), "").in_(("true", "1", "yes"))
    return lambda comparison, value, now: holds(said, comparison)


def _several(key: str) -> Clause:
    def clause(comparison: str, value: str, now: object) -> ColumnElement[bool]:
        field = Person.custom[key]
        one = func.json_build_array(field.as_string())
        listed = case((func.json_typeof(field) == "array", field), else_=one)
        rows = func.json_each(Person.custom, f'$."{key}"') if is_sqlite() else func.json_array_elements_text(listed)
        each = rows.table_valued("value", name="chosen")
        has = select(literal_column("1")).select_from(each).where(each.c.value == value).correlate(Person).exists()
        return holds(has, comparison)

    return clause


_KINDS: dict[str, Callable[[str], Clause]] = {
    "number": _number,
    "date": _day,
    "yes_no": _yes,
    "several_of": _several,
    "one_of": lambda key: lambda comparison, value, now: compare(_text(key), comparison, value),
}


def own_field(kind: str, key: str) -> Clause:
    """How a field of that kind is asked; any other kind is text."""
    return _KINDS[kind](key) if kind in _KINDS else texts(_text(key))
