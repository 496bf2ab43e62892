"""Paper sheets: printed with QR codes, entered by two people, counted when both read the same."""

import pytest
from sqlalchemy import select

from crm.infra.db import session
from crm.turnout import rules
from crm.turnout.models import Attendance, PaperSheet, SheetEntry
from crm.turnout.rules import Reading
from tests.clients import form_of


@pytest.fixture
def sheet(signed_in, hall, say, as_org):
    """A printed sheet with four people: its address and the RSVPs by letter."""
    people = (("a", "mill", 0), ("b", "mill", 1), ("c", "arroyo", 2), ("d", "southbank", 3))
    ids = {letter: say(org, number, "yes", guests=number) for letter, org, number in people}
    say("mill", 5, "no")
    assert signed_in("omar").post(f"/assemblies/{hall.id}/sessions/{hall.session_id}/sheets").status_code == 303
    with as_org("southbank"):
        sheet_id = session().scalar(select(PaperSheet.id))
    return f"/assemblies/{hall.id}/sheets/{sheet_id}", ids


def enter(browser, address, here, written=()):
    """Posts the sheet as a browser does: ticks, guests, five written lines."""
    form = form_of(browser.get(address).text, "here")
    names, partners = [name for name, _ in written], [partner for _, partner in written]
    ticked = {f"guests-{id}": str(guests) for id, guests in here.items()}
    return browser.post(address, data={"once": form.get("once", ""), "here": list(here), "name": names, "partner": partners} | ticked)


def came(as_org):
    with as_org("southbank"):
        return dict(session().execute(select(Attendance.door_name, Attendance.guests).where(Attendance.undone_at.is_(None))).all())


def test_sheets_hold_everyone_who_may_come_once_and_print_with_qr(signed_in, hall, sheet, say, as_org):
    browser = signed_in("omar")
    page = browser.get(f"/assemblies/{hall.id}/sessions/{hall.session_id}/sheets").text
    assert page.count("pl-paper") == 1 and "Ana Q." in page and "Quintero" not in page and "QR code to enter this sheet" in page
    for number in range(6, 12):
        for org in ("mill", "arroyo", "southbank"):
            say(org, number, "yes")
    say("mill", 2, "yes")
    for _ in range(2):
        assert browser.post(f"/assemblies/{hall.id}/sessions/{hall.session_id}/sheets").status_code == 303
    with as_org("southbank"):
        sheets = session().scalars(select(PaperSheet).order_by(PaperSheet.number)).all()
        lines = [id for one in sheets for id in one.lines]
        assert [len(one.lines) for one in sheets] == [4, 19] and len(lines) == len(set(lines)) == 23


def test_two_readings_that_agree_count_once(signed_in, sheet, as_org, world):
    address, ids = sheet
    written = [("Pavel Dorn", world.orgs["mill"])]
    answer = enter(signed_in("omar"), address, {ids["a"]: 0, ids["c"]: 2}, written)
    assert answer.status_code == 303 and came(as_org) == {}, "one reading counts nothing"
    assert enter(signed_in("omar"), address, {ids["a"]: 0, ids["c"]: 2}, written).status_code == 303 and came(as_org) == {}, "nor the same person twice"
    page = signed_in("imani").get(address).text
    assert "One person has entered this sheet" in page and " checked>" not in page and "Pavel" not in page, "the second reads for themselves"
    assert enter(signed_in("imani"), address, {ids["a"]: 0, ids["c"]: 2}, [("pavel  dórn", world.orgs["mill"])]).status_code == 303
    assert {name.lower(): guests for name, guests in came(as_org).items()} == {"ana q.": 0, "carlos r.": 2, "pavel d.": 0}
    with as_org("southbank"):
        assert all(entry.written_in == [] for entry in session().scalars(select(SheetEntry)))
    assert signed_in("omar").post(address, data={"here": [ids["b"]]}).status_code == 422
    assert len(came(as_org)) == 3 and "Counted" in signed_in("omar").get(address).text


def test_where_they_differ_it_is_shown_and_counts_only_when_mended(signed_in, sheet, as_org, hall):
    address, ids = sheet
    enter(signed_in("omar"), address, {ids["a"]: 0, ids["b"]: 1})
    enter(signed_in("imani"), address, {ids["a"]: 0, ids["c"]: 2, ids["b"]: 3})
    assert came(as_org) == {}
    page = signed_in("imani").get(address).text
    assert page.count("Differs") == 2 and "here, 3 guests" in page and "not here" in page and "Omar" in page
    assert "2 lines differ" in signed_in("omar").get(f"/assemblies/{hall.id}/sheets").text
    enter(signed_in("omar"), address, {ids["a"]: 0, ids["b"]: 3, ids["c"]: 2})
    assert came(as_org) == {"Ana Q.": 0, "Beatriz O.": 3, "Carlos R.": 2}


def test_a_tablet_and_a_sheet_count_somebody_once(signed_in, client, sheet, as_org, door, hall, clock):
    address, ids = sheet
    tablet, _id = door()
    done = client.post(f"{tablet}/check-ins", data=form_of(client.get(f"{tablet}?q=ana").text, "rsvp_id") | {"rsvp_id": ids["a"], "guests": "0"})
    assert done.status_code == 303
    for who in ("omar", "imani"):
        enter(signed_in(who), address, {ids["a"]: 0, ids["b"]: 1})
    assert came(as_org) == {"Ana Q.": 0, "Beatriz O.": 1}


def test_what_cannot_be_is_refused_and_kept(signed_in, sheet, as_org):
    address, ids = sheet
    answer = enter(signed_in("omar"), address, {ids["a"]: 99, 12345: 0})
    assert answer.status_code == 422 and "not of this sheet" in answer.text and "0 to 20" in answer.text and " checked>" in answer.text
    with as_org("southbank"):
        assert not session().scalars(select(SheetEntry)).all()


def test_partners_and_strangers_find_no_sheets(signed_in, sheet, hall):
    address, _ids = sheet
    for who in ("dolores", "stranger"):
        for path in (address, f"/assemblies/{hall.id}/sheets", f"/assemblies/{hall.id}/sessions/{hall.session_id}/sheets"):
            assert signed_in(who).get(path).status_code == 404
        assert signed_in(who).post(address).status_code in (404, 422)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Reading({1: 0}), Reading({1: 0}), True),
        (Reading({1: 0}), Reading({1: 1}), False),
        (Reading({1: 0}), Reading({}), False),
        (Reading({}, [("Ana  Núñez", 7), ("B", 7)]), Reading({}, [("b", 7), ("ana nunez", 7)]), True),
        (Reading({}, [("Ana", 7)]), Reading({}, [("Ana", 8)]), False),
        (Reading(), Reading(), True),
    ],
)
def test_when_readings_agree(one, other, same):
    assert rules.agree(one, other) is rules.agree(other, one) is same
