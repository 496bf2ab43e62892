"""With government through HTTP: questions with their day, answers, who stands behind it, and the four kinds of weather."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from crm.assemblies.models import AssemblyAddress, AssemblyTask, InformationRequest, PoliticalScenario
from crm.assemblies.rules import government
from crm.infra.db import session
from tests.clients import form_of, place_of
from tests.turnout.conftest import hall

__all__ = ["hall"]
TODAY = date(2026, 11, 23)


def press(browser, page, contains, **typed):
    html = browser.get(page).text
    found = next(form for form in re.findall(r"<form\b.*?</form>", html, re.S) if contains in form)
    return browser.post(re.search(r'action="([^"]+)"', found).group(1), data=form_of(html, contains) | typed)


def test_a_question_is_asked_is_overdue_and_is_answered(signed_in, client, hall, clock, as_org):
    browser, page = signed_in("omar"), f"/assemblies/{hall.id}/government"
    assert "Nothing has been asked yet." in browser.get(page).text
    wrong = press(browser, page, 'name="question"', question=" ", asked_of="", due_on="soon")
    assert wrong.status_code == 422 and "4 things" not in wrong.text and "3 things" in wrong.text
    typed = {"question": "How many units stand empty?", "asked_of": "Housing Department", "asked_by": "content", "due_on": "2026-12-01"}
    past = press(browser, page, 'name="question"', **typed | {"due_on": "2020-01-01"})
    assert past.status_code == 422 and "today or later" in past.text
    assert place_of(browser, press(browser, page, 'name="question"', **typed)).startswith("request-")
    assert "Waiting" in browser.get(page).text
    clock.move(days=9)
    assert "Overdue" in signed_in("omar").get(page).text
    browser = signed_in("omar")
    early = press(browser, page, 'name="answer"', answer="1,204", answered_on="2026-11-01", is_refused="y")
    kept = form_of(early.text, 'id="answered_on"')
    assert (kept["answered_on"], kept["is_refused"]) == ("2026-11-01", "y") and 'href="#answered_on"' in early.text, "kept, and the problem leads to it"
    assert early.status_code == 422 and "Choose the day of the answer, not before" in early.text and "1,204" in early.text
    assert press(browser, page, 'name="answer"', answer="1,204 units.", answered_on="2026-12-02").status_code == 303
    assert "Answered late" in browser.get(page).text and "1,204 units." in browser.get(page).text
    refused = press(browser, page, 'name="answer"', answer="They will not say.", answered_on="2026-12-02", is_refused="y")
    assert refused.status_code == 303 and "Refused" in browser.get(page).text
    with as_org("southbank"):
        request = session().scalar(select(InformationRequest.id))
    assert browser.post(f"{page}/requests/{request}/removal").status_code == 422, "what was answered stays"


def test_everyone_reads_it_on_the_public_page(signed_in, client, hall, acting):
    browser, page = signed_in("omar"), f"/assemblies/{hall.id}/government"
    gone = press(browser, page, 'name="question"', question="Never mind?", asked_of="Mayor", due_on="2026-12-24")
    assert gone.status_code == 303 and press(browser, page, "Take this question out").status_code == 303
    assert press(browser, page, 'name="question"', question="Who owns Canal Street 12?", asked_of="Registry", due_on="2026-12-24").status_code == 303
    assert press(browser, page, 'name="who"', kind="pays", who="", amount="a lot").status_code == 422
    paid = press(browser, page, 'name="who"', kind="pays", who="The Harbor Fund", what_for="meals and childcare", amount="12,500")
    assert place_of(browser, paid) == "backings"
    html = browser.get(page).text
    assert "$12,500.00" in html and re.search(r"Not said yet:</span> convenes it, facilitates it, evaluates it", html), "what nobody has said yet"
    public = re.search(r'href="(/a/[^"]+)"', browser.get(f"/assemblies/{hall.id}").text).group(1)
    with acting("southbank") as actor:
        session().add(AssemblyAddress(slug=public.removeprefix("/a/"), org_id=actor.org_id, assembly_id=hall.id))
    shown = client.get(public).text
    assert "Who owns Canal Street 12?" in shown and "The Harbor Fund" in shown and "$12,500.00" in shown and "Never mind" not in shown
    assert "Who owns Canal Street 12?" in signed_in("dolores").get(page).text, "partners read it"
    assert "Ask government" not in signed_in("dolores").get(page).text and signed_in("stranger").get(page).status_code == 404
    assert press(browser, page, "Remove").status_code == 303 and "The Harbor Fund" not in client.get(public).text


@pytest.mark.parametrize("key", government.SCENARIOS)
def test_a_scenarios_moves_become_tasks_once(signed_in, hall, as_org, key):
    browser, page = signed_in("omar"), f"/assemblies/{hall.id}/government"
    for _time in range(2):
        assert browser.post(f"{page}/scenarios/{key}").status_code == 303
    moves = government.SCENARIOS[key].moves
    with as_org("southbank"):
        tasks = {task.title["en"]: task for task in session().scalars(select(AssemblyTask).where(AssemblyTask.assembly_id == hall.id))}
        assert all((tasks[move.what["en"]].due_on - TODAY).days == move.days and tasks[move.what["en"]].title["es"] for move in moves)
        assert len(tasks) == len(moves) and session().scalars(select(PoliticalScenario.scenario)).all() == [key]
    assert browser.post(f"{page}/scenarios/sunny").status_code == 422


def test_refusals_of_the_rules():
    fields = lambda reasons: [reason.field for reason in reasons]  # noqa: E731
    assert fields(government.issues_in_request("", "", "mayor", TODAY, None)) == ["question", "asked_of", "asked_by", "due_on"]
    assert not government.issues_in_request("Why?", "Mayor", "steering", TODAY, TODAY)
    assert fields(government.issues_in_answer("", date(2026, 12, 1), TODAY, TODAY)) == ["answer", "answered_on"]
    assert fields(government.issues_in_backing("cheers", "", "x" * 301, -100)) == ["kind", "who", "what_for", "amount"]
    assert government.gaps(iter(["pays", "grant"])) == ["convenes", "facilitates", "evaluates"]
    assert government.is_late(TODAY, None, date(2026, 11, 24)) and not government.is_late(TODAY, TODAY, date(2026, 12, 24))
