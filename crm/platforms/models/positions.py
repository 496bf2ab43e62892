"""Where organizations stand, and who stands behind the platform later.

Names in commons are of organizations and of the people who speak for them in a public text, never of members; endorsements from outside
are private to the owner.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Commons, Private, UtcDateTime


class Position(Commons):
    """Where one organization (`partner_id`) stands on one plank, in its own words."""

    __tablename__ = "positions"
    __of_assembly__ = "platform_id"
    __table_args__ = (
        CheckConstraint("stance in ('endorse','reserve','stand_aside','oppose','pending')", name="stance"),
        UniqueConstraint("plank_id", "partner_id"),
        Index("ix_positions_platform", "platform_id", "partner_id"),
    )
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    plank_id: Mapped[int] = mapped_column(ForeignKey("planks.id"))
    stance: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[date | None] = mapped_column(Date)
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    decided_on: Mapped[date | None] = mapped_column(Date)
    stated_by: Mapped[str] = mapped_column(String(200), default="")
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PositionStatement(Commons):
    """A position as it was stated once, never changed: the history of where an organization stood."""

    __tablename__ = "position_statements"
    __of_assembly__ = "platform_id"
    __table_args__ = (
        CheckConstraint("stance in ('endorse','reserve','stand_aside','oppose','pending')", name="stance"),
        Index("ix_position_statements_platform", "platform_id", "stated_at"),
    )
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    plank_id: Mapped[int] = mapped_column(ForeignKey("planks.id"))
    stance: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[date | None] = mapped_column(Date)
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    decided_on: Mapped[date | None] = mapped_column(Date)
    stated_by: Mapped[str] = mapped_column(String(200), default="")
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PositionProcess(Commons):
    """How an organization (`partner_id`) comes to its position on a platform, in its own words, and when."""

    __tablename__ = "position_processes"
    __of_assembly__ = "platform_id"
    __table_args__ = (UniqueConstraint("platform_id", "partner_id"),)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    words: Mapped[str] = mapped_column(Text)
    decides_on: Mapped[date | None] = mapped_column(Date)
    account_id: Mapped[int | None] = mapped_column()  # who alone states the position; without one, whoever leads the organization
    spoken_by: Mapped[str] = mapped_column(String(200), default="")
    written_by: Mapped[str] = mapped_column(String(200), default="")


class Endorsement(Private):
    """Somebody outside who stands behind a ratified platform: a person, counted and named only if they ticked so, or an organization.

    No number is kept: `phone_mark` is a keyed hash by which a phone is counted once and found again when a person is erased.
    """

    __tablename__ = "endorsements"
    __table_args__ = (
        CheckConstraint("kind in ('person','organization')", name="kind"),
        CheckConstraint("state in ('new','confirmed','struck')", name="state"),
        CheckConstraint("is_named or name = ''", name="named"),
        Index("ix_endorsements_platform", "org_id", "platform_id", "kind", "state"),
        Index("ix_endorsements_phone", "org_id", "phone_mark"),
    )
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200), default="")
    spoken_by: Mapped[str] = mapped_column(String(200), default="")
    is_named: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), default="new")
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    phone_mark: Mapped[str] = mapped_column(String(32))
    address_mark: Mapped[str] = mapped_column(String(32), default="")
