"""Tellers, who sign for a vote with keys of their own, and the papers that are published while it is open."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Commons, Directory


class Teller(Commons):
    """Somebody named before the opening, by name and public key. The server never holds the other half of the key."""

    __tablename__ = "tellers"
    __of_assembly__ = "ratification_id"
    ratification_id: Mapped[int] = mapped_column(ForeignKey("ratifications.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    public_key: Mapped[str] = mapped_column(String(64))
    opening_signature: Mapped[str | None] = mapped_column(String(128))
    board_signature: Mapped[str | None] = mapped_column(String(128))
    __table_args__ = (
        UniqueConstraint("ratification_id", "number"),
        UniqueConstraint("ratification_id", "public_key"),
        CheckConstraint("length(public_key) = 64", name="public_key"),
    )


class PublishedPaper(Directory):
    """What anyone may read while a vote is open: the manifest that was frozen, and from hour to hour what is in the box."""

    __tablename__ = "published_papers"
    poll_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 0 is the manifest, then the lists
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
