"""Answers and the states they lead to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crm.kernel.names import short_name
from crm.kernel.refusal import N_, Reason, Refusal
from crm.turnout.rules.staffing import issues_in_words
from crm.turnout.rules.words import SUPPORTS

MOST_GUESTS = 20
ASKED_AGAIN = timedelta(hours=12)
# state → word heard → next state. A word that is missing leaves the state as it is.
_NEXT = {
    "invited": {"yes": "yes", "maybe": "maybe", "no": "no", "confirm": "confirmed"},
    "maybe": {"yes": "yes", "no": "no", "confirm": "confirmed"},
    "yes": {"maybe": "maybe", "no": "cancelled", "confirm": "confirmed"},
    "confirmed": {"maybe": "maybe", "no": "cancelled"},
    "no": {"yes": "yes", "maybe": "maybe", "confirm": "confirmed"},
    "cancelled": {"yes": "yes", "maybe": "maybe", "confirm": "confirmed"},
}


@dataclass(frozen=True)
class Answer:
    """What a person said about one assembly: a word (yes, maybe, no, confirm or none), guests, and supports by kind."""

    word: str | None = None
    guests: int | None = None
    supports: dict[str, int] = field(default_factory=dict)
    detail: str = ""
    details: dict[str, str] = field(default_factory=dict)  # by kind of support: where from, which language, which ages
    children: dict[str, int] | None = None  # for childcare, by age group; none where the form did not ask
    hours: list[list[int]] | None = None  # for childcare (rules.childcare); none leaves what was said, an empty list takes it back


# What must be known of a support before anybody can plan it, asked in this order.
ASKS = {
    "ride": N_("Where should the ride pick you up?"),
    "interpretation": N_("Which language do you need?"),
    "childcare": N_("How many children, and how old?"),
}
HOURS = "childcare_hours"
ASKS_HOURS = N_("When do you need childcare? Answer with hours, like 10 to 12, or with: all day.")
ASKED = {**ASKS, HOURS: ASKS_HOURS}


def next_need(asked: Mapping[str, str]) -> str | None:
    """Of the supports asked for (with what is known of each), the one about which we must ask next."""
    return next((kind for kind in ASKED if kind in asked and not asked[kind].strip()), None)


def next_rsvp(state: str, word: str | None) -> str:
    """The state after a word. Yes after confirmed stays confirmed; a yes taken back is cancelled, never plain no."""
    return _NEXT[state].get(word, state)


def heard_word(state: str, answered_at: datetime | None, word: str | None, now: datetime) -> str | None:
    """A yes said again half a day or more after the first is a confirmation: nobody says it twice unasked."""
    if word == "yes" and state == "yes" and answered_at is not None and now - answered_at >= ASKED_AGAIN:
        return "confirm"
    return word


def may_answer(assembly_state: str) -> Refusal | None:
    """Answers are taken until the assembly is over or cancelled."""
    if assembly_state in ("finished", "cancelled"):
        return Refusal([Reason(N_("This assembly is over. Answers are no longer taken."))])
    return None


def issues_before_answer(answer: Answer) -> list[Reason]:
    """Every reason why an answer cannot be taken down."""
    issues = []
    if answer.guests is not None and not 0 <= answer.guests <= MOST_GUESTS:
        issues.append(Reason(N_("Write the guests as a number from 0 to %(n)s."), {"n": MOST_GUESTS}, "guests"))
    for kind, quantity in answer.supports.items():
        if kind not in SUPPORTS:
            issues.append(Reason(N_("%(kind)s is not a support we know."), {"kind": kind}, "supports"))
        elif not 0 <= quantity <= 99:
            issues.append(Reason(N_("Write how many as a number from 0 to 99."), {}, kind))
    if answer.hours and "childcare" not in answer.supports:
        issues.append(Reason(N_("Write how many children come at the hours that you ticked."), {}, "children_baby"))
    for place, words in (("detail", answer.detail), *((f"{kind}_detail", words) for kind, words in answer.details.items())):
        issues += issues_in_words(words, place)
    return issues


def thanks(state: str, guests: int, has_supports: bool, title: str, when: str) -> Reason | None:
    """The short answer to an answer, in words that never invite YES as consent."""
    params = {"title": title, "when": when, "n": guests + 1}
    if state == "confirmed":
        return Reason(
            N_("Thank you, you are confirmed for %(title)s, %(when)s. We will look for you at the door."), params
        )
    if state == "yes" and guests and has_supports:
        return Reason(
            N_("Thank you. We have %(n)s of you down for %(title)s, %(when)s, and we noted what you need."), params
        )
    if state == "yes" and guests:
        return Reason(N_("Thank you. We have %(n)s of you down for %(title)s, %(when)s."), params)
    if state == "yes" and has_supports:
        return Reason(N_("Thank you. See you at %(title)s, %(when)s. We noted what you need."), params)
    if state == "yes":
        return Reason(N_("Thank you. See you at %(title)s, %(when)s."), params)
    if has_supports:
        return Reason(N_("Thank you, we noted what you need for %(title)s, %(when)s."), params)
    if state == "maybe":
        return Reason(
            N_("Thank you. We have you down as maybe for %(title)s, %(when)s. Text us when you know."), params
        )
    if state in ("no", "cancelled"):
        return Reason(N_("Thank you for telling us. We will miss you at %(title)s."), params)
    return None


def door_name(given: str, family: str) -> str:
    """All that a door or a partner ever sees of a person."""
    return short_name(given, family) or "?"
