"""What this process was started with: settings, and the keys that lie beside the database, never in it."""

import hashlib
import hmac
import os
import threading
from pathlib import Path

from crm.settings import Settings

_settings: Settings | None = None


def start(settings: Settings) -> None:
    """Remembers the settings of this process and makes its folder, readable by its owner only."""
    global _settings
    _settings = settings
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)


def settings() -> Settings:
    """The settings of this process."""
    if _settings is None:
        raise RuntimeError("create_app has not run")
    return _settings


def folder(name: str) -> Path:
    """A folder of that name inside the instance's own."""
    path = settings().data_dir / name
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def key(name: str) -> bytes:
    """The 32-byte secret of that name, made on first use; a file of its own, so that a database dump holds no key."""
    path = settings().data_dir / "keys" / f"{name}.key"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        folder("keys")
        fresh = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(os.urandom(32))
        try:
            os.link(fresh, path)  # fails if another process or thread was first: then its key is the key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()


def keyed_hash(name: str, text: str) -> bytes:
    """HMAC-SHA256 of the text under the secret of that name."""
    return hmac.new(key(name), text.encode(), hashlib.sha256).digest()
