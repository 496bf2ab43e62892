"""Residence as people declare it: where, in which words, on which day. No address, no paper, no copy of anything."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Commons, Private


class ResidencePlace(Commons):
    """A place whose residents may be asked, and the words by which somebody declares to live there."""

    __tablename__ = "residence_places"
    name: Mapped[dict[str, str]]
    wording: Mapped[dict[str, str]]
    keep_days: Mapped[int]  # after the last vote that asked them, for challenges
    __table_args__ = (CheckConstraint("keep_days between 1 and 90", name="keep_days"),)


class Residence(Private):
    """What one person declared to their own organization, at a desk or by a link of their own; the place's owner learns seats on a roll.

    Whoever got a link and has not answered is `asked`: no words yet, and the day of the link.
    """

    __tablename__ = "residences"
    place_id: Mapped[int] = mapped_column(ForeignKey("residence_places.id"))
    person_id: Mapped[int]
    wording: Mapped[str] = mapped_column(Text)
    declared_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12), default="accepted")  # as it is recorded at a desk
    reason: Mapped[str] = mapped_column(Text, default="")  # of a challenge, shown to the person
    __table_args__ = (
        CheckConstraint("state in ('asked', 'declared', 'accepted', 'challenged')", name="state"),
        CheckConstraint("(state = 'challenged') = (reason <> '')", name="reason"),
        ForeignKeyConstraint(["org_id", "person_id"], ["people.org_id", "people.id"], ondelete="CASCADE"),
        UniqueConstraint("org_id", "place_id", "person_id"),
        Index("ix_residences_org_id_person_id", "org_id", "person_id"),
    )
