"""The server's ballot key: a file beside the database, never in it. It signs receipts and boards."""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

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


def is_key(public_key: str) -> bool:
    """Whether 64 hex digits are a public key."""
    try:
        return bool(Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)))
    except ValueError:
        return False


def fits(public_key: str, message: bytes, signature: str) -> bool:
    """Whether the holder of the other half of this key signed the message."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True
