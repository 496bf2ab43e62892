"""Counts a budget again, on its own: written from docs/counting.md. Projects are numbers from 1; every ballot approves some of them."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

Votes = dict[int, Fraction]


def fund(rule: Mapping[str, Any], ballots: list[dict[int, int]]) -> tuple[list[int], list[Votes]]:
    """The funded projects in their order, and the votes as they stand in every round; a round is one project that was looked at."""
    contest = rule["contest"]
    costs = {n: Fraction(cost) for n, cost in enumerate(contest["costs"], 1)}
    budget = Fraction(contest["budget"])
    votes = {n: Fraction(sum(n in ballot for ballot in ballots)) for n in costs}
    bought: list[int] = []
    rounds = 0
    if rule["method"] == "equal-shares":
        bought = _equal_shares(costs, budget / len(ballots), ballots)
        if contest["completion"] == "add_one":
            bought = _grown(costs, budget, ballots, bought)
        rounds = len(bought) or 1
        if contest["completion"] == "none":
            return bought, [votes] * rounds
    left = budget - sum((costs[n] for n in bought), Fraction(0))
    for n in sorted(costs, key=lambda n: (-votes[n], n)):
        if n in bought or not votes[n]:
            continue
        rounds += 1
        if costs[n] <= left:
            bought.append(n)
            left -= costs[n]
    return bought, [votes] * rounds


def _equal_shares(costs: Mapping[int, Fraction], share: Fraction, ballots: Iterable[dict[int, int]]) -> list[int]:
    """Bought next is the project whose supporters pay the smallest part of its cost each."""
    ballots = list(ballots)
    purses, bought = [share] * len(ballots), []
    while True:
        offers = []
        for n, cost in costs.items():
            who = [voter for voter, ballot in enumerate(ballots) if n in ballot]
            if n not in bought and sum(purses[voter] for voter in who) >= cost:
                price = _price(cost, sorted(purses[voter] for voter in who))
                offers.append((price / cost, n, price, who))
        if not offers:
            return bought
        _part, n, price, who = min(offers)
        for voter in who:
            purses[voter] -= min(price, purses[voter])
        bought.append(n)


def _price(cost: Fraction, purses: list[Fraction]) -> Fraction:
    """The same for everyone; who has less gives all, the poorest first."""
    for place, purse in enumerate(purses):
        if purse * (len(purses) - place) >= cost:
            return cost / (len(purses) - place)
        cost -= purse
    return purses[-1]


def _grown(costs: Mapping[int, Fraction], budget: Fraction, ballots: list[dict[int, int]], bought: list[int]) -> list[int]:
    """Shares grow by one unit at a time while the projects fit the budget and one more would."""
    share, wanted = budget / len(ballots), {n for ballot in ballots for n in ballot}
    while True:
        left = budget - sum((costs[n] for n in bought), Fraction(0))
        if wanted <= set(bought) or all(costs[n] > left for n in costs if n not in bought):
            return bought
        share += 1
        more = _equal_shares(costs, share, ballots)
        if sum((costs[n] for n in more), Fraction(0)) > budget:
            return bought
        bought = more
