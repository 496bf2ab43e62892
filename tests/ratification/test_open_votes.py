"""An open vote of members: declared so, said plainly before, bound to the roll, cast by text or on the page, counted by seat."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.infra.db import reading, session, transaction
from crm.infra.links import issue_link
from crm.outreach.models import SimulatedText, Thread
from crm.people.models import Phone
from crm.ratification import actions
from crm.ratification.models import Ballot, Electorate, MemberVote, RollEntry
from crm.ratification.rules.by_text import choice_in, is_cast, wishes_to_vote
from crm.ratification.verify import check_board
from tests.clients import form_of
from tests.factories import MONDAY, make_person
from tests.outreach.test_by_text import Member, demo  # noqa: F401 - fixture
from tests.ratification.halls import agree_to_texts, make_edition, open_vote, table

OPEN = {"is_secret": False, "may_change": True, "quorum": "0"}


def hall(world, members):
    for org in ("southbank", "mill"):
        agree_to_texts(world, org, world.people[org][:3])
    return open_vote(world, members=members)


@pytest.fixture
def imani(demo, signed_in):  # noqa: F811
    return signed_in("imani", org="southbank")


@pytest.fixture
def vote(world, imani):
    return hall(world, OPEN)


def member(world, imani, run_jobs, n):
    return Member(imani, run_jobs, world.phones[world.people["southbank"][n]])


def votes(world, org="table"):
    with reading(world.orgs[org]):
        rows = session().scalars(select(MemberVote).order_by(MemberVote.seat, MemberVote.plank, MemberVote.version)).all()
        return [(row.plank, row.version, row.choice, row.via) for row in rows]


def seat_of(world, person_id):
    with reading(world.orgs["southbank"]):
        return session().execute(select(RollEntry.id, RollEntry.seat).where(RollEntry.person_id == person_id)).one()


def test_the_notice_says_plainly_what_an_open_vote_is(world, imani, vote, run_jobs):
    ana, bea = member(world, imani, run_jobs, 0), member(world, imani, run_jobs, 1)
    assert "It is an open vote: we see how you voted" in ana.rang()[-1] and "secret" not in ana.rang()[-1]
    assert "Es una votación abierta: vemos cómo votó" in bea.rang()[-1]


@pytest.mark.parametrize(("n", "wish", "first", "words", "reviewed", "cast", "done"), [
    (0, "vote", "1/3 A lawyer for every tenant", ["1", "against", "abstain"],
     "Your vote: 1 for, 2 against, 3 abstain. Answer VOTE", "VOTE", "Your vote is in: 1 for, 2 against, 3 abstain."),
    (1, "voto", "1/3 Abogado para cada inquilino", ["a favor", "2", "abstención"],
     "Su voto: 1 a favor, 2 en contra, 3 abstención. Conteste VOTO", "Voto",
     "Su voto está registrado: 1 a favor, 2 en contra, 3 abstención."),
])
def test_a_member_votes_by_text(world, imani, vote, run_jobs, n, wish, first, words, reviewed, cast, done):
    """D7: said plainly before, read back, counted only when confirmed; no tracker ever."""
    voter = member(world, imani, run_jobs, n)
    seat = seat_of(world, world.people["southbank"][n])[1] + 1
    begun = voter.writes(wish)
    assert first in begun and f"{seat}" in begun and ("open vote" in begun or "votación abierta" in begun)
    for word in words[:-1]:
        voter.writes(word)
    assert reviewed in voter.writes(words[-1]) and votes(world) == []
    said = voter.writes(cast)
    assert done in said and str(seat) in said
    assert [(plank, choice, via) for plank, _v, choice, via in votes(world)] == [(1, "yes", "text"), (2, "no", "text"), (3, "abstain", "text")]
    with reading(world.orgs["table"]):
        assert session().scalar(select(func.count()).select_from(Ballot)) == 0
    assert voter.writes("thanks") and len(votes(world)) == 3


def test_a_yes_is_no_confirmation_and_change_begins_again(world, imani, vote, run_jobs):
    ana = member(world, imani, run_jobs, 0)
    for word in ("vote", "1", "1"):
        ana.writes(word)
    ana.writes("1")
    assert "does not count yet" in ana.writes("yes") and votes(world) == []
    assert "1/3" in ana.writes("change")
    assert "Please answer 1 for" in ana.writes("hm")
    for word in ("2", "2", "2", "vote"):
        ana.writes(word)
    assert {choice for _, _, choice, _ in votes(world)} == {"no"}


def test_a_vote_is_changed_until_the_close_where_the_rule_says_so(world, imani, vote, run_jobs):
    ana = member(world, imani, run_jobs, 0)
    for word in ("vote", "1", "1", "1", "vote", "vote", "2", "1", "1", "vote"):
        ana.writes(word)
    assert [vote for vote in votes(world) if vote[0] == 1] == [(1, 1, "yes", "text"), (1, 2, "no", "text")] and len(votes(world)) == 4


def test_without_that_rule_it_is_final(world, imani, run_jobs):
    hall(world, OPEN | {"may_change": False})
    ana = member(world, imani, run_jobs, 0)
    for word in ("vote", "1", "1", "1", "vote"):
        ana.writes(word)
    assert "Your vote is in" in ana.writes("vote") and len(votes(world)) == 3


def test_after_the_close_nothing_counts(world, imani, vote, run_jobs, clock, signed_in):
    """V2: a confirmation after the hour is told so."""
    ana = member(world, imani, run_jobs, 0)
    for word in ("vote", "1", "1", "1"):
        ana.writes(word)
    clock.move(hours=49)
    ana.browser = signed_in("imani", org="southbank")
    ana.writes("vote")
    assert votes(world) == []


def test_a_secret_ballot_is_never_taken_by_text(world, imani, run_jobs):
    """Invariant 6: the link instead, kindly."""
    hall(world, {})
    ana = member(world, imani, run_jobs, 0)
    said = ana.writes("vote")
    assert said.startswith("This vote is secret") and "/v/" in said and votes(world) == []
    with reading(world.orgs["table"]):
        assert session().scalar(select(func.count()).select_from(Ballot)) == 0


def test_nobody_sees_how_members_voted_in_secret(world, imani):
    page = imani.get(f"/votes/{hall(world, {})}/our-members").text
    assert "This vote is secret. Nobody can see how a member voted." in page and "Quintero" not in page


def test_who_shares_a_phone_with_another_voter_gets_the_link(world, imani, vote, run_jobs):
    """Roll bound: the phone must belong to exactly one seat."""
    ana = member(world, imani, run_jobs, 0)
    with transaction(world.orgs["southbank"]):
        session().add(Phone(org_id=world.orgs["southbank"], person_id=world.people["southbank"][2], e164=ana.number, created_at=MONDAY))
    assert "Several voters share this phone" in ana.writes("vote") and votes(world) == []


def test_who_is_on_no_roll_votes_nowhere(world, imani, vote, run_jobs):
    with transaction(world.orgs["southbank"]):
        make_person(world.orgs["southbank"], "Nadia", "Noroll", phone="+15105550190", standing="supporter")
    Member(imani, run_jobs, "+15105550190").writes("vote")
    with reading(world.orgs["southbank"]):
        assert session().scalar(select(Thread.state).where(Thread.phone == "+15105550190")) == "needs_answer"
    assert votes(world) == []


def test_the_page_casts_the_same_vote(world, client, imani, vote):
    entry_id, seat = seat_of(world, world.people["southbank"][0])
    with transaction(world.orgs["table"]):
        token = issue_link(world.orgs["table"], "ballot", entry_id, expires_at=MONDAY + timedelta(days=9), now=MONDAY, partner_id=world.orgs["southbank"])
    page = client.get(f"/v/{token}").text
    assert "This is an open vote." in page and f"seat {seat + 1}" in page and "secret" not in page.lower().replace("secretar", "")
    empty = client.post(f"/v/{token}/open", data={}, csrf=False)
    assert empty.status_code == 422 and "Choose yes, no or abstain" in empty.text
    done = client.post(f"/v/{token}/open", data={"p1": "yes", "p2": "no"}, csrf=False)
    assert "Your vote is in." in done.text
    assert [(plank, choice, via) for plank, _v, choice, via in votes(world)] == [(1, "yes", "page"), (2, "no", "page"), (3, "abstain", "page")]
    secret = client.post(f"/v/{token}/cast", data={"nonce": "a" * 32, "words": "1.2", "first": "1", "second": "2", "p1": "no"}, csrf=False)
    assert secret.status_code == 422
    with reading(world.orgs["table"]):
        assert session().scalar(select(func.count()).select_from(Ballot)) == 0


def test_the_board_lists_seats_and_never_names_and_anyone_can_count_it(world, client, imani, vote, run_jobs, clock, signed_in):
    """V4: an independent count of the published votes gives the same result."""
    for n, word in ((0, "1"), (1, "1"), (2, "2")):
        voter = member(world, imani, run_jobs, n)
        for each in ("vote", word, word, word, "vote"):
            voter.writes(each)
    with transaction(world.orgs["table"]):
        actions.close_ratification(table(world), vote, now=clock.now, reason="everyone has voted")
    lead = signed_in("imani", org="table")
    assert lead.get(f"/votes/{vote}/results").status_code == 200
    board = json.loads(lead.get(f"/votes/{vote}/board.json").text)
    verdict = check_board(board)
    assert not verdict.problems, verdict.problems
    part = board["electorates"][0]
    assert len(part["roll_call"]) == 9 and part["bits"] is None and part["ballots"] == []
    assert {entry["name"] for entry in part["roll"]} == {""} and "Quintero" not in json.dumps(board)
    page = client.get(f"/board/{board['poll_id']}").text
    assert "How each seat voted" in page and "Quintero" not in page
    board["electorates"][0]["roll_call"][0]["choice"] = "abstain"
    assert check_board(board).problems


def test_an_organization_sees_the_names_of_its_own_members_only(world, imani, vote, run_jobs, signed_in):
    ana = member(world, imani, run_jobs, 0)
    for each in ("vote", "1", "1", "1", "vote"):
        ana.writes(each)
    own = imani.get(f"/votes/{vote}/our-members")
    assert own.status_code == 200 and "Ana Quintero" in own.text
    assert signed_in("rita").get(f"/votes/{vote}/our-members").status_code == 403
    theirs = signed_in("dolores").get(f"/votes/{vote}/our-members").text
    assert theirs.count("<tr>") == 7 and "–" in theirs and "Yes</td>" not in theirs


def test_the_page_before_opening_warns(world, signed_in, imani):
    make_edition(world)
    lead = signed_in("imani", org="table")
    fields = form_of(lead.get("/votes/new").text, "members_quorum") | {"members": "y", "members_open": "y", "members_may_change": "y"}
    saved = lead.post("/votes/new", data=fields)
    page = lead.get(saved.location).text
    assert "This is an open vote: each member" in page and "open, by seat" in page
    with reading(world.orgs["table"]):
        electorate = session().scalar(select(Electorate).where(Electorate.kind == "members"))
        assert (electorate.is_secret, electorate.may_change) == (False, True)


def test_a_text_never_carries_a_tracker(world, imani, vote, run_jobs):
    ana = member(world, imani, run_jobs, 0)
    for each in ("vote", "1", "1", "1", "vote"):
        ana.writes(each)
    with reading():
        bodies = session().scalars(select(SimulatedText.body)).all()
    assert not any(len(word) == 32 and set(word) <= set("0123456789abcdef") for body in bodies for word in body.split())


@pytest.mark.parametrize(("body", "choice"), [
    ("1", "yes"), ("for", "yes"), ("Sí", "yes"), ("2", "no"), ("en contra", "no"), ("3", "abstain"), ("me abstengo", "abstain"),
    ("1 2", None), ("maybe", None), ("", None), ("no sé", None), ("for now I would rather not say", None),
])
def test_how_an_answer_is_read(body, choice):
    assert choice_in(body) == choice


@pytest.mark.parametrize(("body", "cast"), [("VOTE", True), ("voto!", True), ("yes", False), ("ok", False), ("vote no", False), ("", False)])
def test_what_confirms(body, cast):
    assert is_cast(body) is cast


@pytest.mark.parametrize(("body", "wishes"), [("VOTE", True), ("quiero votar", True), ("1", True), ("who is this", False), ("I", False), ("no", False)])
def test_what_asks_to_vote(body, wishes):
    assert wishes_to_vote(body) is wishes
