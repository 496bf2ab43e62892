"""Challenges to a roll: an organization says that one of its own seats should not vote; the credentials committee decides."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import TwoSided


class RollChallenge(TwoSided):
    """One seat, by number: the vote's owner learns the seat and the reason, never the name behind it."""

    __tablename__ = "roll_challenges"
    ratification_id: Mapped[int] = mapped_column(ForeignKey("ratifications.id"))
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"))
    seat: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300))
    raised_by: Mapped[str] = mapped_column(String(200))
    raised_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(20), default="open")
    answer_reason: Mapped[str] = mapped_column(String(300), default="")
    answered_by: Mapped[str] = mapped_column(String(200), default="")
    __table_args__ = (
        CheckConstraint("answer in ('open','kept','struck')", name="answer"),
        Index("ix_roll_challenges_org_id_ratification_id", "org_id", "ratification_id"),
        Index("ix_roll_challenges_partner_id_ratification_id", "partner_id", "ratification_id"),
    )
