"""Promises to bring people, and the supports that must be there when they come."""

from datetime import datetime

from sqlalchemy import select

from crm.assemblies.queries import assembly_for
from crm.assemblies.rules import in_language
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Missing, Refused
from crm.turnout import rules
from crm.turnout.models import Pledge, Rsvp
from crm.turnout.queries import brings_people, support_for


def pledge(
    actor: Actor,
    assembly_id: int,
    *,
    promised: int | None,
    lead_name: str,
    now: datetime,
    partner_id: int | None = None,
) -> int:
    """A leader promises to bring so many; said again by the same leader, the new number replaces the old.

    An organization promises for itself; the convener may also write down what a partner promised on the phone.
    """
    assembly = assembly_for(actor, assembly_id)
    partner_id = partner_id or actor.org_id
    if partner_id != actor.org_id and (actor.org_id != assembly.org_id or not brings_people(assembly_id, partner_id)):
        raise Missing()
    if issues := rules.issues_before_pledge(promised, lead_name):
        raise Refused(issues)
    lead = " ".join(lead_name.split())[:120]
    same = (Pledge.assembly_id == assembly_id, Pledge.partner_id == partner_id, Pledge.lead_name == lead)
    row = session().scalar(select(Pledge).where(*same).with_for_update())
    before = {"promised": row.promised} if row else None
    if row is None:
        row = Pledge(org_id=assembly.org_id, partner_id=partner_id, assembly_id=assembly_id, lead_name=lead)
        session().add(row)
    row.promised, row.made_at = promised, now
    session().flush()
    after = {"promised": promised, "lead": lead, "assembly": in_language(assembly.title, "en")}
    audit.record(actor, "pledge.made", now=now, subject=("assembly", assembly_id), before=before, after=after)
    return row.id


def withdraw_pledge(actor: Actor, pledge_id: int, *, now: datetime) -> int:
    """Takes a promise back; returns the assembly it was for. Whoever may write it down may take it back."""
    row = session().scalar(select(Pledge).where(Pledge.id == pledge_id).with_for_update())
    if row is None:
        raise Missing()
    session().delete(row)
    session().flush()
    audit.record(
        actor,
        "pledge.withdrawn",
        now=now,
        subject=("assembly", row.assembly_id),
        before={"promised": row.promised, "lead": row.lead_name},
    )
    return row.assembly_id


def move_support(actor: Actor, support_id: int, state: str, *, now: datetime) -> int:
    """Ticks a support as planned or delivered, or back; returns the assembly it is for."""
    row = support_for(actor, support_id, lock=True)
    if state not in rules.SUPPORT_STATES:
        raise Missing()
    if row.kind == "stipend" and state != "asked" and (issues := rules.issues_before_stipend(row.cents)):
        raise Refused(issues)
    before, row.state = row.state, state
    row.planned_at = None if state == "asked" else row.planned_at or now
    row.delivered_at = now if state == "delivered" else None
    session().flush()
    mine = session().scalar(select(Rsvp.person_id).where(Rsvp.id == row.rsvp_id, Rsvp.partner_id == actor.org_id))
    audit.record(
        actor,
        "support.reopened" if state == "asked" else f"support.{state}",
        now=now,
        person_id=mine,
        subject=("assembly", row.assembly_id),
        before={"state": before},
        after={"state": state, "supports": row.kind, "assembly": _title(actor, row.assembly_id)},
    )
    return row.assembly_id


def _title(actor: Actor, assembly_id: int) -> str:
    return in_language(assembly_for(actor, assembly_id).title, "en")
