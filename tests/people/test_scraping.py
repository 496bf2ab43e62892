"""P8: how much one volunteer's sign-in can take in a day, and how soon somebody is told."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.infra import db
from crm.infra.audit import Event
from crm.infra.db import new_id
from crm.kernel.phone import show_phone
from crm.people.models import Phone
from crm.people.rules.reveals import Limits, Opened, alarms, may_reveal
from tests.factories import MONDAY, make_person


@pytest.fixture
def southbank(world) -> int:
    return world.orgs["southbank"]


@pytest.fixture
def crowd(southbank) -> dict[int, list[str]]:
    """A hundred and twenty people with two numbers each."""
    numbers: dict[int, list[str]] = {}
    with db.transaction(southbank) as s:
        for n in range(120):
            id = make_person(southbank, f"Many{n}", "More")
            numbers[id] = [f"+1415555{2 * n + k:04d}" for k in (1000, 1001)]
            s.add_all(Phone(id=new_id(), org_id=southbank, person_id=id, e164=e164, kind="mobile") for e164 in numbers[id])
    return numbers


def alarms_told(southbank: int) -> list[tuple[str, int, float]]:
    """(why, number, minutes after the start)."""
    with db.reading(southbank) as s:
        found = s.scalars(select(Event).where(Event.verb == "reveals.alarm").order_by(Event.at, Event.id)).all()
        return [(event.after["why"], event.after["n"], (event.at - MONDAY).total_seconds() / 60) for event in found]


@pytest.mark.long
@pytest.mark.parametrize(("step", "most_minutes"), [(1, 1), (10, 330)])
def test_a_scrape_over_a_day_takes_few_numbers_and_is_told(signed_in, clock, crowd, southbank, step, most_minutes):
    """As fast as it goes, or one every few minutes under every limit: over midnight, through every page that shows people."""
    shown = {show_phone(e164): e164 for numbers in crowd.values() for e164 in numbers}
    seen: set[str] = set()
    left, vera, entered = list(crowd), signed_in("vera"), clock.now

    def look(address: str) -> None:
        page = vera.get(address).text
        seen.update(e164 for words, e164 in shown.items() if words in page or e164 in page)

    while clock.now < MONDAY + timedelta(hours=24):
        if clock.now > entered + timedelta(hours=1):
            vera, entered = signed_in("vera"), clock.now
            look("/people?q=Many")
        opened = vera.post(f"/people/{left[0]}/opening").status_code == 303
        if opened:
            look(f"/people/{left.pop(0)}")
        if not opened or step > 1:
            clock.move(minutes=step if opened else 10)
    told = alarms_told(southbank)
    assert 60 < len(seen) <= 100, "the control: the scrape does take numbers"
    assert told and told[0][2] <= most_minutes, told
    assert {why for why, _n, _at in told} >= ({"haste", "hour", "day"} if step == 1 else {"day"})


def test_administrators_see_it_on_their_first_page_and_say_when_they_looked(signed_in, world, crowd):
    vera, imani, omar = signed_in("vera"), signed_in("imani", org="southbank"), signed_in("omar")
    ids = list(crowd)
    for id in ids[:11]:
        vera.post(f"/people/{id}/opening")
    assert "unusually many" not in imani.get("/").text
    vera.post(f"/people/{ids[11]}/opening")
    page = imani.get("/").text
    assert "Vera opened unusually many people: 12 people in five minutes" in page
    assert "unusually many" not in omar.get("/").text and "unusually many" not in vera.get("/people").text
    page = imani.get("/people/opened").text
    [path] = re.findall(r'action="(/people/opened/alarms/\d+/seen)"', page)
    assert omar.post(path).status_code == 403 and vera.post(path).status_code == 403
    assert signed_in("dolores").post(path).status_code == 404
    assert imani.post(path, data={"once": "a"}).status_code == 303
    assert "unusually many" not in imani.get("/").text and "unusually many" not in imani.get("/people/opened").text
    for id in ids[12:24]:
        vera.post(f"/people/{id}/opening")
    page = imani.get("/").text
    assert "24 people in an hour" in page and "five minutes" not in page, "the same reason is told once a day, another at once"


def test_what_is_unusual_is_measured_by_their_own_days():
    assert "unusual" not in alarms(Opened(today=20), Limits(), [])
    assert "unusual" not in alarms(Opened(today=20), Limits(), [8, 9, 10])
    assert alarms(Opened(today=27), Limits(), [8, 9, 10])["unusual"] == 27
    assert "unusual" not in alarms(Opened(today=14), Limits(), [1, 1, 1]), "a few are never much"


def test_numbers_are_counted_apart_from_people():
    assert may_reveal(Opened(today=5, numbers=99), 1, Limits(), MONDAY) is None
    assert "99 numbers" in str(may_reveal(Opened(today=5, numbers=99), 2, Limits(), MONDAY))
    assert may_reveal(Opened(today=5, numbers=100), 0, Limits(), MONDAY) is None, "whose numbers are known brings no new one"
