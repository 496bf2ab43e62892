"""The registrar: the only place that opens its key. One key a vote, a file beside the database, never in it.

The registrar does not see what it signs, so a key of two votes would let a pass of one be used in the other. It runs in the server's own
process: whoever runs the server could sign passes for seats that asked for none (docs/sealed.md).
"""

import os
import secrets
from math import gcd
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from crm.infra.runtime import folder
from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification.rules.sealed.blind import BITS, EXPONENT, SigningKey, sign_blinded


def _path(vote_id: int) -> Path:
    return folder("registrar") / f"{vote_id}.pem"


def make_key(vote_id: int) -> str:
    """Makes the registrar's key of a vote, or finds the one that is there; returns its modulus in hex. Takes a while: outside transactions."""
    if not _path(vote_id).exists():
        made = rsa.generate_private_key(EXPONENT, BITS)
        fresh = _path(vote_id).with_suffix(f".{secrets.token_hex(4)}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        try:
            os.link(fresh, _path(vote_id))  # fails if another process was first: then its key is the key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return f"{_key(vote_id).n:0{BITS // 4}x}"


def _key(vote_id: int) -> SigningKey:
    try:
        read = load_pem_private_key(_path(vote_id).read_bytes(), None)
    except FileNotFoundError:
        raise Refused(Reason(N_("The registrar's key is not on this server. Put it back from its own copy."))) from None
    assert isinstance(read, rsa.RSAPrivateKey)
    numbers = read.private_numbers()
    return SigningKey(numbers.public_numbers.n, numbers.public_numbers.e, numbers.d)


def sign(vote_id: int, modulus: str, blinded: str) -> str:
    """The registrar's answer to a blinded request, in hex. Refuses what is no number below the modulus, or under another key than the frozen one."""
    key = _key(vote_id)
    if key.n != int(modulus, 16):
        raise Refused(Reason(N_("The registrar's key is not the one that was frozen. Put it back from its own copy.")))
    number = int(blinded, 16)
    if not 0 < number < key.n:
        raise Refused(Reason(N_("This request for a pass did not arrive whole. Load the page again.")))
    mask = secrets.randbelow(key.n - 2) + 2
    while gcd(mask, key.n) != 1:
        mask = secrets.randbelow(key.n - 2) + 2
    return f"{sign_blinded(key, number, mask):0{BITS // 4}x}"
