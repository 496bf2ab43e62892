"""Quiet hours: organizing texts go out 09-20 Monday to Saturday and 12-20 on Sunday, where the person is.

Where a person is may be uncertain (address, what they told us, area code), so the hour must be right in all of
these zones at once: the intersection of their windows. Windows are kept as wall time and turned into UTC per day,
so that both days on which clocks change come out right.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

WEEKDAY_HOURS = (time(9), time(20))
SUNDAY_HOURS = (time(12), time(20))
SUNDAY = 6
HORIZON_DAYS = 3  # Two windows of one zone are never further apart than this.
LONGEST_VALIDITY = 36_000  # Twilio's own limit for ValidityPeriod, in seconds
SHORTEST_VALIDITY = 60

Span = tuple[datetime, datetime]


@lru_cache(maxsize=4096)
def window(zone: str, day: date) -> Span:
    """The texting hours of one day in one zone, in UTC."""
    opens, closes = SUNDAY_HOURS if day.weekday() == SUNDAY else WEEKDAY_HOURS
    place = ZoneInfo(zone)
    return (
        datetime.combine(day, opens, place).astimezone(UTC),
        datetime.combine(day, closes, place).astimezone(UTC),
    )


@lru_cache(maxsize=4096)
def _spans(zones: frozenset[str], day: date) -> tuple[Span, ...]:
    """Where the windows of all zones overlap, in time order, around one UTC day and the days after it."""
    common: tuple[Span, ...] | None = None
    for zone in sorted(zones):
        own = tuple(window(zone, day + timedelta(days=n)) for n in range(-1, HORIZON_DAYS + 1))
        common = own if common is None else tuple((max(a, c), min(b, d)) for a, b in common for c, d in own if max(a, c) < min(b, d))
    return common or ()


def open_until(zones: Iterable[str], now: datetime) -> datetime | None:
    """When the texting hours that hold now end, or None when it is a quiet hour in any of the zones."""
    for opens, closes in _spans(frozenset(zones), now.astimezone(UTC).date()):
        if opens <= now < closes:
            return closes
    return None


def next_open(zones: Iterable[str], now: datetime) -> datetime | None:
    """The first moment from now on that lies in the texting hours of all zones; None when they never meet."""
    for opens, closes in _spans(frozenset(zones), now.astimezone(UTC).date()):
        if now < closes:
            return max(opens, now)
    return None


def validity_seconds(zones: Iterable[str], now: datetime) -> int | None:
    """How long the provider may hold a text so that it cannot leave in a quiet hour; None when too little is left."""
    end = open_until(zones, now)
    if end is None:
        return None
    left = int((end - now).total_seconds())
    return None if left < SHORTEST_VALIDITY else min(LONGEST_VALIDITY, left)
