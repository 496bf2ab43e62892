"""Rows that fit several people: ranked, answered all of a kind at once, taken back before anything is applied."""

import pytest
from sqlalchemy import func, select

from crm.infra import jobs
from crm.infra.clock import now
from crm.infra.db import session
from crm.infra.jobs import Job
from crm.kernel.refusal import Refused
from crm.people import actions, queries, rules
from crm.people import jobs as people_jobs
from crm.people.actions import answering
from crm.people.models import ImportRow, Note, Person
from crm.people.rules.candidates import closeness, in_order

# Two Zoes share a number and two Yans a name; two people of the file are the same human.
HERE = b"""Given name,Family name,Phone,City,VANID
Zoe,Ray,4155550195,Oakland,1
Zoe,Ray,4155550195,Berkeley,2
Yan,Li,4155550196,Oakland,3
Yan,Li,4155550197,Berkeley,4
"""
SHEET = b"""Given name,Family name,Phone,City,Notes
Zoe,Ray,4155550195,Berkeley,best is clear
Zoe,Ray,4155550195,,nobody is closer
Yan,Li,,,a bare name
Yan,Li,,Berkeley,a name and a town
"""


@pytest.fixture
def asked(bring) -> int:
    bring(HERE)
    return bring(SHEET, apply=False)


def rows(import_id: int) -> dict[int, ImportRow]:
    return {row.number: row for row in session().scalars(select(ImportRow).where(ImportRow.import_id == import_id))}


def answers(as_org, import_id: int) -> list[str]:
    """Of rows 2, 3, 4, …: "?", "new", "best" or another."""
    with as_org("southbank"):
        return ["best" if row.answer == str(row.plan.get("best")) else row.answer for _n, row in sorted(rows(import_id).items())]


def answer(browser, import_id: int, run_jobs, once: str, **said):
    done = browser.post(f"/people/imports/{import_id}/answers/all", data=said | {"once": once})
    run_jobs()
    return done


def test_who_comes_closest():
    row = rules.read_row(2, ["Zoe Ray", "4155550195", "1 Elm Street", "Oakland"], rules.Mapping(tuple("abcd"), ("full_name", "phone", "street", "city")))
    zoe, zo, other = (
        rules.KnownPerson(n, {"given_name": given, "family_name": "Ray", "street": "1 elm st", "city": city}, {"+14155550195"})
        for n, (given, city) in enumerate([("Zoe", "Oakland"), ("Zo", "Oakland"), ("Zoe", "Berkeley")], 1)
    )
    assert [closeness(row, one) for one in (zoe, zo, other)] == [10, 6, 9]
    assert in_order(row, [zo, other, zoe]) == ([zoe, other, zo], 1)
    assert in_order(row, [zo, zo])[1] is None, "where two are as close, nobody is the best"


def test_the_closest_stands_first_and_is_named(asked, omar, as_org):
    with as_org("southbank"):
        found = rows(asked)
        assert [found[n].plan["doubt"] for n in (2, 3, 4)] == ["contact", "contact", "name"]
        assert found[2].plan["best"] == found[2].plan["candidates"][0][0] and "best" not in found[3].plan
        assert found[5].outcome == "update", "a town tells namesakes apart"
    page = omar.get(f"/people/imports/{asked}").text
    assert "Answer all 3 at once" in page and page.count(", the best match") == 1


def test_all_of_a_kind_are_answered_and_taken_back(asked, omar, run_jobs, as_org):
    assert answer(omar, asked, run_jobs, "a", doubt="contact", all_are="new").status_code == 303
    assert answers(as_org, asked)[:3] == ["new", "new", "?"]
    page = omar.get(f"/people/imports/{asked}?show=asked").text
    assert "2 rows were said to be new people, by Omar." in page and "Answer all" not in page, "one that is left is answered by itself"
    assert omar.post(f"/people/imports/{asked}/answers/return", data={"number": "7", "once": "x"}).status_code == 422
    assert omar.post(f"/people/imports/{asked}/answers/return", data={"number": "1", "once": "b"}).status_code == 303
    run_jobs()
    assert answers(as_org, asked)[:3] == ["?", "?", "?"]
    with as_org("southbank") as actor:
        assert queries.count_outcomes(actor, asked)["asked"] == 3
        assert rows(asked)[2].plan["best"], "who they may be is still known"
    assert "said to be" not in omar.get(f"/people/imports/{asked}").text
    assert answer(omar, asked, run_jobs, "c", doubt="", all_are="best").status_code == 303
    assert answers(as_org, asked)[:3] == ["best", "?", "?"]


def test_what_somebody_answered_anew_stays_when_the_rest_is_taken_back(asked, omar, run_jobs, as_org):
    answer(omar, asked, run_jobs, "a", doubt="", all_are="new")
    omar.post(f"/people/imports/{asked}/answers", data={"row": "3", "answer": "new", "once": "b"})
    omar.post(f"/people/imports/{asked}/answers/return", data={"number": "1", "once": "c"})
    run_jobs()
    assert answers(as_org, asked)[:3] == ["?", "new", "?"]


def test_answered_rows_go_where_they_were_said_to_belong(asked, omar, run_jobs, as_org):
    """Two rows about one new human make one person."""
    answer(omar, asked, run_jobs, "a", doubt="contact", all_are="new")
    with as_org("southbank"):
        before = session().scalar(select(func.count()).select_from(Person))
    omar.post(f"/people/imports/{asked}/application", data={"once": "b"})
    run_jobs()
    with as_org("southbank"):
        assert session().scalar(select(func.count()).select_from(Person)) == before + 1
        noted = dict(session().execute(select(Note.body, Note.person_id)).all())
        assert noted["best is clear"] == noted["nobody is closer"] and "a bare name" not in noted


def test_best_matches_are_applied_to_the_people_who_are_here(asked, omar, run_jobs, as_org):
    answer(omar, asked, run_jobs, "a", doubt="", all_are="best")
    omar.post(f"/people/imports/{asked}/application", data={"once": "b"})
    run_jobs()
    with as_org("southbank"):
        owner = select(Note.person_id).where(Note.body == "best is clear").scalar_subquery()
        assert session().scalar(select(Person.city).where(Person.id == owner)) == "Berkeley"


def test_what_makes_no_sense_is_refused(asked, omar, run_jobs, signed_in, acting):
    assert answer(omar, asked, run_jobs, "a", doubt="", all_are="").status_code == 422
    assert answer(omar, asked, run_jobs, "b", doubt="weather", all_are="new").status_code == 422
    assert answer(omar, asked, run_jobs, "c", doubt="name", all_are="new").status_code == 303
    again = answer(omar, asked, run_jobs, "d", doubt="name", all_are="new")
    assert again.status_code == 422 and "No row of this kind waits" in again.text
    for path in ("answers/all", "answers/return"):
        assert signed_in("dolores").post(f"/people/imports/{asked}/{path}", data={"all_are": "new", "number": "1", "once": path}).status_code == 404
        assert signed_in("vera").post(f"/people/imports/{asked}/{path}", data={"all_are": "new", "number": "1", "once": path}).status_code == 403
    with acting("southbank", "imani") as actor, pytest.raises(Refused):
        actions.answer_all(actor, asked, "name", "best of all", now=now())


def test_many_rows_in_lots_stopped_and_gone_on_with(bring, omar, run_jobs, as_org, acting, monkeypatch):
    monkeypatch.setattr(answering, "AT_ONCE", 2)
    monkeypatch.setattr(people_jobs, "STEP", 0)
    bring(HERE)
    import_id = bring(b"Given name,Family name,Notes\n" + b"".join(f"Yan,Li,note {n}\n".encode() for n in range(7)), apply=False)
    step = jobs.STEPS["people.answer_import"]

    def presses_stop(run, **arguments):
        outcome = step(run, **arguments)
        with acting("southbank") as actor:
            jobs.stop_job(actor, run.job_id, now=now())
        return outcome

    monkeypatch.setitem(jobs.STEPS, "people.answer_import", presses_stop)
    answer(omar, import_id, run_jobs, "a", doubt="", all_are="new")
    assert 0 < answers(as_org, import_id).count("new") < 7
    page = omar.get(f"/people/imports/{import_id}").text
    assert "Go on" in page
    monkeypatch.setitem(jobs.STEPS, "people.answer_import", step)
    assert omar.post(f"/people/imports/{import_id}/application", data={"once": "go"}).status_code == 303
    run_jobs()
    assert answers(as_org, import_id) == ["new"] * 7
    with as_org("southbank"):
        assert session().scalars(select(Job.state).where(Job.kind == "people.answer_import").order_by(Job.id)).all() == ["stopped", "done"]
    assert "7 rows were said to be new people" in omar.get(f"/people/imports/{import_id}?show=asked").text
