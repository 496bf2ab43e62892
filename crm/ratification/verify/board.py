"""Checks a published board and counts it again, sharing no code with the rest of Plenary.

Stdlib and `cryptography` only.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .contests import problems_of_contests, read_content
from .paper import ballots_in, facts_of_paper, problems_of_paper
from .planks import corrected_roll, count_again, key_of, problems_of_attested, problems_of_mandates
from .signatures import digest, list_problems, signature_facts, signature_problems

SMALL_GROUP = 10


@dataclass(frozen=True)
class Verdict:
    """Yes or no, what was checked, and everything that is wrong."""

    is_right: bool
    is_sealed: bool
    facts: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def words(self) -> str:
        """The verdict as people read it."""
        if not self.is_right:
            return "\n".join(["No. This board does not hold.", *(f"- {p}" for p in self.problems)])
        head = (
            "Yes, as far as a sealed board can show. The ballots are not published and cannot be counted again here."
            if self.is_sealed
            else "Yes. This board holds: counted again, it gives the same result."
        )
        return "\n".join([head, *(f"- {f}" for f in self.facts)])

    def as_dict(self) -> dict[str, Any]:
        """For --json."""
        return {
            "ok": self.is_right,
            "sealed": self.is_sealed,
            "facts": list(self.facts),
            "problems": list(self.problems),
        }


def check_board(board: Any, lists: Sequence[dict[str, Any]] = ()) -> Verdict:
    """Says whether a board holds, naming every problem."""
    try:
        problems = [*_problems(board), *list_problems(board, list(lists))] if lists else list(_problems(board))
        sealed = any(e["sealed"] for e in board["electorates"])
        facts = tuple(_facts(board)) if not problems else ()
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ZeroDivisionError) as error:
        return Verdict(False, False, (), (f"The board is not complete: {type(error).__name__} {error}.",))
    return Verdict(not problems, sealed, facts, tuple(problems))


def _problems(board: dict[str, Any]) -> Iterator[str]:
    if board["format"] != "plenary-board/1" or board["manifest"]["format"] != "plenary-manifest/1":
        yield "This is not a board of a format that this verifier knows."
    if digest(board["manifest"]) != board["poll_id"]:
        yield "The manifest does not have the hash that is its poll id: edition, roll, rule or hours were changed."
    yield from signature_problems(board)
    frozen = board["manifest"]["electorates"]
    names = [(e["kind"], key_of(e)) for e in frozen]
    if names != [(e["kind"], key_of(e)) for e in board["electorates"]] or len({key for _kind, key in names}) != len(names):
        yield "The electorates are not those of the manifest."
        return
    planks = [p["number"] for p in board["manifest"]["planks"]]
    if len(set(planks)) != len(planks) or not planks:
        yield "The manifest does not number its planks."
    for rule, part in zip(frozen, board["electorates"], strict=True):
        check = _together_problems if rule["kind"] == "together" else _secret_problems if rule["secret"] else _roll_call_problems
        yield from check(rule, part, planks)
        yield from problems_of_attested(rule, part)
    yield from _correction_problems(board)
    yield from _notice_problems(board)
    yield from problems_of_contests(board)
    again = count_again(board)
    if again != board["result"]:
        yield from _differences(again, board["result"])


def _together_problems(rule: dict[str, Any], part: dict[str, Any], _planks: list[int]) -> Iterator[str]:
    """Groups counted together have their ballots in the groups and nowhere else."""
    if part["sealed"] or part["bits"] is not None or part["counts"] is not None or part["ballots"] or part["roll"] or part["roll_call"]:
        yield f"{key_of(rule)}: groups that are counted together have no ballots of their own here."


def _secret_problems(rule: dict[str, Any], part: dict[str, Any], planks: list[int]) -> Iterator[str]:
    name, bits = key_of(rule), part["bits"]
    if not isinstance(bits, int) or not 0 <= bits <= rule["roll_size"]:
        yield f"{name}: seats marked as having voted: {bits}, and on the roll: {rule['roll_size']}."
    if part["roll_call"]:
        yield f"{name}: a secret electorate has named votes."
    yield from problems_of_paper(name, part)
    if part["sealed"]:
        if part["ballots"]:
            yield f"{name}: the board is sealed, yet ballots are listed."
        if (cast := ballots_in(part)) >= SMALL_GROUP:
            yield f"{name}: {cast} ballots are too many for a sealed board."
        return
    if ballots_in(part) < SMALL_GROUP:
        yield f"{name}: fewer than {SMALL_GROUP} ballots must be sealed, and they are listed."
    if part["counts"] is not None:
        yield f"{name}: an open list carries separate counts."
    yield from _list_problems(rule, part, planks)


def _list_problems(rule: dict[str, Any], part: dict[str, Any], planks: list[int]) -> Iterator[str]:
    name, ballots = key_of(rule), part["ballots"]
    trackers = [b["tracker"] for b in ballots]
    if len(set(trackers)) != len(trackers):
        yield f"{name}: a tracker is listed twice."
    if ballots != sorted(ballots, key=lambda b: (b["plank"], b["tracker"])):
        yield f"{name}: the list is not in the order of its trackers."
    for ballot in ballots:
        tracker, choice = ballot["tracker"], ballot["choice"]
        if (
            set(ballot) != {"plank", "tracker", "choice"}
            or ballot["plank"] not in planks
            or not _is_choice(rule, choice)
            or len(tracker) != 32
            or set(tracker) - set("0123456789abcdef")
        ):
            yield f"{name}: the ballot {tracker} is not a valid ballot."
    per_plank = Counter(b["plank"] for b in ballots)
    for plank in planks:
        if per_plank[plank] != ballots_in(part):
            yield f"{name}: ballots on plank {plank}: {per_plank[plank]}, and seats that have voted: {ballots_in(part)}."


def _is_choice(rule: dict[str, Any], choice: str) -> bool:
    return choice in rule["choices"] if "contest" not in rule else read_content(rule, choice) is not None


def _roll_call_problems(rule: dict[str, Any], part: dict[str, Any], planks: list[int]) -> Iterator[str]:
    name, seen = key_of(rule), set()
    if part["sealed"] or part["ballots"] or part["bits"] is not None or part["counts"] is not None:
        yield f"{name}: a roll call has no secret ballots."
    if len(part["roll"]) != rule["roll_size"] or digest(part["roll"]) != rule["roll_sha256"]:
        yield f"{name}: the roll is not the one that was frozen."
    yield from problems_of_mandates(rule, part)
    seats, answers = {entry["seat"] for entry in part["roll"]}, (*rule["choices"], *(["split"] if rule.get("mandates") else []))
    for vote in part["roll_call"]:
        place = (vote["seat"], vote["plank"])
        if vote["seat"] not in seats or vote["plank"] not in planks or vote["choice"] not in answers:
            yield f"{name}: the vote of seat {vote['seat']} on plank {vote['plank']} is not valid."
        if place in seen:
            yield f"{name}: seat {vote['seat']} voted twice on plank {vote['plank']}."
        seen.add(place)


def _correction_problems(board: dict[str, Any]) -> Iterator[str]:
    numbers = [c["number"] for c in board["corrections"]]
    if numbers != list(range(1, len(numbers) + 1)):
        yield "The corrections are not numbered without a gap: one is missing or was added."
    for rule, part in zip(board["manifest"]["electorates"], board["electorates"], strict=True):
        roll = corrected_roll(board, rule)
        if rule["secret"] and isinstance(part["bits"], int) and part["bits"] > roll:
            yield f"{key_of(rule)}: seats that have voted: {part['bits']}, and on the roll after corrections: {roll}."


_TOLD = ("texts_in_time", "texts_late", "letters_in_time", "letters_late", "untold")


def _notice_problems(board: dict[str, Any]) -> Iterator[str]:
    """Ledgers are published where the rule asks for notice, and tell of no more seats than there are."""
    if ("notice" in board["manifest"]) != ("notices" in board):
        yield "Notice is not published as the rule asks."
        return
    told = [row.get(name, 0) for row in board.get("notices", ()) for name in _TOLD]
    seats = sum(rule["roll_size"] for rule in board["manifest"]["electorates"] if rule["kind"] not in ("organizations", "together"))
    if any(type(n) is not int or n < 0 for n in told) or sum(told) > seats:
        yield f"Notice: the ledgers tell of {sum(told)} seats, and on the roll are {seats}."


def _notice_fact(board: dict[str, Any]) -> Iterator[str]:
    if "notice" in board["manifest"]:
        seats = sum(rule["roll_size"] for rule in board["manifest"]["electorates"] if rule["kind"] not in ("organizations", "together"))
        in_time = sum(row.get("texts_in_time", 0) + row.get("letters_in_time", 0) for row in board["notices"])
        yield f"Notice of {board['manifest']['notice']['days']} days: told in time, by the ledgers of the organizations, {in_time} of {seats} seats."


def _differences(again: dict[str, Any], said: dict[str, Any]) -> Iterator[str]:
    for mine, theirs in zip(again["electorates"], said["electorates"], strict=False):
        for plank, other in zip(mine["planks"], theirs["planks"], strict=False):
            if plank != other:
                yield (
                    f"{key_of(mine)}, plank {plank['number']}: counted again it is {_spoken(plank)}, the board says "
                    f"{_spoken(other)}."
                )
        if {k: v for k, v in mine.items() if k != "planks"} != {k: v for k, v in theirs.items() if k != "planks"}:
            yield f"{key_of(mine)}: {mine['cast']} of {mine['roll']} voted; the board says another quorum."
    if again["ratified"] != said["ratified"]:
        yield f"Counted again, these planks are ratified: {_listed(again['ratified'])}; the board says: {_listed(said['ratified'])}."
    yield "The result is not what the published votes give."


def _listed(planks: list[int]) -> str:
    return ", ".join(map(str, planks)) or "none"


def _spoken(plank: dict[str, Any]) -> str:
    if "winners" in plank:
        return f"options {_listed(plank['winners'])}"
    counts = ", ".join(f"{n} {c}" for c, n in plank["counts"].items())
    return f"{counts} ({'adopted' if plank['is_adopted'] else 'not adopted'}, {plank['needed']} needed)"


def _facts(board: dict[str, Any]) -> Iterator[str]:
    edition = board["manifest"]["edition"]["number"]
    yield from signature_facts(board)
    yield f"Poll {board['poll_id'][:16]}, {'no edition' if edition is None else f'edition {edition}'}."
    for part, result in zip(board["electorates"], board["result"]["electorates"], strict=True):
        needed, met = result["quorum"]["needed"], "quorum" if result["quorum"]["is_met"] else "no quorum"
        how = "sealed" if part["sealed"] else "every ballot counted again"
        seats = f" by {result['organizations']['cast']} of {result['organizations']['roll']} organizations" if "organizations" in result else ""
        yield f"{key_of(result)}: {result['cast']} of {result['roll']} voted{seats}, {needed} needed, {met}; {how}."
        if "present" in part or "enough_organizations" in part:
            yield f"{key_of(result)}: who was checked in and from how many organizations ballots came is the server's word; ballots cannot show it."
        yield from facts_of_paper(key_of(result), part)
    yield from _notice_fact(board)
    for rule, result in zip(board["manifest"]["electorates"], board["result"]["electorates"], strict=True):
        if "contest" in rule:
            names = [next(iter(rule["contest"]["options"][n - 1].values())) for row in result["planks"] for n in row["winners"]]
            yield f"Chosen by {rule['method']}: {', '.join(names) if board['result']['ratified'] and names else 'nobody'}."
            return
    yield f"Ratified planks: {_listed(board['result']['ratified'])}."
