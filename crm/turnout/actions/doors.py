"""Links that open a door, and close it."""

from datetime import datetime, timedelta

from crm.assemblies.queries import assembly_to_run, session_for
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.links import issue_link_id, revoke_links
from crm.kernel.refusal import Refused
from crm.turnout import rules
from crm.turnout.models import Door
from crm.turnout.queries import door_for


def open_door(actor: Actor, assembly_id: int, session_id: int, *, name: str, hours: int | None, now: datetime, kind: str = "door") -> int:
    """Makes a link of that kind for a session of an assembly that the actor's organization convenes."""
    assembly = assembly_to_run(actor, assembly_id)
    sitting = session_for(actor, assembly.id, session_id)
    if issues := rules.issues_before_door(hours, kind):
        raise Refused(issues)
    door = Door(
        org_id=actor.org_id,
        assembly_id=assembly.id,
        session_id=sitting.id,
        name=name.strip()[:80],
        kind=kind,
        made_by=actor.name,
        expires_at=now + timedelta(hours=hours or 0),
        created_at=now,
    )
    session().add(door)
    session().flush()
    door.link_id = issue_link_id(actor.org_id, kind, door.id, expires_at=door.expires_at, now=now)
    session().flush()
    audit.record(actor, "door.opened", now=now, subject=("assembly", assembly.id), after={"hours": hours})
    return door.id


def close_door(actor: Actor, door_id: int, *, now: datetime) -> int:
    """Ends a door link at once; returns its assembly. What tablets still hold goes in through a new link."""
    door = door_for(actor, door_id)
    door.closed_at = door.closed_at or now
    revoke_links(actor.org_id, door.kind, door.id, now=now)
    session().flush()
    audit.record(actor, "door.closed", now=now, subject=("assembly", door.assembly_id))
    return door.assembly_id
