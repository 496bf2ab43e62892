"""Ranked choice for one seat (instant runoff): the last is excluded until somebody has more than half of what still counts.

Sources: Robert's Rules of Order Newly Revised 45:62 (preferential voting); a tie for last goes to an earlier round first.
"""

from collections.abc import Iterable

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods.book import Book
from crm.ratification.methods.contest import Ballots, Contest
from crm.ratification.methods.piles import deal, lay


class InstantRunoff:
    """One round for each exclusion."""

    name = "irv"
    ballots = "ranking"

    def problems(self, contest: Contest) -> Iterable[Reason]:
        """It fills one seat."""
        if contest.seats != 1:
            yield Reason(N_("This method fills one seat. For several, choose stv-scottish or stv-meek."))
        if contest.reserved:
            yield Reason(N_("One seat cannot be reserved: let only those stand who may be elected."))

    def count(self, contest: Contest, ballots: Ballots, book: Book) -> None:
        """Excludes and transfers until one has a majority."""
        continuing = set(contest.standing)
        dealt, exhausted = deal(ballots, continuing)
        piles = {c: dealt.get(c, {}) for c in contest.standing}
        votes = {c: sum(pile.values()) for c, pile in piles.items()}
        book.say(N_("First choices are counted."))
        facts: dict = {}
        while continuing:
            base = sum(votes[c] for c in continuing)
            leader = max(continuing, key=votes.__getitem__)
            if 2 * votes[leader] > base or len(continuing) == 1:
                book.say(
                    N_("%(who)s has %(votes)s of the %(base)s ballots that still count, more than half, and is elected."),
                    who=book.name(leader), votes=votes[leader], base=base,
                )
                book.elect(leader)
                book.close_round(votes, elected=(leader,), exhausted=exhausted, **facts)
                return
            book.close_round(votes, exhausted=exhausted, **facts)
            loser = book.lowest(continuing, votes)
            book.say(
                N_("%(who)s has the fewest votes, %(votes)s, and is excluded. Each ballot goes to its next choice."),
                who=book.name(loser), votes=votes[loser],
            )
            continuing.discard(loser)
            dealt, without = deal(piles.pop(loser), continuing)
            exhausted += without
            del votes[loser]
            for c, papers in dealt.items():
                lay(piles[c], papers)
                votes[c] += sum(papers.values())
            facts = {
                "excluded": (loser,), "moved_from": (loser,),
                "moved_to": {c: sum(papers.values()) for c, papers in dealt.items()},
            }


METHOD = InstantRunoff()
