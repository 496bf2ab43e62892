"""A series of texts tied to what it is about: invite, confirm, day before, morning, thank-you, missed-you."""

from datetime import datetime, time

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private, UtcDateTime


class Series(Private):
    """The texts that an organization sends its own people about one thing; while it is on, each goes by itself at its hour."""

    __tablename__ = "series"
    __table_args__ = (
        UniqueConstraint("org_id", "subject_kind", "subject_id"),
        CheckConstraint("(state = 'on') = (started_at is not null)", name="started"),
        CheckConstraint("state in ('off','on')", name="state"),
    )

    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(20), default="off")
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_by: Mapped[int | None] = mapped_column()
    sender_name: Mapped[str] = mapped_column(String(200), default="")


class SeriesStep(Private):
    """One text of a series: to which list, how many days from the day, at which hour on the wall. It goes once."""

    __tablename__ = "series_steps"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "series_id"], ["series.org_id", "series.id"]),
        UniqueConstraint("org_id", "series_id", "key"),
    )

    series_id: Mapped[int] = mapped_column()
    key: Mapped[str] = mapped_column(String(20))
    audience: Mapped[str] = mapped_column(String(40))
    days: Mapped[int] = mapped_column()
    at: Mapped[time] = mapped_column()
    bodies: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    is_on: Mapped[bool] = mapped_column(default=True)
    written_by: Mapped[int | None] = mapped_column()
    agreed_by: Mapped[int | None] = mapped_column()
    agreed_name: Mapped[str] = mapped_column(String(200), default="")
    agreed_mark: Mapped[str] = mapped_column(String(16), default="")  # of what the second person agreed to
