"""Tables of ballots on paper and of the tablet in the hall. Nothing here ties a paper to a seat.

`paper_counts` are numbers; batches and what was typed of them are staging, gone when the batch is in the box or the vote closes.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Commons, Private, TwoSided


class PaperCount(Commons):
    """How many seats took paper, how many papers were spoiled and replaced, and how many came back and are in the count."""

    __tablename__ = "paper_counts"
    __of_assembly__ = "electorate_id"
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"), unique=True)
    issued: Mapped[int] = mapped_column(default=0)
    spoiled: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]  # all papers that came back are entered
    finished_by: Mapped[str | None] = mapped_column(String(200))
    __table_args__ = (
        CheckConstraint("0 <= returned and returned <= issued and spoiled >= 0", name="numbers"),
        CheckConstraint("(finished_at is null) = (finished_by is null)", name="finished"),
    )


class PaperBatch(Private):
    """Papers that two people enter apart from each other. Held: agreed, and too few to go into the box by themselves."""

    __tablename__ = "paper_batches"
    electorate_id: Mapped[int] = mapped_column(ForeignKey("electorates.id"))
    number: Mapped[int]
    size: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="typing")
    first_account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    second_account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    __table_args__ = (
        UniqueConstraint("org_id", "electorate_id", "number"),
        CheckConstraint("state in ('typing','differs','held')", name="state"),
        CheckConstraint("size between 1 and 50", name="size"),
        CheckConstraint("first_account_id != second_account_id", name="two_people"),
        CheckConstraint("state = 'typing' or second_account_id is not null", name="read_twice"),
    )


class PaperEntry(Private):
    """What one of the two read on one paper."""

    __tablename__ = "paper_entries"
    batch_id: Mapped[int]
    reading: Mapped[int]
    place: Mapped[int]
    contents: Mapped[dict[str, Any]]
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "batch_id"], ["paper_batches.org_id", "paper_batches.id"], ondelete="CASCADE"),
        UniqueConstraint("org_id", "batch_id", "reading", "place"),
        CheckConstraint("reading in (1, 2)", name="reading"),
    )


class VotingBooth(TwoSided):
    """A tablet on which one member after another votes: for whom it is unlocked now, and nobody before."""

    __tablename__ = "voting_booths"
    ratification_id: Mapped[int] = mapped_column(ForeignKey("ratifications.id"))
    name: Mapped[str] = mapped_column(String(80))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("roll_entries.id"))
    pass_key: Mapped[str | None] = mapped_column(String(32))
    until: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("(entry_id is null) = (pass_key is null) and (entry_id is null) = (until is null)", name="unlocked"),
        Index("ix_voting_booths_org_id_ratification_id", "org_id", "ratification_id"),
    )
