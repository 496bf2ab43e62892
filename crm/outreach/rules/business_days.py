"""Business days of the United States: an opt-out that did not come by text is honored within ten of them.

47 CFR 64.1200(a)(10). Days that are neither Saturday, Sunday nor a federal holiday (5 U.S.C. 6103) as it is observed:
one that falls on a Saturday on the Friday before, one on a Sunday on the Monday after.
"""

from datetime import date, timedelta
from functools import lru_cache

DAYS_TO_HONOR = 10
_FIXED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
_MONDAYS = ((1, 3), (2, 3), (9, 1), (10, 2))  # month, which Monday: King, Washington, Labor, Columbus
MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6


@lru_cache(maxsize=64)
def federal_holidays(year: int) -> frozenset[date]:
    """The days of a year on which federal holidays are observed; the first of next January may be observed in this one."""
    found = {_nth(year, month, MONDAY, n) for month, n in _MONDAYS}
    found |= {_nth(year, 11, THURSDAY, 4), _last_monday_of_may(year)}
    found |= {_observed(date(year, month, day)) for month, day in _FIXED}
    found.add(_observed(date(year + 1, 1, 1)))
    return frozenset(day for day in found if day.year == year)


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())


def _observed(day: date) -> date:
    return day + timedelta(days={SATURDAY: -1, SUNDAY: 1}.get(day.weekday(), 0))


def is_business_day(day: date) -> bool:
    """Whether offices are open."""
    return day.weekday() < SATURDAY and day not in federal_holidays(day.year)


def add_business_days(day: date, count: int) -> date:
    """The day that many business days later; the day itself does not count."""
    while count:
        day += timedelta(days=1)
        count -= is_business_day(day)
    return day


def honor_by(received_on: date) -> date:
    """The last day on which an opt-out that reached us that day may be honored."""
    return add_business_days(received_on, DAYS_TO_HONOR)


def business_days_until(today: date, day: date) -> int:
    """How many business days are left until a day; below zero when it is over."""
    step = 1 if day >= today else -1
    first, last = min(today, day), max(today, day)
    return step * sum(is_business_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
