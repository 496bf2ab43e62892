"""Declared residence as the rule of a roll: who lives in a place says so, and that is all that is asked. Pure.

A town meeting asks for residence, not for papers: what is kept is the words, the day and the person's record, as long as a seat can be challenged.
A declaration by a person's own link counts like one at the desk, until the organization challenges it: nobody loses a vote because nobody looked.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from crm.kernel.refusal import N_, Reason

KEEP_DAYS, MOST_DAYS = 30, 90
UNASKED_DAYS = 365  # where no vote has asked for it
LINK_LIFE = timedelta(days=30)
COUNTING = ("declared", "accepted")
STATES = {
    "asked": N_("Asked, no answer yet"),
    "declared": N_("Declared by their link"),
    "accepted": N_("Accepted"),
    "challenged": N_("Challenged"),
}
ASKING = {
    "en": "Do you live in {place}? Say so on your own page, and you may vote with its residents: {link}",
    "es": "¿Vive usted en {place}? Declárelo en su propia página y podrá votar con sus residentes: {link}",
}


def issues_in_place(name: Mapping[str, str], wording: Mapping[str, str], keep_days: int) -> list[Reason]:
    """Everything that is wrong with a place."""
    issues = []
    if not name.get("en"):
        issues.append(Reason(N_("Write the name of the place in English."), field="name_en"))
    if not wording.get("en"):
        issues.append(Reason(N_("Write the words by which somebody declares to live there."), field="wording_en"))
    if not 1 <= keep_days <= MOST_DAYS:
        issues.append(Reason(N_("Keep declarations from 1 to %(n)s days after a vote, as long as a seat can be challenged."), {"n": MOST_DAYS}, "keep_days"))
    return issues


def issues_in_judging(state: str, answer: str, reason: str) -> list[Reason]:
    """What stands against accepting or challenging a declaration."""
    issues = []
    if state == "asked":
        issues.append(Reason(N_("They have not declared it yet.")))
    if answer not in ("accepted", "challenged"):
        issues.append(Reason(N_("Accept the declaration, or challenge it.")))
    if answer == "challenged" and not reason:
        issues.append(Reason(N_("Write why it is challenged: they read it on their own page."), field="reason"))
    return issues


def group_name(place: Mapping[str, str]) -> dict[str, str]:
    """What the electorate is called."""
    return {tag: {"en": "Residents of {}", "es": "Residentes de {}"}[tag].format(name) for tag, name in place.items()}


def gone_by(declared_on: date, asked: list[date | None], keep_days: int) -> date | None:
    """The day from which a declaration goes; None while a vote that asks for it is not counted. `asked`: when each vote that asks for it was closed."""
    if None in asked:
        return None
    after = [day for day in asked if day is not None and day >= declared_on]
    return max(after) + timedelta(days=keep_days) if after else declared_on + timedelta(days=UNASKED_DAYS)


def residence_in_words(residence: Mapping[str, Any]) -> tuple[Reason, ...]:
    """The rule of a roll of residents as sentences; the words of the declaration in each language that has them."""
    words = "” / “".join(dict.fromkeys(residence["wording"].values()))
    return (
        Reason(N_("On the roll: whoever declared in these words, before it was built: “%(words)s”"), {"words": words}),
        Reason(N_("A declaration that the organization of that person challenged gives no seat.")),
        Reason(N_("The declarations are deleted %(n)s days after the close."), {"n": residence["keep_days"]}),
    )
