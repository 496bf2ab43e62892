"""Tellers sign with keys of their own, lists show that nothing vanishes, and a restored backup does not run on by itself."""

import io
import json
from datetime import timedelta

import pytest

from crm import cli
from crm.infra.clock import now
from crm.infra.db import reading, session, transaction
from crm.infra.jobs import run_due
from crm.ratification import actions
from crm.ratification.jobs import hold_after_restore
from crm.ratification.models import Ratification
from crm.ratification.rules import signing
from crm.ratification.verify import check_board
from tests.factories import MONDAY
from tests.ratification.halls import ballot_fields, cast_many, close, draft, links, make_members, open_vote, table

HOURS = timedelta(hours=1)


@pytest.fixture
def plenary(capsys, monkeypatch):
    """The command as a teller types it: (status, what it printed, what it said besides)."""

    def run(*words, passphrase="seven quiet horses"):
        monkeypatch.setattr("sys.stdin", io.StringIO(passphrase + "\n"))
        try:
            status = cli.main([str(word) for word in words])
        except SystemExit as ended:
            status = ended.code
        said = capsys.readouterr()
        return status or 0, said.out.strip(), said.err

    return run


def new_key(plenary, path):
    status, public_key, _said = plenary("sign", "--new", path, "--passphrase-stdin")
    assert status == 0 and len(public_key) == 64
    return public_key


def poll_of(world, vote):
    with reading(world.orgs["table"]):
        return session().get_one(Ratification, vote).poll_id


def kept(client, path, folder):
    """A public file, kept in a folder under the name that it is given."""
    answer = client.get(path)
    assert answer.status_code == 200
    file = folder / answer.headers["Content-Disposition"].split('"')[1]
    file.write_bytes(answer.data)
    return file


def test_tellers_sign_the_opening_and_the_count(client, world, signed_in, plenary, tmp_path, clock, run_jobs):
    imani, keys = signed_in("imani", org="table"), {name: tmp_path / f"{name}.key" for name in ("ruth", "omar")}
    make_members(world, "southbank", 12)
    vote = draft(world)
    for name, path in keys.items():
        page = imani.post(f"/votes/{vote}/tellers", data={"name": name.title(), "public_key": new_key(plenary, path), "once": name})
        assert page.status_code == 303
    assert imani.post(f"/votes/{vote}/opening", data={"once": "open"}).status_code == 303
    run_jobs()
    poll = poll_of(world, vote)
    manifest = kept(client, f"/board/{poll}/manifest.json", tmp_path)
    assert [one["name"] for one in json.loads(manifest.read_text())["tellers"]] == ["Ruth", "Omar"]
    status, signature, said = plenary("sign", manifest, "--key", keys["ruth"], "--passphrase-stdin")
    assert status == 0 and poll in said and "members, secret" in said
    assert imani.post(f"/votes/{vote}/signatures", data={"signature": signature, "once": "a"}).status_code == 303
    cast_many(client, links(world, vote, 12), [{1: "yes", 2: "no"}] * 12)
    clock.now += timedelta(days=3)
    close(world, vote, clock.now)

    imani, board = signed_in("imani", org="table"), kept(client, f"/board/{poll}.json", tmp_path)
    assert "not signed the count yet: Ruth, Omar" in imani.post(f"/votes/{vote}/certificate", data={"once": "b"}).text
    for name, path in keys.items():
        status, signature, said = plenary("sign", board, "--key", path, "--passphrase-stdin")
        assert status == 0 and "counted again" in said
        pasted = "\n".join((signature[:64], signature[64:]))
        assert imani.post(f"/votes/{vote}/signatures", data={"signature": pasted, "once": name}).status_code == 303
    board = kept(client, f"/board/{poll}.json", tmp_path)
    verdict = check_board(json.loads(board.read_text()))
    assert verdict.is_right
    assert "The opening is countersigned by 1 of 2 tellers: Ruth." in verdict.facts
    assert "The count is countersigned by 2 of 2 tellers: Ruth, Omar." in verdict.facts
    assert imani.post(f"/votes/{vote}/certificate", data={"once": "c"}).status_code == 303
    certificate = imani.get(f"/votes/{vote}/certificate").text
    assert "Tellers who signed the opening: Ruth." in certificate and "Tellers who signed the count: Ruth, Omar." in certificate


def test_without_a_teller_a_count_is_certified_only_with_a_published_reason(client, world, signed_in, plenary, tmp_path, clock, run_jobs):
    imani = signed_in("imani", org="table")
    make_members(world, "southbank", 10)
    vote = draft(world)
    imani.post(f"/votes/{vote}/tellers", data={"name": "Ruth", "public_key": new_key(plenary, tmp_path / "k"), "once": "n"})
    imani.post(f"/votes/{vote}/opening", data={"once": "open"})
    run_jobs()
    clock.now += timedelta(days=3)
    close(world, vote, clock.now)
    imani = signed_in("imani", org="table")
    page = imani.get(f"/votes/{vote}/results").text
    assert "Not signed yet by: Ruth." in page
    assert imani.post(f"/votes/{vote}/certificate", data={"reason": " ", "once": "a"}).status_code == 422
    assert imani.post(f"/votes/{vote}/certificate", data={"reason": "Ruth is in hospital", "once": "b"}).status_code == 303
    assert "Ruth is in hospital" in imani.get(f"/votes/{vote}/certificate").text


def test_what_is_wrong_with_a_teller_is_said_all_at_once_and_nobody_is_named_after_the_opening(world, signed_in, run_jobs):
    imani = signed_in("imani", org="table")
    vote = draft(world)
    page = imani.post(f"/votes/{vote}/tellers", data={"name": " ", "public_key": "abc", "once": "a"})
    assert page.status_code == 422 and "Write the teller" in page.text and "64 digits" in page.text and 'value="abc"' in page.text
    assert imani.post(f"/votes/{vote}/tellers", data={"name": "Ruth", "public_key": "11" * 32, "once": "b"}).status_code in (303, 422)
    imani.post(f"/votes/{vote}/opening", data={"once": "open"})
    run_jobs()
    assert "frozen" in imani.post(f"/votes/{vote}/tellers", data={"name": "Late", "public_key": "22" * 32, "once": "c"}).text


def test_a_signature_of_something_else_is_refused(client, world, signed_in, plenary, tmp_path, run_jobs):
    imani, key, other = signed_in("imani", org="table"), tmp_path / "a", tmp_path / "b"
    vote = draft(world)
    imani.post(f"/votes/{vote}/tellers", data={"name": "Ruth", "public_key": new_key(plenary, key), "once": "n"})
    new_key(plenary, other)
    imani.post(f"/votes/{vote}/opening", data={"once": "open"})
    run_jobs()
    manifest = kept(client, f"/board/{poll_of(world, vote)}/manifest.json", tmp_path)
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(json.loads(manifest.read_text()) | {"owner": "Somebody else"}))
    for n, (file, with_key) in enumerate(((changed, key), (manifest, other))):
        _status, signature, _said = plenary("sign", file, "--key", with_key, "--passphrase-stdin")
        page = imani.post(f"/votes/{vote}/signatures", data={"signature": signature, "once": f"s{n}"})
        assert page.status_code == 422 and "fits none of the tellers" in page.text
    assert imani.post(f"/votes/{vote}/signatures", data={"signature": "zz", "once": "z"}).status_code == 422


def test_a_key_is_sealed_and_signing_refuses_what_makes_no_sense(plenary, tmp_path):
    key, paper = tmp_path / "k", tmp_path / "x.json"
    new_key(plenary, key)
    assert b"ENCRYPTED" in key.read_bytes() and key.stat().st_mode & 0o077 == 0
    assert plenary("sign", "--new", key, "--passphrase-stdin")[0] == 1, "a key is never written over"
    assert plenary("sign", "--new", tmp_path / "short", "--passphrase-stdin", passphrase="short")[0] == 1
    paper.write_text('{"format": "nonsense"}')
    assert plenary("sign", paper, "--key", key, "--passphrase-stdin")[0] == 1
    assert plenary("sign", paper)[0] == 2
    assert plenary("sign", tmp_path / "none.json", "--key", key, "--passphrase-stdin")[0] == 1


def hourly(clock, hours=1):
    clock.now += hours * HOURS
    run_due()


def test_every_hour_what_came_is_listed_and_a_vanished_ballot_is_found(client, world, clock, tmp_path):
    make_members(world, "southbank", 40)
    vote = open_vote(world)
    poll, tokens = poll_of(world, vote), links(world, vote, 34)
    page = client.get(f"/board/{poll}").text
    assert "This vote is not counted yet" in page and "No list yet." in page
    cast_many(client, tokens[:12], [{1: "yes"}] * 12)
    hourly(clock)
    for n, token in enumerate(tokens[12:15], 12):
        client.post(f"/v/{token}/cast", data=ballot_fields(n, {1: "no"}), csrf=False)
    hourly(clock)
    first = json.loads(kept(client, f"/board/{poll}/lists.json", tmp_path).read_text())
    assert [len(each["hashes"]) for each in first] == [12 * 3], "three more are fewer than a small group and wait"
    assert all(each["hashes"] == sorted(each["hashes"]) for each in first)
    for n, token in enumerate(tokens[15:], 15):
        client.post(f"/v/{token}/cast", data=ballot_fields(n, {1: "no"}), csrf=False)
    hourly(clock)
    file = kept(client, f"/board/{poll}/lists.json", tmp_path)
    lists = json.loads(file.read_text())
    assert [len(each["hashes"]) for each in lists] == [36, 66] and lists[:1] == first
    clock.now = MONDAY + timedelta(days=3)
    close(world, vote, clock.now)
    board = json.loads(kept(client, f"/board/{poll}.json", tmp_path).read_text())
    assert check_board(board, lists).is_right and check_board(board, lists[:1]).is_right and board["lists"]["number"] == 2
    gone = board | {"electorates": [e | {"ballots": e["ballots"][1:]} for e in board["electorates"]]}
    assert any("vanished" in problem for problem in check_board(gone, lists).problems)
    for wrong in (lists[1:], lists[::-1], [lists[0] | {"hashes": lists[0]["hashes"][1:]}], [*lists, lists[1]]):
        assert not check_board(board, wrong).is_right
    assert cli.main(["verify", str(tmp_path / f"board-{poll[:16]}.json"), "--lists", str(file)]) == 0


def test_a_long_list_is_cut_and_the_next_follows_at_once(client, world, clock, tmp_path, monkeypatch):
    """What is left of a plank is no small group either: it waits, as it does without a cut."""
    monkeypatch.setattr(signing, "MOST_HASHES", 50)
    make_members(world, "southbank", 40)
    vote = open_vote(world)
    poll = poll_of(world, vote)
    cast_many(client, links(world, vote, 34), [{1: "yes"}] * 34)
    hourly(clock)
    lists = json.loads(kept(client, f"/board/{poll}/lists.json", tmp_path).read_text())
    assert [len(each["hashes"]) for each in lists] == [34 + 16, 18 + 32], "two of the third plank wait"
    assert all(each["hashes"] == sorted(each["hashes"]) for each in lists) and not {*lists[0]["hashes"]} & {*lists[1]["hashes"]}
    hourly(clock)
    assert len(json.loads(kept(client, f"/board/{poll}/lists.json", tmp_path).read_text())) == 2
    clock.now = MONDAY + timedelta(days=3)
    close(world, vote, clock.now)
    assert check_board(json.loads(kept(client, f"/board/{poll}.json", tmp_path).read_text()), lists).is_right


def test_a_vote_that_was_open_in_a_restored_backup_is_held(client, world, signed_in, clock):
    """D.6: after a restore a vote never runs on by itself, and never closes by itself."""
    make_members(world, "southbank", 3)
    vote = open_vote(world)
    token, late = links(world, vote, 2)
    assert client.post(f"/v/{token}/cast", data=ballot_fields(1, {1: "yes"}), csrf=False).status_code == 200
    assert hold_after_restore() == 1
    answer = client.post(f"/v/{late}/cast", data=ballot_fields(2, {1: "yes"}), csrf=False)
    assert answer.status_code == 409 and "a backup was put back" in answer.text
    assert "a backup was put back" in client.get(f"/v/{late}").text
    assert client.post(f"/v/{token}/cast", data=ballot_fields(1, {1: "yes"}), csrf=False).status_code == 200, "the same ballot, the same receipt"
    imani = signed_in("imani", org="table")
    assert "Nobody can vote just now." in imani.get(f"/votes/{vote}").text
    page = imani.post(f"/votes/{vote}/resumption", data={"reason": "", "once": "a"})
    assert page.status_code == 422 and "no ballot is missing" in page.text
    assert imani.post(f"/votes/{vote}/resumption", data={"reason": "The backup is of before the opening hour", "sheets": "0", "once": "b"}).status_code == 303
    assert client.post(f"/v/{late}/cast", data=ballot_fields(2, {1: "yes"}), csrf=False).status_code == 200
    assert "Went on after a backup was put back" in imani.get(f"/votes/{vote}").text


def test_a_held_vote_stays_held_over_its_hour_and_is_closed_with_a_reason(client, world, signed_in, clock):
    vote = open_vote(world)
    hold_after_restore()
    clock.now = MONDAY + timedelta(days=4)
    run_due()
    imani = signed_in("imani", org="table")
    assert "Nobody can vote just now." in imani.get(f"/votes/{vote}").text
    assert imani.post(f"/votes/{vote}/closing", data={"reason": "", "once": "a"}).status_code == 422
    assert imani.post(f"/votes/{vote}/resumption", data={"reason": "late", "once": "b"}).status_code == 422
    assert imani.post(f"/votes/{vote}/closing", data={"reason": "Ballots were lost; we vote again", "once": "c"}).status_code == 303
    with transaction(world.orgs["table"]):
        assert actions.hold_open_votes(table(world), now=now()) == 0
