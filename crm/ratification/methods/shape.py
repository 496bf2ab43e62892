"""What every counting method is: choices, a count, a decision with its arithmetic.

Fractions are exact, never rounded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any, Protocol

from crm.kernel.refusal import Reason


@dataclass(frozen=True)
class Condition:
    """One more share that yes must reach, beside the first."""

    threshold: Fraction
    strictness: str
    basis: str


@dataclass(frozen=True)
class Rule:
    """The rule of an electorate, frozen at opening."""

    quorum: Fraction
    threshold: Fraction
    strictness: str = "at_least"  # or more_than
    basis: str = "yes_and_no"  # or cast, present, roll
    tie: str = "fails"  # or passes: when yes and no are equal and the threshold is one half
    blocks: int = 0  # how many blocks a consensus still passes with
    conditions: tuple[Condition, ...] = ()  # more that must be met, all of them

    @classmethod
    def of(cls, electorate: dict[str, Any]) -> "Rule":
        """From an electorate of a manifest."""
        return cls(
            Fraction(electorate["quorum"]),
            Fraction(electorate["threshold"]),
            electorate["strictness"],
            electorate["basis"],
            electorate["tie"],
            electorate.get("blocks", 0),
            tuple(Condition(Fraction(c["threshold"]), c["strictness"], c["basis"]) for c in electorate.get("conditions", ())),
        )


@dataclass(frozen=True)
class Quorum:
    """How many ballots were needed, how many came."""

    needed: int
    cast: int
    roll: int

    @property
    def is_met(self) -> bool:
        """Met when enough came, and at least one."""
        return 0 < self.cast >= self.needed


@dataclass(frozen=True)
class Decision:
    """What a count means: is it adopted, what was needed of what base, and why in words; `more` is each further condition."""

    is_adopted: bool
    base: int
    needed: int
    reasons: tuple[Reason, ...]
    more: tuple["Decision", ...] = ()


@dataclass(frozen=True)
class Field:
    """Whom a share can be of beside those who voted: the roll, and those checked in where that is known."""

    roll: int
    present: int | None = None

    def base(self, basis: str, counts: Mapping[str, int]) -> int:
        """How many a share is taken of."""
        whole = {"yes_and_no": counts.get("yes", 0) + counts.get("no", 0), "cast": sum(counts.values()), "present": self.present or 0, "roll": self.roll}
        return whole[basis]


class Method(Protocol):
    """A counting method."""

    name: str
    choices: tuple[str, ...]

    def count(self, ballots: Iterable[str]) -> dict[str, int]:
        """How often each choice was made."""

    def decide(self, counts: dict[str, int], rule: Rule, roll: "int | Field") -> Decision:
        """Whether the rule is met."""


def quorum_of(rule: Rule, roll: int, cast: int) -> Quorum:
    """The quorum is a fraction of the roll; at least that many ballots must come."""
    return Quorum(ceil(rule.quorum * roll), cast, roll)


def votes_needed(rule: Rule | Condition, base: int) -> int:
    """The smallest whole number of votes that meets the threshold of a base."""
    exact = rule.threshold * base
    return max(1, ceil(exact) if rule.strictness == "at_least" else floor(exact) + 1)
