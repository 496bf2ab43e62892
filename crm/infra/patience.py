"""Reads that give up: a page never waits for a count that takes longer than a reader's patience."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from crm.infra.db import is_sqlite, session


class TooLong(Exception):
    """What was asked of the database took longer than it may."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raises TooLong when the statements inside take longer in all; the transaction goes on."""
    try:
        with _sqlite_stops(seconds) if is_sqlite() else _postgresql_stops(seconds):
            yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == "57014" or "interrupted" in str(error.orig):
            raise TooLong from None
        raise


@contextmanager
def _sqlite_stops(seconds: float) -> Iterator[None]:
    driver = session().connection().connection.driver_connection
    end = time.monotonic() + seconds
    driver.set_progress_handler(lambda: time.monotonic() > end, 20_000)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)


@contextmanager
def _postgresql_stops(seconds: float) -> Iterator[None]:
    connection = session().connection()
    with session().begin_nested():  # so that a statement that is stopped does not end the whole transaction
        connection.exec_driver_sql("select set_config('statement_timeout', %s, true)", (str(int(seconds * 1000)),))
        yield
        connection.exec_driver_sql("select set_config('statement_timeout', '0', true)")
