"""Personal names: folded for search, split when they came in one cell, shortened to initials."""

import unicodedata

from nameparser import HumanName


def fold(text: str) -> str:
    """Lower case without accents (NFKD, casefold), so that search finds Sánchez by sanchez on every database."""
    if text.isascii():
        return text.lower().strip()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold().strip()


def split_name(text: str) -> tuple[str, str]:
    """(given, family) of a name that came in one cell: "Last, First", particles and suffixes understood."""
    name = HumanName(" ".join(text.split()))
    given = " ".join(part for part in (name.first, name.middle) if part)
    family = " ".join(part for part in (name.last, name.suffix) if part)
    if text.isupper() or text.islower():
        name.capitalize(force=True)
        given = " ".join(part for part in (name.first, name.middle) if part)
        family = " ".join(part for part in (name.last, name.suffix) if part)
    return given, family


def initials(name: str) -> str:
    """First letters of the first and last word, in capitals."""
    words = [w for w in name.split() if w[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
