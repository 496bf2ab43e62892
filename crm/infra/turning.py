"""Turning the ring of keys: a new key in front, everything sealed brought under it in small steps, the old one put away.

While more than one key is on the ring a turning is under way: called again after a kill, it goes on where it stood.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import LargeBinary, Table, Text, cast, select, update

from crm.infra import sealing
from crm.infra.backup import raw_tables
from crm.infra.db import reading, transaction
from crm.infra.tables import Base

AT_ONCE = 200


def turn() -> Iterator[int]:
    """Yields how many sealed values each step brought under the newest key; at the end the older keys are put away."""
    if len(sealing.keys()) == 1:
        sealing.rotate()
    while changed := sum(done for done in _pass()):
        yield changed
    sealing.put_old_keys_away()


def _pass() -> Iterator[int]:
    raw = raw_tables()
    with reading() as s:
        orgs = list(s.scalars(select(Base.metadata.tables["organizations"].c.id)))
    for table, column, kind in _sealed_columns():
        for org_id in orgs:
            last = 0
            while last is not None:
                done, last = _step(org_id, raw[table], column, kind, last)
                yield done


def _sealed_columns() -> list[tuple[str, str, str]]:
    found = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            kinds = ((sealing.SealedText, "words"), (sealing.JsonWithSeals, "json"), (sealing.SealedBytes, "bytes"), (LargeBinary, "bytes"))
            kind = next((name for one, name in kinds if isinstance(column.type, one)), None)
            if kind and "id" in table.c and "org_id" in table.c:
                found.append((table.name, column.name, kind))
    return found


def _step(org_id: int, table: Table, name: str, kind: str, after: int) -> tuple[int, int | None]:
    """One short transaction: the next rows of one column; (how many changed, where to go on)."""
    column = table.c[name]
    with transaction(org_id) as s:
        rows = select(table.c.id, column).where(table.c.org_id == org_id, table.c.id > after).order_by(table.c.id).limit(AT_ONCE)
        rows = rows.where(cast(column, Text).contains(f'"{sealing.MARK}')) if kind == "json" else rows.where(column.is_not(None))
        some, done = s.execute(rows.with_for_update()).all(), 0
        for id, held in some:
            fresh = _fresh(held, kind)
            if fresh is not None:
                s.execute(update(table).where(table.c.org_id == org_id, table.c.id == id).values({name: fresh}))
                done += 1
    return done, some[-1][0] if len(some) == AT_ONCE else None


def _fresh(held: Any, kind: str) -> Any:
    """The value under the newest key; None where it is so already, or nothing of it is sealed."""
    if kind == "json":
        changed = {key: new for key, value in held.items() if isinstance(value, str) and value.startswith(sealing.MARK) and (new := _fresh(value, "words"))}
        return held | changed if changed else None
    try:
        if kind == "words":
            is_fresh = not held or held.startswith(sealing.MARK) and sealing.is_under_newest(held.removeprefix(sealing.MARK).encode())
            return None if is_fresh else sealing.resealed_words(held)
        if not held.startswith(sealing.FERNET) or sealing.is_under_newest(held):
            return None
        return sealing.reseal(held)
    except sealing.Unreadable:
        return None  # its key was gone before: turning cannot bring it back
