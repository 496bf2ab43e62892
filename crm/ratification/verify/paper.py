"""Paper ballots of a board. A paper takes its seat's mark when it is handed out; one that never came back is a mark without a ballot."""

from collections.abc import Iterator
from typing import Any

NONE = {"issued": 0, "returned": 0, "spoiled": 0}


def problems_of_paper(name: str, part: dict[str, Any]) -> Iterator[str]:
    """Numbers of papers that cannot be."""
    paper = part.get("paper", NONE)
    numbers = [paper[key] for key in NONE]
    if not all(isinstance(n, int) and n >= 0 for n in numbers) or not paper["returned"] <= paper["issued"] <= part["bits"]:
        yield f"{name}: papers handed out, returned and spoiled cannot be {numbers}, with {part['bits']} seats marked."


def ballots_in(part: dict[str, Any]) -> int:
    """Ballots that must be there: seats that are marked, without those whose paper did not come back."""
    paper = part.get("paper", NONE)
    return part["bits"] - (paper["issued"] - paper["returned"])


def facts_of_paper(name: str, part: dict[str, Any]) -> Iterator[str]:
    """What became of the papers, where there were any."""
    if paper := part.get("paper"):
        out = paper["issued"] - paper["returned"]
        yield f"{name}: papers handed out: {paper['issued']}, back and counted: {paper['returned']}, not back: {out}, spoiled and replaced: {paper['spoiled']}."
