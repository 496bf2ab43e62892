"""Participatory budgeting (A12): one million for a ward, counted by most votes and by equal shares, what is left over stated.

The ballots are paper ones from the project fair, typed into the file that participatory budgets are kept in.
"""

import json
import re

import pytest

from crm.assemblies.playbooks import playbook_of
from crm.cli import main as plenary
from tests.journeys.halls import Hall

BALLOTS = """\
META
key;value
description;Fifth Ward Budget
budget;1000000
vote_type;approval
PROJECTS
project_id;cost;name
1;600000;Library roof
2;350000;Playground north
3;300000;Crossing lights
4;200000;Shade trees south
5;150000;Clinic ramp south
VOTES
voter_id;vote
"""
# Sixty voters of the north want the roof; forty of the south want what lies in the south.
SUPPORT = [*["1,2"] * 45, *["1,3"] * 15, *["4,5"] * 30, *["3,4,5"] * 10]


@pytest.fixture
def counted(tmp_path, capsys):
    """Counts the file as anyone could."""
    file = tmp_path / "ward.pb"
    file.write_text(BALLOTS + "".join(f"{n};{vote}\n" for n, vote in enumerate(SUPPORT, 1)))

    def count(method: str, *more: str) -> tuple[dict, str]:
        assert plenary(["count", str(file), "--method", method, *more, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert plenary(["count", str(file), "--method", method, *more]) == 0
        return told, capsys.readouterr().out

    return count


def test_the_money_is_spent_by_most_votes_and_by_equal_shares_and_the_rest_is_stated(hall: Hall, client, counted):
    """The same hundred ballots: most votes gives the north nearly all, equal shares gives each side what its shares can pay."""
    kind = playbook_of("A12")
    ward = hall.body("ward", "Fifth Ward")
    desk = hall.desk(ward)
    known = {"decides": "residents", "comes": "residents", "government": "bound", "lasts": "yearly"}
    assembly = hall.convened(desk, known, "A12", "Fifth Ward Budget Assembly", "How do we spend one million dollars here?", kind.goal, day="2027-06-05")
    program = desk.get(f"{assembly}/program").text
    for words in ("First session: ideas", "Second session: costed proposals", "Project fair, and the vote begins", "The funded list"):
        assert words in program, words
    address = re.search(r'href="(/a/[^"]+)"', desk.get(assembly).text)[1]
    assert "The sum, the counting rule and the costs are fixed before voting." in client.get(address).text

    told, words = counted(kind.decisions[0].method)
    assert told["winners"] == ["1", "2"], "sixty and forty-five votes; nothing in the south fits what is left"
    assert "Shade trees south is next with 40 votes. It costs 200000 and 50000 is left, so it is passed over." in words
    assert words.endswith("Spent: 950000 of 1000000. Left over: 50000.\n")

    told, words = counted(kind.decisions[1].method, "--completion", "none")
    assert told["winners"] == ["1", "4", "5"], "the north has paid for its roof with all its shares, the south pays for trees and ramp with its own"
    assert "Voters: 100. Each has a share of 10000." in words and words.endswith("Spent: 950000 of 1000000. Left over: 50000.\n")
    told, _words = counted(kind.decisions[1].method, "--completion", "by_votes")
    assert told["winners"] == ["1", "4", "5"] and told["left_over"] == 50000, "no other project fits the rest"
    tasks = desk.get(f"{assembly}/tasks").text
    assert "Publish the funded list and what is left over" in tasks and "Account for every project before the next round" in tasks
