"""What was promised, asked and answered, through HTTP: who may, what is refused, and what everyone reads."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from crm.accountability.models import Milestone, OfficialResponse, Outcome, Recommendation, ReportBack
from crm.accountability.queries import status_in_sql
from crm.accountability.rules.answers import status_of
from crm.assemblies.models import Assembly
from crm.infra.audit import Event
from crm.infra.db import session
from tests.clients import form_of
from tests.journeys.halls import Hall as Halls
from tests.turnout.conftest import hall

__all__ = ["hall"]
ASKED = {"target": "City Council", "kind": "body", "title_en": "Repairs within thirty days", "title_es": "", "due_on": "2026-12-23"}
PROMISE = {
    "target": "Mayor Ortiz", "kind": "official", "words": "Whatever four fifths support, I will enact.", "legal_form": "informal", "signed_on": "2026-11-20",
    "threshold": "80%", "strictness": "at_least", "basis": "cast", "electorate": "all", "duty": "Enact it", "due_days": "30",
    "owner": "Department of Buildings",
}


def press(browser, page, contains, **typed):
    html = browser.get(page).text
    found = next(form for form in re.findall(r"<form\b.*?</form>", html, re.S) if contains in form)
    action = re.search(r'action="([^"]+)"', found.split(">", 1)[0])
    return browser.post(action.group(1) if action else page, data=form_of(html, contains) | typed)


def asked_in(browser, assembly: int | None = None, **typed) -> str:
    page = "/responses/new" + (f"?assembly={assembly}" if assembly else "")
    answer = press(browser, page, 'name="title_en"', **ASKED | typed)
    assert answer.status_code == 303, re.findall(r"<li><a href=.#.*?</li>", answer.text)
    return answer.location


def test_a_recommendation_is_ours_until_it_is_handed_over(signed_in, client, hall):
    browser = signed_in("omar")
    wrong = press(browser, "/responses/new", 'name="title_en"', target=" ", due_on="soon", title_en="")
    assert wrong.status_code == 422 and "3 things" in wrong.text
    page = asked_in(browser, hall.id, delivered_on="")
    assert "Not handed over" in browser.get(page).text and "Repairs within" not in client.get("/r/southbank").text
    assert signed_in("dolores").get(page).status_code == 404, "a partner reads what was handed over"
    assert press(browser, page, "It is handed over", delivered_on="2026-11-30").status_code == 422, "not tomorrow"
    assert press(browser, page, "It is handed over", delivered_on="2026-11-23", due_on="2026-12-23").status_code == 303
    for reader, there in ((client, "/r/southbank"), (signed_in("dolores"), page), (signed_in("dolores"), f"/assemblies/{hall.id}/responses")):
        assert "Repairs within thirty days" in reader.get(there).text
    assert signed_in("stranger").get(page).status_code == 404
    assert "Note the response" not in signed_in("dolores").get(page).text
    assert browser.post(f"{page}/removal").status_code == 422, "what was handed over stays"
    assert "It was handed over, so its words" in browser.get(f"{page}/edit").text


def test_a_draft_is_changed_and_taken_out(signed_in):
    browser = signed_in("omar")
    page = asked_in(browser, delivered_on="")
    assert press(browser, f"{page}/edit", 'name="title_en"', title_en="Repairs in a week", title_es="Reparaciones en una semana").status_code == 303
    assert "Repairs in a week" in browser.get(page).text and "Reparaciones en una semana" in browser.get(f"{page}?lang=es").text
    assert press(browser, page, "Take it out").status_code == 303 and browser.get(page).status_code == 404


def test_silence_is_overdue_in_plain_sight_and_every_answer_stays(signed_in, client, clock, as_org, hall):
    page = asked_in(signed_in("omar"), hall.id, delivered_on="2026-11-23")
    assert "Waiting for an answer" in signed_in("omar").get(page).text
    clock.move(days=31)
    browser = signed_in("omar")
    for there in (page, "/responses", f"/assemblies/{hall.id}", f"/assemblies/{hall.id}/responses"):
        assert "No answer: overdue" in browser.get(there).text, there
    assert "1 day past the day on which the answer was owed." in client.get("/r/southbank").text
    assert "No answer: overdue" in client.get("/r/southbank?status=overdue").text and "Repairs" not in client.get("/r/southbank?status=accepted").text
    assert 'title="1 waiting"' in browser.get("/responses").text and "Sin respuesta: vencida" in client.get("/r/southbank?lang=es").text

    refused = press(browser, page, 'name="verdict"', verdict="rejected", answered_by="City Council", answered_on="2026-12-24")
    assert refused.status_code == 422 and "Write their reason." in refused.text
    study = press(browser, page, 'name="verdict"', verdict="under_study", reason="", answered_by="City Council", answered_on="2026-12-24")
    assert study.status_code == 303 and "a final answer was due Wednesday, December 23" in client.get("/r/southbank").text, "study past the day is none"
    assert press(browser, page, 'name="verdict"', verdict="partly", reason="Ninety days, not thirty.", answered_by="Clerk Adams", answered_on="2026-12-24",
                 document="https://council.example/17").status_code == 303
    shown = client.get("/r/southbank").text
    assert "Accepted in part" in shown and "Ninety days, not thirty." in shown and "Clerk Adams" in shown and 'href="https://council.example/17"' in shown
    assert "Earlier responses" in browser.get(page).text and "1 waiting" not in browser.get("/responses").text
    with as_org("southbank"):
        assert session().scalars(select(OfficialResponse.verdict).order_by(OfficialResponse.number)).all() == ["under_study", "partly"]
        verbs = set(session().scalars(select(Event.verb).where(Event.verb.like("recommendation.%"))))
        assert {"recommendation.written", "recommendation.answered"} <= verbs


def test_staff_speak_of_a_draft_before_it_is_handed_over(signed_in, client):
    browser = signed_in("omar")
    page = asked_in(browser, delivered_on="")
    wrong = press(browser, page, 'name="said_by"', said_by="", words=" ")
    assert wrong.status_code == 422 and "2 things" in wrong.text
    typed = {"said_by": "Department of Buildings", "words": "Part of it is law already.", "existing": "Housing code, section 12"}
    assert press(browser, page, 'name="said_by"', **typed).status_code == 303
    shown = browser.get(page).text
    assert "Part of it is law already." in shown and "Would repeat: Housing code, section 12" in shown
    assert press(browser, page, "It is handed over", delivered_on="2026-11-23", due_on="2026-12-23").status_code == 303
    assert "Note what staff say" not in browser.get(page).text and "Part of it is law already." in browser.get(page).text
    assert browser.post(f"{page}/feedback", data=typed).status_code == 422, "what they say now is their answer"
    gone = asked_in(browser, title_en="Another", delivered_on="")
    assert press(browser, gone, 'name="said_by"', **typed).status_code == 303 and press(browser, gone, "Take it out").status_code == 303


def test_the_last_step_is_taken_back_and_no_other(signed_in, client, clock):
    browser = signed_in("omar")
    page = asked_in(browser, delivered_on="2026-11-23")
    assert press(browser, page, "It is not handed over yet").status_code == 303
    assert "Not handed over" in browser.get(page).text and "Repairs" not in client.get("/r/southbank").text
    assert press(browser, page, "It is handed over", delivered_on="2026-11-23", due_on="2026-12-23").status_code == 303
    for verdict in ("under_study", "accepted"):
        assert press(browser, page, 'name="verdict"', verdict=verdict, answered_by="Council", answered_on="2026-11-23").status_code == 303
    assert press(browser, page, "Take this response back").status_code == 303 and "Under study" in client.get("/r/southbank").text
    assert press(browser, page, "Take this response back").status_code == 303 and "Waiting for an answer" in client.get("/r/southbank").text
    clock.move(days=1)
    browser = signed_in("omar")
    assert "It is not handed over yet" not in browser.get(page).text and browser.post(f"{page}/return").status_code == 422


def test_milestones_are_set_late_done_and_taken_back(signed_in, client, clock):
    page = asked_in(signed_in("omar"), delivered_on="2026-11-23")
    browser = signed_in("omar")
    assert press(browser, page, 'id="step-title"', title=" ", due_on="").status_code == 422
    assert press(browser, page, 'id="step-title"', title="Ordinance read", due_on="2026-12-01").status_code == 303
    clock.move(days=10)
    browser = signed_in("omar")
    assert "2 days late" in client.get("/r/southbank").text
    states = dict(re.findall(r'action="([^"]+/milestones/\d+/(\w+))"', browser.get(page).text))
    by = {state: url for url, state in states.items()}
    assert set(by) == {"under_way", "done", "dropped"} and browser.post(by["done"]).status_code == 303
    assert "days late" not in client.get("/r/southbank").text and "Done " in client.get("/r/southbank").text
    assert browser.post(by["done"].replace("/done", "/planned")).status_code == 303 and "2 days late" in browser.get(page).text
    assert browser.post(by["done"].replace("/done", "/magic")).status_code == 422


def test_a_commitment_is_judged_on_counted_questions_of_the_room(signed_in, client, as_org, hall, clock):
    """79.99 percent does not bind, 80 does; a voice vote is not counted, and an empty room decides nothing."""
    browser = signed_in("omar")
    wrong = press(browser, f"/commitments/new?assembly={hall.id}", 'name="words"', threshold="most", due_days="x", signed_on="")
    assert wrong.status_code == 422 and "6 things" in wrong.text
    made = press(browser, f"/commitments/new?assembly={hall.id}", 'name="words"', **PROMISE, vote="room")
    assert made.status_code == 303 and "four fifths of all who vote" in browser.get(made.location).text
    late = asked_in_room(browser, hall.id, "Open gutters?", way="count", yes=7999, no=2001, present=10_000)
    asked_in_room(browser, hall.id, "Wider canals?", way="count", yes=8000, no=2000, present=10_000)
    asked_in_room(browser, hall.id, "A siren?", way="voice", declared="carried", present=10_000)
    asked_in_room(browser, hall.id, "Pumps?", way="count", yes=9, no=1, present=10, quorum=500)
    page = browser.get(made.location).text
    assert "4/5 of 10,000 is 8,000" in page.replace("8000", "8,000").replace("10000", "10,000") and "Yes has 7999: not enough." in page.replace("7,999", "7999")
    assert late and page.count("Does not bind") == 3 and "A share needs a count" in page and "There was no quorum" in page
    with as_org("southbank"):
        outcomes = session().scalars(select(Outcome.is_met).order_by(Outcome.number)).all()
        duty = session().scalar(select(Recommendation))
        step = session().scalar(select(Milestone))
        assert outcomes == [False, True, False, False] and duty.title == {"en": "Wider canals?"}
        assert (duty.due_on, duty.owner, step.title, step.due_on) == (date(2026, 12, 23), "Department of Buildings", "Enact it", date(2026, 12, 23))
    assert browser.post(f"{made.location}/removal").status_code == 422, "what was judged stays"
    clock.move(days=31)
    assert "1 day late" in client.get("/r/southbank").text and "binding" in client.get("/r/southbank").text


def asked_in_room(browser, assembly: int, title: str, quorum: int = 0, **count: object) -> bool:
    floor = f"/assemblies/{assembly}/floor"
    question = {"title": title, "threshold": "1/2", "strictness": "more_than", "quorum": str(quorum), "doubts_needed": "7"}
    assert press(browser, floor, "Call the question", **question).status_code == 303
    typed = {"abstain": "0", "tellers": "Two tellers"} | {name: str(value) for name, value in count.items()}
    answer = press(browser, floor, "Declare the result", **typed)
    assert answer.status_code == 303, answer.text
    return press(browser, floor, "settled").status_code == 303


def test_a_commitment_waits_for_a_vote_and_can_be_taken_out_before(signed_in, as_org, hall):
    browser = signed_in("omar")
    made = press(browser, "/commitments/new", 'name="words"', **PROMISE, vote="").location
    assert "Not known yet" in browser.get(made).text
    for vote in ("v999", "room", "v0", "vx"):
        answer = browser.post(f"{made}/vote", data={"vote": vote})
        assert answer.status_code in (404, 422), vote
    assert signed_in("dolores").post(f"{made}/vote", data={"vote": ""}).status_code == 404
    assert signed_in("stranger").get(made).status_code == 404
    assert press(browser, made, "Take it out").status_code == 303 and browser.get(made).status_code == 404


def test_a_partners_vote_is_waited_for_and_a_strangers_is_not_there(signed_in, app, world, clock, run_jobs):
    """The coalition votes, a member keeps the promise: judged when it closes, however many there are, and once."""
    table = signed_in("imani", org="table")
    hall = Halls(app, world, clock, run_jobs)
    hall.edition(table, "Joint text", ("Repairs in a week",))
    rule = {"members_quorum": "1/50", "members_threshold": "1/2", "members_strictness": "at_least", "members_basis": "yes_and_no"}
    vote = hall.opened(table, rule, "Ratify it")
    asking = {"vote": "v" + vote.rsplit("/", 1)[1]}
    made = press(signed_in("omar"), "/commitments/new", 'name="words"', **PROMISE, vote="").location
    theirs = press(signed_in("stranger"), "/commitments/new", 'name="words"', **PROMISE, vote="").location
    assert signed_in("stranger").post(f"{theirs}/vote", data=asking).status_code == 404
    assert signed_in("omar").post(f"{made}/vote", data=asking).status_code == 303
    run_jobs()
    hall.cast(hall.letters("southbank", vote), [{1: "yes"}] * 5 + [{1: "no"}])
    clock.move(hours=49)
    run_jobs()
    clock.move(minutes=6)
    run_jobs()
    page = signed_in("omar").get(made).text
    assert page.count("Yes has 5: enough.") == 1 and "5 yes, 1 no and 0 abstained make 6 in all." in page
    late = press(signed_in("omar"), "/commitments/new", 'name="words"', **PROMISE, vote="").location
    refused = signed_in("omar").post(f"{late}/vote", data=asking)
    assert refused.status_code == 422 and "A commitment is given before a vote, not after it." in refused.text


def test_who_may_write_and_who_may_read(signed_in, hall):
    """Readers and volunteers read; whoever runs assemblies writes; the tally committee has no part in it."""
    page = asked_in(signed_in("omar"), hall.id, delivered_on="2026-11-23")
    for name in ("rita", "vera"):
        reader = signed_in(name)
        assert reader.get(page).status_code == 200 and "Note the response" not in reader.get(page).text
        assert reader.post(f"{page}/answers", data={}).status_code == 403 and reader.get("/responses/new").status_code == 403
        assert reader.post(f"/assemblies/{hall.id}/report-back", data={}).status_code == 403
    for name in ("dolores", "stranger"):
        other = signed_in(name)
        for there in ("answers", "milestones", "delivery", "removal"):
            assert other.post(f"{page}/{there}", data={}).status_code == 404, there
        assert other.get(f"{page}/edit").status_code == 404
    assert signed_in("tomas").get("/responses").status_code == 403


def test_the_next_cycle_begins_with_what_became_of_the_last(signed_in, client, as_org, hall, clock):
    browser = signed_in("omar")
    asked_in(browser, hall.id, delivered_on="2026-11-23")
    assert "There is nothing to report back on yet." in browser.get(f"/assemblies/{hall.id}/report-back").text
    assert browser.post(f"/assemblies/{hall.id}/report-back/agenda").status_code == 422
    plan = form_of(browser.get(f"/assemblies/{hall.id}/copy").text, 'name="title_en"') | {"title_en": "Next year", "day": "2027-11-20"}
    copied = browser.post(f"/assemblies/{hall.id}/copy", data=plan | {"languages": ["en", "es"]})
    assert copied.status_code == 303
    page = f"{copied.location}/report-back"
    shown = browser.get(page).text
    assert "First on the agenda" in shown and "Repairs within thirty days" in shown and "No answer: overdue" not in shown
    program = browser.get(f"{copied.location}/program").text
    assert "Government reports on last year&#39;s recommendations" in program and "Recommendations to go through one by one: 1" in program
    first = re.search(rf'href="({copied.location}/items/\d+)"', program).group(1)
    assert "last year" in browser.get(first).text
    assert press(browser, first, "/removal").status_code == 303, "an item can be taken out"
    assert press(browser, page, "Put it first on the agenda").status_code == 303 and "First on the agenda" in browser.get(page).text, "and put back"
    number = re.search(r'name="done-(\d+)"', shown).group(1)
    wrong = press(browser, page, f"done-{number}", **{f"done-{number}": "many", f"partly-{number}": "2", f"not_done-{number}": ""})
    assert wrong.status_code == 422 and 'value="many"' in wrong.text
    assert press(browser, page, f"done-{number}", **{f"done-{number}": "31", f"partly-{number}": "9", f"not_done-{number}": "0"}).status_code == 303
    assert "31 carried out, 9 in part, 0 not" in signed_in("rita").get(page).text
    stages = browser.get(f"{copied.location}/stages").text
    assert "recommendations rated by participants: 1" in stages and "A series of 2 assemblies" in stages and "Missing" in stages
    with as_org("southbank"):
        assert len(session().scalars(select(ReportBack)).all()) == 1
    assert press(browser, page, f"done-{number}", **{f"done-{number}": "", f"partly-{number}": "", f"not_done-{number}": ""}).status_code == 303
    assert "Not rated yet" in signed_in("rita").get(page).text


def test_what_is_due_is_in_a_calendar(signed_in, client, hall):
    asked_in(signed_in("omar"), delivered_on="2026-11-23")
    page = asked_in(signed_in("omar"), title_en="Done already", delivered_on="2026-11-23")
    assert press(signed_in("omar"), page, 'name="verdict"', verdict="accepted", answered_by="Council", answered_on="2026-11-23").status_code == 303
    text = client.get("/r/southbank.ics").text.replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20261223" in text and "DTEND;VALUE=DATE:20261224" in text and "SUMMARY:City Council: Repairs within thirty days" in text
    assert "Done already" not in text and client.get("/r/nowhere.ics").status_code == 404 and client.get("/r/nowhere").status_code == 404
    assert client.get("/r/southbank?assembly=77").status_code == 404 and client.get("/r/southbank?assembly=x").status_code == 200


def test_what_belongs_to_a_draft_is_not_public(signed_in, client, acting, hall):
    asked_in(signed_in("omar"), hall.id, delivered_on="2026-11-23")
    press(signed_in("omar"), f"/commitments/new?assembly={hall.id}", 'name="words"', **PROMISE, vote="")
    assert "Repairs" in client.get("/r/southbank").text and "Mayor Ortiz" in client.get("/r/southbank").text
    with acting("southbank"):
        assembly = session().get(Assembly, hall.id)
        assembly.state, assembly.announced_at = "draft", None
    assert "Repairs" not in client.get("/r/southbank").text and "Mayor Ortiz" not in client.get("/r/southbank").text
    assert "Repairs" not in client.get("/r/southbank.ics").text


@pytest.mark.parametrize("verdict", ["", "accepted", "partly", "rejected", "under_study"])
def test_the_database_says_the_same_status_as_the_rule(signed_in, as_org, verdict):
    page = asked_in(signed_in("omar"), delivered_on="2026-11-23")
    if verdict:
        assert press(signed_in("omar"), page, 'name="verdict"', verdict=verdict, reason="So.", answered_by="C", answered_on="2026-11-23").status_code == 303
    with as_org("southbank"):
        row = session().scalar(select(Recommendation))
        for day in (date(2026, 12, 23), date(2026, 12, 24)):
            assert session().scalar(select(status_in_sql(day))) == status_of(row.delivered_on, row.due_on, row.verdict, day)


def test_a_page_of_thirty_costs_as_many_queries_as_a_page_of_two(signed_in, client, count_queries):
    browser = signed_in("omar")
    for n in range(2):
        asked_in(browser, title_en=f"Number {n}", delivered_on="2026-11-23")
    with count_queries() as few:
        assert browser.get("/responses").status_code == 200
    for n in range(2, 33):
        asked_in(browser, title_en=f"Number {n}", target=f"Council {n}", delivered_on="2026-11-23")
    with count_queries() as many:
        first = browser.get("/responses").text
    assert len(many) == len(few) and "Number 31" not in first
    after = re.search(r'href="(/responses\?after=[^"]+)"', first).group(1)
    assert "Number 31" in browser.get(after).text and "Number 32" in browser.get(after).text
