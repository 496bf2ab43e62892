"""Tables of accounts, all directory: they are read before an organization is known."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Directory, new_id


class Account(Directory):
    """A person who signs in, in any number of organizations."""

    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True, default=new_id, autoincrement=False)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(12), default="en")
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Grant(Directory):
    """A role of an account in one organization."""

    __tablename__ = "grants"
    __table_args__ = (
        UniqueConstraint("account_id", "org_id"),
        CheckConstraint(
            "role in ('administrator','organizer','coalition_lead','facilitator','teller','volunteer','read_only')", name="role"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True, default=new_id, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    org_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    role: Mapped[str] = mapped_column(String(20))
    # A volunteer may be held to one saved list and to one task; neither is a foreign key, for a grant is read before its organization.
    list_id: Mapped[int | None]
    task: Mapped[str | None] = mapped_column(String(20))
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Invitation(Directory):
    """A grant that is offered to an address and waits for the holder of its link. Read before an organization is known."""

    __tablename__ = "invitations"
    __table_args__ = (Index("ix_invitations_open", "org_id", "created_at"),)
    id: Mapped[int] = mapped_column(primary_key=True, default=new_id, autoincrement=False)
    org_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    list_id: Mapped[int | None]
    task: Mapped[str | None] = mapped_column(String(20))
    expires_at: Mapped[datetime | None]  # when the grant will end
    invited_by: Mapped[str] = mapped_column(String(200))
    open_until: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SignIn(Directory):
    """One signed-in browser; only the hash of its token is kept."""

    __tablename__ = "sign_ins"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    grant_id: Mapped[int | None] = mapped_column(ForeignKey("grants.id"))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]  # when the password was last said


class SignInFailure(Directory):
    """A refused sign-in, by keyed hash of the address typed and of the network address; kept fifteen minutes."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index("ix_sign_in_failures_who", "who", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True, default=new_id, autoincrement=False)
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
