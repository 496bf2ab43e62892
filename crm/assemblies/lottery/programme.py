"""Linear and integer programmes over the compositions of a pool, on HiGHS; one thread, so that a run can be repeated."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import highspy
import numpy as np
from highspy import _Highs  # the wrapper around it prints a banner before it can be told not to

from crm.assemblies.lottery.pool import Composition, Limit, Pool

INFINITE = highspy.kHighsInf
NEAR = 1e-6  # how far from a whole number the solver may leave one


class Best(NamedTuple):
    """A best composition, its worth, and the proven most that any can be worth."""

    composition: Composition
    worth: float
    bound: float


class Solver(_Highs):
    """HiGHS with its voice off, in one thread, and rows and columns in plain words."""

    def __init__(self, is_most: bool = False):
        super().__init__()
        for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0), ("mip_abs_gap", 1e-9)):
            self.setOptionValue(option, value)
        if is_most:
            self.changeObjectiveSense(highspy.ObjSense.kMaximize)

    def columns(self, most: Iterable[float], is_whole: bool = False) -> None:
        most = np.fromiter(most, float)
        at = np.arange(self.getNumCol(), self.getNumCol() + len(most), dtype=np.int32)
        self.addVars(len(most), np.zeros(len(most)), most)
        if is_whole:
            self.changeColsIntegrality(len(most), at, np.full(len(most), highspy.HighsVarType.kInteger))

    def row(self, least: float, most: float, at: Sequence[int], factors: Sequence[float] | None = None) -> None:
        self.addRow(least, most, len(at), np.array(at, np.int32), np.ones(len(at)) if factors is None else np.array(factors, float))

    def table(self, factors: np.ndarray, least: np.ndarray, upper: np.ndarray, most: np.ndarray, worth: np.ndarray) -> None:
        """All rows and columns at once."""
        self.addRows(len(least), least, upper, 0, np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0))
        column, row = np.nonzero(factors.T)
        starts = np.searchsorted(column, np.arange(len(most))).astype(np.int32)
        self.addCols(len(most), worth, np.zeros(len(most)), most, len(row), starts, row.astype(np.int32), factors.T[column, row])

    def prices(self, worth: np.ndarray) -> None:
        self.changeColsCost(len(worth), np.arange(len(worth), dtype=np.int32), worth)

    def solved(self) -> np.ndarray | None:
        """The values of the columns at the optimum; None where nothing keeps all rows."""
        self.run()
        if self.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None
        if self.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"HiGHS stopped: {self.modelStatusToString(self.getModelStatus())}")
        return np.array(self.getSolution().col_value)


class Programme:
    """The compositions of a pool: whole numbers exactly (`is_whole`), or their linear relaxation."""

    def __init__(self, pool: Pool, is_whole: bool = True):
        self.most = np.array([group.homes for group in pool.groups], float)
        self.solver = Solver(is_most=True)
        self.solver.columns(self.most, is_whole)
        for limit in pool.limits:
            self.solver.row(limit.least, limit.most, limit.groups)

    def best(self, worth: np.ndarray) -> Best | None:
        """The composition that is worth most, at so much a seat of each group; None where the quotas cannot be met."""
        self.solver.prices(worth)
        found = self.solver.solved()
        if found is None:
            return None
        whole = np.rint(found)
        return Best(tuple(whole.astype(int).tolist()), float(worth @ whole), self.solver.getInfo().mip_dual_bound)

    def with_at_least(self, taken: Sequence[int]) -> Composition | None:
        """Some composition with at least these seats of each group; None where there is none."""
        self.solver.changeColsBounds(len(taken), np.arange(len(taken), dtype=np.int32), np.array(taken, float), self.most)
        found = self.best(np.zeros(len(taken)))
        return found and found.composition


def nearest(pool: Pool) -> list[tuple[Limit, int, int]] | None:
    """The quotas that must give way, each with its new least and most, so that a panel can be seated and as few seats as possible are
    moved across a limit, all together; empty where nothing must. None where no quotas would do, because there are too few households."""
    solver = Solver()
    solver.columns((group.homes for group in pool.groups), is_whole=True)
    quotas = [limit for limit in pool.limits if limit.quota]
    solver.columns([pool.seats] * len(quotas) * 2, is_whole=True)
    n, more = len(pool.groups), len(quotas)
    solver.prices(np.concatenate([np.zeros(n), np.ones(2 * more)]))
    for at, limit in enumerate(quotas):  # below the least by the one, above the most by the other
        solver.row(limit.least, INFINITE, [*limit.groups, n + at], [1.0] * len(limit.groups) + [1.0])
        solver.row(-INFINITE, limit.most, [*limit.groups, n + more + at], [1.0] * len(limit.groups) + [-1.0])
    for limit in pool.limits:
        if not limit.quota:
            solver.row(limit.least, limit.most, limit.groups)
    found = solver.solved()
    if found is None:
        return None
    below, above = np.rint(found[n : n + more]).astype(int).tolist(), np.rint(found[n + more :]).astype(int).tolist()
    return [(limit, limit.least - below[at], limit.most + above[at]) for at, limit in enumerate(quotas) if below[at] or above[at]]
