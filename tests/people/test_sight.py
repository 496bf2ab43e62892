"""Who sees how much: volunteers held to a list or a task, names and numbers veiled, and opened by a counted press."""

import re

import pytest
from sqlalchemy import func, select

from crm.accounts.actions import give_grant
from crm.infra import db
from crm.infra.audit import AuditEntry, Event
from crm.kernel.names import short_name
from crm.kernel.phone import show_phone
from crm.organizations.models import Organization
from crm.people.models import Person, Reveal, Segment
from crm.people.rules.reveals import MOST_A_DAY, Limits, Opened, may_reveal
from tests.factories import MONDAY, make_person

ANA, BEATRIZ = 0, 1  # Ana Quintero lives in Southbank, Beatriz Okafor in Mill District


@pytest.fixture
def southbank(world) -> int:
    return world.orgs["southbank"]


@pytest.fixture
def hold_vera(world, southbank, clock):
    """Holds the volunteer to a list of those who live in Southbank, or to a task."""

    def hold(is_listed: bool = True, task: str | None = None, list_id: int | None = None) -> int | None:
        with db.transaction(southbank) as s:
            tree = {"all": [{"fact": "neighborhood", "comparison": "is", "value": "Southbank"}]}
            if is_listed and list_id is None:
                listed = Segment(org_id=southbank, id=db.new_id(), name="Southbank block", definition=tree, is_shared=False, updated_at=MONDAY)
                s.add(listed)
                list_id = listed.id
            give_grant(world.accounts["vera"], southbank, "volunteer", now=clock.now, list_id=list_id, task=task)
        return list_id

    return hold


# Rules ---------------------------------------------------------------------------------------------------------------


def test_a_short_name_is_a_first_name_and_one_initial():
    assert [short_name(*pair) for pair in (("Ana Maria", "de la Cruz"), ("", "Quintero"), ("Ana", ""), ("", "")) ] == ["Ana D.", "Q.", "Ana", ""]


def test_a_day_has_a_limit():
    assert may_reveal(Opened(MOST_A_DAY - 1), 1, Limits(), MONDAY) is None
    assert "40" in str(may_reveal(Opened(MOST_A_DAY), 1, Limits(), MONDAY))
    assert may_reveal(Opened(), 0, Limits(0), MONDAY) is not None


# One list ------------------------------------------------------------------------------------------------------------


def test_a_volunteer_of_a_list_sees_its_people_and_finds_no_other(signed_in, world, hold_vera):
    ana, beatriz = (world.people["southbank"][n] for n in (ANA, BEATRIZ))
    hold_vera()
    vera = signed_in("vera")
    page = vera.get("/people").text
    assert "Ana Q." in page and "Beatriz" not in page
    assert "Beatriz O" not in vera.get("/people?q=Beatriz").text
    assert "Beatriz" not in vera.get("/conversations/new").text
    assert vera.get(f"/people/{ana}").status_code == 200
    outside, nobody = vera.get(f"/people/{beatriz}"), vera.get("/people/1234567890")
    assert outside.status_code == nobody.status_code == 404
    assert outside.text.replace(str(beatriz), "") == nobody.text.replace("1234567890", "")
    with db.reading(world.orgs["southbank"]) as s:
        on_list = s.scalar(select(func.count()).select_from(Person).where(Person.neighborhood == "Southbank"))
        everyone = s.scalar(select(func.count()).select_from(Person))
    assert 0 < on_list < everyone
    assert len(set(re.findall(r'id="person-(\d+)"', page))) == on_list


def test_whoever_moves_off_the_list_is_out_of_sight_at_once(signed_in, world, hold_vera, southbank):
    ana = world.people["southbank"][ANA]
    hold_vera()
    vera = signed_in("vera")
    assert vera.get(f"/people/{ana}").status_code == 200
    with db.transaction(southbank) as s:
        s.get(Person, (southbank, ana)).neighborhood = "Mill District"
    assert vera.get(f"/people/{ana}").status_code == 404


def test_a_list_that_is_gone_leaves_nobody(signed_in, world, hold_vera):
    hold_vera(list_id=db.new_id())
    vera = signed_in("vera")
    assert vera.get("/people").status_code == 200
    assert vera.get(f"/people/{world.people['southbank'][ANA]}").status_code == 404


@pytest.mark.long
def test_a_very_long_list_is_one_value_of_a_statement(signed_in, hold_vera, southbank):
    """More people than a statement may have values on either database."""
    with db.transaction(southbank) as s:
        s.execute(Person.__table__.insert(), [
            {"org_id": southbank, "id": id, "given_name": "Many", "family_name": "More", "name_folded": "more many", "neighborhood": "Southbank",
             "updated_at": MONDAY, "created_at": MONDAY, "version": 1, "custom": {}, "standing": "contact", "rung": 0, "language": "en", "street": "",
             "city": "", "region": "", "postal_code": "", "source": "", "address_kind": "home", "pronouns": "", "other_languages": ""}
            for id in db.new_ids(70_000)
        ])
    hold_vera()
    assert signed_in("vera").get("/people").status_code == 200


# One task ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("task", "opens", "closed"),
    [
        ("calls", ("/people", "/assemblies"), ("/inbox", "/platforms", "/votes")),
        ("talks", ("/people", "/conversations/new"), ("/inbox", "/assemblies", "/platforms")),
        ("inbox", ("/inbox",), ("/people", "/assemblies", "/platforms", "/conversations/new")),
        ("door", ("/assemblies",), ("/people", "/inbox", "/platforms", "/conversations/new")),
    ],
)
def test_one_task_opens_its_own_pages_and_no_other(signed_in, hold_vera, task, opens, closed):
    hold_vera(is_listed=False, task=task)
    vera = signed_in("vera")
    assert [vera.get(url).status_code for url in opens] == [200] * len(opens)
    assert [vera.get(url).status_code for url in closed] == [403] * len(closed)
    first = vera.get("/")
    assert first.status_code == 302 and vera.get(first.location).status_code == 200, "the first page after signing in"


# Names and numbers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["vera", "rita"])
def test_volunteers_and_readers_see_first_name_initial_and_a_hidden_number(signed_in, world, name):
    browser, ana = signed_in(name), world.people["southbank"][ANA]
    number = show_phone(world.phones[ana])
    for url in ("/people", "/people?q=Ana", f"/people/{ana}", f"/people/{ana}/print", "/ladder"):
        page = browser.get(url).text
        assert "Quintero" not in page and number not in page and world.phones[ana] not in page, url
    assert "Ana Q." in browser.get(f"/people/{ana}").text
    assert "Quintero" in signed_in("omar").get(f"/people/{ana}").text


def test_the_rung_list_hides_where_people_live(signed_in, world, southbank):
    with db.transaction(southbank) as s:
        s.get(Person, (southbank, world.people["southbank"][ANA])).street = "14 Canal Street"
    vera = signed_in("vera")
    ana = world.people["southbank"][ANA]
    assert "14 Canal" not in vera.get(f"/people/{ana}").text
    assert "Ana Q." in vera.get("/people?f=street:is:nowhere").text, "a filter by street is not a way to find out"
    assert "14 Canal" in signed_in("omar").get(f"/people/{ana}").text


def test_one_press_opens_a_person_until_midnight_and_is_written_down(signed_in, world, southbank, clock):
    ana, vera = world.people["southbank"][ANA], signed_in("vera")
    number = show_phone(world.phones[ana])
    assert vera.get(f"/people/{ana}/opening").status_code == 405, "never by reading"
    for _ in range(2):
        assert vera.post(f"/people/{ana}/opening").status_code == 303
    page = vera.get(f"/people/{ana}").text
    assert "Ana Quintero" in page and number in page
    assert "Ana Quintero" in vera.get("/people").text
    assert number not in signed_in("rita").get(f"/people/{ana}").text, "opened by one, not by all"
    with db.reading(southbank) as s:
        assert s.scalar(select(func.count()).select_from(Reveal)) == 1, "once a day"
        told = s.scalars(select(Event).where(Event.verb == "person.revealed")).one()
        assert told.person_id == ana and number not in repr((told.before, told.after))
        assert s.scalars(select(AuditEntry).where(AuditEntry.verb == "person.revealed")).one().person_id == ana
    assert "Vera looked at the whole name" in signed_in("omar").get(f"/people/{ana}").text
    clock.move(hours=16)  # past midnight in Los Angeles
    assert number not in signed_in("vera").get(f"/people/{ana}").text


def test_a_day_has_a_limit_and_says_so(signed_in, world, southbank, clock):
    with db.transaction(southbank) as s:
        s.get(Organization, southbank).options = {"reveals_a_day": 2}
    vera, people = signed_in("vera"), world.people["southbank"]
    assert [vera.post(f"/people/{id}/opening").status_code for id in people[:2]] == [303, 303]
    refused = vera.post(f"/people/{people[2]}/opening")
    assert refused.status_code == 422
    assert "You opened 2 people today" in refused.text
    assert show_phone(world.phones[people[2]]) not in refused.text
    assert vera.post(f"/people/{people[0]}/opening").status_code == 303, "who is open stays open"
    assert signed_in("omar").post(f"/people/{people[2]}/opening").status_code == 303, "whoever sees everyone opens nobody"
    with db.reading(southbank) as s:
        assert s.scalar(select(func.count()).select_from(Reveal)) == 2
    clock.move(hours=16)
    assert signed_in("vera").post(f"/people/{people[2]}/opening").status_code == 303


def test_thirty_an_hour_and_forty_a_day_where_nothing_else_was_said(signed_in, southbank, clock):
    with db.transaction(southbank):
        people = [make_person(southbank, "Many", f"More {n}") for n in range(41)]
    vera = signed_in("vera")
    clock.move(minutes=1)
    codes = [vera.post(f"/people/{id}/opening").status_code for id in people[:31]]
    assert codes == [303] * 30 + [422]
    clock.move(minutes=45)
    refused = vera.post(f"/people/{people[30]}/opening")
    assert refused.status_code == 422 and "You opened 30 people in this hour" in refused.text and "In 15 minutes" in refused.text
    clock.move(minutes=15)
    codes = [vera.post(f"/people/{id}/opening").status_code for id in people[30:]]
    assert codes == [303] * 10 + [422]


def test_nobody_opens_another_organizations_person(signed_in, world, southbank):
    theirs = world.people["mill"][0]
    assert signed_in("vera").post(f"/people/{theirs}/opening").status_code == 404


def test_administrators_see_what_was_opened_with_counts(signed_in, world):
    vera, people = signed_in("vera"), world.people["southbank"]
    for id in people[:3]:
        vera.post(f"/people/{id}/opening")
    signed_in("rita").post(f"/people/{people[0]}/opening")
    page = signed_in("imani", org="southbank").get("/people/opened")
    row = re.search(r"Vera</a></th><td[^>]*>(\d+)</td><td[^>]*>(\d+)</td>", page.text)
    assert row.groups() == ("3", "3")
    assert page.text.count("Opened by Vera") == 3 and "Ana Quintero" in page.text
    of_rita = signed_in("imani", org="southbank").get(f"/people/opened?of={world.accounts['rita']}").text
    assert "Opened by Rita" in of_rita and "Opened by Vera" not in of_rita
    assert [signed_in(name).get("/people/opened").status_code for name in ("omar", "vera", "rita")] == [403] * 3


def test_a_link_after_opening_leads_only_home(signed_in, world):
    ana, vera = world.people["southbank"][ANA], signed_in("vera")
    assert vera.post(f"/people/{ana}/opening", data={"back": "//evil.example"}).location == f"/people/{ana}"
    assert vera.post(f"/people/{ana}/opening", data={"back": "/people?q=Ana"}).location == "/people?q=Ana"


def test_what_a_veiled_reader_does_costs_no_more_for_more_people(signed_in, southbank, count_queries):
    vera = signed_in("vera")
    vera.get("/people")
    with count_queries() as few:
        vera.get("/people")
    with db.transaction(southbank):
        for n in range(20):
            make_person(southbank, "Many", f"More {n}")
    with count_queries() as many:
        vera.get("/people")
    assert len(many) == len(few)
