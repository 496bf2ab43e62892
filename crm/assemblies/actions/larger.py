"""Invitations to a larger assembly by link: one use, an end, and whoever takes it up brings a local assembly of their own."""

from datetime import datetime, timedelta

from sqlalchemy import select

from crm.assemblies.actions.federation import TREE
from crm.assemblies.actions.program import to_change
from crm.assemblies.models import AssemblyPartner, Federation, FederationEdge, LargerInvitation
from crm.assemblies.queries import federation as queries
from crm.assemblies.queries.federation import ParentFacts
from crm.assemblies.rules.federation import INVITATION_DAYS, issues_in_invitation, issues_in_link
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import circle, hold, new_id, session
from crm.infra.jobs import enqueue
from crm.infra.links import issue_link_id, revoke_links
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.organizations.actions import admit_guest

ADMIT_JOB = "assemblies.admit_partner"


def invite_by_link(actor: Actor, assembly_id: int, label: str, *, now: datetime) -> int:
    """Makes a link for an organization that need be no partner yet; `label` says for whom it is meant."""
    parent, label = to_change(actor, assembly_id), " ".join(label.split())
    if not label:
        raise Refused(Reason(N_("Write for whom this link is meant."), {}, "label"))
    id, ends = new_id(), now + timedelta(days=INVITATION_DAYS)
    link = issue_link_id(actor.org_id, "larger", id, expires_at=ends, now=now)
    session().add(LargerInvitation(id=id, org_id=actor.org_id, parent_id=parent.id, label=label[:120], link_id=link, expires_at=ends, created_at=now))
    session().flush()
    audit.record(actor, "larger.invited", now=now, subject=("assembly", assembly_id), after={"for": label[:120]})
    return id


def revoke_invitation(actor: Actor, assembly_id: int, id: int, *, now: datetime) -> None:
    """Takes an invitation back that nobody has answered."""
    row = queries.invitation_of(to_change(actor, assembly_id), id, lock=True)
    if row.state != "open":
        raise Refused(N_("This was answered already."))
    row.state, row.answered_at = "revoked", now
    revoke_links(actor.org_id, "larger", id, now=now)
    session().flush()
    audit.record(actor, "larger.revoked", now=now, subject=("assembly", assembly_id))


def decline_invitation(actor: Actor, id: int, *, now: datetime) -> None:
    """The organization that holds the link says no."""
    row = _to_answer(actor, id, now)
    row.state, row.taken_by_id, row.answered_at = "declined", actor.org_id, now
    revoke_links(row.org_id, "larger", id, now=now)
    session().flush()


def take_up_invitation(actor: Actor, id: int, child_id: int | None, parent: ParentFacts, *, now: datetime) -> int:
    """The organization that holds the link brings its local assembly into the larger one; it is a partner there from then on."""
    row = _to_answer(actor, id, now)
    if child_id is None:
        raise Refused(Reason(N_("Choose the assembly of yours that becomes part of it."), {}, "child_id"))
    child = to_change(actor, child_id)
    hold(TREE)
    if problems := issues_in_link(child.id, row.parent_id, queries.parent_edges(child.id, row.parent_id), child.state, parent.state):
        raise Refused(problems)
    before = queries.upward(child, lock=True)
    if before is not None and before.state == "agreed":
        raise Refused(N_("This assembly is part of the larger one already."))
    if before is not None:
        session().delete(before)
        session().flush()
    session().add(Federation(
        org_id=row.org_id, partner_id=actor.org_id, id=new_id(), parent_id=row.parent_id, child_id=child.id, parent_title=parent.title,
        child_title=child.title, state="agreed", answered_at=now))
    session().add(FederationEdge(child_id=child.id, parent_id=row.parent_id))
    row.state, row.taken_by_id, row.child_id, row.child_title, row.answered_at = "accepted", actor.org_id, child.id, child.title, now
    revoke_links(row.org_id, "larger", id, now=now)
    session().flush()
    enqueue(row.org_id, ADMIT_JOB, {"invitation_id": id}, now=now, key=f"admit:{id}")
    audit.record(actor, "federation.asked", now=now, subject=("assembly", child.id), after={"parent": row.parent_id, "state": "agreed"})
    return child.id


def admit_partner(actor: Actor, invitation_id: int, *, now: datetime) -> None:
    """For the convener: whoever took the invitation up takes part in the larger assembly, and reads of it what partners read."""
    row = session().get_one(LargerInvitation, invitation_id)
    query = select(AssemblyPartner).where(AssemblyPartner.assembly_id == row.parent_id, AssemblyPartner.partner_id == row.taken_by_id)
    partner = session().scalar(query.with_for_update())
    if partner is None:
        session().add(AssemblyPartner(org_id=row.org_id, assembly_id=row.parent_id, partner_id=row.taken_by_id, state="accepted", answered_at=now))
    elif partner.state != "accepted":
        partner.state, partner.answered_at = "accepted", now
    session().flush()
    if row.taken_by_id not in circle():
        admit_guest(row.taken_by_id, row.parent_id, now=now)
    audit.record(actor, "larger.accepted", now=now, subject=("assembly", row.parent_id), after={"child": row.child_id})


def _to_answer(actor: Actor, id: int, now: datetime) -> LargerInvitation:
    row = session().scalar(select(LargerInvitation).where(LargerInvitation.id == id).with_for_update())
    if row is None:
        raise Missing
    if problems := issues_in_invitation(row.state, row.expires_at <= now, row.org_id == actor.org_id):
        raise Refused(problems)
    return row
