"""What somebody typed into the public sign-up form, until a job has taken it over."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private, UtcDateTime


class SignUp(Private):
    """A ticked box with a name and a number. Taken over by a job, so that the page answers alike whoever is known; then blanked."""

    __tablename__ = "sign_ups"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "wording_id"], ["wordings.org_id", "wordings.id"]),
        ForeignKeyConstraint(["org_id", "money_wording_id"], ["wordings.org_id", "wordings.id"], name="fk_sign_ups_money_wording"),
        CheckConstraint("outcome in ('waiting','agreed','stays_out')", name="outcome"),
        CheckConstraint("outcome = 'waiting' or phone = ''", name="blanked"),
        Index("ix_sign_ups_address", "org_id", "address_mark", "created_at"),
        Index("ix_sign_ups_phone", "org_id", "phone_mark", "created_at"),
    )

    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8))
    wording_id: Mapped[int] = mapped_column()
    money_wording_id: Mapped[int | None] = mapped_column()  # where they ticked that they may be asked for money
    phone_mark: Mapped[str] = mapped_column(String(32))  # keyed hashes: so that nobody signs up a number again and again
    address_mark: Mapped[str] = mapped_column(String(32))
    outcome: Mapped[str] = mapped_column(String(20), default="waiting")
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
