"""Panels in milliseconds, where the best of all is not needed: a linear programme, made whole."""

import numpy as np

from crm.assemblies.lottery.pool import Composition, Pool
from crm.assemblies.lottery.programme import NEAR, Solver


class Rounding:
    """Good panels quickly: the linear optimum, whose few split seats are made whole one after another, the largest part first."""

    def __init__(self, pool: Pool):
        self.most, self.all = np.array([group.homes for group in pool.groups], float), np.arange(len(pool.groups))
        self.limits = np.zeros((len(pool.limits), len(pool.groups)))
        for at, limit in enumerate(pool.limits):
            self.limits[at, list(limit.groups)] = 1
        self.least, self.upper = (np.array([getattr(limit, end) for limit in pool.limits], float) for end in ("least", "most"))
        self.few = 3 * pool.seats + 60

    def panel(self, worth: np.ndarray, taken: np.ndarray | None = None) -> Composition | None:
        """A composition of high worth with at least the `taken` seats, from the groups of most worth if they have one; None where the
        rounding comes to a dead end, which proves nothing."""
        floor = np.zeros(len(self.all)) if taken is None else taken
        if self.few < len(self.all):
            order = np.argsort(-np.where(floor > 0, np.inf, worth), kind="stable")
            if (found := self._rounded(np.sort(order[: self.few]), worth, floor)) is not None:
                return found
        return self._rounded(self.all, worth, floor)

    def _rounded(self, among: np.ndarray, worth: np.ndarray, floor: np.ndarray) -> Composition | None:
        solver = Solver(is_most=True)
        solver.table(self.limits[:, among], self.least, self.upper, self.most[among], worth[among])
        solver.changeColsBounds(len(among), np.arange(len(among), dtype=np.int32), floor[among], self.most[among])
        found = solver.solved()
        while found is not None:
            part = found - np.floor(found + NEAR)
            at = int(np.argmax(part))
            if part[at] <= NEAR:
                break
            up = float(np.ceil(found[at] - NEAR))
            for seats in (up, up - 1):
                solver.changeColBounds(at, seats, seats)
                if (found := solver.solved()) is not None:
                    break
        if found is None:
            return None
        composition = np.zeros(len(self.all), int)
        composition[among] = np.rint(found)
        return tuple(composition.tolist())
