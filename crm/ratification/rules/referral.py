"""A vote that others hold, to which this one is referred: its rule stated before, its result by the same exact arithmetic. Pure.

British Columbia's Citizens' Assembly of 2004 was referred so: 60 percent of valid votes, and more than half in 60 percent of 79 districts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from crm.kernel.numbers import read_share
from crm.kernel.refusal import N_, Reason
from crm.ratification.methods.shape import Condition, votes_needed
from crm.ratification.methods.yes_no_abstain import mixed

NUMBERS = ("yes", "no", "districts", "districts_carried")
WORDS = {"held_on": N_("day"), "yes": N_("yes"), "no": N_("no"), "districts": N_("districts"), "districts_carried": N_("districts with a majority")}


@dataclass(frozen=True)
class Outside:
    """What came of it: carried, not carried, or None while two people have not read the same."""

    is_carried: bool | None
    reasons: tuple[Reason, ...]


def issues_in_referral(referral: Mapping[str, Any] | None) -> list[Reason]:
    """What is wrong with the rule of an outside vote."""
    if referral is None:
        return []
    issues = []
    if not referral["title"].get("en"):
        issues.append(Reason(N_("Name the outside vote."), field="referral_en"))
    for name in ("threshold", "districts"):
        words, share = str(referral[name]), read_share(str(referral[name]))
        if words and not share or name == "threshold" and not words:
            issues.append(Reason(N_("Write what the outside vote needs as a share, like 3/5."), field=f"referral_{name}"))
        if share == 1 and referral[f"{name}_strictness"] == "more_than":
            issues.append(Reason(N_("Nothing can be more than all. Choose “at least”."), field=f"referral_{name}_strictness"))
    return issues


_RULE = {
    "at_least": N_("It is carried when at least %(share)s of yes and no votes are yes."),
    "more_than": N_("It is carried when more than %(share)s of yes and no votes are yes."),
}
_DISTRICTS = {
    "at_least": N_("And also when at least %(share)s of the districts have more yes than no."),
    "more_than": N_("And also when more than %(share)s of the districts have more yes than no."),
}


def referral_in_words(referral: Mapping[str, Any]) -> tuple[Reason, ...]:
    """What is asked of the outside vote."""
    said = [Reason(_RULE[referral["threshold_strictness"]], {"share": referral["threshold"]})]
    if referral["districts"]:
        said.append(Reason(_DISTRICTS[referral["districts_strictness"]], {"share": referral["districts"]}))
    return tuple(said)


def issues_in_reading(referral: Mapping[str, Any], typed: Mapping[str, Any]) -> list[Reason]:
    """What is wrong with a result as somebody read it."""
    issues = []
    if typed["held_on"] is None:
        issues.append(Reason(N_("Write on which day it was held."), field="held_on"))
    if not typed["source"].strip():
        issues.append(Reason(N_("Write where the numbers stand: who published them, and where."), field="source"))
    asked = NUMBERS if referral["districts"] else NUMBERS[:2]
    issues += [Reason(N_("Write a whole number: %(what)s."), {"what": Reason(WORDS[name])}, name) for name in asked if typed[name] is None or typed[name] < 0]
    if not issues and referral["districts"] and typed["districts_carried"] > typed["districts"]:
        issues.append(Reason(N_("There are fewer districts than those with a majority."), field="districts_carried"))
    return issues


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Reason]:
    """Where two people read different things; the words of a source may differ."""
    words = N_("%(what)s: one read %(a)s, the other %(b)s.")
    return [Reason(words, {"what": Reason(said), "a": one[name], "b": other[name]}) for name, said in WORDS.items() if one[name] != other[name]]


def outside_result(referral: Mapping[str, Any], readings: Sequence[Mapping[str, Any]]) -> Outside:
    """Carried or not, once two have read the same; the arithmetic in words, nothing rounded."""
    if len(readings) < 2:
        return Outside(None, (Reason(N_("A second person reads the same source before it stands.") if readings else N_("Its result is not in yet.")),))
    if apart := differences(readings[0], readings[1]):
        return Outside(None, (Reason(N_("Two people read different numbers, so nothing stands yet.")), *apart))
    read = readings[0]
    votes = _line(referral, "threshold", read["yes"], read["yes"] + read["no"], _VOTES)
    lines = [votes, *([_line(referral, "districts", read["districts_carried"], read["districts"], _SEATS)] if referral["districts"] else [])]
    carried = all(is_met for is_met, _words in lines)
    end = Reason(N_("Carried.") if carried else N_("Not carried."))
    return Outside(carried, (*(words for _met, words in lines), end))


_VOTES = {
    True: N_("%(share)s of %(base)s yes and no votes is %(exact)s, so %(needed)s were needed; %(have)s said yes: enough."),
    False: N_("%(share)s of %(base)s yes and no votes is %(exact)s, so %(needed)s were needed; %(have)s said yes: not enough."),
}
_SEATS = {
    True: N_("%(share)s of %(base)s districts is %(exact)s, so %(needed)s were needed; %(have)s had more yes than no: enough."),
    False: N_("%(share)s of %(base)s districts is %(exact)s, so %(needed)s were needed; %(have)s had more yes than no: not enough."),
}


def _line(referral: Mapping[str, Any], name: str, have: int, base: int, words: Mapping[bool, str]) -> tuple[bool, Reason]:
    share = Fraction(referral[name])
    needed = votes_needed(Condition(share, referral[f"{name}_strictness"], "yes_and_no"), base)
    return have >= needed, Reason(words[have >= needed], {"share": referral[name], "base": base, "exact": mixed(share * base), "needed": needed, "have": have})
