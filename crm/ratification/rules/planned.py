"""How a vote begins by the rules that an assembly decided on: what its playbook says of each electorate, in the words of a vote's form."""

from collections.abc import Iterable, Mapping
from typing import Any

METHODS = {"stv": "stv-scottish", "ranked": "irv"}
HELD = frozenset({"yes_no_abstain", "irv", "stv-scottish", "stv-meek", "borda-modified", "approval", "score", "dots", "budget-votes", "equal-shares"})


def planned_rules(decisions: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The first rule for people and the first for organizations, by electorate: members, organizations.

    Residents, delegates and those in the room are people on a roll. A quorum of the room is a share of those checked in; a threshold of those
    present is asked of everyone who casts a ballot, abstentions included. A method that no ballot page holds (a show of hands) is left to whoever drafts
    the vote.
    """
    found: dict[str, dict[str, Any]] = {}
    for decision in decisions:
        kind = "organizations" if decision["electorate"] == "organizations" else "members"
        method = METHODS.get(decision["method"], decision["method"])
        if kind in found or method not in HELD:
            continue
        share = decision["threshold_of"]
        found[kind] = {
            "quorum": _fraction(decision["quorum"]), "threshold": _fraction(decision["threshold"]),
            "strictness": decision.get("strictness", "at_least"), "basis": share if share in ("yes_and_no", "roll") else "cast",
        }
        if kind == "members":
            of = "present" if decision.get("quorum_of") == "room" else "roll"
            found[kind] |= {"open": decision["secrecy"] != "secret", "method": method, "quorum_of": of}
    return found


def _fraction(pair: Iterable[int]) -> str:
    return "/".join(str(part) for part in pair)
