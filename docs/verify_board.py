#!/usr/bin/env python3
"""A second verifier of a published vote, for a sceptic to read: python3 verify_board.py BOARD.json [LISTS.json]

Written from docs/verify.md, sharing no line with Plenary; it needs Python and the package `cryptography`. Votes between options are counted in
verify_contests.py, which lies beside it, budgets in verify_budgets.py. Lists sealed because fewer than ten ballots came it cannot count, and says so."""
import hashlib
import json
import sys
from collections import Counter
from fractions import Fraction

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

try:
    from verify_contests import winners_of
except ImportError:  # without it votes between options are not counted, which is said
    winners_of = None

wrong, notes = [], []  # everything that does not hold; what a reader should know besides


def must(holds, words):
    """Notes what is wrong, and goes on: everything that is wrong is said."""
    wrong.extend([] if holds else [words])


def sha256(value):
    """The hash of a value: JSON, sorted keys, no spaces, UTF-8."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def signed(key, signature, message):
    """Whether the holder of an Ed25519 key signed a message."""
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), message.encode()) is None
    except (InvalidSignature, ValueError):
        return False


def check_signatures(board, manifest):
    """The manifest is the one whose hash is on every receipt; the server and nobody unknown signed the board."""
    must(sha256(manifest) == board["poll_id"], "the manifest is not the one that froze: its hash is not the poll id")
    message = "plenary-board/1\n" + sha256({k: v for k, v in board.items() if k != "signatures"})
    signers, tellers = ([one["public_key"] for one in some] for some in (board["signatures"], manifest.get("tellers", [])))
    must(manifest["server_key"] in signers, "the server's frozen key did not sign")
    for s in board["signatures"]:
        fits = signed(s["public_key"], s["signature"], message)
        must(fits and s["public_key"] in [manifest["server_key"], *tellers], f"the signature of the {s['role']} does not fit this board")
    for s in board.get("opening_signatures", []):
        must(s["public_key"] in tellers and signed(s["public_key"], s["signature"], f"plenary-teller/1\n{board['poll_id']}"), "a false opening signature")
    notes.extend(f"teller {one['name']}: {'signed' if one['public_key'] in signers else 'did not sign'} the count" for one in manifest.get("tellers", []))


def check_ballots(rule, part, planks):
    """One ballot for each seat that voted on each plank, each tracker once, in the order of trackers; named votes once a seat."""
    name, ballots = rule.get("key", rule["kind"]), part["ballots"]
    if not rule["secret"]:
        must(sha256(part["roll"]) == rule["roll_sha256"] and len(part["roll"]) == rule["roll_size"], f"{name}: the roll is not the frozen one")
        places, seats = [(v["seat"], v["plank"]) for v in part["roll_call"]], {entry["seat"] for entry in part["roll"]}
        return must(len(set(places)) == len(places) and {seat for seat, _plank in places} <= seats, f"{name}: a seat is counted twice, or is not on the roll")
    must(0 <= part["bits"] <= rule["roll_size"], f"{name}: more seats voted than are on the roll")
    notes.extend([f"{name}: fewer than ten ballots came, so they are sealed and were not counted here"] if part["sealed"] else [])
    order, each = [(b["plank"], b["tracker"]) for b in ballots], Counter(b["plank"] for b in ballots)
    must(order == sorted(order) and len({tracker for _plank, tracker in order}) == len(order), f"{name}: a tracker is listed twice, or not in its place")
    must(part["sealed"] or set(each) <= set(planks) and all(each[n] == size_of(rule, part)[1] for n in planks), f"{name}: ballots and seats that voted differ")


def size_of(rule, part, corrections=()):
    """How many stand on the roll of a group and how many ballots came: in secret, seats that voted without those whose paper never came back."""
    paper, held = part.get("paper", {"issued": 0, "returned": 0}), {entry["seat"]: entry.get("mandates", 1) for entry in part["roll"]}
    gone = sum(c["kind"] == "struck" and c["electorate"] == rule.get("key", rule["kind"]) for c in corrections)
    if rule["secret"]:
        return rule["roll_size"] - gone, part["bits"] - paper["issued"] + paper["returned"]
    return sum(held.values()) - gone, sum(held.get(seat, 0) for seat in {vote["seat"] for vote in part["roll_call"]})


def votes(rule, part, plank):
    """Yes, no and abstentions of a group on a plank, a seat's mandates for each vote where it holds several."""
    counted, held = Counter(part["counts"][str(plank)] if part["sealed"] else {}), {entry["seat"]: entry.get("mandates", 1) for entry in part["roll"]}
    for vote in part["ballots"] if rule["secret"] else part["roll_call"]:
        if vote["plank"] == plank:
            counted.update(vote["mandates"] if vote["choice"] == "split" else {vote["choice"]: held.get(vote.get("seat"), 1)})
    return counted


def meets(asked, yes, no, base):
    """Whether yes reaches its share of the base, exactly: at least that share, or more than it."""
    line = Fraction(asked["threshold"]) * base
    if yes == no > 0 and "tie" in asked and asked["basis"] == "yes_and_no" and line == yes:
        return asked["tie"] == "passes"
    return yes > 0 and base > 0 and (yes >= line if asked["strictness"] == "at_least" else yes > line)


def check_count(board, rule, part, said, planks):
    """Counts again, and compares with what the board says."""
    name, every = rule.get("key", rule["kind"]), zip(board["manifest"]["electorates"], board["electorates"], strict=True)
    groups = [(r, p) for r, p in every if r.get("key", r["kind"]) in rule.get("of", [name])]  # secret and open ones may be counted together
    roll, cast = (sum(sizes) for sizes in zip(*(size_of(*group, board["corrections"]) for group in groups), strict=True))
    must((said["roll"], said["cast"]) == (roll, cast), f"{name}: the board says another roll, or another number of ballots")
    met = 0 < cast >= Fraction(rule["quorum"]) * roll and all(row["is_met"] for row in said["quorum"].get("more", []))
    must(said["quorum"]["is_met"] == met and part["kind"] == rule["kind"], f"{name}: the quorum is wrong, or the electorate")
    for n, row in zip(planks, said["planks"], strict=True):
        if "contest" in rule:
            return check_contest(rule, part, n, row)
        found = sum((votes(*group, n) for group in groups), Counter())
        yes, no = found["yes"], found["no"]
        must(row["counts"] == {c: found[c] for c in rule["choices"]}, f"{name}, plank {n}: counted again it is {dict(found)}")
        bases = {"yes_and_no": yes + no, "cast": found.total(), "roll": roll, "present": said.get("present", 0)}
        adopted = yes + no > 0 and all(meets(asked, yes, no, bases[asked["basis"]]) for asked in (rule, *rule.get("conditions", ())))
        must(row["is_adopted"] == adopted, f"{name}, plank {n}: {yes} yes and {no} no are {'enough' if adopted else 'not enough'}")


def check_contest(rule, part, plank, row):
    """The winners of a vote between options, in the order of election; nobody wins where no ballot names anybody."""
    winners = None if part["sealed"] or not winners_of else winners_of(rule, [b["choice"] for b in part["ballots"] if b["plank"] == plank])
    if winners is None:
        return notes.append(f"{rule['method']}: the winners {row['winners']} were not counted here; plenary verify does")
    must(row["winners"] == winners and row["is_adopted"] == bool(winners), f"counted again the winners are {winners}, the board says {row['winners']}")


def check_lists(board, lists):
    """Every entry of the lists that somebody kept while the vote was open is in the board."""
    before, there = "", {hashlib.sha256(f"plenary-list/1\n{b['tracker']}".encode()).hexdigest()[:32] for e in board["electorates"] for b in e["ballots"]}
    for one in lists:
        message = "\n".join(("plenary-list/1", one["poll_id"], str(one["number"]), one["at"], one["before"], *one["hashes"]))
        must(one["poll_id"] == board["poll_id"] and signed(board["manifest"]["server_key"], one["signature"], message), f"list {one['number']} is false")
        must(one["before"] == before and set(one["hashes"]) <= there, f"ballots on list {one['number']} have vanished, or a list before it is missing")
        before = sha256(one)


def main(board, lists=()):
    """Everything, in order; 0 when the board holds."""
    planks, rules, said = [p["number"] for p in board["manifest"]["planks"]], board["manifest"]["electorates"], board["result"]["electorates"]
    check_signatures(board, board["manifest"])
    must([c["number"] for c in board["corrections"]] == list(range(1, len(board["corrections"]) + 1)), "a correction is missing")
    for rule, part, result in zip(rules, board["electorates"], said, strict=True):
        if rule["kind"] != "together":  # these are counted in their groups
            check_ballots(rule, part, planks)
        check_count(board, rule, part, result, planks)
    deciding = [e for rule, e in zip(rules, said, strict=True) if rule.get("decides", True)]
    ratified = [n for i, n in enumerate(planks) if deciding and all(e["quorum"]["is_met"] and e["planks"][i]["is_adopted"] for e in deciding)]
    must(board["result"]["ratified"] == ratified, f"these planks are ratified: {ratified}; the board says {board['result']['ratified']}")
    check_lists(board, lists)
    print("\n".join(["No, this board does not hold:", *wrong] if wrong else [f"Yes. Ratified planks: {ratified}. Poll {board['poll_id']}", *notes]))
    return len(wrong) > 0


if __name__ == "__main__":
    sys.exit(main(*(json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])))
