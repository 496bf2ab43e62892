"""A collaborative legislative committee (A13), as in Brussels: fifteen members of parliament and forty-five people drawn by lot.

One vote counts them three ways: each side by itself, and all sixty together. What one side refuses is not adopted, and every count is published.
"""

import re

import pytest

from crm.assemblies.playbooks import playbook_of
from crm.infra.db import reading, session
from crm.people.models import Person
from crm.ratification.verify import check_board
from tests.journeys.halls import Hall, rule_of, yes_no

PLANKS = ("A bed for everyone who asks", "No eviction in winter")
LOT, PARLIAMENT = (40, 44), (3, 9)  # who says yes to each, of forty-five and of fifteen


@pytest.mark.long
def test_legislators_and_public_are_counted_apart_and_together_in_one_vote(hall: Hall):
    """What a large majority of the sixty wants may lack the legislators: one vote says both."""
    kind = playbook_of("A13")
    drawn, officials = kind.groups
    public = hall.body("public", "Public, drawn by lot", drawn.count)
    parliament = hall.body("parliament", "Parliament", officials.count)
    committee = hall.body("committee", "Deliberative Committee", kind="coalition", of=(public, parliament))
    known = {"decides": "together", "comes": "lot_officials", "government": "answers", "lasts": "once"}
    desk = hall.desk(committee)
    assembly = hall.convened(desk, known, "A13", "Committee on Homelessness", "What must our laws change?", kind.goal, (public, parliament))
    they_take_their_seats(hall, assembly, kind)

    vote = put_to_the_vote(hall, committee, assembly, kind.decisions[0])
    hall.cast(hall.letters(public, vote), yes_no(*LOT, of=drawn.count))
    letters = hall.letters(parliament, vote)
    assert len(letters) == officials.count + 1, "who is known by a code alone gets a letter too"
    hall.cast(letters[: officials.count], yes_no(*PARLIAMENT, of=officials.count))
    page, board = hall.counted(committee, vote)
    assert board["result"]["ratified"] == [2] and check_board(board).is_right
    counted = {e.get("key", e["kind"]): (e["cast"], [plank["is_adopted"] for plank in e["planks"]]) for e in board["result"]["electorates"]}
    assert counted == {"participant": (45, [True, True]), "official": (15, [False, True]), "together": (60, [True, True])}, "43 and 53 of sixty"
    for said in ("60 of 61 voted", "45 of 45 voted", "15 of 16 voted", "Yes has 3: not enough.", "Yes has 43: enough.", "All groups together", "Legislators"):
        assert said in page, said
    assert page.count("1 in the role of Observer, which has no vote here") == 1 and "known only by" not in page

    owed = hall.desk(committee).get(assembly).text
    assert "Government owes a written answer to each recommendation, with reasons, by Monday, October 4" in owed
    assert "Answer each recommendation in writing, with reasons" in hall.desk(committee).get(f"{assembly}/tasks").text


def they_take_their_seats(hall: Hall, assembly: str, kind) -> None:
    """Each side puts its own people on the roster; here legislators vote, and neither side reads the other's names. One has no vote, and one
    is known by a code alone."""
    for group, slug, name in zip(kind.groups, ("public", "parliament"), ("Drawn", "Member of parliament"), strict=True):
        desk = hall.desk(slug)
        hall.press(desk, f"{assembly}/partners", 'value="accepted"', answer="accepted", lead_name="The clerk")
        with reading(hall.orgs[slug]):
            people = [person.id for person in session().query(Person).order_by(Person.id)]
        for n, person in enumerate(people):
            seat = {"shown_name": f"{name} {n + 1}", "role": group.role, "votes": "", "person_id": str(person), "once": f"{name} {n}"}
            assert desk.post(f"{assembly}/participants", data=seat).status_code == 303
    assert "Drawn 1" not in desk.get(f"{assembly}/participants").text
    roster = hall.desk("committee").get(f"{assembly}/participants").text
    assert "45 of 45 seats filled" in roster and "15 of 15 seats filled" in roster
    for role, name in (("observer", "A journalist"), ("official", "Code 17")):
        assert desk.post(f"{assembly}/participants", data={"shown_name": name, "role": role, "votes": "", "once": name}).status_code == 303


def put_to_the_vote(hall: Hall, slug: str, assembly: str, decision) -> str:
    """The text, frozen and opened: the form offers the assembly's groups by name, each with its own count."""
    desk = hall.desk(slug)
    hall.edition(desk, "Recommendations on homelessness", PLANKS)
    number = assembly.rsplit("/", 1)[1]
    begun = desk.get("/votes/new", query_string={"assembly": number}).text
    offered = re.search(rf'<option selected value="both{number}">([^<]*)', begun)
    assert offered and "Legislators (16)" in offered[1] and "Residents (45)" in offered[1]
    return hall.opened(desk, rule_of(decision, members_roll=f"both{number}"), "Recommendations", "more than half of all ballots, abstentions included, are yes")
