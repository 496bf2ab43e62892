"""Assemblies drawn by lot, replayed: British Columbia's referendum (A6), Ostbelgien's council and panel (A7), Gdansk's promise (A14).

Shares, seats and outcomes are those of the report; people, places and topics are invented.
"""

import json
import re

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
    vote = hall.opened(registrar, rule_of(kind.decisions[1]), "Referendum", "at least three fifths of yes and no votes are yes")
    hall.cast(hall.letters(voters, vote), yes_no(29, 30, of=50))
    page, board = hall.counted(voters, vote)
    assert "29 yes and 21 no make 50 in all. 3/5 of 50 is 30." in page and "Yes has 29: not enough." in page
    assert "Yes has 30: enough." in page and "1 of 2 planks ratified" in page, "at sixty percent itself it carries"
    assert board["result"]["ratified"] == [2] and check_board(board).is_right


def test_the_council_chooses_three_issues_and_the_panel_needs_four_fifths(hall: Hall):
    """Ostbelgien: a council of 24 names the year's issues, at most three; what four fifths of a panel of 25 support must be debated."""
    kind = playbook_of("A7")
    council, panel = hall.body("council", "Council of the Valley", kind.groups[0].count), hall.body("panel", "Panel on Care", 25)
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
    vote = hall.opened(secretary, rule_of(kind.decisions[1]), "The panel decides", "at least four fifths of all ballots, abstentions included, are yes")
    hall.cast(hall.letters(panel, vote), yes_no(20, 19, of=25))
    page, board = hall.counted(panel, vote)
    assert "4/5 of 25 is 20" in page and "1 of 2 planks ratified" in page and board["result"]["ratified"] == [1]

    desk = hall.desk(council)
    owed = desk.get(f"{assembly}/tasks").text
    assert "Debate in public whatever has four fifths" in owed and "Answer each recommendation in writing, with reasons" in owed
    again = desk.get(f"{assembly}/copy").text
    preview = desk.post(f"{assembly}/copy/preview", data=form_of(again, 'name="title_en"') | {"languages": ["en", "es"]}).text
    assert "Government reports on last year&#39;s recommendations" in preview and "Saturday, June 3, 2028" in preview


def test_exactly_80_percent_does_not_bind_and_more_does(hall: Hall):
    """Gdansk 2016: the mayor promised beforehand to enact whatever over 80 percent of sixty people drawn by lot support."""
    kind = playbook_of("A14")
    panel = hall.body("panel", "Panel on Floods", kind.groups[0].count)
    desk = hall.desk(panel)
    known = BY_LOT | {"decides": "room", "government": "bound"}
    assembly = hall.convened(desk, known, "A14", "Civic Assembly on Floods", "How do we keep our streets from flooding?", kind.goal)
    shown = desk.get(assembly).text
    assert "Exactly four fifths is not more." in shown and "The promise is signed before the first name is drawn." in shown

    options = "Basins in the hills\nWider canals\nPumps at the quay"
    ranked = rule_of(kind.decisions[1], members_method="borda-modified", members_options_en=options, members_seats="1")
    vote = hall.opened(desk, ranked, "Where the water goes", "Your last choice gets one point")
    hall.cast(hall.letters(panel, vote), [{1: "1:1 2:2 3:3"}] * 25 + [{1: "2:1 1:2 3:3"}] * 30 + [{1: "3:1"}] * 5)
    page, board = hall.counted(panel, vote)
    assert "Chosen: Wider canals" in page and check_board(board).is_right, "140 points to 135 and 60"

    desk = hall.desk(panel)
    hall.edition(desk, "Proposals on floods", ("Wider canals", "A siren in every street", "Open gutters"))
    vote = hall.opened(desk, rule_of(kind.decisions[0]), "The vote that binds", "more than four fifths of all ballots, abstentions included, are yes")
    hall.cast(hall.letters(panel, vote), yes_no(49, 48, 31, of=60))
    page, board = hall.counted(panel, vote)
    assert "The rule says more than that, so yes needs 49." in page and "Yes has 49: enough." in page and "Yes has 48: not enough." in page
    assert board["result"]["ratified"] == [1] and check_board(board).is_right
    owed = hall.desk(panel).get(f"{assembly}/tasks").text
    assert "Say in public what is now binding" in owed and "Order what is binding; answer the rest with reasons" in owed
