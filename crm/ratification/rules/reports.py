"""What a result page shows, plank by plank and electorate by electorate. Pure: from the manifest and the result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import Any

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods import Field, Rule
from crm.ratification.rules.contests import in_order, kind_of, rule_of_contest, said_round, spoken_money
from crm.ratification.rules.quorums import quorum_in_words
from crm.ratification.rules.residents import residence_in_words
from crm.ratification.rules.rolls import said_left_out
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
_ALSO = {
    ("at_least", "yes_and_no"): N_("At least %(share)s of yes and no votes must be yes as well."),
    ("more_than", "yes_and_no"): N_("More than %(share)s of yes and no votes must be yes as well."),
    ("at_least", "cast"): N_("At least %(share)s of all ballots, abstentions included, must be yes as well."),
    ("more_than", "cast"): N_("More than %(share)s of all ballots, abstentions included, must be yes as well."),
    ("at_least", "present"): N_("At least %(share)s of those checked in must vote yes as well."),
    ("more_than", "present"): N_("More than %(share)s of those checked in must vote yes as well."),
    ("at_least", "roll"): N_("At least %(share)s of the whole roll must vote yes as well."),
    ("more_than", "roll"): N_("More than %(share)s of the whole roll must vote yes as well."),
}
_TIES = {"fails": N_("If yes and no are equal, it is not adopted."), "passes": N_("If yes and no are equal, it is adopted.")}
_RULES = {
    ("at_least", "present"): N_("A plank passes when at least %(share)s of those checked in vote yes."),
    ("more_than", "present"): N_("A plank passes when more than %(share)s of those checked in vote yes."),
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
    name: Mapping[str, str] = field(default_factory=dict)
    decides: bool = True


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
    spent: str = ""
    left_over: str = ""
    costs: tuple[str, ...] = ()


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
    money = {}
    if "spent" in row:
        costs = tuple(spoken_money(frozen["contest"]["costs"][n - 1]) for n in row["winners"])
        money = {"spent": spoken_money(row["spent"]), "left_over": spoken_money(row["left_over"]), "costs": costs}
    return Chosen(frozen["kind"], winners, tuple(_round(each, names) for each in row["rounds"]), row["blank"], counted["quorum"]["is_met"], **money)


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
        reasons=explain(frozen, counts, Field(counted["roll"], counted.get("present"))),
        name=frozen.get("name", {}),
        decides=frozen.get("decides", True),
    )


def spoken_share(share: str) -> str:
    """two thirds for 2/3; a share without a name stays as it is written."""
    return WORDS.get(Fraction(share), share)


def rule_in_words(electorate: Mapping[str, Any]) -> Reason:
    """The threshold of an electorate as a sentence, or how it chooses between options; the share is itself to be translated."""
    if electorate.get("contest"):
        return rule_of_contest(electorate)
    rule = Rule.of(dict(electorate))
    said = [Reason(_RULES[(rule.strictness, rule.basis)], {"share": Reason(spoken_share(str(rule.threshold)))})]
    said += [Reason(_ALSO[(more.strictness, more.basis)], {"share": Reason(spoken_share(str(more.threshold)))}) for more in rule.conditions]
    if rule.threshold == Fraction(1, 2) and rule.basis == "yes_and_no":
        said.append(Reason(_TIES[rule.tie]))
    return reduce(lambda first, then: Reason(N_("%(first)s %(then)s"), {"first": first, "then": then}), said)


def rule_lines(electorate: Mapping[str, Any]) -> tuple[Reason, ...]:
    """Everything else that the rule of an electorate asks, each as a sentence: who is on the roll, mandates, and more quorums."""
    lines = list(quorum_in_words(electorate))
    if electorate.get("mandates"):
        words = N_("Counted in mandates, %(n)s in all: as many for each organization as its delegations have seats.")
        lines.append(Reason(words, {"n": electorate["mandates"]}))
    if day := electorate.get("on_day"):
        lines.append(Reason(N_("On the roll: members in good standing on %(day)s."), {"day": date.fromisoformat(str(day))}))
    if day := electorate.get("joined_by"):
        lines.append(Reason(N_("They became members on %(day)s or before."), {"day": date.fromisoformat(str(day))}))
    if residence := electorate.get("residence"):
        lines += residence_in_words(residence)
    lines += said_left_out(electorate.get("left_out") or {})
    if not electorate.get("decides", True):
        lines.append(Reason(N_("Its count is published; what decides is the count of all together.")))
    return tuple(lines)


def shown_turnout(cast: int, is_open: bool) -> int | None:
    """How many have voted, or None while too few have for the number to be shown."""
    return None if is_open and cast < TURNOUT_FLOOR else cast
