"""The database: the session that holds to one organization, and the one write transaction.

The session filters every ORM statement by the current organization and refuses to write another's rows; PostgreSQL's
row-level security holds the same line underneath.
"""

import threading  # noqa: I001 - the names of tables.py stand in one line
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, Executable, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, scoped_session, sessionmaker

from crm.infra import criteria
from crm.infra.engines import make_engine, sqlite_module
from crm.infra.tables import (
    Base, Commons, CommonsRow, Directory, Private, PrivateRow, TwoSided, TwoSidedRow, UtcDateTime, new_id, new_ids,
)

__all__ = [
    "Base", "Commons", "CommonsRow", "Directory", "Private", "PrivateRow", "TwoSided", "TwoSidedRow", "UtcDateTime", "circle", "connect",
    "current_org", "disconnect", "empty_log", "engine", "hold", "inspect", "is_sqlite", "know_sizes", "make_engine", "near", "new_id", "new_ids", "own",
    "reading", "scope_to", "scrub", "session", "sqlite_module", "transaction",
]

# --- engine -----------------------------------------------------------------------------------------------------------

_factory = sessionmaker(expire_on_commit=False, autoflush=True)
_sessions: scoped_session[Session] = scoped_session(_factory)
_engine: Engine | None = None
_one_writer = threading.RLock()  # SQLite's busy handler is unfair; writers of one process wait here in turn
near_of: Callable[[Session, int], criteria.Near] = lambda _session, org_id: criteria.Near((org_id,))  # noqa: E731 - set by create_app
BEFORE_COMMIT: list[Callable[[Session], None]] = []


def connect(url: str, **options: Any) -> Engine:
    """Binds the sessions of this process to the database at `url`."""
    global _engine
    disconnect()
    _engine = make_engine(url, **options)
    _factory.configure(bind=_engine)
    return _engine


def disconnect() -> None:
    """Closes every connection of this process."""
    global _engine
    _sessions.remove()
    if _engine is not None:
        _engine.dispose()
        _engine = None


def engine() -> Engine:
    """The engine of this process."""
    if _engine is None:
        raise RuntimeError("no database is connected")
    return _engine


def is_sqlite() -> bool:
    """Whether this process works on SQLite."""
    return engine().dialect.name == "sqlite"


def scrub() -> None:
    """SQLite: rewrites the file and empties the write-ahead log, so that deleted rows leave no trace on the disk."""
    if not is_sqlite():
        return
    _sessions().rollback()
    with _one_writer:
        raw = engine().raw_connection()
        try:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()


def know_sizes(sized: Engine | None = None) -> None:
    """SQLite: lets the planner learn what the tables hold, where that changed much; autovacuum does it on PostgreSQL.

    Without, it takes an organization for ten rows and walks a list of a million to find one person; having looked at a thousand rows
    of it, for a thousand, and walks the list to find five hundred. Fifty thousand of each index take a sixth of a second.
    """
    sized = sized or engine()
    if sized.dialect.name == "sqlite":
        raw = sized.raw_connection()
        try:
            raw.execute("PRAGMA analysis_limit=50000")
            raw.execute("PRAGMA optimize=0x10002")
        finally:
            raw.close()
        sized.dispose()


def empty_log() -> None:
    """SQLite: takes over what the write-ahead log holds and empties it; erased rows, overwritten with zeros, are then nowhere."""
    if is_sqlite():
        _sessions().rollback()
        with _one_writer, engine().connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# --- session and scope ------------------------------------------------------------------------------------------------


def session() -> Session:
    """The session of this request or job step, held to the current organization."""
    return _sessions()


def close_session() -> None:
    """Ends the session of this thread; called when a request or job step is over."""
    _sessions.remove()


def current_org() -> int | None:
    """The organization that this session is held to."""
    return session().info.get("org_id")


def scope_to(org_id: int | None) -> None:
    """Holds the session to one organization; what was loaded for another is forgotten."""
    s = session()
    if s.info.get("org_id") == org_id:
        return
    if s.info.get("writes"):
        raise RuntimeError("the organization cannot change inside a transaction")
    s.rollback()
    s.expunge_all()
    s.info["org_id"] = org_id
    s.info.pop("near", None)


def own(statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> CursorResult[Any]:
    """Carries out a statement that was made once for the whole process and touches only what is the current organization's own.

    It is held to that organization as everything is, and names it :own_org where it writes it. Each costs a third of what the session's
    own way costs, which learns anew what it reads: a full hall votes five thousand times.
    """
    s, org_id = session(), current_org()
    if org_id is None:
        raise RuntimeError("no organization is set")
    s.flush()
    held = criteria.own(statement)
    if narrowed := s.info.get("narrowed"):
        held = held.options(*narrowed)
    rows = [{**each, "own_org": org_id} for each in values] if isinstance(values, Sequence) else {**values, "own_org": org_id}
    return s.connection().execute(held, rows)


@contextmanager
def reading(org_id: int | None = None) -> Iterator[Session]:
    """A read transaction held to one organization, for jobs and the command line."""
    before = current_org()
    scope_to(org_id if org_id is not None else before)
    try:
        yield session()
    finally:
        session().rollback()
        scope_to(before)


@contextmanager
def transaction(org_id: int | None = None, *, durable: bool = False, by: Callable[[Connection], int] | None = None) -> Iterator[Session]:
    """The one write transaction: returning commits, raising rolls back. `durable` insists on a synced commit.

    SQLite always syncs (synchronous=FULL); on PostgreSQL `durable` overrides a server that was told not to. `by` finds in the directory
    whom the transaction is for, and tells the database in the same round trip (see links.Entrance).
    """
    before = current_org()
    s = session()
    if s.info.get("writes"):
        raise RuntimeError("transactions do not nest: an action flushes, only the edge commits")
    scope_to(org_id if org_id is not None else before)
    s.rollback()
    writer = _one_writer if is_sqlite() else None
    if writer:
        writer.acquire()
    s.info["writes"], s.info["durable"], s.info["by"] = True, durable, by
    try:
        s.connection(execution_options={"immediate": True})
        yield s
        s.flush()
        for hook in BEFORE_COMMIT:
            hook(s)
        s.commit()
    except BaseException:
        s.rollback()
        raise
    finally:
        s.info["writes"] = s.info["durable"] = False
        s.info["by"] = None
        s.info.pop("audit", None)
        if writer:
            writer.release()
        scope_to(before)


@event.listens_for(_factory, "after_begin")
def _tell_database(s: Session, _transaction: Any, connection: Any) -> None:
    if by := s.info.pop("by", None):
        s.expunge_all()
        s.info["org_id"] = by(connection)
        s.info.pop("near", None)
    elif connection.dialect.name == "postgresql":
        org_id = s.info.get("org_id")
        synced = ", set_config('synchronous_commit', 'on', true)" if s.info.get("durable") else ""
        connection.exec_driver_sql(f"select set_config('plenary.org_id', %s, true){synced}", ("" if org_id is None else str(org_id),))


def near() -> criteria.Near:
    """Whose commons the current organization may read: those of its circle, and of other assemblies where it is a guest."""
    s = session()
    if s.info.get("org_id") is None:
        return criteria.Near(())
    if "near" not in s.info:
        s.info["near"] = criteria.Near((s.info["org_id"],))  # while it is being read: that query asks the directory only
        s.info["near"] = near_of(s, s.info["org_id"])
    return s.info["near"]


def circle() -> tuple[int, ...]:
    """The organizations whose commons the current one may read whole: itself, and those it shares a live coalition with."""
    return near().circle


@event.listens_for(_factory, "do_orm_execute")
def _hold_to_organization(state: ORMExecuteState) -> None:
    if state.is_column_load and not state.is_relationship_load:
        return
    if not state.is_orm_statement and criteria.hides(state.statement):
        raise RuntimeError("a statement that hides whose rows it reads")
    org_id = state.session.info.get("org_id")
    if org_id is None or not state.is_select:  # a select within an organization needs no look at what it reads: all is held to it
        accesses = {getattr(mapper.class_, "__access__", "") for mapper in state.all_mappers}
        if org_id is None and accesses - {"directory", ""}:
            raise RuntimeError("no organization is set")
        if state.is_insert:
            _check_rows(state, org_id)
            return
        if accesses == {"directory"} and state.is_update:
            return
    # count(*) and exists() name no mapper at the top, so the criteria stand whatever the statement seems to read
    state.statement = state.statement.options(*criteria.held_to(org_id, near()), *state.session.info.get("narrowed", ()))


def _check_rows(state: ORMExecuteState, org_id: int | None) -> None:
    rows = state.parameters if isinstance(state.parameters, list) else [state.parameters or {}]
    mapper = state.bind_mapper
    access = getattr(mapper.class_, "__access__", "") if mapper else ""
    for row in rows:
        if access in ("private", "two_sided", "commons") and row and org_id not in (row.get("org_id"), row.get("partner_id")):
            raise RuntimeError(f"a row of another organization in {mapper}")


@event.listens_for(_factory, "before_flush")
def _check_flush(s: Session, _context: Any, _instances: Any) -> None:
    changed = [*s.new, *s.dirty, *s.deleted]
    if changed and not s.info.get("writes"):
        raise RuntimeError("a write outside transaction()")
    org_id = s.info.get("org_id")
    for row in changed:
        access = row.__access__
        if access == "directory":
            continue
        if org_id is None or not _may_write(row, access, org_id):
            raise RuntimeError(f"a {type(row).__name__} of another organization")


def _may_write(row: Any, access: str, org_id: int) -> bool:
    if access == "private":
        return row.org_id == org_id
    return org_id in (row.org_id, getattr(row, "partner_id", None))


def hold(key: int, *, shared: bool = False) -> None:
    """Holds a lock of that number until the transaction ends (PostgreSQL advisory; SQLite's one writer holds all).

    For records that the current organization may read but not lock, such as a coalition's ratification.
    """
    if not is_sqlite():
        lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        session().connection().exec_driver_sql(f"select {lock}(%s)", (key,))
