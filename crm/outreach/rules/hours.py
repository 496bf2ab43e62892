"""Quiet hours: a text goes out in the hours that are right where the person is (laws.py says which; by default 09-20, Sundays 12-20).

Where a person is may be uncertain (address, what they told us, area code), so the hour must be right in all of
these zones at once: the intersection of their windows. Windows are kept as wall time and turned into UTC per day,
so that both days on which clocks change come out right.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from crm.outreach.rules.laws import OWN, Week

WEEKDAY_HOURS, SUNDAY_HOURS = OWN.week[0], OWN.week[6]
HORIZON_DAYS = 4  # Two windows of one zone are never further apart: no law closes two days on end.
LONGEST_VALIDITY = 36_000  # Twilio's own limit for ValidityPeriod, in seconds
SHORTEST_VALIDITY = 60

Span = tuple[datetime, datetime]


@lru_cache(maxsize=8192)
def window(zone: str, day: date, week: Week = OWN.week) -> Span | None:
    """The texting hours of one day in one zone, in UTC; None on a day without any."""
    hours, place = week[day.weekday()], ZoneInfo(zone)
    if hours is None:
        return None
    return (
        datetime.combine(day, hours[0], place).astimezone(UTC),
        datetime.combine(day, hours[1], place).astimezone(UTC),
    )


@lru_cache(maxsize=8192)
def _spans(zones: frozenset[str], day: date, week: Week) -> tuple[Span, ...]:
    """Where the windows of all zones overlap, in time order, around one UTC day and the days after it."""
    common: tuple[Span, ...] | None = None
    for zone in sorted(zones):
        days = (window(zone, day + timedelta(days=n), week) for n in range(-1, HORIZON_DAYS + 1))
        own = tuple(span for span in days if span)
        common = own if common is None else tuple((max(a, c), min(b, d)) for a, b in common for c, d in own if max(a, c) < min(b, d))
    return common or ()


def open_until(zones: Iterable[str], now: datetime, week: Week = OWN.week) -> datetime | None:
    """When the texting hours that hold now end, or None when it is a quiet hour in any of the zones."""
    for opens, closes in _spans(frozenset(zones), now.astimezone(UTC).date(), week):
        if opens <= now < closes:
            return closes
    return None


def next_open(zones: Iterable[str], now: datetime, week: Week = OWN.week) -> datetime | None:
    """The first moment from now on that lies in the texting hours of all zones; None when they never meet."""
    for opens, closes in _spans(frozenset(zones), now.astimezone(UTC).date(), week):
        if now < closes:
            return max(opens, now)
    return None


def validity_seconds(zones: Iterable[str], now: datetime, week: Week = OWN.week) -> int | None:
    """How long the provider may hold a text so that it cannot leave in a quiet hour; None when too little is left."""
    end = open_until(zones, now, week)
    if end is None:
        return None
    left = int((end - now).total_seconds())
    return None if left < SHORTEST_VALIDITY else min(LONGEST_VALIDITY, left)
