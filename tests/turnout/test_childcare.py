"""Childcare: children by age and hours, asked by form, text and door; slots, carers needed, what was promised and not delivered."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from crm.assemblies.models import Assembly
from crm.infra.db import circle, session
from crm.turnout import actions, queries, rules
from crm.turnout.models import CarePlan, Support
from crm.turnout.rules import Answer
from tests.clients import form_of
from tests.turnout.test_staffing import add_helper, rows_of

TEN = datetime(2026, 12, 5, 18, tzinfo=UTC)  # ten in the morning in Los Angeles
MORNING, NOON = "10:00 am – 12:00 pm", "12:00 pm – 2:00 pm"


@pytest.fixture
def own_page(acting, hall, world, clock):
    with acting("mill") as actor:
        rsvp_id = actions.invite(actor, hall.id, [world.people["mill"][0]], now=clock.now)[world.people["mill"][0]]
        return actions.pass_link(actor, rsvp_id, now=clock.now).removeprefix("http://localhost")


def care(as_org):
    with as_org("southbank"):
        return session().execute(select(Support.rsvp_id, Support.quantity, Support.children, Support.hours).where(Support.kind == "childcare")).one_or_none()


def test_a_family_asks_by_age_and_hours_and_the_plan_counts_them(client, signed_in, hall, own_page, as_org):
    morning, noon = f"{hall.session_id}:0:120", f"{hall.session_id}:120:240"
    page = client.get(own_page + "?lang=en").text
    assert MORNING in page and NOON in page and "children under 3" in page
    form = form_of(page, "children_baby")
    assert client.post(f"{own_page}/answer", data=form | {"word": "yes", "care_hours": morning}).status_code == 422, "hours of nobody"
    said = {"word": "yes", "children_baby": "4", "children_school": "1", "care_hours": morning}
    assert client.post(f"{own_page}/answer", data=form | said).status_code == 303
    wish = care(as_org)
    assert (wish.quantity, wish.children, wish.hours) == (5, {"baby": 4, "school": 1}, [[hall.session_id, 0, 120]])
    again = client.get(own_page + "?lang=es").text
    assert 'value="4"' in again and "¿A qué horas necesita el cuidado de niños?" in again and f'value="{morning}" checked' in again
    omar = signed_in("omar")
    plan = omar.get(f"/assemblies/{hall.id}/staffing").text
    assert rows_of(plan) == {MORNING: [4, 1, 2, 0], NOON: [0, 0, 0, 0]} and "Under 3: 4, 6 and older: 1. 10:00 am – 12:00 pm" in plan
    assert "Under 3: 4" in omar.get(f"/assemblies/{hall.id}/supports").text
    both = form_of(again, "children_baby") | {"word": "yes", "care_hours": [morning, noon]}
    assert client.post(f"{own_page}/answer", data=both).status_code == 303
    assert care(as_org).hours == [[hall.session_id, 0, 240]]
    none = form_of(client.get(own_page).text, "children_baby") | {"word": "yes", "children_baby": "0", "children_school": "0"}
    none.pop("care_hours", None)
    assert client.post(f"{own_page}/answer", data=none).status_code == 303 and care(as_org) is None


def test_the_convener_changes_the_ratio_and_the_slots_and_nobody_else(signed_in, hall, world, acting, clock, as_org):
    with acting("mill") as actor:
        answer = Answer("yes", None, {"childcare": 6}, children={"baby": 6}, hours=[[hall.session_id, 30, 60]])
        actions.record_answer(actor, hall.id, world.people["mill"][0], answer, source="staff", now=clock.now)
    omar, address = signed_in("omar"), f"/assemblies/{hall.id}/staffing"
    assert rows_of(omar.get(address).text) == {MORNING: [6, 2, 0], NOON: [0, 0, 0]}
    form = form_of(omar.get(address).text, 'name="baby"')
    wrong = omar.post(f"/assemblies/{hall.id}/childcare", data=form | {"baby": "0", "minutes": "5"})
    assert wrong.status_code == 422 and "from 1 to 30" in wrong.text and "half an hour" in wrong.text
    assert omar.post(f"/assemblies/{hall.id}/childcare", data=form | {"baby": "2", "minutes": "60"}).status_code == 303
    rows = rows_of(omar.get(address).text)
    assert list(rows) == ["10:00 am – 11:00 am", "11:00 am – 12:00 pm", "12:00 pm – 1:00 pm", "1:00 pm – 2:00 pm"]
    assert list(rows.values()) == [[6, 3, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert "6 (3 to 5)" in omar.get(address).text
    dolores = signed_in("dolores")
    assert "name=\"baby\"" not in dolores.get(address).text and rows_of(dolores.get(address).text) == rows
    theirs = form_of(dolores.get(f"/assemblies/{hall.id}/people/{world.people['mill'][0]}/answer").text, "guests")
    assert dolores.post(f"/assemblies/{hall.id}/childcare", data=form | theirs | {"baby": "9"}).status_code == 404
    with as_org("southbank"):
        assert session().scalar(select(CarePlan.ratios)) == {"baby": 2, "small": 6, "school": 10, "unknown": 5}


def test_a_carer_of_one_slot_covers_that_slot_only(signed_in, hall, world, acting, clock):
    with acting("mill") as actor:
        actions.record_answer(actor, hall.id, world.people["mill"][0], Answer("yes", None, {"childcare": 1}), source="staff", now=clock.now)
    omar, address = signed_in("omar"), f"/assemblies/{hall.id}/staffing"
    page = omar.get(address).text
    assert rows_of(page) == {MORNING: [1, 2, 0], NOON: [1, 2, 0]} and "Of 1 child nobody has said the hours" in page
    assert add_helper(omar, hall, helps="childcare", name="Rosa Peña", places="5", at=f"{hall.session_id}:0:120").status_code == 303
    assert add_helper(omar, hall, helps="childcare", name="Ann Wu", places="5").status_code == 303
    page = omar.get(address).text
    assert rows_of(page) == {MORNING: [1, 2, 2], NOON: [1, 2, 1]} and "1 short" in page and "5 places, 10:00 am – 12:00 pm" in page
    assert add_helper(omar, hall, helps="childcare", name="X", places="5", at=f"{hall.other_session_id}:0:120").status_code == 422


def test_care_that_was_promised_and_not_delivered_stands_at_its_hours(signed_in, hall, world, acting, clock):
    with acting("mill") as actor:
        answer = Answer("yes", None, {"childcare": 2}, children={"small": 2}, hours=[[hall.session_id, 120, 240]])
        rsvp = actions.record_answer(actor, hall.id, world.people["mill"][0], answer, source="staff", now=clock.now)
        wish = session().scalar(select(Support.id).where(Support.rsvp_id == rsvp.id))
    omar = signed_in("omar")
    omar.post(f"/assemblies/{hall.id}/supports/{wish}/state", data={"state": "planned"})
    with acting("southbank"):
        session().execute(update(Assembly).where(Assembly.id == hall.id).values(state="finished", finished_at=hall.starts_at, started_at=hall.starts_at))
    page = omar.get(f"/assemblies/{hall.id}/staffing").text
    assert page.count("Promised, not delivered: 2 children") == 1 and "Promised, not delivered</span>" in page


def test_hours_are_said_at_the_door(client, door, hall, say, as_org):
    rsvp_id = say("mill", 0, "yes", childcare=1)
    address, _id = door()
    page = client.get(f"{address}?q=ana").text
    assert NOON in page
    form = form_of(page, "care_hours")
    said = {"kind": "childcare", "quantity": "2", "detail": "1, 8", "care_hours": f"{hall.session_id}:120:240"}
    assert client.post(f"{address}/needs", data=form | said).status_code == 303
    wish = care(as_org)
    assert (wish.rsvp_id, wish.children, wish.hours) == (rsvp_id, {"baby": 1, "school": 1}, [[hall.session_id, 120, 240]])
    assert client.post(f"{address}/needs", data=form | said | {"care_hours": "1:2:3"}).status_code == 422
    only = {"kind": "childcare", "quantity": "3", "detail": ""}
    assert client.post(f"{address}/needs", data={k: v for k, v in form.items() if k != "care_hours"} | only).status_code == 303
    assert care(as_org).children == {"baby": 1, "school": 1, "unknown": 1} and care(as_org).hours == [[hall.session_id, 120, 240]]


def test_the_plan_of_childcare_asks_twice_however_many_slots(as_org, hall, count_queries):
    with as_org("southbank"):
        circle()
        with count_queries() as sent:
            found = queries.care_of(hall.id, "America/Los_Angeles")
    assert len(sent) == 2 and len(found.slots) == 2


def sitting(*hours, starts_at=TEN, id=7):
    return id, starts_at, starts_at + timedelta(hours=hours[0])


@pytest.mark.parametrize(("hours", "minutes", "slots"), [
    (4, 180, [(0, 120), (120, 240)]), (3, 180, [(0, 180)]), (7.5, 180, [(0, 150), (150, 300), (300, 450)]), (0.5, 30, [(0, 30)]),
    (3 + 1 / 3, 180, [(0, 105), (105, 200)]), (12, 720, [(0, 720)]),
])
def test_a_session_is_cut_into_slots(hours, minutes, slots):
    assert [(one.begins, one.ends) for one in rules.slots_of([sitting(hours)], minutes)] == slots


@pytest.mark.parametrize(
    ("wishes", "groups", "people"),
    [
        ([], {}, 0),
        ([(1, "4", None)], {"small": 1}, 2),
        ([(3, "1, 2, 2", None), (3, "0 1 1", None)], {"baby": 6}, 2),
        ([(4, "1 1 1 1", None), (6, "", {"small": 6}), (10, "", None)], {"baby": 4, "small": 6, "unknown": 10}, 5),
        ([(2, "3, 5, 8", None)], {"small": 2}, 2),
        ([(1, "room 40", None)], {"unknown": 1}, 2),
        ([(9, "", {"baby": 9})], {"baby": 9}, 3),
    ],
)
def test_children_by_age_and_who_must_be_there(wishes, groups, people):
    assert rules.children_by_age(wishes) == groups and rules.caregivers(groups) == people


def test_a_stricter_ratio_asks_for_more_carers():
    assert [rules.caregivers({"school": 20}, {"school": n}) for n in (10, 5, 4, 1)] == [2, 4, 5, 20]


SAID = [
    ("10 to 12", [[7, 0, 120]]), ("10-12:30", [[7, 0, 150]]), ("de 10 a 12", [[7, 0, 120]]), ("from 11am until 1pm", [[7, 60, 180]]),
    ("1 to 2", [[7, 180, 240]]), ("entre las 11 y las 13:30", [[7, 60, 210]]), ("9 to 11", [[7, 0, 60]]), ("all day", [[7, 0, 120], [7, 120, 240]]),
    ("todo el día", [[7, 0, 120], [7, 120, 240]]), ("in the morning", [[7, 0, 120]]), ("por la tarde", [[7, 120, 240]]),
    ("saturday 10 to 11", [[7, 0, 60]]), ("sunday 10 to 11", None), ("6 to 8 pm", None), ("what is that?", None), ("sábado", [[7, 0, 120], [7, 120, 240]]),
    ("10", None),
]


@pytest.mark.parametrize(("text", "hours"), SAID)
def test_hours_in_a_text(text, hours):
    slots = rules.slots_of([sitting(4)], 180)
    assert rules.hours_said(text, slots, {7: datetime(2026, 12, 5, 10, tzinfo=UTC)}) == hours


@pytest.mark.parametrize(("text", "hours"), [
    ("childcare for two kids 4 and 7", None), ("kids 4 to 7 all of them", None), ("childcare 10am to 12 please", [[7, 0, 120]]),
    ("cuidado de 10:30 a 12:30", [[7, 30, 150]]),
])
def test_ages_are_no_hours_where_nobody_asked(text, hours):
    slots = rules.slots_of([sitting(4)], 180)
    assert rules.hours_said(text, slots, {7: datetime(2026, 12, 5, 10, tzinfo=UTC)}, is_asked=False) == hours


def test_hours_that_lead_to_no_session_count_as_the_whole_time():
    slot = rules.slots_of([sitting(4)], 180)[0]
    assert rules.is_there([[8, 0, 60]], slot, {7}) and rules.is_there([], slot, {7}) and not rules.is_there([[7, 120, 180]], slot, {7})
