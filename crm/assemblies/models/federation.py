"""Tables of federation: which assembly is part of which, what comes up from below, and what is decided on it."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Directory, TwoSided, new_id

ASSEMBLY = "assemblies.id"


class Federation(TwoSided):
    """A local assembly in a larger one: asked by the convener of the one, agreed by the convener of the other (org_id)."""

    __tablename__ = "federations"
    parent_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    child_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY), unique=True)
    parent_title: Mapped[dict[str, str]]
    child_title: Mapped[dict[str, str]]
    state: Mapped[str] = mapped_column(String(10), default="asked")
    answered_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("state in ('asked','agreed','declined')", name="state"),
        CheckConstraint("(state = 'asked') = (answered_at is null)", name="answered"),
        CheckConstraint("parent_id != child_id", name="apart"),
        Index("ix_federations_parent", "parent_id", "state"),
    )


class FederationEdge(Directory):
    """Which assembly stands over which, in numbers alone: no one organization sees the whole tree, and it must have no circle."""

    __tablename__ = "federation_edges"
    child_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    parent_id: Mapped[int]


class LargerInvitation(Directory):
    """A link by which the convener of a larger assembly invites an organization with a local one: whoever holds it answers, once.

    Until then nobody knows which organization that will be, so it stands in the directory, with no more than the link's page shows.
    """

    __tablename__ = "larger_invitations"
    id: Mapped[int] = mapped_column(primary_key=True, default=new_id, autoincrement=False)
    org_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    parent_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    label: Mapped[str] = mapped_column(String(120))
    link_id: Mapped[int]
    expires_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open")
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    child_id: Mapped[int | None] = mapped_column(ForeignKey(ASSEMBLY))
    child_title: Mapped[dict[str, str]] = mapped_column(default=dict)
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    __access__: ClassVar[str] = "directory"
    __table_args__ = (
        CheckConstraint("state in ('open','accepted','declined','revoked')", name="state"),
        CheckConstraint("(state = 'open') = (answered_at is null)", name="answered"),
        CheckConstraint("(state = 'accepted') = (child_id is not null)", name="accepted"),
        Index("ix_larger_invitations_parent", "org_id", "parent_id", "id"),
    )


class AssemblyInput(TwoSided):
    """What a local assembly sends up, with the place that it comes from and its numbers, and what became of it.

    `origin` lists the places that it passed, the first first: {"name" by language, "yes", "no", "abstain", "people"}. `above` is what larger
    assemblies decided, when the one that received it passed it on: {"title", "state", "answer"}.
    """

    __tablename__ = "assembly_inputs"
    parent_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    child_id: Mapped[int] = mapped_column(ForeignKey(ASSEMBLY))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    origin: Mapped[list[Any]]
    from_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10), default="sent")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(200), default="")
    answered_at: Mapped[datetime | None]
    above: Mapped[list[Any]] = mapped_column(default=list)
    __table_args__ = (
        UniqueConstraint("child_id", "number"),
        CheckConstraint("state in ('sent','adopted','amended','rejected','referred')", name="state"),
        CheckConstraint("(state = 'sent') = (answered_at is null)", name="answered"),
        Index("ix_assembly_inputs_parent", "parent_id", "child_id", "number"),
    )
