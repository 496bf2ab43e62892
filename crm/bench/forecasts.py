"""Whether the forecast's range holds what it promises: lives of assemblies, simulated, forecast one after the other."""

import math
import random

from crm.bench.stage import Stage
from crm.turnout import rules

TOWNS = 200


def lived(seed: int, *, shock: float, assemblies: int = 10, organizations: int = 6, own: float = 0.35) -> list[rules.Past]:
    """A town's assemblies, oldest first: each organization has rates of its own (`own`, log-odds around the defaults), each day moves
    everybody (`shock`), and each person then comes or does not."""
    dice = random.Random(f"{seed} {shock} {assemblies}")
    rates = [{kind: _moved(p, dice.gauss(0, own)) for kind, p in rules.DEFAULT_SHOW.items()} for _ in range(organizations)]
    return [_day(dice, rates, dice.gauss(0, shock)) for _ in range(assemblies)]


def _day(dice: random.Random, rates: list[dict[str, float]], day: float) -> rules.Past:
    past = {}
    for number, own in enumerate(rates):
        size = dice.randint(5, 120)
        confirmed = dice.randint(0, size)
        of = {"confirmed": confirmed, "yes": size - confirmed, "pledged": dice.randint(0, size // 3)}
        past[number] = {kind: (sum(dice.random() < _moved(own[kind], day) for _ in range(n)), n) for kind, n in of.items()}
    return past


def _moved(p: float, by: float) -> float:
    return 1 / (1 + math.exp(-math.log(p / (1 - p)) - by))


def forecast_held(on: Stage, n: int = TOWNS) -> tuple[float, str, float, int]:
    """Percent of simulated assemblies whose attendance fell inside the range, beside the 95 that it promises; no database."""
    shocks = (0.0, 0.1, 0.2, 0.32)
    tested = [one for seed in range(n) for one in rules.backtest(lived(seed, shock=shocks[seed % 4]))]
    return 100 * sum(one.is_inside for one in tested) / len(tested), "%", 95.0, len(tested)
