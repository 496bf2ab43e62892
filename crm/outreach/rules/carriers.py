"""How fast the carriers let a sender send, as dated data, and from that: what may leave now, and when the last text leaves.

A brand's class with AT&T limits parts per minute, the one with T-Mobile parts per day of the Pacific coast; the sender's own pace is parts
per second. Which carrier a number belongs to cannot be known (numbers move), so every part counts against every limit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from crm.kernel.refusal import N_, Reason
from crm.outreach.rules.errors import CARRIER_ZONE, next_carrier_day

VERIFIED_ON = date(2026, 11, 22)
ATT_PARTS_A_MINUTE = {"": None, "A": 4500, "C": 2400, "E": 240, "T": 75}  # B, D and F are paced like A, C and E
TMOBILE_PARTS_A_DAY = {"": None, "low": 2_000, "middle": 10_000, "high": 40_000, "top": 200_000}
ATT_WORDS = {
    "": N_("Not known, or no limit"), "A": N_("A or B: 4,500 parts a minute"), "C": N_("C or D: 2,400 parts a minute"),
    "E": N_("E or F: 240 parts a minute"), "T": N_("T: 75 parts a minute"),
}  # fmt: skip
TMOBILE_WORDS = {
    "": N_("Not known, or no limit"), "low": N_("2,000 parts a day"), "middle": N_("10,000 parts a day"), "high": N_("40,000 parts a day"),
    "top": N_("200,000 parts a day"),
}  # fmt: skip
MINUTE = 60


@dataclass(frozen=True)
class Limits:
    """Parts that may leave in a second, a minute and a day of the carriers; None where there is no limit."""

    per_second: int
    per_minute: int | None = None
    per_day: int | None = None

    @property
    def pace(self) -> float:
        """Parts per second in the long run."""
        return min(float(self.per_second), self.per_minute / MINUTE if self.per_minute else float(self.per_second))


@dataclass(frozen=True)
class Spent:
    """What left lately: parts by second of the last minute, and on the carriers' day."""

    recent: Mapping[int, int]
    day: date | None = None
    day_parts: int = 0


def limits_of(per_second: int, att: str, tmobile: str) -> Limits:
    """The limits of a sender of these classes."""
    return Limits(max(per_second, 1), ATT_PARTS_A_MINUTE.get(att), TMOBILE_PARTS_A_DAY.get(tmobile))


def carrier_day(now: datetime) -> date:
    """The day that the carriers count."""
    return now.astimezone(CARRIER_ZONE).date()


def room(limits: Limits, spent: Spent, now: datetime) -> tuple[int, datetime | None]:
    """(parts that may leave now, when to ask again if there are none): no second, sliding minute or day holds more than its limit."""
    second = int(now.timestamp())
    today = spent.day_parts if spent.day == carrier_day(now) else 0
    if limits.per_day is not None and today >= limits.per_day:
        return 0, next_carrier_day(now)
    left = [limits.per_second - spent.recent.get(second, 0)]
    if limits.per_minute is not None:
        in_minute = {at: parts for at, parts in spent.recent.items() if second - MINUTE <= at}
        left.append(limits.per_minute - sum(in_minute.values()))
        if left[-1] <= 0:
            return 0, _at(min(in_minute) + MINUTE + 1)
    if limits.per_day is not None:
        left.append(limits.per_day - today)
    return (0, _at(second + 1)) if min(left) <= 0 else (min(left), None)


def _at(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def spend(spent: Spent, parts: int, now: datetime) -> Spent:
    """What is spent once so many parts more have left."""
    second, day = int(now.timestamp()), carrier_day(now)
    recent = {at: n for at, n in spent.recent.items() if second - MINUTE <= at}
    recent[second] = recent.get(second, 0) + parts
    return Spent(recent, day, parts + (spent.day_parts if spent.day == day else 0))


def fitting(sizes: Iterable[int], allowed: int) -> int:
    """How many texts of these sizes, in turn, fit into the parts allowed; one always fits, so that a long text is not stuck."""
    n = used = 0
    for parts in sizes:
        if n and used + parts > allowed:
            break
        n, used = n + 1, used + parts
    return n


# --- when the last one leaves -----------------------------------------------------------------------------------------


class Batch(NamedTuple):
    """Parts that may leave within the same hours."""

    opens: datetime
    closes: datetime
    parts: int


@dataclass(frozen=True)
class Finish:
    """When the last text leaves, and how many parts leave on a later day than the one that was meant."""

    at: datetime | None = None
    late_parts: int = 0


def finish(batches: Iterable[Batch], limits: Limits, spent: Spent, now: datetime) -> Finish:
    """When the last of these leaves at the sender's pace; what does not fit into its hours goes on in those of the next day."""
    waiting = sorted(batch for batch in batches if batch.parts)
    at, late, left, day = now, 0, _left_of(limits, spent, now), carrier_day(now)
    while waiting:
        batch = waiting.pop(0)
        at = max(at, batch.opens)
        if carrier_day(at) != day:
            left, day = limits.per_day, carrier_day(at)
        until = min(batch.closes, next_carrier_day(at) - timedelta(minutes=1))
        fit = max(0, int((until - at).total_seconds() * limits.pace + 1e-6))
        fit = min(batch.parts, fit if left is None else min(fit, left))
        at += timedelta(seconds=fit / limits.pace)
        left = None if left is None else left - fit
        if fit < batch.parts:
            rest, is_later = _rest(batch, fit, at, left)
            late += rest.parts if is_later else 0
            waiting = sorted([*waiting, rest])
    return Finish(at if at > now else None, late)


def _left_of(limits: Limits, spent: Spent, now: datetime) -> int | None:
    return None if limits.per_day is None else max(0, limits.per_day - (spent.day_parts if spent.day == carrier_day(now) else 0))


def _rest(batch: Batch, fit: int, at: datetime, left: int | None) -> tuple[Batch, bool]:
    """What did not fit: after the carriers' midnight where its hours go on then, else in the hours of the next day."""
    midnight = next_carrier_day(at)
    if midnight < batch.closes:
        return batch._replace(opens=midnight, parts=batch.parts - fit), False
    day = timedelta(days=1)
    return Batch(batch.opens + day, batch.closes + day, batch.parts - fit), True


def issues_with_finish(found: Finish, is_split: bool) -> list[Reason]:
    """Why it may not be sent like this: it cannot end within its hours, unless the organizer lets it go on the next day."""
    if not found.late_parts or is_split:
        return []
    words = N_("It cannot all leave within today's hours at your number's pace. Choose a smaller list or an earlier hour, or let the rest go on tomorrow.")
    return [Reason(words, field="is_split")]


