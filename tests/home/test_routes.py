"""This week, through HTTP, on the records of every room."""

from datetime import date, timedelta

import pytest

from crm.leadership import actions as leadership
from crm.leadership.rules import Talk
from crm.turnout import actions as turnout
from crm.turnout.rules import Answer
from tests.factories import MONDAY

TODAY = date(2026, 11, 23)
PLAN = {
    "title_en": "People's Housing Assembly", "title_es": "Asamblea Popular por la Vivienda",
    "question_en": "What must our city do so that everyone can stay?", "question_es": "¿Qué debe hacer la ciudad?",
    "day": "2026-12-12", "starts": "10:00", "time_zone": "America/Los_Angeles", "place": "Carver Street Hall",
    "address": "40 Carver Street", "goal": "300", "capacity": "", "languages": ["en", "es"],
}  # fmt: skip


@pytest.fixture
def planned(signed_in, world):
    """The id of an assembly that southbank convenes with mill."""
    answer = signed_in("omar").post("/assemblies/new/A2", data=PLAN | {"partners": [world.orgs["mill"]]})
    assert answer.status_code == 303
    return int(answer.location.rsplit("/", 1)[1])


def say_yes(acting, world, assembly_id: int, org: str, few: int, confirmed: int = 0) -> None:
    for n, person_id in enumerate(world.people[org][:few]):
        with acting(org) as actor:
            turnout.record_answer(actor, assembly_id, person_id, Answer("yes"), source="staff", now=MONDAY,
                                  is_confirming=n < confirmed)  # fmt: skip


def test_the_next_assembly_with_its_numbers_and_what_to_do(signed_in, acting, world, planned) -> None:
    say_yes(acting, world, planned, "southbank", 6, confirmed=2)
    with acting("southbank", "imani") as actor:
        turnout.pledge(actor, planned, promised=40, lead_name="Imani", now=MONDAY)
    page = signed_in("imani", org="southbank").get("/").text
    for words in ("People&#39;s Housing Assembly", "Carver Street Hall", "Saturday, December 12", "19 days away"):
        assert words in page
    for words in ("Goal 300", "<b>2</b> confirmed", "<b>6</b> said yes", "<b>40</b> pledged", "Call 4 people"):
        assert words in page, words
    assert "short</strong> of our goal" in page and "November 23 to Sunday, November 29" in page


def test_a_partner_sees_its_own_numbers_against_its_own_promise(signed_in, acting, world, planned) -> None:
    say_yes(acting, world, planned, "southbank", 6)
    with acting("mill") as actor:
        turnout.pledge(actor, planned, promised=20, lead_name="Dolores", now=MONDAY)
    say_yes(acting, world, planned, "mill", 3)
    page = signed_in("dolores").get("/").text
    assert "<b>3</b> said yes" in page and "Pledge 20" in page and "of our pledge" in page and "Call 3 people" in page
    convener = signed_in("imani", org="southbank").get("/").text
    assert "9 people said yes" in convener and "6 of them are ours." in convener and "Call 6 people" in convener


def test_one_on_ones_and_the_ladder(signed_in, acting, world) -> None:
    with acting("southbank", "imani") as actor:
        talk = Talk(MONDAY - timedelta(days=9), "She will come.", "Ask her to chair Repairs", TODAY)
        leadership.log_conversation(actor, world.people["southbank"][0], talk, now=MONDAY, rung=4)
    page = signed_in("imani", org="southbank").get("/").text
    assert "Ask her to chair Repairs" in page and "1 person stepped up" in page and "+ 1: Ana" in page
    others = signed_in("omar").get("/").text
    assert "No one-on-ones are due" in others


def test_nothing_due_is_said_kindly(signed_in) -> None:
    page = signed_in("imani", org="southbank").get("/").text
    for words in ("No assembly is planned", "Start an assembly", "Everyone has been answered", "No one-on-ones are due",
                  "No one has moved in the last 30 days"):  # fmt: skip
        assert words in page


def test_a_new_organization_is_told_what_to_do_first(signed_in) -> None:
    page = signed_in("imani", org="table").get("/").text
    for words in ("Welcome, Common Table", "Bring your people", "Set up an assembly", "Connect texting"):
        assert words in page


def test_a_coalition_without_people_sees_its_assembly(signed_in, world) -> None:
    browser = signed_in("imani", org="table")
    assert browser.post("/assemblies/new/A2", data=PLAN | {"partners": [world.orgs["mill"]]}).status_code == 303
    page = browser.get("/").text
    assert "Carver Street Hall" in page and "Bring your people" not in page and "Movement on the ladder" not in page


def test_each_role_sees_what_it_may(signed_in, world) -> None:
    reader = signed_in("rita").get("/").text
    assert "Movement on the ladder" in reader
    assert "Replies that need an answer" not in reader and "One-on-ones due" not in reader
    volunteer = signed_in("vera").get("/").text
    assert "One-on-ones due" in volunteer and "Replies that need an answer" not in volunteer
    teller = signed_in("tomas").get("/")
    assert teller.status_code == 302 and teller.location != "/"


def test_another_organization_sees_nothing_of_it(signed_in, acting, world, planned) -> None:
    page = signed_in("stranger").get("/").text
    assert "Housing Assembly" not in page and "No assembly is planned" in page


def test_the_week_costs_the_same_for_many(signed_in, acting, world, planned, count_queries) -> None:
    browser = signed_in("imani", org="southbank")
    say_yes(acting, world, planned, "southbank", 1)
    browser.get("/")
    with count_queries() as few:
        browser.get("/")
    say_yes(acting, world, planned, "southbank", 12)
    for id in world.people["southbank"]:
        with acting("southbank", "imani") as actor:
            leadership.log_conversation(actor, id, Talk(MONDAY, "Yes.", "Call", TODAY), now=MONDAY, rung=3)
    with count_queries() as many:
        browser.get("/")
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 25, "\n".join(many)
