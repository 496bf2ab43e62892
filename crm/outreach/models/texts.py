"""A text is a row before it is a call."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, column
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private, UtcDateTime
from crm.outreach.models.keys import person_key

_CAME = column("direction") == "in"


class Text(Private):
    """One text, out or in. Out: the outbox. Its words may hold `[[link:ID]]`, expanded only at the provider call."""

    __tablename__ = "texts"
    __table_args__ = (
        person_key(),
        ForeignKeyConstraint(["org_id", "broadcast_id"], ["broadcasts.org_id", "broadcasts.id"]),
        UniqueConstraint("org_id", "key"),
        UniqueConstraint("org_id", "broadcast_id", "phone"),
        CheckConstraint("direction in ('out','in')", name="direction"),
        CheckConstraint("state in ('queued','claimed','accepted','delivered','failed','refused','unknown','received')", name="state"),
        CheckConstraint("(direction = 'in') = (state = 'received')", name="received"),
        CheckConstraint("state <> 'claimed' or lease_until is not null", name="lease"),
        Index("ix_texts_due", "org_id", "state", "not_before_at"),
        Index("ix_texts_phone", "org_id", "phone", "queued_at"),
        Index("ix_texts_broadcast", "org_id", "broadcast_id", "state"),
        Index("ix_texts_sid", "org_id", "provider_sid"),
        Index("ix_texts_claimed", "org_id", "claimed_at"),
        Index("ix_texts_state", "org_id", "state", "id"),
        Index("ix_texts_in", "org_id", "queued_at", postgresql_where=_CAME, sqlite_where=_CAME),
        Index("ix_texts_person", "org_id", "person_id", "queued_at"),
    )

    direction: Mapped[str] = mapped_column(String(20), default="out")
    person_id: Mapped[int | None] = mapped_column()
    broadcast_id: Mapped[int | None] = mapped_column()
    sender_id: Mapped[int | None] = mapped_column(ForeignKey("senders.id"))
    phone: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(LongText)
    language: Mapped[str] = mapped_column(String(20), default="en")
    key: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(String(20), default="organizing")
    subject_kind: Mapped[str | None] = mapped_column(String(20))
    subject_id: Mapped[int | None] = mapped_column()
    state: Mapped[str] = mapped_column(String(20), default="queued")
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)  # for texts in: when it came
    not_before_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # what has not left by then never does
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    closed_attempts: Mapped[int] = mapped_column(default=0)  # attempts up to this one are over for certain
    slowdowns: Mapped[int] = mapped_column(default=0)  # attempts the provider did not take; they do not count as tries
    busy_answers: Mapped[int] = mapped_column(default=0)  # of those, how often the provider said slow down: each makes the wait longer
    probes: Mapped[int] = mapped_column(default=0)
    conflicts: Mapped[int] = mapped_column(default=0)  # final words of the network that contradicted an earlier one
    parts: Mapped[int] = mapped_column(default=1)
    provider_sid: Mapped[str | None] = mapped_column(String(40))
    provider_status: Mapped[str | None] = mapped_column(String(20))
    error_code: Mapped[int | None] = mapped_column()
    refusal: Mapped[str | None] = mapped_column(String(40))  # the gate's word, when refused
    created_by: Mapped[int | None] = mapped_column()
