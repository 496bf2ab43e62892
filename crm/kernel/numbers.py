"""Numbers as they arrive in addresses and fields, where anyone may write anything."""

from fractions import Fraction

LARGEST = 2**63 - 1


def read_id(text: str | None) -> int | None:
    """The id that `text` spells in plain digits; None for anything that cannot be one."""
    plain = text or ""
    if not (plain.isascii() and plain.isdigit() and len(plain) < 20):
        return None
    return int(plain) if int(plain) <= LARGEST else None


def read_share(text: str) -> Fraction | None:
    """A share as people write it: 2/3, 50 %, 0.6; None when it is none between 0 and 1."""
    words = text.strip().replace(" ", "")
    try:
        share = Fraction(words[:-1]) / 100 if words.endswith("%") else Fraction(words)
    except (ValueError, ZeroDivisionError):
        return None
    return share if 0 <= share <= 1 else None
