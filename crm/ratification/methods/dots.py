"""Dots: each voter has so many dots and puts them where they like, several on one too; the most dots are chosen."""

from collections.abc import Iterable

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods.book import Book
from crm.ratification.methods.contest import Ballots, Contest
from crm.ratification.methods.totals import fill_by_total, totals_of_points


class Dots:
    """A ballot with more dots than a voter has does not count, and the first round says how many there were."""

    name = "dots"
    ballots = "points"

    def problems(self, contest: Contest) -> Iterable[Reason]:
        """How many dots a voter has must be stated."""
        return () if contest.most else (Reason(N_("Say how many dots each voter has.")),)

    def count(self, contest: Contest, ballots: Ballots, book: Book) -> None:
        """Sums the dots of valid ballots and fills the seats."""
        valid = {ballot: times for ballot, times in ballots.items() if sum(points for _, points in ballot) <= contest.most}
        if spoiled := sum(ballots.values()) - sum(valid.values()):
            book.say(
                N_("Not counted, with more than %(most)s dots on one ballot: %(ballots)s."), most=contest.most, ballots=spoiled
            )
        fill_by_total(
            contest, totals_of_points(contest, valid), book, N_("%(who)s has the most dots, %(total)s, and is chosen.")
        )


METHOD = Dots()
