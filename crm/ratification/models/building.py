"""What a roll is built with: the owner's secrets, hashes of phones while it is built, and seats that may be one human."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private, TwoSided


class RollKey(Private):
    """The owner's secrets of a roll.

    The salt of its published hash and, only while it is built, the key of the phone hashes.
    """

    __tablename__ = "roll_keys"
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"), unique=True)
    salt: Mapped[str] = mapped_column(String(64))
    mark_key: Mapped[str | None] = mapped_column(String(64))


class RollMark(TwoSided):
    """A keyed hash of a phone, kept only while the roll is built."""

    __tablename__ = "roll_marks"
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"))
    seat: Mapped[int]
    mark: Mapped[str] = mapped_column(String(64))
    __table_args__ = (Index("ix_roll_marks_org_id_electorate_id", "org_id", "electorate_id"),)


class RollCandidate(Private):
    """Two seats that may be one human, for the credentials committee. Nothing follows by itself."""

    __tablename__ = "roll_candidates"
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"))
    seat: Mapped[int]
    other_seat: Mapped[int]
    partner_id: Mapped[int]
    other_partner_id: Mapped[int]
    answer: Mapped[str] = mapped_column(String(20), default="open")
    __table_args__ = (
        UniqueConstraint("org_id", "electorate_id", "seat", "other_seat"),
        CheckConstraint("answer in ('open','two_people','struck')", name="answer"),
    )
