"""Doors and reads of surveys: one survey, its questions, how far it is, what was answered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from crm.evaluation.models import Survey, SurveyAnswer, SurveyQuestion, SurveyRespondent
from crm.evaluation.rules.surveys import Asked
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.web import Page, keyset
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing

SHOWN_WORDS = 200


def survey_for(actor: Actor, survey_id: int, lock: bool = False) -> Survey:
    """The survey, for those of its organization who may text."""
    wanted = select(Survey).where(Survey.id == survey_id)
    found = session().scalar(wanted.with_for_update() if lock else wanted) if actor.may(Action.SEND_TEXTS) else None
    if found is None:
        raise Missing
    return found


def surveys_page(actor: Actor, after: str | None) -> Page:
    """The surveys, the newest first."""
    return keyset(select(Survey), [Survey.created_at.desc(), Survey.id.desc()], after)


def questions_of(survey_id: int) -> list[Asked]:
    """What a survey asks, in order."""
    rows = session().scalars(select(SurveyQuestion).where(SurveyQuestion.survey_id == survey_id).order_by(SurveyQuestion.number))
    return [Asked(row.words, row.choices) for row in rows]


def progress_of(survey_ids: list[int]) -> Mapping[int, Mapping[str, int]]:
    """How many were asked, are answering and are done, by survey; one query."""
    counted: dict[int, dict[str, int]] = {id: {} for id in survey_ids}
    rows = session().execute(
        select(SurveyRespondent.survey_id, SurveyRespondent.state, func.count()).where(SurveyRespondent.survey_id.in_(survey_ids))
        .group_by(SurveyRespondent.survey_id, SurveyRespondent.state)
    )
    for survey_id, state, count in rows:
        counted[survey_id][state] = count
    return counted


def has_answers(survey_id: int) -> bool:
    """Whether anybody has answered."""
    return session().scalar(select(SurveyAnswer.id).where(SurveyAnswer.survey_id == survey_id).limit(1)) is not None


@dataclass(frozen=True)
class Result:
    """What was answered to one question."""

    number: int
    asked: Asked
    answered: int
    counts: list[int]  # by choice
    words: list[str]  # the newest, without names


def results_of(survey_id: int) -> list[Result]:
    """Counts by question, and the newest words where people wrote their own; two queries."""
    counts: dict[int, dict[int | None, int]] = {}
    grouped = select(SurveyAnswer.number, SurveyAnswer.choice, func.count()).where(SurveyAnswer.survey_id == survey_id)
    for number, choice, count in session().execute(grouped.group_by(SurveyAnswer.number, SurveyAnswer.choice)):
        counts.setdefault(number, {})[choice] = count
    words: dict[int, list[str]] = {}
    said = select(SurveyAnswer.number, SurveyAnswer.words).where(SurveyAnswer.survey_id == survey_id, SurveyAnswer.words != "")
    for number, each in session().execute(said.order_by(SurveyAnswer.answered_at.desc(), SurveyAnswer.id.desc()).limit(SHOWN_WORDS)):
        words.setdefault(number, []).append(each)
    return [
        Result(n, asked, sum(counts.get(n, {}).values()), [counts.get(n, {}).get(c, 0) for c in range(1, len(asked.choices) + 1)], words.get(n, []))
        for n, asked in enumerate(questions_of(survey_id), 1)
    ]


def answers_of(survey_id: int) -> Iterator[tuple[int, int, int | None, str]]:
    """(person, question, choice, words) of every answer, by person."""
    wanted = select(SurveyAnswer.person_id, SurveyAnswer.number, SurveyAnswer.choice, SurveyAnswer.words).where(SurveyAnswer.survey_id == survey_id)
    yield from (tuple(row) for row in session().execute(wanted.order_by(SurveyAnswer.person_id, SurveyAnswer.number)))
