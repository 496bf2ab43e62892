"""What the house itself holds about a person, and the walk over every table that names one (see kernel.holdings)."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, update

from crm.infra.db import current_org, session
from crm.infra.tables import Base
from crm.kernel import holdings
from crm.kernel.holdings import ALWAYS, EMPTIED, GOES, MACHINE, ORGANIZE, PERSON_COLUMNS, STAYS, WATCH, Held, keys
from crm.kernel.refusal import N_

TABLES = {"events": N_("What happened"), "audit_entries": N_("The chain of what was done"), "audit_heads": N_("The end of that chain")}
_CHAIN = N_("The chain holds numbers and verbs only, no name; taking a link out would break it.")
HELD = [
    Held("events", "at verb before after", N_("What happened, and what changed"), ORGANIZE, "events"),
    Held("events", "actor_name", N_("Who of the organization did it"), WATCH, "events", is_shown=False),
    keys("events", "person_id subject_kind subject_id account_id", "events"),
    Held("audit_entries", "at verb account_id person_id subject_kind subject_id", N_("Who did what to which record, as numbers"), WATCH, ALWAYS, STAYS,
         is_shown=False, because=_CHAIN),
    keys("audit_entries", "number hash", ALWAYS, STAYS),
    Held("audit_heads", "number hash", N_("The end of that chain"), MACHINE, ALWAYS, STAYS, is_shown=False),
]


def owned_tables() -> dict[str, Any]:
    """Model of every private and two-sided table, by the table's name."""
    return {m.local_table.name: m.class_ for m in Base.registry.mappers if m.class_.__access__ in ("private", "two_sided")}  # type: ignore[attr-defined]


def undeclared() -> list[str]:
    """Columns of private and two-sided tables for which no room says what for and how long, and declarations of columns that are not there."""
    said = {(held.table, name) for held in holdings.HELD for name in held.names}
    there = {(name, column.key) for name, model in owned_tables().items() for column in model.__table__.columns}
    forgotten = {(table, name) for table, name in there - said if name not in holdings.KEYS}
    return sorted(f"{table}.{name}" for table, name in forgotten | (said - there))


def persons_columns(model: Any) -> list[Any]:
    """The columns by which a table names people: by their name, or by a foreign key to people."""
    columns = model.__table__.columns
    tied = {key.parent.name for key in model.__table__.foreign_keys if key.column.table.name == "people" and key.column.name == "id"}
    return [getattr(model, column.key) for column in columns if column.key in PERSON_COLUMNS or column.key in tied]


def about(model: Any, ids: Iterable[int]) -> ColumnElement[bool]:
    """Rows that name one of these people of the current organization."""
    named = or_(*(column.in_(list(ids)) for column in persons_columns(model)))
    return and_(named, model.partner_id == current_org()) if model.__access__ == "two_sided" else named


def tables_about() -> list[tuple[str, Any, str]]:
    """(table, model, what erasing does to its rows) of every table that names people; `people` itself last."""
    said: dict[str, set[str]] = {}
    for one in holdings.HELD:
        said.setdefault(one.table, set()).add(one.on_erasure)
    models, weight = owned_tables(), (EMPTIED, STAYS, GOES)
    found = [(name, models[name], min(does, key=weight.index)) for name, does in said.items() if persons_columns(models[name])]
    return [*found, ("people", models["people"], GOES)]


def take_out(ids: Sequence[int]) -> dict[str, int]:
    """Deletes or empties, by what each room declared, every row that names these people; how many, by table."""
    counts = {}
    blanks: dict[str, dict[str, Any]] = {}
    for one in holdings.HELD:
        blanks.setdefault(one.table, {}).update(one.blank)
    for name, model, does in tables_about():
        own = model.id.in_(list(ids)) if name == "people" else about(model, ids)
        if does == GOES:
            done = session().execute(delete(model).where(own).execution_options(synchronize_session=False))
        elif does == EMPTIED and blanks[name]:
            done = session().execute(update(model).where(own).values(**blanks[name]).execution_options(synchronize_session=False))
        else:
            continue
        if done.rowcount:  # type: ignore[attr-defined]
            counts[name] = done.rowcount  # type: ignore[attr-defined]
    return counts
