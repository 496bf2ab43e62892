"""Who speaks next: the order as a rule, and the list through HTTP with a table's phone."""

import re
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from crm.infra.db import session
from crm.infra.links import token_of
from crm.tables.actions import ask_to_speak
from crm.tables.actions.keeping import empty_speakers
from crm.tables.models import Speaker
from crm.tables.rules.speaking import ORDERS, Waiting, issues_in_speaker, issues_in_speaking, order_of, told
from crm.turnout import actions as turnout
from crm.turnout.actions.answers import pass_link_ids
from crm.turnout.queries import door_links
from tests.clients import place_of
from tests.tables.test_routes import cards, divide, press

PEOPLE = st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans(), st.sampled_from(["", "for", "against"]), st.booleans()), max_size=12)


@given(PEOPLE, st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(0, 3), st.integers(0, 500))), st.sampled_from(sorted(ORDERS)))
def test_everyone_who_waits_has_one_place(people, spoken, order):
    waiting = [Waiting(n, who, n, *rest) for n, (who, *rest) in enumerate(people)]
    found = order_of(waiting, spoken, order)
    assert sorted(found) == [w.id for w in waiting]
    firsts = [w.id for w in waiting if w.is_first]
    assert found[: len(firsts)] == firsts


def test_a_progressive_stack_lets_new_voices_first():
    spoken = told([("ana", 90), ("ana", 30), ("luis", 200)])
    assert spoken == {"ana": (2, 120), "luis": (1, 200)}
    waiting = [Waiting(1, "luis", 1), Waiting(2, "ana", 2), Waiting(3, "hanh", 3), Waiting(4, "omar", 4, is_about=True), Waiting(5, "ana", 5, is_about=True)]
    assert order_of(waiting, spoken, "progressive") == [4, 3, 5, 2, 1]
    assert order_of(waiting, spoken, "plain") == [1, 2, 3, 4, 5]
    sides = [Waiting(1, "a", 1, side="for"), Waiting(2, "b", 2, side="for"), Waiting(3, "c", 3, side="against"), Waiting(4, "d", 4)]
    assert order_of(sides, {}, "alternate") == [1, 3, 2, 4]


def test_refusals():
    assert [r.field for r in issues_in_speaker("", "up")] == ["name", "side"] and issues_in_speaker("x" * 61, "") and not issues_in_speaker("Ana", "for")
    assert [r.field for r in issues_in_speaking("loudest", 5)] == ["order", "seconds"] and not issues_in_speaking("plain", 60)


def test_names_that_were_called_out_go_with_the_door_lists(acting, hall, clock):
    with acting("southbank") as actor:
        ask_to_speak(actor, hall.id, hall.session_id, "Ana", now=clock.now)
    with acting("southbank") as actor:
        assert empty_speakers(actor, clock.now, 10) == 0 and empty_speakers(actor, clock.now + timedelta(days=1), 10) == 1
        assert session().scalars(select(Speaker.name)).all() == [""]


def test_the_list_of_a_session(signed_in, client, hall, room, clock):
    browser = signed_in("omar")
    table = cards(browser, divide(browser, hall).location)[1]
    floor = f"/assemblies/{hall.id}/speaking?session={hall.session_id}"
    assert "Nobody waits for the floor." in browser.get(floor).text
    assert place_of(browser, press(browser, floor, "is_about", name="Ana Q.")) == "add", "the next name can be typed at once"
    assert press(browser, floor, "is_about", name="Luis").status_code == 303
    assert place_of(browser, press(browser, floor, "Next: Ana Q.")) == "floor"
    clock.move(seconds=40)
    assert press(browser, floor, "Next: Luis").status_code == 303
    page = browser.get(floor).text
    assert "40 seconds" in page
    assert press(browser, floor, "is_about", name="Ana Q.").status_code == 303, "she asks again"
    assert press(client, table, "Ask for the floor", name="Hanh").status_code == 303
    assert press(client, table, "Ask for the floor", name="hanh ").status_code == 303, "asked twice, waits once"
    assert "Hanh waits: number 1." in client.get(table).text, "before Ana, who has spoken"
    assert press(client, table, "Ask for the floor", name=" ").status_code == 422
    page = browser.get(floor).text
    speaker = re.search(r"speakers/(\d+)/first[^>]*>.{0,400}?", page[page.index("2. <strong>Ana"):], re.S).group(1)
    first = f"/assemblies/{hall.id}/speaking/speakers/{speaker}/first?session={hall.session_id}"
    assert browser.post(first, data={"because": ""}).status_code == 422
    assert browser.post(first, data={"because": "She must leave"}).status_code == 303
    page = browser.get(floor).text
    assert page.index("Ana Q.</strong>") < page.index("Hanh</strong>") and "first: She must leave" in page
    wall = browser.get(f"/assemblies/{hall.id}/speaking/wall?session={hall.session_id}")
    assert wall.headers["Refresh"] == "5" and "Luis" in wall.text and "2:00" in wall.text and "Table 2" in wall.text
    clock.move(seconds=130)
    assert "Time" in browser.get(f"/assemblies/{hall.id}/speaking/wall?session={hall.session_id}").text
    assert press(browser, floor, "Take off the list").status_code == 303
    assert press(browser, floor, "nobody next").status_code == 303
    assert "Nobody has the floor." in browser.get(floor).text
    assert press(browser, floor, "seconds", order="plain", seconds="7").status_code == 422
    assert press(browser, floor, "seconds", order="plain", seconds="90").status_code == 303
    assert press(browser, floor, "Next: Hanh").status_code == 303
    clock.move(seconds=1)
    assert "1:29" in browser.get(f"/assemblies/{hall.id}/speaking/wall?session={hall.session_id}").text
    assert signed_in("dolores").get(floor).status_code == 404


def test_two_facilitators_who_press_next_at_once_pass_nobody_over(signed_in, hall, room):
    omar, imani = signed_in("omar"), signed_in("imani", org="southbank")
    floor = f"/assemblies/{hall.id}/speaking?session={hall.session_id}"
    for name in ("Ana Q.", "Luis", "Hanh"):
        assert press(omar, floor, "is_about", name=name).status_code == 303
    seen = [re.search(r'name="turn" value="(\d+)"', browser.get(floor).text)[1] for browser in (omar, imani)]
    for browser, turn in zip((omar, imani), seen, strict=True):
        assert browser.post(f"/assemblies/{hall.id}/speaking/next?session={hall.session_id}", data={"turn": turn}).status_code == 303
    page = imani.get(floor).text
    assert "Next: Luis" in page and "Ana Q." in page, "the second press changed nothing"
    assert press(imani, floor, "Next: Luis").status_code == 303 and "Next: Hanh" in omar.get(floor).text


def test_the_wall_of_the_hall_says_who_has_the_floor_and_who_comes_next(signed_in, client, acting, hall, room, clock):
    omar = signed_in("omar")
    floor = f"/assemblies/{hall.id}/speaking?session={hall.session_id}"
    with acting("southbank") as actor:
        id = turnout.open_door(actor, hall.id, hall.session_id, name="", hours=72, kind="hall", now=clock.now)
        wall = next(url for one, url in door_links(actor, hall.id, clock.now) if one.id == id).removeprefix("http://localhost")
    assert "Has the floor" not in client.get(wall).text
    for name in ("Ana Q.", "Luis", "Hanh"):
        assert press(omar, floor, "is_about", name=name).status_code == 303
    assert press(omar, floor, "Next: Ana Q.").status_code == 303
    page = client.get(wall).text
    assert "Has the floor: <b>Ana Q.</b>" in page and "Next: Luis, Hanh" in page


def test_a_member_s_own_pass_names_their_table(signed_in, client, acting, world, hall, room, clock):
    omar = signed_in("omar")
    with acting("southbank") as actor:
        links = pass_link_ids(actor, hall.id, world.people["southbank"][:6], now=clock.now)
    address = f"/me/{token_of(next(iter(links.values())))}"
    assert "Your table" not in client.get(address).text
    divide(omar, hall)
    assert re.search(r"Your table: [123]<", client.get(address).text)
