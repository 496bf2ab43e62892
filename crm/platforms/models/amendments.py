"""What is proposed: amendments with the organizations for and against, what committees advise, and proposals that come in."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Commons, TwoSided, UtcDateTime


class Amendment(Commons):
    """What an organization (`partner_id`) proposes: to change or strike a plank, or, without a plank, to add one.

    With a parent it changes that amendment instead; `amended` are the words it was written to, `adopted_version` the version it went into.
    """

    __tablename__ = "amendments"
    __of_assembly__ = "platform_id"
    __table_args__ = (
        CheckConstraint("state in ('proposed','adopted','refused','withdrawn','fallen')", name="state"),
        CheckConstraint("kind in ('change','add','strike')", name="kind"),
        CheckConstraint("(kind = 'add') or (plank_id is not null) or (parent_id is not null)", name="plank"),
        CheckConstraint("(state = 'proposed') = (decided_at is null)", name="decided"),
        CheckConstraint("parent_id is null or kind = 'change'", name="second_order"),
        Index("ix_amendments_platform", "platform_id", "state"),
        Index("ix_amendments_plank", "plank_id", "state"),
    )
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    plank_id: Mapped[int | None] = mapped_column(ForeignKey("planks.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("amendments.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20), default="change")
    base_version: Mapped[int] = mapped_column(Integer, default=0)
    language: Mapped[str] = mapped_column(String(8))
    sections: Mapped[dict] = mapped_column(JSON, default=dict)
    titles: Mapped[dict] = mapped_column(JSON, default=dict)
    texts: Mapped[dict] = mapped_column(JSON, default=dict)
    amended: Mapped[dict] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(Text)
    moved_by: Mapped[str] = mapped_column(String(200), default="")
    supporters: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[str] = mapped_column(String(20), default="proposed")
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    adopted_version: Mapped[int | None] = mapped_column(Integer)


class Voice(Commons):
    """That an organization (`partner_id`) supports an open amendment, or contests it."""

    __tablename__ = "amendment_voices"
    __of_assembly__ = "platform_id"
    __table_args__ = (CheckConstraint("says in ('support','contest')", name="says"), UniqueConstraint("amendment_id", "partner_id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"), index=True)
    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendments.id"))
    says: Mapped[str] = mapped_column(String(20))
    by_name: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Advice(Commons):
    """What a committee advises about a plank or an amendment; the newest counts, earlier ones stay."""

    __tablename__ = "committee_advice"
    __of_assembly__ = "platform_id"
    __table_args__ = (
        CheckConstraint("advice in ('adopt','change','refuse','none')", name="advice"),
        CheckConstraint("(plank_id is null) != (amendment_id is null)", name="about_one"),
        Index("ix_committee_advice_platform", "platform_id", "at"),
    )
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    plank_id: Mapped[int | None] = mapped_column(ForeignKey("planks.id"))
    amendment_id: Mapped[int | None] = mapped_column(ForeignKey("amendments.id"))
    advice: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    committee: Mapped[str] = mapped_column(String(200))
    by_name: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Proposal(TwoSided):
    """What somebody asks the platform to say: a partner, or (partner and owner alike) the public, without a name.

    Two-sided, because what the public types may hold what partners have no business with. Whoever wrote it finds the answer by a link;
    `address_mark` is a keyed hash that counts an hour's proposals from one place, and is then emptied.
    """

    __tablename__ = "platform_proposals"
    __table_args__ = (
        CheckConstraint("state in ('proposed','taken','set_aside')", name="state"),
        CheckConstraint("(state = 'proposed') = (answered_at is null)", name="answered"),
        CheckConstraint("state != 'set_aside' or answer != ''", name="reason"),
        CheckConstraint("state != 'taken' or plank_id is not null or amendment_id is not null", name="taken"),
        Index("ix_platform_proposals_platform", "platform_id", "created_at"),
    )
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    is_public: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    origin: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(20), default="proposed")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(200), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    plank_id: Mapped[int | None] = mapped_column(ForeignKey("planks.id"))
    amendment_id: Mapped[int | None] = mapped_column(ForeignKey("amendments.id"))
    address_mark: Mapped[str] = mapped_column(String(32), default="")
