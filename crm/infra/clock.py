"""The time. Only routes, jobs and the command line ask; everything else is told.

The demonstration has a clock of its own (DESIGN section 5): the real one plus a stored offset that the simulator page
moves. Outside the demonstration the offset does not exist.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from crm.infra import db, tables


class DemoClock(db.Directory):
    """One row: by how many seconds the demonstration's clock differs from the real one."""

    __tablename__ = "demo_clock"
    id: Mapped[int] = mapped_column(primary_key=True)
    offset_seconds: Mapped[int]


_source: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731
_is_demo = False
_cached: tuple[float, timedelta] = (-10.0, timedelta())


def now() -> datetime:
    """This instant, aware, UTC; of the demonstration's clock in the demonstration."""
    return _source() + (_offset() if _is_demo else timedelta())


def set_source(source: Callable[[], datetime] | None = None) -> None:
    """Replaces the real clock (tests)."""
    global _source
    _source = source or (lambda: datetime.now(UTC))


def start_demo(is_demo: bool) -> None:
    """Says whether this process follows the demonstration's clock."""
    global _is_demo, _cached
    _is_demo, _cached = is_demo, (-10.0, timedelta())


def _offset() -> timedelta:
    global _cached
    if time.monotonic() - _cached[0] > 1:
        # A session of its own: the caller's may be in the middle of a transaction.
        with Session(db.engine()) as reader:
            seconds = reader.scalar(select(DemoClock.offset_seconds).where(DemoClock.id == 1)) or 0
        _cached = (time.monotonic(), timedelta(seconds=seconds))
    return _cached[1]


def move_demo_clock(to: datetime) -> None:
    """Sets the demonstration's clock; called inside a transaction. It moves forward only once set."""
    global _cached
    seconds = int((to - _source()).total_seconds())
    row = db.session().get(DemoClock, 1)
    if row is None:
        row = DemoClock(id=1, offset_seconds=seconds)
        db.session().add(row)
    else:
        row.offset_seconds = max(row.offset_seconds, seconds)
    db.session().flush()
    _cached = (time.monotonic(), timedelta(seconds=row.offset_seconds))


tables._clock = now  # created_at defaults follow the same clock
