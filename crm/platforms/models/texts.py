"""The text: platforms, planks with their versions, editions. Commons, read by partners, written by the owner."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Commons, Directory, UtcDateTime


class Platform(Commons):
    """One joint text: its titles by language, its deadline, and how far it has come."""

    __tablename__ = "platforms"
    __of_assembly__ = "assembly_id"
    __table_args__ = (
        CheckConstraint("state in ('drafting','frozen','ratified')", name="state"),
        CheckConstraint("state != 'ratified' or ratified_at is not null", name="ratified"),
        CheckConstraint("(ratified_at is null) = (ratified_edition is null)", name="ratified_edition"),
        CheckConstraint("published_at is null or ratified_at is not null", name="published"),
        CheckConstraint("share_needed between 1 and 100", name="share"),
        CheckConstraint("least_supporters between 0 and 99", name="least_supporters"),
        Index("ix_platforms_owner", "org_id", "state"),
    )
    assembly_id: Mapped[int | None] = mapped_column(ForeignKey("assemblies.id"), index=True)
    titles: Mapped[dict] = mapped_column(JSON)
    intros: Mapped[dict] = mapped_column(JSON, default=dict)
    languages: Mapped[list] = mapped_column(JSON)
    authentic_language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(20), default="drafting")
    deadline_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposals_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    takes_proposals: Mapped[bool] = mapped_column(default=False)
    least_supporters: Mapped[int] = mapped_column(Integer, default=0)
    slug: Mapped[str | None] = mapped_column(String(80))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ratified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ratified_edition: Mapped[int | None] = mapped_column(Integer)
    share_needed: Mapped[int] = mapped_column(Integer, default=75)
    version: Mapped[int] = mapped_column(Integer, default=1)


class PlatformAddress(Directory):
    """The public address of a platform that is published, or that takes proposals from everyone: which organization and platform a slug stands for."""

    __tablename__ = "platform_addresses"
    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    org_id: Mapped[int] = mapped_column()
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"), unique=True)


class Plank(Commons):
    """One demand of a platform; `version` is the number of its current text."""

    __tablename__ = "planks"
    __of_assembly__ = "platform_id"
    __table_args__ = (
        CheckConstraint("state in ('draft','in','struck')", name="state"),
        Index("ix_planks_order", "platform_id", "position"),
    )
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    position: Mapped[int] = mapped_column(Integer)
    sections: Mapped[dict] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(20), default="in")
    version: Mapped[int] = mapped_column(Integer, default=1)


class PlankVersion(Commons):
    """One text of a plank, never changed. `lagging` are the languages that still say what an earlier version said."""

    __tablename__ = "plank_versions"
    __of_assembly__ = "plank_id"
    __table_args__ = (UniqueConstraint("plank_id", "number"),)
    plank_id: Mapped[int] = mapped_column(ForeignKey("planks.id"))
    number: Mapped[int] = mapped_column(Integer)
    titles: Mapped[dict] = mapped_column(JSON)
    texts: Mapped[dict] = mapped_column(JSON)
    lagging: Mapped[list] = mapped_column(JSON, default=list)
    author: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    amendment_id: Mapped[int | None] = mapped_column(ForeignKey("amendments.id"))


class Edition(Commons):
    """A frozen text. `sha256` is the hash of `content` as rules.canonical_text writes it."""

    __tablename__ = "editions"
    __of_assembly__ = "platform_id"
    __table_args__ = (UniqueConstraint("platform_id", "number"),)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    number: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcomes: Mapped[dict] = mapped_column(JSON, default=dict)
    signatories: Mapped[list] = mapped_column(JSON, default=list)
