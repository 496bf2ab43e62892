"""Bytes that leave the tables' plain view (exports, uploads, backups) are sealed under a ring of keys beside the database.

The ring is one Fernet key a line in `keys/seal.ring`, newest first: the first seals, all unseal. `rotate` puts a new one in front;
what was sealed before stays readable until `reseal` has brought it under the new one and the old line is taken out.
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import JSON, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

from crm.infra.runtime import folder


class Unreadable(Exception):
    """Bytes that no key of the ring opens."""


def _path() -> Path:
    return folder("keys") / "seal.ring"


def _write(keys: list[bytes]) -> None:
    fresh = _path().with_suffix(f".{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(b"\n".join(keys) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        if _path().exists():
            os.replace(fresh, _path())
        else:
            os.link(fresh, _path())  # fails if another process was first: then its ring is the ring
    except FileExistsError:
        pass
    finally:
        fresh.unlink(missing_ok=True)


def keys() -> list[bytes]:
    """The ring, newest first; made on first use."""
    if not _path().exists():
        _write([Fernet.generate_key()])
    return _path().read_bytes().split()


def _ring() -> MultiFernet:
    keys()
    return _ring_of(_path(), _path().stat().st_mtime_ns)


@lru_cache(maxsize=4)  # another process may have turned the ring: its file says when
def _ring_of(path: Path, _written: int) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in path.read_bytes().split()])


def seal(plain: bytes) -> bytes:
    """The bytes under the newest key."""
    return _ring().encrypt(plain)


def unseal(sealed: bytes) -> bytes:
    """What was sealed, under whichever key of the ring; raises Unreadable when none opens it."""
    try:
        return _ring().decrypt(sealed)
    except InvalidToken:
        raise Unreadable from None


def reseal(sealed: bytes) -> bytes:
    """The same bytes under the newest key."""
    try:
        return _ring().rotate(sealed)
    except InvalidToken:
        raise Unreadable from None


def rotate() -> int:
    """Puts a new key in front of the ring; returns how many keys it holds now."""
    _write([Fernet.generate_key(), *keys()])
    return len(keys())


def put_old_keys_away() -> int:
    """Keeps the newest key alone on the ring; the others open older backups and nothing else. Returns how many went."""
    held = keys()
    if len(held) > 1:
        away = _path().with_name("retired.ring")
        with open(os.open(away, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
            file.write(b"\n".join(held[1:]) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        _write(held[:1])
    return len(held) - 1


def unseal_any(sealed: bytes) -> bytes:
    """What a backup holds: under a key of the ring, or under one that was put away."""
    away = _path().with_name("retired.ring")
    old = away.read_bytes().split() if away.exists() else []
    try:
        return MultiFernet([Fernet(key) for key in [*keys(), *old]]).decrypt(sealed)
    except InvalidToken:
        raise Unreadable from None


# --- words in columns ---------------------------------------------------------------------------------------------------

MARK = "sealed:"
FERNET = b"gAAAA"  # how everything under a Fernet key begins
SHUT = "🔒"
"""What is shown for words whose key is gone."""


def sealed_words(plain: str) -> str:
    """Words as they lie in a column: marked, under the newest key; nothing stays nothing."""
    return MARK + seal(plain.encode()).decode() if plain else plain


def plain_words(stored: str) -> str:
    """The words again. What was written before there were seals is plain, and read as it is."""
    if not stored.startswith(MARK):
        return stored
    try:
        return unseal(stored.removeprefix(MARK).encode()).decode()
    except Unreadable:
        return SHUT


def resealed_words(stored: str) -> str:
    """The same words under the newest key, sealed now if they were plain."""
    if not stored.startswith(MARK):
        return sealed_words(stored)
    return MARK + reseal(stored.removeprefix(MARK).encode()).decode()


def is_under_newest(stored: bytes) -> bool:
    """Whether the newest key opens it."""
    try:
        Fernet(keys()[0]).decrypt(stored)
    except InvalidToken:
        return False
    return True


class SealedText(TypeDecorator):
    """Words that nobody reads from the database's own bytes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return value if value is None else sealed_words(value)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return value if value is None else plain_words(value)


class SealedBytes(TypeDecorator):
    """Files that nobody reads from the database's own bytes."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Any) -> bytes | None:
        return value if value is None else seal(value)

    def process_result_value(self, value: bytes | None, dialect: Any) -> bytes | None:
        if value is None or not value.startswith(FERNET):
            return value  # written before there were seals
        try:
            return unseal(value)
        except Unreadable:
            return None


class JsonWithSeals(TypeDecorator):
    """JSON of which some values are sealed_words(); they are read plain."""

    impl = JSON
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: plain_words(held) if isinstance(held, str) else held for key, held in value.items()}
