"""Lists at work: rows changed in place, the next person, whole lists changed and taken back, exports that two must agree to, paper."""

import csv
import io
import re
import sys

import pytest
import python_calamine
from sqlalchemy import func, select

from crm.accounts.actions import add_account, give_grant
from crm.infra import jobs, sealing
from crm.infra.audit import Event
from crm.infra.db import new_id, session, transaction
from crm.people import actions, queries
from crm.people.actions.sheets import inert
from crm.people.models import BulkChange, Export, Household, Note, Person, Snapshot, StandingChange
from tests.clients import form_of
from tests.factories import make_person
from tests.people.conftest import actor_now
from tests.people.test_segments import save, tree

EVERYONE = {"all": []}


def tag(acting, people: list[int], name: str = "Steward") -> None:
    with acting("southbank", "omar") as actor:
        actions.tag_people(actor, people, name, now=actor_now())


def how_many(as_org, *where) -> int:
    with as_org("southbank"):
        return session().scalar(select(func.count()).select_from(Person).where(*where))


def names_in(page: str) -> list[int]:
    return [int(id) for id in re.findall(r'<tr id="person-(\d+)"', page)]


# --- the working list ------------------------------------------------------------------------------------------------


def test_a_list_remembers_its_columns_and_brings_each_in_one_query(signed_in, acting, count_queries, world):
    tag(acting, world.people["southbank"][:4])
    id, browser = save(acting, "All", EVERYONE), signed_in("omar")
    every = re.findall(r'name="column" value="([\w:]+)"', browser.get(f"/people?list={id}").text)
    assert len(every) > 20
    assert browser.post(f"/people/lists/{id}/columns", data={"column": ["city", "tags", "talked"], "once": "c"}).status_code == 303
    page = browser.get(f"/people?list={id}").text
    assert re.findall(r'<th scope="col">([^<]+)</th>', page) == ["Person", "City", "Tags", "Last one-on-one"]
    assert page.count("Steward</td>") == 4
    browser.post(f"/people/lists/{id}/columns", data={"column": every[:20], "once": "d"})
    with count_queries() as seen:
        browser.get(f"/people?list={id}")
    with_few = len(seen)
    with acting("southbank") as actor:
        session().add_all(
            Person(org_id=actor.org_id, given_name="More", family_name=f"P{n}", name_folded=f"p{n:03} more", updated_at=actor_now()) for n in range(30)
        )
    with count_queries() as seen:
        browser.get(f"/people?list={id}")
    assert len(seen) == with_few <= 34


@pytest.mark.parametrize("order", ["name", "ladder", "newest", "neighborhood", "standing"])
def test_each_order_pages_by_key_and_walks_from_person_to_person(signed_in, acting, order):
    with acting("southbank") as actor:
        session().add_all(
            Person(org_id=actor.org_id, given_name="W", family_name=f"P{n}", name_folded=f"p{n % 7} w", rung=n % 6, updated_at=actor_now(),
                   neighborhood=("Mill", "", "Harbor")[n % 3], standing=("member", "contact")[n % 2]) for n in range(60)
        )
    browser = signed_in("omar")
    page = browser.get(f"/people?order={order}").text
    first = names_in(page)
    more = re.search(r'href="(/people\?[^"]*after=[^"]*)">Next people', page).group(1).replace("&amp;", "&")
    whole = first + names_in(browser.get(more).text)
    assert len(whole) == len(set(whole)) == 72
    for here, there in ((0, 1), (10, 11), (49, 50)):
        answer = browser.get(f"/people/{whole[here]}/neighbor?order={order}")
        assert answer.status_code == 303 and f"/people/{whole[there]}?" in answer.location
        assert f"/people/{whole[here]}?" in browser.get(f"/people/{whole[there]}/neighbor?order={order}&back=1").location
    assert browser.get(f"/people/{whole[-1]}/neighbor?order={order}").location.split("?")[0] == "/people"
    assert "Next person" in browser.get(answer.location).text


def test_a_row_is_changed_in_place(signed_in, as_org, world, acting):
    id, browser = world.people["southbank"][0], signed_in("omar")
    page = browser.get(f"/people?edit={id}").text
    form = form_of(page, "Add a note")
    data = form | {"standing": "lapsed", "assessment": "2", "tag": "Captain", "note": "Call after six"}
    answer = browser.post(f"/people/{id}/row", data=data)
    assert answer.status_code == 303 and answer.location.endswith(f"#person-{id}")
    assert browser.post(f"/people/{id}/row", data=data).location == answer.location
    with as_org("southbank") as actor:
        person = queries.person_for(actor, id)
        assert (person.standing, person.assessment) == ("lapsed", 2)
        assert session().scalar(select(func.count()).select_from(Note)) == 1
        assert session().scalars(select(StandingChange.standing).where(StandingChange.person_id == id)).all()[-1] == "lapsed"
    before = events(as_org)
    untouched = form_of(browser.get(f"/people?edit={id}").text, "Add a note")
    assert browser.post(f"/people/{id}/row", data=untouched).status_code == 303
    assert events(as_org) == before
    wrong = browser.post(f"/people/{id}/row", data=untouched | {"standing": "king", "note": "kept", "once": "w"})
    assert wrong.status_code == 422 and 'value="kept"' in wrong.text
    assert signed_in("vera").post(f"/people/{id}/row", data={"standing": "member"}).status_code == 403
    assert browser.post(f"/people/{world.people['mill'][0]}/row", data={"standing": "member"}).status_code == 404


def events(as_org) -> int:
    with as_org("southbank"):
        return session().scalar(select(func.count()).select_from(Event))


# --- everyone at once ------------------------------------------------------------------------------------------------


def test_a_tag_for_a_whole_list_with_preview_progress_and_undo(signed_in, acting, run_jobs, as_org, world):
    tag(acting, world.people["southbank"][:3])
    id, browser = save(acting, "All", EVERYONE), signed_in("omar")
    said = {"list": id, "kind": "tag", "tag": "steward", "standing": "member", "once": "p"}
    seen = browser.post("/people/all", data=said)
    assert seen.status_code == 200
    assert "12 people are in this list." in seen.text and "3 of them already have it." in seen.text and "9 change." in seen.text
    assert how_many(as_org, queries.already("tag", "steward")) == 3
    begun = browser.post("/people/all", data=form_of(seen.text, 'name="go"') | {"go": "1"})
    assert begun.status_code == 303 and "Working on it" in browser.get(begun.location).text
    again = browser.post(f"{begun.location}/undo", data={"once": "early"})
    assert again.status_code == 422 and "still at work" in again.text
    run_jobs()
    page = browser.get(begun.location).text
    assert "12 people looked at" in page and "9 people changed" in page
    assert how_many(as_org, queries.already("tag", "steward")) == 12
    actions_by_hand = world.people["southbank"][11]
    browser.post(f"/people/{actions_by_hand}/tags/removal", data={"tag": "Steward", "once": "h"})
    undone = browser.post(f"{begun.location}/undo", data={"once": "u"})
    run_jobs()
    page = browser.get(undone.location).text
    assert "This was taken back." in page and "1 person was changed again since, and stays." in page
    assert how_many(as_org, queries.already("tag", "steward")) == 3
    assert browser.post(f"{begun.location}/undo", data={"once": "u2"}).status_code == 422
    assert "Taken back" in browser.get("/people/changes").text


def test_a_standing_for_a_whole_list_shrinks_the_list_and_still_reaches_all(signed_in, acting, run_jobs, as_org, world):
    """The list asks for what the change changes; each person is met once, and the way back restores their history."""
    before = standings(as_org)
    with acting("southbank", "omar") as actor:
        change = actions.start_bulk(actor, None, tree(("standing", "is", "member")), "", "standing", "lapsed", now=actor_now())
    members = sum(standing == "member" for standing, _since in before.values())
    run_jobs()
    assert sum(standing == "lapsed" for standing, _since in standings(as_org).values()) == members > 2
    browser = signed_in("omar")
    browser.post(f"/people/changes/{change}/undo", data={"once": "u"})
    run_jobs()
    assert {id: standing for id, (standing, _s) in standings(as_org).items()} == {id: standing for id, (standing, _s) in before.items()}


def standings(as_org) -> dict:
    with as_org("southbank"):
        return {id: (standing, since) for id, standing, since in session().execute(select(Person.id, Person.standing, Person.member_since))}


def test_a_stop_leaves_what_is_done_and_a_killed_step_is_made_once(acting, as_org, world, monkeypatch, run_jobs, signed_in):
    monkeypatch.setattr(sys.modules["crm.people.actions.bulk"], "AT_ONCE", 2)
    monkeypatch.setattr(sys.modules["crm.people.jobs"], "STEP", 0)
    with acting("southbank", "omar") as actor:
        change = actions.start_bulk(actor, None, EVERYONE, "", "tag", "Half", now=actor_now())
    jobs.run_due(5)  # a lot of two in each step
    with as_org("southbank") as actor:
        found, _kept = queries.bulk_for(actor, change)
        assert (found.looked_at, found.changed) == (10, 10)
        job = found.job_id
    browser = signed_in("omar")
    browser.post(f"/jobs/{job}/stop")
    run_jobs()
    assert how_many(as_org, queries.already("tag", "half")) == 10
    page = browser.get(f"/people/changes/{change}").text
    assert "Stopped" in page and "Take this back" in page
    browser.post(f"/people/changes/{change}/undo", data={"once": "u"})
    run_jobs()
    assert how_many(as_org, queries.already("tag", "half")) == 0


@pytest.mark.parametrize(
    "said", [{"kind": "tag", "tag": ""}, {"kind": "standing", "standing": "king"}, {"kind": "", "tag": "x"}, {"kind": "untag", "tag": "a, b"}]
)
def test_a_change_that_makes_no_sense_is_refused(signed_in, said):
    data = {"standing": "member"} | said
    for press in ({}, {"go": "1"}):
        assert signed_in("omar").post("/people/all", data=data | press | {"once": str(press)}).status_code == 422
    assert signed_in("vera").post("/people/all", data=data).status_code == 403


def test_nobody_in_the_list_is_no_change(acting, as_org):
    with as_org("southbank"):
        assert not session().scalars(select(BulkChange)).all()


# --- exports ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def second(world):
    """A second administrator of Southbank."""
    with transaction():
        account = add_account("second@second.example", "Second", "a long enough phrase", now=actor_now())
        give_grant(account, world.orgs["southbank"], "administrator", now=actor_now())
    return "second"


def ask(browser, once: str = "e", **more):
    data = {"columns": ["given_name", "family_name", "phone", "standing"], "format": "csv", "reason": "Letters for March", "once": once} | more
    return browser.post("/people/exports", data=data)


def test_an_export_is_sealed_fetched_once_and_gone(signed_in, run_jobs, as_org, acting, world):
    with acting("southbank") as actor:
        session().get(Person, (actor.org_id, world.people["southbank"][0])).given_name = "=HYPERLINK(1)"
    browser = signed_in("imani", "southbank")
    assert ask(browser, columns=[], once="a").status_code == 422 and ask(browser, reason=" ", once="b").status_code == 422
    asked = ask(browser)
    assert asked.status_code == 303
    run_jobs()
    assert "Ready to fetch" in browser.get(asked.location).text
    with as_org("southbank"):
        kept = session().scalars(select(Export)).one()
        assert b"Quintero" not in kept.content and b"Given" not in kept.content
        plain = sealing.unseal(kept.content).decode("utf-8-sig")
    answer = browser.post(f"{asked.location}/file", data={"once": "f"})
    assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.text == "\ufeff" + plain
    rows = list(csv.reader(io.StringIO(plain)))
    assert len(rows) == 13 and rows[0] == ["Given name", "Family name", "Phone", "Standing"]
    assert "'=HYPERLINK(1)" in {row[0] for row in rows}
    assert browser.post(f"{asked.location}/file", data={"once": "g"}).status_code == 422
    with as_org("southbank"):
        kept = session().scalars(select(Export)).one()
        assert kept.state == "gone" and kept.content is None
        verbs = set(session().scalars(select(Event.verb).where(Event.verb.startswith("export."))))
        assert verbs == {"export.asked", "export.ready", "export.fetched"}
        assert session().scalars(select(Snapshot)).one().size == 12
    assert "Letters for March" in browser.get("/people/exports").text


def test_a_file_that_nobody_fetches_is_gone_after_a_day(signed_in, run_jobs, as_org, clock):
    browser = signed_in("imani", "southbank")
    asked = ask(browser)
    run_jobs()
    clock.move(hours=24, minutes=1)
    browser = signed_in("imani", "southbank")
    assert browser.post(f"{asked.location}/file", data={"once": "late"}).status_code == 422
    run_jobs()
    with as_org("southbank"):
        kept = session().scalars(select(Export)).one()
        assert kept.state == "gone" and kept.content is None


def test_a_long_export_needs_a_second_person(signed_in, run_jobs, as_org, monkeypatch, second):
    """P9: nobody takes a long list out alone."""
    monkeypatch.setattr(sys.modules["crm.people.actions.exports"], "ALONE", 5)
    imani, other = signed_in("imani", "southbank"), signed_in(second)
    asked = ask(imani, format="xlsx")
    run_jobs()
    page = imani.get(asked.location).text
    assert "Waits for a second person" in page and "Agree</button>" not in page
    alone = imani.post(f"{asked.location}/decision", data={"agrees": "1", "once": "self"})
    assert alone.status_code == 422 and "Someone else must agree" in alone.text
    assert "Agree</button>" in other.get(asked.location).text
    assert other.post(f"{asked.location}/decision", data={"agrees": "1", "once": "yes"}).status_code == 303
    run_jobs()
    assert other.post(f"{asked.location}/file", data={"once": "theirs"}).status_code == 422
    answer = imani.post(f"{asked.location}/file", data={"once": "mine"})
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert len(rows) == 13 and rows[0][:2] == ["Given name", "Family name"]
    refused = ask(imani, once="again")
    assert other.post(f"{refused.location}/decision", data={"agrees": "0", "once": "no"}).status_code == 303
    run_jobs()
    assert "Refused" in imani.get(refused.location).text
    assert imani.post(f"{refused.location}/file", data={"once": "still"}).status_code == 422


@pytest.mark.parametrize("name", ["omar", "vera", "rita"])
def test_who_may_not_export(signed_in, name):
    browser = signed_in(name)
    for path in ("/people/exports", "/people/exports/new", "/people/exports/1"):
        assert browser.get(path).status_code == 403
    assert ask(browser).status_code == 403


def test_cells_are_inert():
    for text in ("=1+1", "+1", "-1", "@x", "\t=1", " =1", "\r=2"):
        assert inert(text).startswith("'")
    assert inert("Ana") == "Ana" and inert("415-555-0100") == "415-555-0100"


def test_the_ring_of_keys_turns(app):
    """P7: what was sealed before stays readable, and can be brought under the new key."""
    sealed = sealing.seal(b"Rosalba")
    assert b"Rosalba" not in sealed
    first = sealing.keys()
    assert sealing.rotate() == len(first) + 1 and sealing.keys()[1:] == first
    assert sealing.unseal(sealed) == b"Rosalba" and sealing.unseal(sealing.reseal(sealed)) == b"Rosalba"
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(b"nonsense")


# --- paper -----------------------------------------------------------------------------------------------------------


def test_a_call_sheet_keeps_households_together_and_masks_for_volunteers(signed_in, acting, world, as_org):
    people = world.people["southbank"]
    with acting("southbank") as actor:
        home = Household(id=new_id(), org_id=actor.org_id, name="Quintero")
        session().add(home)
        session().flush()
        for id in (people[0], people[7]):
            session().get(Person, (actor.org_id, id)).household_id = home.id
    id = save(acting, "All", EVERYONE)
    sheet = signed_in("omar").post("/people/prints", data={"list": id, "kind": "calls", "once": "p"})
    page = signed_in("omar").get(sheet.location).text
    assert page.count('<tbody class="pl-home">') == 11 and "2 in this household" in page and re.search(r"\d{3}-555-\d{4}", page)
    masked = signed_in("vera").post("/people/prints", data={"list": id, "kind": "labels", "once": "p"})
    page = signed_in("vera").get(masked.location).text
    assert "Call sheet" in page and "•••" in page and not re.search(r"\d{3}-555-\d{4}", page)
    assert signed_in("vera").get(sheet.location).status_code == 404
    with as_org("southbank"):
        assert sorted(session().scalars(select(Snapshot.purpose))) == ["calls", "calls"]


def test_labels_are_one_for_each_household_with_an_address(signed_in, acting, world):
    people = world.people["southbank"]
    with acting("southbank") as actor:
        for id in people[:3]:
            person = session().get(Person, (actor.org_id, id))
            person.street, person.city, person.region, person.postal_code = "12 Elm Street", "Port Callan", "CA", "94001"
    sheet = signed_in("omar").post("/people/prints", data={"kind": "labels", "once": "p"})
    page = signed_in("omar").get(sheet.location).text
    assert page.count("<address>") == 3 and "9 households have no street address" in page and "Port Callan, CA 94001" in page


def test_printing_twice_is_once(signed_in, as_org):
    browser = signed_in("omar")
    first, again = (browser.post("/people/prints", data={"kind": "calls", "once": "same"}) for _ in range(2))
    assert first.location == again.location
    with as_org("southbank"):
        assert session().scalar(select(func.count()).select_from(Snapshot)) == 1
    assert browser.post("/people/prints", data={"kind": "calls", "q": "nobody like this", "once": "none"}).status_code == 422


def test_pages_in_spanish(signed_in, acting, run_jobs):
    id, browser = save(acting, "All", EVERYONE), signed_in("imani", "southbank")
    asked = ask(browser)
    run_jobs()
    printed = browser.post("/people/prints", data={"list": id, "kind": "calls", "once": "p"}).location
    of_list = [f"/people/{page}?list={id}" for page in ("all", "exports/new", "prints/new")]
    for path in (*of_list, "/people/changes", "/people/exports", asked.location, printed):
        answer = browser.get(f"{path}{'&' if '?' in path else '?'}lang=es")
        assert answer.status_code == 200 and 'lang="es"' in answer.text




def test_the_count_of_a_large_list_stands_for_a_moment_and_only_for_its_own(as_org, acting, world, monkeypatch):
    """A million is not counted anew for each page; a small list is, and nobody sees another's count."""
    from crm.people.queries import lists  # noqa: PLC0415

    def count(org: str) -> int:
        with as_org(org) as actor:
            return queries.count_everyone(actor)[0]

    def add() -> None:
        with acting("southbank"):
            make_person(world.orgs["southbank"], "Nadia", "Haddad", now=actor_now())

    here, there = count("southbank"), count("mill")
    add()
    assert count("southbank") == here + 1, "a small list is counted each time"
    monkeypatch.setattr(lists, "LARGE", 1)
    monkeypatch.setattr(lists, "_counted", {})
    assert count("southbank") == here + 1
    add()
    assert (count("southbank"), count("mill")) == (here + 1, there)
    monkeypatch.setattr(lists, "monotonic", lambda later=lists.monotonic() + lists.STANDS_FOR + 1: later)
    assert count("southbank") == here + 2
