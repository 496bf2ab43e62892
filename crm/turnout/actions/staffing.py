"""The plan of supports: who does what, which wish is whose, what a stipend comes to; and wishes told at the door."""

from datetime import datetime

from sqlalchemy import select, update

from crm.assemblies.queries import assembly_to_run, session_for
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Missing, Refused
from crm.turnout import rules
from crm.turnout.actions.pledges import move_support
from crm.turnout.models import Rsvp, Support, SupportHelper
from crm.turnout.queries import Sitting, support_for


def add_helper(
    actor: Actor, assembly_id: int, *, kind: str, name: str, places: int | None, now: datetime, detail: str = "", at: str = "0"
) -> int:
    """Puts somebody on the plan of an assembly that the actor's organization convenes: for the whole day ("0"), a session, or a slot of it."""
    assembly = assembly_to_run(actor, assembly_id)
    if issues := rules.issues_before_helper(kind, name, places, detail):
        raise Refused(issues)
    hours = [int(part) for part in at.split(":")]
    sitting = session_for(actor, assembly.id, hours[0]).id if hours[0] else None
    row = SupportHelper(org_id=actor.org_id, assembly_id=assembly.id, session_id=sitting, kind=kind, name=" ".join(name.split())[:120],
                        detail=" ".join(detail.split())[:200], places=places, hours=[hours] if len(hours) == 3 else None, created_at=now)
    session().add(row)
    session().flush()
    audit.record(actor, "helper.added", now=now, subject=("assembly", assembly.id), after={"name": row.name, "by": actor.name})
    return row.id


def drop_helper(actor: Actor, assembly_id: int, helper_id: int, *, now: datetime) -> int:
    """Takes somebody off the plan; the wishes that were theirs are open again. Returns the assembly."""
    row = session().scalar(select(SupportHelper).where(
        SupportHelper.id == helper_id, SupportHelper.assembly_id == assembly_id, SupportHelper.org_id == actor.org_id).with_for_update())
    if row is None:
        raise Missing()
    theirs = (Support.helper_id == row.id, Support.org_id == actor.org_id)
    session().execute(update(Support).where(*theirs, Support.state == "planned").values(state="asked", planned_at=None))
    session().execute(update(Support).where(*theirs).values(helper_id=None))
    session().delete(row)
    session().flush()
    audit.record(actor, "helper.dropped", now=now, subject=("assembly", assembly_id), before={"name": row.name}, after={"name": row.name, "by": actor.name})
    return assembly_id


def plan_support(actor: Actor, support_id: int, *, helper_id: int | None, cents: int | None, now: datetime) -> int:
    """Says who does it, or what a stipend comes to: the wish is planned then. Returns its assembly."""
    row = support_for(actor, support_id, lock=True)
    assembly_to_run(actor, row.assembly_id)
    if row.kind == "stipend":
        if issues := rules.issues_before_stipend(cents):
            raise Refused(issues)
        row.cents = cents
    if helper_id:
        known = select(SupportHelper.id).where(SupportHelper.id == helper_id, SupportHelper.assembly_id == row.assembly_id, SupportHelper.kind == row.kind)
        if session().scalar(known) is None:
            raise Missing()
    row.helper_id = helper_id or None
    return row.assembly_id if row.state == "delivered" else move_support(actor, support_id, "planned", now=now)


def ask_at_the_door(actor: Actor, sitting: Sitting, rsvp_id: int, kind: str, quantity: int | None, detail: str, *, now: datetime,
                    hours: list[list[int]] | None = None) -> None:
    """Somebody says at the door what they need: noted once, the larger number if it was noted before; childcare with its hours."""
    rsvp = session().scalar(select(Rsvp).where(Rsvp.id == rsvp_id, Rsvp.assembly_id == sitting.assembly_id).with_for_update())
    if rsvp is None or kind not in rules.SUPPORTS:
        raise Missing()
    if issues := rules.issues_before_answer(rules.Answer(supports={kind: quantity or 1})) + rules.issues_in_words(detail, "detail"):
        raise Refused(issues)
    row = session().scalar(select(Support).where(Support.rsvp_id == rsvp.id, Support.kind == kind).with_for_update())
    if row is None:
        row = Support(org_id=rsvp.org_id, partner_id=rsvp.partner_id, assembly_id=rsvp.assembly_id, rsvp_id=rsvp.id, kind=kind, quantity=0, state="asked",
                      detail="", created_at=now)
        session().add(row)
    row.quantity, row.detail = max(row.quantity, quantity or 1), detail.strip()[:200] or row.detail
    if kind == "childcare":
        is_counted = not detail.strip() and row.children and sum(row.children.values()) == row.quantity
        row.children, row.hours = row.children if is_counted else rules.groups_in(row.quantity, row.detail), hours or row.hours
    session().flush()
