"""What a result page shows, plank by plank and electorate by electorate. Pure: from the manifest and the result."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods import Rule
from crm.ratification.rules.contests import in_order, kind_of, rule_of_contest, said_round
from crm.ratification.rules.states import TURNOUT_FLOOR
from crm.ratification.rules.tally import explain

WORDS = {
    Fraction(1, 2): N_("half"),
    Fraction(2, 3): N_("two thirds"),
    Fraction(3, 4): N_("three quarters"),
    Fraction(3, 5): N_("three fifths"),
    Fraction(4, 5): N_("four fifths"),
    Fraction(1): N_("all"),
}
_RULES = {
    ("at_least", "yes_and_no"): N_("A plank passes when at least %(share)s of yes and no votes are yes."),
    ("more_than", "yes_and_no"): N_("A plank passes when more than %(share)s of yes and no votes are yes."),
    ("at_least", "cast"): N_("A plank passes when at least %(share)s of all ballots, abstentions included, are yes."),
    ("more_than", "cast"): N_("A plank passes when more than %(share)s of all ballots, abstentions included, are yes."),
    ("at_least", "roll"): N_("A plank passes when at least %(share)s of the whole roll vote yes."),
    ("more_than", "roll"): N_("A plank passes when more than %(share)s of the whole roll vote yes."),
}


@dataclass(frozen=True)
class Part:
    """One electorate's decision on one plank."""

    kind: str
    yes: int
    no: int
    abstain: int
    is_adopted: bool
    share: float | None
    line: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class RoundReport:
    """One round: why in words, then who had what, the most first, and what became of whom: elected, excluded or nothing."""

    reasons: tuple[Reason, ...]
    lines: tuple[tuple[str, str, str], ...]
    exhausted: str


@dataclass(frozen=True)
class Chosen:
    """What one electorate chose between options."""

    kind: str
    winners: tuple[str, ...]
    rounds: tuple[RoundReport, ...]
    blank: int
    has_quorum: bool


@dataclass(frozen=True)
class PlankReport:
    """One plank and what each electorate said."""

    number: int
    title: str
    is_ratified: bool
    parts: tuple[Part, ...]
    chosen: Chosen | None = None


def said(words: Mapping[str, str], language: str, authentic: str = "en") -> str:
    """The words in a language, else in the authentic one, else in any."""
    return words.get(language) or words.get(authentic) or next(iter(words.values()), "")


def report(manifest: dict[str, Any], result: dict[str, Any], language: str) -> list[PlankReport]:
    """Every plank in order."""
    authentic = manifest["edition"]["authentic"]
    found = []
    for i, plank in enumerate(manifest["planks"]):
        parts = tuple(
            _part(frozen, counted, i)
            for frozen, counted in zip(manifest["electorates"], result["electorates"], strict=True)
            if not frozen.get("contest")
        )
        contests = [
            _chosen(frozen, counted, i, option_names(frozen, language, authentic))
            for frozen, counted in zip(manifest["electorates"], result["electorates"], strict=True)
            if frozen.get("contest")
        ]
        found.append(
            PlankReport(
                plank["number"],
                said(plank["titles"], language, authentic),
                plank["number"] in result["ratified"],
                parts,
                contests[0] if contests else None,
            )
        )
    return found


def option_names(frozen: Mapping[str, Any], language: str, authentic: str) -> list[str]:
    """The options of an electorate as a page says them, in the order of the ballot."""
    return [said(words, language, authentic) for words in frozen["contest"]["options"]]


def _chosen(frozen: dict[str, Any], counted: dict[str, Any], i: int, names: list[str]) -> Chosen:
    row = counted["planks"][i]
    winners = tuple(names[n - 1] for n in row["winners"])
    return Chosen(frozen["kind"], winners, tuple(_round(each, names) for each in row["rounds"]), row["blank"], counted["quorum"]["is_met"])


def _round(each: dict[str, Any], names: list[str]) -> RoundReport:
    became = {n: word for word in ("excluded", "elected") for n in each[word]}
    standing = sorted(each["votes"].items(), key=lambda item: (-_exact(item[1]), int(item[0])))
    lines = tuple((names[int(n) - 1], votes, became.get(int(n), "")) for n, votes in standing)
    return RoundReport(said_round(each["words"], names), lines, "" if each["exhausted"] == "0" else each["exhausted"])


def _exact(words: str) -> Fraction:
    return sum(map(Fraction, words.split()), Fraction(0))


def spoken_choice(frozen: Mapping[str, Any], content: str, names: list[str]) -> list[tuple[str, str]]:
    """A ballot between options as people say it, the first first: (number or nothing, option)."""
    is_approval = kind_of(frozen) == "approval"
    return [("" if is_approval else str(value), names[option - 1]) for option, value in in_order(frozen, content)]


def _part(frozen: dict[str, Any], counted: dict[str, Any], i: int) -> Part:
    row = counted["planks"][i]
    counts = row["counts"]
    base = counts["yes"] + counts["no"] if frozen["basis"] == "yes_and_no" else row["base"]
    return Part(
        kind=frozen["kind"],
        yes=counts["yes"],
        no=counts["no"],
        abstain=counts["abstain"],
        is_adopted=row["is_adopted"],
        share=100 * counts["yes"] / base if base else None,
        line=float(100 * Fraction(frozen["threshold"])),
        reasons=explain(frozen, counts, counted["roll"]),
    )


def spoken_share(share: str) -> str:
    """two thirds for 2/3; a share without a name stays as it is written."""
    return WORDS.get(Fraction(share), share)


def rule_in_words(electorate: Mapping[str, Any]) -> Reason:
    """The threshold of an electorate as a sentence, or how it chooses between options; the share is itself to be translated."""
    if electorate.get("contest"):
        return rule_of_contest(electorate)
    rule = Rule.of(dict(electorate))
    return Reason(_RULES[(rule.strictness, rule.basis)], {"share": Reason(spoken_share(str(rule.threshold)))})


def shown_turnout(cast: int, is_open: bool) -> int | None:
    """How many have voted, or None while too few have for the number to be shown."""
    return None if is_open and cast < TURNOUT_FLOOR else cast
