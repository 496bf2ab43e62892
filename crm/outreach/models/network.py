"""What comes in from the network, stored before anything acts on it; and the pretend network of the phone simulator."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Directory, UtcDateTime, new_id


class RawHook(Directory):
    """A webhook as it came, stored before anything acts on it; its contents go once they are handled."""

    __tablename__ = "raw_hooks"
    __table_args__ = (
        UniqueConstraint("kind", "sid", "status"),
        CheckConstraint("kind in ('inbound','status')", name="kind"),
        Index("ix_raw_hooks_open", "handled_at", "received_at"),
        Index("ix_raw_hooks_org", "org_id", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=new_id, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    sid: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20), default="")
    org_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)



class SimulatedText(Directory):
    """A text as the phone simulator's network holds it; exists only where the simulator is the provider."""

    __tablename__ = "simulated_texts"
    __table_args__ = (
        CheckConstraint("direction in ('to_phone','from_phone')", name="direction"),
        Index("ix_simulated_texts_phone", "phone", "at"),
        Index("ix_simulated_texts_number", "number", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=new_id, autoincrement=False)
    sid: Mapped[str] = mapped_column(String(40), unique=True)
    direction: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(20))  # the organization's side
    phone: Mapped[str] = mapped_column(String(20))  # the member's side
    body: Mapped[str] = mapped_column(LongText)
    callback: Mapped[str] = mapped_column(String(120), default="")
    status: Mapped[str] = mapped_column(String(20), default="accepted")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
