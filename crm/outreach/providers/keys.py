"""The key in a status callback's address: organization, text and attempt, sealed, so that the scope is our own word."""

import base64
import hmac
from functools import lru_cache
from pathlib import Path

from crm.infra.runtime import key, settings


def status_key(org_id: int, text_id: int, attempt: int) -> str:
    """The sealed key of one attempt."""
    plain = f"{org_id:x}-{text_id:x}-{attempt:x}"
    return f"{plain}-{_seal(plain)}"


def read_status_key(key: str) -> tuple[int, int, int] | None:
    """(organization, text, attempt) of a key that we sealed; None for any other."""
    plain, _, seal = key.rpartition("-")
    if not seal.isascii() or not hmac.compare_digest(seal, _seal(plain)):
        return None
    org_id, text_id, attempt = (int(part, 16) for part in plain.split("-"))
    return org_id, text_id, attempt


def _seal(plain: str) -> str:
    sealed = hmac.digest(_secret(settings().data_dir), plain.encode(), "sha256")
    return base64.b32encode(sealed[:15]).decode().lower()


@lru_cache(maxsize=1)
def _secret(_folder: Path) -> bytes:
    """Read once: a text that leaves does not wait for a file."""
    return key("hooks")
