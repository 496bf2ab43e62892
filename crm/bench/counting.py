"""Counting: 100,000 ranked ballots for three seats, every round explained, beside looking at each ballot once."""

import random
from collections import Counter

from crm.bench.lists import median_of
from crm.bench.stage import Stage
from crm.ratification.methods.contest import Contest, Ranking
from crm.ratification.methods.counting import count

STRENGTHS = (8, 7, 6, 5, 4, 3, 2, 1)


def ranked_ballots(n: int) -> list[Ranking]:
    """Ballots that rank from one to eight candidates of unlike strength; the same ones in every run."""
    chance = random.Random(7)
    ballots = []
    for _ in range(n):
        left: list[int] = list(range(len(STRENGTHS)))
        ranking: list[int] = []
        for _ in range(chance.randint(1, len(STRENGTHS))):
            ranking.append(chance.choices(left, [STRENGTHS[c] for c in left])[0])
            left.remove(ranking[-1])
        ballots.append(tuple(ranking))
    return ballots


def counted(on: Stage, n: int = 100_000) -> tuple[float, str, float, int]:
    """Milliseconds (median) from a list of ballots to the winners by Scottish rules, beside grouping the equal ones and no more."""
    ballots = ranked_ballots(n)
    contest = Contest(tuple("ABCDEFGH"), 3)
    counted = median_of(lambda: count("stv-scottish", contest, Counter(ballots)))
    return counted, "ms", median_of(lambda: Counter(ballots)), n
