"""Tables of organizations: all directory, because they are needed before an organization is known, and hold no person."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Directory, new_id
from crm.organizations.rules import KINDS


class Organization(Directory):
    """One organization; everything private belongs to exactly one."""

    __tablename__ = "organizations"
    __table_args__ = (
        CheckConstraint(f"kind in ({','.join(map(repr, KINDS))})", name="kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True, default=new_id, autoincrement=False)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    mark: Mapped[str] = mapped_column(String(3), default="")
    kind: Mapped[str] = mapped_column(String(20), default="base_building")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    time_zone: Mapped[str] = mapped_column(String(60), default="America/Los_Angeles")
    country: Mapped[str] = mapped_column(String(2), default="US")
    language: Mapped[str] = mapped_column(String(12), default="en")
    rungs: Mapped[list[str] | None]
    contact: Mapped[str] = mapped_column(String(200), default="")
    options: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]

    @property
    def is_coalition(self) -> bool:
        return self.kind == "coalition"


class CoalitionMembership(Directory):
    """An organization's membership in a coalition; live while `ended_at` is empty."""

    __tablename__ = "coalition_memberships"
    __table_args__ = (Index("ix_coalition_memberships_member", "member_id", "ended_at"),)
    coalition_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Guest(Directory):
    """An organization outside the coalition that takes part in one assembly: of its convener's commons it reads what belongs to that
    assembly, while `ended_at` is empty. The number of the assembly alone, because it is asked before anything else is read."""

    __tablename__ = "guests"
    guest_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    assembly_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
