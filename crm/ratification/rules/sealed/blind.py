"""The registrar's blind signature: RSABSSA-SHA384-PSS-Deterministic of RFC 9474. Numbers in, numbers out.

The registrar sees a number that says nothing of the message; what the member makes of the answer is an ordinary RSA-PSS signature.
Python's pow() does not run in constant time, so the registrar multiplies by a random number first (`mask`) and checks what it made.
"""

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

BITS = 2048
EXPONENT = 65537
SALT = 48


@dataclass(frozen=True)
class SigningKey:
    """The numbers of the registrar's private key."""

    n: int
    e: int
    d: int


def sign_blinded(key: SigningKey, blinded: int, mask: int) -> int:
    """BlindSign: the signature of a number between 0 and n. `mask` is random and prime to n."""
    if not 0 < blinded < key.n:
        raise ValueError("a blinded message lies between 0 and the modulus")
    hidden = blinded * pow(mask, key.e, key.n) % key.n
    answer = pow(hidden, key.d, key.n) * pow(mask, -1, key.n) % key.n
    if pow(answer, key.e, key.n) != blinded:
        raise ArithmeticError("the signature that was made does not fit")
    return answer


def is_signed(modulus: str, message: bytes, signature: str) -> bool:
    """Whether the registrar of that modulus (hex) signed the message."""
    key = rsa.RSAPublicNumbers(EXPONENT, int(modulus, 16)).public_key()
    try:
        key.verify(bytes.fromhex(signature), message, padding.PSS(padding.MGF1(hashes.SHA384()), SALT), hashes.SHA384())
    except (InvalidSignature, ValueError):
        return False
    return True
