"""All texts with one phone."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint, column
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private, UtcDateTime
from crm.outreach.models.keys import person_key

_UNREAD = column("may_end_since").is_not(None)


class Thread(Private):
    """All texts with one phone, and whether somebody must answer."""

    __tablename__ = "threads"
    __table_args__ = (
        person_key(),
        UniqueConstraint("org_id", "phone"),
        CheckConstraint("state in ('needs_answer','waiting','done')", name="state"),
        CheckConstraint("may_end_since is null or state = 'needs_answer'", name="may_end"),
        Index("ix_threads_inbox", "org_id", "state", "last_at", "id"),
        Index("ix_threads_person", "org_id", "person_id"),
        Index("ix_threads_may_end", "org_id", "phone", postgresql_where=_UNREAD, sqlite_where=_UNREAD),
    )

    phone: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column()
    state: Mapped[str] = mapped_column(String(20), default="needs_answer")
    assigned_id: Mapped[int | None] = mapped_column()  # an account of this organization
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    writing_id: Mapped[int | None] = mapped_column()  # the account that was last seen writing here
    writing_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_in_body: Mapped[str] = mapped_column(LongText, default="")
    may_end_since: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a reply that may ask for no texts waits to be read: until then nothing leaves
    reason: Mapped[str] = mapped_column(String(40), default="")  # why it needs a person
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # open question, automatic answers this hour
