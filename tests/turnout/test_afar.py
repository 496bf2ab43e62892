"""Taking part from afar: the link is on a member's own page and in their own calendar file, where the public page shows it; in no public file."""

import re

import pytest
from sqlalchemy import select

from crm.assemblies.models import Assembly, AssemblyAddress, AssemblySession
from crm.infra.db import session, transaction
from crm.turnout import actions
from tests.factories import MONDAY

LINK = "https://meet.example/common-table?room=a,b;c"


@pytest.fixture
def own(acting, say, clock):
    """own("mill") → the address of a member's own page."""

    def make(org="mill", word="yes"):
        rsvp_id = say(org, 0, word)
        with acting(org) as actor:
            return actions.pass_link(actor, rsvp_id, now=clock.now).removeprefix("http://localhost")

    return make


@pytest.fixture
def change(world, hall):
    """Changes the session and the assembly; returns the addresses of the public page and its calendar file."""

    def make(state="announced", **facts):
        org = world.orgs["southbank"]
        with transaction(org):
            sitting, assembly = session().get_one(AssemblySession, hall.session_id), session().get_one(Assembly, hall.id)
            for name, value in facts.items():
                setattr(sitting, name, value)
            assembly.state = state
            assembly.finished_at = MONDAY if state == "finished" else None
            assembly.cancelled_at, assembly.cancelled_because = (MONDAY, "Flood") if state == "cancelled" else (None, "")
            session().merge(AssemblyAddress(slug=assembly.slug, org_id=org, assembly_id=hall.id))
            return f"/a/{assembly.slug}"

    return make


def unfolded(answer):
    """The lines of a calendar file as they were before they were folded."""
    assert answer.status_code == 200 and answer.mimetype == "text/calendar" and answer.headers["Cache-Control"] == "no-store"
    assert all(len(line.encode()) <= 75 for line in answer.data.decode().split("\r\n"))
    return answer.text.replace("\r\n ", "").split("\r\n")


def test_the_own_page_and_file_have_the_link_and_no_public_file_has(client, own, change):
    public = change(online=LINK)
    page = client.get(own()).text
    assert page.count(f'href="{LINK}"') == 1 and f'href="{LINK}"' in client.get(public).text
    address = re.search(r'href="(/me/[\w-]+/calendar\.ics)', page)[1]
    lines = unfolded(client.get(address + "?lang=en"))
    assert f'CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL="Take part from afar":{LINK}' in lines
    assert "DESCRIPTION:Take part from afar: " + LINK.replace(",", "\\,").replace(";", "\\;") in lines
    everybody = client.get(public + ".ics")
    assert "meet.example" not in everybody.text and "CONFERENCE" not in everybody.text
    numbers = [[line for line in unfolded(answer) if line.startswith("UID:")] for answer in (client.get(address), everybody)]
    assert numbers[0] == numbers[1] != [], "a phone that has the public file keeps one entry"
    assert not [line for line in lines if "/me/" in line], "the page of one's own stays out of a calendar, which others may see"


def test_in_the_reader_s_language_and_again_without_change(client, own, change, as_org):
    change(online=LINK)
    address = own()
    english, spanish = (unfolded(client.get(f"{address}/calendar.ics?lang={tag}")) for tag in ("en", "es"))
    assert any("Take part from afar" in line for line in english) and not any("Take part from afar" in line for line in spanish)
    assert client.get(f"{address}/calendar.ics").data == client.get(f"{address}/calendar.ics").data
    assert client.get(address[:-2] + "zz/calendar.ics").status_code == 404


@pytest.mark.parametrize("org", ["southbank", "mill"])
@pytest.mark.parametrize("closed", [["official"], ["staff"]])
def test_where_somebody_is_asked_to_leave_the_link_is_on_no_page_and_in_no_file(client, own, change, org, closed):
    public = change(online=LINK, closed_to=closed)
    address = own(org)
    for page in (public, public + ".ics", address, address + "/calendar.ics"):
        answer = client.get(page)
        assert answer.status_code == 200 and "meet.example" not in answer.text, page


@pytest.mark.parametrize("state", ["finished", "cancelled"])
def test_when_it_is_over_or_off_nobody_is_sent_there(client, own, change, state):
    address = own()
    change(state, online=LINK)
    file = client.get(address + "/calendar.ics")
    assert "meet.example" not in client.get(address).text and "meet.example" not in file.text
    assert ("STATUS:CANCELLED" in file.text) is (state == "cancelled")


def test_several_sessions_are_told_apart_and_one_that_is_over_is_left_out(client, own, change, hall, world, clock, as_org):
    change(online=LINK)
    with transaction(world.orgs["southbank"]):
        first = session().get_one(AssemblySession, hall.session_id)
        facts = {"org_id": first.org_id, "assembly_id": hall.id, "day": first.day, "starts": first.starts, "ends": first.ends, "place": ""}
        later, before = first.ends_at, clock.now.replace(hour=1)
        for title, begins, link in (("Evening", later, LINK + "2"), ("Before", before, LINK + "0"), ("In the room only", later, "")):
            session().add(AssemblySession(title={"en": title}, starts_at=begins, ends_at=begins.replace(hour=begins.hour + 1), online=link, **facts))
    page = client.get(own() + "?lang=en").text
    assert page.count("Take part from afar") == 2 and "Evening, " in page and "Before, " not in page and "In the room only" not in page
    with as_org("arroyo"):
        assert session().scalar(select(AssemblySession.online).where(AssemblySession.id == hall.session_id)) == LINK, "partners' members read it too"
