"""Casting under pressure: pressed fifty times at once, racing the close, at the edges of the clock, seen by robots."""

import random
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from crm.infra.auth import Actor
from crm.infra.db import close_session, engine, is_sqlite, reading, session, transaction
from crm.infra.links import read_link
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.ratification import actions
from crm.ratification.models import Ballot, FinalBallot, Ratification, RollBits, RollCallVote, RollCandidate
from crm.ratification.queries import has_voted, published_board
from crm.ratification.rules import ballots
from crm.ratification.rules.ballots import count_bits
from crm.ratification.verify import check_board
from tests.clients import form_of
from tests.factories import MONDAY, make_person
from tests.ratification.halls import (
    ballot_fields,
    cast_many,
    close,
    draft,
    links,
    make_members,
    open_vote,
    seats,
    table,
)


def counted(world, vote):
    """(bits, ballot rows while open, ballot rows after the close)."""
    with reading(world.orgs["table"]):
        bits = sum(map(count_bits, session().scalars(select(RollBits.bits))))
        return bits, *(session().scalar(select(func.count()).select_from(t)) for t in (Ballot, FinalBallot))


def at_once(jobs):
    """Runs them all at the same moment, each with a session of its own; returns what they returned."""
    gate = threading.Barrier(len(jobs))

    def run(job):
        gate.wait()
        try:
            return job()
        finally:
            close_session()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in jobs]]


def test_fifty_presses_of_the_same_button_cast_one_ballot(app, world):
    """V1: the same ballot fifty times is one ballot, and every answer is the same receipt."""
    vote = open_vote(world)
    token = links(world, vote, 1)[0]
    press = lambda: app.test_client().post(f"/v/{token}/cast", data=ballot_fields(1, {1: "yes", 2: "no"}), csrf=False)  # noqa: E731
    answers = at_once([press] * 50)
    assert {a.status_code for a in answers} == {200}
    assert len({a.text for a in answers}) == 1 and "Your ballot is in" in answers[0].text
    assert counted(world, vote) == (1, 3, 0)


def test_fifty_different_ballots_of_one_member_count_once(app, world):
    """V1: only the first is in; the others are told so."""
    vote = open_vote(world)
    token = links(world, vote, 1)[0]
    answers = at_once(
        [
            lambda n=n: app.test_client().post(f"/v/{token}/cast", data=ballot_fields(n, {1: "yes"}), csrf=False)
            for n in range(50)
        ]
    )
    assert sorted(a.status_code for a in answers) == [200] + [409] * 49
    assert all("You have already voted" in a.text for a in answers if a.status_code == 409)
    assert counted(world, vote) == (1, 3, 0)


def test_a_changed_choice_under_the_same_ballot_number_does_not_change_the_ballot(client, world):
    vote = open_vote(world)
    token = links(world, vote, 1)[0]
    one = client.post(f"/v/{token}/cast", data=ballot_fields(1, {1: "yes"}), csrf=False)
    other = client.post(f"/v/{token}/cast", data=ballot_fields(1, {1: "no"}), csrf=False)
    assert one.text == other.text
    with reading(world.orgs["table"]):
        assert session().scalars(select(Ballot.choice).where(Ballot.plank == 1)).all() == ["yes"]


def test_a_copied_ballot_page_is_refused_and_sets_no_bit(client, world):
    vote = open_vote(world)
    one, other = links(world, vote, 2)
    assert client.post(f"/v/{one}/cast", data=ballot_fields(1, {1: "yes"}), csrf=False).status_code == 200
    copied = client.post(f"/v/{other}/cast", data=ballot_fields(1, {1: "yes"}), csrf=False)
    assert copied.status_code == 409 and "was used before" in copied.text
    assert counted(world, vote)[:2] == (1, 3)
    assert client.post(f"/v/{other}/cast", data=ballot_fields(2, {1: "yes"}), csrf=False).status_code == 200


def test_a_copied_page_that_two_members_press_at_once_is_one_ballot(app, world):
    vote = open_vote(world)
    press = [lambda t=token: app.test_client().post(f"/v/{t}/cast", data=ballot_fields(1, {1: "yes"}), csrf=False) for token in links(world, vote, 2)]
    answers = at_once(press)
    assert sorted(a.status_code for a in answers) == [200, 409]
    assert "was used before" in next(a.text for a in answers if a.status_code == 409)
    assert counted(world, vote) == (1, 3, 0)


def test_a_large_roll_keeps_its_bits_in_shards_and_counts_the_same(client, world, app, monkeypatch):
    """V1 where the roll is so large that casts do not wait for each other: every seat once, and the count and the board as ever."""
    monkeypatch.setattr(ballots, "SEATS_IN_SHARD", 3)
    vote = open_vote(world)
    tokens = links(world, vote, 17)
    with reading(world.orgs["table"]):
        assert [len(bits) for bits in session().scalars(select(RollBits.bits).order_by(RollBits.shard))] == [1] * 6
    cast_many(client, tokens, [{1: "yes"}] * 17)
    again = client.post(f"/v/{tokens[3]}/cast", data=ballot_fields(40, {1: "no"}), csrf=False)
    assert again.status_code == 409 and "You have already voted" in again.text
    assert "You have already voted" in client.get(f"/v/{tokens[16]}").text
    assert counted(world, vote) == (17, 51, 0)
    with app.test_request_context():
        close(world, vote, MONDAY + timedelta(days=3))
    with reading(world.orgs["table"]):
        board = published_board(session().get_one(Ratification, vote).poll_id)
    assert board["result"]["electorates"][0]["cast"] == 17 and check_board(board).is_right, check_board(board).words


def test_fifty_robots_that_open_a_link_use_nothing(app, client, world):
    """V7: previews GET and HEAD fifty times; the link still votes, nothing is written."""
    vote = open_vote(world)
    token = links(world, vote, 1)[0]
    written = []
    def note(_c, _cur, statement, *_):
        return (
            written.append(statement) if statement[:6].upper() in ("INSERT", "UPDATE", "DELETE") else None
        )  # noqa: E731
    event.listen(engine(), "before_cursor_execute", note)
    for n in range(50):
        answer = client.open(f"/v/{token}", method="HEAD" if n % 5 == 0 else "GET", csrf=False)
        assert answer.status_code == 200 and answer.headers["Referrer-Policy"] == "no-referrer"
    assert (
        client.post(f"/v/{token}/ballot", data=ballot_fields(1, {1: "yes"}) | {"to": "review"}, csrf=False).status_code
        == 200
    )
    event.remove(engine(), "before_cursor_execute", note)
    assert written == []
    assert client.post(f"/v/{token}/cast", data=ballot_fields(1, {1: "yes"}), csrf=False).status_code == 200


@pytest.mark.parametrize("token", ["x", "A" * 22, "../../etc", "x%20y"])
def test_an_unknown_link_is_not_found(client, world, token):
    open_vote(world)
    assert client.get(f"/v/{token}").status_code == 404
    assert client.post(f"/v/{token}/cast", data=ballot_fields(1, {}), csrf=False).status_code == 404


def test_the_clock_decides_at_both_edges(client, world, clock):
    """V2: one instant before the hour counts, the hour itself does not; before opening nothing does."""
    vote = open_vote(world, hours=48)
    one, two, three = links(world, vote, 3)
    clock.set(MONDAY - timedelta(seconds=1))
    assert "not open yet" in client.post(f"/v/{one}/cast", data=ballot_fields(1, {1: "yes"}), csrf=False).text
    clock.set(MONDAY + timedelta(hours=48) - timedelta(microseconds=1))
    assert client.post(f"/v/{one}/cast", data=ballot_fields(1, {1: "yes"}), csrf=False).status_code == 200
    clock.set(MONDAY + timedelta(hours=48))
    late = client.post(f"/v/{two}/cast", data=ballot_fields(2, {1: "yes"}), csrf=False)
    assert late.status_code == 409 and "Your ballot was not cast" in late.text
    assert "See the result" not in client.get(f"/v/{two}").text
    close(world, vote, clock.now)
    clock.set(MONDAY + timedelta(hours=1))  # a clock that was set back opens nothing
    assert client.post(f"/v/{three}/cast", data=ballot_fields(3, {1: "yes"}), csrf=False).status_code == 409
    again = client.post(f"/v/{one}/cast", data=ballot_fields(1, {1: "yes"}), csrf=False)
    assert again.status_code == 200 and "Your ballot is in" in again.text, (
        "a retry after the close still finds its receipt"
    )
    assert counted(world, vote) == (1, 0, 3)


def test_casting_races_closing_and_every_acknowledged_ballot_is_on_the_board(app, world):
    """V2: what was acknowledged counts, what was refused does not, none is misplaced."""
    make_members(world, "southbank", 60)
    vote = open_vote(world)
    tokens, shuffled = links(world, vote), random.Random(7)
    gate, outcomes = threading.Event(), []

    def voter(part):
        for n in part:
            if n == 20:
                gate.set()
            answer = app.test_client().post(
                f"/v/{tokens[n]}/cast", data=ballot_fields(n, {1: "yes", 2: "no"}), csrf=False
            )
            outcomes.append((n, answer.status_code))
        close_session()

    order = shuffled.sample(range(len(tokens)), len(tokens))
    threads = [threading.Thread(target=voter, args=(order[i::6],)) for i in range(6)]
    for thread in threads:
        thread.start()
    gate.wait(20)
    with transaction(world.orgs["table"]):
        actions.close_ratification(
            table(world), vote, now=MONDAY + timedelta(hours=1), reason="All delegates have voted"
        )
    for thread in threads:
        thread.join()
    close_session()
    accepted = {n for n, status in outcomes if status == 200}
    assert {status for _n, status in outcomes} <= {200, 409} and len(outcomes) == len(tokens) and accepted
    assert counted(world, vote) == (len(accepted), 0, 3 * len(accepted))
    with reading(world.orgs["table"]):
        board = published_board(session().get_one(Ratification, vote).poll_id)
        entries = dict(enumerate(seats(world, vote)))
    assert check_board(board).is_right and board["electorates"][0]["bits"] == len(accepted)
    with reading(world.orgs["table"]):
        assert {n for n, e in entries.items() if has_voted(e.electorate_id, e.seat)} == accepted


def test_a_failed_insert_leaves_no_bit_and_gives_no_receipt(client, world, app):
    """A ballot is whole or not at all: the database fails between the bit and the rows, or, where one statement sets both, after it."""
    vote = open_vote(world)
    token = links(world, vote, 1)[0]

    def fail(_c, _cur, statement, *_):
        if "INSERT INTO ballots" in statement:
            raise RuntimeError("disk full")

    moment = "before_cursor_execute" if is_sqlite() else "after_cursor_execute"
    event.listen(engine(), moment, fail)
    try:
        app.config["PROPAGATE_EXCEPTIONS"] = False
        answer = client.post(f"/v/{token}/cast", data=ballot_fields(1, {1: "yes"}), csrf=False)
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None
        event.remove(engine(), moment, fail)
    assert answer.status_code == 500 and "receipt" not in answer.text.lower()
    assert counted(world, vote) == (0, 0, 0)
    assert client.post(f"/v/{token}/cast", data=ballot_fields(1, {1: "yes"}), csrf=False).status_code == 200


def test_a_closed_vote_cannot_be_opened_again_and_nothing_of_it_changes(world, signed_in, clock):
    """V5: edition, roll, rule and hours are frozen at opening."""
    vote = open_vote(world)
    with pytest.raises(Refused), transaction(world.orgs["table"]):
        actions.begin_opening(table(world), vote, now=clock.now)
    imani = signed_in("imani", org="table")
    fields = {"edition_id": "1", "title_en": "Other", "opens_at": "2026-11-23T10:00", "closes_at": "2026-11-29T10:00"}
    assert imani.post(f"/votes/{vote}/draft", data=fields | {"once": "a"}).status_code in (422, 404)
    with reading(world.orgs["table"]):
        assert session().get_one(Ratification, vote).title["en"] == "Ratify the platform"


def test_a_roll_call_vote_after_the_close_is_refused(world, signed_in, clock):
    vote = open_vote(world, hours=1)
    imani = signed_in("imani", org="southbank")
    fields = form_of(imani.get(f"/votes/{vote}/organization-vote").text, "reason1") | {"p1": "yes"}
    clock.move(hours=1)
    late = imani.post(f"/votes/{vote}/organization-vote", data=fields)
    assert late.status_code == 422 and "has closed" in late.text
    with reading(world.orgs["table"]):
        assert session().scalar(select(func.count()).select_from(RollCallVote)) == 0


def test_an_empty_roll_goes_back_to_draft_and_says_why(world, signed_in, run_jobs, clock):
    for org in ("southbank", "mill", "arroyo"):
        with transaction(world.orgs[org]):
            for person in session().scalars(select(Person)):
                person.standing = "supporter"
    vote = draft(world)
    with transaction(world.orgs["table"]):
        actions.begin_opening(table(world), vote, now=MONDAY)
    run_jobs()
    page = signed_in("imani", org="table").get(f"/votes/{vote}/opening").text
    assert "Nobody is on the roll of members" in page
    with transaction(world.orgs["southbank"]):
        make_person(world.orgs["southbank"])
    with transaction(world.orgs["table"]):
        actions.begin_opening(table(world), vote, now=clock.move(minutes=1))
    run_jobs()
    with reading(world.orgs["table"]):
        assert session().get_one(Ratification, vote).state == "open"


def test_the_same_phone_on_two_rolls_is_a_question_and_a_strike_is_public(world, signed_in, client, clock):
    """Invariant 2: a match never removes a ballot by itself, and no key or hash of a phone stays behind."""
    for org in ("southbank", "mill"):
        with transaction(world.orgs[org]):
            make_person(world.orgs[org], "Rosa", "Doubled", phone="+14155550199")
    vote = open_vote(world)
    imani, dolores = signed_in("imani", org="table"), signed_in("dolores")
    page = imani.get(f"/votes/{vote}/credentials").text
    assert page.count("They are two people") == 1 and "Rosa" not in page and "5550199" not in page and "555-0199" not in page
    assert dolores.get(f"/votes/{vote}/credentials").status_code == 404
    with reading(world.orgs["table"]):
        pair = session().scalars(select(RollCandidate)).one()
        a, b, id = pair.seat, pair.other_seat, pair.id
    tokens = links(world, vote)
    where = f"/votes/{vote}/credentials/{id}"
    assert imani.post(where, data=form_of(page, "reason") | {"answer": str(b)}).status_code == 422
    assert client.post(f"/v/{tokens[a]}/cast", data=ballot_fields(a, {1: "yes"}), csrf=False).status_code == 200
    voted = imani.post(where, data=form_of(page, "reason") | {"answer": str(a), "reason": "Same woman"})
    assert voted.status_code == 422 and "cannot be taken out" in voted.text
    assert (
        imani.post(where, data=form_of(page, "reason") | {"answer": str(b), "reason": "Same woman"}).status_code == 303
    )
    assert client.get(f"/v/{tokens[b]}").status_code == 404
    assert "Same woman" in dolores.get(f"/votes/{vote}").text
    cast_many(client, [t for n, t in enumerate(tokens) if n not in (a, b)][:11], [{1: "yes"}] * 11)
    close(world, vote, MONDAY + timedelta(hours=48))
    with reading(world.orgs["table"]):
        board = published_board(session().get_one(Ratification, vote).poll_id)
    assert board["result"]["electorates"][0]["roll"] == 19 and check_board(board).is_right, check_board(board).words


def test_the_cast_itself_refuses_what_is_not_whole(world, app):
    vote = open_vote(world)
    token = links(world, vote, 1)[0]
    with app.test_request_context():
        with reading():
            link = read_link(token, "ballot", MONDAY)
            who = Actor(org_id=link.org_id, link=type("Held", (), {"subject_id": link.subject_id})())
        fields = ballot_fields(1, {1: "yes"})
        del fields["first"]
        with pytest.raises(Refused, match="Pick one word"), transaction(who.org_id):
            actions.cast_ballot(who, fields, now=MONDAY)
    assert counted(world, vote) == (0, 0, 0)


@pytest.mark.parametrize("choice", ["maybe", "YES", "yes no", "1:1", "<b>"])
def test_a_choice_that_cannot_be_read_is_never_a_blank(client, world, choice):
    """It would be an abstention with a receipt: the member is asked again, and nothing is cast."""
    vote = open_vote(world)
    token = links(world, vote, 1)[0]
    answer = client.post(f"/v/{token}/cast", data=ballot_fields(1, {1: choice}), csrf=False)
    assert answer.status_code == 422 and "Your ballot is in" not in answer.text and "did not arrive whole" in answer.text
    assert counted(world, vote) == (0, 0, 0)
    assert client.post(f"/v/{token}/cast", data=ballot_fields(1, {1: "yes", 2: ""}), csrf=False).status_code == 200


def test_a_ballot_is_light_and_its_style_knows_every_class(client, world, app):
    """A phone with one bar: the page and its style are 20 kB at most, and no class of a ballot is without a rule."""
    vote = open_vote(world)
    token = links(world, vote, 1)[0]
    style = client.get("/static/slip.css").data
    pages = [client.get(f"/v/{token}").data]
    pages += [client.post(f"/v/{token}/ballot", data=ballot_fields(1, {1: "yes"}) | {"to": to}, csrf=False).data for to in ("1", "words", "review")]
    pages.append(client.post(f"/v/{token}/cast", data=ballot_fields(1, {1: "yes"}), csrf=False).data)
    for page in pages:
        assert len(page) + len(style) <= 20_000 and b"slip.css" in page and b"bootstrap" not in page and b"theme.css" not in page
    folder = Path(app.template_folder) / "ratification/ballot"
    used = {name for path in folder.glob("*.html") for words in re.findall(r'class="([^"{]*)"', path.read_text()) for name in words.split()}
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", style.decode()))
    assert used - known == set(), "used on a ballot, unknown to slip.css"
