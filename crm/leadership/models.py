"""Tables of the leadership room; all private to one organization."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private
from crm.infra.sealing import SealedText


def _of_person() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["org_id", "person_id"], ["people.org_id", "people.id"], ondelete="CASCADE")


class RungMove(Private):
    """One step of a person up or back on the ladder."""

    __tablename__ = "rung_moves"
    __table_args__ = (
        _of_person(),
        CheckConstraint("from_rung between 0 and 5 and to_rung between 1 and 5 and from_rung <> to_rung", name="rungs"),
        Index("ix_rung_moves_at", "org_id", "at", "id"),
        Index("ix_rung_moves_person", "org_id", "person_id", "at"),
    )
    person_id: Mapped[int]
    from_rung: Mapped[int] = mapped_column(Integer)
    to_rung: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]
    account_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(SealedText, default="")


class Conversation(Private):
    """A one-on-one that was held, or, without `held_at`, a next step alone; `next_step` is due on `follow_up_on` until `done_at`."""

    __tablename__ = "conversations"
    __table_args__ = (
        _of_person(),
        CheckConstraint("(follow_up_on is null) = (next_step = '')", name="next_step"),
        CheckConstraint("done_at is null or follow_up_on is not null", name="done"),
        CheckConstraint("held_at is not null or follow_up_on is not null", name="held"),
        Index("ix_conversations_due", "org_id", "done_at", "follow_up_on", "id"),
        Index("ix_conversations_person", "org_id", "person_id", "held_at"),
        Index("ix_conversations_account", "org_id", "account_id", "held_at"),
    )
    person_id: Mapped[int]
    account_id: Mapped[int | None]
    organizer_name: Mapped[str] = mapped_column(String(200), default="")
    held_at: Mapped[datetime | None]
    summary: Mapped[str] = mapped_column(SealedText)
    next_step: Mapped[str] = mapped_column(String(300), default="")
    follow_up_on: Mapped[date | None] = mapped_column(Date)
    done_at: Mapped[datetime | None]


class Assessment(Private):
    """One judgement of where a person stands, 1 to 5; rows are added, never changed."""

    __tablename__ = "assessments"
    __table_args__ = (
        _of_person(),
        CheckConstraint("value between 1 and 5", name="value"),
        Index("ix_assessments_person", "org_id", "person_id", "at"),
    )
    person_id: Mapped[int]
    value: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]
    account_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(200), default="")
