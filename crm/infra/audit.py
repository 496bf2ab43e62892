"""What happened: `events` with values for timelines and undo, `audit_entries` hash-chained with ids and verbs only.

Both are written in the transaction of the change. Values can be erased from events without breaking the chain.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from crm.infra.auth import Actor
from crm.infra.bulk import insert_rows
from crm.infra.db import BEFORE_COMMIT, Base, Private, PrivateRow, session
from crm.infra.sealing import JsonWithSeals

SENTENCES: dict[str, str] = {}


class Event(Private):
    """One change, with values before and after; of one organization, erasable."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_person", "org_id", "person_id", "at", "id"),
        Index("ix_events_subject", "org_id", "subject_kind", "subject_id", "at", "id"),
        Index("ix_events_verb", "org_id", "verb", "at"),
    )
    at: Mapped[datetime]
    verb: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int | None]
    subject_kind: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    account_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    before: Mapped[dict[str, Any] | None] = mapped_column(JsonWithSeals)
    after: Mapped[dict[str, Any] | None] = mapped_column(JsonWithSeals)


class AuditEntry(PrivateRow, Base):
    """One link of an organization's chain: ids and verb, no names, numbers or texts."""

    __tablename__ = "audit_entries"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    verb: Mapped[str] = mapped_column(String(60))
    account_id: Mapped[int | None]
    person_id: Mapped[int | None]
    subject_kind: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(PrivateRow, Base):
    """Where an organization's chain ends; locked while links are added, just before commit."""

    __tablename__ = "audit_heads"
    number: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default="")


def record(
    actor: Actor, verb: str, *, now: datetime, person_id: int | None = None, subject: tuple[str, int] | None = None,
    before: dict[str, Any] | None = None, after: dict[str, Any] | None = None,
) -> None:
    """Writes that `actor` did `verb`: an event with values now, a link of the chain just before commit."""
    kind, subject_id = subject or (None, None)
    session().add(Event(
        org_id=actor.org_id, at=now, verb=verb, person_id=person_id, subject_kind=kind, subject_id=subject_id,
        account_id=actor.account_id, actor_name=actor.name, before=before, after=after,
    ))
    _pend(actor, verb, now, person_id, kind, subject_id)


def record_many(
    actor: Actor, verb: str, rows: Iterable[Mapping[str, Any]], *, now: datetime, subject: tuple[str, int] | None = None
) -> None:
    """Writes one event for each of `rows` (person_id, before, after) and one link of the chain for all."""
    kind, subject_id = subject or (None, None)
    told = [(row.get("person_id"), row.get("before"), row.get("after")) for row in rows]
    if told:
        same = {"at": now, "verb": verb, "subject_kind": kind, "subject_id": subject_id, "account_id": actor.account_id, "actor_name": actor.name}
        insert_rows(Event, ("person_id", "before", "after"), told, created_at=now, **same)
        _pend(actor, verb, now, None, kind, subject_id)


def _pend(actor: Actor, verb: str, now: datetime, person_id: int | None, kind: str | None, subject_id: int | None) -> None:
    session().info.setdefault("audit", []).append((actor.org_id, now, verb, actor.account_id, person_id, kind, subject_id))


def link_hash(previous: str, org_id: int, number: int, facts: Iterable[Any]) -> str:
    """SHA-256 over the previous hash and this entry's facts, as JSON in a fixed order."""
    plain = [fact.isoformat() if isinstance(fact, datetime) else fact for fact in facts]
    return hashlib.sha256(json.dumps([previous, org_id, number, *plain], separators=(",", ":")).encode()).hexdigest()


def _chain(s: Session) -> None:
    pending = s.info.pop("audit", [])
    if not pending:
        return
    org_id = pending[0][0]
    head = s.scalar(select(AuditHead).where(AuditHead.org_id == org_id).with_for_update())
    if head is None:
        head = AuditHead(org_id=org_id, number=0, hash="")
        s.add(head)
    for _org, at, verb, account_id, person_id, kind, subject_id in pending:
        number = head.number + 1
        head.hash = link_hash(head.hash, org_id, number, (at, verb, account_id, person_id, kind, subject_id))
        head.number = number
        s.add(AuditEntry(org_id=org_id, number=number, at=at, verb=verb, account_id=account_id, person_id=person_id,
                         subject_kind=kind, subject_id=subject_id, hash=head.hash))
    s.flush()


def broken_link(actor: Actor) -> int | None:
    """The number of the first entry of the actor's organization that does not follow from the one before; None if whole."""
    previous = ""
    for entry in session().scalars(select(AuditEntry).order_by(AuditEntry.number)):
        facts = (entry.at, entry.verb, entry.account_id, entry.person_id, entry.subject_kind, entry.subject_id)
        if link_hash(previous, entry.org_id, entry.number, facts) != entry.hash:
            return entry.number
        previous = entry.hash
    return None


BEFORE_COMMIT.append(_chain)
