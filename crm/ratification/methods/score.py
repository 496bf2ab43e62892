"""Score: each voter gives points to each; who has the most points is elected. No points count as none."""

from collections.abc import Iterable

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods.book import Book
from crm.ratification.methods.contest import Ballots, Contest
from crm.ratification.methods.totals import fill_by_total, totals_of_points


class Score:
    """Points are summed, not averaged: leaving somebody out is giving none."""

    name = "score"
    ballots = "points"

    def problems(self, contest: Contest) -> Iterable[Reason]:
        """Nothing of its own."""
        return ()

    def count(self, contest: Contest, ballots: Ballots, book: Book) -> None:
        """Sums points and fills the seats."""
        fill_by_total(
            contest, totals_of_points(contest, ballots), book, N_("%(who)s has the most points, %(total)s, and is elected.")
        )


METHOD = Score()
