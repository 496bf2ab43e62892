"""A series of texts tied to the day of a thing: when each step goes, until when it makes sense, and what became of it.

A step is days from the day and an hour on the wall of the place; its moment is computed anew each time somebody asks, so that moving
the day moves the series. What is late by too much is not sent any more: a reminder after the thing would only confuse.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from crm.kernel.refusal import N_
from crm.kernel.wall import moment_on

STEP_NAMES = {
    "invite": N_("Invitation"),
    "confirm": N_("Are you still coming?"),
    "day_before": N_("The day before"),
    "morning": N_("In the morning"),
    "thank_you": N_("Thank you"),
    "missed_you": N_("We missed you"),
}
PATIENCE = timedelta(days=2)  # a text weeks before may be so late; one that says today or tomorrow may not


@dataclass(frozen=True)
class Occasion:
    """When the thing is, on the clock of its own place, and whether texts about it still make sense."""

    day: date
    time_zone: str
    starts_at: datetime | None = None
    is_announced: bool = True
    is_cancelled: bool = False


@dataclass(frozen=True)
class StepWords:
    """One text of a ready-made series: to which list, how many days from the day, at which hour there, in which words."""

    key: str
    audience: str
    days: int
    at: time
    bodies: Mapping[str, str]


def due_at(days: int, at: time, occasion: Occasion) -> datetime:
    """When a step goes."""
    return moment_on(occasion.day + timedelta(days=days), at, occasion.time_zone)


def expires_at(days: int, at: time, occasion: Occasion) -> datetime:
    """Until when it may still go: two days for what is far from the day, else its own day, and never after the beginning."""
    due = due_at(days, at, occasion)
    last = due + PATIENCE if abs(days) > 1 else moment_on(occasion.day + timedelta(days=days + 1), time(0), occasion.time_zone)
    return min(last, occasion.starts_at) if occasion.starts_at and due < occasion.starts_at else last


def state_of(days: int, at: time, occasion: Occasion, *, is_on: bool, has_gone: bool, started_at: datetime | None, now: datetime) -> str:
    """went, ended, off, passed (before the series began), expired, unannounced, due, planned, or ready while the series is off."""
    due, last = due_at(days, at, occasion), expires_at(days, at, occasion)
    checks = (
        (has_gone, "went"),
        (occasion.is_cancelled, "ended"),
        (not is_on, "off"),
        (started_at is not None and due < started_at, "passed"),
        (now >= last, "expired" if started_at else "passed"),
        (started_at is None, "passed" if due < now else "ready"),
        (now < due, "planned"),
        (not occasion.is_announced, "unannounced"),
    )
    return next((state for holds, state in checks if holds), "due")
