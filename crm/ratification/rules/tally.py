"""The result: a pure function of the manifest and the published ballots."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crm.kernel.refusal import Reason
from crm.ratification.methods import METHODS, Decision, Rule, quorum_of


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
    method, rule = METHODS[electorate["method"]], Rule.of(electorate)
    quorum = quorum_of(rule, votes.roll, votes.cast)
    rows = []
    for plank in planks:
        counts = method.count(votes.choices.get(plank["number"], ()))
        decision = method.decide(counts, rule, votes.roll)
        rows.append(
            {
                "number": plank["number"],
                "counts": counts,
                "base": decision.base,
                "needed": decision.needed,
                "is_adopted": decision.is_adopted,
            }
        )
    return {
        "kind": electorate["kind"],
        "roll": votes.roll,
        "cast": votes.cast,
        "quorum": {"needed": quorum.needed, "is_met": quorum.is_met},
        "planks": rows,
    }


def explain(electorate: dict[str, Any], counts: dict[str, int], roll: int) -> tuple[Reason, ...]:
    """The arithmetic of one plank in words."""
    decision: Decision = METHODS[electorate["method"]].decide(counts, Rule.of(electorate), roll)
    return decision.reasons
