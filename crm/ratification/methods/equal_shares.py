"""Budget by equal shares: every voter has the same share of the money, and what they support is paid from their shares.

Source: Peters, Pierczyński, Skowron, Proportional Participatory Budgeting with Additive Utilities (2021); equalshares.net. Bought next is what
gives its supporters most for their money: with approvals, usefulness is the cost; with points, it is the points. What is left over is spent
by a named completion: `by_votes`; or `add_one`, where shares grow by one unit of money at a time as long as the projects still fit the
budget and another one would fit, and then by votes; or `none`.
"""

from collections.abc import Iterable
from fractions import Fraction

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods.book import Book
from crm.ratification.methods.budget_votes import fund_by_votes, problems_of_money
from crm.ratification.methods.contest import Ballots, Contest, amount
from crm.ratification.methods.purses import Buy, Purses, Supporters
from crm.ratification.methods.totals import totals_of_points

COMPLETIONS = {
    "by_votes": N_("What equal shares leaves is spent by votes."),
    "add_one": N_("Shares grow by one unit of money at a time while the projects fit the budget and one more would; what is left then is spent by votes."),
    "none": N_("What equal shares leaves is not spent."),
}


class EqualShares:
    """One round for each project that is bought."""

    name = "equal-shares"
    ballots = "support"

    def problems(self, contest: Contest) -> Iterable[Reason]:
        """Money, costs, and a completion that is known."""
        problems = problems_of_money(contest)
        if contest.completion not in COMPLETIONS:
            problems.append(Reason(N_("Choose what completes equal shares: by_votes, add_one or none.")))
        if contest.completion == "add_one" and contest.tie == "chair":
            problems.append(Reason(N_("Growing shares meet the same tie many times: state a list for ties, not the chair.")))
        return problems

    def count(self, contest: Contest, ballots: Ballots, book: Book) -> None:
        """Buys, completes, and says each step."""
        voters = sum(ballots.values())
        if not voters:
            return
        share = Fraction(contest.budget) / voters
        supporters = Supporters(contest, ballots)
        buys = _buy(supporters, share, book)
        if contest.completion == "add_one":
            share, buys = _grown(supporters, share, buys, book)
        book.say(COMPLETIONS[contest.completion])
        book.say(N_("Voters: %(voters)s. Each has a share of %(share)s."), voters=voters, share=about(share))
        votes = totals_of_points(contest, ballots)
        for buy in buys:
            book.say(
                N_("%(who)s is bought for %(cost)s: its supporters pay %(price)s each, or all they have left if that is less.")
                if contest.utility == "cost"
                else N_("%(who)s is bought for %(cost)s: its supporters pay %(price)s for each point, or all they have left if that is less."),
                who=book.name(buy.project), cost=amount(contest.costs[buy.project]), price=about(buy.price),
            )
            book.said += buy.ties
            book.elect(buy.project)
            book.close_round(votes, elected=(buy.project,))
        if not buys:
            book.say(N_("No project can be paid by its supporters alone."))
            book.close_round(votes)
        if contest.completion != "none":
            fund_by_votes(contest, votes, book, contest.budget - _spent(contest, buys))


def _buy(supporters: Supporters, share: Fraction, book: Book) -> list[Buy]:
    purses = Purses(supporters, share)
    buys = []
    while tied := purses.cheapest():
        project = book.first(tied)
        ties, book.said = tuple(book.said), []
        buys.append(purses.buy(project, ties))
    return buys


def _grown(supporters: Supporters, share: Fraction, buys: list[Buy], book: Book) -> tuple[Fraction, list[Buy]]:
    contest, wanted = supporters.contest, set(supporters.lowest)
    while True:
        bought, left = {b.project for b in buys}, contest.budget - _spent(contest, buys)
        if wanted <= bought or all(contest.costs[p] > left for p in contest.standing if p not in bought):
            break
        more = _buy(supporters, share + 1, book)
        if _spent(contest, more) > contest.budget:
            break
        share, buys = share + 1, more
    return share, buys


def _spent(contest: Contest, buys: list[Buy]) -> Fraction:
    return sum((contest.costs[b.project] for b in buys), Fraction(0))


def about(value: Fraction) -> str:
    """An exact amount, or one to four decimals that says so where the exact one would not be read."""
    value = Fraction(value)
    return amount(value) if value.denominator <= 10_000 else f"≈ {amount(Fraction(round(value * 10_000), 10_000))}"


METHOD = EqualShares()
