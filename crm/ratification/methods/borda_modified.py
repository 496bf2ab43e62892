"""Modified Borda count: who ranks n options gives n points to the first, n - 1 to the next, one to the last.

Ranking only one gives it a single point, so nobody gains by ranking fewer (Peter Emerson, The Original Borda Count and
Partial Voting, 2013).
"""

from collections.abc import Iterable

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods.book import Book
from crm.ratification.methods.contest import Ballots, Contest
from crm.ratification.methods.totals import fill_by_total


class BordaModified:
    """Points by how many a voter ranked, of those who stand."""

    name = "borda-modified"
    ballots = "ranking"

    def problems(self, contest: Contest) -> Iterable[Reason]:
        """Nothing of its own."""
        return ()

    def count(self, contest: Contest, ballots: Ballots, book: Book) -> None:
        """Sums the points and fills the seats."""
        totals = dict.fromkeys(contest.standing, 0)
        for ranking, times in ballots.items():
            ranked = [c for c in ranking if c in totals]
            for points, candidate in enumerate(reversed(ranked), 1):
                totals[candidate] += points * times
        fill_by_total(contest, totals, book, N_("%(who)s has the most points, %(total)s, and is elected."))


METHOD = BordaModified()
