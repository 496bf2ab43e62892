"""Sealed ballots from end to end: a dealer's shares, passes, boxes, three trustees, and a verifier that finds what was changed."""

import hashlib
import json
from copy import deepcopy
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hpke

from crm.cli import main
from crm.infra.db import reading, session
from crm.ratification import providers
from crm.ratification.jobs import hold_after_restore
from crm.ratification.models.sealed import SealedPass
from crm.ratification.rules.board import canonical
from crm.ratification.rules.sealed.formats import board_message, entry_hash
from crm.ratification.rules.tally import Votes, tally
from crm.ratification.verify import check_sealed, verify_board
from tests.factories import MONDAY
from tests.ratification.halls import make_members
from tests.ratification.sealed import SCEPTIC, fields_of, make_shares, open_hall, words_of

pytestmark = pytest.mark.long  # behind a setting, and not reviewed
CHOICES = ["1:1 2:2", "1:1", "1:2 2:1", "2:1", "2:2 3:1", "2:1 3:2", "abstain"]


@pytest.fixture
def hall(app, signed_in, world, clock, tmp_path):
    make_members(world, "southbank", 10)
    return open_hall(app, signed_in, world, clock, tmp_path)


@pytest.fixture
def voted(hall):
    """Seven have voted, one of them twice, one has a pass and did not vote; the hour has come."""
    codes = hall.give_passes(8)
    hall.to_voting()
    hall.receipts = [hall.cast(code, choice)["hash"] for code, choice in zip(codes, CHOICES, strict=False)]
    hall.receipts.append(hall.cast(codes[0], "3:1")["hash"])
    hall.to_close()
    return hall


@pytest.fixture
def opened(voted):
    assert voted.open(*voted.shares[1:4]).status_code == 303
    return voted


# --- the whole way ----------------------------------------------------------------------------------------------------

def test_from_the_shares_to_the_count(opened, tmp_path):
    board = opened.board()
    assert len(board["entries"]) == 8 and len(board["passes"]) == 8 and board["invalid"] == []
    row = board["result"]["electorates"][0]
    assert (row["cast"], row["roll"], row["planks"][0]["winners"], row["planks"][0]["blank"]) == (7, 16, [2], 1)
    verdict = check_sealed(board, tuple(opened.receipts))
    assert verdict.is_right and "Yes. This board holds" in verdict.words and "no outside cryptographer" in verdict.words
    file = tmp_path / "board.json"
    file.write_text(json.dumps(board))
    assert main(["verify", str(file), "--receipt", opened.receipts[0]]) == 0
    assert main(["verify", str(file), "--receipt", "0" * 64]) == 1
    page = opened.get(opened.address)
    assert "Chosen: Bea" in page and "Not reviewed." in page
    assert "Chosen: Bea" in opened.desk.get(f"/sealed/{opened.vote}").text
    assert "It is entry 8 of 8." in opened.get(f"{opened.address}?receipt={opened.receipts[-1]}")
    assert "Not in the chain" in opened.get(f"{opened.address}?receipt={'0' * 64}")


def test_a_later_ballot_counts_and_an_earlier_one_cannot_be_sent_again(voted):
    first = voted.board()["entries"][0]
    voted.to_voting()
    answer = voted.web.post(voted.address + "/cast", json={k: v for k, v in first.items() if k != "hash"})
    assert answer.status_code == 409 and "A later ballot of this pass is in already" in answer.json["reasons"][0]
    voted.to_close()
    assert voted.open(*voted.shares[:3]).status_code == 303
    first_round = voted.board()["result"]["electorates"][0]["planks"][0]["rounds"][0]["votes"]
    assert first_round == {"1": "1", "2": "3", "3": "2"}  # with the first ballot of the first pass, "1" would have two


def test_the_rebuilt_key_opens_as_the_shares_do(voted, tmp_path, capsys):
    files = [tmp_path / "trustees" / f"share-{n}.txt" for n in (5, 2, 3)]
    capsys.readouterr()
    assert main(["trustees", "open", *map(str, files)]) == 0
    assert voted.open(capsys.readouterr().out.strip()).status_code == 303
    assert check_sealed(voted.board()).is_right


def test_planks_of_an_edition_are_decided_by_their_own_rule(app, signed_in, world, clock, tmp_path):
    make_members(world, "southbank", 10)
    with_yes = {"members_method": "yes_no_abstain", "members_options_en": "", "members_quorum": "0"}
    key, _shares = make_shares(tmp_path)
    answer = signed_in("imani", "southbank").post("/sealed/new", data=fields_of(key, **with_yes))
    assert answer.status_code == 422 and "Choose an edition of your own organization, or write options." in answer.text


# --- passes -----------------------------------------------------------------------------------------------------------

def test_the_same_request_gets_the_same_pass_and_another_one_none(hall, world):
    code = hall.take(0)
    made, answer = hall.made(code)
    again = hall.post(hall.links[0], {"blinded": made.request})
    assert again["answer"] == answer
    with pytest.raises(SystemExit, match="already has a pass"):
        SCEPTIC.take_pass(b"another code of!", hall.links[0], hall.get, hall.post)
    hall.to_voting()
    assert hall.post(hall.links[0], {"blinded": made.request})["answer"] == answer, "an answer that was lost can be fetched again"
    with pytest.raises(SystemExit, match="No more passes"):
        hall.take(1)
    with reading(world.orgs["southbank"]):
        assert len(session().query(SealedPass).all()) == 1


def test_passes_are_given_in_their_hours_only(hall, clock):
    clock.set(MONDAY - timedelta(minutes=5))
    with pytest.raises(SystemExit, match="not given out yet"):
        hall.take(0)
    assert "Passes are not given out yet" in hall.get(hall.links[0])


def test_what_is_no_request_gets_no_pass(hall):
    for blinded in (None, "", "00", "f" * 512, "0" * 512, "G" * 512, 7, ["a"], "A" * 512):
        answer = hall.web.post(hall.links[0], json={"blinded": blinded})
        assert answer.status_code == 409 and "did not arrive whole" in answer.json["reasons"][0], blinded
    assert json.loads(hall.get(hall.address + "/passes.json")) == []


def test_a_pass_of_one_vote_is_none_in_another(hall, app, signed_in, world, tmp_path):
    other = open_hall(app, signed_in, world, hall.clock, tmp_path / "other")
    code = hall.take(0)
    made, answer = hall.made(code)
    other.to_voting()
    reply = other.web.post(other.address + "/cast", json=made.entry(answer, 1, {1: "1:1"}))
    assert reply.status_code == 409 and len(reply.json["reasons"]) == 2


# --- casting ----------------------------------------------------------------------------------------------------------

def test_a_forged_pass_is_refused_with_every_reason(hall):
    hall.give_passes(1)
    made, answer = hall.made(hall.codes[0])
    stranger = SCEPTIC.Pass(b"never got a pass", made.manifest)
    hall.to_voting()
    good = made.entry(answer, 1, {1: "1:1"})
    cases = {
        "not signed by the registrar": good | {"pass": stranger.name},
        "not signed by its pass": good | {"signature": "0" * 128},
        "did not arrive whole": good | {"box": good["box"][:-2]},
    }
    for words, entry in cases.items():
        reply = hall.web.post(hall.address + "/cast", json=entry)
        assert reply.status_code == 409 and words in " ".join(reply.json["reasons"]), words
    for version in (0, -1, True, "1", 1.5, 10**9, None):
        assert hall.web.post(hall.address + "/cast", json=good | {"version": version}).status_code == 409
    for sent in ({}, [], None, {"pass": 1}, good | {"more": "x"}, good | {"pass": good["pass"].upper()}):
        assert hall.web.post(hall.address + "/cast", json=sent).status_code == 409
    assert hall.board()["entries"] == []
    first = hall.post(hall.address + "/cast", good)
    assert hall.post(hall.address + "/cast", good) == first, "the very same box again gives its receipt again"
    assert len(hall.board()["entries"]) == 1


def test_ballots_are_taken_in_their_hours_only_and_without_a_sign_in(hall):
    code = hall.take(0)
    with pytest.raises(SystemExit, match="not open yet"):
        hall.cast(code, "1:1")
    hall.to_voting()
    made, answer = hall.made(code)
    carried = hall.desk.post(hall.address + "/cast", json=made.entry(answer, 1, {1: "1:1"}))
    assert carried.status_code == 409 and "without a sign-in" in carried.json["reasons"][0]
    hall.cast(code, "1:1")
    hall.to_close()
    with pytest.raises(SystemExit, match="closed"):
        hall.cast(code, "2:1")


def test_an_invalid_ballot_is_counted_as_invalid_with_its_reason(hall):
    codes = hall.give_passes(5)
    hall.to_voting()
    hall.cast(codes[0], "1:1")
    bad = {"form": b"no ballot", "planks": b'{"2":"1:1"}', "choice": b'{"1":"1:1 2:1"}'}
    for code, text in zip(codes[1:4], bad.values(), strict=True):
        made, answer = hall.made(code)
        hall.post(hall.address + "/cast", entry_of(made, answer, text))
    made, answer = hall.made(codes[4])
    moved = entry_of(made, answer, b'{"1":"1:1"}', context=b"another poll")
    hall.post(hall.address + "/cast", moved)
    hall.to_close()
    assert hall.open(*hall.shares[:3]).status_code == 303
    board = hall.board()
    assert sorted(bad_one["reason"] for bad_one in board["invalid"]) == ["box", "choice", "form", "planks"]
    assert board["result"]["electorates"][0]["cast"] == 1 and check_sealed(board).is_right
    assert "4 ballots are invalid" in hall.get(hall.address)


def entry_of(made, answer: str, text: bytes, context: bytes = b"") -> dict:
    """An entry whose box holds this text, as no honest client writes it."""
    size = made.manifest["box_size"] - SCEPTIC.OVERHEAD
    suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    key = SCEPTIC.X25519PublicKey.from_public_bytes(bytes.fromhex(made.manifest["election_key"]))
    box = suite.encrypt(text.ljust(size), key, context or f"plenary-sealed-box/1\n{made.poll_id}\n{made.name}\n1".encode())
    message = f"plenary-sealed-cast/1\n{made.poll_id}\n1\n{hashlib.sha256(box).hexdigest()}".encode()
    return {"pass": made.name, "version": 1, "token": made.token(answer), "box": box.hex(), "signature": made.key.sign(message).hex()}


# --- opening ----------------------------------------------------------------------------------------------------------

def test_two_trustees_open_nothing_and_nothing_opens_before_the_close(voted, tmp_path):
    two = voted.open(*voted.shares[:2])
    assert two.status_code == 422 and "Only 2 different shares. It takes 3." in two.text
    assert voted.open(voted.shares[0], voted.shares[0], voted.shares[1]).status_code == 422
    wrong = voted.open(*voted.shares[:2], voted.shares[2].replace(voted.shares[2].split()[5], "academic"))
    assert wrong.status_code == 422 and "not 3 shares of one election key" in wrong.text
    _key, others = make_shares(tmp_path / "others")
    assert "another election key" in voted.open(*others[:3]).text
    assert "another election key" in voted.open("0" * 64).text
    voted.to_voting()
    voted.desk = voted.enter()
    early = voted.open(*voted.shares[:3])
    assert early.status_code == 422 and "stay shut" in early.text
    assert set(voted.board()) == {"poll_id", "entries"}
    voted.to_close()
    assert voted.open(*voted.shares[:3]).status_code == 303
    assert "opened already" in voted.open(*voted.shares[:3]).text


def test_the_share_files_say_whose_key_it_is_and_are_not_overwritten(tmp_path, capsys):
    key, _shares = make_shares(tmp_path)
    assert main(["trustees", "make", "--out", str(tmp_path / "trustees")]) == 2
    sheet = tmp_path / "trustees" / "share-1.txt"
    assert key in sheet.read_text() and len(words_of(sheet).split()) == 33 and sheet.stat().st_mode & 0o77 == 0
    assert main(["trustees", "open", *[str(sheet)] * 3]) == 1


def test_a_restored_backup_ends_the_vote_for_a_seat_could_take_a_second_pass(hall):
    """Before any pass was given, nothing is lost and the vote goes on."""
    hall.clock.set(MONDAY - timedelta(minutes=1))
    assert hold_after_restore() == 0
    hall.clock.set(MONDAY)
    code = hall.take(0)
    assert hold_after_restore() == 1
    with pytest.raises(SystemExit, match="A backup was put back"):
        hall.take(1)
    hall.to_voting()
    with pytest.raises(SystemExit, match="A backup was put back"):
        hall.cast(code, "1:1")
    assert "Ended, because a backup was put back" in hall.get(hall.address)
    hall.to_close()
    refused = hall.open(*hall.shares[:3])
    assert refused.status_code == 422 and "A backup was put back" in refused.text


# --- the verifier -----------------------------------------------------------------------------------------------------

def _change(board: dict, how: str) -> dict:
    bad = deepcopy(board)
    entries = bad["entries"]
    if how == "omitted":
        del entries[3]
    elif how == "added":
        entries.insert(2, deepcopy(entries[0]) | {"version": 3})
    elif how == "duplicated":
        entries.insert(1, deepcopy(entries[0]))
    elif how == "swapped":
        entries[1], entries[2] = entries[2], entries[1]
    elif how == "box of another":
        entries[1]["box"] = entries[2]["box"]
    elif how == "seat added":
        bad["passes"].append(bad["manifest"]["electorates"][0]["roll_size"] + 1)
    elif how == "seats taken away":
        bad["passes"] = bad["passes"][:3]
    elif how == "winner":
        bad["result"]["electorates"][0]["planks"][0]["winners"] = [1]
    elif how == "invalid":
        bad["invalid"] = [{"pass": entries[1]["pass"], "reason": "box"}]
    elif how == "key":
        bad["election_secret"] = "11" * 32
    elif how == "rule":
        bad["manifest"]["electorates"][0]["quorum"] = "0"
    return bad


CHANGES = ("omitted", "added", "duplicated", "swapped", "box of another", "seat added", "seats taken away", "winner", "invalid", "key", "rule")


def test_the_verifier_finds_every_change_even_when_the_server_signs_again(opened, tmp_path, monkeypatch):
    """A server that lies can sign anew and chain anew; what it cannot make are signatures of passes and of the registrar."""
    board = opened.board()
    for how in CHANGES:
        bad = _change(board, how)
        assert not check_sealed(bad).is_right, how
        previous = bad["poll_id"]
        for entry in bad["entries"]:
            previous = entry["hash"] = entry_hash(previous, entry)
        bad["signatures"][0]["signature"] = providers.sign(board_message(bad))
        verdict = check_sealed(bad, tuple(opened.receipts))
        assert not verdict.is_right and not any("signature of the server" in p for p in verdict.problems), how
    bad = _change(board, "omitted")
    file = tmp_path / "bad.json"
    file.write_bytes(canonical(bad))
    assert "does not follow from the one before" in verify_board(file).words
    assert not check_sealed({"format": "plenary-sealed-board/1"}).is_right


def test_a_forged_tail_is_found_by_its_receipt(opened):
    board = opened.board()
    board["entries"].pop()
    board["result"] = recounted(board)
    board["signatures"][0]["signature"] = providers.sign(board_message(board))
    assert check_sealed(board).is_right, "from the file alone nobody can see it"
    found = check_sealed(board, tuple(opened.receipts))
    assert found.problems == (f"The receipt {opened.receipts[-1]} is not in the chain: its ballot was left out.",)


def recounted(board: dict) -> dict:
    return tally(board["manifest"], {"members": Votes(7, 16, {1: CHOICES})})
