"""The plain draw: the list in a random order, and each person seated whose seat leaves the quotas within reach."""

import numpy as np

from crm.assemblies.lottery.chance import Chance
from crm.assemblies.lottery.pool import Pool
from crm.assemblies.lottery.programme import Programme
from crm.assemblies.lottery.rounding import Rounding


def draw_exact(pool: Pool, seed: str) -> list[int] | None:
    """A panel that keeps every quota exactly, as places in the list of people; None where no panel can.

    The method, for whoever wants to run it again: sort the people by id, put them into random order by the seed (chance.py), and go down the
    list once. A person is passed over if somebody of their household sits already, or if no panel that keeps all quotas contains those who
    sit and this person; else they sit. Whether such a panel exists is a question of yes or no, answered by an integer programme, so the
    panel does not depend on the solver, its version or the machine. Nobody who was passed over could have come back later (a panel that
    grows leaves fewer ways to go on), hence the walk always ends with every seat filled. The question is put at most
    once for each group and each seat, and not at all while a panel found earlier answers it.

    What is even: the order is uniform among all orders, so people alike in features and household have the same chance, exactly; so has
    everyone where quotas do not bind. What is not: neither all panels nor all people have the same chance; those whom quotas make scarce
    have more and those whom they crowd have less, as quotas require, but not as evenly as is possible. For that there is maximin."""
    order = Chance(seed).shuffled(sorted(range(len(pool.people)), key=lambda n: pool.people[n].id))
    reach, taken = _Reach(pool, order), [0] * len(pool.groups)
    if not reach.has(taken):
        return None
    home_of = {n: at for at, home in enumerate(pool.homes) for n in home}
    used, closed, panel = set(), set(), []
    for n in order:
        g = pool.group_of[n]
        if g in closed or home_of[n] in used:
            continue
        taken[g] += 1
        if reach.has(taken):
            used.add(home_of[n])
            panel.append(n)
        else:
            taken[g] -= 1
            closed.add(g)
    return panel


class _Reach:
    """Whether some panel has at least so many seats of each group. The answer is kept as a panel, made of those who come first in the
    order as far as may be, for it answers the next questions too."""

    def __init__(self, pool: Pool, order: list[int]):
        self.programme, self.rounding = Programme(pool), Rounding(pool)
        self.seats, self.features = pool.seats, []
        for feature in pool.features:
            limits = [limit for limit in pool.limits if limit.quota and limit.quota.feature == feature]
            members = np.array([[g in limit.groups for g in range(len(pool.groups))] for limit in limits], int)
            self.features.append((members, np.array([limit.least for limit in limits]), np.array([limit.most for limit in limits])))
        self.worth, self.seen = np.zeros(len(pool.groups)), None
        for place, n in enumerate(order):
            g = pool.group_of[n]
            self.worth[g] = max(self.worth[g], 1 - place / len(order))

    def has(self, taken: list[int]) -> bool:
        if not self._each_feature_alone(np.array(taken)):
            return False
        if self.seen is None or any(seats < least for seats, least in zip(self.seen, taken, strict=True)):
            floor = np.array(taken, float)
            found = self.rounding.panel(self.worth, floor) or self.programme.with_at_least(taken)
            if found is None:
                return False
            self.seen = found
        return True

    def _each_feature_alone(self, taken: np.ndarray) -> bool:
        """Necessary, and quickly seen: no value above its most, and seats left for what every feature's values still lack."""
        left = self.seats - taken.sum()
        for members, least, most in self.features:
            seated = members @ taken
            if (seated > most).any() or np.maximum(least - seated, 0).sum() > left:
                return False
        return True
