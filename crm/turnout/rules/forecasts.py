"""How many will be in the room: the law of halves, bent by what each organization's people really do."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

DEFAULT_SHOW = {"confirmed": 0.82, "yes": 0.55, "pledged": 0.30}
PRIOR = 20  # a default weighs as much as this many observed people
_Z = 1.96


@dataclass(frozen=True)
class Rates:
    """What share of an organization's confirmed, yes and merely pledged people come, and from how many seen."""

    confirmed: float = DEFAULT_SHOW["confirmed"]
    yes: float = DEFAULT_SHOW["yes"]
    pledged: float = DEFAULT_SHOW["pledged"]
    observations: int = 0


@dataclass(frozen=True)
class Counts:
    """People promised, people who said yes (the confirmed among them), people who confirmed."""

    pledged: int = 0
    yes: int = 0
    confirmed: int = 0


@dataclass(frozen=True)
class Forecast:
    """How many are expected in the room, likely between low and high; `mean` and `variance` let forecasts be added."""

    mean: float
    variance: float

    @property
    def expected(self) -> int:
        return round(self.mean)

    @property
    def low(self) -> int:
        return max(0, round(self.mean - _Z * sqrt(self.variance)))

    @property
    def high(self) -> int:
        return round(self.mean + _Z * sqrt(self.variance))


def own_rates(seen: dict[str, tuple[int, int]]) -> Rates:
    """An organization's own rates from `{"confirmed": (came, of), …}`, drawn toward the defaults while few are seen.

    rate = (came + PRIOR × default) / (of + PRIOR).
    """
    pulled = {
        kind: (min(came, of) + PRIOR * DEFAULT_SHOW[kind]) / (of + PRIOR)
        for kind, (came, of) in ((kind, seen.get(kind, (0, 0))) for kind in DEFAULT_SHOW)
    }
    return Rates(**pulled, observations=sum(of for _, of in seen.values()))


def forecast(counts: Counts, rates: Rates = Rates()) -> Forecast:
    """Expected = confirmed × rate + (yes, not confirmed) × rate + (pledged, nothing said yet) × rate.

    Each group is a binomial, so its variance is n × rate × (1 − rate); low and high are 1.96 standard deviations
    away. The defaults (0.82, 0.55, 0.30) grow out of the organizers' law of halves: half of those who say yes come.
    """
    groups = (
        (counts.confirmed, rates.confirmed),
        (max(0, counts.yes - counts.confirmed), rates.yes),
        (max(0, counts.pledged - counts.yes), rates.pledged),
    )
    return Forecast(sum(n * p for n, p in groups), sum(n * p * (1 - p) for n, p in groups))


def add_forecasts(forecasts: Iterable[Forecast]) -> Forecast:
    """The whole room: organizations come or stay away independently, so means and variances add up."""
    forecasts = list(forecasts)
    return Forecast(sum(f.mean for f in forecasts), sum(f.variance for f in forecasts))


def calling_adds(unconfirmed: int, rates: Rates = Rates()) -> int:
    """How many more come when everyone who said yes is called and confirms."""
    return round(unconfirmed * max(0.0, rates.confirmed - rates.yes))
