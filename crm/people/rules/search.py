"""Typed search: how words are kept, what a search asks of them, and when a word that is nowhere is near enough to one that is.

Both databases find by three letters in a row (trigrams), wherever in a word they stand; two letters find words that begin so.
"""

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

from crm.kernel.names import fold

MOST_TERMS, LONGEST = 6, 40
NOTE_KEPT = 2000  # letters of a note


def words_of(names: Iterable[str], others: Iterable[str]) -> tuple[str, str]:
    """(names, words) as they are kept: folded, a space before and after each word, so that beginnings can be found."""
    named = " ".join(" ".join(map(fold, names)).split())
    rest = " ".join(" ".join(fold(text[:NOTE_KEPT]) for text in others).split())
    return f" {named} ", f" {named} {rest} " if rest else f" {named} "


def read_search(text: str) -> list[str]:
    """The terms of what was typed: its words folded, or, where there are only digits and what stands between them, one number."""
    digits = "".join(c for c in text if c.isdigit())
    if len(digits) >= 4 and not any(c.isalpha() for c in text):
        return [digits[:LONGEST]]
    terms = [term[:LONGEST] for term in fold(text.replace(",", " ")).split()]
    return list(dict.fromkeys(terms))[:MOST_TERMS]


def pattern(term: str) -> str | None:
    """What must stand in the words: the term itself, or the beginning of a word if it has two letters. One letter finds nothing."""
    return term if len(term) > 2 else f" {term}" if len(term) == 2 else None


def pieces(term: str) -> list[str]:
    """Parts of which one stands unharmed in a word that differs from the term by one slip.

    A letter too many, missing or wrong cannot harm two parts that do not overlap (pigeonhole; Navarro 2001, A Guided Tour to
    Approximate String Matching, 5.3), so terms of six letters are always found; two changed about in the very middle of six
    harm both halves, and are not. Terms of four and five have only their ends.
    """
    if len(term) < 4:
        return []
    size = max(3, len(term) // (slips(term) + 1))
    starts = {*range(0, len(term) - size + 1, size), len(term) - size}
    return sorted({term[start : start + size] for start in starts})


def slips(term: str) -> int:
    """How many letters may be wrong, missing, too many or changed about."""
    return 0 if len(term) < 4 else 1 if len(term) < 8 else 2


def is_like(term: str, words: Sequence[str]) -> bool:
    """Whether one of the words, or the beginning of one, is the term with few slips; numbers must be exact."""
    allowed = slips(term)
    if any(c.isdigit() for c in term):
        return any(term in word for word in words)
    return any(
        OSA.distance(term, part, score_cutoff=allowed) <= allowed
        for word in words for part in ((word, word[: len(term)]) if len(word) > len(term) else (word,))
    )
