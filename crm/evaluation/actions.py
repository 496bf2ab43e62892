"""Verbs of surveys: write, open, close; and what a respondent does by text, one answer after another."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, exists, select

from crm.evaluation.models import Survey, SurveyAnswer, SurveyQuestion, SurveyRespondent
from crm.evaluation.queries import has_answers, questions_of, survey_for
from crm.evaluation.rules import surveys as rules
from crm.evaluation.rules.surveys import Asked
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.moving import Rule
from crm.kernel.languages import PAGE_LANGUAGES
from crm.kernel.numbers import read_id
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.outreach.actions.replies import Turn
from crm.outreach.queries.subjects import Subject
from crm.outreach.rules.replies.questions import Question
from crm.people.models import Person
from crm.people.queries import segment_people, segments

LIST = "list-"
MERGE_RULES = {
    "survey_respondents": Rule(N_("Surveys asked"), unite=rules.unite_respondents),
    "survey_answers": Rule(N_("Answers to surveys")),
}


def save_survey(actor: Actor, survey_id: int | None, title: str, questions: Sequence[Asked], *, now: datetime) -> int:
    """Writes a survey, new or again; refused once somebody has answered it."""
    if issues := rules.issues_in_survey(title, questions):
        raise Refused(issues)
    if survey_id is None:
        survey = Survey(org_id=actor.org_id, id=new_id(), state="draft", title=title.strip(), created_at=now)
        session().add(survey)
    else:
        survey = survey_for(actor, survey_id, lock=True)
        if refusal := rules.may_change(survey.state, has_answers(survey.id)):
            raise Refused(refusal)
        survey.title = title.strip()
        session().execute(delete(SurveyQuestion).where(SurveyQuestion.survey_id == survey.id))
    session().flush()
    session().add_all(
        SurveyQuestion(org_id=actor.org_id, survey_id=survey.id, number=n, words=dict(asked.words), choices=[dict(each) for each in asked.choices],
                       created_at=now)
        for n, asked in enumerate(questions, 1)
    )
    _tell(actor, survey, "survey.saved", now)
    return survey.id


def open_survey(actor: Actor, survey_id: int, *, now: datetime) -> int:
    """Lets answers in, for the first time or again."""
    survey = survey_for(actor, survey_id, lock=True)
    if refusal := rules.may_open(survey.state, questions_of(survey.id)):
        raise Refused(refusal)
    survey.state, survey.opened_at, survey.closed_at = "open", survey.opened_at or now, None
    _tell(actor, survey, "survey.open", now)
    return survey.id


def close_survey(actor: Actor, survey_id: int, *, now: datetime) -> int:
    """No more answers; who writes one is told."""
    survey = survey_for(actor, survey_id, lock=True)
    if survey.state == "open":
        survey.state, survey.closed_at = "closed", now
        _tell(actor, survey, "survey.closed", now)
    return survey.id


def _tell(actor: Actor, survey: Survey, verb: str, now: datetime) -> None:
    audit.record(actor, verb, now=now, subject=("survey", survey.id), after={"title": survey.title})
    session().flush()


# By text ---------------------------------------------------------------------------------------------------------


def answer_survey(actor: Actor, person_id: int, question: Question, reading: Any, *, now: datetime) -> Turn | None:
    """A reply to a survey's question: kept, and the next one asked; None when it seems to be about something else."""
    survey = session().scalar(select(Survey).where(Survey.id == int(str(question.facts["id"]))))
    if survey is None:
        return None
    if survey.state != "open":
        return Turn(Reason(rules.CLOSED))
    mine = _respondent(actor, survey, person_id, now)
    if mine.state == "done":
        return None  # what comes after the last answer is an ordinary text
    questions, number = questions_of(survey.id), _next_number(survey, person_id)
    asked, tried = questions[number - 1], int(str(question.facts.get("tried", 0)))
    kept = _read(asked, reading)
    if kept is None:
        again = Question("survey", {"id": survey.id, "tried": tried + 1})
        return None if tried or reading.intent == "question" else Turn(Reason(rules.NOT_ONE, {"most": len(asked.choices)}), again)
    session().add(SurveyAnswer(org_id=actor.org_id, survey_id=survey.id, person_id=person_id, number=number, choice=kept[0], words=kept[1],
                               answered_at=now, created_at=now))
    audit.record(actor, "survey.answered", now=now, person_id=person_id, subject=("survey", survey.id), after={"number": number, "title": survey.title})
    if number == len(questions):
        mine.state, mine.done_at = "done", now
        session().flush()
        return Turn(Reason(rules.THANKS))
    mine.state = "answering"
    session().flush()
    return Turn(_words(questions, number + 1, reading.language), Question("survey", {"id": survey.id}))


def _read(asked: Asked, reading: Any) -> tuple[int | None, str] | None:
    if asked.choices:
        choice = rules.read_choice(asked, reading.body)
        return None if choice is None else (choice, "")
    words = " ".join(reading.body.split())[: rules.LONGEST_ANSWER]
    return (None, words) if words else None


def _words(questions: Sequence[Asked], number: int, language: str) -> tuple[Reason, ...]:
    """The question's own words stand as they are; only what we add to them is translated."""
    asked = questions[number - 1]
    said = Reason("%(words)s", {"words": asked.said(language, number, len(questions))})
    return (said, Reason(rules.WITH_NUMBER)) if asked.choices else (said,)


def _respondent(actor: Actor, survey: Survey, person_id: int, now: datetime) -> SurveyRespondent:
    found = session().scalar(
        select(SurveyRespondent).where(SurveyRespondent.survey_id == survey.id, SurveyRespondent.person_id == person_id).with_for_update())
    if found is None:
        found = SurveyRespondent(org_id=actor.org_id, survey_id=survey.id, person_id=person_id, state="asked", asked_at=now, created_at=now)
        session().add(found)
        session().flush()
    return found


def _next_number(survey: Survey, person_id: int) -> int:
    """The first question that they have not answered."""
    answered = set(session().scalars(select(SurveyAnswer.number).where(SurveyAnswer.survey_id == survey.id, SurveyAnswer.person_id == person_id)))
    return next(n for n in range(1, rules.MOST_QUESTIONS + 2) if n not in answered)


# A text to many about a survey -----------------------------------------------------------------------------------


def _name(actor: Actor, survey_id: int) -> str:
    return survey_for(actor, survey_id).title


def _audiences(actor: Actor, survey_id: int) -> Mapping[str, str]:
    """The saved lists."""
    survey_for(actor, survey_id)
    return {f"{LIST}{segment.id}": segment.name for segment in segments(actor)}


def _people(actor: Actor, survey_id: int, name: str, now: datetime) -> Select:
    """Those of the list who were not asked before: nobody gets the first question twice."""
    survey_for(actor, survey_id)
    number = read_id(name.removeprefix(LIST)) if name.startswith(LIST) else None
    if number is None:
        raise Missing
    before = exists().where(SurveyRespondent.org_id == Person.org_id, SurveyRespondent.person_id == Person.id, SurveyRespondent.survey_id == survey_id)
    return segment_people(actor, number, now=now).where(~before)


def _bodies(actor: Actor, survey_id: int, name: str) -> Mapping[str, str]:
    """The first question, to begin with; people answer it, and the next comes by itself."""
    survey_for(actor, survey_id)
    questions = questions_of(survey_id)
    written = {tag for tag, words in questions[0].words.items() if words} if questions else set()
    return {tag: questions[0].said(tag, 1, len(questions)) for tag in PAGE_LANGUAGES if tag in written}


def _asked(actor: Actor, survey_id: int, person_ids: list[int], now: datetime) -> None:
    there = set(session().scalars(
        select(SurveyRespondent.person_id).where(SurveyRespondent.survey_id == survey_id, SurveyRespondent.person_id.in_(person_ids))))
    session().add_all(
        SurveyRespondent(org_id=actor.org_id, survey_id=survey_id, person_id=person_id, state="asked", asked_at=now, created_at=now)
        for person_id in person_ids if person_id not in there
    )
    session().flush()


SUBJECT = Subject(name=_name, audiences=_audiences, people=_people, purpose="survey", bodies=_bodies, asked=_asked)
