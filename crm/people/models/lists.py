"""Saved lists and what was done with them: snapshots, exports, what was revealed."""

from datetime import datetime

from sqlalchemy import JSON, Boolean, CheckConstraint, Index, Integer, LargeBinary, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Private, UtcDateTime
from crm.people.models.people import belongs_to


class Segment(Private):
    """A saved filter, shown as a list. `definition` is the tree that rules.read_definition accepts."""

    __tablename__ = "segments"
    __table_args__ = (UniqueConstraint("org_id", "name"),)
    name: Mapped[str] = mapped_column(String(120))
    definition: Mapped[dict] = mapped_column(JSON)
    account_id: Mapped[int | None] = mapped_column()
    is_shared: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    columns: Mapped[list] = mapped_column(JSON, default=list, server_default="[]")  # names of queries.COLUMNS; none: the usual ones
    version: Mapped[int] = mapped_column(Integer, default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Snapshot(Private):
    """Who a list held when it was used (exported, printed, worked through): its tree, its size, and by whom it was used."""

    __tablename__ = "snapshots"
    __table_args__ = (Index("ix_snapshots_segment", "org_id", "segment_id"),)
    segment_id: Mapped[int | None] = mapped_column()  # no foreign key: the snapshot outlives the list
    name: Mapped[str] = mapped_column(String(120), default="")
    definition: Mapped[dict] = mapped_column(JSON)
    search: Mapped[str] = mapped_column(String(80), default="", server_default="")  # what was typed into the search of the list
    purpose: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(Integer)
    account_id: Mapped[int | None] = mapped_column()
    author: Mapped[str] = mapped_column(String(200), default="")


EXPORT_STATES = ("asked", "approved", "ready", "refused", "gone")


class Export(Private):
    """A list on its way out: who asked, who agreed, and the sealed file until it is fetched or expires."""

    __tablename__ = "exports"
    __table_args__ = (
        belongs_to("snapshot_id", "snapshots"),
        CheckConstraint(f"state in {EXPORT_STATES}", name="state"),
    )
    snapshot_id: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(20), default="asked")
    format: Mapped[str] = mapped_column(String(10), default="csv")
    columns: Mapped[list] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(200), default="")
    asked_by: Mapped[int | None] = mapped_column()
    decided_by: Mapped[int | None] = mapped_column()
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    job_id: Mapped[int | None] = mapped_column()
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


BULK_KINDS = ("tag", "untag", "standing")
BULK_STATES = ("running", "done", "undoing", "undone")


class BulkChange(Private):
    """One change to everyone whom a list held; `last_id` is how far it has come, by person id, so a stop loses nothing."""

    __tablename__ = "bulk_changes"
    __table_args__ = (
        belongs_to("snapshot_id", "snapshots"),
        CheckConstraint(f"kind in {BULK_KINDS}", name="kind"),
        CheckConstraint(f"state in {BULK_STATES}", name="state"),
        Index("ix_bulk_changes_recent", "org_id", "created_at", "id"),
    )
    snapshot_id: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(20), default="running")
    last_id: Mapped[int] = mapped_column(default=0)
    looked_at: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)  # when undone: changed again since by someone, so left as they are
    job_id: Mapped[int | None] = mapped_column()


class Reveal(Private):
    """That someone with a masked view opened one person's phone or e-mail; counted against a limit."""

    __tablename__ = "reveals"
    __table_args__ = (
        belongs_to("person_id", "people"),
        Index("ix_reveals_account", "org_id", "account_id", "created_at"),
        Index("ix_reveals_person", "org_id", "person_id"),
    )
    person_id: Mapped[int] = mapped_column()
    account_id: Mapped[int] = mapped_column()
    what: Mapped[str] = mapped_column(String(40))
