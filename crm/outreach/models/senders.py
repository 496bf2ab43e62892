"""What an organization texts from, and how fast its carriers let it."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Directory, UtcDateTime, new_id


class Sender(Directory):
    """The number (or messaging service) an organization texts from. Read before an organization is known."""

    __tablename__ = "senders"
    __table_args__ = (
        CheckConstraint("state in ('unregistered','pending','approved','rejected','suspended')", name="state"),
        CheckConstraint("number is not null or messaging_service_sid is not null", name="address"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=new_id, autoincrement=False)
    org_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), unique=True)
    number: Mapped[str | None] = mapped_column(String(20), unique=True)
    messaging_service_sid: Mapped[str | None] = mapped_column(String(40), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="unregistered")
    legal_form: Mapped[str] = mapped_column(String(20), default="", server_default="")
    brand: Mapped[str] = mapped_column(String(40), default="", server_default="")
    campaign: Mapped[str] = mapped_column(String(60), default="", server_default="")
    vetting: Mapped[str] = mapped_column(String(80), default="", server_default="")  # Campaign Verify's token, of a 527
    pace: Mapped[int] = mapped_column(default=10)  # parts per second the carriers allow this sender
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the network takes nothing from this sender before then
    held_code: Mapped[int | None] = mapped_column()  # the error code for which
    polled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when texts in were last asked for
    att_class: Mapped[str] = mapped_column(String(2), default="")  # see rules/carriers.py; empty: no limit known
    tmobile_class: Mapped[str] = mapped_column(String(20), default="")
    recent: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # parts that left in each of the last seconds
    paced_day: Mapped[date | None] = mapped_column()  # the carriers' day, and what left on it
    day_parts: Mapped[int] = mapped_column(default=0)
