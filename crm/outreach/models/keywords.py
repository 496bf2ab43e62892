"""Words that an organization prints for phones it does not know yet."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private, UtcDateTime


class Keyword(Private):
    """A word that joins: who texts it to the organization's number agrees to texts, and comes to what it stands for."""

    __tablename__ = "keywords"
    __table_args__ = (
        CheckConstraint("language in ('en','es')", name="language"),
        CheckConstraint("(subject_kind is null) = (subject_id is null)", name="subject"),
        Index("ix_keywords_recent", "org_id", "created_at", "id"),
    )

    word: Mapped[str] = mapped_column(String(20))
    folded: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8))  # of the first text back
    subject_kind: Mapped[str | None] = mapped_column(String(20))
    subject_id: Mapped[int | None] = mapped_column()
    joined: Mapped[int] = mapped_column(default=0)  # how many agreed by it
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


# A word has one meaning at a time.
Index(
    "ix_keywords_live", Keyword.org_id, Keyword.folded, unique=True,
    sqlite_where=Keyword.ended_at.is_(None), postgresql_where=Keyword.ended_at.is_(None),
)
