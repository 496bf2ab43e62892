"""The fairest draw: a lottery over panels in which the person with the least chance has the most that any lottery can give them.

Source: Bailey Flanigan, Paul Gölz, Anupam Gupta, Brett Hennig, Ariel D. Procaccia, "Fair algorithms for selecting citizens' assemblies",
Nature 596 (2021), whose LEXIMIN begins with this optimum. Theirs gives each person a row; here people alike are one group, since
exchanging two of them changes nothing: the best lottery may treat them alike, and a panel is its composition.

    largest t with  Σ over panels of chance × seats of group  ≥  t × people of group,  chances adding to 1

Any weights of the groups, zero or more, whose sum over all people is 1, prove a bound: no lottery has a lowest chance above what the
best panel is worth in them. The first weights come from the linear relaxation, where seats may be split. Panels are then made that follow
its optimum, each leaning to those whom the earlier left behind. In a space of d dimensions 2 × d points scattered about a point have it
between them as likely as not (Wendel 1962), so about twice as many panels as groups mostly reach the bound at once. Where they
do not, column generation goes on: weights from the chances of the panels so far, the best panel in them by an integer programme, until the
bound that they prove meets the lowest chance."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from crm.assemblies.lottery.chance import Chance
from crm.assemblies.lottery.pool import Composition, Pool
from crm.assemblies.lottery.programme import INFINITE, NEAR, Programme, Solver
from crm.assemblies.lottery.rounding import Rounding

CLOSE = 1e-7  # the lowest chance and its bound count as one when they differ by less
TICKETS = 10**12  # chances are whole tickets of so many, so that all that is said of them can be checked exactly


@dataclass(frozen=True)
class Lottery:
    """Panels with their tickets of TICKETS; `bound` is what `weights` prove. `left_out` are groups that no panel under these quotas can seat;
    the lowest chance is that of the others."""

    panels: tuple[Composition, ...]
    tickets: tuple[int, ...]
    bound: float
    weights: tuple[float, ...]
    left_out: frozenset[int]

    def chance_of(self, pool: Pool, group: int) -> Fraction:
        """The chance of each person of a group, exactly."""
        return Fraction(sum(t * panel[group] for t, panel in zip(self.tickets, self.panels, strict=True)), TICKETS * pool.groups[group].size)

    def lowest(self, pool: Pool) -> Fraction:
        """The lowest chance of anyone who can be seated."""
        return min(self.chance_of(pool, g) for g in range(len(pool.groups)) if g not in self.left_out)


def maximin(pool: Pool, progress: Callable[[float, float], None] = lambda lowest, bound: None) -> Lottery | None:
    """The best lottery over panels, certified: its lowest chance is its bound to 1e-6. None where the quotas cannot be met.
    `progress` is told the lowest chance and the bound so far, now and then."""
    whole = Programme(pool)
    first = whole.best(np.ones(len(pool.groups)))
    if first is None:
        return None
    book = _Book(pool, whole)
    book.add(first.composition)
    book.leave_out()
    book.relax()
    book.follow(len(pool.groups) + len(pool.groups) // 4 + 10)
    while True:
        lowest = book.weigh()
        progress(lowest, book.bound)
        if lowest > book.bound - CLOSE:
            return book.closed()
        if len(book.panels) < 3 * len(pool.groups) and book.follow(len(pool.groups) // 4 + 5):
            continue
        if not book.price(lowest):
            return book.closed()


def lowest_by(pool: Pool, panels: Iterable[Composition]) -> float:
    """The most that a lottery over these panels alone gives whoever has the least chance: the last programme, and nothing more."""
    book = _Book(pool, Programme(pool))
    for panel in panels:
        book.add(panel)
    book.leave_out()
    return book.weigh()


class _Book:
    """The panels so far, the master programme of their chances, and the best bound."""

    def __init__(self, pool: Pool, whole: Programme):
        self.pool, self.whole, self.split = pool, whole, Rounding(pool)
        self.sizes = np.array([group.size for group in pool.groups], float)
        self.panels: dict[Composition, None] = {}
        self.given = np.zeros(len(self.sizes))
        self.made = 0
        self.left_out: frozenset[int] = frozenset()
        self.bound, self.weights = 1.0, self.sizes * 0
        self.chance = Chance("maximin")

    def add(self, panel: Composition) -> bool:
        if panel in self.panels:
            return False
        self.panels[panel] = None
        return True

    def leave_out(self) -> None:
        """Panels until every group sits in one; groups that cannot are left out. Each is asked for together with all others not yet seated."""
        unseen = np.ones(len(self.sizes))
        while True:
            for panel in self.panels:
                unseen[np.array(panel) > 0] = 0
            quick = self.split.panel(unseen) if unseen.any() else None
            if quick is not None and unseen @ quick:
                self.add(quick)
                continue
            best = self.whole.best(unseen) if unseen.any() else None
            if best is None or best.bound < 1 - NEAR:
                break
            self.add(best.composition)
        self.left_out = frozenset(np.flatnonzero(unseen).tolist())
        self.sizes = self.sizes * (1 - unseen)
        self.master = Solver()
        self.master.columns(np.where(unseen, 0, INFINITE))
        self.master.columns([INFINITE])
        self.master.changeColCost(len(self.sizes), 1.0)
        self.master.row(1, 1, range(len(self.sizes)), self.sizes)
        self.rows = 0

    def relax(self) -> None:
        """The optimum where seats may be split: a bound, its weights, and what panels shall follow."""
        n = len(self.sizes)
        solver = Solver(is_most=True)
        solver.columns([*self.whole.most, 1.0])
        solver.changeColCost(n, 1.0)
        rows = [g for g in range(n) if self.sizes[g]]
        for g in rows:
            solver.row(0, INFINITE, [g, n], [1.0, -self.sizes[g]])
        for limit in self.pool.limits:
            solver.row(limit.least, limit.most, limit.groups)
        found = solver.solved()
        duals = np.zeros(n)
        duals[rows] = np.maximum(-np.array(solver.getSolution().row_dual)[: len(rows)], 0)
        self.weights, self.bound = duals / (duals @ self.sizes), float(found[n])
        for at, g in enumerate(rows):  # the same again for those whose chance does not hold the lowest down: the freer the target, the sooner it is met
            if not duals[g]:
                solver.changeColCost(n, 0.0)
                solver.changeCoeff(at, n, 0.0)
                solver.changeRowBounds(at, self.bound * self.sizes[g] * (1 - 1e-9), INFINITE)
        self.target = np.maximum(found[:n], self.bound * self.sizes)

    def follow(self, count: int) -> bool:
        """So many panels more whose average follows the target; each leans to the groups that are behind it. False where none was new."""
        before = len(self.panels)
        for _ in range(count):
            self.made += 1
            behind = (self.made * self.target - self.given) / np.maximum(self.sizes, 1)
            lean = np.clip(behind, -1, 3) + np.array([self.chance.below(1000) for _ in behind]) * 1e-5
            panel = self.split.panel(lean)
            if panel is not None:
                self.given += panel
                self.add(panel)
        return len(self.panels) > before

    def weigh(self) -> float:
        """The lowest chance that the panels so far can give; leaves the weights that say so in `priced`."""
        for panel in list(self.panels)[self.rows :]:
            at = np.flatnonzero(panel)
            self.master.row(0, INFINITE, [*at, len(self.sizes)], [*(-float(panel[g]) for g in at), 1.0])
            self.rows += 1
        found = self.master.solved()
        self.priced = np.maximum(found[:-1], 0)
        self.priced /= self.priced @ self.sizes
        return float(found[-1])

    def price(self, lowest: float) -> bool:
        """Panels worth more than the lowest chance in the weights, which leads upward; or else a better bound. False where there is neither."""
        added = False
        for share in (0.0, 0.3, 0.6):
            weights = share * self.weights + (1 - share) * self.priced
            panel = self.split.panel(weights)
            if panel is not None and self.priced @ panel > lowest + 1e-9:
                added |= self.add(panel)
        if added:
            return True
        for share in (0.5, 0.0):
            weights = share * self.weights + (1 - share) * self.priced
            best = self.whole.best(weights)
            added |= self.add(best.composition)
            if best.bound < self.bound:
                added, self.bound, self.weights = True, best.bound, weights
        return added

    def closed(self) -> Lottery:
        """The lottery in whole tickets."""
        shares = np.maximum(np.array(self.master.getSolution().row_dual)[1:], 0)
        tickets = [int(share * TICKETS) for share in shares / shares.sum()]
        tickets[max(range(len(tickets)), key=tickets.__getitem__)] += TICKETS - sum(tickets)
        kept = [(panel, t) for panel, t in zip(self.panels, tickets, strict=True) if t]
        return Lottery(tuple(p for p, _ in kept), tuple(t for _, t in kept), self.bound, tuple(self.weights.tolist()), self.left_out)
