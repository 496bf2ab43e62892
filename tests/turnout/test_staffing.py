"""Supports: asked by text, form and at the door; the staffing plan; stipends; what was promised and not delivered."""

import re

import pytest
from sqlalchemy import select, update

from crm.assemblies.models import Assembly
from crm.infra.db import session
from crm.turnout import actions, queries, rules
from crm.turnout.models import Rsvp, Support, SupportHelper
from crm.turnout.rules import Answer
from tests.clients import form_of


@pytest.fixture
def wants(acting, hall, world, clock):
    """wants("mill", 0, "childcare", 2, "3, 7") → the id of the wish."""

    def ask(org, number, kind, quantity=1, detail=""):
        with acting(org) as actor:
            answer = Answer("yes", None, {kind: quantity}, detail)
            rsvp = actions.record_answer(actor, hall.id, world.people[org][number], answer, source="staff", now=clock.now)
            return session().scalar(select(Support.id).where(Support.rsvp_id == rsvp.id, Support.kind == kind))

    return ask


def rows_of(page):
    """The childcare of a staffing plan: hours → children by the groups that there are, carers needed, carers on the plan."""
    body = page.partition('<tbody>')[2].partition('</tbody>')[0]
    return {hours: [int(n) for n in re.findall(r'<td class="text-end">(\d+)</td>', rest)]
            for hours, rest in re.findall(r'<th scope="row">([^<]+)<.*?</th>(.*?)</tr>', body, re.S)}


def state_of(as_org, id):
    with as_org("southbank"):
        return session().execute(select(Support.state, Support.cents, Support.helper_id).where(Support.id == id)).one()


def add_helper(browser, hall, **facts):
    address = f"/assemblies/{hall.id}/staffing"
    return browser.post(f"/assemblies/{hall.id}/helpers", data=form_of(browser.get(address).text, "helps") | {"at": "0"} | facts)


def test_the_plan_counts_children_by_age_languages_and_pick_ups(signed_in, hall, wants):
    wants("mill", 0, "childcare", 2, "2, 7")
    wants("arroyo", 1, "childcare", 1, "4")
    wants("southbank", 2, "childcare", 2)
    wants("mill", 1, "interpretation", 1, "Spanish")
    wants("mill", 2, "interpretation", 2, "spanish")
    wants("mill", 3, "ride", 2, "Canal and 5th")
    page = signed_in("omar").get(f"/assemblies/{hall.id}/staffing").text
    for words in ("3 headsets", "2 interpreters, in turns", "Canal and 5th: <strong>2"):
        assert words in page, words
    assert rows_of(page) == {"10:00 am – 12:00 pm": [1, 1, 1, 2, 2, 0], "12:00 pm – 2:00 pm": [1, 1, 1, 2, 2, 0]}
    partner = signed_in("dolores").get(f"/assemblies/{hall.id}/staffing").text
    assert "Canal and 5th" in partner and rows_of(partner) == {
        "10:00 am – 12:00 pm": [1, 1, 2, 0], "12:00 pm – 2:00 pm": [1, 1, 2, 0]} and "Put somebody" not in partner, "a partner sees its own people's wishes"


def test_a_driver_s_pick_up_list_and_taking_the_driver_off(signed_in, hall, wants, as_org):
    wish, other = wants("mill", 3, "ride", 2, "Canal and 5th"), wants("mill", 4, "childcare")
    browser = signed_in("omar")
    before = browser.get(f"/assemblies/{hall.id}/staffing").text
    first = re.search(r'href="(/assemblies/\d+/staffing\?helps=ride)#plan"', before)
    assert first and "Put somebody on it first" in before and 'id="plan"' in before, "without a driver there is nothing to press; the way is said"
    assert form_of(browser.get(first[1]).text, 'name="helps"')["helps"] == "ride" and "data-print" in before
    assert add_helper(browser, hall, helps="ride", name="Abel drives", places="1", detail="Van").status_code == 303
    with as_org("southbank"):
        helper = session().scalar(select(SupportHelper.id))
    assert browser.post(f"/assemblies/{hall.id}/supports/{other}/plan", data={"helper_id": helper}).status_code == 404, "a driver looks after no children"
    assert browser.post(f"/assemblies/{hall.id}/supports/{wish}/plan", data={"helper_id": helper}).status_code == 303
    assert state_of(as_org, wish)[::2] == ("planned", helper)
    page = browser.get(f"/assemblies/{hall.id}/staffing").text
    assert "Abel drives" in page and "Too many" in page and "Delphine" in page and "helps=ride" not in page and "helps=childcare" in page
    assert signed_in("dolores").post(f"/assemblies/{hall.id}/helpers/{helper}/removal").status_code == 404
    assert browser.post(f"/assemblies/{hall.id}/helpers/{helper}/removal").status_code == 303
    assert state_of(as_org, wish)[::2] == ("asked", None)


def test_a_stipend_has_an_amount_is_promised_then_paid_and_holds_no_tax_number(signed_in, hall, wants, as_org, world):
    wish = wants("southbank", 0, "stipend")
    browser = signed_in("omar")
    refused = browser.post(f"/assemblies/{hall.id}/supports/{wish}/state?back=staffing", data={"state": "delivered"})
    assert refused.status_code == 422 and state_of(as_org, wish) == ("asked", None, None)
    assert browser.post(f"/assemblies/{hall.id}/supports/{wish}/plan", data={"amount": "a lot"}).status_code == 422
    assert browser.post(f"/assemblies/{hall.id}/supports/{wish}/plan", data={"amount": "62.50"}).status_code == 303
    assert state_of(as_org, wish) == ("planned", 6250, None)
    assert "$62.50 promised, $0.00 of it paid" in browser.get(f"/assemblies/{hall.id}/staffing").text
    assert browser.post(f"/assemblies/{hall.id}/supports/{wish}/state?back=staffing", data={"state": "delivered"}).status_code == 303
    assert "$62.50 promised, $62.50 of it paid" in browser.get(f"/assemblies/{hall.id}/staffing").text
    address = f"/assemblies/{hall.id}/people/{world.people['southbank'][0]}/answer"
    for number in ("123-45-6789", "123456789", "12-3456789"):
        answer = browser.post(address, data=form_of(browser.get(address).text, "how") | {"stipend": "1", "detail": f"her number is {number}"})
        assert answer.status_code == 422 and "Plenary keeps none" in answer.text


def test_what_was_promised_and_not_delivered_is_in_plain_sight(signed_in, hall, wants, acting, as_org):
    wish, kept = wants("mill", 0, "childcare", 2), wants("mill", 1, "meal")
    browser = signed_in("omar")
    for id in (wish, kept):
        assert browser.post(f"/assemblies/{hall.id}/supports/{id}/state", data={"state": "planned"}).status_code == 303
    browser.post(f"/assemblies/{hall.id}/supports/{kept}/state", data={"state": "delivered"})
    assert "not delivered" not in browser.get(f"/assemblies/{hall.id}/staffing").text
    with acting("southbank"):
        session().execute(update(Assembly).where(Assembly.id == hall.id).values(state="finished", finished_at=hall.starts_at, started_at=hall.starts_at))
    page = browser.get(f"/assemblies/{hall.id}/staffing").text
    assert "1 support was promised and has not been delivered" in page and page.count("Promised, not delivered</span>") == 1
    assert "2 promised, not delivered" in browser.get(f"/assemblies/{hall.id}/turnout").text


def test_asked_by_form_with_what_must_be_known(client, hall, world, as_org, acting, clock):
    with acting("mill") as actor:
        rsvp_id = actions.invite(actor, hall.id, [world.people["mill"][0]], now=clock.now)[world.people["mill"][0]]
        page_of_member = actions.pass_link(actor, rsvp_id, now=clock.now).removeprefix("http://localhost")
    form = form_of(client.get(page_of_member).text, "children_small")
    said = {"word": "yes", "children_small": "1", "children_school": "1", "ride": "1", "ride_detail": "Canal and 5th", "detail": "step-free", "access": "1"}
    assert client.post(f"{page_of_member}/answer", data=form | said).status_code == 303
    with as_org("mill"):
        assert dict(session().execute(select(Support.kind, Support.detail)).all()) == {"childcare": "step-free", "ride": "Canal and 5th", "access": "step-free"}
    assert 'value="Canal and 5th"' in client.get(page_of_member).text


def test_asked_at_the_door(client, door, hall, say, as_org):
    rsvp_id = say("mill", 0, "yes", childcare=1)
    address, _id = door()
    form = form_of(client.get(f"{address}?q=ana").text, "kind")
    for change in ({"kind": "childcare", "quantity": "2", "detail": "3, 5"}, {"kind": "interpretation", "quantity": "1", "detail": "Vietnamese"}):
        assert client.post(f"{address}/needs", data=form | change).status_code == 303
    with as_org("southbank"):
        rows = {kind: rest for kind, *rest in session().execute(select(Support.kind, Support.quantity, Support.detail).where(Support.rsvp_id == rsvp_id))}
    assert rows == {"childcare": [2, "3, 5"], "interpretation": [1, "Vietnamese"]}
    assert "Interpretation 1" in client.get(f"{address}?q=ana").text
    assert client.post(f"{address}/needs", data=form | {"rsvp_id": "12345"}).status_code == 404
    assert client.post(f"{address}/needs", data=form | {"quantity": "500"}).status_code == 422


def test_a_helper_says_all_that_is_wrong(signed_in, hall):
    answer = add_helper(signed_in("omar"), hall, helps="ride", name="", places="")
    assert answer.status_code == 422 and "Write who does it." in answer.text and "for how many" in answer.text


def test_the_plan_takes_the_same_queries_however_many_ask(as_org, hall, wants, count_queries):
    def seen():
        with as_org("southbank"):
            session().scalar(select(Rsvp.id).limit(1))
            with count_queries() as sent:
                queries.staffing_of(hall.id)
        return len(sent)

    wants("mill", 0, "ride")
    few = seen()
    for number in range(1, 9):
        wants("arroyo", number, "ride", 1, f"Stop {number}")
    assert seen() == few == 3


def test_words_are_counted_together_whatever_their_capitals():
    assert rules.by_words([(1, "Spanish"), (2, "spanish "), (1, "")]) == {"Spanish": 3, "": 1}
    assert list(rules.by_words([(1, ""), (1, "Hmong"), (3, "Spanish")])) == ["Spanish", "Hmong", ""]
