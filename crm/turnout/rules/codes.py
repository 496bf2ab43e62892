"""Short codes of door passes: shown as QR, read aloud, typed, and never confused with a name."""

import re

from crm.kernel.names import fold, short_name, split_name
from crm.kernel.numbers import read_id
from crm.kernel.refusal import N_, Reason

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_ALIKE = str.maketrans("OILU", "011V")
QR_PREFIX = "PLENARY:"


def _check(body: str) -> str:
    return ALPHABET[sum((place + 1) * ALPHABET.index(c) for place, c in enumerate(body)) % 31]


def code_of(number: int) -> str:
    """A 40-bit number as eight letters and a check letter."""
    body = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(8))
    return body + _check(body)


def show_code(code: str) -> str:
    """K7Q-X29-PM4: in threes, as it is read aloud."""
    return "-".join(code[i : i + 3] for i in range(0, len(code), 3))


def read_code(text: str) -> str | Reason:
    """The code in what a camera read or a hand typed: any case, with or without dashes, O for 0 and I for 1."""
    plain = text.strip().upper().removeprefix(QR_PREFIX)
    plain = "".join(c for c in plain if c.isalnum()).translate(_ALIKE)
    if len(plain) != 9 or any(c not in ALPHABET for c in plain):
        return Reason(N_("A code has 9 letters and digits, like K7Q-X29-PM4."), {}, "q")
    if _check(plain[:8]) != plain[8]:
        return Reason(N_("This code has a typing mistake. Look again, or search by name."), {}, "q")
    return plain


def looks_like_code(text: str) -> bool:
    """Whether a search is a code rather than a name: nine signs with a digit among them or in threes, or the printed prefix."""
    plain = text.strip().upper()
    signs = [c for c in plain if c.isalnum()]
    is_in_threes = [len(part) for part in re.split(r"[-\s]+", plain)] == [3, 3, 3]
    return plain.startswith(QR_PREFIX) or (len(signs) == 9 and (is_in_threes or any(c.isdigit() for c in signs)))


SEAT = "SEAT:"
"""Before the number of a place on the roster, where a tablet names it without signal."""


def seat_in(text: str) -> int | None:
    """The place that a tablet's tap names, if it names one by its number."""
    return read_id(text.removeprefix(SEAT)) if text.startswith(SEAT) else None


def door_seat(shown: str) -> str:
    """How the door shows a place without a record: a code, which is one word or has digits, as it stands; a name as first name and initial."""
    is_code = len(shown.split()) < 2 or any(c.isdigit() for c in shown)
    return shown[:80] if is_code else short_name(*split_name(shown))[:80] or "?"


def squeeze(text: str) -> str:
    """A seat's code as it is compared: any case, without accents, spaces and dashes, nor what a QR code has before it."""
    return re.sub(r"[\s\-\u2010-\u2015]+", "", fold(text).removeprefix(QR_PREFIX.lower()))


def is_seat_found(typed: str, shown: str) -> bool:
    """Whether a search finds a place without a record: by how its code begins, or with each typed word at the beginning of a word of the name."""
    words, parts = fold(shown).split(), search_words(typed)
    return bool(parts and squeeze(typed)) and (
        squeeze(shown).startswith(squeeze(typed)) or all(any(word.startswith(part) for word in words) for part in parts))


def search_words(text: str) -> list[str]:
    """The folded words of a search at the door, at most four."""
    return fold(text).replace("%", " ").replace("_", " ").split()[:4]
