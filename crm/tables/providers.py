"""Seating as an integer programme on HiGHS: how many of each sort of people sit at each table."""

from collections.abc import Iterable

import highspy
import numpy as np

from crm.assemblies.lottery.programme import INFINITE, Solver
from crm.tables.rules.seating import APART, SHARE, SIZE, Hall, Placing, Sitter, cost, seat_quickly

PATIENCE = 1.5  # seconds; the hall is waiting


def seat(hall: Hall) -> Placing:
    """The most even division that is found in a second and a half: never worse than the quick one, and the best there is where the solver ends."""
    quick = seat_quickly(hall)
    if hall.tables == 1 or not cost(hall, quick):
        return quick
    found = _solved(hall)
    return found if found and cost(hall, found) < cost(hall, quick) else quick


def _solved(hall: Hall) -> Placing | None:
    """A variable for each sort of people and table, whole; what goes beyond a share is paid for."""
    solver, tables, homes = _Patient(), range(hall.tables), hall.homes()
    foes = {id for pair in hall.apart for id in pair}
    sorts: dict[tuple, list[Sitter]] = {}
    for s in hall.sitters:
        sorts.setdefault((s.language, s.traits, s.size, s.id if s.id in foes else 0), []).append(s)
    members = list(sorts.values())
    at = {s.id: g for g, group in enumerate(members) for s in group}
    column = lambda g, t: g * hall.tables + t  # noqa: E731
    solver.columns((len(group) if t in homes.get(group[0].language, tables) else 0 for group in members for t in tables), is_whole=True)
    held = _held(hall, at)
    for (g, t), n in held.items():
        solver.changeColBounds(column(g, t), n, len(members[g]))
    for g, group in enumerate(members):
        solver.row(len(group), len(group), [column(g, t) for t in tables])
    people = sum(s.size for s in hall.sitters)
    for t in tables:
        solver.between(people // hall.tables, -(-people // hall.tables), [(column(g, t), group[0].size) for g, group in enumerate(members)], SIZE)
    for share in hall.shares():
        parts = [g for g, group in enumerate(members) if group[0].id in share.members]
        for t in share.tables:
            solver.between(share.least, share.most, [(column(g, t), 1) for g in parts], SHARE)
    for a, b in hall.apart:
        if a in at and b in at:
            for t in tables:
                solver.between(0, 1, [(column(at[a], t), 1), (column(at[b], t), 1)], APART)
    values = solver.found()
    return None if values is None else _placed(hall, members, values.reshape(-1, hall.tables))


def _held(hall: Hall, at: dict[int, int]) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = {}
    for id, table in hall.held.items():
        if id in at:
            found[at[id], table] = found.get((at[id], table), 0) + 1
    return found


def _placed(hall: Hall, members: list[list[Sitter]], values: np.ndarray) -> Placing:
    placing: Placing = {id: table for id, table in hall.held.items() if any(s.id == id for s in hall.sitters)}
    for group, counts in zip(members, values, strict=True):
        left = counts.copy()
        for s in group:
            if s.id in placing:
                left[placing[s.id]] -= 1
        waiting = sorted((s for s in group if s.id not in placing), key=hall.order)
        open_seats = (t for t, n in enumerate(left) for _seat in range(n))
        placing.update(zip((s.id for s in waiting), open_seats, strict=True))
    return placing


class _Patient(Solver):
    """The solver with a time limit, rows whose breach has a price, and the best that it has found by then."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = 0
        self.setOptionValue("time_limit", PATIENCE)

    def columns(self, most: Iterable[float], is_whole: bool = False) -> None:
        super().columns(most, is_whole)
        self.whole = self.getNumCol()

    def between(self, least: int, most: int, parts: list[tuple[int, int]], price: int) -> None:
        begin = self.getNumCol()
        self.addVars(2, np.zeros(2), np.full(2, INFINITE))
        self.changeColsCost(2, np.arange(begin, begin + 2, dtype=np.int32), np.full(2, float(price)))
        columns, factors = [c for c, _f in parts], [float(f) for _c, f in parts]
        self.row(least, most, [*columns, begin, begin + 1], [*factors, 1.0, -1.0])

    def found(self) -> np.ndarray | None:
        self.run()
        if self.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        return np.rint(np.array(self.getSolution().col_value)[: self.whole]).astype(int)
