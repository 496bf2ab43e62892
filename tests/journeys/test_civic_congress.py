"""A civic congress (A11), as in Wisconsin: counties elect five delegates each, one question is put to all, the result comes back to each."""

import re

from crm.assemblies.playbooks import playbook_of
from crm.ratification.verify import check_board
from tests.journeys.halls import Hall, rule_of, yes_no

COUNTIES = {"alder": "Alder County Meeting", "birch": "Birch County Meeting", "cedar": "Cedar County Meeting"}
CANDIDATES = ("Ada", "Ben", "Cora", "Dov", "Edna", "Finn", "Gus")
ELECTED = ("Ada", "Ben", "Cora", "Dov", "Edna")


def test_counties_elect_delegates_and_hear_what_all_decided(hall: Hall):
    kind = playbook_of("A11")
    for slug, name in COUNTIES.items():
        hall.body(slug, name, 12)
    congress = hall.body("congress", "Conservation Congress", kind="coalition", of=COUNTIES)
    known = {"decides": "delegates", "comes": "sent", "government": "answers", "lasts": "yearly"}
    assembly = hall.convened(
        hall.desk(congress), known, "A11", "Conservation Congress", "What do all our counties ask of the department?", 15, COUNTIES)
    for slug in COUNTIES:
        delegates = a_county_elects(hall, slug, kind)
        they_get_their_seats(hall, assembly, slug, delegates)
    roster = hall.desk(congress).get(f"{assembly}/participants").text
    assert "5 for each local assembly" in roster and len(re.findall("Ada of ", roster)) == 3
    shown = hall.desk(congress).get(assembly).text
    assert "Delegates hold reserved seats on the department&#39;s committees." in shown and "Department advisory committee" in shown
    vote = one_question_goes_to_every_county(hall, congress, kind)
    for slug in COUNTIES:
        page = hall.desk(slug).get(f"{vote}/results").text
        assert "36 of 36 voted" in page and "1 of 2 planks ratified" in page, "what all decided is read in each county"
    assert "Tell every place what became of its inputs" in hall.desk("alder").get(f"{assembly}/tasks").text


def a_county_elects(hall: Hall, slug: str, kind) -> list[str]:
    """Twelve residents, seven candidates, the five most approved."""
    rule = rule_of(kind.decisions[0], members_method="approval", members_options_en="\n".join(CANDIDATES), members_seats=str(kind.groups[0].count))
    vote = hall.opened(hall.desk(slug), rule, "Delegates", "The most approved are chosen: 5.")
    ballots = [{1: "1:1 2:1 3:1 4:1 5:1"}] * 8 + [{1: "1:1 6:1 7:1"}] * 4
    hall.cast(hall.letters(slug, vote), ballots)
    page, board = hall.counted(slug, vote)
    winners = [CANDIDATES[n - 1] for n in board["result"]["electorates"][0]["planks"][0]["winners"]]
    assert winners == list(ELECTED) and check_board(board).is_right and "Ada" in page
    return winners


def they_get_their_seats(hall: Hall, assembly: str, slug: str, delegates: list[str]) -> None:
    """The county says yes and names its delegates; it sees its own and no other county's."""
    desk = hall.desk(slug)
    hall.press(desk, f"{assembly}/partners", 'value="accepted"', answer="accepted", lead_name="The chair")
    for name in delegates:
        seat = {"shown_name": f"{name} of {COUNTIES[slug].split()[0]}", "role": "delegate", "votes": "", "once": f"{name}-{slug}"}
        assert desk.post(f"{assembly}/participants", data=seat).status_code == 303
    own = desk.get(f"{assembly}/participants").text
    assert set(re.findall(r"<strong>Ada of (\w+)", own)) == {COUNTIES[slug].split()[0]}


def one_question_goes_to_every_county(hall: Hall, congress: str, kind) -> str:
    """Inputs that came up stand on one questionnaire; residents of all counties vote on it the same days, in one count."""
    desk = hall.desk(congress)
    hall.edition(desk, "Questionnaire", ("No lead shot at the lakes", "A longer trout season"))
    vote = hall.opened(desk, rule_of(kind.decisions[1]), "Questionnaire", "A plank passes when at least half")
    for slug, ballots in zip(COUNTIES, (yes_no(10, 2, of=12), yes_no(7, 9, of=12), yes_no(5, 6, of=12)), strict=True):
        hall.cast(hall.letters(slug, vote), ballots)
    page, board = hall.counted(congress, vote)
    assert "1 of 2 planks ratified" in page and board["result"]["ratified"] == [1] and check_board(board).is_right, "22 and 17 of thirty-six"
    return vote
