"""A civic congress (A11), as in Wisconsin: counties elect five delegates each and send inputs up, the congress decides, results come back to each."""

import re

import pytest

from crm.assemblies.playbooks import playbook_of
from crm.ratification.verify import check_board
from tests.journeys.halls import Hall, rule_of, yes_no

VOTING = ("alder", "birch", "cedar")  # counties that hold their election by ballot here; the others raise hands
INPUTS = {"alder": ("No lead shot at the lakes", (41, 7)), "birch": ("A longer trout season", (22, 19)), "cedar": ("No lead shot at the lakes", (30, 2))}


def names_of(counties: int) -> dict[str, str]:
    found = {slug: f"{slug.title()} County Meeting" for slug in VOTING}
    return found | {f"county-{n}": f"County{n} Meeting" for n in range(len(found) + 1, counties + 1)}


@pytest.mark.long
@pytest.mark.timeout(1200)  # seventy-two counties meet, one after another
@pytest.mark.parametrize("counties", [3, 72])
def test_counties_elect_delegates_send_inputs_and_hear_what_was_decided(hall: Hall, counties: int):
    kind, names = playbook_of("A11"), names_of(counties)
    for slug, name in names.items():
        hall.body(slug, name, 12 if slug in VOTING else 6)
    hall.body("congress", "Conservation Congress", kind="coalition", of=names)
    known = {"decides": "delegates", "comes": "sent", "government": "answers", "lasts": "yearly"}
    congress = hall.convened(
        hall.desk("congress"), known, "A11", "Conservation Congress", "What do all our counties ask of the department?", 15, names)
    local = {slug: a_county_meets(hall, slug, name, congress) for slug, name in names.items()}
    seats_are_published(hall, congress, names)
    for slug in names:
        elected = a_county_elects(hall, slug, kind) if slug in VOTING else range(1, 6)
        they_are_named(hall, congress, slug, names[slug].split()[0], elected)
    inputs_go_up(hall, congress, local)
    the_congress_is_seated(hall, congress, counties)
    vote = the_delegates_decide(hall, congress, kind, counties)
    results_come_down(hall, congress, local, vote)
    one_question_goes_to_every_county(hall, kind)


def a_county_meets(hall: Hall, slug: str, name: str, congress: str) -> str:
    """A local assembly of the county's own, and part of the congress, to which it is invited."""
    desk = hall.desk(slug)
    known = {"decides": "room", "comes": "residents", "government": "none", "lasts": "yearly"}
    meeting = hall.convened(desk, known, "A8", name, "What do we send up?", 40)
    assert "This assembly is part of the larger one now." in hall.press(desk, f"{meeting}/federation", 'name="parent_id"', parent_id=congress.rsplit("/", 1)[1])
    return meeting


def seats_are_published(hall: Hall, congress: str, names: dict[str, str]) -> None:
    """The playbook's formula: five delegates and one alternate for each county, whatever its size."""
    desk, page = hall.desk("congress"), f"{congress}/delegations"
    hall.press(desk, page, 'name="basis"')
    assert "5 seats for each delegation. Alternates: 1 for each delegation." in hall.press(desk, page, "/delegations/numbers")
    shown = hall.press(desk, page, "/delegations/publication")
    assert f"<b>{5 * len(names)}</b><span>seats in all" in shown and all(f">{name}</a>" in shown for name in names.values())


def a_county_elects(hall: Hall, slug: str, kind) -> list[int]:
    """Twelve residents, seven candidates, the five most approved."""
    candidates = [f"{slug.title()} Seat {n:03d}" for n in range(1, 8)]
    rule = rule_of(kind.decisions[0], members_method="approval", members_options_en="\n".join(candidates), members_seats=str(kind.groups[0].count))
    vote = hall.opened(hall.desk(slug), rule, "Delegates", "The most approved are chosen: 5.")
    hall.cast(hall.letters(slug, vote), [{1: "1:1 2:1 3:1 4:1 5:1"}] * 8 + [{1: "1:1 6:1 7:1"}] * 4)
    page, board = hall.counted(slug, vote)
    winners = board["result"]["electorates"][0]["planks"][0]["winners"]
    assert winners == [1, 2, 3, 4, 5] and check_board(board).is_right and candidates[0] in page
    return winners


def they_are_named(hall: Hall, congress: str, slug: str, given: str, elected) -> None:
    """The county names whom it elected, and an alternate; it sees no other county's."""
    desk = hall.desk(slug)
    own = re.findall(rf'href="({congress}/delegations/\d+)"', desk.get(f"{congress}/delegations").text)
    assert len(own) == 1
    for n in (*elected, 6):
        kind = "alternate" if n == 6 else "delegate"
        page = hall.press(desk, f"{own[0]}?q=seat+{n:03d}", f"Name {given} Seat {n:03d} as {kind}", kind=kind)
    assert set(re.findall(r"<strong>(\w+) Seat \d+", page)) == {given}


def inputs_go_up(hall: Hall, congress: str, local: dict[str, str]) -> None:
    """Each carries the name of its place and its count."""
    for slug, (title, (yes, no)) in INPUTS.items():
        hall.press(hall.desk(slug), f"{local[slug]}/federation", 'name="from_id"', title=title, yes=str(yes), no=str(no), people=str(yes + no + 3))
    page = hall.desk("congress").get(f"{congress}/federation").text
    assert page.count("No lead shot at the lakes") == 2 and "Birch County Meeting: 22 in favor, 19 against, 0 abstained, 44 people there" in page


def the_congress_is_seated(hall: Hall, congress: str, counties: int) -> None:
    """Everybody named is credentialed; all but the last of Cedar sit, and there the alternate does."""
    desk, page = hall.desk("congress"), f"{congress}/credentials"
    assert f"{6 * counties} people credentialed" in hall.press(desk, page, "/credentials/certification")
    last = desk.get(page, query_string={"q": "cedar seat 005"}).text
    assert desk.post(re.search(rf'action="({page}/\d+/steps/give)"', last)[1]).status_code == 303
    while steps := re.findall(rf'action="({page}/\d+/steps/seat)"', desk.get(page, query_string={"state": "credentialed"}).text):
        for step in steps:
            assert desk.post(step).status_code == 303
    report = desk.get(f"{page}/report").text
    assert f"{5 * counties} seated, of whom 1 alternate." in report and "Quorum is met" in report


def the_delegates_decide(hall: Hall, congress: str, kind, counties: int) -> str:
    """One vote for each seat, open as the playbook says; more yes than no, and half of the seats must vote."""
    desk = hall.desk("congress")
    hall.edition(desk, "Resolutions", ("No lead shot at the lakes", "A longer trout season"))
    rule = rule_of(kind.decisions[2], members_roll=congress.rsplit("/", 1)[1], members_open="y")
    vote = hall.opened(desk, rule, "Resolutions", f"Whoever sits in a seat when it opens: now {5 * counties}.")
    nobody = hall.app.test_client()
    cast = 0
    for slug in ("alder", "birch", "cedar", *[f"county-{n}" for n in range(4, counties + 1)]):
        for token in hall.letters(slug, vote):
            hall.presses += 1
            answer = nobody.post(f"/v/{token}/open", data={"p1": "yes", "p2": "no" if slug != "birch" else "yes"}, csrf=False)
            assert answer.status_code == 200, answer.text
            cast += 1
    page, board = hall.counted("congress", vote)
    assert cast == 5 * counties and board["result"]["ratified"] == [1] and check_board(board).is_right and "1 of 2 planks ratified" in page
    assert board["electorates"][0]["kind"] == "delegates" and len(board["electorates"][0]["roll"]) == cast
    return vote


def results_come_down(hall: Hall, congress: str, local: dict[str, str], vote: str) -> None:
    desk = hall.desk("congress")
    answers = {"No lead shot at the lakes": ("adopted", ""), "A longer trout season": ("rejected", "Ten counties fear for the brood")}
    page = desk.get(f"{congress}/federation").text
    for address, title in re.findall(rf'href="({congress}/inputs/\d+)"><strong>(.*?)</strong>', page):
        state, answer = answers[title]
        hall.press(desk, address, 'name="state"', state=state, answer=answer)
    for slug in VOTING:
        told = hall.desk(slug).get(f"{local[slug]}/federation").text
        assert ("Adopted" in told) == (slug != "birch") and ("Ten counties fear for the brood" in told) == (slug == "birch")
        assert "1 of 2 planks ratified" in hall.desk(slug).get(f"{vote}/results").text
        assert "Tell every place what became of its inputs" in hall.desk(slug).get(f"{congress}/tasks").text


def one_question_goes_to_every_county(hall: Hall, kind) -> None:
    """What the congress leaves open stands on one questionnaire; residents of all counties vote on it the same days, in one count."""
    desk = hall.desk("congress")
    hall.edition(desk, "Questionnaire", ("Wolves", "Cranes"))
    vote = hall.opened(desk, rule_of(kind.decisions[1]), "Questionnaire", "A plank passes when more than half")
    for slug, ballots in zip(VOTING, (yes_no(10, 2, of=12), yes_no(7, 9, of=12), yes_no(5, 6, of=12)), strict=True):
        hall.cast(hall.letters(slug, vote), ballots)
    page, board = hall.counted("congress", vote)
    assert "1 of 2 planks ratified" in page and board["result"]["ratified"] == [1] and check_board(board).is_right, "22 and 17 of thirty-six"
    for slug in VOTING:
        assert "1 of 2 planks ratified" in hall.desk(slug).get(f"{vote}/results").text, "what all decided is read in each county"
