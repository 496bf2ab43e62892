"""Spreadsheets on their way in."""

from datetime import datetime

from sqlalchemy import JSON, Boolean, CheckConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private, UtcDateTime
from crm.infra.sealing import SealedBytes
from crm.people.models.people import belongs_to


class ImportMapping(Private):
    """How a spreadsheet with these headers was read last time."""

    __tablename__ = "import_mappings"
    __table_args__ = (UniqueConstraint("org_id", "headers_hash"),)
    headers_hash: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[list] = mapped_column(JSON)
    choices: Mapped[dict] = mapped_column(JSON, default=dict)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)


IMPORT_STATES = ("mapping", "checking", "review", "applying", "applied", "undoing", "undone")


class Import(Private):
    """One spreadsheet on its way in: how its columns are read, how far it has come, and what came of it."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint(f"state in {IMPORT_STATES}", name="state"),
        CheckConstraint("applied_at is not null or state <> 'applied'", name="applied"),
        CheckConstraint("undone_at is not null or state <> 'undone'", name="undone"),
        Index("ix_imports_file", "org_id", "sha256"),
    )
    filename: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20), default="mapping")
    reading: Mapped[dict] = mapped_column(
        JSON
    )  # sheets, chosen sheet, encoding, delimiter, headers, samples, row count
    mapping: Mapped[list] = mapped_column(JSON, default=list)  # one field key per column
    choices: Mapped[dict] = mapped_column(
        JSON, default=dict
    )  # what is to happen with people already here, consent, source
    done_rows: Mapped[int] = mapped_column(Integer, default=0)
    job_id: Mapped[int | None] = mapped_column()
    account_id: Mapped[int | None] = mapped_column()
    author: Mapped[str] = mapped_column(String(200), default="")
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportFile(Private):
    """The bytes of an import's file, compressed and sealed, kept only until it is applied."""

    __tablename__ = "import_files"
    __table_args__ = (belongs_to("import_id", "imports"), UniqueConstraint("org_id", "import_id"))
    import_id: Mapped[int] = mapped_column()
    content: Mapped[bytes] = mapped_column(SealedBytes)


class ImportRow(Private):
    """One row of the file: what it says, what was planned, what was done, and what undoing must restore."""

    __tablename__ = "import_rows"
    __table_args__ = (
        belongs_to("import_id", "imports"),
        CheckConstraint("state in ('planned','applied','undone','kept')", name="state"),
        CheckConstraint("outcome in ('create','update','same','skip')", name="outcome"),
        UniqueConstraint("org_id", "import_id", "number"),
        Index("ix_import_rows_outcome", "org_id", "import_id", "outcome", "number"),
        Index("ix_import_rows_person", "org_id", "person_id"),
    )
    import_id: Mapped[int] = mapped_column()
    number: Mapped[int] = mapped_column(Integer)
    cells: Mapped[list] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20), default="planned")
    outcome: Mapped[str] = mapped_column(String(20))
    problems: Mapped[list] = mapped_column(JSON, default=list)
    plan: Mapped[dict] = mapped_column(JSON, default=dict)
    has_problems: Mapped[bool] = mapped_column(Boolean, default=False)
    # Who a row is that fits several people: "?" while it is asked, then "new" or the person's id; empty where nothing is asked.
    answer: Mapped[str] = mapped_column(String(20), default="", server_default="")
    # No foreign key: the row outlives the person it made.
    person_id: Mapped[int | None] = mapped_column()
