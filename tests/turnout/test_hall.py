"""The kiosk, where people check themselves in, and the wall of the hall."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from crm.assemblies.models import AgendaItem, Assembly
from crm.infra.db import session
from crm.turnout import actions, queries, rules
from crm.turnout.models import Attendance, Rsvp, WalkIn
from crm.turnout.queries import door_links
from crm.turnout.queries import hall as on_the_wall
from tests.clients import form_of


@pytest.fixture
def open_link(acting, hall, clock):
    """open_link("kiosk") → the address of a fresh link of that kind, and the door's id."""

    def make(kind):
        with acting("southbank") as actor:
            id = actions.open_door(actor, hall.id, hall.session_id, name="", hours=72, kind=kind, now=clock.now)
            return next(url for one, url in door_links(actor, hall.id, clock.now) if one.id == id).removeprefix("http://localhost"), id

    return make


def there(as_org):
    with as_org("southbank"):
        return session().scalar(select(func.count()).select_from(Attendance).where(Attendance.undone_at.is_(None)))


def code_of(as_org, rsvp_id):
    with as_org("southbank"):
        return session().scalar(select(Rsvp.code).where(Rsvp.id == rsvp_id))


def test_people_check_themselves_in_and_see_nobody_else(client, open_link, say, as_org, hall):
    rsvp_id, other = say("mill", 0, "yes", guests=1), say("southbank", 1, "yes")
    code = code_of(as_org, rsvp_id)
    address, _id = open_link("kiosk")
    page = client.get(address).text
    for name in ("Ana", "Beatriz", code_of(as_org, other)):
        assert name not in page
    form = form_of(page, "code")
    assert client.post(f"{address}/check-ins", data=form | {"code": rules.show_code(code).lower()}).status_code == 303
    assert "You are checked in. Welcome, Ana Q.!" in client.get(address).text and "Ana" not in client.get(address).text
    assert client.post(f"{address}/check-ins", data=form_of(client.get(address).text, "code") | {"code": f"PLENARY:{code}"}).status_code == 303
    assert "checked in already" in client.get(address).text
    assert there(as_org) == 1
    with as_org("southbank"):
        assert session().scalar(select(Attendance.guests)) == 1


def test_in_the_street_a_name_is_enough(client, open_link, hall, acting, signed_in, as_org):
    """A4: nobody was sent a pass, so the kiosk asks for a name first, and in the language of the page."""
    address, _id = open_link("kiosk")
    page = client.get(address).text
    assert page.index('name="code"') < page.index('name="name"'), "elsewhere people hold a code"
    with acting("southbank"):
        session().execute(update(Assembly).where(Assembly.id == hall.id).values(kind="A4"))
    page = client.get(f"{address}?lang=es").text
    assert page.index('name="name"') < page.index('name="code"') and 'value="es" selected' in re.sub(r'selected value="es"', 'value="es" selected', page)
    assert "estás de acuerdo" not in page and "Solo si está de acuerdo" in page
    refused = client.post(f"{address}/walk-ins?lang=es", data=form_of(page, "name") | {"name": ""})
    assert refused.status_code == 422 and f"{address}/walk-ins?lang=en" not in refused.text, "an address that opens nothing is not offered"
    assert client.post(f"{address}/walk-ins?lang=es", data=form_of(page, "name") | {"name": "Ñandú 😀 López"}).status_code == 303
    assert there(as_org) == 1
    links = signed_in("omar").get(f"/assemblies/{hall.id}/door-links").text
    assert "just their name" in links and links.index("no-print") < links.index('name="kind"'), "who never saw it can know; on paper only the codes"


def test_a_wrong_code_says_what_to_do_and_a_name_finds_nobody(client, open_link, say, as_org):
    say("mill", 0, "yes")
    address, _id = open_link("kiosk")
    for typed, words in (("Ana Quintero", "9 letters"), (rules.code_of(77), "go to a volunteer"), ("K7QX29PM0", "typing mistake")):
        answer = client.post(f"{address}/check-ins", data={"code": typed})
        assert answer.status_code == 422 and words in answer.text and "Ana Q." not in answer.text
    assert there(as_org) == 0


def test_somebody_without_a_code_signs_in(client, open_link, as_org, world, run_jobs, clock):
    address, _id = open_link("kiosk")
    form = form_of(client.get(address).text, "has_consented") | {"name": "Pavel Dorn", "partner_id": world.orgs["mill"], "needs": "a headset"}
    assert client.post(f"{address}/walk-ins", data=form).status_code == 303
    assert client.post(f"{address}/walk-ins", data=form).status_code == 303, "the same press twice"
    assert "Welcome, Pavel D." in client.get(address).text and there(as_org) == 1
    with as_org("mill"):
        assert session().scalar(select(WalkIn.needs)) == "a headset"
    refused = client.post(f"{address}/walk-ins", data=form | {"name": "", "once": "other"})
    assert refused.status_code == 422 and "Write a first name." in refused.text


def test_each_link_opens_only_what_it_is_for_and_closes(client, open_link, acting, clock):
    kiosk, kiosk_id = open_link("kiosk")
    wall, _id = open_link("hall")
    token = kiosk.rsplit("/", 1)[1]
    for other in (f"/door/{token}", f"/hall/{token}", f"/door/{token}/roster", wall.replace("hall", "kiosk")):
        assert client.get(other).status_code == 404
    with acting("southbank") as actor:
        actions.close_door(actor, kiosk_id, now=clock.now)
    assert client.get(kiosk).status_code == 404 and client.post(f"{kiosk}/check-ins", data={"code": "x"}).status_code == 404


def test_the_wall_counts_and_shows_the_program_and_the_way_in(client, open_link, say, as_org, hall, acting, clock):
    with acting("southbank") as actor:
        for place, (title, minutes) in enumerate((("Opening", 30), ("Tables", 60))):
            session().add(AgendaItem(org_id=actor.org_id, assembly_id=hall.id, session_id=hall.session_id, position=place, minutes=minutes,
                                     title={"en": title, "es": "Apertura" if title == "Opening" else "Mesas"}))
    say("mill", 0, "yes", guests=2)
    clock.move(days=11)
    kiosk, _id = open_link("kiosk")
    wall, _id = open_link("hall")
    assert "December 5, 10:00 am" in client.get(wall).text and kiosk not in client.get(wall).text
    clock.now = hall.starts_at - timedelta(minutes=20)
    assert "We begin at 10:00 am" in client.get(wall).text
    clock.now = hall.starts_at + timedelta(minutes=40)
    with as_org("southbank"):
        code = session().scalar(select(Rsvp.code))
    assert client.post(f"{kiosk}/check-ins", data=form_of(client.get(kiosk).text, "code") | {"code": code}).status_code == 303
    page = client.get(wall).text
    assert ">3<" in page and "3 came in the last 5 minutes" in page and "Tables" in page and "Mesas" in page and "Opening" not in page
    assert "Ana" not in page and "Check in with your phone" in page
    before = there(as_org)
    client.get(wall)
    assert there(as_org) == before


def test_the_wall_takes_the_same_queries_however_many_came(client, open_link, say, as_org, hall, clock, count_queries):
    clock.move(days=11)
    wall, _id = open_link("hall")
    client.get(wall)
    with count_queries() as few:
        client.get(wall)
    kiosk, _id = open_link("kiosk")
    for number in range(6):
        code = code_of(as_org, say("mill", number, "yes"))
        client.post(f"{kiosk}/check-ins", data=form_of(client.get(kiosk).text, "code") | {"code": code})
    with count_queries() as many:
        client.get(wall)
    assert len(many) == len(few)


def test_links_of_three_kinds_are_made_in_the_browser(signed_in, client, hall):
    browser, address = signed_in("omar"), f"/assemblies/{hall.id}/door-links"
    for kind in ("kiosk", "hall"):
        form = form_of(browser.get(address).text, "hours") | {"kind": kind, "name": f"My {kind}"}
        assert browser.post(address, data=form).status_code == 303
    page = browser.get(address).text
    assert "http://localhost/kiosk/" in page and "http://localhost/hall/" in page
    refused = browser.post(address, data=form_of(page, "hours") | {"kind": "window"})
    assert refused.status_code == 422


def test_an_open_vote_stands_on_the_wall(client, open_link, hall, clock, monkeypatch):
    """What the room of votes tells (its own test is in ratification) is shown with its turnout only where there is one."""
    told = [queries.VoteOnTheWall({"en": "The platform", "es": "La plataforma"}, clock.now + timedelta(days=12), 31, 120),
            queries.VoteOnTheWall({"en": "The other"}, clock.now + timedelta(days=12))]
    monkeypatch.setattr(on_the_wall, "VOTES_ON_THE_WALL", [lambda now: told])
    page = client.get(open_link("hall")[0]).text
    assert "La plataforma" in page and "<b>31</b> of 120 have voted" in page and page.count("have voted") == 1 and "The other" in page
