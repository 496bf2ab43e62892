"""D7: a survey from its first text to its results: written, sent to a list, answered on phones in both languages, counted."""

import csv
import io

import pytest
from sqlalchemy import func, select

from crm.evaluation.actions import SUBJECT
from crm.evaluation.models import SurveyAnswer, SurveyRespondent
from crm.infra.auth import Actor
from crm.infra.db import reading, session, transaction
from crm.outreach.actions.consent import give_consent
from crm.outreach.models import Thread
from crm.people.models import Segment
from tests.clients import form_of
from tests.factories import MONDAY
from tests.outreach.test_by_text import Member, demo, imani, one  # noqa: F401 - fixtures

QUESTIONS = {
    "title": "After the assembly",
    "questions-0-en": "What hurts most?", "questions-0-es": "¿Qué duele más?", "questions-0-choices_en": "Rent\nRepairs",
    "questions-0-choices_es": "Renta\nReparaciones",
    "questions-1-en": "What should we do next?", "questions-1-es": "¿Qué hacemos ahora?",
    "questions-2-en": "Will you bring a neighbor?", "questions-2-es": "¿Traerá a alguien?", "questions-2-choices_en": "Yes\nNo",
    "questions-2-choices_es": "Sí\nNo",
}


def write(imani, **changes):  # noqa: F811
    form = form_of(imani.get("/surveys/new").text, 'name="title"')
    return imani.post("/surveys/new", data=form | QUESTIONS | changes)


@pytest.fixture
def survey(imani):  # noqa: F811
    """The survey's address, open."""
    address = write(imani).location
    assert imani.post(f"{address}/open").status_code == 303
    return address


@pytest.fixture
def sent(imani, survey, run_jobs, world):  # noqa: F811
    """Ana (English) and Beatriz (Spanish) were texted the first question."""
    people = world.people["southbank"][:2]
    with transaction(world.orgs["southbank"]):
        for person_id in people:
            give_consent(Actor.system(world.orgs["southbank"]), world.phones[person_id], source="paper", wording="Texts about our work",
                         evidence="sheet 1", now=MONDAY)
    ana, bea = (Member(imani, run_jobs, world.phones[person_id]) for person_id in people)
    _send(imani, survey, world)
    run_jobs()
    return ana, bea


def _send(imani, survey, world):  # noqa: F811
    with transaction(world.orgs["southbank"]):
        segment = Segment(org_id=world.orgs["southbank"], name="Everyone", definition={"all": []}, updated_at=MONDAY)
        session().add(segment)
        session().flush()
        number = segment.id
    id = survey.rsplit("/", 1)[1]
    form = form_of(imani.get(f"/texts/new?subject=survey:{id}&list=list-{number}").text, 'name="body_en"')
    assert "1/3 What hurts most? 1 Rent 2 Repairs" in form["body_en"]
    saved = imani.post("/texts", data=form)
    assert saved.status_code == 303, saved.text[:3000]
    sending = imani.post(f"{saved.location}/sending", data=form_of(imani.get(saved.location).text, "/sending"))
    assert sending.status_code == 303, sending.text[:3000]


def test_a_survey_is_answered_on_two_phones(imani, survey, sent, world):  # noqa: F811
    ana, bea = sent
    assert "1/3 What hurts most? 1 Rent 2 Repairs" in ana.rang()[-1] and "1/3 ¿Qué duele más? 1 Renta 2 Reparaciones" in bea.rang()[-1]
    assert ana.writes("1") == "2/3 What should we do next?"
    assert ana.writes("Rent strike in March. RENT") == "3/3 Will you bring a neighbor? 1 Yes 2 No Answer with a number."
    assert ana.writes("yes") == "Thank you. That was the last question."
    assert bea.writes("reparaciones").startswith("2/3 ¿Qué hacemos ahora?")
    assert bea.writes("=cmd()").startswith("3/3 ¿Traerá a alguien? 1 Sí 2 No")
    page = imani.get(survey).text
    for words in ("1 of 2 finished", "Rent strike in March", "50 %", "=cmd()"):
        assert words in page
    sheet = list(csv.reader(io.StringIO(imani.get(f"{survey}/answers.csv").text.lstrip("\ufeff"))))
    assert sheet[0] == ["What hurts most?", "What should we do next?", "Will you bring a neighbor?"]
    assert sorted(sheet[1:]) == [["Rent", "Rent strike in March. RENT", "Yes"], ["Repairs", "'=cmd()", ""]]
    assert one(world.orgs["southbank"], select(func.count()).select_from(SurveyAnswer)) == 5


def test_what_is_no_answer_is_asked_again_once_and_then_a_person_looks(imani, sent, world):  # noqa: F811
    ana, _ = sent
    assert ana.writes("hm both") == "Please answer with a number from 1 to 2."
    ana.writes("hm both")
    assert one(world.orgs["southbank"], select(Thread.state).where(Thread.phone == ana.number)) == "needs_answer"
    assert ana.writes("2") == "2/3 What should we do next?", "the question is still open"


def test_a_question_goes_to_a_person_and_a_stop_is_a_stop(imani, sent, world):  # noqa: F811
    ana, bea = sent
    ana.writes("who is asking?")
    assert one(world.orgs["southbank"], select(Thread.reason).where(Thread.phone == ana.number)) == "question"
    assert "ya no recibirá" in bea.writes("ya no me manden mensajes")
    rang = len(bea.rang())
    bea.writes("1")
    assert len(bea.rang()) == rang


def test_after_the_close_they_are_told(imani, survey, sent, world):  # noqa: F811
    ana, _ = sent
    imani.post(f"{survey}/close")
    assert ana.writes("1") == "Thank you. This survey is closed."
    assert one(world.orgs["southbank"], select(func.count()).select_from(SurveyAnswer)) == 0


def test_nobody_is_asked_twice(imani, survey, sent, world):  # noqa: F811
    id = survey.rsplit("/", 1)[1]
    assert one(world.orgs["southbank"], select(func.count()).select_from(SurveyRespondent)) == 2
    with reading(world.orgs["southbank"]):
        segment = session().scalar(select(Segment.id))
        again = session().scalars(SUBJECT.people(Actor.system(world.orgs["southbank"]), int(id), f"list-{segment}", MONDAY)).all()
        assert set(again).isdisjoint(world.people["southbank"][:2]) and again


def test_a_survey_that_was_answered_stays_as_it_was_asked(imani, survey, sent):  # noqa: F811
    ana, _ = sent
    assert "Change" in imani.get(survey).text
    ana.writes("1")
    form = form_of(imani.get(f"{survey}/edit").text, 'name="title"')
    refused = imani.post(f"{survey}/edit", data=form | {"title": "Another"})
    assert refused.status_code == 422 and "stay as they are" in refused.text


def test_what_is_wrong_with_a_survey_is_said_beside_it(imani):  # noqa: F811
    refused = write(imani, **{"title": "", "questions-0-choices_es": "Renta"})
    assert refused.status_code == 422 and "Give the survey a name." in refused.text
    refused = write(imani, **{"questions-0-choices_es": "Renta"})
    assert refused.status_code == 422 and "same answers in each language" in refused.text and "Repairs" in refused.text
    empty = imani.post("/surveys/new", data=form_of(imani.get("/surveys/new").text, 'name="title"') | {"title": "Empty"})
    assert imani.post(f"{empty.location}/open").status_code == 422


def test_another_organization_sees_nothing_of_it(imani, survey, signed_in):  # noqa: F811
    dolores = signed_in("dolores")
    assert dolores.get(survey).status_code == 404 and dolores.get(f"{survey}/answers.csv").status_code == 404
    assert "After the assembly" not in dolores.get("/surveys").text
    assert signed_in("vera").get("/surveys").status_code == 403
