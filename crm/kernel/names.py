"""Personal names: folded for search, split when they came in one cell, shortened to initials."""

import unicodedata

from nameparser import HumanName
from nameparser.config import CONSTANTS

_TELLING = {str(word) for part in ("titles", "first_name_titles", "prefixes", "suffix_acronyms", "suffix_not_acronyms", "conjunctions")
            for word in getattr(CONSTANTS, part)}
"""Words that change what the others are: titles, particles, suffixes."""


def fold(text: str) -> str:
    """Lower case without accents (NFKD, casefold), so that search finds Sánchez by sanchez on every database."""
    if text.isascii():
        return text.lower().strip()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold().strip()


def split_name(text: str) -> tuple[str, str]:
    """(given, family) of a name that came in one cell: "Last, First", particles and suffixes understood."""
    words = text.split()
    if len(words) == 2 and all(word.isalpha() and word.lower() not in _TELLING for word in words):
        # Two plain words need no grammar, which takes a hundred times longer.
        given, family = (word.capitalize() for word in words) if text.isupper() or text.islower() else words
        return given, family
    name = HumanName(" ".join(text.split()))
    given = " ".join(part for part in (name.first, name.middle) if part)
    family = " ".join(part for part in (name.last, name.suffix) if part)
    if text.isupper() or text.islower():
        name.capitalize(force=True)
        given = " ".join(part for part in (name.first, name.middle) if part)
        family = " ".join(part for part in (name.last, name.suffix) if part)
    return given, family


def short_name(given: str, family: str) -> str:
    """First name and one initial: what a door, a partner, a volunteer or a reader sees of a person."""
    return " ".join(filter(None, [*given.split()[:1], *(f"{word[0].upper()}." for word in family.split()[:1])]))


def initials(name: str) -> str:
    """First letters of the first and last word, in capitals."""
    words = [w for w in name.split() if w[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
