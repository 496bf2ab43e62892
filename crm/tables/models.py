"""Tables of tables. A place names its sitter by the number of their RSVP, or of their check-in where they had none: a plain number, so
that merging people and taking a check-in back need not know of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private


class TableRound(Private):
    """One division of a session's people among tables. `seats` is how many a table holds, `main_language` the one nobody needs help with."""

    __tablename__ = "table_rounds"
    assembly_id: Mapped[int] = mapped_column(ForeignKey("assemblies.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("assembly_sessions.id"))
    source: Mapped[str] = mapped_column(String(8))
    seats: Mapped[int]
    main_language: Mapped[str] = mapped_column(String(8), default="en")
    spread: Mapped[list]
    drawn_at: Mapped[datetime]
    dots: Mapped[int] = mapped_column(default=0)
    dots_opened_at: Mapped[datetime | None]
    dots_closed_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("source in ('room','expected')", name="source"),
        CheckConstraint("seats between 2 and 50", name="seats"),
        CheckConstraint("dots between 0 and 20", name="dots"),
        CheckConstraint("dots_opened_at is null or dots > 0", name="dots_opened"),
        CheckConstraint("dots_closed_at is null or dots_opened_at is not null", name="dots_closed"),
        Index("ix_table_rounds_of", "org_id", "assembly_id", "id"),
    )


class HallTable(Private):
    """A table of the hall, and the link by which its people write."""

    __tablename__ = "hall_tables"
    round_id: Mapped[int]
    number: Mapped[int]
    link_id: Mapped[int]
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "round_id"], ["table_rounds.org_id", "table_rounds.id"], ondelete="CASCADE"),
        UniqueConstraint("org_id", "round_id", "number"),
    )


class TablePlace(Private):
    """Somebody's seat; a sitter has one in each round."""

    __tablename__ = "table_places"
    round_id: Mapped[int]
    table_id: Mapped[int]
    sitter: Mapped[int]
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "round_id"], ["table_rounds.org_id", "table_rounds.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["org_id", "table_id"], ["hall_tables.org_id", "hall_tables.id"], ondelete="CASCADE"),
        UniqueConstraint("org_id", "round_id", "sitter"),
    )


class KeptApart(Private):
    """Two who never sit together at this assembly, whatever the reason: none is written down."""

    __tablename__ = "kept_apart"
    assembly_id: Mapped[int] = mapped_column(ForeignKey("assemblies.id"))
    one_sitter: Mapped[int]
    other_sitter: Mapped[int]
    __table_args__ = (
        UniqueConstraint("org_id", "assembly_id", "one_sitter", "other_sitter"),
        CheckConstraint("one_sitter < other_sitter", name="ordered"),
    )


class Theme(Private):
    """Notes that belong together, under a name that the gatherers gave them."""

    __tablename__ = "themes"
    assembly_id: Mapped[int] = mapped_column(ForeignKey("assemblies.id"))
    title: Mapped[str] = mapped_column(String(120))
    __table_args__ = (Index("ix_themes_of", "org_id", "assembly_id", "id"),)


class TableNote(Private):
    """What a table wrote, in its own words; `key` makes a second press the same note."""

    __tablename__ = "table_notes"
    assembly_id: Mapped[int] = mapped_column(ForeignKey("assemblies.id"))
    table_id: Mapped[int]
    theme_id: Mapped[int | None]
    body: Mapped[str] = mapped_column(String(600))
    language: Mapped[str] = mapped_column(String(8))
    key: Mapped[str] = mapped_column(String(40))
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "table_id"], ["hall_tables.org_id", "hall_tables.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["org_id", "theme_id"], ["themes.org_id", "themes.id"]),
        UniqueConstraint("org_id", "table_id", "key"),
        Index("ix_table_notes_of", "org_id", "assembly_id", "theme_id", "id"),
    )


class TableProposal(Private):
    """What the room could ask for, made of a theme or written down as it was said; `number` counts from 1 in the assembly."""

    __tablename__ = "table_proposals"
    assembly_id: Mapped[int] = mapped_column(ForeignKey("assemblies.id"))
    number: Mapped[int]
    theme_id: Mapped[int | None]
    titles: Mapped[dict]
    texts: Mapped[dict]
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "theme_id"], ["themes.org_id", "themes.id"]),
        UniqueConstraint("org_id", "assembly_id", "number"),
    )


class Dots(Private):
    """A table's points on a proposal, as they stand."""

    __tablename__ = "table_dots"
    table_id: Mapped[int]
    proposal_id: Mapped[int]
    points: Mapped[int]
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "table_id"], ["hall_tables.org_id", "hall_tables.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["org_id", "proposal_id"], ["table_proposals.org_id", "table_proposals.id"], ondelete="CASCADE"),
        UniqueConstraint("org_id", "table_id", "proposal_id"),
        CheckConstraint("points > 0", name="points"),
    )


class SpeakingOrder(Private):
    """How a session's speaking goes: the order, and how many seconds each has."""

    __tablename__ = "speaking_orders"
    session_id: Mapped[int] = mapped_column(ForeignKey("assembly_sessions.id"))
    order: Mapped[str] = mapped_column(String(12))
    seconds: Mapped[int]
    __table_args__ = (
        UniqueConstraint("org_id", "session_id"),
        CheckConstraint('"order" in (\'progressive\',\'alternate\',\'plain\')', name="order"),
        CheckConstraint("seconds between 15 and 1800", name="seconds"),
    )


class Speaker(Private):
    """Somebody who asked for the floor, by the name that they gave; the row of a turn that is over tells how long it was."""

    __tablename__ = "speakers"
    assembly_id: Mapped[int] = mapped_column(ForeignKey("assemblies.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("assembly_sessions.id"))
    name: Mapped[str] = mapped_column(String(60))
    table_number: Mapped[int | None]
    side: Mapped[str] = mapped_column(String(8), default="")
    is_about: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    first_because: Mapped[str] = mapped_column(String(200), default="")
    __table_args__ = (
        CheckConstraint("side in ('','for','against')", name="side"),
        CheckConstraint("ended_at is null or began_at is not null", name="ended"),
        CheckConstraint("withdrawn_at is null or began_at is null", name="withdrawn"),
        Index("ix_speakers_of", "org_id", "session_id", "id"),
    )
