"""Bytes that leave the tables' plain view (exports, uploads, backups) are sealed under a ring of keys beside the database.

The ring is one Fernet key a line in `keys/seal.ring`, newest first: the first seals, all unseal. `rotate` puts a new one in front;
what was sealed before stays readable until `reseal` has brought it under the new one and the old line is taken out.
"""

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

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
    return MultiFernet([Fernet(key) for key in keys()])


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
