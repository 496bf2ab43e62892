"""The server's ballot key: a file beside the database, never in it. It signs receipts and boards."""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crm.infra.runtime import key


def _private() -> Ed25519PrivateKey:
    return _read(key("ballots"))


@lru_cache(maxsize=1)  # every receipt is signed with it
def _read(secret: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(secret)


def public_key() -> str:
    """The public half, in hex; frozen in every manifest."""
    return _private().public_key().public_bytes_raw().hex()


def sign(message: bytes) -> str:
    """An Ed25519 signature in hex; the same message gives the same signature."""
    return _private().sign(message).hex()
