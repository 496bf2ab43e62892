"""How much of its organization's people one reader sees: all or some of them, openly or with names and numbers veiled.

Whoever may see only some is held to them by the session itself, as everyone is held to an organization: no query can forget it.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, any_, cast, column, func, literal, select
from sqlalchemy.orm import with_loader_criteria

from crm.infra.db import is_sqlite, session
from crm.infra.tables import Base

KEPT_WHOLE: dict[str, str] = {
    "audit_entries": "a chain is checked whole",
    "reveals": "a day's limit counts everyone who was opened",
    "consents": "an opt-out holds for a number, whoever of a household gave it",
}


@dataclass(frozen=True)
class Sight:
    """`among`: the ids of the only people to be seen; None for everyone. `opened`: what a veiled reader opened today, as
    ids of people, numbers and addresses."""

    is_whole: bool = True
    among: Collection[int] | None = None
    opened: frozenset[int | str] = field(default_factory=frozenset)

    def opens(self, what: int | str) -> bool:
        """Whether this person, number or address is seen whole."""
        return self.is_whole or what in self.opened


EVERYTHING = Sight()
sight_of: Callable[[Any, datetime], Sight] = lambda _actor, _now: EVERYTHING  # noqa: E731 - set by create_app


def look_with(sight: Sight) -> None:
    """From now on this session sees no more than `sight`; what was loaded before is forgotten."""
    s = session()
    s.expunge_all()
    s.info["sight"] = sight
    s.info["narrowed"] = () if sight.among is None else tuple(_criteria(sight.among))


def sight() -> Sight:
    """How this session sees people; everything, unless it was told otherwise."""
    return session().info.get("sight", EVERYTHING)


def _criteria(ids: Collection[int]) -> list[Any]:
    """For every table that names a person: only rows of these people. What names nobody is not shown to such a reader either."""
    narrowed = []
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        if mapper.class_.__access__ == "directory" or table.name in KEPT_WHOLE:
            continue
        names = ["id"] if table.name == "people" else [name for name in ("person_id", "other_id", "first_id", "second_id", "kept_id") if name in mapper.columns]
        narrowed += [with_loader_criteria(mapper.class_, among(getattr(mapper.class_, name), ids), include_aliases=True) for name in names]
    return narrowed


def among(of: Any, ids: Collection[int]) -> ColumnElement[bool]:
    """That a column is among ids: one bound value, however many they are."""
    return of.in_(listed(ids)) if is_sqlite() else of == any_(_array(ids))


def listed(ids: Collection[int]) -> Select[tuple[int]]:
    """Ids as rows of their own. Beside an order and a limit, a database looks each of these up; ids that are spelled out in the
    statement it rather meets one by one, walking the whole list in its order."""
    if is_sqlite():
        return select(cast(column("value"), BigInteger)).select_from(func.json_each(json.dumps(list(ids))).table_valued("value"))
    return select(func.unnest(_array(ids)))


def _array(ids: Collection[int]) -> ColumnElement[Any]:
    return cast(literal(list(ids), ARRAY(BigInteger)), ARRAY(BigInteger))
