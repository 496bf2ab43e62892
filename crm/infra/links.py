"""Links that members and volunteers hold: at least 128 bits, one purpose, an end, never consumed by reading.

The token is HMAC(key, id) and the database keeps only its SHA-256, so a dump holds no usable link, and a text can
carry the placeholder [[link:ID]] until the moment it leaves.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import Connection, ForeignKey, Index, String, Text, bindparam, cast, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Directory, current_org, new_id, session
from crm.infra.runtime import keyed_hash, settings
from crm.kernel.refusal import Missing

PATHS: dict[str, str] = {}
"""Purpose → path before the token, e.g. "ballot" → "/v/"; filled in create_app."""


class Link(Directory):
    """One link: what for, for what, until when."""

    __tablename__ = "links"
    __table_args__ = (Index("ix_links_subject", "org_id", "purpose", "subject_id"),)
    id: Mapped[int] = mapped_column(primary_key=True, default=new_id, autoincrement=False)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    __access__: ClassVar[str] = "directory"


def end_links(at: datetime, most: int) -> int:
    """Links that have opened nothing for a month are forgotten, and with them whom they were for."""
    over = at - timedelta(days=30)
    old = session().scalars(select(Link.id).where(or_(Link.expires_at < over, Link.revoked_at < over)).limit(most)).all()
    return session().execute(delete(Link).where(Link.id.in_(old))).rowcount  # type: ignore[attr-defined]


def issue_link(
    org_id: int, purpose: str, subject_id: int, *, expires_at: datetime, now: datetime, partner_id: int | None = None
) -> str:
    """Makes a link and returns its token, which is stored nowhere."""
    return token_of(issue_link_id(org_id, purpose, subject_id, expires_at=expires_at, now=now, partner_id=partner_id))


def issue_link_id(
    org_id: int, purpose: str, subject_id: int, *, expires_at: datetime, now: datetime, partner_id: int | None = None
) -> int:
    """Makes a link and returns its id, for the placeholder [[link:ID]] of a text."""
    link_id = new_id()
    session().add(Link(
        id=link_id, token_hash=_hash(token_of(link_id)), org_id=org_id, partner_id=partner_id, purpose=purpose,
        subject_id=subject_id, expires_at=expires_at, created_at=now,
    ))
    session().flush()
    return link_id


def issue_link_rows(rows: list[dict]) -> list[int]:
    """Makes many links in one insert; each row has org_id, purpose, subject_id, expires_at, created_at, partner_id."""
    made = [row | {"id": (link_id := new_id()), "token_hash": _hash(token_of(link_id)), "revoked_at": None} for row in rows]
    if made:
        session().execute(Link.__table__.insert(), made)
    return [row["id"] for row in made]


def token_of(link_id: int) -> str:
    """The token of a link: 22 URL-safe letters, 132 bits, derived from the instance's key."""
    return base64.urlsafe_b64encode(keyed_hash("links", str(link_id))[:18]).decode()[:22]


def read_link(token: str, purpose: str, now: datetime, *, grace_seconds: int = 0) -> Link:
    """The live link of that token and purpose; raises Missing for an unknown, ended or revoked one alike."""
    link = session().scalar(select(Link).where(Link.token_hash == _hash(token), Link.purpose == purpose))
    if link is None or link.revoked_at is not None or (now - link.expires_at).total_seconds() > grace_seconds:
        raise Missing()
    return link


_FOUND = select(Link.id, Link.org_id, Link.partner_id, Link.subject_id, Link.expires_at).where(
    Link.token_hash == bindparam("token_hash"), Link.purpose == bindparam("purpose"), Link.revoked_at.is_(None), Link.expires_at >= bindparam("now"))
_ENTERED = _FOUND.add_columns(func.set_config("plenary.org_id", cast(Link.org_id, Text), True), func.set_config("synchronous_commit", "on", True))


@dataclass
class Entrance:
    """For `transaction(by=…)`: finds the link and holds the transaction to its organization at once; a full hall's ballots are worth it.

    The link is in `link` then; an unknown, ended or revoked one raises Missing. Its commit is durable.
    """

    token: str
    purpose: str
    now: datetime
    link: Any = None

    def __call__(self, connection: Connection) -> int:
        """The organization that gave the link out."""
        asked = {"token_hash": _hash(self.token), "purpose": self.purpose, "now": self.now}
        self.link = connection.execute(_ENTERED if connection.dialect.name == "postgresql" else _FOUND, asked).first()
        if self.link is None:
            raise Missing()
        return self.link.org_id


def revoke_links(org_id: int, purpose: str, *subject_ids: int, now: datetime) -> None:
    """Ends every link of that purpose and of these subjects."""
    session().execute(
        update(Link).where(Link.org_id == org_id, Link.purpose == purpose, Link.subject_id.in_(subject_ids), Link.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def expand_links(body: str) -> str:
    """Replaces each [[link:ID]] by the address that the member opens, if it is of the organization that texts; only when a text leaves."""
    def address(found: re.Match[str]) -> str:
        link = session().get(Link, int(found.group(1)))
        return url_of(link.purpose, token_of(link.id)) if link and current_org() in (link.org_id, link.partner_id) else ""

    return re.sub(r"\[\[link:(\d+)\]\]", address, body)


def url_of(purpose: str, token: str) -> str:
    """The full address of a link."""
    return f"{settings().public_url}{PATHS[purpose]}{token}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
