"""Consent is a ledger: every entry is kept, and the present state of a phone follows from them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private, UtcDateTime


class Wording(Private):
    """Words to which people agree, in one version of this organization; other words are another version. Never changed."""

    __tablename__ = "wordings"
    __table_args__ = (
        UniqueConstraint("org_id", "number"),
        UniqueConstraint("org_id", "mark"),
        CheckConstraint("words <> ''", name="words"),
    )

    number: Mapped[int] = mapped_column()
    words: Mapped[str] = mapped_column(LongText)
    mark: Mapped[str] = mapped_column(String(64))  # the words' SHA-256


class Consent(Private):
    """One entry of the consent ledger; never changed, never removed: the database refuses it (see infra.ledgers).

    No foreign key to the person: an opt-out outlives them. A yes without words, evidence and who took it is no entry.
    """

    __tablename__ = "consents"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "wording_id"], ["wordings.org_id", "wordings.id"]),
        CheckConstraint("kind in ('given','revoked')", name="kind"),
        CheckConstraint("purpose in ('organizing','fundraising')", name="purpose"),
        CheckConstraint("kind <> 'given' or (wording_id is not null and evidence <> '' and collector <> '')", name="complete"),
        CheckConstraint("undoes_id is null or (kind = 'revoked' and source = 'undo')", name="undoes"),
        Index("ix_consents_phone", "org_id", "phone", "at"),
        Index("ix_consents_received", "org_id", "received_on"),
    )

    person_id: Mapped[int | None] = mapped_column()
    phone: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(20), default="organizing")  # a no is for every purpose
    kind: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20))
    wording_id: Mapped[int | None] = mapped_column()  # what they agreed to
    said: Mapped[str] = mapped_column(LongText, default="")  # in their own words, where they wrote themselves
    collector: Mapped[str] = mapped_column(String(200), default="")
    account_id: Mapped[int | None] = mapped_column()  # who of staff wrote it down; nobody when they did it themselves
    evidence: Mapped[str] = mapped_column(LongText, default="")
    received_on: Mapped[date | None] = mapped_column(Date)  # when a no reached us, where that was not by text
    undoes_id: Mapped[int | None] = mapped_column()  # the entry that was a mistake of ours
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsentState(Private):
    """The present consent of one phone for one purpose, derived from the ledger and rebuilt by replay.

    A phone that ever said anything has a row for organizing; one for another purpose only if it ever agreed to that.
    """

    __tablename__ = "consent_states"
    __table_args__ = (
        UniqueConstraint("org_id", "phone", "purpose"),
        CheckConstraint("state in ('given','revoked')", name="state"),
        CheckConstraint("purpose in ('organizing','fundraising')", name="purpose"),
    )

    phone: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(20), default="organizing")
    state: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class OptOutRequest(Private):
    """Somebody asked for no more texts by another way than text, and we do not know yet which number is theirs."""

    __tablename__ = "opt_out_requests"
    __table_args__ = (
        CheckConstraint("outcome is null or outcome in ('honored','not_ours')", name="outcome"),
        CheckConstraint("(outcome is null) = (closed_at is null)", name="closed"),
        CheckConstraint("outcome is null or outcome <> 'honored' or consent_id is not null", name="honored"),
        Index("ix_opt_out_requests_open", "org_id", "outcome", "received_on", "id"),
    )

    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(20))
    evidence: Mapped[str] = mapped_column(LongText)
    received_on: Mapped[date] = mapped_column(Date)
    collector: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[int | None] = mapped_column()
    outcome: Mapped[str | None] = mapped_column(String(20))
    consent_id: Mapped[int | None] = mapped_column()
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
