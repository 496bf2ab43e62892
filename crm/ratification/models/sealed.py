"""Tables of sealed votes: who has a pass, and which pass put which box in. Nothing says which pass is whose, and no row has a time."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Base, Commons, Directory, Private, PrivateRow


class SealedVote(Commons):
    """What is put to an organization's members, when passes are given and ballots cast, and whose shares open it."""

    __tablename__ = "sealed_votes"
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    title: Mapped[dict[str, str]]
    state: Mapped[str] = mapped_column(String(20), default="draft")
    method: Mapped[str] = mapped_column(String(40))
    contest: Mapped[dict[str, Any] | None]
    quorum: Mapped[str] = mapped_column(String(20))
    threshold: Mapped[str] = mapped_column(String(20))
    trustees: Mapped[list[str]]
    election_key: Mapped[str] = mapped_column(String(64))
    passes_at: Mapped[datetime]
    passes_end_at: Mapped[datetime]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    manifest: Mapped[dict[str, Any] | None]
    poll_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    __table_args__ = (
        CheckConstraint("state in ('draft','frozen','opened','void')", name="state"),
        CheckConstraint("(state = 'draft') = (poll_id is null)", name="frozen"),
        CheckConstraint("passes_at < passes_end_at and passes_end_at <= opens_at and opens_at < closes_at", name="hours"),
        Index("ix_sealed_votes_org_id_opens_at", "org_id", "opens_at"),
    )


class SealedSeat(Private):
    """One seat of the frozen roll."""

    __tablename__ = "sealed_seats"
    vote_id: Mapped[int] = mapped_column(ForeignKey("sealed_votes.id"))
    seat: Mapped[int]
    person_id: Mapped[int]
    __table_args__ = (
        UniqueConstraint("org_id", "vote_id", "seat"),
        UniqueConstraint("org_id", "vote_id", "person_id"),
        Index("ix_sealed_seats_person", "org_id", "person_id"),
    )


class SealedPass(PrivateRow, Base):
    """What the registrar signed for a seat, without seeing it: the same request gets the same answer, another one none."""

    __tablename__ = "sealed_passes"
    vote_id: Mapped[int] = mapped_column(ForeignKey("sealed_votes.id"), primary_key=True, autoincrement=False)
    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    blinded: Mapped[str] = mapped_column(String(512))
    answer: Mapped[str] = mapped_column(String(512))
    __table_args__ = ({"sqlite_with_rowid": False},)


class SealedEntry(PrivateRow, Base):
    """One link of the chain: a box, put in by a pass. The last version of a pass counts."""

    __tablename__ = "sealed_entries"
    vote_id: Mapped[int] = mapped_column(ForeignKey("sealed_votes.id"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pass_key: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    token: Mapped[str] = mapped_column(String(512))
    box: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(String(128))
    hash: Mapped[str] = mapped_column(String(64))
    __table_args__ = (UniqueConstraint("org_id", "vote_id", "pass_key", "version"), {"sqlite_with_rowid": False})


class SealedPoll(Directory):
    """The public address of a frozen vote: whose it is and, once opened, the board as it was signed."""

    __tablename__ = "sealed_polls"
    poll_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    vote_id: Mapped[int] = mapped_column(ForeignKey("sealed_votes.id"))
    board: Mapped[str | None] = mapped_column(Text)
