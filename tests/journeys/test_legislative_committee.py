"""A collaborative legislative committee (A13), as in Brussels: fifteen members of parliament and forty-five people drawn by lot.

The same text is voted on three times: by all sixty in one count, and by each side in a count of its own.
"""

from crm.assemblies.playbooks import playbook_of
from crm.ratification.verify import check_board
from tests.journeys.halls import Hall, rule_of, yes_no

PLANKS = ("A bed for everyone who asks", "No eviction in winter")
LOT, PARLIAMENT = (40, 44), (3, 9)  # who says yes to each, of forty-five and of fifteen


def test_legislators_and_public_are_counted_together_and_each_by_themselves(hall: Hall):
    """What a large majority of the sixty wants may lack the legislators: both counts say so."""
    kind = playbook_of("A13")
    drawn, officials = kind.groups
    public = hall.body("public", "Public, drawn by lot", drawn.count)
    parliament = hall.body("parliament", "Parliament", officials.count)
    committee = hall.body("committee", "Deliberative Committee", kind="coalition", of=(public, parliament))
    known = {"decides": "together", "comes": "lot_officials", "government": "answers", "lasts": "once"}
    assembly = hall.convened(hall.desk(committee), known, "A13", "Committee on Homelessness", "What must our laws change?", kind.goal, (public, parliament))
    they_take_their_seats(hall, assembly, kind)

    together = put_to_the_vote(hall, committee, kind.decisions[0])
    hall.cast(hall.letters(public, together), yes_no(*LOT, of=drawn.count))
    hall.cast(hall.letters(parliament, together), yes_no(*PARLIAMENT, of=officials.count))
    page, board = hall.counted(committee, together)
    assert "60 of 60 voted" in page and board["result"]["ratified"] == [1, 2] and check_board(board).is_right, "43 and 53 of sixty"

    for side, yes, size, ratified in ((public, LOT, drawn.count, [1, 2]), (parliament, PARLIAMENT, officials.count, [2])):
        alone = put_to_the_vote(hall, side, kind.decisions[1])
        hall.cast(hall.letters(side, alone), yes_no(*yes, of=size))
        page, board = hall.counted(side, alone)
        assert f"{size} of {size} voted" in page and board["result"]["ratified"] == ratified and check_board(board).is_right
    assert "Yes has 3: not enough." in page and "Yes has 9: enough." in page

    owed = hall.desk(committee).get(assembly).text
    assert "Government owes a written answer to each recommendation, with reasons, by Monday, October 4" in owed
    assert "Answer each recommendation in writing, with reasons" in hall.desk(committee).get(f"{assembly}/tasks").text


def they_take_their_seats(hall: Hall, assembly: str, kind) -> None:
    """Each side puts its own people on the roster; here legislators vote, and neither side reads the other's names."""
    for group, slug, name in zip(kind.groups, ("public", "parliament"), ("Drawn", "Member of parliament"), strict=True):
        desk = hall.desk(slug)
        hall.press(desk, f"{assembly}/partners", 'value="accepted"', answer="accepted", lead_name="The clerk")
        for n in range(group.count):
            seat = {"shown_name": f"{name} {n + 1}", "role": group.role, "votes": "", "once": f"{name} {n}"}
            assert desk.post(f"{assembly}/participants", data=seat).status_code == 303
    assert "Drawn 1" not in desk.get(f"{assembly}/participants").text
    roster = hall.desk("committee").get(f"{assembly}/participants").text
    assert "45 of 45 seats filled" in roster and "15 of 15 seats filled" in roster


def put_to_the_vote(hall: Hall, slug: str, decision) -> str:
    """The text, frozen and opened at the desk of a body whose members vote."""
    desk = hall.desk(slug)
    hall.edition(desk, "Recommendations on homelessness", PLANKS)
    return hall.opened(desk, rule_of(decision), "Recommendations", "more than half of all ballots, abstentions included, are yes")
