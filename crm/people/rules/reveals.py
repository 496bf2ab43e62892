"""How many people whoever sees masked numbers may open in an hour and a day, and when administrators are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from crm.kernel.refusal import N_, Reason

MOST_A_DAY = 40
MOST_AN_HOUR = 30
MOST_NUMBERS = 100
"""Different phone numbers in any twenty-four hours: what one stolen sign-in can take at the most."""
HOUR, ROLLING, AT_ONCE = timedelta(hours=1), timedelta(hours=24), timedelta(minutes=5)
NEAR = 0.8
HASTE = 12
"""More people than anybody calls in five minutes."""
UNUSUAL, FROM = 3, 15
"""So many times what is usual for this colleague, and at least so many."""
VEILED = frozenset({"street", "postal_code", "addresses", "household"})
"""Fields, columns and facts that stay closed to them: where a person lives."""


@dataclass(frozen=True)
class Opened:
    """What one colleague opened: people since midnight, in the last hour and five minutes; numbers in twenty-four hours."""

    today: int = 0
    this_hour: int = 0
    just_now: int = 0
    numbers: int = 0
    hour_began: datetime | None = None  # the first opening of the last hour


@dataclass(frozen=True)
class Limits:
    """How much one colleague may open."""

    a_day: int = MOST_A_DAY
    an_hour: int = MOST_AN_HOUR


def may_reveal(opened: Opened, more_numbers: int, limits: Limits, now: datetime) -> Reason | None:
    """Whether one more person, who brings so many new numbers, may be opened."""
    if opened.today >= limits.a_day:
        return Reason(N_("You opened %(n)s people today, which is the most for one day. Tomorrow you can go on, or ask a lead organizer."), {"n": opened.today})
    if opened.this_hour >= limits.an_hour:
        wait = HOUR - (now - opened.hour_began) if opened.hour_began else HOUR
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        words = N_("You opened %(n)s people in this hour, which is the most. In %(minutes)s minutes you can go on, or ask a lead organizer.")
        return Reason(words, {"n": opened.this_hour, "minutes": minutes})
    if more_numbers and opened.numbers + more_numbers > MOST_NUMBERS:
        words = N_("You opened %(n)s numbers in twenty-four hours, which is the most. Tomorrow you can go on, or ask a lead organizer.")
        return Reason(words, {"n": opened.numbers})
    return None


ALARMS = {
    "haste": N_("%(n)s people in five minutes, faster than anybody calls"),
    "hour": N_("%(n)s people in an hour, near the most that is allowed"),
    "day": N_("%(n)s people in a day, near the most that is allowed"),
    "numbers": N_("%(n)s different numbers in twenty-four hours, near the most that is allowed"),
    "unusual": N_("%(n)s people today, far more than is usual for them"),
}


def alarms(opened: Opened, limits: Limits, usual: Sequence[int]) -> dict[str, int]:
    """Why administrators should look, with the number each is about. `usual` are how many were opened on earlier days with any."""
    unusual = max(FROM, UNUSUAL * median(usual)) if len(usual) >= 3 else None
    crossed = {
        "haste": (opened.just_now, HASTE),
        "hour": (opened.this_hour, NEAR * limits.an_hour),
        "day": (opened.today, NEAR * limits.a_day),
        "numbers": (opened.numbers, NEAR * MOST_NUMBERS),
        "unusual": (opened.today, unusual),
    }
    return {why: n for why, (n, least) in crossed.items() if least is not None and n >= least}
