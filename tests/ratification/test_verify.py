"""V4 and V5: the verifier counts again by itself, and notices every change, even one that was signed afresh."""

import copy
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crm.ratification import verify
from crm.ratification.rules import board as boards
from crm.ratification.rules.tally import Votes, tally
from crm.ratification.verify import check_board, verify_board

pytestmark = pytest.mark.one_database

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)


def hexed(key):
    return key.public_key().public_bytes_raw().hex()


def sign(board, key=KEY):
    board["signatures"] = [
        {"role": "server", "public_key": hexed(key), "signature": key.sign(boards.board_message(board)).hex()}
    ]
    return board


def rule(kind, roll_hash, size, **more):
    return {
        "kind": kind,
        "secret": kind == "members",
        "method": "yes_no_abstain",
        "choices": ["yes", "no", "abstain"],
        "quorum": "1/2",
        "threshold": "2/3" if kind == "members" else "3/4",
        "strictness": "at_least",
        "basis": "yes_and_no",
        "tie": "fails",
        "may_change": kind != "members",
        "roll_size": size,
        "roll_sha256": roll_hash,
    } | more


def make_board(votes=None, size=20, strikes=(), **members):
    """A signed board: `votes` holds a list of choices for each of two planks."""
    votes = votes or {1: ["yes"] * 9 + ["no"] * 3, 2: ["yes"] * 6 + ["no"] * 5 + ["abstain"]}
    roll = [{"seat": n, "name": name} for n, name in enumerate(("Southbank", "Mill", "Arroyo"))]
    manifest = {
        "format": boards.MANIFEST_FORMAT,
        "owner": "Common Table",
        "title": {"en": "Ratify"},
        "server_key": hexed(KEY),
        "edition": {"number": 1, "sha256": "00", "authentic": "en"},
        "planks": [{"number": n, "titles": {"en": str(n)}} for n in votes],
        "electorates": [rule("members", "11" * 32, size, **members), rule("organizations", boards.digest(roll), 3)],
    }
    poll_id, bits = boards.digest(manifest), len(votes[1])
    ballots = sorted(
        (
            {"plank": n, "tracker": boards.tracker_of(poll_id, n, f"{i:032x}", "w"), "choice": c}
            for n, made in votes.items()
            for i, c in enumerate(made)
        ),
        key=lambda b: (b["plank"], b["tracker"]),
    )
    sealed = bits < 10
    counts = (
        {str(n): {c: made.count(c) for c in ("yes", "no", "abstain")} for n, made in votes.items()} if sealed else None
    )
    call = [
        {"seat": s, "plank": n, "choice": "no" if (s, n) == (2, 2) else "yes", "reason": "", "by": "x"}
        for n in votes
        for s in range(3)
    ]
    corrections = [
        {"number": i, "kind": "struck", "electorate": "members", "seat": s, "reason": "r", "by": "x", "at": "t"}
        for i, s in enumerate(strikes, 1)
    ]
    by_plank = {n: [v["choice"] for v in call if v["plank"] == n] for n in votes}
    result = tally(
        manifest, {"members": Votes(bits, size - len(strikes), votes), "organizations": Votes(3, 3, by_plank)}
    )
    return sign(
        {
            "format": boards.BOARD_FORMAT,
            "poll_id": poll_id,
            "manifest": manifest,
            "corrections": corrections,
            "result": result,
            "electorates": [
                {
                    "kind": "members",
                    "sealed": sealed,
                    "bits": bits,
                    "ballots": [] if sealed else ballots,
                    "counts": counts,
                    "roll": [],
                    "roll_call": [],
                },
                {
                    "kind": "organizations",
                    "sealed": False,
                    "bits": None,
                    "ballots": [],
                    "counts": None,
                    "roll": roll,
                    "roll_call": call,
                },
            ],
        }
    )


def test_a_whole_board_holds():
    verdict = check_board(make_board())
    assert verdict.is_right and not verdict.is_sealed, verdict.words
    assert (
        verdict.words.startswith("Yes") and "12 of 20 voted" in verdict.words and "Ratified planks: 1." in verdict.words
    )


@pytest.mark.parametrize("bits", range(1, 9))
def test_a_small_group_is_sealed_and_said_to_be(bits):
    verdict = check_board(make_board({1: ["yes"] * bits, 2: ["no"] * bits}, size=10))
    assert verdict.is_right and verdict.is_sealed and "sealed" in verdict.words


def test_nobody_and_everybody():
    assert check_board(make_board({1: [], 2: []})).is_right
    assert check_board(make_board({1: ["yes"] * 40, 2: ["abstain"] * 40}, size=40)).is_right
    assert check_board(make_board(strikes=(3, 5))).is_right


def first(board, **where):
    return next(b for b in board["electorates"][0]["ballots"] if all(b[k] == v for k, v in where.items()))


def members(board):
    return board["electorates"][0]


def organizations(board):
    return board["electorates"][1]


def again(board):
    """Puts the poll id right after a change of the manifest, as a forger would."""
    board["poll_id"] = boards.digest(board["manifest"])


TAMPERINGS = {
    "flip a ballot": lambda b: first(b, plank=1, choice="no").update(choice="yes"),
    "drop a ballot": lambda b: members(b)["ballots"].remove(first(b, plank=1)),
    "drop a voter whole": lambda b: members(b).update(
        ballots=[
            x
            for x in members(b)["ballots"]
            if x["tracker"] not in (first(b, plank=1)["tracker"], first(b, plank=2)["tracker"])
        ]
    ),
    "add a ballot": lambda b: members(b)["ballots"].append({"plank": 2, "tracker": "f" * 32, "choice": "yes"}),
    "a tracker twice": lambda b: members(b)["ballots"].__setitem__(1, members(b)["ballots"][0]),
    "another order": lambda b: members(b)["ballots"].reverse(),
    "an unknown choice": lambda b: first(b, plank=1).update(choice="maybe"),
    "a note on a ballot": lambda b: first(b, plank=1).update(voter="Ana"),
    "an unknown plank": lambda b: first(b, plank=2).update(plank=3),
    "more bits than seats": lambda b: members(b).update(bits=21),
    "fewer bits": lambda b: members(b).update(bits=11),
    "bits that are no number": lambda b: members(b).update(bits="12"),
    "sealed to hide": lambda b: members(b).update(
        sealed=True,
        ballots=[],
        counts={"1": {"yes": 12, "no": 0, "abstain": 0}, "2": {"yes": 12, "no": 0, "abstain": 0}},
    ),
    "counts beside the list": lambda b: members(b).update(counts={}),
    "a named vote in secret": lambda b: members(b)["roll_call"].append({"seat": 1, "plank": 1, "choice": "yes"}),
    "the quorum": lambda b: b["manifest"]["electorates"][0].update(quorum="1/4"),
    "the threshold, with its hash": lambda b: (b["manifest"]["electorates"][0].update(threshold="1/3"), again(b)),
    "the roll size": lambda b: b["manifest"]["electorates"][0].update(roll_size=2000),
    "the hours": lambda b: b["manifest"].update(closes_at="later"),
    "the text": lambda b: b["manifest"]["edition"].update(sha256="ff"),
    "the poll id": lambda b: b.update(poll_id="0" * 64),
    "the result": lambda b: b["result"]["ratified"].append(2),
    "a count in the result": lambda b: b["result"]["electorates"][0]["planks"][0]["counts"].update(yes=10),
    "quorum met in the result": lambda b: b["result"]["electorates"][0]["quorum"].update(needed=1),
    "a roll call vote": lambda b: organizations(b)["roll_call"][-1].update(choice="yes"),
    "a roll call vote twice": lambda b: organizations(b)["roll_call"].append(dict(organizations(b)["roll_call"][0])),
    "a stranger's seat": lambda b: organizations(b)["roll_call"][0].update(seat=9),
    "an organization renamed": lambda b: organizations(b)["roll"][0].update(name="Northbank"),
    "a missing organization": lambda b: organizations(b)["roll"].pop(),
    "a correction without a gap": lambda b: b["corrections"].append(
        {"number": 2, "kind": "struck", "electorate": "members", "seat": 1}
    ),
    "a strike nobody counted": lambda b: b["corrections"].append(
        {"number": 1, "kind": "struck", "electorate": "members", "seat": 1}
    ),
    "another electorate": lambda b: members(b).update(kind="guests"),
    "a missing electorate": lambda b: b["electorates"].pop(),
    "another format": lambda b: b.update(format="plenary-board/9"),
    "a missing part": lambda b: b.pop("result"),
    "the key": lambda b: b["manifest"].update(server_key=hexed(OTHER)),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_each_change_is_noticed_even_if_signed_afresh(name):
    board = make_board()
    TAMPERINGS[name](board)
    assert not check_board(copy.deepcopy(board)).is_right, "the old signature must not fit"
    if name == "the threshold, with its hash":
        # Only the poll id, which everybody's receipt carries, tells of a whole forged manifest; here the result gives it away.
        board["result"] = make_board()["result"]
    verdict = check_board(sign(board))
    assert not verdict.is_right and verdict.problems and verdict.words.startswith("No"), name


@pytest.mark.parametrize(
    "signatures",
    [
        [],
        [{"role": "server", "public_key": hexed(OTHER), "signature": "00" * 64}],
        [{"role": "server", "public_key": "zz", "signature": "00"}],
    ],
)
def test_the_frozen_key_must_have_signed(signatures):
    assert not check_board(make_board() | {"signatures": signatures}).is_right
    assert not check_board(sign(make_board(), OTHER)).is_right


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"format": 1, "format": 2}', "not json", '{"format":"plenary-board/1"}']
)
def test_what_is_no_board_is_said_to_be_none(tmp_path, text):
    path = tmp_path / "board.json"
    path.write_text(text)
    assert not verify_board(path).is_right
    assert "cannot be read" in verify_board(tmp_path / "missing.json").words


def test_the_two_counters_agree_on_every_small_vote():
    """Recount equality: yes, no and abstain from 0 to 7, each strictness, basis, tie rule and four thresholds."""
    for yes in range(8):
        for no in range(8):
            for abstain in (0, 3):
                votes = {
                    1: ["yes"] * yes + ["no"] * no + ["abstain"] * abstain,
                    2: ["no"] * yes + ["yes"] * no + ["abstain"] * abstain,
                }
                for strictness, basis, tie in (
                    ("at_least", "yes_and_no", "fails"),
                    ("more_than", "yes_and_no", "passes"),
                    ("at_least", "cast", "passes"),
                    ("more_than", "roll", "fails"),
                ):
                    for threshold in ("1/2", "2/3", "1/1000", "1"):
                        if (threshold, strictness) != ("1", "more_than"):
                            board = make_board(votes, strictness=strictness, basis=basis, tie=tie, threshold=threshold)
                            assert check_board(board).is_right, (yes, no, abstain, strictness, basis, tie, threshold)


def test_the_order_of_planks_changes_nothing():
    votes = {1: ["yes"] * 9 + ["no"] * 3, 2: ["no"] * 12}
    one, other = make_board(votes)["result"], make_board({2: votes[2], 1: votes[1]})["result"]
    assert one["ratified"] == other["ratified"] == [1]
    assert sorted(map(str, one["electorates"][0]["planks"])) == sorted(map(str, other["electorates"][0]["planks"]))


def test_it_stands_alone(tmp_path):
    """The verifier imports nothing of Plenary: its folder alone, copied elsewhere, verifies a board."""
    files = list(Path(verify.__file__).parent.glob("*.py"))
    (tmp_path / "verify").mkdir()
    for file in files:
        (tmp_path / "verify" / file.name).write_text(file.read_text())
    (tmp_path / "board.json").write_text(json.dumps(make_board()))
    done = subprocess.run(
        [sys.executable, "-c", "import sys, verify; print(verify.verify_board(sys.argv[1]).words)", "board.json"],
        cwd=tmp_path, env={}, capture_output=True, text=True, check=True,
    )
    assert done.stdout.startswith("Yes.")
    assert "crm" not in {
        line.split()[1].split(".")[0]
        for file in files
        for line in file.read_text().splitlines()
        if line.startswith(("import", "from"))
    }


def test_fractions_are_exact_where_floats_are_not():
    votes = {1: ["yes"] * 7 + ["no"] * 3, 2: ["yes"] * 7 + ["no"] * 3}
    board = make_board(votes, threshold=str(Fraction("0.7")))
    assert check_board(board).is_right and board["result"]["electorates"][0]["planks"][0]["is_adopted"]
