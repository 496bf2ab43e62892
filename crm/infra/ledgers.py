"""Ledgers: tables whose rows are written once. The database itself refuses to change or remove one, whoever asks.

The one exception is a person who is erased: `unlocked` lets the ledger go, for what is done inside it. It guards against
mistakes of ours, not against whoever may write SQL of their own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy.orm import Session

_is_unlocked: ContextVar[bool] = ContextVar("plenary_ledgers_unlocked", default=False)
LEDGERS = ("consents", "wordings")
"""The tables that the migrations put under triggers."""


def is_unlocked() -> int:
    """What SQLite's triggers ask (`plenary_unlocked()`); where a connection does not know it, they refuse."""
    return int(_is_unlocked.get())


@contextmanager
def unlocked(session: Session) -> Iterator[None]:
    """Inside, this transaction may change and remove rows of ledgers."""
    is_postgresql = session.connection().dialect.name == "postgresql"
    mark = _is_unlocked.set(True)
    if is_postgresql:
        session.connection().exec_driver_sql("select set_config('plenary.unlocked', 'on', true)")
    try:
        yield
        session.flush()
    finally:
        _is_unlocked.reset(mark)
    if is_postgresql:  # after an error the transaction is over, and the setting with it
        session.connection().exec_driver_sql("select set_config('plenary.unlocked', '', true)")
