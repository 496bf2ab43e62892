"""Purses of voters for equal shares: voters with equal ballots share one, in whole numbers of one common fraction of money."""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from crm.kernel.refusal import Reason
from crm.ratification.methods.contest import Ballots, Contest


@dataclass(frozen=True)
class Buy:
    """A project that was bought, what a supporter paid (each, or for a point), and how a tie was broken."""

    project: int
    price: Fraction
    ties: tuple[Reason, ...] = ()


class Supporters:
    """Who supports what and how much it is worth to them: the same whatever the purses hold."""

    def __init__(self, contest: Contest, ballots: Ballots):
        self.contest = contest
        self.times = list(ballots.values())
        self.scale = 1 if contest.utility == "cost" else lcm(*(Fraction(points).denominator for ballot in ballots for _, points in ballot), 1)
        self.of: dict[int, list[tuple[int, int]]] = {p: [] for p in contest.standing}
        for purse, ballot in enumerate(ballots):
            for project, points in ballot:
                if points > 0 and project in self.of:
                    self.of[project].append((purse, 1 if contest.utility == "cost" else int(points * self.scale)))
        self.lowest = {
            p: self.value(p, Fraction(contest.costs[p], sum(self.times[purse] * useful for purse, useful in who)))
            for p, who in self.of.items()
            if who
        }

    def value(self, project: int, price: Fraction) -> Fraction:
        """What a supporter pays for what it is worth: with approvals, a project is worth what it costs."""
        return price / self.contest.costs[project] if self.contest.utility == "cost" else price


class Purses:
    """How much every voter has left. Prices only rise as purses empty, so the last price of a project is a lower bound."""

    def __init__(self, supporters: Supporters, share: Fraction):
        self.supporters, self.costs = supporters, supporters.contest.costs
        self.unit = share.denominator  # purses count in 1/unit of money
        self.left = [share.numerator] * len(supporters.times)
        self.bounds = dict(supporters.lowest)
        self.prices: dict[int, Fraction] = {}

    def cheapest(self) -> list[int]:
        """The projects that cost their supporters least for what they are worth to them; empty when none can be paid."""
        best, tied = None, []
        for project, bound in sorted(self.bounds.items(), key=lambda item: item[1]):
            if best is not None and bound > best:
                break
            price = self._price(project)
            if price is None:
                del self.bounds[project]
                continue
            self.prices[project] = price
            value = self.bounds[project] = self.supporters.value(project, price)
            if best is None or value < best:
                best, tied = value, [project]
            elif value == best:
                tied.append(project)
        return sorted(tied)

    def buy(self, project: int, ties: tuple[Reason, ...]) -> Buy:
        """Takes what each supporter pays."""
        del self.bounds[project]
        price = self.prices[project]
        finer = price * self.unit
        times = finer.denominator
        if times > 1:
            self.unit *= times
            self.left = [left * times for left in self.left]
        step = finer.numerator
        for purse, useful in self.supporters.of[project]:
            self.left[purse] -= min(self.left[purse], step * useful)
        self._shorten()
        return Buy(project, price * self.supporters.scale, ties)

    def _shorten(self) -> None:
        if (common := gcd(self.unit, *set(self.left))) > 1:
            self.unit //= common
            self.left = [left // common for left in self.left]

    def _price(self, project: int) -> Fraction | None:
        """What one unit of usefulness costs: who cannot pay it gives all, the others pay for them."""
        left, times, who = self.left, self.supporters.times, self.supporters.of[project]
        common = lcm(*{useful for _, useful in who})
        purses: dict[int, list[int]] = {}
        for purse, useful in who:
            key = left[purse] if useful == common else left[purse] * (common // useful)
            there = purses.get(key)
            if there is None:
                purses[key] = there = [0, 0]
            there[0] += times[purse] * left[purse]
            there[1] += times[purse] * useful
        cost = self.costs[project] * self.unit
        weight = sum(each[1] for each in purses.values())
        for key in sorted(purses):
            if key * weight >= cost * common:
                return Fraction(cost, weight * self.unit)
            cost -= purses[key][0]
            weight -= purses[key][1]
        return None
