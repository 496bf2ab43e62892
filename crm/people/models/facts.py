"""What an organization says of people: tags, notes, fields of its own."""

from datetime import datetime

from sqlalchemy import JSON, Boolean, CheckConstraint, Index, Integer, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private, UtcDateTime
from crm.people.models.people import belongs_to


class Tag(Private):
    """A word that the organization puts on people."""

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("org_id", "name_folded"),)
    name: Mapped[str] = mapped_column(String(80))
    name_folded: Mapped[str] = mapped_column(String(80))
    group_name: Mapped[str] = mapped_column(String(60), default="", server_default="")


class PersonTag(Private):
    """That a person carries a tag."""

    __tablename__ = "person_tags"
    __table_args__ = (
        belongs_to("person_id", "people"),
        belongs_to("tag_id", "tags"),
        UniqueConstraint("org_id", "person_id", "tag_id"),
        Index("ix_person_tags_tag", "org_id", "tag_id", "person_id"),
    )
    person_id: Mapped[int] = mapped_column()
    tag_id: Mapped[int] = mapped_column()


class Note(Private):
    """What someone of the organization wrote down about a person."""

    __tablename__ = "notes"
    __table_args__ = (belongs_to("person_id", "people"), Index("ix_notes_person", "org_id", "person_id"))
    person_id: Mapped[int] = mapped_column()
    body: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column()
    author: Mapped[str] = mapped_column(String(200), default="")
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


FIELD_KINDS = ("text", "long_text", "number", "date", "yes_no", "one_of", "several_of", "link")


class CustomField(Private):
    """A field that only this organization keeps; its values live in Person.custom under `key`."""

    __tablename__ = "custom_fields"
    __table_args__ = (
        UniqueConstraint("org_id", "key"),
        CheckConstraint(f"kind in {FIELD_KINDS}", name="kind"),
    )
    key: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20), default="text", server_default="text")
    choices: Mapped[list] = mapped_column(JSON, default=list, server_default="[]")  # for one_of and several_of
    is_private: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    position: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
