"""Bringing a backup back: proved whole before anything is touched, put in place at once, counted afterwards."""

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import MetaData, func, make_url, select

from crm.infra import backup, db
from crm.infra.backup import BROKEN, JOURNAL
from crm.infra.runtime import settings
from crm.infra.schema import migrations_config, upgrade_database
from crm.kernel.refusal import N_, Refused

HOLDS_DATA = N_("There is data here already. To put the backup in its place, say --over; what is here now is lost then.")
OTHER_DATABASE = N_("This backup was made of %(theirs)s, and here is %(ours)s. Restore it on the same kind of database.")


def restore(path: Path, passphrase: str = "", *, over: bool = False) -> dict[str, int]:
    """Puts a backup in place and brings it to this version; returns the rows of each table, each counted."""
    head = backup.read_head(path)
    if head["kind"] != db.engine().dialect.name:
        raise Refused(OTHER_DATABASE, theirs=head["kind"], ours=db.engine().dialect.name)
    backup.check(path, passphrase)
    if backup.holds_data() and not over:
        raise Refused(HOLDS_DATA)
    pieces = backup.read_pieces(path, passphrase)
    counts = _into_sqlite(pieces) if db.is_sqlite() else _into_postgresql(pieces, head["revision"])
    upgrade_database(settings())
    db.connect(settings().database_url)
    return counts


def _first_line(pieces: Iterator[bytes], held: bytes = b"") -> tuple[bytes, bytes]:
    while b"\n" not in held:
        held += next(pieces)
    line, _end, rest = held.partition(b"\n")
    return line, rest


def _into_sqlite(pieces: Iterator[bytes]) -> dict[str, int]:
    files, rest = _first_line(pieces)
    told, rest = _first_line(pieces, rest)
    counts: dict[str, int] = json.loads(told)["counts"]
    target = Path(make_url(settings().database_url).database or "")
    fresh = target.with_name(target.name + ".restoring")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(rest)
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    _prove(fresh, counts)
    db.disconnect()
    for end in ("-wal", "-shm"):
        target.with_name(target.name + end).unlink(missing_ok=True)
    os.replace(fresh, target)
    _put_files(files)
    return counts


def _prove(path: Path, counts: dict[str, int]) -> None:
    raw = db.sqlite_module.connect(path)
    try:
        sound = raw.execute("pragma integrity_check").fetchone()[0] == "ok" and not raw.execute("pragma foreign_key_check").fetchall()
        if not sound or any(raw.execute(f'select count(*) from "{name}"').fetchone()[0] != n for name, n in counts.items()):
            raise Refused(BROKEN)
    finally:
        raw.close()
        for end in ("-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)


def _into_postgresql(pieces: Iterator[bytes], revision: str) -> dict[str, int]:
    """Tables as they were at the backup's version, filled in one transaction by the owner; then they are brought to this one."""
    lines = backup.lines_of(pieces)
    files = next(lines)
    owner = db.make_engine(settings().database_owner_url)
    config = migrations_config(settings().database_owner_url)
    db.disconnect()
    with owner.begin() as connection:  # whatever version was here
        for name in db.inspect(connection).get_table_names():
            connection.exec_driver_sql(f'drop table "{name}" cascade')
        ours = "select oid::regprocedure::text from pg_proc where pronamespace = 'public'::regnamespace and starts_with(proname, 'plenary_')"
        for function in connection.exec_driver_sql(ours).scalars().all():
            connection.exec_driver_sql(f"drop function {function} cascade")
    command.upgrade(config, revision)
    tables, counts = MetaData(), {}
    with owner.begin() as connection:
        tables.reflect(connection)
        for line in lines:
            told: dict[str, Any] = json.loads(line)
            if "counts" in told:
                counts = told["counts"]
                continue
            connection.exec_driver_sql("select set_config('plenary.org_id', %s, true)", (str(told["org"] or ""),))
            rows = [dict(zip(told["columns"], map(backup.read_value, row), strict=True)) for row in told["rows"]]
            connection.execute(tables.tables[told["table"]].insert(), rows)
        _count_again(connection, tables, counts)
    owner.dispose()
    _put_files(files)
    return counts


def _count_again(connection: Any, tables: MetaData, counts: dict[str, int]) -> None:
    orgs = connection.execute(select(tables.tables["organizations"].c.id)).scalars().all()
    for name, wanted in counts.items():
        table, n = tables.tables[name], 0
        is_owned = connection.exec_driver_sql("select relrowsecurity from pg_class where oid = %s::regclass", (name,)).scalar_one()
        for org_id in orgs if is_owned else [None]:
            connection.exec_driver_sql("select set_config('plenary.org_id', %s, true)", (str(org_id or ""),))
            own = select(func.count()).select_from(table)
            n += connection.execute(own.where(table.c.org_id == org_id) if is_owned else own).scalar_one()
        if n != wanted:
            raise Refused(BROKEN)


def _put_files(line: bytes) -> None:
    """Keys and journal from inside the backup. The journal of erasures only grows: what was erased since stays erased."""
    data = settings().data_dir
    for name, content in json.loads(line)["files"].items():
        path, plain = data / name, base64.b64decode(content)
        if name == JOURNAL and path.exists():
            here = path.read_bytes().splitlines()
            plain = b"\n".join([*here, *(one for one in plain.splitlines() if one not in here)]) + b"\n"
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(plain)


def note_erased(org_id: int, ids: list[int]) -> None:
    """Writes down, beside the database, whose records were erased: numbers only. A backup that is brought back erases them again."""
    path = settings().data_dir / JOURNAL
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
        file.write(json.dumps({"org": org_id, "ids": ids}).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def erased_before() -> list[tuple[int, list[int]]]:
    """(organization, ids) of every erasure that the journal knows."""
    path = settings().data_dir / JOURNAL
    lines = path.read_bytes().splitlines() if path.exists() else []
    return [(told["org"], told["ids"]) for told in map(json.loads, lines)]
