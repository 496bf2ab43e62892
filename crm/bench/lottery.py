"""The lottery: the fairest draw of 45 seats for each 1,000 people, certified, beside the last of its linear programmes alone."""

import random
import time
from importlib import import_module
from types import ModuleType
from typing import Any

from crm.assemblies.lottery.pool import Person, Pool, Quota
from crm.bench.stage import Stage

FEATURES, VALUES = 5, 5


def volunteers(n: int) -> Pool:
    """People who came forward unlike the population, and quotas one wide about the population's shares; the same ones in every run."""
    chance, seats = random.Random(1), max(5, n * 45 // 1000)
    names, quotas, came = tuple(f"feature {f}" for f in range(FEATURES)), [], []
    for name in names:
        parts = [chance.uniform(0.5, 2) for _ in range(VALUES)]
        shares = [part / sum(parts) for part in parts]
        came.append([share * chance.uniform(0.6, 1.6) for share in shares])
        quotas += [Quota(name, str(v), int(share * seats), int(share * seats) + 1) for v, share in enumerate(shares)]
    people = tuple(Person(str(i), tuple(str(chance.choices(range(VALUES), weights)[0]) for weights in came)) for i in range(n))
    return Pool(names, people, tuple(quotas), seats)


def fairest_draw(on: Stage, n: int = 1000) -> tuple[float, str, float, int]:
    """Milliseconds of processor time until the lowest chance meets its proven bound; there is no figure if it does not. Its limit is one linear
    programme, the chances of the very panels that it found, solved from nothing in the same run."""
    solver = import_module("crm.assemblies.lottery.maximin")  # no other command should wait for what it brings along
    pool, began = volunteers(n), time.process_time()
    lottery = solver.maximin(pool)
    took = (time.process_time() - began) * 1000
    if lottery is None or lottery.bound - float(lottery.lowest(pool)) > 1e-6:
        raise RuntimeError("the fairest draw is not proved")
    return took, "ms", min(_alone(solver, pool, lottery) for _ in range(3)), n


def _alone(solver: ModuleType, pool: Pool, lottery: Any) -> float:
    began = time.process_time()
    if abs(solver.lowest_by(pool, lottery.panels) - float(lottery.lowest(pool))) > 1e-6:
        raise RuntimeError("the panels of the fairest draw give another chance by themselves")
    return (time.process_time() - began) * 1000
