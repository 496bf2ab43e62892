"""Comments on planks, and what partners report."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Commons, UtcDateTime


class Comment(Commons):
    """What an organization (`partner_id`) says about a plank, or in reply to a comment; the owner may hide it, with a reason that all read."""

    __tablename__ = "comments"
    __of_assembly__ = "plank_id"
    __table_args__ = (CheckConstraint("(hidden_at is null) = (hidden_reason = '')", name="hidden"),)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    plank_id: Mapped[int] = mapped_column(ForeignKey("planks.id"), index=True)
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hidden_by: Mapped[str] = mapped_column(String(200), default="")
    hidden_reason: Mapped[str] = mapped_column(Text, default="")


class CommentReport(Commons):
    """That an organization (`partner_id`) asks the owner to look at a comment."""

    __tablename__ = "comment_reports"
    __table_args__ = (UniqueConstraint("comment_id", "partner_id"),)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id"))
    words: Mapped[str] = mapped_column(Text, default="")
    by_name: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
