"""Tables of the people room. All are private: one organization, never seen by another."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private, UtcDateTime


def _of(column: str, table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["org_id", column], [f"{table}.org_id", f"{table}.id"], ondelete="CASCADE")


class Person(Private):
    """A human as this organization knows them. `version` counts saves, so that a second editor never overwrites a first."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("standing in ('contact','supporter','member','lapsed')", name="standing"),
        CheckConstraint("rung between 0 and 5", name="rung"),
        CheckConstraint("assessment is null or assessment between 1 and 5", name="assessment"),
        Index("ix_people_name", "org_id", "name_folded", "id"),
        Index("ix_people_rung", "org_id", "rung"),
        Index("ix_people_standing", "org_id", "standing"),
        Index("ix_people_newest", "org_id", "created_at", "id"),
        Index("ix_people_neighborhood", "org_id", "neighborhood"),
    )
    given_name: Mapped[str] = mapped_column(String(120), default="")
    family_name: Mapped[str] = mapped_column(String(120), default="")
    name_folded: Mapped[str] = mapped_column(String(250))
    language: Mapped[str] = mapped_column(String(8), default="en")
    standing: Mapped[str] = mapped_column(String(20), default="contact")
    member_since: Mapped[date | None] = mapped_column(Date)
    rung: Mapped[int] = mapped_column(Integer, default=0)
    assessment: Mapped[int | None] = mapped_column(Integer)
    street: Mapped[str] = mapped_column(String(200), default="")
    neighborhood: Mapped[str] = mapped_column(String(120), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    region: Mapped[str] = mapped_column(String(60), default="")
    postal_code: Mapped[str] = mapped_column(String(20), default="")
    time_zone: Mapped[str | None] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(String(200), default="")
    custom: Mapped[dict] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(Integer, default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @hybrid_property
    def below_top(self) -> int:
        """How many rungs are left to climb; ascending, it lists the highest first."""
        return 5 - self.rung

    @property
    def name(self) -> str:
        """The name as it is said: given name first; empty when none is known."""
        return f"{self.given_name} {self.family_name}".strip()


class Phone(Private):
    """A number at which a person can be reached. People of one household may have the same."""

    __tablename__ = "phones"
    __table_args__ = (
        _of("person_id", "people"),
        UniqueConstraint("org_id", "person_id", "e164"),
        CheckConstraint("kind in ('mobile','home','work','other')", name="kind"),
        Index("ix_phones_number", "org_id", "e164"),
    )
    person_id: Mapped[int] = mapped_column()
    e164: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20), default="mobile")
    is_preferred: Mapped[bool] = mapped_column(Boolean, default=False)
    is_textable: Mapped[bool] = mapped_column(Boolean, default=True)


class Email(Private):
    """An e-mail address, in lower case."""

    __tablename__ = "emails"
    __table_args__ = (
        _of("person_id", "people"),
        UniqueConstraint("org_id", "person_id", "address"),
        Index("ix_emails_address", "org_id", "address"),
    )
    person_id: Mapped[int] = mapped_column()
    address: Mapped[str] = mapped_column(String(254))
    is_preferred: Mapped[bool] = mapped_column(Boolean, default=False)


class Identifier(Private):
    """What another system (VAN, Action Network, a membership roll) calls a person; the surest way to match an import."""

    __tablename__ = "identifiers"
    __table_args__ = (
        _of("person_id", "people"),
        UniqueConstraint("org_id", "system", "value"),
        Index("ix_identifiers_person", "org_id", "person_id"),
    )
    person_id: Mapped[int] = mapped_column()
    system: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(120))


class Tag(Private):
    """A word that the organization puts on people."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("org_id", "name_folded"),)
    name: Mapped[str] = mapped_column(String(80))
    name_folded: Mapped[str] = mapped_column(String(80))


class PersonTag(Private):
    """That a person carries a tag."""

    __tablename__ = "person_tags"
    __table_args__ = (
        _of("person_id", "people"),
        _of("tag_id", "tags"),
        UniqueConstraint("org_id", "person_id", "tag_id"),
        Index("ix_person_tags_tag", "org_id", "tag_id", "person_id"),
    )
    person_id: Mapped[int] = mapped_column()
    tag_id: Mapped[int] = mapped_column()


class Note(Private):
    """What someone of the organization wrote down about a person."""

    __tablename__ = "notes"
    __table_args__ = (_of("person_id", "people"), Index("ix_notes_person", "org_id", "person_id"))
    person_id: Mapped[int] = mapped_column()
    body: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column()
    author: Mapped[str] = mapped_column(String(200), default="")


class CustomField(Private):
    """A field that only this organization keeps; its values live in Person.custom under `key`."""

    __tablename__ = "custom_fields"
    __table_args__ = (UniqueConstraint("org_id", "key"),)
    key: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(120))


class Segment(Private):
    """A saved filter, shown as a list. `definition` is the tree that rules.read_definition accepts."""

    __tablename__ = "segments"
    __table_args__ = (UniqueConstraint("org_id", "name"),)
    name: Mapped[str] = mapped_column(String(120))
    definition: Mapped[dict] = mapped_column(JSON)
    account_id: Mapped[int | None] = mapped_column()
    version: Mapped[int] = mapped_column(Integer, default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


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
    reading: Mapped[dict] = mapped_column(JSON)  # sheets, chosen sheet, encoding, delimiter, headers, samples, row count
    mapping: Mapped[list] = mapped_column(JSON, default=list)  # one field key per column
    choices: Mapped[dict] = mapped_column(JSON, default=dict)  # what is to happen with people already here, consent, source
    done_rows: Mapped[int] = mapped_column(Integer, default=0)
    job_id: Mapped[int | None] = mapped_column()
    account_id: Mapped[int | None] = mapped_column()
    author: Mapped[str] = mapped_column(String(200), default="")
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportFile(Private):
    """The bytes of an import's file, compressed, kept only until it is applied."""

    __tablename__ = "import_files"
    __table_args__ = (_of("import_id", "imports"), UniqueConstraint("org_id", "import_id"))
    import_id: Mapped[int] = mapped_column()
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRow(Private):
    """One row of the file: what it says, what was planned, what was done, and what undoing must restore."""

    __tablename__ = "import_rows"
    __table_args__ = (
        _of("import_id", "imports"),
        CheckConstraint("state in ('planned','applied','undone','kept')", name="state"),
        CheckConstraint("outcome in ('create','update','same','skip')", name="outcome"),
        UniqueConstraint("org_id", "import_id", "number"),
        Index("ix_import_rows_outcome", "org_id", "import_id", "outcome", "number"),
    )
    import_id: Mapped[int] = mapped_column()
    number: Mapped[int] = mapped_column(Integer)
    cells: Mapped[list] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20), default="planned")
    outcome: Mapped[str] = mapped_column(String(20))
    problems: Mapped[list] = mapped_column(JSON, default=list)
    plan: Mapped[dict] = mapped_column(JSON, default=dict)
    has_problems: Mapped[bool] = mapped_column(Boolean, default=False)
    # No foreign key: the row outlives the person it made.
    person_id: Mapped[int | None] = mapped_column()
