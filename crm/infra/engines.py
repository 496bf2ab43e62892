"""Engines with our rules of transactions, for SQLite and for PostgreSQL."""

import select
import time
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError

from crm.infra.ledgers import is_unlocked

try:
    import pysqlite3 as sqlite_module  # newer SQLite than the system's: free of the WAL-reset fault of 3.7.0-3.51.2
except ImportError:  # not on Linux
    import sqlite3 as sqlite_module

LONG_REST = 30.0  # seconds


def make_engine(url: str, **options: Any) -> Engine:
    """An engine with our rules of transactions: explicit BEGIN on SQLite, immediate where the transaction will write.

    A failed statement tells no values: they are people's names, numbers and words.
    """
    options = {"hide_parameters": True} | options
    if make_url(url).get_backend_name() != "sqlite":
        return _watched(create_engine(make_url(url).set(drivername="postgresql+psycopg"), **options))
    # A connection reads the planner's statistics once: it is renewed often enough to meet new ones (see know_sizes).
    engine = create_engine(url, module=sqlite_module, connect_args={"check_same_thread": False, "timeout": 20}, pool_recycle=600, **options)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY",
                       "busy_timeout=20000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function("plenary_unlocked", 0, is_unlocked)

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _watched(engine: Engine) -> Engine:
    """A connection that the server closed is not handed out: its socket has something to read. One that rested long is asked besides.

    Asking every one every time costs a round trip, which is a fifth of a ballot.
    """

    @event.listens_for(engine, "checkin")
    def put_down(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def look_at(connection: Any, record: Any, _proxy: Any) -> None:
        line, rests_since = select.poll(), record.info.get("rests_since")
        try:
            line.register(connection.pgconn.socket, select.POLLIN)  # raises where the connection is closed on our side
            if line.poll(0) or rests_since is not None and time.monotonic() - rests_since > LONG_REST:
                engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as gone:
            raise DisconnectionError("the server closed this connection") from gone

    return engine
