"""Tables of draws by lot: whom a random sample of households invited, who said yes, the draw itself, and the calls to those drawn.

All of it is the convener's own. What tells of people is sealed, and emptied when the challenge of the draw is over.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private
from crm.infra.sealing import SealedText

ASSEMBLY = "assemblies.id"


class Recruitment(Private):
    """The first lot: households from which rounds of invitations are drawn. `quotas` are the features that the second lot needs;
    `response` is how many of a hundred households are expected to say yes, `times` how many should stand in the pool for each seat."""

    __tablename__ = "recruitments"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    seats: Mapped[int]
    times: Mapped[int]
    response: Mapped[int]
    quotas: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text, default="")  # what the invitation says besides, in the organizers' own words
    households: Mapped[str] = mapped_column(SealedText, deferred=True)
    listed: Mapped[int]
    households_sha256: Mapped[str] = mapped_column(String(64))
    own: Mapped[dict | None]  # made from the organization's own people: {"list": its name, "people", "without": those without an address}
    closes_on: Mapped[date]
    closed_at: Mapped[datetime | None]
    emptied_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("seats > 0 and times > 0 and response between 1 and 100 and listed > 0", name="numbers"),
        Index("ix_recruitments_of", "org_id", "assembly_id", "id"),
    )


class InvitationRound(Private):
    """So many households, drawn by a seed from those not invited before."""

    __tablename__ = "invitation_rounds"
    recruitment_id: Mapped[int]
    number: Mapped[int]
    size: Mapped[int]
    seed: Mapped[str] = mapped_column(String(300))
    is_texted: Mapped[bool]
    job_id: Mapped[int | None]
    drawn_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "recruitment_id"], ["recruitments.org_id", "recruitments.id"], ondelete="CASCADE"),
        UniqueConstraint("org_id", "recruitment_id", "number"),
        CheckConstraint("size > 0", name="size"),
    )


class LotInvitation(Private):
    """One household that was invited: once, whatever happens. `number` follows the random order and makes the code in the pool."""

    __tablename__ = "lot_invitations"
    recruitment_id: Mapped[int]
    round_id: Mapped[int]
    number: Mapped[int]
    household_hash: Mapped[str | None] = mapped_column(String(64))
    household: Mapped[str] = mapped_column(SealedText)
    way: Mapped[str] = mapped_column(String(6))
    link_id: Mapped[int]
    answer: Mapped[str] = mapped_column(String(4), default="")
    answered_at: Mapped[datetime | None]
    told: Mapped[str] = mapped_column(SealedText, default="")  # JSON: name, phone, email, language, features
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "recruitment_id"], ["recruitments.org_id", "recruitments.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["org_id", "round_id"], ["invitation_rounds.org_id", "invitation_rounds.id"], ondelete="CASCADE"),
        UniqueConstraint("org_id", "recruitment_id", "number"),
        UniqueConstraint("org_id", "recruitment_id", "household_hash"),
        CheckConstraint("way in ('letter','text')", name="way"),
        CheckConstraint("answer in ('','yes','no')", name="answer"),
        CheckConstraint("(answer = '') = (answered_at is null)", name="answered"),
        Index("ix_lot_invitations_round", "org_id", "round_id", "number"),
    )


class Lot(Private):
    """A draw by lot: the pool and the quotas, frozen before the seed is known, and the record of what the seed drew.

    `people` holds features of people and is emptied when the challenge is over; `counts` (seats and pool by quota) and `record` stay.
    """

    __tablename__ = "lots"
    assembly_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    seats: Mapped[int]
    method: Mapped[str] = mapped_column(String(10))
    recruitment_id: Mapped[int | None]  # the invitations from whose answers the pool was made
    people: Mapped[str] = mapped_column(SealedText, deferred=True)
    quotas: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    people_sha256: Mapped[str] = mapped_column(String(64))
    quotas_sha256: Mapped[str] = mapped_column(String(64))
    counts: Mapped[list]
    state: Mapped[str] = mapped_column(String(12), default="checking")
    problems: Mapped[list] = mapped_column(default=list)
    job_id: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(300), default="")
    frozen_at: Mapped[datetime | None]
    seed: Mapped[str | None] = mapped_column(String(300))
    seeded_at: Mapped[datetime | None]
    keep_until: Mapped[date | None]
    drawn_at: Mapped[datetime | None]
    record: Mapped[dict | None] = mapped_column(deferred=True)
    emptied_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "recruitment_id"], ["recruitments.org_id", "recruitments.id"]),
        CheckConstraint("state in ('checking','impossible','ready','frozen','drawing','drawn')", name="state"),
        CheckConstraint("method in ('exact','maximin')", name="method"),
        CheckConstraint("(state in ('frozen','drawing','drawn')) = (frozen_at is not null)", name="frozen"),
        CheckConstraint("(state in ('drawing','drawn')) = (seed is not null and seeded_at is not null and keep_until is not null)", name="seeded"),
        CheckConstraint("(state = 'drawn') = (drawn_at is not null)", name="drawn"),
        Index("ix_lots_of", "org_id", "assembly_id", "id"),
    )


class LotPlace(Private):
    """Somebody who was drawn, by the code in the pool; `replaces` is the code of who declined before them; `participant_id` their place
    on the roster."""

    __tablename__ = "lot_places"
    lot_id: Mapped[int]
    code: Mapped[str] = mapped_column(String(60))
    replaces: Mapped[str] = mapped_column(String(60), default="")
    drawn_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participants.id", ondelete="SET NULL"))
    __table_args__ = (
        CheckConstraint("confirmed_at is null or declined_at is null", name="answered"),
        ForeignKeyConstraint(["org_id", "lot_id"], ["lots.org_id", "lots.id"], ondelete="CASCADE"),
        UniqueConstraint("org_id", "lot_id", "code"),
    )


class CallAttempt(Private):
    """Somebody who was drawn was called: when, by whom, and what came of it."""

    __tablename__ = "lot_call_attempts"
    place_id: Mapped[int]
    at: Mapped[datetime]
    by_name: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str] = mapped_column(String(10))
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "place_id"], ["lot_places.org_id", "lot_places.id"], ondelete="CASCADE"),
        CheckConstraint("outcome in ('confirmed','declined','no_answer','call_back')", name="outcome"),
        Index("ix_lot_call_attempts_place", "org_id", "place_id", "at"),
    )
