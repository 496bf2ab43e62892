"""What a budget funds, counted a second time for verify_board.py; written from docs/counting.md, and it needs Python alone.

Projects are numbers from 1, a ballot is the set of those that its voter approves. Money is exact: nothing is rounded.
"""
from fractions import Fraction


def fund(method, contest, ballots):
    """The funded projects, in the order in which they are bought."""
    costs = {n: Fraction(str(cost)) for n, cost in enumerate(contest["costs"], 1)}
    money, supporters = Fraction(str(contest["budget"])), {n: [v for v, ballot in enumerate(ballots) if n in ballot] for n in costs}
    bought, wanted = [], [n for n in costs if supporters[n]]
    if method == "equal-shares" and wanted:
        share = money / len(ballots)
        bought = together(costs, supporters, [share] * len(ballots))
        while contest["completion"] == "add_one" and set(bought) < set(wanted) and any(fits(n, costs, bought, money) for n in costs):
            share += 1
            more = together(costs, supporters, [share] * len(ballots))
            if sum(costs[n] for n in more) > money:
                break
            bought = more
        if contest["completion"] == "none":
            return bought
    for n in sorted(wanted, key=lambda n: (-len(supporters[n]), n)):
        if fits(n, costs, bought, money):
            bought.append(n)
    return bought


def fits(n, costs, bought, money):
    """Whether a project that is not bought yet can be paid from what is left."""
    return n not in bought and costs[n] + sum(costs[o] for o in bought) <= money


def together(costs, supporters, purses):
    """Equal shares: bought next is what asks of its supporters the smallest part of its cost each; of equal ones, what stands first on the ballot."""
    bought, at_least = [], dict.fromkeys(costs, 0)  # purses only shrink, so a project never asks for a smaller part than it did
    while at_least:
        best = None
        for n in sorted(at_least, key=lambda n: (at_least[n], n)):
            if best and best < (at_least[n], n):
                break
            most = price(costs[n], sorted(purses[v] for v in supporters[n]))
            if most is None:
                del at_least[n]  # nor can its supporters pay it later
                continue
            at_least[n] = most / costs[n]
            best = min(best or (at_least[n], n), (at_least[n], n))
        if best:
            part, n = best
            for v in supporters[n]:
                purses[v] -= min(purses[v], part * costs[n])
            bought.append(n)
            del at_least[n]
    return bought


def price(cost, purses):
    """What each pays at most, where whoever has less gives all; None where all together have too little."""
    for place, purse in enumerate(purses):
        if purse * (len(purses) - place) >= cost:
            return cost / (len(purses) - place)
        cost -= purse
    return None
