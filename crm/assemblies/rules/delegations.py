"""Seats of a delegation by formula, in whole numbers, with the arithmetic in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from crm.kernel.numbers import read_share
from crm.kernel.refusal import N_, Reason

BASES = {
    "members": N_("Members in good standing"),
    "attendance": N_("People counted at the local assembly"),
    "each": N_("The same for each delegation"),
}
ROUNDINGS = {"down": N_("Always down"), "up": N_("Always up"), "nearest": N_("To the nearest; a half goes up")}
ALTERNATES = {
    "none": N_("No alternates"),
    "count": N_("By the same count, one for so many"),
    "seats": N_("One for so many seats"),
    "each": N_("So many for each delegation"),
}
QUORUMS = {"entitled": N_("Of all seats"), "credentialed": N_("Of the seats whose holders are credentialed")}
MOST_SEATS = 10_000
MOST_COUNTED = 100_000_000


@dataclass(frozen=True)
class Formula:
    """One seat for each `per` counted, or `per` for each delegation; at least `least`, at most `most`. Alternates likewise."""

    basis: str
    per: int
    rounding: str = "down"
    least: int = 0
    most: int | None = None
    alternates_of: str = "none"
    alternates_per: int = 1
    alternates_least: int = 0

    @property
    def counts(self) -> bool:
        """Whether a number of people is needed."""
        return self.basis != "each"


@dataclass(frozen=True)
class Share:
    """What a delegation gets: seats by the formula, reserved seats beside them, alternates; and how it came to that, in words."""

    by_formula: int
    reserved: int
    alternates: int
    words: tuple[Reason, ...]

    @property
    def seats(self) -> int:
        """All seats, the reserved ones last."""
        return self.by_formula + self.reserved


def divided(count: int, per: int, rounding: str) -> int:
    """How many times `per` goes into `count`, in whole numbers; a half goes up where it is rounded to the nearest."""
    whole, left = divmod(count, per)
    up = left > 0 and (rounding == "up" or rounding == "nearest" and 2 * left >= per)
    return whole + up


def share_of(formula: Formula, counted: int | None, reserved: int = 0) -> Share | None:
    """The share of one delegation; None while the number that the formula asks for is not known."""
    if formula.counts and counted is None:
        return None
    words = []
    if formula.counts:
        count = counted or 0
        seats = divided(count, formula.per, formula.rounding)
        words.append(_said(count, formula.per, formula.rounding, seats))
    else:
        seats = formula.per
        words.append(Reason(N_("%(n)s seats for each delegation."), {"n": seats}))
    if seats < formula.least:
        seats = formula.least
        words.append(Reason(N_("No delegation has fewer than %(n)s, so %(n)s."), {"n": seats}))
    if formula.most is not None and seats > formula.most:
        seats = formula.most
        words.append(Reason(N_("No delegation has more than %(n)s, so %(n)s."), {"n": seats}))
    if reserved:
        words.append(Reason(N_("Reserved seats beside them: %(n)s, together %(all)s."), {"n": reserved, "all": seats + reserved}))
    alternates, said = _alternates(formula, counted or 0, seats + reserved)
    return Share(seats, reserved, alternates, (*words, *said))


def _said(count: int, per: int, rounding: str, seats: int) -> Reason:
    whole, left = divmod(count, per)
    facts: dict[str, Any] = {"count": count, "per": per, "whole": whole, "left": left, "n": seats}
    if not left:
        return Reason(N_("%(count)s, one seat for each %(per)s: exactly %(n)s."), facts)
    if rounding == "nearest":
        if seats == whole:
            return Reason(N_("%(count)s, one seat for each %(per)s: %(whole)s, and %(left)s left over, less than half of %(per)s: %(n)s."), facts)
        return Reason(N_("%(count)s, one seat for each %(per)s: %(whole)s, and %(left)s left over, half of %(per)s or more: %(n)s."), facts)
    if rounding == "up":
        return Reason(N_("%(count)s, one seat for each %(per)s: %(whole)s, and %(left)s left over, rounded up: %(n)s."), facts)
    return Reason(N_("%(count)s, one seat for each %(per)s: %(whole)s, and %(left)s left over, rounded down: %(n)s."), facts)


def _alternates(formula: Formula, count: int, seats: int) -> tuple[int, list[Reason]]:
    per, kind = formula.alternates_per, formula.alternates_of
    if kind == "none":
        return 0, []
    if kind == "each":
        return per, [Reason(N_("Alternates: %(n)s for each delegation."), {"n": per})]
    base = seats if kind == "seats" else count
    alternates = divided(base, per, formula.rounding)
    facts = {"count": base, "per": per, "n": alternates}
    words = [Reason(N_("Alternates, one for each %(per)s seats: %(n)s.") if kind == "seats" else N_("Alternates, one for each %(per)s counted: %(n)s."), facts)]
    if alternates < formula.alternates_least:
        alternates = formula.alternates_least
        words.append(Reason(N_("No delegation has fewer than %(n)s alternates, so %(n)s."), {"n": alternates}))
    return alternates, words


def issues_in_formula(typed: Mapping[str, Any]) -> list[Reason]:
    """Everything that is wrong with a formula as it was typed; a number that could not be read is -1."""
    issues = []
    number = lambda name: -1 if typed.get(name) is None else int(typed[name])  # noqa: E731
    if typed.get("basis") not in BASES:
        issues.append(Reason(N_("Choose what seats are given by."), {}, "basis"))
    if typed.get("rounding") not in ROUNDINGS:
        issues.append(Reason(N_("Choose how to round."), {}, "rounding"))
    if typed.get("alternates_of") not in ALTERNATES:
        issues.append(Reason(N_("Choose how alternates are counted."), {}, "alternates_of"))
    if not 1 <= number("per") <= MOST_COUNTED or typed.get("basis") == "each" and number("per") > MOST_SEATS:
        issues.append(Reason(N_("Write for how many there is one seat, or how many seats each delegation has: a whole number from 1 on."), {}, "per"))
    if not 0 <= number("least") <= MOST_SEATS:
        issues.append(Reason(N_("Write the smallest delegation as a whole number; 0 for none."), {}, "least"))
    most = typed.get("most")
    if most is not None and not max(number("least"), 0) <= most <= MOST_SEATS:
        issues.append(Reason(N_("The largest delegation cannot be smaller than the smallest. Leave it empty for no limit."), {}, "most"))
    if typed.get("alternates_of") != "none" and not 1 <= number("alternates_per") <= MOST_COUNTED:
        issues.append(Reason(N_("Write the number for alternates: a whole number from 1 on."), {}, "alternates_per"))
    if not 0 <= number("alternates_least") <= MOST_SEATS:
        issues.append(Reason(N_("Write the fewest alternates as a whole number; 0 for none."), {}, "alternates_least"))
    if (share := read_share(typed.get("quorum") or "")) is None or share == 0:
        issues.append(Reason(N_("Write the quorum as a share, like 1/2."), {}, "quorum"))
    if typed.get("quorum_of") not in QUORUMS:
        issues.append(Reason(N_("Choose what the quorum is a share of."), {}, "quorum_of"))
    if not typed.get("counted_on"):
        issues.append(Reason(N_("Write the day on which members are counted."), {}, "counted_on"))
    return issues


def issues_before_publishing(formula: Formula, counts: Mapping[str, tuple[int | None, int]]) -> list[Reason]:
    """What stands in the way of publishing; `counts` holds by name of the delegation its number and its reserved seats."""
    if not counts:
        return [Reason(N_("There is no delegation yet. Invite partners, or agree to local assemblies that ask to take part."))]
    missing = [name for name, (counted, _reserved) in counts.items() if formula.counts and counted is None]
    if missing:
        return [Reason(N_("The number is missing of: %(names)s."), {"names": ", ".join(missing)})]
    shares = [share_of(formula, counted, reserved) for counted, reserved in counts.values()]
    if not any(share and share.seats for share in shares):
        return [Reason(N_("By this formula nobody gets a seat."))]
    return []


@dataclass(frozen=True)
class Quorum:
    """How many must be seated, of how many, and whether they are."""

    share: str
    base: int
    needed: int
    seated: int

    @property
    def is_met(self) -> bool:
        """Whether enough are seated; nobody is never enough."""
        return self.seated >= max(self.needed, 1)


def quorum_of(share: str, base: int, seated: int) -> Quorum:
    """The smallest whole number that is at least this share of the base, against who is seated."""
    part = (read_share(share) or Fraction(1)) * base
    return Quorum(share, base, -(-part.numerator // part.denominator), seated)


STANCES = {"for": N_("For"), "against": N_("Against"), "free": N_("Free to decide")}


def issues_in_instruction(subject: str, stance: str) -> list[Reason]:
    """What an instruction lacks."""
    issues = [] if subject else [Reason(N_("Choose an item of the program, or write what it is about."), {}, "subject")]
    return issues if stance in STANCES else [*issues, Reason(N_("Choose for, against, or free."), {}, "stance")]
