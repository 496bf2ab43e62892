"""Single transferable vote as Scottish councils count it: weighted inclusive Gregory transfers, five decimals, the rest ignored.

Source: Scottish Local Government Elections Order 2007, schedule 1, rules 45–52. Votes are whole numbers of a hundred-thousandth, so the
arithmetic is exact. A Hare quota may be chosen instead of the law's Droop quota; reserved seats exclude who can no longer be elected
and keep who must not be excluded.
"""

from collections.abc import Iterable
from fractions import Fraction

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods.book import Book
from crm.ratification.methods.contest import Ballots, Contest, amount
from crm.ratification.methods.piles import deal, lay
from crm.ratification.methods.reserved import Seats


class StvScottish:
    """One round for each surplus and each exclusion."""

    name = "stv-scottish"
    ballots = "ranking"

    def __init__(self, decimals: int = 5):
        """The law's five decimals; more show that a result does not hang on what five ignore."""
        self.one = 10**decimals

    def problems(self, contest: Contest) -> Iterable[Reason]:
        """Nothing of its own."""
        return ()

    def count(self, contest: Contest, ballots: Ballots, book: Book) -> None:
        """Rules 45 to 52."""
        stage = _Stages(contest, ballots, book, self.one)
        while not stage.is_complete():
            stage.transfer_surplus() or stage.exclude()


class _Stages:
    """The parcels on the table: papers by candidate and by the value at which they came."""

    def __init__(self, contest: Contest, ballots: Ballots, book: Book, one: int):
        self.book, self.seats, self.places, self.one = book, Seats(contest), contest.seats, one
        self.hopeful = set(contest.standing)
        self.parcels: dict[int, dict[int, dict]] = {c: {} for c in contest.standing}
        self.votes = dict.fromkeys(contest.standing, 0)
        self.pending: list[int] = []
        self.exhausted = self.lost = 0
        dealt, without = deal(ballots, self.hopeful)
        for c, papers in dealt.items():
            self.parcels[c][one] = papers
            self.votes[c] = sum(papers.values()) * one
        self.quota = self._quota(contest, sum(self.votes.values()) // one)
        if without:
            book.say(N_("Ballots that name nobody who stands, and do not count: %(ballots)s."), ballots=without)
        self._close({}, ())

    def _quota(self, contest: Contest, valid: int) -> int:
        if contest.quota == "hare":
            quota = -(-valid * self.one // contest.seats)
            text = N_("Valid ballots: %(valid)s. Seats: %(seats)s. The Hare quota is the one divided by the other: %(quota)s.")
        else:
            quota = (valid // (contest.seats + 1) + 1) * self.one
            text = N_(
                "Valid ballots: %(valid)s. Seats: %(seats)s. The Droop quota is the ballots divided by the seats and one more, "
                "without decimals, plus one: %(quota)s."
            )
        self.book.say(text, valid=valid, seats=contest.seats, quota=self._words(quota))
        return quota

    def is_complete(self) -> bool:
        """All seats are filled, by quota or because no more stand than seats are left (rule 52)."""
        left = self.places - len(self.book.winners)
        if left > 0 and len(self.hopeful) > left:
            return False
        if left > 0 and self.hopeful:
            rest = self.book.listed(self.hopeful, self.votes)
            self.book.say(N_("No more are left than seats, so they are elected: %(who)s."), who=self.book.names(rest))
            for c in rest:
                self.book.elect(c)
            self.hopeful.clear()
            self._close({}, (), elected=tuple(rest))
        return True

    def transfer_surplus(self) -> bool:
        """The largest surplus goes on, each paper at its value times surplus over votes, five decimals (rules 48, 49)."""
        self.pending = [c for c in self.pending if self.votes[c] > self.quota]
        if not self.pending or self._has_doomed():
            return False
        giver = self.book.highest(self.pending, self.votes)
        self.pending.remove(giver)
        had, surplus = self.votes[giver], self.votes[giver] - self.quota
        self.book.say(
            N_(
                "%(who)s has %(surplus)s more than the quota. Each ballot goes to its next choice at its value times "
                "%(surplus)s, divided by %(votes)s, to five decimals."
            ),
            who=self.book.name(giver), surplus=self._words(surplus), votes=self._words(had),
        )
        moved, without = self._move(giver, lambda value: value * surplus // had)
        self.votes[giver] = self.quota
        self.exhausted += without
        self.lost += surplus - sum(moved.values()) - without
        self._close(moved, (giver,))
        return True

    def exclude(self) -> None:
        """Who can no longer be elected, else the lowest who may go; papers keep their value (rules 50, 51)."""
        doomed = self.seats.doomed(self.book.winners, self.hopeful)
        if doomed:
            self.seats.tell_doomed(self.book, doomed)
            gone = doomed
        else:
            lowest = self.book.lowest(self.seats.excludable(self.book.winners, self.hopeful), self.votes)
            self.book.say(
                N_("%(who)s has the fewest votes, %(votes)s, and is excluded. Each ballot goes to its next choice at the value it has."),
                who=self.book.name(lowest), votes=self._words(self.votes[lowest]),
            )
            self.seats.tell_guarded(self.book, lowest, {c: self.votes[c] for c in self.hopeful})
            gone = [lowest]
        self.hopeful.difference_update(gone)
        moved: dict[int, int] = {}
        for c in gone:
            each, without = self._move(c, lambda value: value)
            self.exhausted += without
            del self.votes[c]
            for to, votes in each.items():
                moved[to] = moved.get(to, 0) + votes
        self._close(moved, tuple(gone), excluded=tuple(gone))

    def _move(self, giver: int, worth) -> tuple[dict[int, int], int]:
        moved: dict[int, int] = {}
        exhausted = 0
        for value, papers in self.parcels.pop(giver).items():
            new = worth(value)
            dealt, without = deal(papers, self.hopeful)
            exhausted += without * new
            for c, more in dealt.items():
                moved[c] = moved.get(c, 0) + sum(more.values()) * new
                if pile := self.parcels[c].get(new):
                    lay(pile, more)
                else:
                    self.parcels[c][new] = more
        for c, votes in moved.items():
            self.votes[c] += votes
        return moved, exhausted

    def _has_doomed(self) -> bool:
        return bool(self.seats.doomed(self.book.winners, self.hopeful))

    def _reach_quota(self) -> list[int]:
        """Who reaches the quota, the most votes first, as long as the seat may be theirs (rule 47)."""
        elected: list[int] = []
        while len(self.book.winners) < self.places:
            barred = self.seats.doomed(self.book.winners, self.hopeful)
            reached = [c for c in self.hopeful if self.votes[c] >= self.quota and c not in barred]
            if not reached:
                break
            chosen = self.book.highest(reached, self.votes) if self.seats.reserved else self.book.listed(reached, self.votes)[0]
            self.book.say(N_("%(who)s reaches the quota with %(votes)s and is elected."), who=self.book.name(chosen), votes=self._words(self.votes[chosen]))
            self.book.elect(chosen)
            self.hopeful.discard(chosen)
            self.pending.append(chosen)
            elected.append(chosen)
        return elected

    def _close(self, moved: dict[int, int], moved_from: tuple[int, ...], elected: tuple[int, ...] = (), excluded: tuple[int, ...] = ()) -> None:
        self.book.close_round(
            {c: self._exact(votes) for c, votes in self.votes.items()},
            elected=elected or tuple(self._reach_quota()), excluded=excluded, moved_from=moved_from,
            moved_to={c: self._exact(votes) for c, votes in moved.items()},
            exhausted=self._exact(self.exhausted), rounded_away=self._exact(self.lost), quota=self._exact(self.quota),
        )

    def _exact(self, votes: int) -> Fraction | int:
        return Fraction(votes, self.one) if votes % self.one else votes // self.one

    def _words(self, votes: int) -> str:
        return amount(Fraction(votes, self.one))


METHOD = StvScottish()
