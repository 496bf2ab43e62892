"""Asks: how somebody was asked, what came of it, and whom to ask next."""

from collections.abc import Mapping
from datetime import timedelta

from crm.kernel.refusal import N_, Reason

WAYS = {"call": N_("By phone"), "text": N_("By text"), "door": N_("At their door"), "in_person": N_("In person")}
OUTCOMES = {
    "sent": N_("Sent, no answer yet"),
    "yes": N_("Said yes"),
    "maybe": N_("Maybe"),
    "no": N_("Can't come"),
    "confirmed": N_("Confirmed"),
    "no_answer": N_("No answer"),
    "left_message": N_("Left a message"),
    "wrong_number": N_("Wrong number"),
}
UNHEARD = ("no_answer", "left_message", "wrong_number")
ANSWER_OF = {"yes": "yes", "confirmed": "confirm", "maybe": "maybe", "no": "no"}

# Whom to ask next: hundredths of a person that one more ask may add, from the default show rates. A yes that confirms comes
# 27 points more often; four of ten maybes and two of ten silent people say yes, and half of those come.
ADDS = {"yes": 27, "maybe": 22, "invited": 11, "confirmed": 6}
AFTER_TRIES = {0: 100, 1: 60, 2: 36}  # percent that are left of it after so many tries that reached nobody
AFTER_MANY = 20
CAME_BEFORE = 150  # percent: whoever came to an earlier assembly comes more often
REST = timedelta(hours=20)  # nobody is called twice on one day
CONFIRM_AGAIN_AFTER = timedelta(days=5)  # a confirmation that is old ...
CONFIRM_AGAIN_WITHIN = 3  # ... is worth another in the last days

HOW_NEEDED = N_("Say how they were asked.")


def outcome_after(word: str | None, state: str) -> str | None:
    """What an ask came to when its answer moved an RSVP to that state; None when it settled nothing."""
    if word is None:
        return None
    return {"yes": "yes", "confirmed": "confirmed", "maybe": "maybe", "no": "no", "cancelled": "no"}.get(state)


def issues_before_goal(kind: str, name: str, target: int | None, kinds: Mapping[str, str]) -> list[Reason]:
    """Every reason why a goal cannot be set."""
    issues = []
    if kind not in kinds:
        issues.append(Reason(N_("Choose whose goal it is."), {}, "kind"))
    if kind in ("unit", "organizer") and not name.strip():
        issues.append(Reason(N_("Write the name of the unit or organizer."), {}, "name"))
    if target is None or not 1 <= target <= 100_000:
        issues.append(Reason(N_("Write the goal as a number, like 40."), {}, "target"))
    return issues


GOAL_KINDS = {"organization": N_("An organization"), "unit": N_("A unit of ours: a building, a neighborhood"), "organizer": N_("An organizer of ours")}
