"""How This week reads what the rooms tell it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

LATE_ANSWER = timedelta(hours=24)


@dataclass(frozen=True)
class Turnout:
    """The thermometer's numbers. A partner measures itself against its own promise, the convener against the goal."""

    goal: int
    is_own_promise: bool
    expected: int

    @property
    def short(self) -> int:
        return max(self.goal - self.expected, 0)


def measure(goal: int, pledged: int, expected: int, is_convener: bool) -> Turnout:
    """What the forecast is held against."""
    if is_convener or not pledged:
        return Turnout(goal, False, expected)
    return Turnout(pledged, True, expected)


def week_of(today: date) -> tuple[date, date]:
    """Monday and Sunday of the week."""
    monday = today - timedelta(days=today.weekday())
    return monday, monday + timedelta(days=6)


def is_late_answer(written_at: datetime, now: datetime) -> bool:
    """Whether a member has waited a day for an answer."""
    return now - written_at >= LATE_ANSWER


def first_steps(has_people: bool, has_assembly: bool, has_sender: bool) -> list[tuple[str, bool]]:
    """What a new organization does first, in order, and whether it is done."""
    return [("people", has_people), ("assembly", has_assembly), ("sender", has_sender)]
