"""How members were reached: each organization's own ledger, and what the coalition sees of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Commons, Private


class Notice(Private):
    """What an organization did to reach one of its members: a text, a letter, or the reason why there was no text."""

    __tablename__ = "notices"
    ratification_id: Mapped[int] = mapped_column(ForeignKey("ratifications.id"))
    entry_id: Mapped[int]
    person_id: Mapped[int | None]  # none where the seat is known by a code alone
    channel: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(300), default="")
    told_at: Mapped[datetime | None]  # when the text was queued or the letter printed
    __table_args__ = (
        UniqueConstraint("org_id", "ratification_id", "entry_id"),
        CheckConstraint("channel in ('text','letter')", name="channel"),
        Index("ix_notices_org_id_ratification_id_channel", "org_id", "ratification_id", "channel"),
        Index("ix_notices_person", "org_id", "person_id"),
    )


class NoticeSummary(Commons):
    """What the coalition sees of an organization's notices: counts, and the hash of its ledger."""

    __tablename__ = "notice_summaries"
    __of_assembly__ = "ratification_id"
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    ratification_id: Mapped[int] = mapped_column(ForeignKey("ratifications.id"))
    texts: Mapped[int] = mapped_column(default=0)
    letters: Mapped[int] = mapped_column(default=0)
    told: Mapped[dict[str, Any]] = mapped_column(default=dict)  # how many, by which way, when: see rules/notice.py
    ledger_hash: Mapped[str] = mapped_column(String(64), default="")
    __table_args__ = (UniqueConstraint("ratification_id", "partner_id"),)
