"""A contest: who or what stands, how many seats or how much money, and what its rule says about ties and reserved seats.

Everything here is stated before opening; a count takes it with the ballots and adds nothing of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

from crm.kernel.refusal import Reason

Ranking = tuple[int, ...]  # candidates by their place in the list, the first choice first
Points = tuple[tuple[int, Fraction | int], ...]  # a candidate and the points it is given
Ballots = Mapping[Any, int]  # equal ballots once, with how many there are
Votes = Mapping[int, Fraction | int]


@dataclass(frozen=True)
class Reserved:
    """Seats of a group: at least so many of the elected belong to it."""

    group: str
    members: frozenset[int]
    at_least: int


@dataclass(frozen=True)
class Contest:
    """What is frozen before a vote between candidates, options or projects opens."""

    candidates: tuple[str, ...]
    seats: int = 1
    title: str = ""
    withdrawn: frozenset[int] = frozenset()
    quota: str = "droop"  # or hare
    earlier_rounds: bool = True  # a tie goes first to who had more in an earlier round
    tie: str = "list"  # then to who stands first in the list, or: chair
    order: tuple[int, ...] = ()  # the list for ties, if it is not that of the candidates
    chair: tuple[int, ...] = ()  # what the chair has decided so far, tie by tie
    reserved: tuple[Reserved, ...] = ()
    most: int | None = None  # the highest score, or the dots of one voter
    costs: tuple[Fraction, ...] = ()
    budget: Fraction = Fraction(0)
    utility: str = "cost"  # what a funded project is worth to who approves it; or points, where ballots give points
    completion: str = "by_votes"  # what equal shares leaves goes by votes; or: add_one, none

    @property
    def standing(self) -> list[int]:
        """Who stands, in the order of the list."""
        return [c for c in range(len(self.candidates)) if c not in self.withdrawn]


@dataclass(frozen=True)
class Round:
    """One round: what each had at its end, what moved, who was elected or excluded, and why in words."""

    votes: Votes
    reasons: tuple[Reason, ...]
    elected: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    moved_from: tuple[int, ...] = ()
    moved_to: Votes = field(default_factory=dict)
    exhausted: Fraction | int = 0  # ballots, or their value, that name nobody who is left
    rounded_away: Fraction | int = 0
    quota: Fraction | int | None = None


@dataclass(frozen=True)
class OpenTie:
    """A tie that the chair must decide; given one more decision, the same count goes on."""

    candidates: tuple[int, ...]
    reason: Reason


@dataclass(frozen=True)
class Count:
    """What a count found: winners in order of election, every round, and the tie it waits on, if any."""

    winners: tuple[int, ...]
    rounds: tuple[Round, ...]
    open_tie: OpenTie | None = None


class CountingMethod(Protocol):
    """A method that elects: its ballots are of one kind, and it writes each round into a book."""

    name: str
    ballots: str  # ranking, approval, points, or support: points for projects

    def problems(self, contest: Contest) -> Iterable[Reason]:
        """What of the contest this method cannot count."""

    def count(self, contest: Contest, ballots: Ballots, book: Any) -> None:
        """Counts, writing rounds and winners into the book."""


def amount(value: Fraction | int) -> str:
    """An exact number as people write it: 12, 927.98248, 466 2/3."""
    value = Fraction(value)
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if value.denominator == 1:
        return str(value.numerator)
    if rest == 1:
        places = next(n for n in range(1, 400) if 10**n % value.denominator == 0)
        digits = f"{abs(value.numerator) * 10**places // value.denominator:0{places + 1}d}"
        return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"
    whole, part = divmod(value, 1)
    return f"{whole} {part}" if whole else f"{part}"
