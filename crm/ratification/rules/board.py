"""What is frozen, hashed, signed and published: manifest, poll id, trackers, receipts, board. Bytes in, bytes out.

`verify.py` states the same formats a second time on purpose: a verifier that shared this code would share its mistakes.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

BOARD_FORMAT = "plenary-board/1"
MANIFEST_FORMAT = "plenary-manifest/1"
RECEIPT_FORMAT = "plenary-receipt/1"
SMALL_GROUP = 10  # fewer ballots than this: outcome and counts only
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U


def canonical(value: Any) -> bytes:
    """The one way to write a value down: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def roll_digest(salt: str, entries: Iterable[tuple[int, int, int | str]]) -> str:
    """The salted hash of a roll of (seat, organization, person or place on a roster).

    Shows later that nobody was exchanged, tells nobody who.
    """
    return digest({"salt": salt, "roll": sorted(list(entry) for entry in entries)})


def tracker_of(poll_id: str, plank: int, nonce: str, phrase: str) -> str:
    """The tracker of one plank of one ballot: 128 bits that bind poll, plank, ballot number and words."""
    return hashlib.sha256("\n".join((poll_id, str(plank), nonce, phrase)).encode()).digest()[:16].hex()


def receipt_message(poll_id: str, trackers: Iterable[str]) -> bytes:
    """What the server signs for a receipt; it says nothing of the choices."""
    return "\n".join((RECEIPT_FORMAT, poll_id, *trackers)).encode()


def board_message(board: dict[str, Any]) -> bytes:
    """What is signed of a board: the hash of all of it but the signatures."""
    unsigned = {key: value for key, value in board.items() if key != "signatures"}
    return f"{BOARD_FORMAT}\n{digest(unsigned)}".encode()


def write_code(number: int, letters: int, group: int = 4) -> str:
    """A number as letters and digits that are hard to misread, in groups."""
    text = "".join(_ALPHABET[number >> 5 * i & 31] for i in reversed(range(letters)))
    return "-".join(text[i : i + group] for i in range(0, letters, group))


def read_code(text: str) -> str:
    """Typed letters and digits, cleaned: O is 0, I and L are 1, anything else is dropped."""
    swapped = text.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    return "".join(c for c in swapped if c in _ALPHABET)


def code_of(tracker: str) -> str:
    """The short code that a receipt shows for a tracker: its first 50 bits, as K7QM-42XD-9H."""
    return write_code(int(tracker, 16) >> 78, 10)


def prefix_of(code: str) -> str | None:
    """The first 12 hex digits of the trackers that a typed code can mean; None when it is not a code."""
    clean = read_code(code)
    if len(clean) != 10:
        return None
    number = 0
    for letter in clean:
        number = number << 5 | _ALPHABET.index(letter)
    return f"{number >> 2:012x}"


def number_of(nonce: str) -> str:
    """The ballot number as the receipt prints it."""
    return write_code(int(nonce, 16), 26)


def nonce_of(number: str) -> str | None:
    """The nonce behind a typed ballot number; None when it is not one."""
    clean = read_code(number)
    if len(clean) != 26:
        return None
    value = 0
    for letter in clean:
        value = value << 5 | _ALPHABET.index(letter)
    return f"{value:032x}" if value < 1 << 128 else None


def is_nonce(text: str) -> bool:
    """Whether a hidden field holds 128 bits in lower-case hex."""
    return len(text) == 32 and all(c in "0123456789abcdef" for c in text)
