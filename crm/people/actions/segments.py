"""Saving, renaming and removing lists."""

from datetime import datetime

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Reason, Refusal, Refused
from crm.people import rules
from crm.people.models import Segment
from crm.people.queries import facts_for, segment_for


def save_segment(actor: Actor, name: str, definition: dict, *, now: datetime, segment_id: int | None = None) -> int:
    """Saves a list under a name, new or over the one that is there; refuses a name in use and a tree that cannot be read."""
    segment = segment_for(actor, segment_id, lock=True) if segment_id else None
    name = " ".join(name.split())
    kinds = {fact.name: fact.kind for fact in facts_for(actor).values()}
    wrong = rules.issues_in_definition(definition, kinds)
    if not name or len(name) > 120:
        wrong.append(Reason(N_("Give the list a name of up to 120 letters."), field="name"))
    if session().scalar(select(Segment.id).where(Segment.name == name, Segment.id != (segment_id or 0))):
        wrong.append(Reason(N_("There is already a list called “%(name)s”."), {"name": name}, "name"))
    if wrong:
        raise Refused(Refusal({str(reason): reason for reason in wrong}.values()))
    if segment is None:
        segment = Segment(id=new_id(), org_id=actor.org_id, account_id=actor.account_id, version=0, created_at=now)
        session().add(segment)
    segment.name, segment.definition, segment.updated_at = name, definition, now
    segment.version += 1
    verb = "segment.saved"
    audit.record(actor, verb, now=now, subject=("segment", segment.id), after={"name": name, "definition": definition})
    session().flush()
    return segment.id


def remove_segment(actor: Actor, segment_id: int, *, now: datetime) -> None:
    """Removes a list; the people in it are not touched. A list that other work still uses is refused."""
    segment = segment_for(actor, segment_id, lock=True)
    audit.record(actor, "segment.removed", now=now, subject=("segment", segment.id), before={"name": segment.name})
    session().delete(segment)
    session().flush()
