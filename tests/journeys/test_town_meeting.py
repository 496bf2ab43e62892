"""A town meeting (A8), as in New England: residents are checked in at the door, a hand is doubted and counted, and the quorum is kept at each vote."""

import re

from tests.clients import form_of
from tests.journeys.halls import Hall


def test_residents_vote_by_hand_and_a_count_is_doubted(hall: Hall):
    hall.body("town", "Town of Harrow", 3)
    known = {"decides": "room", "comes": "residents", "government": "none", "lasts": "yearly"}
    meeting = hall.convened(hall.desk("town"), known, "A8", "Town meeting", "What does the town decide this year?", 60, day="2026-11-23", starts="18:00")
    hall.clock.move(hours=9)
    desk = hall.desk("town")
    door = a_door(desk, meeting)
    let_in(hall, door, range(41))
    ask(hall, desk, meeting, "Shall debate on the bridge end?", threshold="2/3", strictness="at_least", quorum="40")
    assert "The doors have let in 41." in desk.get(f"{meeting}/floor").text
    page = tell(hall, desk, meeting, way="count", yes="27", no="14", abstain="0", tellers="Ines and Marco")
    assert "41 in the room, by the door" in page and "Not carried" in page, "27 of 41 is less than two thirds"
    hall.press(desk, f"{meeting}/floor", "/settling")
    ask(hall, desk, meeting, "Shall the town fix the bridge?", threshold="1/2", strictness="more_than")
    tell(hall, desk, meeting, way="voice", declared="lost")
    hall.press(desk, f"{meeting}/floor", "/doubts", rose="7")
    assert "Carried" in tell(hall, desk, meeting, way="count", yes="21", no="19", abstain="1", tellers="Ines and Marco")
    hall.press(desk, f"{meeting}/floor", "/doubts", rose="11")
    page = tell(hall, desk, meeting, way="roll", yes="20", no="21", abstain="0", tellers="The clerk")
    assert "11 rose and doubted it." in page and "By roll call" in page
    hall.press(desk, f"{meeting}/floor", "/settling")
    people_go_home(hall, door, range(3))
    ask(hall, desk, meeting, "Shall the library open on Sundays?")
    page = tell(hall, desk, meeting, way="hands", declared="carried")
    assert "No quorum: nothing is decided" in page and "38 in the room, by the door" in page
    hall.press(desk, f"{meeting}/floor", "/settling")
    record = desk.get(f"{meeting}/floor").text.split("What was decided")[1]
    decided = re.findall(r"<strong>\d+\. (.*?)</strong>.*?data-s=\"(\w+)\">[^\n]*?</span></li>", record, re.S)
    assert [outcome for _title, outcome in decided] == ["wait", "no", "no"], "no quorum, not carried, not carried"


def a_door(desk, meeting: str) -> str:
    form = form_of(desk.get(f"{meeting}/door-links").text, "hours") | {"name": "Main door", "hours": "12"}
    page = desk.get(desk.post(f"{meeting}/door-links", data=form).location).text
    return re.search(r'href="http://localhost(/door/[^"]+)"', page)[1]


def let_in(hall: Hall, door: str, numbers, **more) -> None:
    """Residents whom the checkers found on the town's list; a tablet sends them all."""
    taps = [{"key": f"r{n}", "name": f"Resident {n}.", "at": hall.clock.now.isoformat()} | more for n in numbers]
    answer = hall.app.test_client().post(door + "/sync", json={"taps": taps})
    assert answer.status_code == 200, answer.text


def people_go_home(hall: Hall, door: str, numbers) -> None:
    let_in(hall, door, numbers, undone=True)


def ask(hall: Hall, desk, meeting: str, title: str, **rule: str) -> None:
    hall.press(desk, f"{meeting}/floor", 'name="title"', title=title, **rule)


def tell(hall: Hall, desk, meeting: str, **typed: str) -> str:
    return hall.press(desk, f"{meeting}/floor", 'name="way"', **typed)
