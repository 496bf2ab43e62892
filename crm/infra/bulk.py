"""Many rows at once, as plain tuples: no object, no dictionary and no statement for each of them.

The organization is the session's own, never the caller's word, so the bulk door holds the same line as the session does.
SQLite takes the tuples as they are; PostgreSQL takes one array for each column, so that a thousand rows are one statement.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Column, Dialect, String, Table

from crm.infra.db import current_org, new_ids, session

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
    if "id" in table.c and "id" not in columns:
        columns, rows = ("id", *columns), [(id, *row) for id, row in zip(new_ids(len(rows)), rows, strict=True)]
    session().flush()  # what hangs on objects that were added before
    connection = session().connection()
    converts, shared = _converts(table, columns, connection.dialect), _converts(table, tuple(same), connection.dialect)
    fixed = [convert(value) if convert else value for convert, value in zip(shared, same.values(), strict=True)]
    statement = _statement(table, tuple(same), columns, connection.dialect)
    if connection.dialect.name == "sqlite":
        begin = tuple(fixed)
        connection.exec_driver_sql(statement, [begin + row for row in _converted(rows, converts)])
    else:
        connection.exec_driver_sql(statement, (*fixed, *map(list, zip(*_converted(rows, converts), strict=True))))


def _converted(rows: Iterable[tuple], converts: Sequence[Convert]) -> list[tuple]:
    if not any(converts):
        return list(rows)
    return [tuple([convert(value) if convert else value for convert, value in zip(converts, row, strict=True)]) for row in rows]


@lru_cache(maxsize=256)
def _converts(table: Table, columns: tuple[str, ...], dialect: Dialect) -> tuple[Convert, ...]:
    """How each column's values are written in this database."""
    return tuple(_convert(table.c[name], dialect) for name in columns)


_dump = json.JSONEncoder(check_circular=False).encode


def _convert(column: Column, dialect: Dialect) -> Convert:
    kind = getattr(column.type, "impl_instance", column.type)
    if isinstance(kind, JSON):
        nothing = None if kind.none_as_null else "null"
        return lambda value: nothing if value is None else "{}" if value == {} else _dump(value)
    return column.type.dialect_impl(dialect).bind_processor(dialect)


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
