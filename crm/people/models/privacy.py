"""That somebody was erased: what honoring it needs, and nothing that says who it was."""

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private


class Erasure(Private):
    """One erasure. `marks` are keyed hashes of numbers and addresses, so that an old spreadsheet brings nobody back."""

    __tablename__ = "erasures"
    __table_args__ = (Index("ix_erasures_person", "org_id", "person_id"),)
    person_id: Mapped[int] = mapped_column()
    marks: Mapped[list] = mapped_column(JSON)
    counts: Mapped[dict] = mapped_column(JSON)
    account_id: Mapped[int | None] = mapped_column()
