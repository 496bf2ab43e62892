"""A sealed ballot inside its box: JSON of the choices by plank, filled up with spaces so that every box is equally long."""

import json
import re
from collections.abc import Mapping
from typing import Any

from crm.kernel.refusal import N_
from crm.ratification.rules.contests import counted_content, issues_in_content, read_marks

OVERHEAD = 48  # HPKE: a key of 32 octets before, a tag of 16 after
_PAIRS = re.compile(r"[1-9][0-9]?:[1-9][0-9]{0,2}( [1-9][0-9]?:[1-9][0-9]{0,2})*")
INVALID = {
    "box": N_("It does not open with the election key."), "form": N_("It is not a ballot."), "planks": N_("It does not answer each question once."),
    "choice": N_("It chooses what is not offered."),
}


def ballot_size(electorate: Mapping[str, Any], planks: int) -> int:
    """So many octets hold any ballot of this vote: a multiple of 64."""
    contest = electorate.get("contest")
    longest = 8 * len(contest["options"]) if contest else len("abstain")
    return -(-(2 + planks * (longest + 10)) // 64) * 64


def read_ballot(text: bytes | None, electorate: Mapping[str, Any], planks: list[int]) -> dict[int, str] | str:
    """The choices by plank, or why the ballot is invalid (a key of INVALID). None is a box that did not open."""
    if text is None:
        return "box"
    try:
        said = json.loads(text.decode(), object_pairs_hook=_no_twins)
    except (ValueError, RecursionError):
        return "form"
    if not isinstance(said, dict) or not all(isinstance(choice, str) for choice in said.values()):
        return "form"
    if set(said) != {str(n) for n in planks}:
        return "planks"
    if not all(_is_offered(electorate, choice) for choice in said.values()):
        return "choice"
    return {n: said[str(n)] for n in planks}


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name appears twice")
    return dict(pairs)


def _is_offered(electorate: Mapping[str, Any], choice: str) -> bool:
    contest = electorate.get("contest")
    if not contest:
        return choice in electorate["choices"]
    if choice == "abstain":
        return True
    if not _PAIRS.fullmatch(choice) or counted_content(electorate, choice) != choice:
        return False
    return max(read_marks(choice)) <= len(contest["options"]) and not issues_in_content(electorate, choice, str)
