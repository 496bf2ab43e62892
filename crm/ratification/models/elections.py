"""Tables of elections: offices, and who was nominated to them. The vote itself is a ratification like any other."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Commons, TwoSided


class Election(Commons):
    """When leaders are nominated, who may nominate and stand, who watches, and how long the records are kept."""

    __tablename__ = "elections"
    __of_assembly__ = "election_offices.election_id"
    title: Mapped[dict[str, str]]
    who_may: Mapped[dict[str, str]]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    must_be_member: Mapped[bool] = mapped_column(default=True)
    member_months: Mapped[int] = mapped_column(default=0)
    statement_limit: Mapped[int] = mapped_column(default=600)
    observers: Mapped[list[Any]]  # {"name", "sees"}, as they are named on the certificate
    keep_days: Mapped[int] = mapped_column(default=365)
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="window"),
        CheckConstraint("keep_days >= 365", name="kept"),
        Index("ix_elections_org_id_opens_at", "org_id", "opens_at"),
    )


class Office(Commons):
    """What somebody is elected to: one or several seats, some perhaps reserved for groups, and the vote that fills them."""

    __tablename__ = "election_offices"
    __of_assembly__ = "ratification_id"
    election_id: Mapped[int] = mapped_column(ForeignKey("elections.id"))
    title: Mapped[dict[str, str]]
    seats: Mapped[int] = mapped_column(default=1)
    method: Mapped[str] = mapped_column(String(40), default="irv")
    reserved: Mapped[list[Any]]  # {"group": {"en", "es"}, "at_least": n}
    ratification_id: Mapped[int | None] = mapped_column(ForeignKey("ratifications.id"), unique=True)
    __table_args__ = (
        CheckConstraint("seats > 0", name="seats"),
        Index("ix_election_offices_org_id_election_id", "org_id", "election_id"),
    )


class Nomination(TwoSided):
    """A member of `partner_id` who was nominated. What is public of them (name, statement, groups) they gave when they accepted.

    `person_id` is a record of `partner_id`, so it is a plain number here.
    """

    __tablename__ = "nominations"
    office_id: Mapped[int] = mapped_column(ForeignKey("election_offices.id"))
    person_id: Mapped[int]
    nominated_by: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20), default="asked")
    public_name: Mapped[str] = mapped_column(String(120), default="")
    statements: Mapped[dict[str, str]]
    groups: Mapped[list[Any]]  # places in the office's `reserved` for which the candidate counts, by their own word
    answered_at: Mapped[datetime | None]
    via: Mapped[str] = mapped_column(String(20), default="")
    __table_args__ = (
        UniqueConstraint("office_id", "partner_id", "person_id"),
        CheckConstraint("state in ('asked','accepted','declined','withdrawn')", name="state"),
        CheckConstraint("state != 'accepted' or public_name != ''", name="named"),
        CheckConstraint("(state = 'asked') = (answered_at is null)", name="answered"),
        CheckConstraint("via in ('','page','desk')", name="via"),
        Index("ix_nominations_org_id_office_id", "org_id", "office_id"),
        Index("ix_nominations_person", "partner_id", "person_id"),
    )
