"""An election of several offices: one text or letter opens all ballots of a voter, each with its own receipt, box and roll."""

import json
import re
import string
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import reading, session, transaction
from crm.infra.links import issue_link, token_of
from crm.kernel.permissions import Role
from crm.outreach.models import Text
from crm.ratification.actions import answer_challenge, challenge_seat, print_letters, send_new_link
from crm.ratification.models import Ballot, Electorate, Notice, Office, Ratification, RollChallenge, RollEntry
from crm.ratification.verify import check_board
from tests.clients import form_of
from tests.factories import MONDAY
from tests.ratification.halls import Booth, agree_to_texts, ballot_fields, close
from tests.ratification.test_elections import imani, omar, set_up, stand  # noqa: F401 - fixtures
from tests.ratification.test_paper import let_in, owner_dump, tablet


@pytest.fixture
def election(world, imani, omar, clock):  # noqa: F811
    """Chair and treasurer, two candidates each, both ballots drafted for the same hours; two of Southbank agreed to texts."""
    path = set_up(imani)
    page = f"{path}/offices"
    facts = {"title_en": "Treasurer", "title_es": "Tesorería", "seats": "1", "method": "approval", "reserved": ""}
    assert imani.post(page, data=form_of(imani.get(page).text, "title_en") | facts).status_code == 303
    with reading(world.orgs["table"]):
        offices = [str(id) for id in session().scalars(select(Office.id).order_by(Office.id))]
    for office, names in zip(offices, (("Quintero", "Okafor"), ("Reyes", "Webb")), strict=True):
        for name in names:
            found = omar.get(f"{path}/nominations?q={name}").text
            person = re.search(r'name="person"[^>]*value="(\d+)"', found)[1]
            made = omar.post(f"{path}/nominations", data=form_of(found, "nominated_by") | {
                "person": person, "nominated_by": "Luis", "q": name, "office": office})
            answer = form_of(omar.get(made.location).text, "public_name") | {"answer": "accepted", "public_name": name}
            assert omar.post(made.location, data=answer).status_code == 303
    agree_to_texts(world, "southbank", world.people["southbank"][:2])
    clock.move(minutes=20)
    for office in offices:
        link = f"/votes/new?office={office}"
        saved = imani.post(link, data=form_of(imani.get(link).text, "members_method"))
        assert saved.status_code == 303, saved.text
    return path


def open_together(imani, election, run_jobs):  # noqa: F811
    page = imani.get(election).text
    assert imani.post(f"{election}/opening", data=form_of(page, f"{election}/opening")).status_code == 303
    run_jobs()


def votes(world):
    with reading(world.orgs["table"]):
        return list(session().scalars(select(Office.ratification_id).order_by(Office.id)))


def links_of(world, vote, count=1):
    with transaction(world.orgs["table"]):
        entries = session().scalars(select(RollEntry).join(Electorate, Electorate.id == RollEntry.electorate_id).where(
            Electorate.ratification_id == vote).order_by(RollEntry.seat).limit(count)).all()
        return [(entry.id, issue_link(world.orgs["table"], "ballot", entry.id, expires_at=MONDAY + timedelta(days=9), now=MONDAY,
                                      partner_id=entry.partner_id)) for entry in entries]


def texted(world):
    with reading(world.orgs["southbank"]):
        return session().scalars(select(Text.body).where(Text.key.like("ballot:%"))).all()


def test_one_text_opens_all_ballots_of_an_election(world, client, imani, election, run_jobs, clock):  # noqa: F811
    """Opened together: each voter is told once, casts office after office behind the same link, and each board holds by itself."""
    open_together(imani, election, run_jobs)
    told = texted(world)
    assert len(told) == 2 and all("Officers of Common Table" in body or "Directiva de Mesa Común" in body for body in told)
    chair, treasurer = votes(world)
    with reading(world.orgs["southbank"]):
        ledger = session().execute(select(Notice.ratification_id, Notice.channel)).all()
        assert [sum(row == (vote, "text") for row in map(tuple, ledger)) for vote in (chair, treasurer)] == [2, 2], "both ledgers say that they were told"
        token = token_of(int(re.search(r"\[\[link:(\d+)\]\]", told[0])[1]))
    page = client.get(f"/v/{token}").text
    assert "Your ballots in this election" in page and f"/v/{token}.2" in page and page.count("Not cast yet") == 2
    booth = Booth(client, token).enter().go("1")
    receipt = client.post(f"/v/{token}/cast", data=ballot_fields(1, {1: "1:1"}), csrf=False).text
    assert "Your ballot is in" in receipt and "Next ballot: Treasurer" in receipt and "Officers of Common Table: Chair" in booth.page
    second = client.get(f"/v/{token}.2?lang=es").text
    assert "Directiva de Mesa Común: Tesorería" in second
    other = client.post(f"/v/{token}.2/cast", data=ballot_fields(2, {}) | {"p1.1": "1"}, csrf=False).text
    assert "Your ballot is in" in other and "Next ballot" not in other and other.count("Voted") == 2
    again = client.post(f"/v/{token}.2/cast", data=ballot_fields(3, {}) | {"p1.2": "1"}, csrf=False)
    assert again.status_code == 409 and "You have already voted" in again.text
    for wrong in (f"{token}.3", f"{token}.0", f"{token}.x", f"{chr(65 + (token[0] == chr(65)))}{token[1:]}.2"):
        assert client.get(f"/v/{wrong}").status_code == 404, wrong
    for vote in (chair, treasurer):
        close(world, vote, clock.now, "All have voted")
        with reading(world.orgs["table"]):
            poll = session().get_one(Ratification, vote).poll_id
        board = json.loads(client.get(f"/board/{poll}.json").text)
        assert check_board(board).is_right and board["result"]["electorates"][0]["cast"] == 1
    assert "See the result" in client.get(f"/v/{token}.2").text


def test_a_ballot_opens_under_one_spelling_of_its_link(world, client, imani, election, run_jobs):  # noqa: F811
    """Read and cast: another last letter, padding, case or number of the office casts nothing."""
    open_together(imani, election, run_jobs)
    _entry, token = links_of(world, votes(world)[0])[0]
    last = [f"{token[:-1]}{letter}" for letter in string.ascii_letters + string.digits + "-_" if letter != token[-1]]
    for spelled in (*last, f"{token}=", f"{token}==", f"{token}A", token.swapcase(), token[:-1], f"{token}.", f"{token}.01", f"{token}.1.1", f"{token}.+1"):
        assert client.get(f"/v/{spelled}").status_code == 404, spelled
        assert client.post(f"/v/{spelled}/cast", data=ballot_fields(1, {1: "1:1"}), csrf=False).status_code == 404, spelled
    with reading(world.orgs["table"]):
        assert session().scalars(select(Ballot)).all() == []
    assert client.get(f"/v/{token}").status_code == client.get(f"/v/{token}.1").status_code == 200


def test_a_tablet_opens_all_ballots_of_the_visit_in_one_go(world, client, imani, omar, election, run_jobs, clock):  # noqa: F811
    """One unlocking, office after office; each cast writes bit and ballot alone; whoever is let in next sees nothing of the last."""
    open_together(imani, election, run_jobs)
    chair, treasurer = votes(world)
    path = tablet(omar, chair)
    token = path.rsplit("/", 1)[1]
    assert "Give your name at the desk" in client.get(f"{path}.2").text
    assert "open for 2 ballots, for 13 minutes" in omar.get(let_in(omar, chair, "Quintero").location).text
    page = client.get(path).text
    assert "Your ballots in this election" in page and f"{path}.2" in page and client.get(f"{path}.3").status_code == 404
    before = owner_dump(world)
    first = ballot_fields(1, {1: "1:1"}) | {"pass": form_of(page, "/ballot")["pass"]}
    for _pressed in range(2):
        receipt = client.post(f"{path}/cast", data=first, csrf=False).text
        assert "Your ballot is in" in receipt and "Next ballot: Treasurer" in receipt and "Clear the screen" in receipt
    assert "You have already voted" in client.get(path).text and "Next ballot: Treasurer" in client.get(path).text
    second = ballot_fields(2, {}) | {"p1.2": "1", "pass": first["pass"]}
    assert client.post(f"{path}.2/cast", data=second | {"pass": "0" * 32}, csrf=False).text.count("Give your name") == 1, "only with the pass of this unlocking"
    assert "Your ballot is in" in client.post(f"{path}.2/cast", data=second, csrf=False).text
    after = owner_dump(world)
    assert {t for t in after if Counter(map(repr, after[t])) != Counter(map(repr, before[t]))} == {"ballots", "roll_bits"}
    with reading(world.orgs["table"]):
        assert len(session().scalars(select(Ballot)).all()) == 2
    for back in (path, f"{path}.2", f"{path}.1"):
        assert "Give your name at the desk" in client.get(back).text, "with the last ballot the tablet waits"
    assert "Nobody gets a second ballot" in let_in(omar, chair, "Quintero").text
    assert let_in(omar, chair, "Okafor").status_code == 303
    for sent, at in ((first, f"{path}/cast"), (second, f"{path}.2/ballot")):
        assert "Give your name at the desk" in client.post(at, data=sent, csrf=False).text, "the last voter's pass is worth nothing"
    assert client.post(f"{path}.2/leave", data={}, csrf=False).location.endswith(f"/v/{token}")
    assert let_in(omar, chair, "Okafor").status_code == 303
    clock.move(minutes=14)
    assert "Give your name at the desk" in client.get(f"{path}.2").text


def test_a_code_of_any_ballot_of_the_visit_opens_the_tablet_for_those_that_are_left(world, client, imani, omar, election, run_jobs):  # noqa: F811
    open_together(imani, election, run_jobs)
    chair, treasurer = votes(world)
    path, (_entry, link) = tablet(omar, chair), links_of(world, treasurer)[0]
    assert "Your ballot is in" in client.post(f"/v/{link}.1/cast", data=ballot_fields(1, {1: "1:1"}), csrf=False).text
    assert client.post(f"{path}/code", data={"code": f"http://localhost/v/{link}.1"}, csrf=False).status_code == 303
    page = client.get(path).text
    assert "Next ballot: Treasurer" in page and "You have already voted" in page
    data = ballot_fields(2, {}) | {"p1.2": "1", "pass": form_of(client.get(f"{path}.2").text, "/ballot")["pass"]}
    assert "Your ballot is in" in client.post(f"{path}.2/cast", data=data, csrf=False).text
    assert client.post(f"{path}/code", data={"code": link}, csrf=False).status_code == 422


def test_what_ties_the_ballots_of_a_visit_is_stored_nowhere(world, client, imani, election, run_jobs):  # noqa: F811
    """Two voters cast both offices; trackers, numbers and words of one office say nothing of the other's."""
    open_together(imani, election, run_jobs)
    for n, (_entry, token) in enumerate(links_of(world, votes(world)[0], 2)):
        for office, fields in ((token, {"p1.1": "1"}), (f"{token}.2", {"p1.2": "1"})):
            page = client.get(f"/v/{office}").text
            drawn = form_of(page, "/ballot")
            cast = client.post(f"/v/{office}/cast", data=drawn | fields | {"first": str(n), "second": "4", "language": "en"}, csrf=False)
            assert "Your ballot is in" in cast.text
    with reading(world.orgs["table"]):
        rows = session().scalars(select(Ballot)).all()
        assert len(rows) == 4 and len({row.tracker for row in rows}) == 4
        assert {column.name for column in Ballot.__table__.c} == {"org_id", "electorate_id", "plank", "tracker", "choice"}


def test_offices_opened_at_different_times_or_for_other_hours_are_told_by_themselves(world, client, imani, election, run_jobs, clock):  # noqa: F811
    """Whoever was texted before the second ballot opened is texted again, and both links lead to both ballots."""
    chair, treasurer = votes(world)
    for n, vote in enumerate((chair, treasurer), 1):
        page = f"/votes/{vote}/opening"
        assert imani.post(page, data=form_of(imani.get(page).text, "once")).status_code == 303
        run_jobs()
        assert len(texted(world)) == 2 * n
        clock.move(minutes=3)
    _entry, token = links_of(world, treasurer)[0]
    assert f"/v/{token}.1" in client.get(f"/v/{token}").text
    with transaction(world.orgs["table"]):
        session().get_one(Ratification, treasurer).closes_at += timedelta(hours=1)
    assert "Your ballots in this election" not in client.get(f"/v/{token}").text and client.get(f"/v/{token}.1").status_code == 404


def test_one_letter_for_all_ballots_and_a_new_link_ends_the_old_ones(world, client, imani, omar, election, run_jobs, clock):  # noqa: F811
    open_together(imani, election, run_jobs)
    chair, treasurer = votes(world)
    home = Actor(world.orgs["southbank"], Role.ADMINISTRATOR, name="Omar", account_id=world.accounts["omar"])
    page = omar.get(f"/votes/{treasurer}/letters").text
    assert "One letter or text opens all ballots of this election" in page and "Officers of Common Table: Chair" in page
    printed = omar.post(f"/votes/{treasurer}/letters", data=form_of(page, "/letters")).text
    assert "vote on Officers of Common Table." in printed
    token = re.search(r"http://localhost/v/([\w-]{22})", printed)[1]
    assert "Your ballots in this election" in client.get(f"/v/{token}").text
    with reading(home.org_id):
        letters = session().execute(select(Notice.ratification_id, Notice.told_at).where(Notice.channel == "letter")).all()
        assert {row.ratification_id for row in letters} == {chair, treasurer} and all(row.told_at for row in letters), "told of both by one letter"
    with transaction(home.org_id):
        print_letters(home, chair, now=clock.now)
    assert client.get(f"/v/{token}").status_code == 404, "printing anew ends the links of all"
    with reading(world.orgs["table"]):
        entry = session().scalars(select(RollEntry).join(Electorate, Electorate.id == RollEntry.electorate_id).where(
            Electorate.ratification_id == treasurer, RollEntry.person_id == world.people["southbank"][0])).one().id
        told = session().scalars(select(RollEntry.id).join(Electorate, Electorate.id == RollEntry.electorate_id).where(
            Electorate.ratification_id == chair, RollEntry.person_id == world.people["southbank"][0])).one()
    with transaction(world.orgs["table"]):
        lost = issue_link(world.orgs["table"], "ballot", told, expires_at=MONDAY + timedelta(days=9), now=MONDAY, partner_id=home.org_id)
    with transaction(home.org_id):
        send_new_link(home, treasurer, entry, now=clock.now)
    assert client.get(f"/v/{lost}").status_code == 404


def test_a_seat_that_is_struck_from_one_office_keeps_its_other_ballot(world, client, imani, election, run_jobs, clock):  # noqa: F811
    open_together(imani, election, run_jobs)
    chair, _treasurer = votes(world)
    entry, token = links_of(world, chair)[0]
    with reading(world.orgs["table"]):
        partner = session().scalars(select(RollEntry).where(RollEntry.id == entry)).one().partner_id
    with transaction(partner):
        challenge_seat(Actor(partner, Role.ADMINISTRATOR, name="Desk"), chair, entry, reason="Moved away", now=clock.now)
    with transaction(world.orgs["table"]):
        challenge = session().scalars(select(RollChallenge.id)).one()
        answer_challenge(Actor(world.orgs["table"], Role.ADMINISTRATOR, name="Imani"), chair, challenge, strikes=True, reason="Moved", now=clock.now)
    assert "no longer on the roll" in client.get(f"/v/{token}").text
    assert "Your ballot is in" in client.post(f"/v/{token}.2/cast", data=ballot_fields(1, {}) | {"p1.1": "1"}, csrf=False).text


def test_all_ballots_open_or_none_with_every_problem_said(world, imani, election, omar):  # noqa: F811
    """The wrong hours of one office keep both closed, and the page says which office it is."""
    _chair, treasurer = votes(world)
    page = imani.get(election).text
    with transaction(world.orgs["table"]):
        row = session().get_one(Ratification, treasurer)
        row.opens_at, row.closes_at = MONDAY - timedelta(days=3), MONDAY - timedelta(days=2)
    refused = imani.post(f"{election}/opening", data=form_of(page, f"{election}/opening"))
    assert refused.status_code == 422 and "Treasurer: The closing time has passed." in refused.text
    spanish = imani.get(f"{election}?lang=es").text
    refused = imani.post(f"{election}/opening?lang=es", data=form_of(spanish, f"{election}/opening"))
    assert refused.status_code == 422 and "Tesorería: " in refused.text
    with reading(world.orgs["table"]):
        assert {session().get_one(Ratification, vote).state for vote in votes(world)} == {"draft"}
    assert "Open all ballots together" not in omar.get(election).text
    assert omar.post(f"{election}/opening", data={}).status_code == 403
