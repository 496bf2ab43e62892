"""Backups: the whole database in one sealed file, taken while it is in use, and brought back only where that is meant.

SQLite is copied by its own backup interface; PostgreSQL is read table by table in one repeatable-read transaction. The file is a
line that says what it is, then sealed pieces in order, the last one marked as such: a piece that is missing, changed or in another
place is noticed. It opens with the ring of keys, or with a passphrase; then the keys travel inside it.
"""

import base64
import hashlib
import json
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Connection, MetaData, Table, func, make_url, select

from crm.infra import db, sealing
from crm.infra.runtime import folder, settings
from crm.infra.tables import Base
from crm.kernel.refusal import N_, Refused

MAGIC = b"plenary-backup 1 "
PIECE = 4 * 2**20
NOT_OPENED = N_("This backup does not open with the keys that are here. Bring back the folder keys, or give the passphrase it was made with.")
BROKEN = N_("This file is no whole backup of Plenary: a part is missing or was changed.")


def _lock(passphrase: str, salt: bytes) -> Fernet:
    derived = hashlib.scrypt(passphrase.encode(), salt=salt, n=2**15, r=8, p=1, maxmem=2**26, dklen=32)
    return Fernet(base64.urlsafe_b64encode(derived))


class Writer:
    """A sealed file on its way; it has its name only when it is whole and on the disk."""

    def __init__(self, path: Path, head: dict[str, Any], passphrase: str = ""):
        self.path, self.part = path, path.with_name(path.name + ".part")
        salt = os.urandom(16) if passphrase else b""
        self.seal: Callable[[bytes], bytes] = _lock(passphrase, salt).encrypt if passphrase else sealing.seal
        self.file = open(os.open(self.part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")  # noqa: SIM115 - closed by close()
        self.file.write(MAGIC + json.dumps(head | {"salt": salt.hex()}).encode() + b"\n")
        self.held, self.number, self.digest = bytearray(), 0, hashlib.sha256()

    def write(self, data: bytes) -> None:
        self.held += data
        self.digest.update(data)
        while len(self.held) >= PIECE:
            self._piece(bytes(self.held[:PIECE]), is_last=False)
            del self.held[:PIECE]

    def _piece(self, data: bytes, is_last: bool) -> None:
        token = base64.urlsafe_b64decode(self.seal(struct.pack(">Q?", self.number, is_last) + zlib.compress(data, 1)))
        self.file.write(struct.pack(">I", len(token)) + token)
        self.number += 1

    def close(self) -> None:
        self._piece(bytes(self.held), is_last=False)
        self._piece(self.digest.digest(), is_last=True)
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        os.replace(self.part, self.path)


def read_head(path: Path) -> dict[str, Any]:
    """What the file says of itself; refused when it is no backup."""
    with open(path, "rb") as file:
        line = file.readline(10_000)
    try:
        if not line.startswith(MAGIC):
            raise ValueError
        return json.loads(line.removeprefix(MAGIC))
    except ValueError:
        raise Refused(BROKEN) from None


def read_pieces(path: Path, passphrase: str = "") -> Iterator[bytes]:
    """The content, piece by piece, each proved; raises Refused where a key or a piece is missing."""
    salt = bytes.fromhex(read_head(path)["salt"])
    if salt and not passphrase:
        raise Refused(NOT_OPENED)
    unseal = _lock(passphrase, salt).decrypt if salt else sealing.unseal_any
    digest, number = hashlib.sha256(), 0
    with open(path, "rb") as file:
        file.readline()
        while True:
            length = file.read(4)
            if len(length) < 4:
                raise Refused(BROKEN)
            try:
                piece = unseal(base64.urlsafe_b64encode(file.read(struct.unpack(">I", length)[0])))
            except (InvalidToken, sealing.Unreadable):
                raise Refused(NOT_OPENED if number == 0 else BROKEN) from None
            at, is_last = struct.unpack(">Q?", piece[:9])
            data = zlib.decompress(piece[9:])
            if at != number:
                raise Refused(BROKEN)
            if is_last:
                if data != digest.digest():
                    raise Refused(BROKEN)
                return
            digest.update(data)
            number += 1
            yield data


def check(path: Path, passphrase: str = "") -> int:
    """Opens every piece of a backup; returns how many bytes it holds."""
    return sum(len(data) for data in read_pieces(path, passphrase))


# --- taking one ---------------------------------------------------------------------------------------------------------


def back_up(path: Path, passphrase: str = "", *, now: datetime) -> dict[str, int]:
    """Writes the whole database to a sealed file and reads it again; returns how many rows of each table are in it."""
    with db.engine().connect() as connection:
        revision = connection.exec_driver_sql("select version_num from alembic_version").scalar_one()
    head = {"kind": db.engine().dialect.name, "revision": revision, "made_at": now.isoformat()}
    writer = Writer(path, head, passphrase)
    try:
        beside = _files(("keys",) if passphrase else ()) | _files((), JOURNAL)
        writer.write(json.dumps({"files": beside}).encode() + b"\n")
        counts = _copy_sqlite(writer) if db.is_sqlite() else _read_tables(writer)
        writer.close()
    finally:
        writer.part.unlink(missing_ok=True)
    check(path, passphrase)
    return counts


JOURNAL = "erased.journal"


def _files(folders: tuple[str, ...], *names: str) -> dict[str, str]:
    data = settings().data_dir
    paths = [path for name in folders for path in folder(name).iterdir() if path.is_file()] + [data / name for name in names if (data / name).exists()]
    return {str(path.relative_to(data)): base64.b64encode(path.read_bytes()).decode() for path in paths}


def _copy_sqlite(writer: Writer) -> dict[str, int]:
    copy = settings().data_dir / f".backup-{os.getpid()}.db"
    source, target = db.engine().raw_connection(), db.sqlite_module.connect(copy)
    try:
        os.chmod(copy, 0o600)
        source.driver_connection.backup(target, pages=2000)  # type: ignore[union-attr]
        counts = {name: target.execute(f'select count(*) from "{name}"').fetchone()[0] for name in sorted(Base.metadata.tables)}
        target.close()
        writer.write(json.dumps({"counts": counts}).encode() + b"\n")
        with open(copy, "rb") as file:
            while data := file.read(PIECE):
                writer.write(data)
    finally:
        source.close()
        for path in copy.parent.glob(copy.name + "*"):
            path.unlink()
    return counts


def raw_tables() -> dict[str, Table]:
    """Every table as its bytes lie in the database: sealed words stay sealed."""
    raw = MetaData()
    made = {table.name: table.to_metadata(raw) for table in Base.metadata.sorted_tables}
    for table in made.values():
        for column in table.columns:
            if isinstance(column.type, (sealing.SealedText, sealing.SealedBytes, sealing.JsonWithSeals)):
                column.type = column.type.impl_instance
    return made


def _read_tables(writer: Writer) -> dict[str, int]:
    """Table by table, organization by organization, because row-level security shows one at a time; all in one snapshot."""
    counts, access = {}, {m.local_table.name: m.class_.__access__ for m in Base.registry.mappers}  # type: ignore[attr-defined]
    with db.engine().connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        orgs = list(connection.execute(select(Base.metadata.tables["organizations"].c.id)).scalars())
        for name, table in raw_tables().items():
            counts[name] = 0
            for org_id in orgs if access[name] != "directory" else [None]:
                counts[name] += _read_table(connection, writer, table, org_id)
        writer.write(json.dumps({"counts": counts}).encode() + b"\n")
        connection.rollback()
    return counts


def _read_table(connection: Connection, writer: Writer, table: Table, org_id: int | None) -> int:
    connection.exec_driver_sql("select set_config('plenary.org_id', %s, true)", (str(org_id or ""),))
    rows = select(table).order_by(*table.primary_key.columns)
    if org_id is not None:
        rows = rows.where(table.c.org_id == org_id)
    read, n = connection.execution_options(yield_per=1000).execute(rows), 0
    for some in read.partitions():
        lines = [[_plain(value) for value in row] for row in some]
        told = {"table": table.name, "org": org_id, "columns": [c.name for c in table.columns], "rows": lines}
        writer.write(json.dumps(told).encode() + b"\n")
        n += len(lines)
    return n


def _plain(value: Any) -> Any:
    if isinstance(value, dict | list):
        return {"j": value}
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, time):
        return {"h": value.isoformat()}
    return {"b": base64.b64encode(value).decode()} if isinstance(value, bytes | memoryview) else value


READ: dict[str, Callable[[Any], Any]] = {
    "j": lambda value: value, "t": datetime.fromisoformat, "d": date.fromisoformat, "h": time.fromisoformat, "b": base64.b64decode,
}


def read_value(value: Any) -> Any:
    """A value of a row as it was written by `_plain`."""
    return READ[next(iter(value))](next(iter(value.values()))) if isinstance(value, dict) else value


def holds_data() -> bool:
    """Whether the database that is here has an organization in it."""
    if db.is_sqlite() and not Path(make_url(settings().database_url).database or "").exists():
        return False
    with db.engine().connect() as connection:
        names = db.inspect(db.engine()).get_table_names()
        if "organizations" not in names:
            return False
        return bool(connection.execute(select(func.count()).select_from(Base.metadata.tables["organizations"])).scalar_one())


def lines_of(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The content of a backup line by line; what follows the last end of line comes as it is."""
    held = b""
    for piece in pieces:
        *lines, held = (held + piece).split(b"\n")
        yield from lines
    if held:
        yield held
