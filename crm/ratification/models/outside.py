"""Votes that others hold: what came of a referendum to which a vote was referred."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Commons


class OutsideResult(Commons):
    """What came of an outside vote, as one person read it from its source. It stands once two people read the same."""

    __tablename__ = "outside_results"
    __of_assembly__ = "ratification_id"
    ratification_id: Mapped[int] = mapped_column(ForeignKey("ratifications.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    held_on: Mapped[date]
    yes: Mapped[int]
    no: Mapped[int]
    districts: Mapped[int | None]
    districts_carried: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(500))
    __table_args__ = (
        UniqueConstraint("ratification_id", "account_id"),
        CheckConstraint("yes >= 0 and no >= 0", name="counts"),
        CheckConstraint(
            "(districts is null) = (districts_carried is null) and (districts is null or districts_carried between 0 and districts)",
            name="districts"),
    )
