"""Counts planks again, on its own: what each electorate cast, with one vote a seat or with mandates, and what its rule makes of it."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from .contests import KINDS
from .paper import ballots_in

CHOICES = ("yes", "no", "abstain")


def key_of(rule: dict[str, Any]) -> str:
    """The name of an electorate within its vote: its key, else its kind."""
    return rule.get("key", rule["kind"])


def corrected_roll(board: dict[str, Any], rule: dict[str, Any]) -> int:
    """How many stand on the roll after the corrections; mandates where they are counted."""
    if rule["kind"] == "together":
        return sum(corrected_roll(board, other) for other in _parts(board, rule))
    if rule.get("mandates"):
        return sum(_mandates(_part(board, rule)).values())
    return rule["roll_size"] - len([c for c in board["corrections"] if c["kind"] == "struck" and c["electorate"] == key_of(rule)])


def _parts(board: dict[str, Any], rule: dict[str, Any]) -> list[dict[str, Any]]:
    """The groups that are counted together."""
    found = [other for other in board["manifest"]["electorates"] if key_of(other) in rule["of"] and other["kind"] != "together"]
    if sorted(map(key_of, found)) != sorted(rule["of"]) or not found:
        raise ValueError(f"{key_of(rule)} counts groups together that are not there")
    return found


def _part(board: dict[str, Any], rule: dict[str, Any]) -> dict[str, Any]:
    return next(part for part in board["electorates"] if key_of(part) == key_of(rule))


def _mandates(part: dict[str, Any]) -> dict[int, int]:
    return {entry["seat"]: entry["mandates"] for entry in part["roll"]}


def problems_of_mandates(rule: dict[str, Any], part: dict[str, Any]) -> Iterator[str]:
    """Mandates are whole and at least one; a split names all that a seat holds, once each."""
    name, has = key_of(rule), bool(rule.get("mandates"))
    if any(("mandates" in entry) != has or has and (type(entry["mandates"]) is not int or entry["mandates"] < 1) for entry in part["roll"]):
        yield f"{name}: the mandates on the roll are not those of the rule."
        return
    held = _mandates(part) if has else {}
    for vote in part["roll_call"]:
        split = vote.get("mandates")
        if (vote["choice"] == "split") != (split is not None) or split is not None and not has:
            yield f"{name}: the vote of seat {vote['seat']} on plank {vote['plank']} splits what it does not hold."
        elif split is not None and (
            not set(split) <= set(CHOICES) or any(type(n) is not int or n < 0 for n in split.values()) or sum(split.values()) != held.get(vote["seat"])
        ):
            yield f"{name}: seat {vote['seat']} does not give all its mandates on plank {vote['plank']}."


def problems_of_attested(rule: dict[str, Any], part: dict[str, Any]) -> Iterator[str]:
    """What the server says and ballots cannot show: how many were checked in, and whether ballots came from enough organizations."""
    name, asks = key_of(rule), [asked["of"] for asked in rule.get("quorums", ())]
    if rule["kind"] == "together":
        return
    if _asks_present(rule) or "present" in part:
        there = part.get("present")
        if type(there) is not int or not 0 <= there <= rule["roll_size"]:
            yield f"{name}: checked in: {there}, and on the roll: {rule['roll_size']}."
    is_untold = "organizations" in asks and rule["kind"] != "organizations"
    if is_untold != ("enough_organizations" in part):
        yield f"{name}: whether ballots came from enough organizations is not said as the rule asks."
    elif is_untold and part["enough_organizations"] and _cast(rule, part) < max(asked["least"] for asked in rule["quorums"] if asked["of"] == "organizations"):
        yield f"{name}: fewer ballots came than the organizations that are said to have voted."


def _asks_present(rule: dict[str, Any]) -> bool:
    bases = {rule["basis"]} | {condition["basis"] for condition in rule.get("conditions", ())}
    return "present" in bases or any(asked["of"] != "organizations" for asked in rule.get("quorums", ()))


def _cast(rule: dict[str, Any], part: dict[str, Any]) -> int:
    if rule["secret"]:
        return ballots_in(part)
    voted = {vote["seat"] for vote in part["roll_call"]}
    return sum(n for seat, n in _mandates(part).items() if seat in voted) if rule.get("mandates") else len(voted)


def _votes(board: dict[str, Any], rule: dict[str, Any], plank: int) -> dict[str, int]:
    if rule["kind"] == "together":
        found = [_votes(board, other, plank) for other in _parts(board, rule)]
        return {c: sum(counts[c] for counts in found) for c in rule["choices"]}
    part = _part(board, rule)
    if part["sealed"]:
        counts = {c: part["counts"][str(plank)][c] for c in rule["choices"]}
        if sum(counts.values()) != ballots_in(part) or min(counts.values()) < 0:
            raise ValueError(f"the sealed counts of plank {plank} are not {ballots_in(part)} ballots")
        return counts
    counted: Counter[str] = Counter()
    held = _mandates(part) if rule.get("mandates") else {}
    for row in part["ballots"] if rule["secret"] else part["roll_call"]:
        if row["plank"] == plank:
            counted.update(row["mandates"] if row["choice"] == "split" else {row["choice"]: held.get(row.get("seat"), 1)})
    return {c: counted[c] for c in rule["choices"]}


def count_again(board: dict[str, Any]) -> dict[str, Any]:
    """The result as these ballots and this rule give it."""
    planks = [p["number"] for p in board["manifest"]["planks"]]
    rules, published = board["manifest"]["electorates"], board["result"]["electorates"]
    electorates = [_count_one(board, rule, result, planks) for rule, result in zip(rules, published, strict=True)]
    deciding = [e for rule, e in zip(rules, electorates, strict=True) if rule.get("decides", True)]
    ratified = [n for i, n in enumerate(planks) if deciding and all(e["quorum"]["is_met"] and e["planks"][i]["is_adopted"] for e in deciding)]
    return {"electorates": electorates, "ratified": ratified}


def _count_one(board: dict[str, Any], rule: dict[str, Any], result: dict[str, Any], planks: list[int]) -> dict[str, Any]:
    is_contest, roll, part = "contest" in rule, corrected_roll(board, rule), _part(board, rule)
    if rule["method"] not in KINDS if is_contest else rule["method"] != "yes_no_abstain" or tuple(rule["choices"]) != CHOICES:
        raise ValueError(f"this verifier does not know the method {rule['method']}")
    groups = [(other, _part(board, other)) for other in _parts(board, rule)] if rule["kind"] == "together" else [(rule, part)]
    cast, there = sum(_cast(*group) for group in groups), sum(each.get("present", 0) for _rule, each in groups)
    rows = result["planks"] if is_contest else [{"number": n, **_decide(rule, _votes(board, rule, n), roll, there)} for n in planks]
    row: dict[str, Any] = {"kind": rule["kind"], "roll": roll, "cast": cast, "quorum": _quorum(rule, part, roll, cast, there), "planks": rows}
    if "key" in rule:
        row["key"] = rule["key"]
    if rule.get("mandates"):
        row["organizations"] = {"roll": len(part["roll"]), "cast": len({vote["seat"] for vote in part["roll_call"]})}
    return row | ({"present": there} if _asks_present(rule) else {})


def _whole(share: str, base: int) -> int:
    """The smallest whole number that is at least this share."""
    exact = Fraction(share) * base
    return -(-exact.numerator // exact.denominator)


def _quorum(rule: dict[str, Any], part: dict[str, Any], roll: int, cast: int, there: int) -> dict[str, Any]:
    needed = _whole(rule["quorum"], roll)
    found: dict[str, Any] = {"needed": needed, "is_met": cast > 0 and cast >= needed}
    more = []
    for asked in rule.get("quorums", ()):
        row: dict[str, Any] = {"of": asked["of"]}
        if asked["of"] == "organizations":
            row["needed"] = asked["least"]
            row["have"] = len({vote["seat"] for vote in part["roll_call"]}) if rule["kind"] == "organizations" else None
            row["is_met"] = part["enough_organizations"] if row["have"] is None else row["have"] >= row["needed"]
        else:
            base, row["have"] = {"present": (there, cast), "attending": (roll, there)}[asked["of"]]
            row["needed"] = _whole(asked["share"], base)
            row["is_met"] = there > 0 and row["have"] >= row["needed"]
        more.append(row)
    if more:
        found |= {"more": more, "is_met": found["is_met"] and all(row["is_met"] for row in more)}
    return found


def _decide(rule: dict[str, Any], counts: dict[str, int], roll: int, there: int) -> dict[str, Any]:
    yes, no = counts["yes"], counts["no"]
    bases = {"yes_and_no": yes + no, "cast": yes + no + counts["abstain"], "present": there, "roll": roll}
    shares = [_share(asked, bases[asked["basis"]], yes, yes + no > 0) for asked in (rule, *rule.get("conditions", ()))]
    first = shares[0]
    if yes == no > 0 and rule["basis"] == "yes_and_no" and 2 * Fraction(rule["threshold"]) == 1:
        first["is_met"] = rule["tie"] == "passes"
    row = {"counts": counts, "base": first["base"], "needed": first["needed"], "is_adopted": all(each["is_met"] for each in shares)}
    return row | ({"conditions": shares[1:]} if shares[1:] else {})


def _share(asked: dict[str, Any], base: int, yes: int, is_any: bool) -> dict[str, Any]:
    if not is_any:
        return {"base": base, "needed": 0, "is_met": False}
    line, needed = Fraction(asked["threshold"]) * base, 1
    if line >= 1:
        needed = line.numerator // line.denominator
        needed += 1 if needed < line or asked["strictness"] == "more_than" else 0
    return {"base": base, "needed": needed, "is_met": base > 0 and {"at_least": yes >= line, "more_than": yes > line}[asked["strictness"]] and yes > 0}
