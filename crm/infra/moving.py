"""Moving all that points at one record to another, and back again: found from the schema, so that no table is forgotten.

Every step goes into a journal (plain JSON, in the order in which it was done), and `take_back` walks the journal from its end.
Where a table's own uniqueness would be broken, its rule says what becomes of the two rows; without a rule the row that stays wins.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, UniqueConstraint, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from crm.infra.db import Base, UtcDateTime, current_org, session
from crm.infra.sight import sight
from crm.kernel.refusal import N_, Missing

AT_ONCE = 500
_AS_IT_IS = {"synchronize_session": False}
Row = dict[str, Any]
Journal = list[dict[str, Any]]


@dataclass(frozen=True)
class Rule:
    """What becomes of one table's rows. Rows are dictionaries by column, as they would stand after the move.

    `stays` is the reason why rows keep naming the record that goes. `same` are further keys by which two rows say the same; `unite`
    is what the row that stays takes from the one that goes; `retire` keeps the latter, changed so; `arrange` puts a row in order
    (None: it has no sense any more). `words` name the rows on a page.
    """

    words: str = N_("Other records")
    stays: str = ""
    same: Callable[[Row], list[tuple]] | None = None
    unite: Callable[[Row, Row], Row] = lambda _kept, _gone: {}
    retire: Callable[[Row], Row] | None = None
    arrange: Callable[[Row], Row | None] | None = None


PLAIN = Rule()


@dataclass(frozen=True)
class Stayed:
    """A row that was changed since, or is gone: it stays as it is. `columns` are those that could not be given back."""

    table: str
    id: int
    columns: tuple[str, ...] = ()


def models() -> dict[str, Any]:
    """Every model by the name of its table."""
    return {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}


def pointers(target: str, by_name: Collection[str] = ()) -> dict[str, list[str]]:
    """table → its columns that point at a row of `target`: by a foreign key, or by a name that is used for it without one."""
    found: dict[str, list[str]] = {}
    for table, model in models().items():
        columns = [column.name for column in model.__table__.columns if _points(column, target, by_name)]
        if columns:
            found[table] = columns
    return found


def _points(column: Column, target: str, by_name: Collection[str]) -> bool:
    keys = [key.column for key in column.foreign_keys]
    return any(key.table.name == target and key.name == "id" for key in keys) or not keys and column.name in by_name


def keys_of(model: Any, columns: Collection[str]) -> list[tuple[str, ...]]:
    """The unique constraints of a table that these columns are part of."""
    keys = [tuple(column.name for column in rule.columns) for rule in model.__table__.constraints if isinstance(rule, UniqueConstraint)]
    return [key for key in keys if set(key) & set(columns)]


class Moving:
    """One move and its journal, inside the caller's transaction and held to its organization."""

    def __init__(self, rules: Mapping[str, Rule], by_name: Mapping[str, Collection[str]], journal: Journal | None = None):
        _see_everything()
        self.rules, self.by_name, self.journal = rules, by_name, [] if journal is None else journal
        session().flush()

    def absorb(self, target: str, pairs: Mapping[int, int]) -> None:
        """Points everything at the second of each pair that pointed at the first."""
        for table, columns in pointers(target, self.by_name.get(target, ())).items():
            rule = self.rules.get(table, PLAIN)
            if rule.stays or table == target:
                continue
            model = models()[table]
            if rule.arrange or rule.same or keys_of(model, columns):
                self._one_by_one(model, columns, pairs, rule)
            else:
                for column in columns:
                    self._all_at_once(model, column, pairs)

    def change(self, table: str, wanted: Mapping[int, Row], pointing: Sequence[str] | None = None) -> None:
        """Changes rows. Taken back, columns of `pointing` go back one by one, the others together or not at all."""
        model = models()[table]
        before = {row["id"]: row for row in _rows(model, model.id.in_(wanted))} if wanted else {}
        self._write(model, before, {id: before[id] | values for id, values in wanted.items() if id in before}, pointing or ())

    def add(self, table: str, rows: Sequence[Row]) -> None:
        """Adds rows, each with its id."""
        if rows:
            session().execute(insert(models()[table]), [{"org_id": current_org(), **row} for row in rows])
            self.journal.append({"op": "added", "table": table, "rows": [_plain(row) for row in rows]})

    def remove(self, table: str, rows: Sequence[Row]) -> None:
        """Removes rows, kept whole in the journal."""
        if rows:
            model = models()[table]
            session().execute(delete(model).where(model.id.in_([row["id"] for row in rows])), execution_options=_AS_IT_IS)
            self.journal.append({"op": "removed", "table": table, "rows": [_plain(row) for row in rows]})

    def _all_at_once(self, model: Any, column: str, pairs: Mapping[int, int]) -> None:
        at = getattr(model, column)
        for gone, kept in pairs.items():
            ids = list(session().scalars(select(model.id).where(_owner(model), at == gone).order_by(model.id)))
            if ids:
                session().execute(update(model).where(_owner(model), at == gone).values({column: kept}), execution_options=_AS_IT_IS)
                self.journal.append({"op": "moved", "table": model.__tablename__, "column": column, "was": gone, "is": kept, "ids": ids})

    def _one_by_one(self, model: Any, columns: list[str], pairs: Mapping[int, int], rule: Rule) -> None:
        ends = {*pairs, *pairs.values()}
        rows = list({row["id"]: row for column in columns for row in _rows(model, _owner(model), getattr(model, column).in_(ends))}.values())
        keys = keys_of(model, columns)
        standing: dict[tuple, Row] = {}
        before, after, removed, twins = {row["id"]: row for row in rows}, {}, [], {}

        def put(row: Row) -> None:
            after[row["id"]] = row
            standing.update(dict.fromkeys(_keys(row, keys, rule), row))

        for row in rows:
            if not any(row[column] in pairs for column in columns):
                put(dict(row))
        for row in rows:
            if row["id"] in after:
                continue
            new: Row | None = row | {column: pairs.get(row[column], row[column]) for column in columns}
            new = rule.arrange(new) if rule.arrange else new
            twin = next((standing[key] for key in _keys(new, keys, rule) if key in standing), None) if new else None
            if new is None or twin is not None and rule.retire is None:
                removed.append(row)
            else:
                put(new if twin is None else new | rule.retire(new))
            if new is not None and twin is not None:
                twins[row["id"]] = twin["id"]
                twin.update(rule.unite(twin, new))
        if twins:
            self.absorb(model.__tablename__, {id: kept for id, kept in twins.items() if id not in after})
        self.remove(model.__tablename__, removed)
        self._write(model, before, after, columns)

    def _write(self, model: Any, before: Mapping[int, Row], after: Mapping[int, Row], pointing: Sequence[str]) -> None:
        changes = {id: {name: value for name, value in row.items() if value != before[id][name]} for id, row in after.items()}
        changes = {id: values for id, values in changes.items() if values}
        if not changes:
            return
        _update(model, changes)
        told = [[id, _plain({name: before[id][name] for name in values}), _plain(values)] for id, values in changes.items()]
        self.journal.append({"op": "changed", "table": model.__tablename__, "rows": told, "pointing": list(pointing)})


def take_back(journal: Journal) -> list[Stayed]:
    """Undoes a journal from its end; what was changed since stays as it is and is returned."""
    _see_everything()
    stayed: list[Stayed] = []
    for step in reversed(journal):
        stayed += _BACK[step["op"]](models()[step["table"]], step)
    return stayed


def _see_everything() -> None:
    """Who sees only some people would leave the rows of others behind."""
    if not session().info.get("writes") or current_org() is None:
        raise RuntimeError("records are moved inside a transaction of their organization")
    if sight().among is not None:
        raise Missing


def _move_back(model: Any, step: dict[str, Any]) -> Iterator[Stayed]:
    at = getattr(model, step["column"])
    for ids in _some(step["ids"]):
        here = _owner(model), model.id.in_(ids), at == step["is"]
        there = set(session().scalars(select(model.id).where(*here)))
        session().execute(update(model).where(*here).values({step["column"]: step["was"]}), execution_options=_AS_IT_IS)
        yield from (Stayed(model.__tablename__, id) for id in ids if id not in there)


def _change_back(model: Any, step: dict[str, Any]) -> Iterator[Stayed]:
    back: dict[int, Row] = {}
    for rows in _some(step["rows"]):
        now = {row["id"]: row for row in _rows(model, _owner(model), model.id.in_([id for id, *_ in rows]))}
        for id, before, after in rows:
            before, after = _read(model, before), _read(model, after)
            other = tuple(name for name in after if id not in now or now[id][name] != after[name])
            free = set(after) if not other else (set(step["pointing"]) & set(after)) - set(other)
            if id in now and free:
                back[id] = {name: before[name] for name in free}
            if other:
                yield Stayed(model.__tablename__, id, other)
    _update(model, back)


def _bring_back(model: Any, step: dict[str, Any]) -> Iterator[Stayed]:
    for rows in _some(step["rows"]):
        yield from _insert(model, [_read(model, row) for row in rows])


def _insert(model: Any, rows: list[Row]) -> Iterator[Stayed]:
    """Inserts rows; those that something in the way keeps out (a tag that is gone, a number that was given anew) are told."""
    try:
        with session().begin_nested():
            session().execute(insert(model), rows)
    except IntegrityError:
        if len(rows) == 1:
            yield Stayed(model.__tablename__, rows[0]["id"])
            return
        half = len(rows) // 2
        yield from _insert(model, rows[:half])
        yield from _insert(model, rows[half:])


def _take_out(model: Any, step: dict[str, Any]) -> Iterator[Stayed]:
    added = {row["id"]: row for row in (_read(model, row) for row in step["rows"])}
    there = {row["id"]: row for row in _rows(model, _owner(model), model.id.in_(added))}
    same = [id for id, row in there.items() if all(row[name] == value for name, value in added[id].items())]
    session().execute(delete(model).where(model.id.in_(same)), execution_options=_AS_IT_IS)
    yield from (Stayed(model.__tablename__, id) for id in there if id not in same)


_BACK: dict[str, Callable[[Any, dict[str, Any]], Iterator[Stayed]]] = {
    "moved": _move_back, "changed": _change_back, "removed": _bring_back, "added": _take_out,
}  # fmt: skip


def rows_of(table: str, ids: Collection[int]) -> list[Row]:
    """These rows of the organization, whole."""
    model = models()[table]
    return list(_rows(model, _owner(model), model.id.in_(ids)))


def _owner(model: Any) -> Any:
    """Of two-sided rows, those about this organization's own people."""
    return (model.partner_id if model.__access__ == "two_sided" else model.org_id) == current_org()


def _rows(model: Any, *where: Any) -> Iterator[Row]:
    columns = [getattr(model, column.name) for column in model.__table__.columns]
    yield from (dict(row) for row in session().execute(select(*columns).where(*where).order_by(model.id)).mappings())


def _keys(row: Row, keys: Sequence[tuple[str, ...]], rule: Rule) -> list[tuple]:
    own = [(n, *(row[name] for name in key)) for n, key in enumerate(keys) if all(row[name] is not None for name in key)]
    return own + (rule.same(row) if rule.same else [])


def _update(model: Any, changes: Mapping[int, Row]) -> None:
    """Each row its values, one statement for all rows that change in the same columns."""
    alike = defaultdict(list)
    has_org = model.__table__.c.org_id.primary_key
    for id, values in changes.items():
        alike[tuple(sorted(values))].append({"id": id, **({"org_id": current_org()} if has_org else {}), **values})
    for rows in alike.values():
        session().execute(update(model), rows)


def _plain(row: Row) -> Row:
    return {name: value.isoformat() if isinstance(value, (date, datetime)) else value for name, value in row.items()}


def _read(model: Any, row: Row) -> Row:
    return {name: _value(model.__table__.c[name], value) for name, value in row.items()}


def _value(column: Column, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


def _some(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
