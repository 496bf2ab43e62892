"""Tables of outreach. A text is a row before it is a call; consent is a ledger; what arrives is stored first."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy import (
    Text as LongText,
)
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Directory, Private, UtcDateTime, new_id


def person_key() -> ForeignKeyConstraint:
    """A private row's foreign key to the person it is about; it goes when the person is erased."""
    return ForeignKeyConstraint(["org_id", "person_id"], ["people.org_id", "people.id"], ondelete="CASCADE")


class Sender(Directory):
    """The number (or messaging service) an organization texts from. Read before an organization is known."""

    __tablename__ = "senders"
    __table_args__ = (
        CheckConstraint("state in ('unregistered','pending','approved','suspended')", name="state"),
        CheckConstraint("number is not null or messaging_service_sid is not null", name="address"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=new_id, autoincrement=False)
    org_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), unique=True)
    number: Mapped[str | None] = mapped_column(String(20), unique=True)
    messaging_service_sid: Mapped[str | None] = mapped_column(String(40), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="unregistered")
    pace: Mapped[int] = mapped_column(default=10)  # parts per second the carriers allow this sender


class Consent(Private):
    """One entry of the consent ledger; never changed, never removed. No foreign key: an opt-out outlives the person."""

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint("kind in ('given','revoked')", name="kind"),
        Index("ix_consents_phone", "org_id", "phone", "at"),
    )

    person_id: Mapped[int | None] = mapped_column()
    phone: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(20), default="organizing")
    kind: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20))
    wording: Mapped[str] = mapped_column(LongText, default="")
    collector: Mapped[str] = mapped_column(String(200), default="")
    evidence: Mapped[str] = mapped_column(LongText, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsentState(Private):
    """The present consent of one phone, derived from the ledger and rebuilt by replay."""

    __tablename__ = "consent_states"
    __table_args__ = (
        UniqueConstraint("org_id", "phone"),
        CheckConstraint("state in ('given','revoked')", name="state"),
    )

    phone: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Broadcast(Private):
    """One text to many: its words per language, its audience, and how far it has gone."""

    __tablename__ = "broadcasts"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "segment_id"], ["segments.org_id", "segments.id"]),
        CheckConstraint("state in ('draft','freezing','sending','stopped','sent')", name="state"),
        CheckConstraint("state in ('draft','stopped') or job_id is not null", name="job"),
        Index("ix_broadcasts_recent", "org_id", "created_at", "id"),
        Index("ix_broadcasts_subject", "org_id", "subject_kind", "subject_id"),
    )

    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20), default="draft")
    purpose: Mapped[str] = mapped_column(String(20), default="organizing")
    segment_id: Mapped[int | None] = mapped_column()
    subject_kind: Mapped[str | None] = mapped_column(String(20))
    subject_id: Mapped[int | None] = mapped_column()
    audience: Mapped[str | None] = mapped_column(String(40))  # which of the subject's lists
    bodies: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    begins_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    frozen_up_to: Mapped[str] = mapped_column(String(20), default="")  # last phone whose text is queued
    text_count: Mapped[int] = mapped_column(default=0)
    excluded_count: Mapped[int] = mapped_column(default=0)
    job_id: Mapped[int | None] = mapped_column()
    created_by: Mapped[int | None] = mapped_column()
    sender_name: Mapped[str] = mapped_column(String(200), default="")
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Text(Private):
    """One text, out or in. Out: the outbox. Its words may hold `[[link:ID]]`, expanded only at the provider call."""

    __tablename__ = "texts"
    __table_args__ = (
        person_key(),
        ForeignKeyConstraint(["org_id", "broadcast_id"], ["broadcasts.org_id", "broadcasts.id"]),
        UniqueConstraint("org_id", "key"),
        UniqueConstraint("org_id", "broadcast_id", "phone"),
        CheckConstraint("direction in ('out','in')", name="direction"),
        CheckConstraint("state in ('queued','claimed','accepted','delivered','failed','refused','unknown','received')", name="state"),
        CheckConstraint("(direction = 'in') = (state = 'received')", name="received"),
        CheckConstraint("state <> 'claimed' or lease_until is not null", name="lease"),
        Index("ix_texts_due", "org_id", "state", "not_before_at"),
        Index("ix_texts_phone", "org_id", "phone", "queued_at"),
        Index("ix_texts_broadcast", "org_id", "broadcast_id", "state"),
        Index("ix_texts_sid", "org_id", "provider_sid"),
        Index("ix_texts_claimed", "org_id", "claimed_at"),
        Index("ix_texts_person", "org_id", "person_id", "queued_at"),
    )

    direction: Mapped[str] = mapped_column(String(20), default="out")
    person_id: Mapped[int | None] = mapped_column()
    broadcast_id: Mapped[int | None] = mapped_column()
    sender_id: Mapped[int | None] = mapped_column(ForeignKey("senders.id"))
    phone: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(LongText)
    language: Mapped[str] = mapped_column(String(20), default="en")
    key: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(String(20), default="organizing")
    subject_kind: Mapped[str | None] = mapped_column(String(20))
    subject_id: Mapped[int | None] = mapped_column()
    state: Mapped[str] = mapped_column(String(20), default="queued")
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)  # for texts in: when it came
    not_before_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    closed_attempts: Mapped[int] = mapped_column(default=0)  # attempts up to this one are over for certain
    slowdowns: Mapped[int] = mapped_column(default=0)  # attempts the provider did not take; they do not count as tries
    probes: Mapped[int] = mapped_column(default=0)
    parts: Mapped[int] = mapped_column(default=1)
    provider_sid: Mapped[str | None] = mapped_column(String(40))
    provider_status: Mapped[str | None] = mapped_column(String(20))
    error_code: Mapped[int | None] = mapped_column()
    refusal: Mapped[str | None] = mapped_column(String(40))  # the gate's word, when refused
    created_by: Mapped[int | None] = mapped_column()


class Exclusion(Private):
    """Someone in a broadcast's audience who was left out, and the gate's word for why."""

    __tablename__ = "exclusions"
    __table_args__ = (
        person_key(),
        ForeignKeyConstraint(["org_id", "broadcast_id"], ["broadcasts.org_id", "broadcasts.id"]),
        UniqueConstraint("org_id", "broadcast_id", "person_id"),
        Index("ix_exclusions_person", "org_id", "person_id"),
    )

    broadcast_id: Mapped[int] = mapped_column()
    person_id: Mapped[int] = mapped_column()
    reason: Mapped[str] = mapped_column(String(40))


class Thread(Private):
    """All texts with one phone, and whether somebody must answer."""

    __tablename__ = "threads"
    __table_args__ = (
        person_key(),
        UniqueConstraint("org_id", "phone"),
        CheckConstraint("state in ('needs_answer','waiting','done')", name="state"),
        Index("ix_threads_inbox", "org_id", "state", "last_at", "id"),
        Index("ix_threads_person", "org_id", "person_id"),
    )

    phone: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column()
    state: Mapped[str] = mapped_column(String(20), default="needs_answer")
    assigned_id: Mapped[int | None] = mapped_column()  # an account of this organization
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_in_body: Mapped[str] = mapped_column(LongText, default="")
    reason: Mapped[str] = mapped_column(String(40), default="")  # why it needs a person
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # open question, automatic answers this hour


class RawHook(Directory):
    """A webhook as it came, stored before anything acts on it; its contents go once they are handled."""

    __tablename__ = "raw_hooks"
    __table_args__ = (
        UniqueConstraint("kind", "sid", "status"),
        CheckConstraint("kind in ('inbound','status')", name="kind"),
        Index("ix_raw_hooks_open", "handled_at", "received_at"),
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
