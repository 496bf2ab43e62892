"""The result: a pure function of the manifest and the published ballots."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crm.kernel.refusal import Reason
from crm.ratification.methods import METHODS, Decision, Rule, quorum_of
from crm.ratification.rules.contests import count_contest


@dataclass(frozen=True)
class Votes:
    """What was cast in one electorate: how many took part, the roll as corrected, and per plank the choices."""

    cast: int
    roll: int
    choices: dict[int, list[str]]


def tally(manifest: dict[str, Any], votes: dict[str, Votes]) -> dict[str, Any]:
    """The result of every electorate and plank.

    A plank is ratified when every electorate has a quorum and adopts it.
    """
    electorates = [_tally_one(e, votes[e["kind"]], manifest["planks"]) for e in manifest["electorates"]]
    ratified = [
        plank["number"]
        for i, plank in enumerate(manifest["planks"])
        if all(e["quorum"]["is_met"] and e["planks"][i]["is_adopted"] for e in electorates)
    ]
    return {"electorates": electorates, "ratified": ratified}


def _tally_one(electorate: dict[str, Any], votes: Votes, planks: Iterable[dict[str, Any]]) -> dict[str, Any]:
    rule = Rule.of(electorate)
    quorum = quorum_of(rule, votes.roll, votes.cast)
    rows = [_row(electorate, plank["number"], votes.choices.get(plank["number"], ()), votes.roll) for plank in planks]
    return {
        "kind": electorate["kind"],
        "roll": votes.roll,
        "cast": votes.cast,
        "quorum": {"needed": quorum.needed, "is_met": quorum.is_met},
        "planks": rows,
    }


def _row(electorate: dict[str, Any], number: int, choices: Iterable[str], roll: int) -> dict[str, Any]:
    if electorate.get("contest"):
        return count_contest(electorate, number, choices)
    method = METHODS[electorate["method"]]
    counts = method.count(choices)
    decision = method.decide(counts, Rule.of(electorate), roll)
    return {
        "number": number, "counts": counts, "base": decision.base, "needed": decision.needed, "is_adopted": decision.is_adopted,
    }


def explain(electorate: dict[str, Any], counts: dict[str, int], roll: int) -> tuple[Reason, ...]:
    """The arithmetic of one plank in words."""
    decision: Decision = METHODS[electorate["method"]].decide(counts, Rule.of(electorate), roll)
    return decision.reasons
