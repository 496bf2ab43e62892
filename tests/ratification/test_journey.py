"""One vote lived through over HTTP: drafted, opened, texted, voted in two languages, roll-called, closed, checked."""

import json
import re
from html import unescape

import pytest

from crm.infra.db import reading, session
from crm.outreach.models import Text
from crm.ratification.models import Ratification
from crm.ratification.verify import check_board, find_receipt
from tests.assemblies.test_routes import ANSWERS
from tests.clients import form_of
from tests.ratification.halls import (
    Booth,
    agree_to_texts,
    ballot_fields,
    cast_many,
    draft,
    links,
    make_edition,
    open_vote,
    seats,
)

CODE = r"(?<![-\w])[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}\b"


@pytest.fixture
def vote(world, app, clock):
    for org in ("southbank", "mill", "arroyo"):
        agree_to_texts(world, org, world.people[org][:5])
    return open_vote(world)


def test_a_vote_is_drafted_checked_and_opened_in_the_browser(world, signed_in, run_jobs):
    make_edition(world)
    imani = signed_in("imani", org="table")
    assert "Nothing has been put to a vote yet" in imani.get("/votes").text
    page = imani.get("/votes/new").text
    fields = form_of(page, "members_quorum") | {"members": "y", "organizations": "y", "organizations_may_change": "y"}
    bad = imani.post("/votes/new", data=fields | {"members_quorum": "many", "organizations_threshold": "3/2"})
    assert bad.status_code == 422 and 'value="many"' in bad.text
    assert "Members: Write the quorum as a share of the roll, like 1/2." in bad.text
    assert "Organizations: Write the threshold as a share" in bad.text and 'href="#organizations_threshold"' in bad.text
    saved = imani.post("/votes/new", data=fields)
    assert saved.status_code == 303
    check = imani.get(saved.location)
    assert "Nothing stands in the way" in check.text and "two thirds" in check.text and "three quarters" in check.text
    opened = imani.post(saved.location, data=form_of(check.text, "once"))
    assert opened.status_code == 303
    assert "The roll is being built" in imani.get(opened.location).text
    run_jobs()
    page = imani.get(saved.location.replace("/opening", ""))
    assert "fewer than 10 ballots so far, of 18" in page.text


def test_a_vote_is_drafted_by_the_rules_that_its_assembly_decided_on(world, signed_in, acting):
    imani = signed_in("imani", org="table")
    answers = ANSWERS | {"partners": []}
    made = imani.post("/assemblies/new/A14", data=answers | {"once": "made"}).location
    link = unescape(re.search(r'href="(/votes/new\?assembly=\d+)[^"]*"', imani.get(made).text)[1])
    page = imani.get(link).text
    form = form_of(page, "members_quorum")
    assert (form["title_en"], form["members_threshold"], form["members_quorum"]) == (ANSWERS["title_en"], "4/5", "1/2")
    assert (form["members_strictness"], form["members_basis"], form["members_method"]) == ("more_than", "cast", "yes_no_abstain")
    assert "members" in form and "members_open" not in form and "organizations" not in form
    assert form["edition_id"] == "0", "the text of something else is not offered first"
    other = form_of(imani.get(f"{link}&rule=1").text, "members_quorum")
    assert (other["members_method"], other["members_threshold"]) == ("borda-modified", "1/2"), "each rule of the assembly can be drafted by"
    number = link.rsplit("=", 1)[1]
    for to in ("announced", "draft"):
        assert imani.post(f"{made}/state/{to}").status_code == 303
        roll = form_of(imani.get(link).text, "members_quorum").get("members_roll", "0")
        assert roll == (f"a{number}" if to == "announced" else "0"), "those in the room decide, not everyone of every organization"
    assert imani.get("/votes/new?assembly=1").status_code == 404
    assert imani.get("/votes/new?assembly=x").status_code == 200
    assert signed_in("stranger").get(link).status_code in (403, 404)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_member_votes_plank_by_plank_and_gets_a_receipt(world, client, vote, language):
    """V4: the receipt finds the ballot in the published list."""
    token = links(world, vote, 1)[0]
    booth = Booth(client, token, language).enter()
    assert ("What you trust, and what is not proven" if language == "en" else 'lang="es"') in booth.page
    booth.go("1")
    assert "checked" not in booth.page, "nothing is chosen at first"
    booth.fill({1: "yes", 2: "no", 3: ""})
    answer = booth.cast()
    assert (
        answer.status_code == 200
        and answer.headers["Referrer-Policy"] == "no-referrer"
        and "no-store" in answer.headers["Cache-Control"]
    )
    codes = re.findall(CODE, answer.text)
    assert len(codes) == 3
    assert booth.cast().text == answer.text, "the same ballot again gives the same receipt"
    again = Booth(client, token).enter()
    assert "You have already voted" in again.page


def test_back_and_change_keep_every_answer(world, client, vote):
    booth = Booth(client, links(world, vote, 1)[0]).enter().go("1").go("2", p1="yes").go("1", p2="no")
    assert re.search(r'value="yes" checked', booth.page)
    booth.go("2", p1="abstain")
    assert re.search(r'name="p2" value="no" checked', booth.page)
    booth.go("3").go("words", p3="yes")
    assert "Pick one word from each list" in booth.go("review").page
    booth.go("review", first="0", second="19")
    assert booth.page.count("pl-voice") == 3 and "copper" not in booth.page
    booth.go("1")
    assert re.search(r'value="abstain" checked', booth.page)


def test_members_get_a_text_with_their_own_link_and_no_table_holds_a_usable_one(world, client, vote, as_org):
    """V7: the stored text holds a placeholder, never a link that works."""
    with as_org("southbank"):
        texts = session().query(Text).filter_by(purpose="ballot").all()
        assert len(texts) == 5
        assert all("[[link:" in text.body and "/v/" not in text.body for text in texts)
        assert any("Su voto es secreto" in text.body for text in texts) and any(
            "Your vote is secret" in text.body for text in texts
        )


def test_who_cannot_be_texted_gets_a_letter_of_their_own_organization_only(world, vote, signed_in, client):
    omar, dolores = signed_in("omar"), signed_in("dolores")
    page = omar.get(f"/votes/{vote}/letters").text
    assert "They never agreed to texts" in page
    printed = omar.post(f"/votes/{vote}/letters", data=form_of(page, "letters"))
    assert printed.status_code == 200 and "Luis" not in printed.text
    tokens = re.findall(r"http://localhost/v/([\w-]{22})", printed.text)
    assert len(tokens) == 1
    assert Booth(client, tokens[0]).enter()
    assert "Fatima" in printed.text
    other = dolores.post(f"/votes/{vote}/letters", data=form_of(dolores.get(f"/votes/{vote}/letters").text, "letters"))
    assert tokens[0] not in other.text
    again = omar.post(f"/votes/{vote}/letters", data=form_of(page, "letters"))
    assert client.get(f"/v/{tokens[0]}").status_code == 404, "printing again ends the earlier link"
    assert again.status_code == 200


def test_a_lost_link_is_replaced(world, vote, signed_in, client):
    """V7: replaceable if lost."""
    old = links(world, vote, 1)[0]
    omar = signed_in("omar")
    org = seats(world, vote)[0].partner_id
    who = next(slug for slug, id in world.orgs.items() if id == org)
    lead = {"southbank": omar, "mill": signed_in("dolores"), "arroyo": signed_in("luz")}[who]
    page = lead.get(f"/votes/{vote}/letters?q=ana").text
    assert "Ana Quintero" in page
    sent = lead.post(re.search(r'action="(/votes/\d+/links/\d+)"', page).group(1), data=form_of(page, "/links/"))
    assert sent.status_code == 303
    assert client.get(f"/v/{old}").status_code == 404


def test_organizations_vote_by_roll_call_and_may_change_until_the_close(world, vote, signed_in):
    imani, dolores = signed_in("imani", org="southbank"), signed_in("dolores")
    page = imani.get(f"/votes/{vote}/organization-vote").text
    fields = form_of(page, "reason1")
    assert (
        imani.post(
            f"/votes/{vote}/organization-vote",
            data=fields | {"p1": "yes", "p2": "no", "reason2": "Too low for small owners"},
        ).status_code
        == 303
    )
    seen = dolores.get(f"/votes/{vote}").text
    assert "Too low for small owners" in seen and "Imani" in seen
    fields = form_of(imani.get(f"/votes/{vote}/organization-vote").text, "reason1")
    assert fields["p2"] == "no" and fields["reason2"] == "Too low for small owners"
    imani.post(f"/votes/{vote}/organization-vote", data=fields | {"p2": "yes", "reason2": "We listened"})
    seen = dolores.get(f"/votes/{vote}").text
    assert "We listened" in seen and "Too low" not in seen


def test_a_roll_call_with_nothing_chosen_is_not_taken_for_a_vote(world, vote, signed_in):
    """A lead who only wrote a reason, or pressed too early, hears of it and loses no word."""
    imani, address = signed_in("imani", org="southbank"), f"/votes/{vote}/organization-vote"
    fields = form_of(imani.get(address).text, "reason1")
    empty = imani.post(address, data=fields)
    assert empty.status_code == 422 and "Nothing was chosen" in empty.text
    half = imani.post(address, data=fields | {"p1": "yes", "reason2": "Too low for small owners"})
    assert half.status_code == 422 and "Plank 2 has a reason and no answer" in half.text
    assert "Too low for small owners" in half.text and 'value="yes" checked' in half.text
    assert "0 of 3 voted so far" in imani.get(f"/votes/{vote}").text
    assert imani.post(address, data=fields | {"p1": "yes"}).status_code == 303


def test_it_closes_by_itself_counts_publishes_and_is_certified(
    world, client, vote, signed_in, clock, run_jobs, tmp_path
):
    """V4: a second implementation counts the same; the receipt is found; the platform learns the outcome."""
    tokens = links(world, vote)
    booth = Booth(client, tokens[0], "es").fill({1: "yes", 2: "no", 3: "yes"})
    receipt = booth.cast().text
    cast_many(client, tokens[1:13], [{1: "yes", 2: "no" if n < 5 else "yes", 3: "no"} for n in range(12)])
    for lead, org in (("imani", "southbank"), ("dolores", "mill"), ("luz", "arroyo")):
        voter = signed_in(lead, org=org)
        fields = form_of(voter.get(f"/votes/{vote}/organization-vote").text, "reason1")
        voter.post(f"/votes/{vote}/organization-vote", data=fields | {"p1": "yes", "p2": "yes", "p3": "no"})
    clock.move(hours=49)
    run_jobs()
    imani = signed_in("imani", org="table")
    page = imani.get(f"/votes/{vote}/results").text
    assert "1 of 3 planks ratified" in page and "13 of 18 voted. The quorum was 9." in page
    assert "7 yes and 6 no make 13 in all. 2/3 of 13 is 8 2/3." in page and "so yes needs 9." in page
    board = json.loads(imani.get(f"/votes/{vote}/board.json").text)
    verdict = check_board(board)
    assert verdict.is_right, verdict.words
    code = re.search(CODE, receipt).group(0)
    checked = client.post(f"/board/{board['poll_id']}/check", data={"code": code.lower()}, csrf=False).text
    assert "Counted" in checked and "plank 1" in checked
    number = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){5}-[0-9A-Z]{2}", receipt).group(0)
    words = re.search(r'<p class="fs-t5[^>]*>([^<]+)<', receipt).group(1)
    assert (
        "planks 1, 2, 3"
        in client.post(f"/board/{board['poll_id']}/check", data={"code": f"{number} {words}"}, csrf=False).text
    )
    assert (
        "Not in the list"
        in client.post(f"/board/{board['poll_id']}/check", data={"code": "0000-0000-00"}, csrf=False).text
    )
    assert client.get(f"/board/{board['poll_id']}/planks/2").text.count("<tr>") == 14
    assert client.get(f"/board/{board['poll_id']}.json").text == imani.get(f"/votes/{vote}/board.json").text
    english = re.search(r'lang="en">([^<]+)</p>', receipt).group(1)
    nonce = booth.fields["nonce"]
    assert find_receipt(board, nonce, english) == {1: "yes", 2: "no", 3: "yes"}
    certified = imani.post(f"/votes/{vote}/certificate", data=form_of(page, "certificate"))
    assert "Certificate of ratification" in imani.get(certified.location).text
    assert "See the result" in client.get(f"/v/{tokens[0]}").text
    with reading(world.orgs["table"]):
        assert session().get_one(Ratification, vote).state == "certified"


def test_partners_read_and_strangers_find_nothing(world, vote, signed_in):
    """V8: a coalition partner sees permitted totals; who is no member sees no vote at all."""
    dolores, stranger, vera = signed_in("dolores"), signed_in("stranger"), signed_in("vera")
    assert "Ratify the platform" in dolores.get("/votes").text
    assert dolores.get(f"/votes/{vote}").status_code == 200
    for path in ("closing", "opening", "credentials", "draft"):
        assert dolores.get(f"/votes/{vote}/{path}").status_code == 404
    assert stranger.get(f"/votes/{vote}").status_code == 404 and "Ratify" not in stranger.get("/votes").text
    assert stranger.get(f"/votes/{vote}/organization-vote").status_code == 404
    assert vera.get("/votes").status_code == 403
    assert dolores.get(f"/votes/{vote}/results").status_code == 404


def test_a_draft_is_the_owners_alone(world, signed_in):
    vote = draft(world)
    assert signed_in("dolores").get(f"/votes/{vote}").status_code == 404
    assert signed_in("imani", org="table").get(f"/votes/{vote}/opening").status_code == 200


def test_an_early_close_needs_a_reason_and_publishes_it(world, vote, signed_in, client):
    cast_many(client, links(world, vote, 2), [{1: "yes"}, {1: "yes"}])
    imani = signed_in("imani", org="table")
    page = imani.get(f"/votes/{vote}/closing").text
    refused = imani.post(f"/votes/{vote}/closing", data=form_of(page, "reason"))
    assert refused.status_code == 422 and "write the reason" in refused.text
    done = imani.post(f"/votes/{vote}/closing", data=form_of(page, "reason") | {"reason": "All delegates have voted"})
    assert done.status_code == 303
    page = imani.get(done.location).text
    assert "All delegates have voted" in page
    board = json.loads(imani.get(f"/votes/{vote}/board.json").text)
    verdict = check_board(board)
    assert verdict.is_right and verdict.is_sealed, verdict.words
    assert board["electorates"][0]["ballots"] == [] and "sealed" in client.get(f"/board/{board['poll_id']}").text
    assert (
        client.post(f"/v/{links(world, vote, 3)[2]}/cast", data=ballot_fields(9, {1: "yes"}), csrf=False).status_code
        == 409
    )
