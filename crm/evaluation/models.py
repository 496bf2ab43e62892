"""Tables of evaluation: a survey, what it asks, who was asked, what they answered."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private, UtcDateTime


def _person() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["org_id", "person_id"], ["people.org_id", "people.id"], ondelete="CASCADE")


def _survey() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["org_id", "survey_id"], ["surveys.org_id", "surveys.id"], ondelete="CASCADE")


class Survey(Private):
    """Up to ten questions to a list, by text."""

    __tablename__ = "surveys"
    __table_args__ = (
        CheckConstraint("state in ('draft','open','closed')", name="state"),
        CheckConstraint("(state = 'draft') = (opened_at is null)", name="opened"),
        CheckConstraint("(state = 'closed') = (closed_at is not null)", name="closed"),
        Index("ix_surveys_recent", "org_id", "created_at", "id"),
    )

    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20), default="draft")
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SurveyQuestion(Private):
    """One question, in the order of its number; without choices, people answer in their own words."""

    __tablename__ = "survey_questions"
    __table_args__ = (_survey(), UniqueConstraint("org_id", "survey_id", "number"), CheckConstraint("number between 1 and 10", name="number"))

    survey_id: Mapped[int] = mapped_column()
    number: Mapped[int] = mapped_column()
    words: Mapped[dict[str, str]] = mapped_column(JSON)
    choices: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)


class SurveyRespondent(Private):
    """Somebody who was asked."""

    __tablename__ = "survey_respondents"
    __table_args__ = (
        _person(), _survey(),
        UniqueConstraint("org_id", "survey_id", "person_id"),
        CheckConstraint("state in ('asked','answering','done')", name="state"),
        CheckConstraint("(state = 'done') = (done_at is not null)", name="done"),
        Index("ix_survey_respondents_person", "org_id", "person_id"),
    )

    survey_id: Mapped[int] = mapped_column()
    person_id: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(20), default="asked")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SurveyAnswer(Private):
    """What somebody answered to one question: the number of a fixed answer, or their words. The first answer counts."""

    __tablename__ = "survey_answers"
    __table_args__ = (
        _person(), _survey(),
        UniqueConstraint("org_id", "survey_id", "person_id", "number"),
        CheckConstraint("(choice is null) <> (words = '')", name="one"),
        Index("ix_survey_answers_person", "org_id", "person_id"),
        Index("ix_survey_answers_count", "org_id", "survey_id", "number", "choice"),
    )

    survey_id: Mapped[int] = mapped_column()
    person_id: Mapped[int] = mapped_column()
    number: Mapped[int] = mapped_column()
    choice: Mapped[int | None] = mapped_column()
    words: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
