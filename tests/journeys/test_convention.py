"""A convention of delegates (A3), as a membership organization holds it: one delegate for each seventy-five members, alternates, reserved seats,
credentials with a challenge, alternates seated, a report with its quorum, and votes of whoever sits in the seats."""

import re

import pytest

from crm.assemblies.playbooks import playbook_of
from crm.ratification.verify import check_board
from tests.clients import form_of
from tests.journeys.halls import Hall, rule_of

CHAPTERS = {"bay": ("Bay Chapter", 24), "lake": ("Lake Chapter", 12), "mesa": ("Mesa Chapter", 80)}
COUNTED = {"bay": "1130", "lake": "530"}  # Mesa counts its own
SEATS = {"bay": 15, "lake": 9, "mesa": 1}
ALTERNATES = {"bay": 2, "lake": 1, "mesa": 0}  # named, of those that the formula gives
LEADERS = ("Ada", "Ben", "Cora", "Dov", "Edna")


@pytest.mark.long
def test_a_convention_seats_its_delegates_and_they_decide(hall: Hall):
    for slug, (name, people) in CHAPTERS.items():
        hall.body(slug, name, people, kind="base_building")
    hall.body("union", "Union of Chapters", kind="coalition", of=CHAPTERS)
    known = {"decides": "members", "comes": "sent", "government": "none", "lasts": "yearly"}
    assembly = hall.convened(hall.desk("union"), known, "A3", "Convention", "Who leads us, and what do we resolve?", 25, CHAPTERS)
    seats_by_the_formula(hall, assembly)
    for slug in CHAPTERS:
        they_name_their_people(hall, assembly, slug)
    the_desk_seats_them(hall, assembly)
    leaders_are_elected_by_the_seats(hall, assembly)
    a_resolution_is_carried_by_mandates(hall, assembly)


def seats_by_the_formula(hall: Hall, assembly: str) -> None:
    """1,130 members give fifteen seats and 530 give seven, with two more reserved; eighty give one."""
    desk, page = hall.desk("union"), f"{assembly}/delegations"
    for slug in CHAPTERS:
        hall.press(hall.desk(slug), f"{assembly}/partners", 'value="accepted"', answer="accepted", lead_name="")
    hall.press(desk, page, 'name="basis"', reserved_for="young members", counted_on="2026-11-20")
    assert "Told to the convener: 80." in hall.press(hall.desk("mesa"), page, "/delegations/count")
    typed = {f"n{hall.orgs[slug]}-0": n for slug, n in COUNTED.items()} | {f"r{hall.orgs['lake']}-0": "2"}
    hall.press(desk, page, "/delegations/numbers", **typed)
    shown = hall.press(desk, page, "/delegations/publication")
    for words in ("1,130, one seat for each 75: 15, and 5 left over, rounded down: 15.", "530, one seat for each 75: 7, and 5 left over, rounded down: 7.",
                  "Reserved seats beside them: 2, together 9.", "80, one seat for each 75: 1, and 5 left over, rounded down: 1.",
                  "The organization counted its members itself.", "<b>25</b><span>seats in all"):
        assert words in shown


def they_name_their_people(hall: Hall, assembly: str, slug: str) -> None:
    """Each chapter finds its own people by name, and sees no delegation but its own."""
    desk = hall.desk(slug)
    own = re.findall(rf'href="({assembly}/delegations/\d+)"', desk.get(f"{assembly}/delegations").text)
    assert len(own) == 1
    given = CHAPTERS[slug][0].split()[0]
    for n in range(1, SEATS[slug] + ALTERNATES[slug] + 1):
        kind = "delegate" if n <= SEATS[slug] else "alternate"
        page = hall.press(desk, f"{own[0]}?q=seat+{n:03d}", f"Name {given} Seat {n:03d} as {kind}", kind=kind)
    assert f"<strong>{given} Seat 001</strong>" in page and ("reserved" in page) == (slug == "lake")


def beside(html: str, who: str) -> str:
    return next(one for one in html.split('<li class="pl-item')[1:] if f"<strong>{who}</strong>" in one)


def at_desk(hall: Hall, assembly: str, who: str, step: str, **typed: str) -> str:
    """Presses a button beside a name at the credentials desk; the page that follows."""
    desk = hall.desk("union")
    item = beside(desk.get(f"{assembly}/credentials", query_string={"q": who}).text, who)
    form = next(one for one in re.findall(r"<form\b.*?</form>", item, re.S) if f'/steps/{step}"' in one)
    answer = desk.post(re.search(r'action="([^"]*)"', form)[1], data=form_of(form) | typed)
    assert answer.status_code == 303, answer.text
    return desk.get(answer.location).text


def the_desk_seats_them(hall: Hall, assembly: str) -> None:
    desk, page = hall.desk("union"), f"{assembly}/credentials"
    assert "28 people credentialed" in hall.press(desk, page, "/credentials/certification")
    brought = {"about_id": str(hall.orgs["bay"]), "kind": "delegate", "rank": "3", "reason": "She joined another chapter in May"}
    hall.press(hall.desk("lake"), f"{assembly}/delegations", 'name="about_id"', **brought)
    hall.press(desk, page, "/open")
    challenge = re.search(rf'action="({assembly}/challenges/\d+)/dismissed"', desk.get(page).text)[1]
    assert desk.post(challenge + "/upheld", data={"reason": "Her dues go to the other chapter"}).status_code == 303
    assert "Bay Seat 016 takes the seat" in at_desk(hall, assembly, "Bay Seat 001", "seat")
    for slug, n in ((slug, n) for slug, seats in SEATS.items() for n in range(1, seats + 1) if (slug, n) not in (("bay", 1), ("bay", 3), ("lake", 9))):
        at_desk(hall, assembly, f"{CHAPTERS[slug][0].split()[0]} Seat {n:03d}", "seat")
    assert "Replaced" not in beside(at_desk(hall, assembly, "Bay Seat 003", "give"), "Bay Seat 003"), "who was refused stays refused"
    report = hall.desk("union").get(f"{page}/report").text
    assert "25 seats; 25 delegates named; 25 seats credentialed; 24 seated, of whom 1 alternate." in report
    assert "Quorum is met: 24 seated, 13 needed, which is 1/2 of 25." in report
    assert "She joined another chapter in May" in report and "Her dues go to the other chapter" in report
    at_desk(hall, assembly, "Lake Seat 009", "give")
    report = desk.get(f"{page}/report").text
    assert "25 seated, of whom 2 alternates." in report and report.count("went to an alternate") == 2


def leaders_are_elected_by_the_seats(hall: Hall, assembly: str) -> None:
    """The roll is who sits when the vote opens: one ballot for each seat, also for the two alternates, none for whom they replace."""
    desk, kind = hall.desk("union"), playbook_of("A3")
    begun = form_of(desk.get("/votes/new", query_string={"assembly": assembly.rsplit("/", 1)[1]}).text, 'name="members_roll"')
    assert begun["members_roll"] == assembly.rsplit("/", 1)[1] and begun["members_method"] == "stv-scottish" and begun["members_quorum"] == "1/2"
    options = {"members_method": "stv-scottish", "members_options_en": "\n".join(LEADERS), "members_seats": "2"}
    rule = rule_of(kind.decisions[0], members_roll=begun["members_roll"], **options)
    vote = hall.opened(desk, rule, "Leaders", "Whoever sits in a seat when it opens: now 25.")
    at_desk(hall, assembly, "Lake Seat 009", "return")  # too late for this vote, and nobody votes twice
    tokens = {slug: hall.letters(slug, vote) for slug in CHAPTERS}
    assert {slug: len(found) for slug, found in tokens.items()} == SEATS
    bay = hall.desk("bay")
    printed = bay.post(f"{vote}/letters", data=form_of(bay.get(f"{vote}/letters").text, "letters")).text
    assert "Bay Seat 016" in printed and "Bay Seat 003" not in printed and "Bay Seat 017" not in printed
    tokens["bay"] = list(dict.fromkeys(re.findall(r"http://localhost/v/([\w-]{22})", printed)))
    everyone = [token for found in tokens.values() for token in found]
    hall.cast(everyone, [{1: "1:1 2:2 3:3"}] * 12 + [{1: "2:1 1:2"}] * 9 + [{1: "3:1 1:2"}] * 4)
    page, board = hall.counted("union", vote)
    assert "25 of 25 voted" in page and "delegates could vote" in page and check_board(board).is_right
    counted = board["result"]["electorates"][0]
    assert counted["kind"] == "delegates" and counted["roll"] == 25 and counted["planks"][0]["winners"] == [1, 2]
    assert "25 of 25 voted" in hall.desk("mesa").get(f"{vote}/results").text


def a_resolution_is_carried_by_mandates(hall: Hall, assembly: str) -> None:
    """A roll call weighted by membership: as many mandates as seats, whole ones, and a delegation of fifteen says ten yes and five no in one go."""
    desk = hall.desk("union")
    hall.edition(desk, "Resolutions", ("Strike fund",))
    rule = {"organizations": "y", "organizations_quorum": "1/2", "organizations_threshold": "2/3", "title_en": "Resolutions", "title_es": "Resoluciones"}
    hall.press(desk, "/votes/new", "members_quorum", ("members",), **rule)
    before = hall.here
    rule_page = re.search(r'href="(/votes/\d+/rules/\d+)"', desk.get(before).text)[1]
    asked = {"mandates_of": assembly.rsplit("/", 1)[1], "quorum_organizations": "2", "threshold_2": "1/2", "strictness_2": "more_than", "basis_2": "roll"}
    check = hall.press(desk, rule_page, 'name="mandates_of"', **asked)
    for words in ("Counted in mandates, 25 in all", "at least 2 organizations", "More than half of the whole roll must vote yes as well."):
        assert words in check
    hall.press(desk, before, "once")
    hall.run_jobs()
    vote = before.removesuffix("/opening")
    said = {"bay": {"m1.yes": "10", "m1.no": "5"}, "lake": {"p1": "yes"}}
    wrong = hall.desk("bay")
    page = form_of(wrong.get(f"{vote}/organization-vote").text, "Cast the organization")
    refused = wrong.post(f"{vote}/organization-vote", data=page | {"m1.yes": "10", "m1.no": "4"})
    assert refused.status_code == 422 and "the numbers add up to 14, and your organization has 15 mandates" in refused.text and 'value="10"' in refused.text
    half = wrong.post(f"{vote}/organization-vote", data=page | {"m1.yes": "7.5", "m1.no": "7.5", "once": "half"})
    assert half.status_code == 422 and "in whole numbers" in half.text and 'value="7.5"' in half.text
    for slug, fields in said.items():
        shown = hall.press(hall.desk(slug), f"{vote}/organization-vote", "Cast the organization", **fields)
        assert ("10 yes, 5 no" in shown) == (slug == "bay") or slug == "lake"
    assert 'value="10"' in hall.desk("bay").get(f"{vote}/organization-vote").text, "a split is shown again"
    page, board = hall.counted("union", vote)
    assert check_board(board).is_right and board["result"]["ratified"] == [1]
    assert "2 of 3 organizations voted, with 24 of 25 mandates. The quorum was 13 mandates." in page and "10 yes, 5 no" in page
    assert "Yes has 19: enough." in page and "On the roll: 25. 1/2 of 25 is 12 1/2." in page and "24 is 16" in page
