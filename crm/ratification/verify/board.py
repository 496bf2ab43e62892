"""Checks a published board and counts it again, sharing no code with the rest of Plenary.

Stdlib and `cryptography` only.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .contests import KINDS, problems_of_contests, read_content

SMALL_GROUP = 10
CHOICES = ("yes", "no", "abstain")


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


def verify_board(path: str | Path) -> Verdict:
    """Reads a board file and says whether it holds."""
    try:
        board = json.loads(Path(path).read_text(encoding="utf-8"), object_pairs_hook=_no_twins)
    except OSError as error:
        return Verdict(False, False, (), (f"The file cannot be read: {error.strerror}.",))
    except ValueError as error:
        return Verdict(False, False, (), (f"The file is not a board: {error}.",))
    return check_board(board)


def check_board(board: Any) -> Verdict:
    """Says whether a board holds, naming every problem."""
    try:
        problems = list(_problems(board))
        sealed = any(e["sealed"] for e in board["electorates"])
        facts = tuple(_facts(board)) if not problems else ()
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ZeroDivisionError) as error:
        return Verdict(False, False, (), (f"The board is not complete: {type(error).__name__} {error}.",))
    return Verdict(not problems, sealed, facts, tuple(problems))


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name appears twice in one object")
    return found


def _digest(value: Any) -> str:
    return hashlib.sha256(
        json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()


def _problems(board: dict[str, Any]) -> Iterator[str]:
    if board["format"] != "plenary-board/1" or board["manifest"]["format"] != "plenary-manifest/1":
        yield "This is not a board of a format that this verifier knows."
    if _digest(board["manifest"]) != board["poll_id"]:
        yield "The manifest does not have the hash that is its poll id: edition, roll, rule or hours were changed."
    yield from _signature_problems(board)
    frozen = board["manifest"]["electorates"]
    if [e["kind"] for e in frozen] != [e["kind"] for e in board["electorates"]]:
        yield "The electorates are not those of the manifest."
        return
    planks = [p["number"] for p in board["manifest"]["planks"]]
    if len(set(planks)) != len(planks) or not planks:
        yield "The manifest does not number its planks."
    for rule, part in zip(frozen, board["electorates"], strict=True):
        yield from (_secret_problems if rule["secret"] else _roll_call_problems)(rule, part, planks)
    yield from _correction_problems(board)
    yield from problems_of_contests(board)
    again = _count(board)
    if again != board["result"]:
        yield from _differences(again, board["result"])


def _signature_problems(board: dict[str, Any]) -> Iterator[str]:
    unsigned = {k: v for k, v in board.items() if k != "signatures"}
    message = f"plenary-board/1\n{_digest(unsigned)}".encode()
    keys = [s["public_key"] for s in board["signatures"]]
    if board["manifest"]["server_key"] not in keys:
        yield "The key that was frozen in the manifest has not signed the board."
    for signature in board["signatures"]:
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["public_key"]))
            key.verify(bytes.fromhex(signature["signature"]), message)
        except (InvalidSignature, ValueError):
            yield f"The signature of the {signature['role']} does not fit: the board was changed after it was signed."


def _corrected_roll(board: dict[str, Any], rule: dict[str, Any]) -> int:
    struck = [c for c in board["corrections"] if c["kind"] == "struck" and c["electorate"] == rule["kind"]]
    return rule["roll_size"] - len(struck)


def _secret_problems(rule: dict[str, Any], part: dict[str, Any], planks: list[int]) -> Iterator[str]:
    name, bits = rule["kind"], part["bits"]
    if not isinstance(bits, int) or not 0 <= bits <= rule["roll_size"]:
        yield f"{name}: seats marked as having voted: {bits}, and on the roll: {rule['roll_size']}."
    if part["roll_call"]:
        yield f"{name}: a secret electorate has named votes."
    if part["sealed"]:
        if part["ballots"]:
            yield f"{name}: the board is sealed, yet ballots are listed."
        if bits >= SMALL_GROUP:
            yield f"{name}: {bits} ballots are too many for a sealed board."
        return
    if bits < SMALL_GROUP:
        yield f"{name}: fewer than {SMALL_GROUP} ballots must be sealed, and they are listed."
    if part["counts"] is not None:
        yield f"{name}: an open list carries separate counts."
    yield from _list_problems(rule, part, planks)


def _list_problems(rule: dict[str, Any], part: dict[str, Any], planks: list[int]) -> Iterator[str]:
    name, ballots = rule["kind"], part["ballots"]
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
        if per_plank[plank] != part["bits"]:
            yield f"{name}: ballots on plank {plank}: {per_plank[plank]}, and seats that have voted: {part['bits']}."


def _is_choice(rule: dict[str, Any], choice: str) -> bool:
    return choice in rule["choices"] if "contest" not in rule else read_content(rule, choice) is not None


def _roll_call_problems(rule: dict[str, Any], part: dict[str, Any], planks: list[int]) -> Iterator[str]:
    name, seen = rule["kind"], set()
    if part["sealed"] or part["ballots"] or part["bits"] is not None or part["counts"] is not None:
        yield f"{name}: a roll call has no secret ballots."
    if len(part["roll"]) != rule["roll_size"] or _digest(part["roll"]) != rule["roll_sha256"]:
        yield f"{name}: the roll is not the one that was frozen."
    seats = {entry["seat"] for entry in part["roll"]}
    for vote in part["roll_call"]:
        place = (vote["seat"], vote["plank"])
        if vote["seat"] not in seats or vote["plank"] not in planks or vote["choice"] not in rule["choices"]:
            yield f"{name}: the vote of seat {vote['seat']} on plank {vote['plank']} is not valid."
        if place in seen:
            yield f"{name}: seat {vote['seat']} voted twice on plank {vote['plank']}."
        seen.add(place)


def _correction_problems(board: dict[str, Any]) -> Iterator[str]:
    numbers = [c["number"] for c in board["corrections"]]
    if numbers != list(range(1, len(numbers) + 1)):
        yield "The corrections are not numbered without a gap: one is missing or was added."
    for rule, part in zip(board["manifest"]["electorates"], board["electorates"], strict=True):
        roll = _corrected_roll(board, rule)
        if rule["secret"] and isinstance(part["bits"], int) and part["bits"] > roll:
            yield f"{rule['kind']}: seats that have voted: {part['bits']}, and on the roll after corrections: {roll}."


def _votes(rule: dict[str, Any], part: dict[str, Any], plank: int) -> dict[str, int]:
    if part["sealed"]:
        counts = {c: part["counts"][str(plank)][c] for c in rule["choices"]}
        if sum(counts.values()) != part["bits"] or min(counts.values()) < 0:
            raise ValueError(f"the sealed counts of plank {plank} are not {part['bits']} ballots")
        return counts
    rows = part["ballots"] if rule["secret"] else part["roll_call"]
    counted = Counter(b["choice"] for b in rows if b["plank"] == plank)
    return {c: counted[c] for c in rule["choices"]}


def _count(board: dict[str, Any]) -> dict[str, Any]:
    planks = [p["number"] for p in board["manifest"]["planks"]]
    electorates = []
    published = board["result"]["electorates"]
    for rule, part, result in zip(board["manifest"]["electorates"], board["electorates"], published, strict=True):
        is_contest = "contest" in rule
        if rule["method"] not in KINDS if is_contest else rule["method"] != "yes_no_abstain" or tuple(rule["choices"]) != CHOICES:
            raise ValueError(f"this verifier does not know the method {rule['method']}")
        roll = _corrected_roll(board, rule)
        cast = part["bits"] if rule["secret"] else len({v["seat"] for v in part["roll_call"]})
        quorum = Fraction(rule["quorum"]) * roll
        needed = -(-quorum.numerator // quorum.denominator)
        rows = result["planks"] if is_contest else [{"number": n, **_decide(rule, _votes(rule, part, n), roll)} for n in planks]
        electorates.append(
            {
                "kind": rule["kind"],
                "roll": roll,
                "cast": cast,
                "quorum": {"needed": needed, "is_met": cast > 0 and cast >= quorum},
                "planks": rows,
            }
        )
    ratified = [
        n
        for i, n in enumerate(planks)
        if all(e["quorum"]["is_met"] and e["planks"][i]["is_adopted"] for e in electorates)
    ]
    return {"electorates": electorates, "ratified": ratified}


def _decide(rule: dict[str, Any], counts: dict[str, int], roll: int) -> dict[str, Any]:
    yes, no = counts["yes"], counts["no"]
    base = {"yes_and_no": yes + no, "cast": yes + no + counts["abstain"], "roll": roll}[rule["basis"]]
    if yes + no == 0:
        return {"counts": counts, "base": base, "needed": 0, "is_adopted": False}
    line = Fraction(rule["threshold"]) * base
    enough = {"at_least": yes >= line and yes > 0, "more_than": yes > line}[rule["strictness"]]
    needed = 1
    while needed < line or (needed == line and rule["strictness"] == "more_than"):
        needed += 1
    if yes == no and rule["basis"] == "yes_and_no" and 2 * Fraction(rule["threshold"]) == 1:
        enough = rule["tie"] == "passes"
    return {"counts": counts, "base": base, "needed": needed, "is_adopted": enough}


def _differences(again: dict[str, Any], said: dict[str, Any]) -> Iterator[str]:
    for mine, theirs in zip(again["electorates"], said["electorates"], strict=False):
        for plank, other in zip(mine["planks"], theirs["planks"], strict=False):
            if plank != other:
                yield (
                    f"{mine['kind']}, plank {plank['number']}: counted again it is {_spoken(plank)}, the board says "
                    f"{_spoken(other)}."
                )
        if {k: mine[k] for k in ("roll", "cast", "quorum")} != {k: theirs.get(k) for k in ("roll", "cast", "quorum")}:
            yield f"{mine['kind']}: {mine['cast']} of {mine['roll']} voted; the board says another quorum."
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
    yield f"Poll {board['poll_id'][:16]}, {'no edition' if edition is None else f'edition {edition}'}."
    for part, result in zip(board["electorates"], board["result"]["electorates"], strict=True):
        needed, met = result["quorum"]["needed"], "quorum" if result["quorum"]["is_met"] else "no quorum"
        how = "sealed" if part["sealed"] else "every ballot counted again"
        yield f"{result['kind']}: {result['cast']} of {result['roll']} voted, {needed} needed, {met}; {how}."
    for rule, result in zip(board["manifest"]["electorates"], board["result"]["electorates"], strict=True):
        if "contest" in rule:
            names = [next(iter(rule["contest"]["options"][n - 1].values())) for row in result["planks"] for n in row["winners"]]
            yield f"Chosen by {rule['method']}: {', '.join(names) if board['result']['ratified'] and names else 'nobody'}."
            return
    yield f"Ratified planks: {_listed(board['result']['ratified'])}."
