"""Answers owed: what state a recommendation is in, and what is wrong with one, its response, its milestones and its ratings."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from crm.kernel.refusal import N_, Reason

VERDICTS = {
    "accepted": N_("Accepted in full"),
    "partly": N_("Accepted in part"),
    "under_study": N_("Under study"),
    "rejected": N_("Rejected"),
}
STATUSES = VERDICTS | {"waiting": N_("Waiting for an answer"), "overdue": N_("No answer: overdue"), "draft": N_("Not handed over")}
MARKS = {
    "accepted": ("yes", "yes"), "partly": ("wait", "wait"), "under_study": ("wait", "off"), "rejected": ("no", "no"), "waiting": ("off", "off"),
    "overdue": ("no", "late"), "draft": ("off", "dash"),
}  # fmt: skip
"""Colour and shape of each status."""
REASONED, FINAL = ("partly", "rejected"), ("accepted", "partly", "rejected")
KINDS = {"body": N_("A body: council, agency, department"), "official": N_("An official: mayor, commissioner, member")}
STEPS = {"planned": N_("Planned"), "under_way": N_("Under way"), "done": N_("Done"), "dropped": N_("Dropped")}
STEP_MARKS = {"planned": ("off", "off"), "under_way": ("wait", "wait"), "done": ("yes", "yes"), "dropped": ("off", "dash")}
LONGEST, LONGEST_NAME, MOST = 4000, 120, 1_000_000


def status_of(delivered_on: date | None, due_on: date, verdict: str, today: date) -> str:
    """Where a recommendation stands. Study is no answer: past its day it is overdue like silence."""
    if delivered_on is None:
        return "draft"
    if verdict not in FINAL and due_on < today:
        return "overdue"
    return verdict or "waiting"


def is_late(state: str, due_on: date, today: date) -> bool:
    """Whether a milestone is past its day and neither done nor dropped."""
    return state in ("planned", "under_way") and due_on < today


def scores(statuses: Iterable[str]) -> list[tuple[str, int]]:
    """How many stand where, in the order of pages; what nobody has is left out, and so is what is not handed over."""
    found = Counter(statuses)
    return [(name, found[name]) for name in ("accepted", "partly", "under_study", "rejected", "waiting", "overdue") if found[name]]


def issues_in_recommendation(typed: Mapping[str, Any], today: date) -> list[Reason]:
    """What is wrong with a recommendation as it was typed."""
    issues = [] if any(typed["title"].values()) else [Reason(N_("Write what you recommend, in one language at least."), {}, "title_en")]
    return issues + issues_in_handing_over(typed["target"], typed["delivered_on"], typed["due_on"], today)


def issues_in_handing_over(target: str, delivered_on: date | None, due_on: date | None, today: date) -> list[Reason]:
    """What is wrong with to whom, when, and by when; not handed over yet is fine."""
    issues = []
    if not target:
        issues.append(Reason(N_("Write who is to act: a body or an official."), {}, "target"))
    if delivered_on and delivered_on > today:
        issues.append(Reason(N_("It cannot have been handed over after today. Leave the day empty until it is."), {}, "delivered_on"))
    if due_on is None or due_on < (delivered_on or today):
        issues.append(Reason(N_("Choose the day by which the answer is owed, not before it is handed over."), {}, "due_on"))
    return issues


def issues_in_feedback(said_by: str, words: str, delivered_on: date | None) -> list[Reason]:
    """What is wrong with what staff said of a draft: it comes before the handing over, so that the words can still change."""
    issues = [Reason(N_("It was handed over: what they say now is their answer."))] if delivered_on else []
    if not said_by:
        issues.append(Reason(N_("Write who said it: an office, or a name and an office."), {}, "said_by"))
    return issues if words else [*issues, Reason(N_("Write what they said."), {}, "words")]


def issues_in_answer(typed: Mapping[str, Any], delivered_on: date | None, today: date) -> list[Reason]:
    """What is wrong with an official response; a refusal, whole or in part, gives its reason."""
    issues, on = [], typed["answered_on"]
    if delivered_on is None:
        issues.append(Reason(N_("It was not handed over yet, so nobody can have answered.")))
    if typed["verdict"] not in VERDICTS:
        issues.append(Reason(N_("Choose what they answered."), {}, "verdict"))
    if typed["verdict"] in REASONED and not typed["reason"]:
        issues.append(Reason(N_("Write their reason. If they gave none, write that they gave none."), {}, "reason"))
    if not typed["answered_by"]:
        issues.append(Reason(N_("Write who answered, by name or by office."), {}, "answered_by"))
    if on is None or on > today or delivered_on and on < delivered_on:
        issues.append(Reason(N_("Choose the day of the answer: after it was handed over, and not after today."), {}, "answered_on"))
    return issues


def may_take_delivery_back(delivered_on: date | None, verdict: str, is_duty: bool, today: date) -> bool:
    """Whether a handing over can be undone: on its own day, before any answer, and never that of a duty."""
    return delivered_on == today and not verdict and not is_duty


def issues_in_milestone(title: str, due_on: date | None) -> list[Reason]:
    """What is wrong with a milestone."""
    issues = [] if title else [Reason(N_("Write what will have happened."), {}, "title")]
    return issues if due_on else [*issues, Reason(N_("Choose the day by which it should have happened."), {}, "due_on")]


def issues_in_ratings(counts: Mapping[int, tuple[int | None, ...]]) -> list[Reason]:
    """What is wrong with ratings: each recommendation has three whole numbers, or none at all."""
    wrong = [row for row in counts.values() if any(n is not None for n in row) and not all(n is not None and 0 <= n <= MOST for n in row)]
    return [Reason(N_("Write three whole numbers for each recommendation that was rated, 0 where nobody said so."))] if wrong else []
