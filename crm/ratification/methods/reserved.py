"""Reserved seats: who may still be elected, and who may not be excluded, so that each group can still have its seats.

Source: guarding and dooming, as the Church of England's elections and the Electoral Reform Society do it with several groups at once: I. D. Hill,
"STV with constraints", Voting matters 9 (1998). After every election and exclusion, whoever is in no way of filling the seats that are left is
doomed and goes at once; whoever is in all of them is guarded and is not excluded. The ways are not listed: `_can_meet` looks for one.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods.book import Book
from crm.ratification.methods.contest import Contest


class Seats:
    """The seats of a contest and the groups that some are reserved for. Someone may count for several groups."""

    def __init__(self, contest: Contest):
        self.reserved, self.seats = contest.reserved, contest.seats
        self._kinds = {
            c: tuple(c in r.members for r in self.reserved) for c in range(len(contest.candidates))
        }

    def can_fill(self, elected: Iterable[int], hopeful: Iterable[int]) -> bool:
        """Whether the seats that are left can be filled from the hopeful so that every group has its seats."""
        if not self.reserved:
            return True
        elected, hopeful = list(elected), list(hopeful)
        left = min(self.seats - len(elected), len(hopeful))
        needs = tuple(max(0, r.at_least - sum(c in r.members for c in elected)) for r in self.reserved)
        return left >= 0 and _can_meet(left, needs, tuple(sorted(Counter(self._kinds[c] for c in hopeful).items(), key=lambda item: (-sum(item[0]), item))))

    def doomed(self, elected: Iterable[int], hopeful: Iterable[int]) -> list[int]:
        """Who can no longer be elected, since the seats that are left are needed for a group."""
        elected, hopeful = list(elected), list(hopeful)
        if not self.reserved or len(elected) >= self.seats:
            return []
        return self._those(hopeful, lambda c: not self.can_fill([*elected, c], [h for h in hopeful if h != c]))

    def excludable(self, elected: Iterable[int], hopeful: Iterable[int]) -> list[int]:
        """Who can go without a group losing its seats."""
        elected, hopeful = list(elected), list(hopeful)
        return self._those(hopeful, lambda c: self.can_fill(elected, [h for h in hopeful if h != c])) if self.reserved else hopeful

    def _those(self, hopeful: list[int], is_so: Callable[[int], bool]) -> list[int]:
        """For whom it is so; it is the same for all who count for the same groups."""
        of = cache(lambda kind: is_so(next(c for c in hopeful if self._kinds[c] == kind)))
        return [c for c in sorted(hopeful) if of(self._kinds[c])]

    def tell_doomed(self, book: Book, doomed: Iterable[int]) -> None:
        """Says why somebody can no longer be elected."""
        for c in doomed:
            book.say(
                N_("%(who)s can no longer be elected: the seats that are left are reserved (%(groups)s)."),
                who=book.name(c), groups=self._groups_without(c),
            )

    def tell_guarded(self, book: Book, chosen: int, votes) -> None:
        """Says why somebody with fewer votes than the excluded one stays."""
        guarded = [c for c in votes if c not in book.winners and votes[c] < votes[chosen]]
        if guarded and self.reserved:
            book.say(N_("These have fewer votes and stay, since reserved seats need them: %(who)s."), who=book.names(guarded))

    def _groups_without(self, candidate: int) -> str:
        return ", ".join(f"{r.group} ≥ {r.at_least}" for r in self.reserved if candidate not in r.members)


def _can_meet(left: int, needs: tuple[int, ...], kinds: tuple[tuple[tuple[bool, ...], int], ...]) -> bool:
    """Whether so many of these kinds of people can meet all needs."""

    def after(needs: tuple[int, ...], kind: tuple[bool, ...], taken: int) -> tuple[int, ...]:
        return tuple(max(0, n - taken) if of else n for n, of in zip(needs, kind, strict=True))

    @cache
    def meets(at: int, left: int, needs: tuple[int, ...]) -> bool:
        if not any(needs):
            return True
        if max(needs) > left or any(n > sum(there for kind, there in kinds[at:] if kind[place]) for place, n in enumerate(needs)):
            return False
        kind, there = kinds[at]
        return any(meets(at + 1, left - taken, after(needs, kind, taken)) for taken in range(min(there, left), -1, -1))

    return meets(0, left, needs)


def problems_of_reserved(contest: Contest) -> list[Reason]:
    """What stands against the reserved seats before a vote opens."""
    problems, standing = [], contest.standing
    for r in contest.reserved:
        there = sum(c in r.members for c in standing)
        if r.at_least > contest.seats:
            problems.append(Reason(N_("More seats are reserved for %(group)s than there are seats."), {"group": r.group}))
        if there < r.at_least:
            problems.append(
                Reason(
                    N_("Seats reserved for %(group)s: %(seats)s. Only %(there)s of that group stand."),
                    {"group": r.group, "seats": r.at_least, "there": there},
                )
            )
    if not problems and not Seats(contest).can_fill((), standing):
        problems.append(Reason(N_("The reserved seats together cannot be filled from those who stand.")))
    return problems
