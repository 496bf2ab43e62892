"""Tables of votes in the room: what was asked, and every count of it. No names but of those who counted."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Commons


class FloorVote(Commons):
    """One question put to those in the room, with the rule that was said before it."""

    __tablename__ = "floor_votes"
    __of_assembly__ = "assembly_id"
    assembly_id: Mapped[int] = mapped_column(ForeignKey("assemblies.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    threshold: Mapped[str] = mapped_column(String(20))
    strictness: Mapped[str] = mapped_column(String(20))
    quorum: Mapped[int]
    doubts_needed: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="called")
    settled_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("assembly_id", "number"),
        CheckConstraint("state in ('called','declared','doubted','settled')", name="state"),
        CheckConstraint("strictness in ('at_least','more_than')", name="strictness"),
        CheckConstraint("quorum >= 0 and doubts_needed > 0", name="numbers"),
        CheckConstraint("(state = 'settled') = (settled_at is not null)", name="settled"),
        Index("ix_floor_votes_assembly", "org_id", "assembly_id", "number"),
    )


class FloorCount(Commons):
    """One count of a question: by voice or hands as the moderator declared it, or counted by tellers; the last one stands."""

    __tablename__ = "floor_counts"
    __of_assembly__ = "assembly_id"
    assembly_id: Mapped[int] = mapped_column(ForeignKey("assemblies.id"))
    vote_id: Mapped[int] = mapped_column(ForeignKey("floor_votes.id"))
    number: Mapped[int]
    way: Mapped[str] = mapped_column(String(10))
    yes: Mapped[int | None]
    no: Mapped[int | None]
    abstain: Mapped[int | None]
    present: Mapped[int]
    present_by: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(String(10))
    tellers: Mapped[str] = mapped_column(String(200), default="")
    doubted_by: Mapped[int | None]
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("vote_id", "number"),
        CheckConstraint("way in ('voice','hands','count','roll')", name="way"),
        CheckConstraint("(way in ('count','roll')) = (yes is not null and no is not null and abstain is not null)", name="counted"),
        CheckConstraint("present_by in ('door','moderator')", name="present_by"),
        CheckConstraint("outcome in ('carried','lost','no_quorum')", name="outcome"),
        Index("ix_floor_counts_assembly", "org_id", "assembly_id", "vote_id"),
    )
