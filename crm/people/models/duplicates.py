"""Two records for one human: candidates and merges."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private, UtcDateTime
from crm.people.models.people import belongs_to

DUPLICATE_STATES = ("open", "dismissed", "merged")


class Duplicate(Private):
    """Two records that may be one human; `first_id` < `second_id`. Dismissed stays dismissed."""

    __tablename__ = "duplicates"
    __table_args__ = (
        belongs_to("first_id", "people"),
        belongs_to("second_id", "people"),
        CheckConstraint(f"state in {DUPLICATE_STATES}", name="state"),
        CheckConstraint("first_id < second_id", name="ordered"),
        UniqueConstraint("org_id", "first_id", "second_id"),
        Index("ix_duplicates_second", "org_id", "second_id"),
        Index("ix_duplicates_open", "org_id", "state", "score", "id"),
    )
    first_id: Mapped[int] = mapped_column()
    second_id: Mapped[int] = mapped_column()
    score: Mapped[int] = mapped_column(Integer)  # thousandths
    reasons: Mapped[list] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(20), default="open")
    decided_by: Mapped[int | None] = mapped_column()
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Merge(Private):
    """One record taken into another; the first of those that went together holds all that undoing needs."""

    __tablename__ = "merges"
    __table_args__ = (
        belongs_to("kept_id", "people"),
        Index("ix_merges_kept", "org_id", "kept_id"),
        Index("ix_merges_gone", "org_id", "gone_id"),
        Index("ix_merges_recent", "org_id", "merged_at", "id"),
    )
    kept_id: Mapped[int] = mapped_column()
    gone_id: Mapped[int] = mapped_column()
    journal: Mapped[dict] = mapped_column(JSON)
    account_id: Mapped[int | None] = mapped_column()
    author: Mapped[str] = mapped_column(String(200), default="")
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
