"""Clocks on walls and moments in the world: sessions keep both, and a clock time that does not exist is refused."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from crm.kernel.refusal import N_, Reason

ZONES = frozenset(available_timezones())


def moment(day: date, at: time, zone: str) -> datetime | None:
    """The moment when clocks in `zone` show that time; None when they skip it. Shown twice, the first counts."""
    local = datetime.combine(day, at, ZoneInfo(zone))
    instant = local.astimezone(UTC)
    return instant if instant.astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None) else None


def wall(instant: datetime, zone: str) -> datetime:
    """What clocks in `zone` show at that moment."""
    return instant.astimezone(ZoneInfo(zone))


def day_in(instant: datetime, zone: str) -> date:
    """The date there at that moment; in a zone nobody knows, the one of UTC."""
    return wall(instant, zone if zone in ZONES else "UTC").date()


def read_span(day: date, starts: time, ends: time, zone: str) -> tuple[datetime, datetime] | list[Reason]:
    """Start and end of a session as moments, or all that is wrong. An end at or before the start is next morning."""
    if not 2000 <= day.year <= 2200:
        return [Reason(N_("Check the year of this day."), {}, "day")]
    after = day if ends > starts else day + timedelta(days=1)
    found = moment(day, starts, zone), moment(after, ends, zone)
    skipped = [
        (at, on, field)
        for at, on, instant, field in ((starts, day, found[0], "starts"), (ends, after, found[1], "ends"))
        if instant is None
    ]
    if skipped:
        return [
            Reason(
                N_("On %(day)s clocks skip %(time)s. Choose a time before or after."),
                {"day": on.isoformat(), "time": at.strftime("%H:%M")},
                field,
            )
            for at, on, field in skipped
        ]
    if found[1] - found[0] > timedelta(hours=16):
        return [
            Reason(
                N_("This session would last %(n)s hours. Check the start and the end."),
                {"n": round((found[1] - found[0]).total_seconds() / 3600)},
                "ends",
            )
        ]
    return found


def program_times(starts_at: datetime, minutes: list[int], zone: str) -> list[datetime]:
    """When each item begins, on the wall, right also across a change of clocks."""
    begun, shown = starts_at, []
    for stretch in minutes:
        shown.append(wall(begun, zone))
        begun += timedelta(minutes=stretch)
    return shown
