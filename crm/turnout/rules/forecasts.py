"""How many will be in the room: the law of halves, bent by what each organization's people really do.

The range says what is not known: who of those who said yes comes (chance), how well an organization's own rate is known
(few seen, wide range), and what the day does to everybody at once (rain, a strike, a game). `backtest` holds it to the past.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

DEFAULT_SHOW = {"confirmed": 0.82, "yes": 0.55, "pledged": 0.30}
PRIOR = 20  # a default weighs as much as this many observed people
DAY = 0.32  # how far a day moves every rate, in log-odds: 8 points up or down at one half
PRIOR_DAYS = 4  # the default of a day weighs as much as so many assemblies
_Z = 1.96


@dataclass(frozen=True)
class Rates:
    """What share of an organization's confirmed, yes and merely pledged people come, and from how many seen, of each and in all."""

    confirmed: float = DEFAULT_SHOW["confirmed"]
    yes: float = DEFAULT_SHOW["yes"]
    pledged: float = DEFAULT_SHOW["pledged"]
    observations: int = 0
    seen: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True)
class Counts:
    """People promised, people who said yes (the confirmed among them), people who confirmed."""

    pledged: int = 0
    yes: int = 0
    confirmed: int = 0


@dataclass(frozen=True)
class Forecast:
    """How many are expected in the room; in nineteen of twenty assemblies between low and high.

    `variance` is of what differs by organization, `slope` how many people one unit of log-odds adds, `day` how far a day moves it.
    """

    mean: float
    variance: float
    slope: float = 0.0
    day: float = DAY

    @property
    def expected(self) -> int:
        return round(self.mean)

    @property
    def spread(self) -> float:
        """The standard deviation in people."""
        return sqrt(self.variance + (self.slope * self.day) ** 2)

    @property
    def low(self) -> int:
        return max(0, round(self.mean - _Z * self.spread))

    @property
    def high(self) -> int:
        return round(self.mean + _Z * self.spread)


Seen = Mapping[str, tuple[int, int]]
"""{"confirmed": (came, of), …} of one organization."""


def own_rates(seen: Seen) -> Rates:
    """An organization's own rates from `{"confirmed": (came, of), …}`, drawn toward the defaults while few are seen.

    rate = (came + PRIOR × default) / (of + PRIOR).
    """
    pulled = {
        kind: (min(came, of) + PRIOR * DEFAULT_SHOW[kind]) / (of + PRIOR)
        for kind, (came, of) in ((kind, seen.get(kind, (0, 0))) for kind in DEFAULT_SHOW)
    }
    counts = [seen.get(kind, (0, 0))[1] for kind in DEFAULT_SHOW]
    return Rates(**pulled, observations=sum(counts), seen=(counts[0], counts[1], counts[2]))


def show_rate(came: int, of: int, default: float = DEFAULT_SHOW["yes"]) -> float:
    """One organizer's or one way's own rate, drawn toward the default in the same way."""
    return (min(came, of) + PRIOR * default) / (of + PRIOR)


def forecast(counts: Counts, rates: Rates = Rates(), day: float = DAY) -> Forecast:
    """Expected = confirmed × rate + (yes, not confirmed) × rate + (pledged, nothing said yet) × rate.

    Of n people with rate p known from k seen, the variance is n·p·(1−p) by chance and n²·p·(1−p) / (k + PRIOR + 1) because p
    itself is an estimate. Low and high are 1.96 standard deviations away. The defaults (0.82, 0.55, 0.30) grow out of the
    organizers' law of halves: half of those who say yes come.
    """
    groups = (
        (counts.confirmed, rates.confirmed, rates.seen[0]),
        (max(0, counts.yes - counts.confirmed), rates.yes, rates.seen[1]),
        (max(0, counts.pledged - counts.yes), rates.pledged, rates.seen[2]),
    )
    chance = sum(n * p * (1 - p) for n, p, _seen in groups)
    unsure = sum(n * n * p * (1 - p) / (seen + PRIOR + 1) for n, p, seen in groups)
    return Forecast(sum(n * p for n, p, _seen in groups), chance + unsure, chance, day)


def add_forecasts(forecasts: Iterable[Forecast]) -> Forecast:
    """The whole room: organizations come or stay away independently, so means and variances add up; the day is one for all."""
    forecasts = list(forecasts)
    day = max((f.day for f in forecasts), default=DAY)
    return Forecast(sum(f.mean for f in forecasts), sum(f.variance for f in forecasts), sum(f.slope for f in forecasts), day)


def calling_adds(unconfirmed: int, rates: Rates = Rates()) -> int:
    """How many more come when everyone who said yes is called and confirms."""
    return round(unconfirmed * max(0.0, rates.confirmed - rates.yes))


# Held to the past ------------------------------------------------------------------------------------------------

Past = Mapping[int, Seen]
"""One assembly that is over: what was seen of each organization."""


@dataclass(frozen=True)
class Tested:
    """What would have been forecast for an assembly from those before it, and who came."""

    expected: int
    low: int
    high: int
    came: int

    @property
    def is_inside(self) -> bool:
        return self.low <= self.came <= self.high


def backtest(past: Sequence[Past]) -> list[Tested]:
    """Each assembly, oldest first, forecast from nothing but those before it."""
    return [Tested(cast.expected, cast.low, cast.high, came) for cast, came in _one_by_one(past)]


def day_spread_of(past: Sequence[Past]) -> float:
    """How far days moved everybody in these assemblies, oldest first."""
    return day_spread(_one_by_one(past))


def _one_by_one(past: Sequence[Past]) -> list[tuple[Forecast, int]]:
    so_far: Past = {}
    days: list[tuple[Forecast, int]] = []
    for assembly in past:
        cast = _cast(assembly, {source: own_rates(seen) for source, seen in so_far.items()}, day_spread(days))
        days.append((cast, sum(came for seen in assembly.values() for came, _of in seen.values())))
        so_far = add_seen(so_far, assembly)
    return days


def day_spread(days: Iterable[tuple[Forecast, int]]) -> float:
    """How far a day moves the log-odds, from (forecast, who came) of each day: what chance and ignorance do not explain, drawn
    toward the default while few days are seen."""
    held = [(((came - cast.mean) ** 2 - cast.variance) / cast.slope**2) for cast, came in days if cast.slope]
    return sqrt((PRIOR_DAYS * DAY**2 + max(0.0, sum(held))) / (PRIOR_DAYS + len(held)))


def add_seen(so_far: Past, more: Past) -> dict[int, dict[str, tuple[int, int]]]:
    """What was seen of each organization in all."""
    total = {source: dict(seen) for source, seen in so_far.items()}
    for source, seen in more.items():
        kinds = total.setdefault(source, {})
        for kind, (came, of) in seen.items():
            before = kinds.get(kind, (0, 0))
            kinds[kind] = (before[0] + came, before[1] + of)
    return total


def _cast(assembly: Past, rates: Mapping[int, Rates], day: float) -> Forecast:
    return add_forecasts(forecast(_counts(seen), rates.get(source, Rates()), day) for source, seen in assembly.items())


def _counts(seen: Seen) -> Counts:
    confirmed, yes, pledged = (seen.get(kind, (0, 0))[1] for kind in DEFAULT_SHOW)
    return Counts(pledged + yes + confirmed, yes + confirmed, confirmed)
