"""What lower rooms do with a reply: one registry, filled in create_app, one line per subscriber."""

from collections.abc import Callable
from datetime import datetime

from crm.infra.auth import Actor
from crm.kernel.refusal import Reason
from crm.outreach.models import Text
from crm.outreach.rules.replies import Reading

Handler = Callable[..., Reason | None]
HANDLERS: dict[str, Handler] = {}
"""Purpose or kind of subject → handler(actor, person_id, subject_id, reading, *, now) -> the answer to send, or None."""


def handler_of(asked: Text | None) -> Handler | None:
    """Who wants the reply to this text: the subscriber of its purpose, else of what it is about."""
    if asked is None or asked.subject_id is None:
        return None
    return HANDLERS.get(asked.purpose) or HANDLERS.get(asked.subject_kind or "")


def hand_over(actor: Actor, asked: Text, person_id: int, reading: Reading, *, now: datetime) -> Reason | None:
    """Gives a reply to the room that asked; returns its answer, or None when a person must look."""
    handler = handler_of(asked)
    return handler(actor, person_id, asked.subject_id, reading, now=now) if handler else None
