"""Votes between options, lived through over HTTP: set up, opened, voted by link, closed, every round in words, counted again."""

import json
import random
import re
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select

from crm.cli import main
from crm.infra.db import reading, session
from crm.ratification.models import FinalBallot, Ratification
from crm.ratification.rules.contests import count_contest
from crm.ratification.verify import check_board
from crm.ratification.verify.contests import read_content, recount
from tests.clients import form_of
from tests.factories import MONDAY
from tests.ratification.halls import Booth, ballot_fields, close, links, make_edition, open_vote

NAMES = ({"en": "Ana"}, {"en": "Bo"}, {"en": "Cy"})
IRV = {"method": "irv", "quorum": "0", "contest": {"options": list(NAMES), "seats": 1, "most": None}}
OTHERS = {  # method: what its contest has, ballots of twelve members, the option that is chosen first
    "stv-scottish": ({"seats": 2}, ["1:1 2:2"] * 7 + ["2:1 3:2"] * 2 + ["3:1"] * 3, "Ana"),
    "stv-meek": ({"seats": 2}, ["1:1 2:2"] * 7 + ["2:1 3:2"] * 2 + ["3:1"] * 3, "Ana"),
    "borda-modified": ({"seats": 1}, ["1:2 2:1"] * 7 + ["1:1"] * 5, "Bo"),
    "approval": ({"seats": 2}, ["1:1 2:1"] * 5 + ["2:1 3:1"] * 7, "Bo"),
    "score": ({"seats": 1, "most": 5}, ["1:5 3:4"] * 5 + ["3:4"] * 7, "Cy"),
    "dots": ({"seats": 1, "most": 3}, ["1:3"] * 4 + ["2:1 3:2"] * 8, "Cy"),
}


def contest(method="irv", **more):
    return IRV | {"method": method, "contest": IRV["contest"] | more}


def hall(world, members=IRV, **more):
    return open_vote(world, members=members, **more)


def cast_all(client, world, vote, contents):
    for n, (token, content) in enumerate(zip(links(world, vote, len(contents)), contents, strict=True)):
        answer = client.post(f"/v/{token}/cast", data=ballot_fields(n, {1: content}), csrf=False)
        assert answer.status_code == 200 and "Your ballot is in" in answer.text


def board_of(client, world, vote):
    with reading(world.orgs["table"]):
        poll_id = session().get_one(Ratification, vote).poll_id
    page = client.get(f"/board/{poll_id}").text
    return page, json.loads(client.get(f"/board/{poll_id}.json").text)


def counted(client, world, vote, contents):
    cast_all(client, world, vote, contents)
    close(world, vote, MONDAY + timedelta(hours=49))
    return board_of(client, world, vote)


def test_an_organizer_sets_up_a_ranked_vote_in_the_browser(world, signed_in, run_jobs):
    """The form gives all problems at once and keeps what was typed; the rule for ties is said before opening."""
    imani = signed_in("imani", org="table")
    page = imani.get("/votes/new").text
    assert "There is no frozen edition to vote on" in page
    typed = form_of(page, "members_method") | {
        "title_en": "Who chairs?", "members": "y", "members_method": "irv", "members_open": "y", "members_seats": "2",
        "members_options_en": "Ana\nAna\nCy", "members_options_es": "Ana\nAna", "organizations": "y",
    }
    bad = imani.post("/votes/new", data=typed)
    assert bad.status_code == 422 and "Ana\nAna\nCy</textarea>" in bad.text.replace("\r", "")
    for words in ("Ranked choice for one seat chooses one", "ana is written twice", "Line 3 has no translation: Cy.",
                  "A vote between options is secret", "Between options only members vote"):
        assert words in bad.text, words
    good = typed | {"members_seats": "1", "members_options_en": "Ana\nBo\nCy", "members_options_es": ""}
    del good["organizations"], good["members_open"]
    saved = imani.post("/votes/new", data=good)
    assert saved.status_code == 303
    check = imani.get(saved.location).text
    assert "Nothing stands in the way" in check and "<li>Bo</li>" in check
    assert "until one has more than half. A tie goes to who had more in an earlier round, then to who stands first on the ballot." in check
    draft = imani.get(saved.location.replace("/opening", "/draft")).text
    assert form_of(draft, "members_method")["members_method"] == "irv" and "Ana\nBo\nCy</textarea>" in draft
    imani.post(saved.location, data=form_of(check, "once"))
    run_jobs()
    with reading(world.orgs["table"]):
        row = session().scalars(select(Ratification)).one()
        assert row.state == "open" and row.edition_id is None and row.manifest["electorates"][0]["contest"]["options"] == list(NAMES)


@pytest.mark.parametrize(("language", "help_words", "twice", "done"), [
    ("en", "1 is your first choice", "Rank 1 is given to more than one: Ana, Cy.", "Your ballot is in"),
    ("es", "1 es su primera opción", "El lugar 1 está en más de una: Ana, Cy.", "Recibimos su boleta"),
])
def test_a_member_ranks_is_told_what_is_wrong_reviews_and_casts(world, client, language, help_words, twice, done):
    vote = hall(world)
    booth = Booth(client, links(world, vote, 1)[0], language).enter().go("1")
    assert help_words in booth.page and booth.page.count("<select") == 3 and "<script" not in booth.page.split("<main")[1].split("</main")[0]
    for n in (1, 2, 3):
        assert f'<label class="form-label" for="p1.{n}"' in booth.page
    booth.go("words", **{"p1.1": "1", "p1.2": "2", "p1.3": "1"})
    assert twice in booth.page
    assert {k: v for k, v in form_of(booth.page, 'id="ballot"').items() if k.startswith("p1.")} == {"p1.1": "1", "p1.2": "2", "p1.3": "1"}
    booth.go("words", **{"p1.1": "3", "p1.2": "", "p1.3": "1"}).go("review", first="3", second="7")
    said = re.sub(r"<[^>]*>", " ", booth.page.split("pl-picks")[1])  # the link's own letters may spell anything
    assert re.findall(r"\b(?:Ana|Bo|Cy)\b", said) == ["Cy", "Ana"]
    booth.fields = form_of(booth.page, "/cast")
    assert done in booth.cast().text and done in booth.cast().text
    close(world, vote, MONDAY + timedelta(hours=49))
    with reading(world.orgs["table"]):
        assert session().scalars(select(FinalBallot.choice)).all() == ["1:2 3:1"]


def test_a_ranked_vote_is_counted_round_by_round_and_again(world, client, signed_in):
    """The tie for last goes by the rule that was stated; the words name who gave way."""
    vote = hall(world)
    page, board = counted(client, world, vote, ["1:1 2:2"] * 5 + ["2:1"] * 3 + ["2:2 3:1"] * 3 + ["abstain"])
    assert "Chosen: Bo" in page and "1 ballot was left blank" in page
    assert "Equal: Bo, Cy. Cy gives way, standing last in the list for ties." in page
    assert "Bo has 6 of the 11 ballots that still count, more than half, and is elected." in page
    assert [e["votes"] for e in board["result"]["electorates"][0]["planks"][0]["rounds"]] == [{"1": "5", "2": "3", "3": "3"}, {"1": "5", "2": "6"}]
    verdict = check_board(board)
    assert verdict.is_right and not verdict.is_sealed and "Chosen by irv: Bo." in verdict.words
    listed = client.get(f"/board/{board['poll_id']}/planks/1").text
    assert listed.count("Cy: 1, Bo: 2") == 3 and listed.count("Abstain") == 1
    imani = signed_in("imani", org="table")
    for language, words in (("en", "Round by round"), ("es", "Ronda por ronda")):
        assert words in imani.get(f"/votes/{vote}/results?lang={language}").text


@pytest.mark.parametrize("method", OTHERS)
def test_every_other_method_is_counted_and_counted_again(world, client, method):
    more, contents, first = OTHERS[method]
    page, board = counted(client, world, hall(world, contest(method, **more)), contents)
    row = board["result"]["electorates"][0]["planks"][0]
    assert f"Chosen: {first}" in page and "Round 1" in page and len(row["winners"]) == more["seats"]
    assert check_board(board).is_right, check_board(board).words


def test_a_board_that_was_changed_does_not_hold(world, client):
    """Signed again by nobody: the ballots, not the signature, must tell."""
    _page, board = counted(client, world, hall(world), ["1:1 2:2"] * 5 + ["2:1"] * 6)
    for change, told in [
        (lambda b: b["result"]["electorates"][0]["planks"][0].update(winners=[1]), "Counted again, options [2] win; the board says [1]"),
        (lambda b: b["result"]["electorates"][0]["planks"][0]["rounds"][0]["votes"].update({"1": "9"}), "round 1 gives other votes"),
        (lambda b: b["electorates"][0]["ballots"][0].update(choice="1:1 2:1"), "is not a valid ballot"),
        (lambda b: b["electorates"][0]["ballots"][0].update(choice="yes"), "is not a valid ballot"),
    ]:
        forged = json.loads(json.dumps(board))
        change(forged)
        assert any(told in problem for problem in check_board(forged).problems), told


def test_few_ballots_are_sealed_and_no_ranking_is_published(world, client):
    page, board = counted(client, world, hall(world), ["1:1 2:2 3:3"] * 3 + ["2:1"])
    part = board["electorates"][0]
    assert part["sealed"] and part["ballots"] == [] and part["counts"] == {} and "1:1" not in json.dumps(board)
    assert "Chosen: Ana" in page and check_board(board).is_sealed and check_board(board).is_right


@pytest.mark.parametrize(("members", "content", "told"), [
    (IRV, "1:1 2:1 3:1", "Rank 1 is given to more than one: Ana, Bo, Cy."),
    (IRV, "1:1 2:9", "Bo: 9 is more than 3."),
    (contest("approval", most=1), "1:1 3:1", "You approved of 2, and the rule lets you approve of 1."),
    (contest("score", most=5), "2:6", "Bo: 6 is more than 5."),
    (contest("dots", most=3), "1:2 2:2", "You placed 4 dots and have 3."),
])
def test_a_bad_ballot_is_not_cast_and_loses_nothing(world, client, members, content, told):
    vote = hall(world, members)
    token = links(world, vote, 1)[0]
    answer = client.post(f"/v/{token}/cast", data=ballot_fields(1, {1: content}), csrf=False)
    assert answer.status_code == 422 and told in answer.text and 'name="nonce"' in answer.text
    good = client.post(f"/v/{token}/cast", data=ballot_fields(1, {1: "2:1"}), csrf=False)
    assert good.status_code == 200


def test_planks_of_an_edition_are_ranked_with_their_texts_and_none_is_ratified(world, client):
    vote = hall(world, contest("score", options=[], most=5), edition=make_edition(world))
    booth = Booth(client, links(world, vote, 1)[0], "es").enter().go("1")
    assert "Un tope del 3 por ciento" in booth.page and "La ciudad hace lo que dice el punto 3" in booth.page
    page, board = counted(client, world, vote, ["2:5"] * 10)
    assert "Chosen: A 3 percent ceiling" in page and check_board(board).is_right


def test_nothing_is_chosen_without_a_quorum_or_by_blanks(world, client):
    page, _board = counted(client, world, hall(world, IRV | {"quorum": "1"}), ["1:1"])
    assert "Nothing is chosen: the quorum was not met" in page
    page, board = counted(client, world, hall(world), ["abstain"] * 11)
    assert "Nothing is chosen: no ballot named an option" in page and check_board(board).is_right


@pytest.mark.parametrize("method", ["irv", *OTHERS])
def test_the_verifier_agrees_with_the_count_on_random_ballots(method):
    """Two counts written apart: the same winners and, to the last digit, the same votes in every round."""
    luck = random.Random(method)
    for _n in range(60):
        size, seats = luck.randint(2, 6), 1
        seats = 1 if method == "irv" else luck.randint(1, size)
        rule = {"method": method, "contest": {"options": [{"en": str(n)} for n in range(size)], "seats": seats, "most": 6}}
        contents = [random_content(luck, method, size) for _ballot in range(luck.randint(1, 40))]
        assert all(read_content(rule, content) is not None for content in contents)
        row = count_contest(rule, 1, contents)
        winners, rounds = recount(rule, contents)
        assert winners == row["winners"], (rule, contents)
        assert [{str(o): v for o, v in votes.items()} for votes in rounds] == [
            {o: sum(map(Fraction, v.split())) for o, v in each["votes"].items()} for each in row["rounds"]], (rule, contents)


def random_content(luck, method, size):
    some = luck.sample(range(1, size + 1), luck.randint(0, size))
    if method == "approval":
        marks = dict.fromkeys(some, 1)
    elif method in ("score", "dots"):
        marks = {option: luck.randint(1, 6 if method == "score" else 1) for option in some}
    else:
        marks = {option: rank for rank, option in enumerate(some, 1)}
    return " ".join(f"{option}:{value}" for option, value in sorted(marks.items())) or "abstain"


@pytest.mark.parametrize("content", ["1>2>3", "9:1", *(pytest.param(content, marks=pytest.mark.long) for content in ("1:x", "1:1,2:2", "0:1", "yes"))])
def test_a_ranking_that_cannot_be_read_is_never_a_blank(client, world, content):
    vote = hall(world)
    token = links(world, vote, 1)[0]
    answer = client.post(f"/v/{token}/cast", data=ballot_fields(1, {1: content}), csrf=False)
    assert answer.status_code == 422 and "Your ballot is in" not in answer.text
    typed = ballot_fields(1, {}) | {"p1.1": "first"}
    assert client.post(f"/v/{token}/cast", data=typed, csrf=False).status_code == 422
    assert client.post(f"/v/{token}/cast", data=ballot_fields(1, {1: "1:1"}), csrf=False).status_code == 200


def test_ranked_ballots_go_out_as_a_blt_file_and_count_the_same(client, world, tmp_path, capsys):
    contents = ["1:1 2:2"] * 7 + ["2:1 3:2"] * 2 + ["3:1"] * 3 + ["abstain"]
    vote = hall(world, contest("stv-scottish", seats=2))
    _page, board = counted(client, world, vote, contents)
    assert ".blt" in client.get(f"/board/{board['poll_id']}").text
    file = tmp_path / "ballots.blt"
    file.write_bytes(client.get(f"/board/{board['poll_id']}.blt").data)
    capsys.readouterr()
    assert main(["count", str(file), "--method", "stv-scottish", "--json"]) == 0
    winners = [IRV["contest"]["options"][n - 1]["en"] for n in board["result"]["electorates"][0]["planks"][0]["winners"]]
    assert json.loads(capsys.readouterr().out)["winners"] == winners


def test_a_vote_on_planks_has_no_blt_file(client, world):
    vote = open_vote(world)
    close(world, vote, MONDAY + timedelta(hours=49))
    with reading(world.orgs["table"]):
        poll_id = session().get_one(Ratification, vote).poll_id
    assert client.get(f"/board/{poll_id}.blt").status_code == 404
