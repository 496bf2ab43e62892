"""Base classes of every table, which say who may read a row (DESIGN section 4, invariant 1), and ids known before the insert.

Four kinds: private, two-sided, commons, directory. A table that is not keyed by id takes the row class and Base:
`class Ballot(PrivateRow, Base)`.
"""

import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator):
    """An instant: aware in Python, UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What stands in a column: a page's mark with anything else is ignored."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_last_id = 0
_id_lock = threading.Lock()


def new_id() -> int:
    """A 63-bit id, known before the insert: milliseconds, then 22 bits that begin at random and count up.

    Ids are unique per organization and table; two processes would have to write the same table of the same
    organization in the same millisecond with the same random start to meet, and then the insert fails and is repeated.
    """
    return new_ids(1)[0]


def new_ids(count: int) -> range:
    """So many ids, one after the other."""
    global _last_id
    with _id_lock:
        first = max(_last_id + 1, (time.time_ns() // 1_000_000 - 1_577_836_800_000) << 22 | int.from_bytes(os.urandom(3), "big") >> 2)
        _last_id = first + count - 1
        return range(first, first + count)


class Base(DeclarativeBase):
    """Base of every table; `__access__` says who may read it (see the module)."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(), int: BigInteger().with_variant(Integer, "sqlite"),
        dict: JSON, dict[str, Any]: JSON, dict[str, str]: JSON, list: JSON, list[Any]: JSON, list[str]: JSON,
    }
    __access__: ClassVar[str] = ""
    __forced__: ClassVar[bool] = True  # whether row-level security binds the table's owner too; every exception gives its reason


class PrivateRow:
    """Of one organization, read by that organization only."""

    __access__: ClassVar[str] = "private"
    org_id: Mapped[int] = mapped_column(
        ForeignKey("organizations.id"), primary_key=True, autoincrement=False, sort_order=-10
    )


class TwoSidedRow:
    """Of an owner and one partner, read by both and by no third."""

    __access__: ClassVar[str] = "two_sided"
    org_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), sort_order=-8)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), sort_order=-8)


class CommonsRow:
    """Without personal data: of one organization, read by those that share a live coalition with it."""

    __access__: ClassVar[str] = "commons"
    __of_assembly__: ClassVar[str] = ""
    """How the row belongs to an assembly, whose guests then read it as partners do: the column that holds the assembly's id, or that of a row
    which belongs to one; or, written table.column, where a row that belongs to one names it. Several, parted by spaces: any of them does."""
    org_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), sort_order=-8)


class Way(NamedTuple):
    """A row belongs to an assembly where `own` is its id; or where it is `theirs` of a row of `through` that belongs to one."""

    own: str
    through: Any = None
    theirs: str = ""


def ways_of(model: Any) -> list[Way]:
    """What a commons model says in `__of_assembly__`."""
    models, found = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}, []
    for said in model.__of_assembly__.split():
        table, _dot, column = said.rpartition(".")
        key = None if table else next(iter(model.__table__.c[column].foreign_keys), None)
        through = models[table or key.column.table.name] if table or key is not None else model
        is_assembly = not table and through.__of_assembly__ == "id"
        found.append(Way(column) if is_assembly else Way("id", through, column) if table else Way(column, through, "id"))
    return found


def _now() -> datetime:
    return _clock()


_clock: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731 - replaced by infra.clock


class Private(PrivateRow, Base):
    """A private table keyed (org_id, id)."""

    __abstract__ = True
    id: Mapped[int] = mapped_column(primary_key=True, default=new_id, autoincrement=False, sort_order=-9)
    created_at: Mapped[datetime] = mapped_column(default=_now)


class TwoSided(TwoSidedRow, Base):
    """A two-sided table keyed by id."""

    __abstract__ = True
    id: Mapped[int] = mapped_column(primary_key=True, default=new_id, autoincrement=False, sort_order=-9)
    created_at: Mapped[datetime] = mapped_column(default=_now)


class Commons(CommonsRow, Base):
    """A commons table keyed by id."""

    __abstract__ = True
    id: Mapped[int] = mapped_column(primary_key=True, default=new_id, autoincrement=False, sort_order=-9)
    created_at: Mapped[datetime] = mapped_column(default=_now)


class Directory(Base):
    """A table readable before any organization is known; only inside infra, organizations and accounts."""

    __abstract__ = True
    __access__: ClassVar[str] = "directory"
