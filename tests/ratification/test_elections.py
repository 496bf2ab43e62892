"""Elections of leaders, over HTTP: nominated, accepted with a statement, voted with it on the ballot, counted, certified, kept, forgotten."""

import random
import re
import time
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import event, select

from crm.infra.auth import Actor
from crm.infra.db import engine, reading, session, transaction
from crm.infra.links import issue_link
from crm.kernel.permissions import Role
from crm.kernel.refusal import Refused
from crm.people.actions.erasing import erase_person
from crm.people.models import Person, Phone
from crm.ratification.actions.elections import empty_elections
from crm.ratification.models import Nomination, Ratification
from crm.ratification.queries.elections import people_named
from crm.ratification.rules.contests import count_contest, issues_in_contest, write_marks
from crm.ratification.verify import check_board
from crm.ratification.verify.contests import recount
from tests.clients import form_of
from tests.factories import MONDAY, make_person
from tests.home.test_minutes import words_of
from tests.ratification.halls import Booth, agree_to_texts, ballot_fields, close, links, open_vote
from tests.ratification.test_contests import board_of
from tests.ratification.test_sceptic import second as second_verifier
from tests.ratification.test_verify import sign

ELECTION = {
    "title_en": "Officers of Common Table", "title_es": "Directiva de Mesa Común", "who_may_en": "Members of one month or more may nominate and stand.",
    "opens_at": "2026-11-23T08:00", "closes_at": "2026-11-23T09:15", "must_be_member": "y", "member_months": "1", "statement_limit": "200",
    "observers": "Rev. Ada Cole: the roll's size and the count\nTally committee", "keep_days": "365",
}


@pytest.fixture
def imani(signed_in):
    return signed_in("imani", org="table")


@pytest.fixture
def omar(signed_in):
    return signed_in("omar")


def set_up(imani, **office):
    made = imani.post("/elections/new", data=form_of(imani.get("/elections/new").text, "who_may_en") | ELECTION)
    assert made.status_code == 303, made.text
    page = f"{made.location}/offices"
    facts = {"title_en": "Chair", "title_es": "Presidencia", "seats": "1", "method": "irv", "reserved": ""} | office
    assert imani.post(page, data=form_of(imani.get(page).text, "title_en") | facts).status_code == 303
    return made.location


def nominate(desk, election, name, by="Luis Ferreira"):
    page = desk.get(f"{election}/nominations?q={name}").text
    person = re.search(r'name="person" value="(\d+)"', page) or re.search(r'name="person"[^>]*value="(\d+)"', page)
    assert person, page
    return desk.post(f"{election}/nominations", data=form_of(page, "nominated_by") | {"person": person[1], "nominated_by": by, "q": name})


def answer(desk, nomination, name, statement="", **more):
    page = desk.get(nomination).text
    return desk.post(nomination, data=form_of(page, "public_name") | {"answer": "accepted", "public_name": name, "statement_en": statement} | more)


def stand(desk, election, people):
    for name, statement in people:
        made = nominate(desk, election, name)
        assert made.status_code == 303, made.text
        assert answer(desk, made.location, name.title(), statement).status_code == 303


def drafted(imani, election, clock, **more):
    clock.move(minutes=20)
    link = re.search(r'href="(/votes/new\?office=\d+)"', imani.get(election).text.replace("&amp;", "&"))[1]
    page = imani.get(link).text
    return imani.post(link, data=form_of(page, "members_method") | more)


def opened(imani, saved, run_jobs):
    assert saved.status_code == 303, saved.text
    imani.post(saved.location, data=form_of(imani.get(saved.location).text, "once"))
    run_jobs()
    return int(re.search(r"/votes/(\d+)/", saved.location)[1])


def test_from_nomination_to_certificate_and_until_the_records_end(world, client, imani, omar, run_jobs, clock):
    """A3: nominations, acceptance, statements, eligibility, ballot, count, certificate, observers, records for a year, no proxy."""
    election = set_up(imani)
    page = imani.get(election).text
    assert "Nobody votes by proxy." in page and "Rev. Ada Cole" in page and "kept for 365 days" in page
    stand(omar, election, [("Quintero", "I knock on doors.\n\nEvery week."), ("Okafor", "Budget first."), ("Reyes", "")])
    saved = drafted(imani, election, clock)
    vote = opened(imani, saved, run_jobs)
    booth = Booth(client, links(world, vote, 1)[0]).enter().go("1")
    assert "Statement" in booth.page and "Budget first." in booth.page and "I knock on doors." in booth.page
    assert booth.page.count("<details") == 3, "how it is counted, and two statements: whoever wrote none has none"
    size = len(booth.page.encode()) + len(client.get("/static/slip.css").data)
    assert size <= 20_000, size
    options = re.findall(r'for="p1\.\d">([^<]+)<', booth.page)
    order = {name: n for n, name in enumerate(options, 1)}
    ballots = [f"{order['Okafor']}:1"] * 7 + [f"{order['Quintero']}:1"] * 5
    for n, (token, content) in enumerate(zip(links(world, vote, 12), ballots, strict=True)):
        assert client.post(f"/v/{token}/cast", data=ballot_fields(n, {1: content}), csrf=False).status_code == 200
    close(world, vote, clock.move(minutes=5), reason="Everybody has voted")
    page, board = board_of(client, world, vote)
    assert "Chosen: Okafor" in page and check_board(board).is_right and "Elected: Okafor" in imani.get(election).text
    results = imani.get(f"/votes/{vote}/results").text
    imani.post(f"/votes/{vote}/certificate", data=form_of(results, "once"))
    paper = imani.get(f"/votes/{vote}/certificate").text
    for words in ("Certificate of election", "Election of: Chair.", "Nobody voted by proxy.", "Rev. Ada Cole", "Records are kept until", "Okafor"):
        assert words in paper, words
    assert imani.get(f"/votes/{vote}/certificate.pdf").data.startswith(b"%PDF-")
    for language, words in (("en", ("Certificate of election", "Round 1", "Nobody voted by proxy.")), ("es", ("Certificado de elección", "Ronda 1"))):
        filed = words_of(imani.get(f"/votes/{vote}/certificate.docx?lang={language}").data)
        assert board["poll_id"] in filed and all(each in filed for each in words), filed
    assert imani.get(f"/votes/{vote}/certificate.txt").status_code == 404
    imani_at_home, table = Actor(world.orgs["southbank"], Role.ADMINISTRATOR, name="Imani"), Actor.system(world.orgs["table"])
    with transaction(imani_at_home.org_id), pytest.raises(Refused, match="kept until"):
        erase_person(imani_at_home, world.people["southbank"][1], now=clock.now)
    with transaction(table.org_id):
        assert empty_elections(table, clock.now + timedelta(days=364), 500) == 0
    with transaction(table.org_id):
        assert empty_elections(table, clock.now + timedelta(days=367), 500) == 3
        assert session().scalars(select(Nomination)).all() == []
    assert "Chosen: Okafor" in client.get(f"/board/{board['poll_id']}").text
    with transaction(imani_at_home.org_id):
        erase_person(imani_at_home, world.people["southbank"][1], now=clock.now)


def test_people_of_one_name_are_told_apart_where_one_is_chosen(world, imani, omar):
    """Two of one name: neighborhood and the last digits of a number that is not wrong; at a nomination, at a declaration, at the desk and for letters."""
    with transaction(world.orgs["southbank"]):
        first = make_person(world.orgs["southbank"], "Ana", "Ibarra", phone="+14155550131", neighborhood="Elm Park", city="Port Callan")
        make_person(world.orgs["southbank"], "Ana", "Ibarra", phone="+14155550142", city="Mill Lane")
        make_person(world.orgs["southbank"], "Ana", "Ibarra")
        session().add(Phone(org_id=world.orgs["southbank"], person_id=first, e164="+14155550199", is_preferred=False, is_wrong=True, created_at=MONDAY))
    told = ("Ana Ibarra, Elm Park, •••-•••-••31", "Ana Ibarra, Mill Lane, •••-•••-••42", ">Ana Ibarra<")
    election, vote = set_up(imani), open_vote(world)
    for page in (f"{election}/nominations?q=ibarra", f"/votes/{vote}/desk?q=ibarra", f"/votes/{vote}/letters?q=ibarra"):
        text = omar.get(page).text
        assert all(words in text for words in told) and "5550131" not in text and "99" not in re.sub(r"\d{6,}", "", text.split("Ibarra", 1)[1][:400]), page
    asked: list[str] = []
    listen = lambda _c, _cursor, statement, *_rest: asked.append(statement)  # noqa: E731
    event.listen(engine(), "before_cursor_execute", listen)
    try:
        with reading(world.orgs["southbank"]):
            assert len(people_named(Actor(world.orgs["southbank"], Role.ORGANIZER, name="Omar"), "ana ibarra")) == 3
    finally:
        event.remove(engine(), "before_cursor_execute", listen)
    assert sum("people" in statement for statement in asked) == 1, asked


def test_a_nominee_answers_on_their_own_page_in_their_language(world, app, client, imani, omar, clock, run_jobs):
    election = set_up(imani, reserved="Women / Mujeres = 1", method="approval")
    agree_to_texts(world, "southbank", world.people["southbank"])
    nomination = nominate(omar, election, "Quintero").location
    sent = omar.post(f"{nomination}/text", data=form_of(omar.get(nomination).text, "/text"))
    assert sent.status_code == 303, sent.text
    id = int(nomination.rsplit("/", 1)[1])
    with transaction(world.orgs["table"]):
        token = issue_link(world.orgs["table"], "nomination", id, expires_at=MONDAY + timedelta(days=9), now=MONDAY, partner_id=world.orgs["southbank"])
    page = client.get(f"/n/{token}?lang=es")
    assert page.status_code == 200 and "Presidencia" in page.text and "Mujeres" in page.text
    fields = form_of(client.get(f"/n/{token}").text, "public_name")
    long = client.post(f"/n/{token}", data=fields | {"answer": "accepted", "public_name": "", "statement_en": "x" * 201}, csrf=False)
    assert long.status_code == 422 and "has 201 characters" in long.text and "as the ballot shall print it" in long.text and "x" * 201 in long.text
    good = fields | {"answer": "accepted", "public_name": "Ana Q.", "statement_es": "Puerta a puerta.", "groups": "0"}
    good = client.post(f"/n/{token}", data=good, csrf=False)
    assert good.status_code == 303 and "Your answer is recorded: Stands." in client.get(good.location).text
    with reading(world.orgs["table"]):
        row = session().get_one(Nomination, id)
        assert (row.state, row.via, row.groups, row.statements) == ("accepted", "page", [0], {"es": "Puerta a puerta."})
    clock.move(minutes=20)
    fields = form_of(client.get(f"/n/{token}").text, "public_name")
    assert client.post(f"/n/{token}", data=fields | {"answer": "withdrawn"}, csrf=False).status_code == 303, "withdrawal is possible after nominations"
    back = client.post(f"/n/{token}", data=form_of(client.get(f"/n/{token}").text, "public_name") | {"answer": "accepted", "public_name": "Ana"}, csrf=False)
    assert back.status_code == 422 and "Nominations have ended" in back.text
    assert client.get("/n/" + "x" * 22).status_code == 404


def test_who_may_not_stand_is_told_every_reason(world, imani, omar, clock):
    election = set_up(imani)
    with transaction(world.orgs["southbank"]):
        lapsed = session().get_one(Person, (world.orgs["southbank"], world.people["southbank"][2]))
        lapsed.standing = "lapsed"
        young = session().get_one(Person, (world.orgs["southbank"], world.people["southbank"][3]))
        young.member_since = (MONDAY - timedelta(days=10)).date()
    refused = nominate(omar, election, "Reyes", by="")
    assert refused.status_code == 422 and "standing has lapsed" in refused.text and "Write who nominated them" in refused.text
    assert "this member has been one for 0" in nominate(omar, election, "Webb").text
    assert "is not one on your list" in nominate(omar, election, "Haddad").text
    made = nominate(omar, election, "Okafor")
    assert made.status_code == 303 and "nominated for this office already" in nominate(omar, election, "Okafor").text
    assert "Make the ballot" not in imani.get(election).text
    clock.move(minutes=20)
    assert "Record a nomination" not in omar.get(election).text
    early = omar.get(f"{election}/nominations?q=Reyes").text
    assert omar.post(f"{election}/nominations", data=form_of(early, "nominated_by") | {"person": "1"}).status_code in (404, 422)


def test_the_ballot_has_everyone_who_stands_and_nobody_else(world, imani, omar, clock, run_jobs):
    election = set_up(imani)
    stand(omar, election, [("Quintero", ""), ("Okafor", ""), ("Reyes", "")])
    wrong = drafted(imani, election, clock, members_options_en="Quintero\nSomebody\nReyes", members_seats="2", members_method="stv-meek")
    assert wrong.status_code == 422
    for words in ("Missing on the ballot: Okafor", "Nobody who stands has this name: Somebody", "This office has 1 seats"):
        assert words in wrong.text, words
    saved = drafted(imani, election, clock, members_options_en="Reyes\nQuintero\nOkafor")
    assert saved.status_code == 303, "the order is free: it may be drawn by lot"
    again = imani.post(imani.get(saved.location).request.path.replace("/opening", "/draft"),
                       data=form_of(imani.get(saved.location.replace("/opening", "/draft")).text, "members_method") | {"members_options_en": "A\nB"})
    assert again.status_code == 422 and "Missing on the ballot" in again.text
    with reading(world.orgs["table"]):
        nomination = session().scalars(select(Nomination.id).where(Nomination.public_name == "Quintero")).one()
    page = omar.get(f"/nominations/{nomination}").text
    assert omar.post(f"/nominations/{nomination}", data=form_of(page, "public_name") | {"answer": "withdrawn"}).status_code == 303
    vote = opened(imani, saved, run_jobs)
    with reading(world.orgs["table"]):
        frozen = session().get_one(Ratification, vote).manifest["electorates"][0]["contest"]
    assert [option["en"] for option in frozen["options"]] == ["Reyes", "Okafor"]
    with reading(world.orgs["table"]):
        other = session().scalars(select(Nomination.id).where(Nomination.public_name == "Reyes")).one()
    assert "The ballots are out" in omar.get(f"/nominations/{other}").text


def test_a_partner_sees_its_own_nominees_only(world, imani, omar, signed_in):
    """T6: who was nominated by one organization is not read by another of the coalition."""
    election = set_up(imani)
    nomination = nominate(omar, election, "Quintero").location
    dolores = signed_in("dolores")
    assert "Luis Ferreira" not in dolores.get(election).text and dolores.get(nomination).status_code == 404
    assert dolores.post(f"{nomination}/text").status_code in (404, 422)
    assert signed_in("stranger").get(election).status_code == 404
    assert "partner&#39;s member" in imani.get(election).text or "partner's member" in imani.get(election).text


RANKED = ("stv-scottish", "stv-meek", "borda-modified")


@pytest.mark.parametrize("method", ["approval", *RANKED])
def test_reserved_seats_are_counted_twice_alike(method):
    """The second count knows reserved seats from its own lines: the same winners, the same votes in every round, and every group has its seats."""
    luck, moved = random.Random(5), 0
    for _n in range(60):
        size = luck.randint(3, 7)
        seats, groups = luck.randint(1, size - 1), [sorted(luck.sample(range(1, size + 1), luck.randint(1, size))) for _group in range(luck.randint(1, 3))]
        reserved = [{"group": {"en": f"Group {n}"}, "at_least": luck.randint(1, min(seats, len(members))), "members": members}
                    for n, members in enumerate(groups)]
        rule = ranked(method, size, seats, reserved)
        if issues_in_contest(rule, size, ()):  # together these cannot be filled
            continue
        some = [luck.sample(range(1, size + 1), luck.randint(1, size)) for _ballot in range(luck.randint(1, 40))]
        contents = [write_marks({o: 1 if method == "approval" else rank for rank, o in enumerate(each, 1)}) for each in some]
        row, (winners, rounds) = count_contest(rule, 1, contents), recount(rule, contents)
        assert winners == row["winners"] and len(winners) == seats
        assert [{int(o): sum(map(Fraction, said.split()), Fraction(0)) for o, said in each["votes"].items()} for each in row["rounds"]] == rounds
        assert all(len(set(winners) & set(each["members"])) >= each["at_least"] for each in reserved)
        moved += set(winners) != set(recount(ranked(method, size, seats, []), contents)[0])
    assert moved, "in none of them did a reserved seat matter"


def ranked(method, size, seats, reserved):
    options = [{"en": str(n)} for n in range(size)]
    return {"method": method, "is_secret": True, "contest": {"options": options, "seats": seats, "most": None, "reserved": reserved}}


def test_forty_who_stand_with_seats_for_women_are_counted_twice_in_a_moment():
    """Twenty of forty who stand are women, half of sixteen seats are theirs, and nobody ranks one: a search by trial would not end."""
    rule = ranked("stv-scottish", 40, 16, [{"group": {"en": "Women"}, "at_least": 8, "members": list(range(21, 41))}])
    contents = [write_marks({1 + (n + each) % 20: each + 1 for each in range(10)}) for n in range(60)]
    began = time.process_time()
    assert recount(rule, contents)[0] == count_contest(rule, 1, contents)["winners"]
    assert time.process_time() - began < 5


@pytest.mark.long
def test_an_office_with_reserved_seats_is_elected_by_transferable_vote(world, client, imani, omar, run_jobs, clock, capsys):
    """The rule with its groups is on the ballot; the doomed goes with a quota of votes, each round says why, and both verifiers read the board."""
    election = set_up(imani, seats="2", method="stv-scottish", reserved="Women / Mujeres = 1")
    for name, groups in (("Okafor", []), ("Reyes", []), ("Quintero", ["0"])):
        made = nominate(omar, election, name)
        assert answer(omar, made.location, name, groups=groups).status_code == 303
    vote = opened(imani, drafted(imani, election, clock), run_jobs)
    booth = Booth(client, links(world, vote, 1)[0]).enter().go("1")
    assert "Seats are reserved: Women / Mujeres ≥ 1." in booth.page
    order = {name: n for n, name in enumerate(re.findall(r'for="p1\.\d">([^<]+)<', booth.page), 1)}
    first, second, woman = (f"{order[name]}" for name in ("Okafor", "Reyes", "Quintero"))
    ballots = [write_marks({int(first): 1, int(second): 2})] * 6 + [write_marks({int(second): 1})] * 5 + [write_marks({int(woman): 1})]
    for n, (token, content) in enumerate(zip(links(world, vote, 12), ballots, strict=True)):
        assert client.post(f"/v/{token}/cast", data=ballot_fields(n, {1: content}), csrf=False).status_code == 200
    close(world, vote, clock.move(minutes=5), reason="Everybody has voted")
    page, board = board_of(client, world, vote)
    assert "Chosen: Okafor, Quintero" in page
    assert "Reyes can no longer be elected: the seats that are left are reserved (Women / Mujeres ≥ 1)." in page
    assert check_board(board).is_right
    assert second_verifier(board) == 0 and "were not counted here" not in capsys.readouterr().out
    board["result"]["electorates"][0]["planks"][0]["winners"] = [int(first), int(second)]
    assert second_verifier(sign(board)) == 1 and f"counted again the winners are [{first}, {woman}]" in capsys.readouterr().out
    assert any("Counted again, options" in problem for problem in check_board(board).problems)


def test_what_cannot_keep_seats_for_groups_is_refused(imani):
    page = f"{set_up(imani)}/offices"
    groups = "\n".join(f"Group {n} = 1" for n in range(5))
    made = imani.post(page, data=form_of(imani.get(page).text, "title_en") | {"title_en": "Board", "seats": "1", "method": "irv", "reserved": groups})
    assert made.status_code == 422 and "cannot keep a seat for a group" in made.text and "at most 4 groups" in made.text
