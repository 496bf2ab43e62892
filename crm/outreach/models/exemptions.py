"""Rules of law that do not bind an organization, as its administrator says and why."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, column
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private, UtcDateTime

_IN_FORCE = column("ended_at").is_(None)


class Exemption(Private):
    """One rule that does not bind the organization, from a day until it is ended; never removed, so that it can be shown."""

    __tablename__ = "exemptions"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("(ended_at is null) = (ended_by is null)", name="ended"),
        Index("uq_exemptions_in_force", "org_id", "rule", unique=True, sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE),
    )

    rule: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(LongText)
    set_by: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[int | None] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(200))
