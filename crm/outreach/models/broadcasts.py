"""One text to many, and who was left out of it."""

from datetime import date, datetime, time

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private, UtcDateTime
from crm.kernel.wall import moment_on
from crm.outreach.models.keys import person_key


class Broadcast(Private):
    """One text to many: its words per language, its audience, and how far it has gone.

    When it begins is kept as a clock on a wall (day, hour, zone) and becomes a moment only when somebody asks, so that a change of
    zone rules or of clocks between writing and sending moves nothing that people agreed on.
    """

    __tablename__ = "broadcasts"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "segment_id"], ["segments.org_id", "segments.id"]),
        ForeignKeyConstraint(["org_id", "step_id"], ["series_steps.org_id", "series_steps.id"]),
        UniqueConstraint("org_id", "step_id"),
        CheckConstraint("state in ('draft','asked','freezing','sending','stopped','sent')", name="state"),
        CheckConstraint("state in ('draft','asked','stopped') or job_id is not null", name="job"),
        CheckConstraint("state <> 'asked' or (asked_at is not null and seen is not null)", name="asked"),
        CheckConstraint("(begins_on is null) = (begins_clock is null) and (begins_on is null or time_zone is not null)", name="begins"),
        Index("ix_broadcasts_recent", "org_id", "created_at", "id"),
        Index("ix_broadcasts_subject", "org_id", "subject_kind", "subject_id"),
    )

    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20), default="draft")
    purpose: Mapped[str] = mapped_column(String(20), default="organizing")
    segment_id: Mapped[int | None] = mapped_column()
    subject_kind: Mapped[str | None] = mapped_column(String(20))
    subject_id: Mapped[int | None] = mapped_column()
    audience: Mapped[str | None] = mapped_column(String(40))  # which of the subject's lists
    step_id: Mapped[int | None] = mapped_column()  # the step of a series that this is
    bodies: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    begins_on: Mapped[date | None] = mapped_column()
    begins_clock: Mapped[time | None] = mapped_column()
    time_zone: Mapped[str | None] = mapped_column(String(60))
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # what has not left by then never does
    is_split: Mapped[bool] = mapped_column(default=False)  # goes on the next day where one is not enough
    frozen_up_to: Mapped[str] = mapped_column(String(20), default="")  # last phone whose text is queued
    text_count: Mapped[int] = mapped_column(default=0)
    excluded_count: Mapped[int] = mapped_column(default=0)
    job_id: Mapped[int | None] = mapped_column()
    created_by: Mapped[int | None] = mapped_column()
    sender_name: Mapped[str] = mapped_column(String(200), default="")
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen: Mapped[str | None] = mapped_column(String(16))  # the mark of what was looked over when a second person was asked
    asked_by: Mapped[int | None] = mapped_column()
    asked_name: Mapped[str] = mapped_column(String(200), default="")
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreed_by: Mapped[int | None] = mapped_column()
    agreed_name: Mapped[str] = mapped_column(String(200), default="")
    stopped_because: Mapped[str] = mapped_column(String(40), default="")  # errors: it paused itself; else a person stopped it
    watched_from: Mapped[datetime | None] = mapped_column(UtcDateTime)  # errors before this moment were looked at by a person

    @property
    def begins_at(self) -> datetime | None:
        """The moment at which the clock on the wall shows that day and hour; None for as soon as may be."""
        if self.begins_on is None or self.begins_clock is None or self.time_zone is None:
            return None
        return moment_on(self.begins_on, self.begins_clock, self.time_zone)


class Exclusion(Private):
    """Someone in a broadcast's audience who was left out, and the gate's word for why."""

    __tablename__ = "exclusions"
    __table_args__ = (
        person_key(),
        ForeignKeyConstraint(["org_id", "broadcast_id"], ["broadcasts.org_id", "broadcasts.id"]),
        UniqueConstraint("org_id", "broadcast_id", "person_id"),
        Index("ix_exclusions_person", "org_id", "person_id"),
    )

    broadcast_id: Mapped[int] = mapped_column()
    person_id: Mapped[int] = mapped_column()
    reason: Mapped[str] = mapped_column(String(40))
