"""Words of texts, ours and theirs, go when their time is over; who was texted when stays."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.outreach.models import DriveText, Text, Thread
from crm.people.actions.keeping import empty_values

OPEN = ("queued", "claimed", "unknown")


def empty_texts(actor: Actor, before: datetime, most: int) -> int:
    """The words of texts that we sent, and those of a script beside which a volunteer wrote others."""
    old = select(DriveText.id).where(DriveText.created_at < before, DriveText.script != "").limit(most)
    beside = _done(update(DriveText).where(DriveText.id.in_(session().scalars(old).all())).values(script=""))
    return beside + _empty("out", before, most) + empty_values(before, most, "text.sent")


def empty_replies(actor: Actor, before: datetime, most: int) -> int:
    """The words of texts that came, wherever they were kept."""
    old = select(Thread.id).where(Thread.last_in_at < before, Thread.last_in_body != "").limit(most)
    seen = _done(update(Thread).where(Thread.id.in_(session().scalars(old).all())).values(last_in_body=""))
    return seen + _empty("in", before, most) + empty_values(before, most, "text.received")


def _empty(direction: str, before: datetime, most: int) -> int:
    old = select(Text.id).where(Text.direction == direction, Text.queued_at < before, Text.body != "", Text.state.not_in(OPEN)).limit(most)
    return _done(update(Text).where(Text.id.in_(session().scalars(old).all())).values(body=""))


def _done(statement: Any) -> int:
    return session().execute(statement.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
