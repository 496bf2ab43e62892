"""Freezing: who gets what is written down, text by text, before the first one leaves.

A large list is written in slices, each a short transaction that says how far it came: a worker that dies goes on where the last slice
ended, and whoever got a text in an earlier slice gets no second one, though their phones changed meanwhile.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from crm.infra.auth import Actor
from crm.infra.bulk import insert_rows
from crm.infra.db import session
from crm.outreach.models import Broadcast, Exclusion, Text
from crm.outreach.queries.subjects import subject_of
from crm.outreach.rules.audience import Plan, Recipient
from crm.outreach.rules.composing import Written

AT_ONCE = 500  # people whose texts are planned and queued in the transaction that confirms; more are left to the job
SLICE = 8000
ALL = "~"  # stands behind every phone
COLUMNS = ("person_id", "phone", "body", "language", "key", "not_before_at", "parts")


Texts = Sequence[tuple[Recipient, Written]]


def freeze_slice(actor: Actor, broadcast_id: int, texts: Texts, *, now: datetime) -> bool:
    """One more slice is queued; True when all are, and sending may begin. Stopped meanwhile, it stands still."""
    broadcast = session().scalar(
        select(Broadcast).where(Broadcast.id == broadcast_id, Broadcast.state == "freezing").with_for_update().execution_options(populate_existing=True)
    )
    if broadcast is None:
        return True
    begin = bisect_right(texts, broadcast.frozen_up_to, key=lambda text: text[0].phone)
    rest = texts[begin : begin + SLICE]
    if rest:
        queue_slice(actor, broadcast, rest, now=now)
    if begin + SLICE < len(texts):
        return False
    end_freezing(broadcast)
    return True


def end_freezing(broadcast: Broadcast) -> None:
    """All texts stand; they may leave."""
    session().flush()
    broadcast.state, broadcast.frozen_up_to = "sending", ALL
    broadcast.text_count = session().scalar(select(func.count()).select_from(Text).where(Text.broadcast_id == broadcast.id)) or 0
    session().flush()


def queue_slice(actor: Actor, broadcast: Broadcast, texts: Texts, *, now: datetime) -> None:
    """Queues some texts, in order of their phones, and notes how far the queue has come."""
    people = [person.person_id for one, _written in texts for person in one.people] if broadcast.subject_kind else []
    if broadcast.subject_kind:
        subject_of(broadcast.subject_kind).asked(actor, broadcast.subject_id, people, now)
    links = _links(actor, broadcast, texts, people, now)
    key = f"broadcast:{broadcast.id}:"
    rows = [
        (
            one.people[0].person_id,
            one.phone,
            written.with_links([links[id] for id in one.person_ids if id in links]) if links else written.body,
            written.language,
            key + one.phone,
            one.not_before_at,
            written.size.parts,
        )
        for one, written in texts
    ]
    insert_rows(Text, COLUMNS, rows, **_same(broadcast, now))
    broadcast.frozen_up_to = texts[-1][0].phone
    session().flush()


def _same(broadcast: Broadcast, now: datetime) -> dict[str, Any]:
    """What all texts of a broadcast share."""
    return {
        "direction": "out",
        "broadcast_id": broadcast.id,
        "purpose": broadcast.purpose,
        "subject_kind": broadcast.subject_kind,
        "subject_id": broadcast.subject_id,
        "state": "queued",
        "queued_at": now,
        "expires_at": broadcast.expires_at,
        "created_at": now,
        "created_by": broadcast.created_by,
        **dict.fromkeys(("attempts", "closed_attempts", "slowdowns", "busy_answers", "probes"), 0),
    }


def _links(actor: Actor, broadcast: Broadcast, texts: Texts, people: list[int], now: datetime) -> dict[int, int]:
    make = subject_of(broadcast.subject_kind).links if broadcast.subject_kind and any(written.has_link for _one, written in texts) else None
    return dict(make(actor, broadcast.subject_id, people, now)) if make else {}


def write_exclusions(broadcast_id: int, plan: Plan, *, now: datetime, most: int | None = None) -> bool:
    """Writes down who is left out and why, `most` at a time; True when all are."""
    there = set(session().scalars(select(Exclusion.person_id).where(Exclusion.broadcast_id == broadcast_id)))
    rows = [(one.person_id, reason) for reason, people in plan.left_out.items() for one in people if one.person_id not in there]
    insert_rows(Exclusion, ("person_id", "reason"), rows[:most], broadcast_id=broadcast_id, created_at=now)
    return most is None or len(rows) <= most


def without_texted(broadcast: Broadcast, plan: Plan) -> Plan:
    """The plan without those who got their text before the freezing was interrupted."""
    if broadcast.frozen_up_to:
        done = set(session().scalars(select(Text.person_id).where(Text.broadcast_id == broadcast.id)))
        plan.recipients = [one for one in plan.recipients if one.people[0].person_id not in done]
    return plan


