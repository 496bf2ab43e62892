"""Approval: each voter approves as many as they like; the most approved are elected."""

from collections.abc import Iterable

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods.book import Book
from crm.ratification.methods.contest import Ballots, Contest
from crm.ratification.methods.totals import fill_by_total


class Approval:
    """One approval is one vote."""

    name = "approval"
    ballots = "approval"

    def problems(self, contest: Contest) -> Iterable[Reason]:
        """Nothing of its own."""
        return ()

    def count(self, contest: Contest, ballots: Ballots, book: Book) -> None:
        """Sums approvals and fills the seats."""
        totals = dict.fromkeys(contest.standing, 0)
        for approved, times in ballots.items():
            for candidate in approved:
                if candidate in totals:
                    totals[candidate] += times
        fill_by_total(contest, totals, book, N_("%(who)s has the most approvals, %(total)s, and is elected."))


METHOD = Approval()
