"""The board, calls, supports and the member's page through HTTP."""

import pytest
from sqlalchemy import select

from crm.infra.audit import Event
from crm.infra.db import session
from crm.people import queries as people_queries
from crm.turnout import actions, queries
from crm.turnout.models import Pledge, Rsvp, Support
from tests.clients import form_of, place_of


def test_the_board_shows_the_thermometer_and_takes_a_pledge(signed_in, as_org, world, hall, say):
    say("southbank", 0, "yes", guests=1, childcare=2)
    say("mill", 0, "confirm")
    browser = signed_in("omar")
    page = browser.get(f"/assemblies/{hall.id}/turnout").text
    assert (
        "Mill District Workers Center" in page
        and "Call 1 person" in page
        and "Childcare" in page
        and "2 children" in page
    )
    form = form_of(page, "promised") | {"partner_id": world.orgs["mill"], "promised": "60", "lead_name": "Samir Haddad"}
    first = browser.post(f"/assemblies/{hall.id}/pledges", data=form)
    again = browser.post(f"/assemblies/{hall.id}/pledges", data=form)
    assert first.status_code == again.status_code == 303
    with as_org("mill"):
        assert [(row.promised, row.lead_name) for row in session().scalars(select(Pledge))] == [(60, "Samir Haddad")]
    assert place_of(browser, first) == "pledges" and "Samir Haddad" in browser.get(first.location).text


def test_a_pledge_says_all_that_is_wrong_and_keeps_what_was_typed(signed_in, hall, world):
    answer = signed_in("omar").post(
        f"/assemblies/{hall.id}/pledges",
        data={"partner_id": world.orgs["mill"], "promised": "many", "lead_name": "Xiomara"},
    )
    assert answer.status_code == 422 and "Write this as a number." in answer.text and 'value="Xiomara"' in answer.text
    answer = signed_in("omar").post(
        f"/assemblies/{hall.id}/pledges", data={"partner_id": world.orgs["mill"], "promised": "", "lead_name": ""}
    )
    assert answer.status_code == 422 and "like 40" in answer.text and "Write who leads" in answer.text


def test_a_partner_pledges_for_itself_only(signed_in, hall, world, as_org):
    browser = signed_in("dolores")
    page = browser.get(f"/assemblies/{hall.id}/turnout").text
    assert "Casa Arroyo" not in page and "see your own organization" in page
    refused = browser.post(
        f"/assemblies/{hall.id}/pledges", data={"partner_id": world.orgs["arroyo"], "promised": "5", "lead_name": "X"}
    )
    assert refused.status_code == 422
    done = browser.post(
        f"/assemblies/{hall.id}/pledges",
        data={"partner_id": world.orgs["mill"], "promised": "5", "lead_name": "Dolores"},
    )
    assert done.status_code == 303
    with as_org("southbank"):
        assert session().scalar(select(Pledge.promised)) == 5


def test_calls_are_own_people_only_and_numbers_follow_the_role(signed_in, hall, say, world):
    say("southbank", 0, "yes", ride=1)
    say("mill", 1, "yes")
    shown = world.phones[world.people["southbank"][0]]
    page = signed_in("omar").get(f"/assemblies/{hall.id}/calls").text
    assert "Ana Quintero" in page and f"{shown[2:5]}-{shown[5:8]}-{shown[8:]}" in page and "Beatriz" not in page
    page = signed_in("vera").get(f"/assemblies/{hall.id}/calls").text
    assert "Ana Q." in page and "Quintero" not in page and shown[-4:] not in page and "•••-•••-••" in page
    assert "Confirmed</button>" not in signed_in("rita").get(f"/assemblies/{hall.id}/calls").text
    sheet = signed_in("omar").get(f"/assemblies/{hall.id}/call-sheet").text
    assert "Ana Quintero" in sheet and "Rides 1" in sheet


def test_a_call_confirms_with_one_button(signed_in, as_org, hall, say, world):
    rsvp_id = say("southbank", 0, "yes")
    browser = signed_in("omar")
    done = browser.post(f"/assemblies/{hall.id}/calls/{rsvp_id}/answer?state=yes", data={"word": "confirmed"})
    assert done.status_code == 303 and done.location.endswith("calls?state=yes")
    with as_org("southbank"):
        assert session().scalar(select(Rsvp.state)) == "confirmed"
        assert "rsvp.confirmed" in set(
            session().scalars(select(Event.verb).where(Event.person_id == world.people["southbank"][0]))
        )
    assert "Everyone who said yes has confirmed." in browser.get(done.location).text


def test_an_answer_in_full(signed_in, as_org, hall, world):
    person_id = world.people["southbank"][2]
    browser, address = signed_in("omar"), f"/assemblies/{hall.id}/people/{world.people['southbank'][2]}/answer"
    form = form_of(browser.get(address).text, "guests")
    wrong = browser.post(address, data=form | {"word": "yes", "guests": "50", "children_small": "lots"})
    assert wrong.status_code == 422
    done = browser.post(address, data=form | {"word": "yes", "guests": "2", "children_unknown": "2", "detail": "4 and 7"})
    assert done.status_code == 303
    with as_org("southbank"):
        rsvp = session().scalar(select(Rsvp).where(Rsvp.person_id == person_id))
        wish = session().scalar(select(Support))
        assert (rsvp.state, rsvp.guests, rsvp.source, wish.quantity, wish.detail) == ("yes", 2, "staff", 2, "4 and 7")
    page = browser.get(address).text
    assert 'value="2"' in page


def test_supports_are_ticked_by_the_convener(signed_in, as_org, hall, say):
    say("mill", 0, "yes", childcare=14)
    browser = signed_in("omar")
    page = browser.get(f"/assemblies/{hall.id}/supports?kind=childcare").text
    assert "14 children" in page and "Ana Q." in page and "Quintero" not in page
    with as_org("mill"):
        wish = session().scalar(select(Support.id))
    for state, word in (("planned", "Covered"), ("delivered", "14 delivered"), ("asked", "Not planned yet")):
        done = browser.post(f"/assemblies/{hall.id}/supports/{wish}/state?kind=childcare", data={"state": state})
        assert word in browser.get(done.location).text
    assert (
        signed_in("luz").post(f"/assemblies/{hall.id}/supports/{wish}/state", data={"state": "planned"}).status_code
        == 404
    )


@pytest.mark.parametrize("name", ["turnout", "calls", "call-sheet", "supports", "door-links", "sheets"])
def test_pages_stand_empty_in_both_languages_and_strangers_find_nothing(signed_in, hall, name):
    browser = signed_in("omar")
    for language in ("en", "es"):
        assert browser.get(f"/assemblies/{hall.id}/{name}?lang={language}").status_code == 200
    assert signed_in("stranger").get(f"/assemblies/{hall.id}/{name}").status_code == 404


def test_a_person_s_page_shows_their_answers(signed_in, hall, say, world, as_org, monkeypatch):
    say("southbank", 0, "yes", guests=1)
    monkeypatch.setattr(
        people_queries, "PERSON_PANELS", [people_queries.Panel("turnout/_person.html", queries.person_panel)]
    )
    page = signed_in("omar").get(f"/people/{world.people['southbank'][0]}").text
    assert "Housing Assembly" in page and "Said yes" in page and "Write down an answer" in page
    assert "Write down an answer" not in signed_in("omar").get(f"/people/{world.people['southbank'][1]}").text


# The member's page


@pytest.fixture
def own_page(acting, say, clock):
    def make(org="mill", number=1, word="yes", **more):
        rsvp_id = say(org, number, word, **more)
        with acting(org) as actor:
            return actions.pass_link(actor, rsvp_id, now=clock.now).removeprefix("http://localhost")

    return make


def test_a_member_answers_on_their_own_page_in_their_language(client, own_page, as_org, hall):
    address = own_page(word=None)
    page = client.get(address).text
    assert 'lang="es"' in page and "Carver Street Hall" in page and "10:00" in page
    assert 'lang="en"' in client.get(address + "?lang=en").text
    form = form_of(page, "guests") | {"word": "yes", "guests": "2", "children_small": "1"}
    done = client.post(address + "/answer?lang=en", data=form)
    assert done.status_code == 303 and done.location.endswith("?lang=en")
    with as_org("mill"):
        rsvp = session().scalar(select(Rsvp))
        assert (rsvp.state, rsvp.guests, rsvp.source) == ("yes", 2, "page")
        assert session().scalar(select(Support.quantity)) == 1
    page = client.get(done.location).text
    assert "Show this at the door" in page and "pl-qr" in page
    done = client.post(address + "/answer", data=form_of(page, "guests") | {"word": "no"})
    with as_org("mill"):
        assert session().scalar(select(Rsvp.state)) == "cancelled"


def test_reading_a_pass_changes_nothing_and_a_wrong_one_finds_nothing(client, own_page, as_org, clock):
    """V7 and ASVS 3.5.3: fifty previews use nothing up."""
    address = own_page()
    for _ in range(50):
        assert client.get(address, headers={"User-Agent": "Google-Read-Aloud"}).status_code == 200
    with as_org("mill"):
        assert session().scalar(select(Rsvp.state)) == "yes"
    assert client.get(address[:-2] + "zz").status_code == 404
    assert client.get(address.replace("/me/", "/door/")).status_code == 404
    clock.move(days=20)
    assert client.get(address).status_code == 404


def test_a_pass_lists_what_is_wrong(client, own_page):
    address = own_page()
    answer = client.post(address + "/answer", data={"word": "yes", "guests": "99", "ride": "x"})
    assert answer.status_code == 422
