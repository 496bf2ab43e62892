"""Many rows at once, as plain tuples: no object, no dictionary and no statement for each of them.

The organization is the session's own, never the caller's word, so the bulk door holds the same line as the session does.
SQLite takes a few tuples as they are, and many by way of a temporary table without index or checks, from which one statement takes
them over; PostgreSQL takes one array for each column, so that a thousand rows are one statement.
"""

import gc
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Column, Connection, DateTime, Dialect, String, Table
from sqlalchemy.dialects import postgresql, sqlite

from crm.infra.db import current_org, is_sqlite, new_ids, session

Convert = Callable[[Any], Any] | None


def insert_rows(model: Any, columns: tuple[str, ...], rows: Sequence[tuple], **same: Any) -> None:
    """Inserts `rows` (values in the order of `columns`) of the current organization; `same` holds what all rows share.

    A table keyed by id gets fresh ids unless "id" is among the columns.
    """
    if not rows:
        return
    table: Table = model.__table__
    if model.__access__ != "private" or not session().info.get("writes") or current_org() is None:
        raise RuntimeError(f"rows of {table.name} outside a transaction of their organization")
    same = {"org_id": current_org(), **same}
    values: list[Sequence[Any]] = list(zip(*rows, strict=True))
    if "id" in table.c and "id" not in columns:
        columns, values = ("id", *columns), [new_ids(len(rows)), *values]
    session().flush()  # what hangs on objects that were added before
    connection = session().connection()
    if is_sqlite() and len(rows) >= MANY:
        _by_way_of_temporary(connection, table, same, columns, values)
        return
    connection.exec_driver_sql(*_as_driver_takes(table, columns, values, connection.dialect, same))


def as_driver_takes(table: Table, columns: tuple[str, ...], rows: Sequence[tuple], dialect: Dialect, same: Mapping[str, Any]) -> tuple[str, Any]:
    """(an insert, its parameters): tuples in a batch on SQLite, one array for each column on PostgreSQL."""
    return _as_driver_takes(table, columns, list(zip(*rows, strict=True)), dialect, same)


def _as_driver_takes(table: Table, columns: tuple[str, ...], values: Sequence[Sequence], dialect: Dialect, same: Mapping[str, Any]) -> tuple[str, Any]:
    fixed, statement = _fixed(table, same, dialect), _statement(table, tuple(same), columns, dialect)
    told = _converted(table, columns, values, dialect)
    if dialect.name == "sqlite":
        return statement, [fixed + row for row in zip(*told, strict=True)]
    return statement, (*fixed, *told)


def _fixed(table: Table, same: Mapping[str, Any], dialect: Dialect) -> tuple:
    shared = _converts(table, tuple(same), dialect)
    return tuple(convert(value) if convert else value for convert, value in zip(shared, same.values(), strict=True))


def _converted(table: Table, columns: tuple[str, ...], values: Sequence[Sequence], dialect: Dialect) -> list[list]:
    """Each column's values as this database is given them."""
    return [list(map(convert, column)) if convert else list(column) for convert, column in zip(_converts(table, columns, dialect), values, strict=True)]


MANY = 200


def _by_way_of_temporary(connection: Connection, table: Table, same: Mapping[str, Any], columns: tuple[str, ...], values: Sequence[Sequence]) -> None:
    dialect, here = connection.dialect, f"incoming_{len(columns)}"
    quote, rows = dialect.identifier_preparer.quote, list(zip(*_converted(table, columns, values, dialect), strict=True))
    connection.exec_driver_sql(f"create temporary table if not exists {here} ({', '.join(f'c{n}' for n in range(len(columns)))})")
    connection.exec_driver_sql(f"insert into {here} values ({', '.join('?' * len(columns))})", rows)  # noqa: S608 - our own names
    into = f"insert into {quote(table.name)} ({', '.join(map(quote, (*same, *columns)))})"
    connection.exec_driver_sql(f"{into} select {', '.join('?' * len(same))}, * from {here}", _fixed(table, same, dialect))
    connection.exec_driver_sql(f"delete from {here}")  # noqa: S608


@contextmanager
def uncollected() -> Iterator[None]:
    """Holds the cycle collector while very many small lasting objects are made: looking through all of them again and again costs
    more than making them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@lru_cache(maxsize=256)
def _converts(table: Table, columns: tuple[str, ...], dialect: Dialect) -> tuple[Convert, ...]:
    """How each column's values are written in this database."""
    return tuple(_convert(table.c[name], dialect) for name in columns)


_dump = json.JSONEncoder(check_circular=False).encode


def _convert(column: Column, dialect: Dialect) -> Convert:
    kind = getattr(column.type, "impl_instance", column.type)  # a moment is often the same for many rows
    if isinstance(kind, JSON):
        nothing = None if kind.none_as_null else "null"
        return lambda value: nothing if value is None else "{}" if value == {} else _dump(value)
    convert = column.type.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(maxsize=1024)(convert) if convert and isinstance(kind, DateTime) else convert


@lru_cache(maxsize=256)
def _statement(table: Table, same: tuple[str, ...], columns: tuple[str, ...], dialect: Dialect) -> str:
    quote = dialect.identifier_preparer.quote
    into = f"insert into {quote(table.name)} ({', '.join(map(quote, (*same, *columns)))})"
    if dialect.name == "sqlite":
        return f"{into} values ({', '.join('?' * (len(same) + len(columns)))})"
    # Text is cast without its length, so that what is too long is refused and not cut.
    kinds = {name: "text" if isinstance(table.c[name].type, String) else table.c[name].type.compile(dialect) for name in (*same, *columns)}
    fixed = [f"%s::{kinds[name]}" for name in same]
    arrays = ", ".join(f"%s::{kinds[name]}[]" for name in columns)
    return f"{into} select {', '.join([*fixed, 'rows.*'])} from unnest({arrays}) as rows"


def insert_new_rows(model: Any, rows: Sequence[dict[str, Any]]) -> set[int]:
    """Inserts a directory's rows unless ones that are unique with them are there; the ids of those that are new."""
    kind = sqlite if is_sqlite() else postgresql
    statement = kind.insert(model).on_conflict_do_nothing().returning(model.id)
    return set(session().scalars(statement, list(rows)))
