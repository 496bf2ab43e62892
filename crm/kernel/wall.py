"""Clocks on walls: a day, an hour and a zone name a moment, and are turned into it as late as can be."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def moment_on(day: date, at: time, zone: str) -> datetime:
    """The moment when clocks in `zone` show that time. Skipped when clocks go forward: just after; shown twice: the first."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
