"""Single transferable vote by Meek: every elected candidate keeps just the share of each ballot that makes the quota.

Source: the Proportional Representation Foundation's reference Meek rule: nine decimals, votes kept are rounded up, the quota falls
as ballots run out, shares are found by repetition until the surplus is under a millionth. All in whole numbers of a billionth.
"""

from collections.abc import Iterable
from fractions import Fraction

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods.book import Book
from crm.ratification.methods.contest import Ballots, Contest, amount
from crm.ratification.methods.reserved import Seats

ONE = 10**9  # one vote
OMEGA = ONE // 10**6


class StvMeek:
    """One round for each election and each exclusion."""

    name = "stv-meek"
    ballots = "ranking"

    def problems(self, contest: Contest) -> Iterable[Reason]:
        """Nothing of its own."""
        return ()

    def count(self, contest: Contest, ballots: Ballots, book: Book) -> None:
        """Steps B.1 to C of the reference rule."""
        meek = _Meek(contest, ballots, book)
        while len(meek.hopeful) > contest.seats - len(book.winners) > 0:
            meek.round()
        if meek.hopeful and len(book.winners) < contest.seats:
            if not meek.votes:  # as many seats as stand: nobody was elected or excluded before
                meek.distribute()
            rest = book.listed(meek.hopeful, meek.votes)
            book.say(N_("No more are left than seats, so they are elected: %(who)s."), who=book.names(rest))
            for c in rest:
                book.elect(c)
            meek.close(elected=tuple(rest))


class _Meek:
    def __init__(self, contest: Contest, ballots: Ballots, book: Book):
        self.contest, self.book, self.seats = contest, book, Seats(contest)
        self.hopeful = set(contest.standing)
        self.keep = dict.fromkeys(contest.standing, ONE)
        self.total = sum(ballots.values()) * ONE
        self.papers = _tree(ballots, self.hopeful)
        self.votes: dict[int, int] = {}
        self.quota = self.surplus = 0

    def round(self) -> None:
        """Distributes until somebody is elected or the surplus is as good as gone; then the lowest goes."""
        before = self.total
        while True:
            self.distribute()
            elected = self._reach_quota()
            self.surplus = max(0, sum(self.votes[c] - self.quota for c in self.book.winners))
            if elected:
                self.close(elected=tuple(elected))
                return
            if self.surplus < OMEGA or self.surplus >= before or self.seats.doomed(self.book.winners, self.hopeful):
                break
            before = self.surplus
            for c in self.book.winners:
                self.keep[c] = _up(_up(self.keep[c] * self.quota, ONE) * ONE, self.votes[c])
        self._exclude()

    def distribute(self) -> None:
        """Gives every ballot's votes at the shares as they are, and the quota that follows."""
        self.votes = dict.fromkeys([*self.hopeful, *self.book.winners], 0)
        _give(self.papers, ONE, self.keep, self.votes)
        counted = sum(self.votes.values())
        if self.contest.quota == "hare":
            self.quota = _up(counted, self.contest.seats)
        else:
            self.quota = counted // (self.contest.seats + 1) + 1

    def _reach_quota(self) -> list[int]:
        elected: list[int] = []
        while len(self.book.winners) < self.contest.seats:
            barred = self.seats.doomed(self.book.winners, self.hopeful)
            reached = [c for c in self.hopeful if self.votes[c] >= self.quota and c not in barred]
            if not reached:
                break
            chosen = self.book.highest(reached, self.votes) if self.seats.reserved else self.book.listed(reached, self.votes)[0]
            self.book.say(
                N_("%(who)s reaches the quota of %(quota)s with %(votes)s and is elected, and from now on keeps only what makes the quota."),
                who=self.book.name(chosen), quota=_words(self.quota), votes=_words(self.votes[chosen]),
            )
            self.book.elect(chosen)
            self.hopeful.discard(chosen)
            elected.append(chosen)
        return elected

    def _exclude(self) -> None:
        gone = self.seats.doomed(self.book.winners, self.hopeful)
        if gone:
            self.seats.tell_doomed(self.book, gone)
        else:
            lowest = self.book.lowest(self.seats.excludable(self.book.winners, self.hopeful), self.votes, within=self.surplus)
            self.book.say(
                N_("%(who)s has the fewest votes, %(votes)s, and is excluded. Each ballot goes on as if they had not stood."),
                who=self.book.name(lowest), votes=_words(self.votes[lowest]),
            )
            self.seats.tell_guarded(self.book, lowest, {c: self.votes[c] for c in self.hopeful})
            gone = [lowest]
        self.close(excluded=tuple(gone))
        self.hopeful.difference_update(gone)
        for c in gone:
            self.keep[c] = 0
            del self.votes[c]

    def close(self, **facts) -> None:
        """Ends a round; what nobody keeps is exhausted."""
        self.book.close_round(
            {c: Fraction(votes, ONE) for c, votes in self.votes.items()},
            exhausted=Fraction(self.total - sum(self.votes.values()), ONE), quota=Fraction(self.quota, ONE), **facts,
        )


def _tree(ballots: Ballots, standing: set[int]) -> dict:
    """Rankings as a tree: candidate → [how many go through here, what follows]; one walk gives every ballot its votes."""
    root: dict[int, list] = {}
    for ranking, times in ballots.items():
        at = root
        for candidate in ranking:
            if candidate in standing:
                node = at.get(candidate)
                if node is None:
                    node = at[candidate] = [0, {}]
                node[0] += times
                at = node[1]
    return root


def _give(tree: dict, weight: int, keep: dict[int, int], votes: dict[int, int]) -> None:
    """Gives each candidate on the way its share of the weight, rounded up, and the rest to who follows."""
    for candidate, (times, after) in tree.items():
        share = keep[candidate]
        if share == ONE:
            votes[candidate] += weight * times
            continue
        kept = _up(weight * share, ONE)
        if kept:
            votes[candidate] += kept * times
        if after and weight > kept:
            _give(after, weight - kept, keep, votes)


def _up(value: int, by: int) -> int:
    return -(-value // by)


def _words(votes: int) -> str:
    return amount(Fraction(votes, ONE))


METHOD = StvMeek()
