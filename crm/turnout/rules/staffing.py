"""A staffing plan: what was asked for, in the units in which it must be arranged."""

import re
from collections import Counter
from collections.abc import Iterable

from crm.kernel.refusal import N_, Reason
from crm.turnout.rules.words import SUPPORTS

INTERPRETERS = 2  # a language is interpreted by two in turns
_TAX_NUMBER = re.compile(r"\b\d{3}[- ]?\d{2}[- ]?\d{4}\b|\b\d{2}-\d{7}\b")
MOST_CENTS = 1_000_000


def by_words(wishes: Iterable[tuple[int, str]]) -> dict[str, int]:
    """How many for each thing that was said, like a language or a place: most first, what was not said last."""
    found: Counter[str] = Counter()
    written: dict[str, str] = {}
    for quantity, detail in wishes:
        words = " ".join(detail.split())
        key = words.casefold()
        written.setdefault(key, words)
        found[key] += quantity
    return {written[key]: count for key, count in sorted(found.items(), key=lambda one: (one[0] == "", -one[1], one[0]))}


def issues_before_helper(kind: str, name: str, places: int | None, detail: str) -> list[Reason]:
    """Every reason why somebody cannot be put on the plan."""
    issues = [] if kind in SUPPORTS else [Reason(N_("Choose what they do."), {}, "kind")]
    if not name.strip():
        issues.append(Reason(N_("Write who does it."), {}, "name"))
    if places is None or not 1 <= places <= 9999:
        issues.append(Reason(N_("Write for how many, as a number."), {}, "places"))
    return issues + issues_in_words(detail, "detail")


def issues_in_words(words: str, field: str) -> list[Reason]:
    """Tax numbers are not kept: what is not held cannot be taken."""
    if _TAX_NUMBER.search(words):
        return [Reason(N_("This looks like a tax or social security number. Plenary keeps none: leave it out."), {}, field)]
    return []


def issues_before_stipend(cents: int | None) -> list[Reason]:
    """A stipend has an amount before it can be promised or paid."""
    if cents is None or not 1 <= cents <= MOST_CENTS:
        return [Reason(N_("Write the amount in dollars, like 60."), {}, "amount")]
    return []
