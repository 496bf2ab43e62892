"""Assemblies drawn by lot, replayed: British Columbia's referendum (A6), Ostbelgien's council and panel (A7), Gdansk's promise (A14).

Shares, seats and outcomes are those of the report; people, places and topics are invented.
"""

import json
import re

import pytest

from crm.assemblies.playbooks import playbook_of
from crm.cli import main as plenary
from crm.ratification.verify import check_board
from tests.clients import form_of
from tests.journeys.halls import Hall, rule_of, yes_no

BY_LOT = {"comes": "lot", "lasts": "once"}


def seats_are_drawn(tmp_path, capsys, seats: int) -> list[str]:
    """Two hundred people, quotas by age and place, a seed from dice that anybody saw; whoever repeats it draws the same."""
    people, quotas, record = (tmp_path / name for name in ("people.csv", "quotas.csv", "record.json"))
    people.write_text("id,age,place\n" + "".join(f"R{n:03d},{'under 35' if n % 3 else 'over 35'},{'coast' if n % 2 else 'inland'}\n" for n in range(200)))
    quotas.write_text("feature,value,min,max\nage,under 35,20,30\nage,over 35,20,30\nplace,coast,25,25\nplace,inland,25,25\n")
    assert plenary(["lottery", "draw", str(people), str(quotas), "--seats", str(seats), "--seed", "dice 4 1 6 2", "--json"]) == 0
    record.write_text(capsys.readouterr().out)
    assert plenary(["lottery", "verify", str(record)]) == 0 and capsys.readouterr().out.startswith("Yes")
    return json.loads(record.read_text())["panel"]


def test_a_majority_of_58_percent_does_not_carry_where_60_are_needed(hall: Hall, client, tmp_path, capsys):
    """British Columbia 2004: drawn by lot, one proposal, a referendum that won a majority and yet was not carried."""
    kind = playbook_of("A6")
    office, voters = hall.body("office", "Office of the Civic Assembly"), hall.body("voters", "Voters of the Province", 50)
    hall.body("province", "Province", kind="coalition", of=(office, voters))
    desk = hall.desk(office)
    known = BY_LOT | {"decides": "government", "government": "answers"}
    assembly = hall.convened(desk, known, "A6", "Civic Assembly on Electoral Reform", "How should we elect our legislature?", kind.goal)
    for name in seats_are_drawn(tmp_path, capsys, kind.groups[0].count):
        assert desk.post(f"{assembly}/participants", data={"shown_name": name, "role": "participant", "votes": "", "once": name}).status_code == 303
    assert "50 of 50 seats filled" in desk.get(f"{assembly}/participants").text
    address = re.search(r'href="(/a/[^"]+)"', desk.get(assembly).text)[1]
    assert "by Wednesday, April 7" in client.get(address).text, "who is owed an answer reads by when"
    tasks = desk.get(f"{assembly}/tasks").text
    assert "If voters decide: refer the proposal to the ballot" in tasks and "Draw the seats in public" in tasks

    registrar = hall.desk(voters)
    hall.edition(registrar, "Referendum on electoral reform", ("A single transferable vote", "A review after two elections"))
    promise = hall.promised(hall.desk(office), kind.decisions[1], "Legislature of the Province", "Introduce it as a bill", 90, assembly)
    vote = hall.opened(registrar, rule_of(kind.decisions[1]), "Referendum", "at least three fifths of yes and no votes are yes")
    hall.tied(hall.desk(office), promise, vote)
    hall.cast(hall.letters(voters, vote), yes_no(29, 30, of=50))
    page, board = hall.counted(voters, vote)
    assert "29 yes and 21 no make 50 in all. 3/5 of 50 is 30." in page and "Yes has 29: not enough." in page
    assert "Yes has 30: enough." in page and "1 of 2 planks ratified" in page, "at sixty percent itself it carries"
    assert board["result"]["ratified"] == [2] and check_board(board).is_right
    came_to = hall.desk(office).get(promise).text
    assert came_to.count("Does not bind") == 1 and "3/5 of 50 is 30. The rule says at least that many, so yes needs 30. Yes has 29: not enough." in came_to
    owed = client.get("/r/office").text
    assert "A review after two elections" in owed.split("Given before a vote")[0] and "A single transferable vote" not in owed.split("Given before a vote")[0]


@pytest.mark.long
def test_the_council_chooses_three_issues_and_the_panel_needs_four_fifths(hall: Hall, client):
    """Ostbelgien: a council of 24 names the year's issues, at most three; what four fifths of a panel of 25 support must be debated."""
    kind = playbook_of("A7")
    council, panel = hall.body("council", "Council of the Valley", kind.groups[0].count), hall.body("panel", "Panel on Care", 25)
    hall.body("valley", "Valley", kind="coalition", of=(council, panel))
    desk = hall.desk(council)
    known = {"decides": "government", "comes": "lot", "government": "answers", "lasts": "yearly"}
    assembly = hall.convened(desk, known, "A7", "Council and Panel on Care", "What must change in care?", kind.goal, day="2027-06-05")
    assert "At most three issues a year." in desk.get(assembly).text

    topics = "Care at home\nRents\nSchool buses\nDigital forms\nVacant shops"
    rule = rule_of(kind.decisions[0], members_method="approval", members_options_en=topics, members_seats="3")
    vote = hall.opened(desk, rule, "Issues of the year", "The most approved are chosen: 3.")
    hall.cast(hall.letters(council, vote), [{1: "1:1 3:1 5:1"}] * 10 + [{1: "1:1 2:1"}] * 8 + [{1: "3:1 4:1"}] * 6)
    page, board = hall.counted(council, vote)
    assert "Chosen: Care at home" in page and check_board(board).is_right
    assert board["result"]["electorates"][0]["planks"][0]["winners"] == [1, 3, 5], "18, 16 and 10; eight want rents, six digital forms"

    secretary = hall.desk(panel)
    hall.edition(secretary, "Recommendations on care", ("A care counsellor in every village", "Paid leave for those who care"))
    promise = hall.promised(hall.desk(council), kind.decisions[1], "Parliament", "Debate it in public session", 60, assembly)
    vote = hall.opened(secretary, rule_of(kind.decisions[1]), "The panel decides", "at least four fifths of all ballots, abstentions included, are yes")
    hall.tied(hall.desk(council), promise, vote)
    hall.cast(hall.letters(panel, vote), yes_no(20, 19, of=25))
    page, board = hall.counted(panel, vote)
    assert "4/5 of 25 is 20" in page and "1 of 2 planks ratified" in page and board["result"]["ratified"] == [1]

    desk = hall.desk(council)
    owed = desk.get(f"{assembly}/tasks").text
    assert "Debate in public whatever has four fifths" in owed and "Answer each recommendation in writing, with reasons" in owed
    must_be_debated(hall, client, promise)
    recommended(hall, assembly)
    the_next_year_begins_with_it(hall, assembly)


def must_be_debated(hall: Hall, client, promise: str) -> None:
    """Four fifths of the panel oblige parliament to a debate: nineteen of twenty-five do not."""
    desk = hall.desk("council")
    page = desk.get(promise).text
    assert page.count("Does not bind") == 1 and "Yes has 20: enough." in page and "Yes has 19: not enough." in page
    duty = re.search(r'href="(/responses/\d+)">Debate it in public session', page)[1]
    hall.clock.move(days=61)
    desk = hall.desk("council")
    assert "1 day late" in client.get("/r/council").text and "No answer: overdue" in desk.get(duty).text
    hall.press(desk, duty, "/done")
    assert "days late" not in hall.answered(desk, duty, "accepted", "President of Parliament")


def recommended(hall: Hall, assembly: str) -> None:
    """The council hands it to government, which says whether and how, and justifies what it rejects."""
    desk, page = hall.desk("council"), f"/responses/new?assembly={assembly.rsplit('/', 1)[1]}"
    for title in ("A care counsellor in every village", "Paid leave for those who care"):
        shown = hall.press(desk, page, 'name="title_en"', target="Government", title_en=title, delivered_on=hall.clock.now.date().isoformat())
        assert "answer owed by Thursday, December 2" in shown, "a hundred and eighty days, as the playbook says"
    refused = desk.post(f"{hall.here}/answers", data={"verdict": "rejected", "answered_by": "Minister", "answered_on": hall.clock.now.date().isoformat()})
    assert refused.status_code == 422 and "Write their reason." in refused.text
    assert "The budget is voted until 2029." in hall.answered(desk, hall.here, "rejected", "Minister for Family", "The budget is voted until 2029.")


def the_next_year_begins_with_it(hall: Hall, assembly: str) -> None:
    """The first item of the next cycle is what became of the last, and its participants rate it."""
    desk = hall.desk("council")
    again = form_of(desk.get(f"{assembly}/copy").text, 'name="title_en"') | {"languages": ["en", "es"]}
    preview = desk.post(f"{assembly}/copy/preview", data=again).text
    assert "Government reports on last year&#39;s recommendations" in preview and "Saturday, June 3, 2028" in preview
    copied = desk.post(f"{assembly}/copy", data=again | {"once": "next-year"}).location
    agenda = desk.get(f"{copied}/program").text
    item, before = "Government reports on last year&#39;s recommendations", desk.get(f"{assembly}/program").text
    assert agenda.count(item) == before.count(item) > 0, "the playbook's own place for it, no second one"
    assert "Recommendations to go through one by one: 3" in agenda
    page = desk.get(f"{copied}/report-back").text
    assert "First on the agenda" in page and "The budget is voted until 2029." in page and "Waiting for an answer" in page
    counts = dict.fromkeys(re.findall(r'name="((?:done|partly|not_done)-\d+)"', page), "8")
    assert len(counts) == 9
    hall.press(desk, f"{copied}/report-back", "done-", **counts)
    stages = desk.get(f"{copied}/stages").text
    assert "A series of 2 assemblies" in stages and "recommendations rated by participants: 3" in stages and "final answers: 2" in stages


@pytest.mark.long
def test_exactly_80_percent_does_not_bind_and_more_does(hall: Hall, client):
    """Gdansk 2016: the mayor promised beforehand to enact whatever over 80 percent of sixty people drawn by lot support.

    A first list, what experts and the public say of it, the final vote, the duty that follows by itself, its day missed, its answer."""
    kind = playbook_of("A14")
    panel = hall.body("panel", "Panel on Floods", kind.groups[0].count)
    desk = hall.desk(panel)
    known = BY_LOT | {"decides": "room", "government": "bound"}
    assembly = hall.convened(desk, known, "A14", "Civic Assembly on Floods", "How do we keep our streets from flooding?", kind.goal)
    shown = desk.get(assembly).text
    assert "Exactly four fifths is not more." in shown and "The promise is signed before the first name is drawn." in shown

    promise = hall.promised(desk, kind.decisions[0], "The Mayor", "Enact it", 30, assembly)

    options = "Basins in the hills\nWider canals\nPumps at the quay"
    ranked = rule_of(kind.decisions[1], members_method="borda-modified", members_options_en=options, members_seats="1")
    vote = hall.opened(desk, ranked, "Where the water goes", "Your last choice gets one point")
    hall.cast(hall.letters(panel, vote), [{1: "1:1 2:2 3:3"}] * 25 + [{1: "2:1 1:2 3:3"}] * 30 + [{1: "3:1"}] * 5)
    page, board = hall.counted(panel, vote)
    assert "Chosen: Wider canals" in page and check_board(board).is_right, "140 points to 135 and 60"

    desk = hall.desk(panel)
    first_list = ("Wider canals", "A siren in every street", "Open gutters")
    hall.edition(desk, "Proposals on floods", first_list, heard="The water board: gutters fill with leaves in autumn.")
    vote = hall.opened(desk, rule_of(kind.decisions[0]), "The vote that binds", "more than four fifths of all ballots, abstentions included, are yes")
    hall.tied(desk, promise, vote)
    hall.cast(hall.letters(panel, vote), yes_no(49, 48, 31, of=60))
    page, board = hall.counted(panel, vote)
    assert "The rule says more than that, so yes needs 49." in page and "Yes has 49: enough." in page and "Yes has 48: not enough." in page
    assert board["result"]["ratified"] == [1] and check_board(board).is_right
    owed = hall.desk(panel).get(f"{assembly}/tasks").text
    assert "Say in public what is now binding" in owed and "Order what is binding; answer the rest with reasons" in owed
    what_binds_is_done(hall, client, promise, assembly)


def what_binds_is_done(hall: Hall, client, promise: str, assembly: str) -> None:
    """One of three binds; nobody answers in thirty days, and everyone sees it; then the mayor signs."""
    public = re.search(r'href="(/a/[^"]+)"', hall.desk("panel").get(assembly).text)[1]
    page = hall.desk("panel").get(promise).text
    assert "4/5 of 60 is 48. The rule says more than that, so yes needs 49. Yes has 49: enough." in page and page.count("Does not bind") == 2
    duty = re.search(r'href="(/responses/\d+)">Enact it</a>: due ([^<·]+)', page)
    assert duty, page
    assert client.get(public).text.count("Waiting for an answer") == 1 and "Yes has 48: not enough." in client.get(public).text
    hall.clock.move(days=31)
    desk, board = hall.desk("panel"), client.get("/r/panel").text
    assert "No answer: overdue" in desk.get(assembly).text and "No answer: overdue" in board and "1 day late" in board and "Wider canals" in board
    assert "No answer: overdue" in client.get(public).text and "A siren in every street" not in board.split("Given before a vote")[0]
    hall.answered(desk, duty[1], "accepted", "Mayor of the city")
    assert "days late" in client.get("/r/panel").text or "1 day late" in client.get("/r/panel").text, "an answer is not yet the deed"
    hall.press(desk, duty[1], "/done")
    board = client.get("/r/panel").text
    assert "Accepted" in board and "late" not in board.split("Given before a vote")[0].split("What has happened")[1]
