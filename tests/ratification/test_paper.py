"""Paper: handed out by name, entered by two, put in the box ten at a time; nobody can join a paper to a seat, and the board adds up."""

import random
import re
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import reading, session, transaction
from crm.kernel.permissions import Role
from crm.kernel.refusal import Refused
from crm.ratification import actions
from crm.ratification.actions import paper
from crm.ratification.models import Ballot, FinalBallot, PaperBatch, PaperCount, PaperEntry, Ratification, RollBits
from crm.ratification.rules.ballots import count_bits
from crm.ratification.rules.paper import differences, goes_in, may_begin, not_returned
from crm.ratification.verify import check_board
from tests.clients import form_of
from tests.factories import MONDAY
from tests.ratification.halls import Booth, ballot_fields, close, links, make_members, open_vote, seats
from tests.ratification.test_contests import IRV, board_of
from tests.ratification.test_secrecy import BY_CHANCE, linker, owner_dump

YES_NO = {"members": {"quorum": "0"}}


def tellers(world):
    return [Actor(world.orgs["table"], Role.TELLER, account_id=world.accounts[name], name=name) for name in ("imani", "tomas")]


def hand_out(world, vote, entries, now=MONDAY):
    for entry in entries:
        link = type("Held", (), {"subject_id": entry.id, "org_id": world.orgs["table"]})()
        with transaction(world.orgs["table"]):
            paper.hand_out_paper(Actor.by_link(link), now=now)


def batch(world, vote, papers, second=None, now=MONDAY):
    """Two people enter these papers: {plank: choice} each."""
    one, other = tellers(world)
    with transaction(world.orgs["table"]):
        id = paper.begin_batch(one, vote, len(papers), now=now)
    for who, read in ((one, papers), (other, second or papers)):
        with transaction(world.orgs["table"]):
            paper.enter_batch(who, vote, id, typed(read), now=now)
    return id


def typed(papers, places=None):
    return {f"b{place}.p{plank}": choice for place, made in zip(places or range(1, 99), papers, strict=False) for plank, choice in made.items()}


def finish(world, vote, now=MONDAY):
    with transaction(world.orgs["table"]):
        paper.say_finished(tellers(world)[0], vote, True, now=now)


def test_paper_from_desk_to_board_in_the_browser(world, client, signed_in, clock):
    """E7: found by name, the bit set once, printed in both languages, entered twice, settled, counted, stated and verified."""
    make_members(world, "southbank", 14)
    vote = open_vote(world, **YES_NO)
    omar = signed_in("omar")
    desk = omar.get(f"/votes/{vote}/desk?q=Voter").text
    forms = re.findall(rf"/votes/{vote}/desk/papers/\d+", desk)
    assert len(forms) == 10
    for action in forms:
        done = omar.post(action, data=form_of(desk, action))
        assert done.status_code == 303
    again = omar.post(forms[0], data=form_of(desk, forms[0]))
    assert again.status_code == 422 and "Nobody gets a second ballot" in again.text
    assert omar.post(f"/votes/{vote}/desk/spoiled", data=form_of(omar.get(f"/votes/{vote}/desk").text, "/desk/spoiled")).status_code == 303
    entry = int(forms[0].rsplit("/", 1)[1])
    token = next(token for each, token in zip(seats(world, vote), links(world, vote), strict=True) if each.id == entry)
    assert "that paper is your ballot" in client.get(f"/v/{token}").text, "whoever took paper cannot vote online"
    assert client.post(f"/v/{token}/cast", data=ballot_fields(9, {1: "yes"}), csrf=False).status_code == 409
    sheet = omar.get(f"/votes/{vote}/paper-ballot").text
    assert "A lawyer for every tenant facing eviction / Abogado para" in sheet and "☐ Yes / Sí" in sheet and entry not in sheet.split()
    imani, tomas = signed_in("imani", org="table"), signed_in("tomas")
    first = imani.post(f"/votes/{vote}/papers", data=form_of(imani.get(f"/votes/{vote}/papers").text, "size") | {"size": "10"})
    assert first.status_code == 303
    grid = imani.get(first.location).text
    assert grid.count("<select") == 30
    made = {f"b{n}.p1": "yes" if n < 8 else "no" for n in range(1, 11)}
    assert imani.post(first.location, data=form_of(grid, 'b1.p1"') | made).status_code == 303
    assert "A second person enters it" in imani.get(first.location).text
    blind = tomas.get(first.location).text
    assert "selected" not in blind, "the second sees nothing of the first"
    tomas.post(first.location, data=form_of(blind, 'b1.p1"') | made | {"b3.p1": "no"})
    settle = imani.get(first.location).text
    assert settle.count("<fieldset") == 1 and "One read: Yes. The other: No." in settle
    imani.post(f"{first.location}/settled", data=form_of(settle, 'b3.p1"') | {"b3.p1": "yes"})
    page = imani.get(f"/votes/{vote}/papers").text
    assert "Batch 1" not in page
    assert imani.post(f"/votes/{vote}/papers/finished", data=form_of(page, "/papers/finished")).status_code == 303
    close(world, vote, clock.move(minutes=30), "All have voted")
    page, board = board_of(client, world, vote)
    part = board["electorates"][0]
    assert part["paper"] == {"issued": 10, "returned": 10, "spoiled": 1} and part["bits"] == 10
    assert Counter(b["choice"] for b in part["ballots"] if b["plank"] == 1) == {"yes": 7, "no": 3}
    assert "10 handed out, 10 back and counted, 0 not back, 1 spoiled" in page
    verdict = check_board(board)
    assert verdict.is_right and "papers handed out: 10" in verdict.words, verdict.words


def test_a_paper_that_does_not_come_back_is_a_mark_without_a_ballot(world, client):
    """The board says how many; a board that hides one, or claims one too many, does not hold."""
    vote = open_vote(world, **YES_NO)
    hand_out(world, vote, seats(world, vote)[:13])
    batch(world, vote, [{1: "yes"}] * 11)
    finish(world, vote)
    close(world, vote, MONDAY + timedelta(hours=49))
    _page, board = board_of(client, world, vote)
    assert board["electorates"][0]["bits"] == 13 and board["result"]["electorates"][0]["cast"] == 11
    assert check_board(board).is_right
    for issued, returned in ((13, 12), (12, 11), (14, 12), (0, 0)):
        wrong = {"issued": issued, "returned": returned, "spoiled": 0} if issued else None
        forged = board | {"electorates": [board["electorates"][0] | {"paper": wrong}, *board["electorates"][1:]]}
        if wrong is None:
            del forged["electorates"][0]["paper"]
        assert any("seats" in problem for problem in check_board(forged).problems), wrong


def test_fewer_than_ten_papers_are_held_and_go_in_with_the_close(world, client):
    """While the vote is open the box holds none of them; afterwards they lie among all others, and no typing is left."""
    vote = open_vote(world, **YES_NO)
    entries, tokens = seats(world, vote), links(world, vote)
    for n, token in enumerate(tokens[:9]):
        client.post(f"/v/{token}/cast", data=ballot_fields(n, {1: "no"}), csrf=False)
    hand_out(world, vote, entries[9:12])
    batch(world, vote, [{1: "yes"}] * 3)
    with reading(world.orgs["table"]):
        assert session().query(Ballot).count() == 27 and session().scalars(select(PaperBatch.state)).all() == ["held"]
    with transaction(world.orgs["table"]), pytest.raises(Refused, match="closes when the tally committee"):
        actions.close_ratification(tellers(world)[0], vote, now=MONDAY + timedelta(hours=49))
    finish(world, vote)
    close(world, vote, MONDAY + timedelta(hours=49))
    with reading(world.orgs["table"]):
        assert session().query(FinalBallot).count() == 36
        assert [session().query(t).count() for t in (Ballot, PaperBatch, PaperEntry)] == [0, 0, 0]
    _page, board = board_of(client, world, vote)
    assert board["electorates"][0]["paper"]["returned"] == 3 and check_board(board).is_right


def test_two_people_and_no_fewer(world):
    vote = open_vote(world, **YES_NO)
    hand_out(world, vote, seats(world, vote)[:10])
    one, other = tellers(world)
    with transaction(world.orgs["table"]):
        id = paper.begin_batch(one, vote, 10, now=MONDAY)
    for _time in range(2):
        with transaction(world.orgs["table"]):
            if _time:
                with pytest.raises(Refused, match="A second person enters it"):
                    paper.enter_batch(one, vote, id, typed([{1: "yes"}] * 10), now=MONDAY)
            else:
                paper.enter_batch(one, vote, id, typed([{1: "yes"}] * 10), now=MONDAY)
    with transaction(world.orgs["table"]), pytest.raises(Refused, match="Only 0 papers are out"):
        paper.begin_batch(other, vote, 1, now=MONDAY)
    with transaction(world.orgs["table"]), pytest.raises(Refused, match="not agreed on: 1"):
        paper.say_finished(one, vote, True, now=MONDAY)
    with transaction(world.orgs["table"]):
        paper.enter_batch(other, vote, id, typed([{1: "no"}] * 10), now=MONDAY)
    with reading(world.orgs["table"]):
        assert session().get_one(PaperBatch, (world.orgs["table"], id)).state == "differs" and session().query(Ballot).count() == 0


def test_options_on_paper_are_ranked_checked_and_counted(world, client):
    vote = open_vote(world, members=IRV)
    hand_out(world, vote, seats(world, vote)[:12])
    one = tellers(world)[0]
    with transaction(world.orgs["table"]):
        id = paper.begin_batch(one, vote, 12, now=MONDAY)
    with transaction(world.orgs["table"]), pytest.raises(Refused, match="Paper 2: Rank 1 is given to more than one: Ana, Cy"):
        paper.enter_batch(one, vote, id, {"b1.p1.1": "1", "b2.p1.1": "1", "b2.p1.3": "1"}, now=MONDAY)
    with transaction(world.orgs["table"]):
        paper.throw_batch_away(one, vote, id, now=MONDAY)
    batch(world, vote, [{"1.2": "1", "1.1": "3"}] * 7 + [{"1.3": "1"}] * 5)
    finish(world, vote)
    close(world, vote, MONDAY + timedelta(hours=49))
    _page, board = board_of(client, world, vote)
    assert Counter(b["choice"] for b in board["electorates"][0]["ballots"]) == {"1:2 2:1": 7, "3:1": 5} and check_board(board).is_right


def test_handing_out_writes_the_bit_and_one_number(world):
    """The schema and the dump: no row, time or name of who took paper; no event, audit entry or text."""
    vote = open_vote(world, **YES_NO)
    hand_out(world, vote, seats(world, vote)[:1])
    before = owner_dump(world)
    hand_out(world, vote, seats(world, vote)[1:2])
    after = owner_dump(world)
    assert {t for t in after if Counter(map(repr, after[t])) != Counter(map(repr, before[t]))} == {"roll_bits", "paper_counts"}
    for model in (PaperBatch, PaperEntry, PaperCount):
        assert not {c for c in (column.name for column in model.__table__.c) if "seat" in c or "person" in c or "entry" in c or "tracker" in c}


def test_no_linker_joins_papers_to_seats(world, client):
    """V6 on paper: thirty took paper, each batch's ballots are linked to those who took it no better than by chance, staged, boxed and closed."""
    make_members(world, "southbank", 42)
    vote = open_vote(world, **YES_NO)
    entries = seats(world, vote)
    order = random.Random(7).sample(range(len(entries)), 30)
    hand_out(world, vote, [entries[n] for n in order])
    seen: set[str] = set()
    truth = {}
    for at in (0, 10, 20):
        batch(world, vote, [{1: "yes" if n % 2 else "no"} for n in order[at:at + 10]])
        with reading(world.orgs["table"]):
            new = set(session().scalars(select(Ballot.tracker).where(Ballot.plank == 1))) - seen
        truth |= dict(zip([entries[n].seat for n in order[at:at + 10]], sorted(new, key=lambda t: hash((t, at))), strict=True))
        seen |= new
    assert len(truth) == 30
    assert linker(owner_dump(world), truth, sorted(truth)) <= BY_CHANCE
    finish(world, vote)
    close(world, vote, MONDAY + timedelta(hours=49))
    dump = owner_dump(world)
    assert dump["paper_entries"] == [] and dump["paper_batches"] == []
    assert linker(dump, truth, [entries[n].seat for n in order]) <= BY_CHANCE


def test_the_numbers_of_papers_always_add_up(world):
    """Property: whatever is handed out, entered, thrown away and held, marks are ballots and papers that are not in."""
    vote = open_vote(world, **YES_NO)
    luck, entries = random.Random(11), iter(seats(world, vote))
    for _step in range(40):
        with reading(world.orgs["table"]):
            count = session().scalar(select(PaperCount)) or PaperCount(issued=0, returned=0, spoiled=0)
            waiting = sum(session().scalars(select(PaperBatch.size)))
            ballots, bits = session().query(Ballot).count() // 3, sum(map(count_bits, session().scalars(select(RollBits.bits))))
            issued, returned, electorate = count.issued, count.returned, session().scalar(select(PaperBatch.id))
        assert bits == ballots + not_returned(issued, returned) and 0 <= returned + waiting <= issued
        free = issued - returned - waiting
        kind = luck.random()
        if kind < 0.6 and (entry := next(entries, None)):
            hand_out(world, vote, [entry])
        elif kind < 0.9 and free:
            batch(world, vote, [{1: luck.choice(["yes", "no"])} for _paper in range(luck.randint(1, free))])
        elif electorate:
            with transaction(world.orgs["table"]):
                paper.throw_batch_away(tellers(world)[0], vote, electorate, now=MONDAY)
    finish(world, vote)
    close(world, vote, MONDAY + timedelta(hours=49))
    with reading(world.orgs["table"]):
        row = session().get_one(Ratification, vote)
        assert row.state == "closed"


def test_rules_of_batches():
    assert may_begin("open", 11, 10, 0, 0, False).reasons[0].params["n"] == 10 and may_begin("open", 10, 20, 5, 5, False) is None
    assert len(may_begin("closed", 0, 0, 0, 0, True).reasons) == 3
    assert [goes_in(n) for n in (1, 9, 10, 50)] == [False, False, True, True]
    assert differences({1: {"1": "yes"}, 2: {}}, {1: {"1": "yes"}, 2: {"1": "no"}}) == [2]


# --- the tablet -------------------------------------------------------------------------------------------------------


def tablet(desk, vote):
    page = desk.get(f"/votes/{vote}/desk").text
    made = desk.post(f"/votes/{vote}/desk/tablets", data=form_of(page, 'name="name"') | {"name": "By the door"})
    assert made.status_code == 200, made.text
    return re.search(r"http://localhost(/v/\S{22})", made.text)[1]


def let_in(desk, vote, name):
    page = desk.get(f"/votes/{vote}/desk?q={name}").text
    action = re.search(r"/votes/\d+/desk/tablets/\d+/seats/\d+", page)[0]
    return desk.post(action, data=form_of(page, action))


def test_one_member_after_another_votes_on_a_tablet_and_nobody_sees_the_last(world, client, signed_in, clock):
    vote = open_vote(world, **YES_NO)
    desk = signed_in("omar")
    path = tablet(desk, vote)
    token = path.rsplit("/", 1)[1]
    waiting = client.get(path)
    assert "Give your name at the desk" in waiting.text and waiting.headers["Cache-Control"] == "no-store" and 'http-equiv="refresh"' in waiting.text
    assert "Give your name at the desk" in client.post(f"{path}/ballot", data=ballot_fields(1, {}) | {"to": "1"}, csrf=False).text
    assert let_in(desk, vote, "Quintero").status_code == 303
    booth = Booth(client, token).fill({1: "yes", 2: "no", 3: "yes"})
    chosen = dict(booth.fields)
    receipt = booth.cast()
    assert "Your ballot is in" in receipt.text and "Clear the screen" in receipt.text and "refresh" in receipt.text
    again = [client.post(f"{path}/{to}", data=chosen | {"to": "review"}, csrf=False) for to in ("cast", "ballot")]
    for back in (client.get(path), *again):
        assert "Give your name at the desk" in back.text, "after the cast the tablet waits, whatever is pressed"
        assert chosen["nonce"] not in back.text
    assert "Nobody gets a second ballot" in let_in(desk, vote, "Quintero").text
    assert let_in(desk, vote, "Okafor").status_code == 303
    half = Booth(client, token).enter().go("1").go("2", p1="no")
    left = form_of(half.page, 'id="ballot"') | {"to": "review"}
    assert client.post(f"{path}/leave", data={}, csrf=False).status_code == 303
    assert "Give your name at the desk" in client.post(f"{path}/ballot", data=left, csrf=False).text
    assert let_in(desk, vote, "Reyes").status_code == 303
    assert "Give your name at the desk" in client.post(f"{path}/ballot", data=left, csrf=False).text, "the last member's pass shows the next one nothing"
    assert client.post(f"{path}/cast", data=left | {"first": "1", "second": "2"}, csrf=False).status_code == 200
    with reading(world.orgs["table"]):
        assert session().query(Ballot).count() == 3
    clock.move(minutes=11)
    assert "Give your name at the desk" in client.get(path).text, "an unlocked tablet locks by itself"
    action = re.search(r"/votes/\d+/desk/tablets/\d+/seats/\d+", desk.get(f"/votes/{vote}/desk?q=Webb").text)[0]
    dolores = signed_in("dolores")
    other = dolores.post(action, data=form_of(dolores.get(f"/votes/{vote}/desk").text, 'name="name"'))
    assert other.status_code == 404, "a tablet of another organization is not there"


def test_a_member_opens_the_tablet_with_the_code_of_their_letter(world, client, signed_in):
    vote = open_vote(world, **YES_NO)
    path = tablet(signed_in("omar"), vote)
    token = links(world, vote, 1)[0]
    page = client.get(f"{path}/code?lang=es").text
    assert 'autocomplete="off"' in page and "El código de su carta" in page
    assert client.post(f"{path}/code", data={"code": "x" * 22}, csrf=False).status_code == 422
    assert client.post(f"{path}/code", data={"code": f"http://localhost/v/{token}"}, csrf=False).status_code == 303
    booth = Booth(client, path.rsplit("/", 1)[1]).fill({1: "yes"})
    assert "Your ballot is in" in booth.cast().text
    assert client.post(f"{path}/code", data={"code": token}, csrf=False).status_code == 422


def test_a_cast_on_the_tablet_writes_the_bit_and_the_ballot_and_nothing_else(world, client, signed_in):
    vote = open_vote(world, **YES_NO)
    desk = signed_in("omar")
    path = tablet(desk, vote)
    let_in(desk, vote, "Quintero")
    booth = Booth(client, path.rsplit("/", 1)[1]).fill({1: "yes"})
    before = owner_dump(world)
    assert "Your ballot is in" in booth.cast().text
    after = owner_dump(world)
    assert {t for t in after if Counter(map(repr, after[t])) != Counter(map(repr, before[t]))} == {"ballots", "roll_bits"}


# --- a backup that is put back ----------------------------------------------------------------------------------------


def held(world):
    """Twelve papers are out, three agreed, four typed once, five untouched, and then a backup is put back."""
    vote = open_vote(world, **YES_NO)
    hand_out(world, vote, seats(world, vote)[:12])
    batch(world, vote, [{1: "yes"}] * 3)
    one, _other = tellers(world)
    with transaction(world.orgs["table"]):
        typing = paper.begin_batch(one, vote, 4, now=MONDAY)
    with transaction(world.orgs["table"]):
        paper.enter_batch(one, vote, typing, typed([{1: "no"}] * 4), now=MONDAY)
    with transaction(world.orgs["table"]):
        assert actions.hold_open_votes(one, now=MONDAY) == 1
    return vote, typing


def test_papers_of_a_held_vote_are_entered_and_none_is_handed_out(world, client, signed_in):
    """Nobody casts or gets paper; what is out is entered by two, and the vote closes with a reason and holds."""
    vote, typing = held(world)
    one, other = tellers(world)
    entry = seats(world, vote)[12]
    with pytest.raises(Refused, match="a backup was put back"):
        hand_out(world, vote, [entry])
    with transaction(world.orgs["table"]), pytest.raises(Refused, match="not open"):
        paper.note_spoiled(one, vote, now=MONDAY)
    page = signed_in("imani", org="table").get(f"/votes/{vote}/papers").text
    assert "This vote is held" in page and "Begin a batch" in page
    with transaction(world.orgs["table"]), pytest.raises(Refused, match="closes when the tally committee"):
        actions.close_ratification(one, vote, now=MONDAY + timedelta(hours=50), reason="We vote again")
    with transaction(world.orgs["table"]), pytest.raises(Refused, match="not agreed on: 1"):
        paper.say_finished(one, vote, True, now=MONDAY)
    with transaction(world.orgs["table"]):
        paper.enter_batch(other, vote, typing, typed([{1: "no"}] * 4), now=MONDAY)
    batch(world, vote, [{1: "abstain"}] * 4)
    with transaction(world.orgs["table"]), pytest.raises(Refused, match="Only 1 papers are out"):
        paper.begin_batch(one, vote, 2, now=MONDAY)
    finish(world, vote)
    close(world, vote, MONDAY + timedelta(hours=50), "The backup lacks ballots; we vote again")
    with reading(world.orgs["table"]):
        assert [session().query(t).count() for t in (Ballot, PaperBatch, PaperEntry)] == [0, 0, 0]
    _page, board = board_of(client, world, vote)
    assert board["electorates"][0]["paper"] == {"issued": 12, "returned": 11, "spoiled": 0} and board["result"]["electorates"][0]["cast"] == 11
    assert [c["kind"] for c in board["corrections"]] == ["closed_early"] and check_board(board).is_right


def test_a_held_vote_goes_on_with_its_papers(world, client):
    vote, typing = held(world)
    one, other = tellers(world)
    with transaction(world.orgs["table"]):
        actions.resume(one, vote, reason="No ballot came after the backup", sheets=12, now=MONDAY)
    with transaction(world.orgs["table"]):
        paper.throw_batch_away(other, vote, typing, now=MONDAY)
    hand_out(world, vote, seats(world, vote)[12:13])
    batch(world, vote, [{1: "no"}] * 10)
    finish(world, vote)
    close(world, vote, MONDAY + timedelta(hours=49))
    _page, board = board_of(client, world, vote)
    assert board["electorates"][0]["paper"] == {"issued": 13, "returned": 13, "spoiled": 0} and check_board(board).is_right
    assert Counter(b["choice"] for b in board["electorates"][0]["ballots"] if b["plank"] == 1) == {"yes": 3, "no": 10}


def test_a_held_vote_goes_on_only_where_the_sheets_say_that_no_paper_is_unknown(world, signed_in):
    """Fifteen sheets are gone and the restored book knows twelve: three seats have no mark. Nothing typed is lost, and it can still be closed."""
    vote, _typing = held(world)
    imani = signed_in("imani", org="table")
    page = f"/votes/{vote}/closing"
    assert "less those that are left" in imani.get(page).text
    fields = form_of(imani.get(page).text, "reason") | {"reason": "No link was opened that evening"}
    for sheets, told in (("15", "By the sheets 15 papers were handed out, and the backup knows 12"), ("9", "more than the sheets that are gone"),
                         ("", "Count the sheets and write how many")):
        refused = imani.post(f"/votes/{vote}/resumption", data=fields | {"sheets": sheets})
        assert refused.status_code == 422 and told in refused.text and "No link was opened" in refused.text, sheets
    both = imani.post(f"/votes/{vote}/resumption", data=fields | {"sheets": "", "reason": ""})
    assert "Count the sheets and write" in both.text and "Write how you know that no ballot is missing" in both.text
    with reading(world.orgs["table"]):
        assert session().get_one(Ratification, vote).state == "held"
    assert imani.post(f"/votes/{vote}/resumption", data=fields | {"sheets": "12"}).status_code == 303
    with reading(world.orgs["table"]):
        assert session().get_one(Ratification, vote).state == "open"


def test_what_only_one_has_read_is_never_counted(world):
    """Whatever lets a vote close, a batch that two people have not agreed on goes with the staging and counts as not come back."""
    vote, _typing = held(world)
    with transaction(world.orgs["table"]):
        row = session().get_one(Ratification, vote)
        made = paper.take_held_papers(row, paper.secret_electorate(row, None))
        assert {choice for plank, _tracker, choice in made if plank == 1} == {"yes"} and len(made) == 9
        assert session().query(PaperEntry).count() == 0 and session().scalars(select(PaperCount.returned)).one() == 3
