"""Goals: what the convener asks of an organization, and what an organization asks of its own units and organizers."""

from datetime import datetime

from sqlalchemy import select

from crm.assemblies.queries import assembly_for
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Missing, Refused
from crm.turnout import rules
from crm.turnout.models import Goal
from crm.turnout.queries import brings_people


def set_goal(actor: Actor, assembly_id: int, *, kind: str, target: int | None, now: datetime, name: str = "", partner_id: int | None = None) -> int:
    """Sets a goal; set again for the same, the new number replaces the old. Only the convener sets an organization's."""
    assembly = assembly_for(actor, assembly_id)
    is_convener = assembly.org_id == actor.org_id
    if issues := rules.issues_before_goal(kind, name, target, rules.GOAL_KINDS):
        raise Refused(issues)
    about = (partner_id or actor.org_id) if kind == "organization" else actor.org_id
    if kind == "organization" and not (is_convener and (about == actor.org_id or brings_people(assembly_id, about))):
        raise Missing()
    named = "" if kind == "organization" else " ".join(name.split())[:120]
    same = (Goal.assembly_id == assembly_id, Goal.partner_id == about, Goal.kind == kind, Goal.name == named)
    row = session().scalar(select(Goal).where(*same).with_for_update())
    before = {"target": row.target} if row else None
    if row is None:
        row = Goal(org_id=actor.org_id, partner_id=about, assembly_id=assembly_id, kind=kind, name=named, created_at=now)
        session().add(row)
    row.target = target
    session().flush()
    audit.record(actor, "goal.set", now=now, subject=("assembly", assembly_id), before=before, after={"target": target, "name": named, "by": actor.name})
    return row.id


def drop_goal(actor: Actor, goal_id: int, *, now: datetime) -> int:
    """Takes a goal away; returns its assembly. Who set it may."""
    row = session().scalar(select(Goal).where(Goal.id == goal_id, Goal.org_id == actor.org_id).with_for_update())
    if row is None:
        raise Missing()
    session().delete(row)
    session().flush()
    audit.record(actor, "goal.dropped", now=now, subject=("assembly", row.assembly_id), before={"target": row.target, "name": row.name})
    return row.assembly_id
