"""Tables of the platforms room: commons, read by partners, written by the owner, and by a partner for its own rows.

Names here are of organizations and of the people who speak for them in a public text, never of members.
"""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Commons, Directory, UtcDateTime


class Platform(Commons):
    """One joint text: its titles by language, its deadline, and how far it has come."""

    __tablename__ = "platforms"
    __table_args__ = (
        CheckConstraint("state in ('drafting','frozen','ratified')", name="state"),
        CheckConstraint("state != 'ratified' or ratified_at is not null", name="ratified"),
        CheckConstraint("(ratified_at is null) = (ratified_edition is null)", name="ratified_edition"),
        CheckConstraint("published_at is null or ratified_at is not null", name="published"),
        CheckConstraint("share_needed between 1 and 100", name="share"),
        Index("ix_platforms_owner", "org_id", "state"),
    )
    assembly_id: Mapped[int | None] = mapped_column(ForeignKey("assemblies.id"), index=True)
    titles: Mapped[dict] = mapped_column(JSON)
    intros: Mapped[dict] = mapped_column(JSON, default=dict)
    languages: Mapped[list] = mapped_column(JSON)
    authentic_language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(20), default="drafting")
    deadline_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    slug: Mapped[str | None] = mapped_column(String(80))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ratified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ratified_edition: Mapped[int | None] = mapped_column(Integer)
    share_needed: Mapped[int] = mapped_column(Integer, default=75)
    version: Mapped[int] = mapped_column(Integer, default=1)


class PlatformAddress(Directory):
    """The public address of a published platform: which organization and platform a slug stands for."""

    __tablename__ = "platform_addresses"
    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    org_id: Mapped[int] = mapped_column()
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"), unique=True)


class Plank(Commons):
    """One demand of a platform; `version` is the number of its current text."""

    __tablename__ = "planks"
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


class Amendment(Commons):
    """What an organization (`partner_id`) proposes: to change or strike a plank, or, without a plank, to add one."""

    __tablename__ = "amendments"
    __table_args__ = (
        CheckConstraint("state in ('proposed','adopted','refused','withdrawn')", name="state"),
        CheckConstraint("kind in ('change','add','strike')", name="kind"),
        CheckConstraint("(kind = 'add') or (plank_id is not null)", name="plank"),
        CheckConstraint("(state = 'proposed') = (decided_at is null)", name="decided"),
        Index("ix_amendments_platform", "platform_id", "state"),
        Index("ix_amendments_plank", "plank_id", "state"),
    )
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    plank_id: Mapped[int | None] = mapped_column(ForeignKey("planks.id"))
    kind: Mapped[str] = mapped_column(String(20), default="change")
    base_version: Mapped[int] = mapped_column(Integer, default=0)
    language: Mapped[str] = mapped_column(String(8))
    sections: Mapped[dict] = mapped_column(JSON, default=dict)
    titles: Mapped[dict] = mapped_column(JSON, default=dict)
    texts: Mapped[dict] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(Text)
    moved_by: Mapped[str] = mapped_column(String(200), default="")
    supporters: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[str] = mapped_column(String(20), default="proposed")
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    decision_reason: Mapped[str] = mapped_column(Text, default="")


class Position(Commons):
    """Where one organization (`partner_id`) stands on one plank, in its own words."""

    __tablename__ = "positions"
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
    stated_by: Mapped[str] = mapped_column(String(200), default="")
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Edition(Commons):
    """A frozen text. `sha256` is the hash of `content` as rules.canonical_text writes it."""

    __tablename__ = "editions"
    __table_args__ = (UniqueConstraint("platform_id", "number"),)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    number: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcomes: Mapped[dict] = mapped_column(JSON, default=dict)
    signatories: Mapped[list] = mapped_column(JSON, default=list)


class Comment(Commons):
    """What an organization (`partner_id`) says about a plank."""

    __tablename__ = "comments"
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    plank_id: Mapped[int] = mapped_column(ForeignKey("planks.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
