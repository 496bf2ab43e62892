"""Budget by votes: projects in the order of their votes, each funded if it still fits, else passed over.

Source: the rule of most participatory budgets in the United States and Poland. Where ballots give points, points are the votes.
"""

from collections.abc import Iterable
from fractions import Fraction

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods.book import Book
from crm.ratification.methods.contest import Ballots, Contest, amount
from crm.ratification.methods.totals import totals_of_points


class BudgetByVotes:
    """One round for each project that is looked at."""

    name = "budget-votes"
    ballots = "support"

    def problems(self, contest: Contest) -> Iterable[Reason]:
        """Money and costs must be there."""
        return problems_of_money(contest)

    def count(self, contest: Contest, ballots: Ballots, book: Book) -> None:
        """Looks at one project after another."""
        fund_by_votes(contest, totals_of_points(contest, ballots), book, contest.budget)


METHOD = BudgetByVotes()


def fund_by_votes(contest: Contest, votes: dict[int, int], book: Book, money: Fraction) -> None:
    """Funds what is not funded yet by votes as far as the money goes; nobody's vote is nobody's wish."""
    waiting = [p for p in contest.standing if p not in book.winners and votes[p] > 0]
    while waiting:
        project = book.highest(waiting, votes)
        waiting.remove(project)
        cost = contest.costs[project]
        words = {"who": book.name(project), "votes": amount(votes[project]), "cost": amount(cost), "left": amount(money)}
        if cost > money:
            book.say(N_("%(who)s is next with %(votes)s votes. It costs %(cost)s and %(left)s is left, so it is passed over."), **words)
            book.close_round(votes, excluded=(project,))
            continue
        book.say(N_("%(who)s is next with %(votes)s votes. It costs %(cost)s of the %(left)s that is left, and is funded."), **words)
        book.elect(project)
        money -= cost
        book.close_round(votes, elected=(project,))


def problems_of_money(contest: Contest) -> list[Reason]:
    """What is missing to spend money by votes."""
    problems = []
    if len(contest.costs) != len(contest.candidates) or contest.budget <= 0:
        problems.append(Reason(N_("This method needs a budget and what each project costs, as a .pb file has them.")))
    elif free := [contest.candidates[p] for p in contest.standing if contest.costs[p] <= 0]:
        problems.append(Reason(N_("These projects cost nothing, so there is nothing to decide: %(who)s."), {"who": ", ".join(free)}))
    if contest.reserved:
        problems.append(Reason(N_("Projects have no reserved seats.")))
    return problems
