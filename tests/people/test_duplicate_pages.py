"""Duplicates through their pages and their job."""

import pytest
from sqlalchemy import select

from crm.infra.clock import now
from crm.infra.db import session
from crm.infra.jobs import Job
from crm.people import actions
from crm.people.models import Duplicate, Merge, Person
from tests.clients import form_of

ROSA = {"given_name": "Rosalba", "family_name": "Quintero", "phones": ["415-555-0171"], "street": "12 Oak Street", "city": "Oakland", "postal_code": "94601"}


def add(acting, *people, org="southbank") -> list[int]:
    with acting(org, "imani") as actor:
        return [actions.add_person(actor, ROSA | more, now=now()) for more in people]


@pytest.fixture
def twins(acting, run_jobs) -> list[int]:
    ids = add(acting, {"emails": ["rosalba@x.example"], "tags": ["steward"]}, {"given_name": "Rosalva", "tags": ["captain"]})
    run_jobs()
    return ids


def open_pairs(as_org, org="southbank") -> list[tuple[int, int]]:
    with as_org(org):
        return [tuple(row) for row in session().execute(select(Duplicate.first_id, Duplicate.second_id).where(Duplicate.state == "open"))]


def test_new_people_are_looked_at_and_edits_withdraw(twins, acting, as_org, run_jobs):
    assert open_pairs(as_org) == [tuple(twins)]
    with acting("southbank") as actor:
        other = {"given_name": "Hanh", "family_name": "Nguyen", "phones": ["415-555-0172"], "street": "9 Elm St"}
        actions.edit_person(actor, twins[1], other, 1, now=now())
    run_jobs()
    assert open_pairs(as_org) == []


def test_many_edits_are_one_job(acting, as_org):
    add(acting, *({"given_name": f"P{n}", "phones": []} for n in range(5)))
    with as_org("southbank") as actor:
        jobs = session().scalars(select(Job).where(Job.org_id == actor.org_id, Job.kind == "people.duplicates")).all()
        assert [len(job.arguments["people"]) for job in jobs] == [5]


def test_the_whole_list_is_searched_in_the_background(signed_in, acting, as_org, run_jobs, world):
    ids = add(acting, {}, {"given_name": "Rosalva"})
    with acting("southbank"):
        for job in session().scalars(select(Job).where(Job.kind == "people.duplicates")):
            job.state = "stopped"
        session().add(Duplicate(org_id=world.orgs["southbank"], first_id=world.people["southbank"][0], second_id=world.people["southbank"][1], score=900))
    browser = signed_in("imani", "southbank")
    page = browser.get("/people/duplicates").text
    for _press in range(2):
        assert browser.post("/people/duplicates/search", data=form_of(page, "duplicates/search")).status_code == 303
    run_jobs()
    assert open_pairs(as_org) == [tuple(ids)]
    assert "Last searched whole" in browser.get("/people/duplicates").text
    with as_org("southbank"):
        assert len(session().scalars(select(Job).where(Job.kind == "people.duplicates", Job.key.is_not(None))).all()) == 1


def test_a_stopped_search_changes_nothing(signed_in, acting, as_org, run_jobs):
    add(acting, {}, {"given_name": "Rosalva"})
    with acting("southbank") as actor:
        for job in session().scalars(select(Job).where(Job.kind == "people.duplicates")):
            job.state = "stopped"
        session().get(Job, actions.look_at_everyone(actor, now=now())).is_stop_asked = True
    run_jobs()
    assert open_pairs(as_org) == []


def test_an_import_is_searched_when_it_is_in(bring, as_org, twins):
    bring(b"First name,Last name,Mobile,Street\nRosa Alba,Quintero,,12 Oak Street\n", existing="new")
    with as_org("southbank"):
        assert session().scalars(select(Job).where(Job.kind == "people.duplicates", Job.state == "done", Job.arguments.is_not(None))).all()
    assert len(open_pairs(as_org)) >= 1


def test_side_by_side_dismissed_for_good_and_brought_back(twins, signed_in, acting, as_org, run_jobs):
    browser = signed_in("imani", "southbank")
    assert 'class="pl-count">1<' in browser.get("/people").text
    page = browser.get("/people/duplicates").text
    for words in ("same phone", "Rosalba Quintero", "Rosalva Quintero", "rosalba@x.example", "steward"):
        assert words in page
    form = form_of(page, "/dismissal")
    [pair_id] = ids_of(as_org)
    for _press in range(2):
        assert browser.post(f"/people/duplicates/{pair_id}/dismissal", data=form).status_code == 303
    assert "There is nothing to look at." in browser.get("/people/duplicates").text
    with acting("southbank") as actor:
        actions.edit_person(actor, twins[0], {"given_name": "Rosalba M"}, 1, now=now())
        actions.look_at_everyone(actor, now=now())
    run_jobs()
    assert open_pairs(as_org) == []
    back = browser.get("/people/duplicates?show=dismissed").text
    assert browser.post(f"/people/duplicates/{pair_id}/return", data=form_of(back, "/return")).status_code == 303
    assert open_pairs(as_org) == [tuple(twins)]


def ids_of(as_org) -> list[int]:
    with as_org("southbank"):
        return list(session().scalars(select(Duplicate.id)))


def test_merging_by_page_leads_on_and_back(twins, signed_in, acting, as_org, run_jobs):
    add(acting, {"given_name": "Bo", "family_name": "Li", "phones": ["415-555-0173"]}, {"given_name": "Bo", "family_name": "Li", "phones": ["415-555-0173"]})
    run_jobs()
    browser = signed_in("imani", "southbank")
    first = browser.get("/people/merge", follow_redirects=True)
    assert "One person or several?" in first.text and "Skip for now" in first.text
    page = browser.get(f"/people/merge?person={twins[0]}&person={twins[1]}&pair={pair_of(as_org, twins)}").text
    form = merge_form(page, twins) | {"keep-given_name": str(twins[1])}
    for _press in range(2):
        answer = browser.post("/people/merge", data=form)
        assert answer.status_code == 303 and "/people/merge?pair=" in answer.location
    with as_org("southbank") as actor:
        assert len(session().scalars(select(Merge)).all()) == 1
        assert session().get(Person, (actor.org_id, twins[0])).given_name == "Rosalva"
    for page in ("", "/edit", "/print"):
        assert browser.get(f"/people/{twins[1]}{page}").location == f"/people/{twins[0]}{page}"
    person = browser.get(f"/people/{twins[0]}").text
    assert "steward" in person and "captain" in person and "merged 2 records into this one" in person
    merges = browser.get("/people/merges").text
    undo = f"/people/merges/{merge_id(as_org)}/undo"
    for _press in range(2):
        assert browser.post(undo, data=form_of(merges, undo)).status_code == 303
    assert "Taken apart again" in browser.get("/people/merges").text
    assert browser.get(f"/people/{twins[1]}").status_code == 200
    assert browser.post(undo, data={"once": "another"}).status_code == 422


def merge_form(page: str, ids: list[int]) -> dict:
    return form_of(page, "version-") | {"person": [str(id) for id in ids]}


def pair_of(as_org, ids) -> int:
    with as_org("southbank"):
        return session().scalars(select(Duplicate.id).where(Duplicate.first_id == min(ids))).one()


def merge_id(as_org) -> int:
    with as_org("southbank"):
        return session().scalars(select(Merge.id)).one()


def test_three_records_become_one(acting, signed_in, as_org, run_jobs):
    ids = add(acting, {}, {"given_name": "Rosalva"}, {"given_name": "Rosalba", "emails": ["r@x.example"]})
    run_jobs()
    browser = signed_in("imani", "southbank")
    page = browser.get("/people/duplicates").text
    assert "Merge all 3" in page
    page = browser.get("/people/merge", follow_redirects=True).text
    assert page.count("Leave this one out") == 3
    assert browser.post("/people/merge", data=merge_form(page, ids)).status_code == 303
    assert open_pairs(as_org) == []
    with as_org("southbank"):
        assert session().scalars(select(Person.id).where(Person.id.in_(ids))).all() == [ids[0]]


def test_what_was_changed_meanwhile_is_looked_at_again(twins, signed_in, acting):
    browser = signed_in("imani", "southbank")
    page = browser.get(f"/people/merge?person={twins[0]}&person={twins[1]}").text
    with acting("southbank") as actor:
        actions.edit_person(actor, twins[1], {"pronouns": "she"}, 1, now=now())
    answer = browser.post("/people/merge", data=merge_form(page, twins))
    assert answer.status_code == 422 and "was changed meanwhile" in answer.text
    assert browser.post("/people/merge", data=merge_form(answer.text, twins) | {"once": "again"}).status_code == 303


def test_nobody_else_sees_or_decides(twins, signed_in, as_org, world):
    pair_id = ids_of(as_org)[0]
    paths = (f"/people/duplicates/{pair_id}/dismissal", f"/people/duplicates/{pair_id}/return")
    for name in ("vera", "rita", "stranger"):
        browser = signed_in(name)
        for path in paths:
            assert browser.post(path, data={"once": path}).status_code in (403, 404)
        assert browser.get(f"/people/merge?person={twins[0]}&person={twins[1]}").status_code in (403, 404)
    assert "Rosalba" not in signed_in("stranger").get("/people/duplicates").text
    foreign = {"person": [str(twins[0]), str(world.people["mill"][0])], "kept": str(twins[0]), "once": "x"}
    assert signed_in("imani", "southbank").post("/people/merge", data=foreign).status_code in (404, 422)


@pytest.mark.parametrize("typed", ["", "person=1", "person=x&person=-1", "person=99999999999999999999&person=2", "person=1&person=2&pair=zzz", "pair=7"])
def test_addresses_that_somebody_made_up(signed_in, typed):
    assert signed_in("imani", "southbank").get(f"/people/merge?{typed}").status_code in (303, 404)


def test_fields_that_somebody_made_up(twins, signed_in, as_org):
    browser = signed_in("imani", "southbank")
    odd = {"kept": str(twins[0]), "person": [str(id) for id in twins], "keep-given_name": "7", "keep-id": str(twins[1]), "keep-org_id": "1", "version-x": "1"}
    odd |= {f"version-{id}": "1" for id in twins} | {"keep-custom:<b>": str(twins[1]), "once": "odd"}
    assert browser.post("/people/merge", data=odd).status_code == 303
    with as_org("southbank") as actor:
        assert session().get(Person, (actor.org_id, twins[0])).given_name == "Rosalba"


def test_the_list_costs_the_same_for_more_candidates(acting, signed_in, run_jobs, count_queries):
    def cost() -> int:
        browser.get("/people/duplicates")
        with count_queries() as seen:
            assert browser.get("/people/duplicates").status_code == 200
        return len(seen)

    browser = signed_in("imani", "southbank")
    add(acting, {}, {})
    run_jobs()
    few = cost()
    for n in range(12):
        twin = {"given_name": f"Zoe{chr(97 + n)}", "family_name": f"Mar{chr(97 + n)}in", "phones": [f"415-555-01{n:02}"], "street": f"{n} Elm"}
        add(acting, twin, twin)
    run_jobs()
    assert cost() == few
