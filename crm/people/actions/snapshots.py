"""Writing down that a list was used, by whom, what for, and how many people it held."""

from datetime import datetime

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Reason, Refused
from crm.people.models import Segment, Snapshot
from crm.people.queries import count_matching


def take_snapshot(actor: Actor, segment: Segment | None, definition: dict, text: str, purpose: str, *, now: datetime) -> Snapshot:
    """The list as it is used now; an empty one is refused."""
    size = count_matching(actor, definition, text, now)
    if not size:
        raise Refused(Reason(N_("No one is in this list now.")))
    kept = Snapshot(
        id=new_id(),
        org_id=actor.org_id,
        segment_id=segment.id if segment else None,
        name=segment.name if segment else "",
        definition=definition,
        search=text,
        purpose=purpose,
        size=size,
        account_id=actor.account_id,
        author=actor.name,
        created_at=now,
    )
    session().add(kept)
    audit.record(actor, "list.used", now=now, subject=("snapshot", kept.id), after={"purpose": purpose, "size": size, "list": kept.name})
    session().flush()
    return kept
