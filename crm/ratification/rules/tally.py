"""The result: a pure function of the manifest and the published ballots."""

from collections.abc import Iterable, Mapping
from typing import Any

from crm.kernel.refusal import Reason
from crm.ratification.methods import METHODS, Decision, Field, Rule, quorum_of
from crm.ratification.rules.contests import count_contest
from crm.ratification.rules.quorums import Votes, met

__all__ = ["Votes", "explain", "key_of", "tally"]


def key_of(electorate: Mapping[str, Any]) -> str:
    """The name of an electorate within its vote; one that stands alone of its kind goes by it."""
    return electorate.get("key", electorate["kind"])


def tally(manifest: dict[str, Any], votes: dict[str, Votes]) -> dict[str, Any]:
    """The result of every electorate and plank.

    A plank is ratified when every electorate that decides has a quorum and adopts it.
    """
    planks = manifest["planks"]
    electorates = [_tally_one(e, _of(e, votes, planks), planks) for e in manifest["electorates"]]
    deciding = [e for frozen, e in zip(manifest["electorates"], electorates, strict=True) if frozen.get("decides", True)]
    ratified = [
        plank["number"] for i, plank in enumerate(planks) if deciding and all(e["quorum"]["is_met"] and e["planks"][i]["is_adopted"] for e in deciding)
    ]
    return {"electorates": electorates, "ratified": ratified}


def _of(electorate: Mapping[str, Any], votes: dict[str, Votes], planks: Iterable[Mapping[str, Any]]) -> Votes:
    """What was cast in an electorate; where groups are counted together, what was cast in all of them."""
    if electorate["kind"] != "together":
        return votes[key_of(electorate)]
    parts, numbers = [votes[key] for key in electorate["of"]], [plank["number"] for plank in planks]
    count = METHODS[electorate["method"]].count
    rows = {n: [_counts(count, part.choices.get(n, ())) for part in parts] for n in numbers}
    return Votes(
        cast=sum(part.cast for part in parts), roll=sum(part.roll for part in parts),
        choices={n: {choice: sum(row[choice] for row in found) for choice in electorate["choices"]} for n, found in rows.items()},
        present=sum(part.present or 0 for part in parts),
    )


def _counts(count: Any, choices: Any) -> dict[str, int]:
    return dict(choices) if isinstance(choices, Mapping) else count(choices)


def _tally_one(electorate: dict[str, Any], votes: Votes, planks: Iterable[dict[str, Any]]) -> dict[str, Any]:
    quorum = quorum_of(Rule.of(electorate), votes.roll, votes.cast)
    said: dict[str, Any] = {"needed": quorum.needed, "is_met": quorum.is_met}
    if asked := electorate.get("quorums"):
        more = [met(each, votes) for each in asked]
        said |= {"is_met": quorum.is_met and all(each["is_met"] for each in more), "more": more}
    row: dict[str, Any] = {
        "kind": electorate["kind"], "roll": votes.roll, "cast": votes.cast, "quorum": said,
        "planks": [_row(electorate, plank["number"], votes) for plank in planks],
    }
    if "key" in electorate:
        row["key"] = electorate["key"]
    if votes.seats is not None:
        row["organizations"] = {"roll": votes.seats[0], "cast": votes.seats[1]}
    if asks_present(electorate):
        row["present"] = votes.present or 0
    return row


def asks_present(electorate: Mapping[str, Any]) -> bool:
    """Whether a rule of the electorate needs to know how many were checked in."""
    bases = [electorate["basis"], *(condition["basis"] for condition in electorate.get("conditions") or ())]
    return "present" in bases or any(asked["of"] != "organizations" for asked in electorate.get("quorums") or ())


def _row(electorate: dict[str, Any], number: int, votes: Votes) -> dict[str, Any]:
    choices = votes.choices.get(number, ())
    if electorate.get("contest"):
        return count_contest(electorate, number, choices)
    method = METHODS[electorate["method"]]
    counts = _counts(method.count, choices)
    decision = method.decide(counts, Rule.of(electorate), Field(votes.roll, votes.present))
    row: dict[str, Any] = {
        "number": number, "counts": counts, "base": decision.base, "needed": decision.needed, "is_adopted": decision.is_adopted,
    }
    if decision.more:
        row["conditions"] = [{"base": each.base, "needed": each.needed, "is_met": each.is_adopted} for each in decision.more]
    return row


def explain(electorate: dict[str, Any], counts: dict[str, int], field: int | Field) -> tuple[Reason, ...]:
    """The arithmetic of one plank in words."""
    decision: Decision = METHODS[electorate["method"]].decide(counts, Rule.of(electorate), field)
    return decision.reasons
