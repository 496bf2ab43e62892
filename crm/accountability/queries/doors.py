"""Doors: what an organization keeps itself, what its coalitions keep, and what belongs to an assembly within its reach."""

from sqlalchemy import or_, select

from crm.accountability.models import Commitment, Milestone, Recommendation
from crm.assemblies.models import Assembly
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Missing
from crm.organizations.models import Organization
from crm.platforms.queries.doors import found, readable


def commitment_for(actor: Actor, id: int) -> Commitment:
    """A commitment that the actor may read."""
    return found(select(Commitment).where(Commitment.id == id, readable(actor, Commitment)), False)


def commitment_to_run(actor: Actor, id: int, lock: bool = False) -> Commitment:
    """A commitment that the actor's organization keeps."""
    return found(select(Commitment).where(Commitment.id == id, Commitment.org_id == actor.org_id), lock)


def recommendation_for(actor: Actor, id: int) -> Recommendation:
    """A recommendation that the actor may read; what is not handed over yet is its keeper's alone."""
    mine = or_(Recommendation.org_id == actor.org_id, Recommendation.delivered_on.is_not(None))
    return found(select(Recommendation).where(Recommendation.id == id, readable(actor, Recommendation), mine), False)


def recommendation_to_run(actor: Actor, id: int, lock: bool = False) -> Recommendation:
    """A recommendation that the actor's organization keeps."""
    return found(select(Recommendation).where(Recommendation.id == id, Recommendation.org_id == actor.org_id), lock)


def milestone_for(recommendation: Recommendation, id: int, lock: bool = False) -> Milestone:
    """A milestone of a recommendation whose door has been passed."""
    return found(select(Milestone).where(Milestone.id == id, Milestone.recommendation_id == recommendation.id), lock)


def zone_of(org_id: int, assembly_id: int | None) -> str:
    """On whose clock days are counted: the assembly's, else the organization's."""
    zone = assembly_id and session().scalar(select(Assembly.time_zone).where(Assembly.id == assembly_id))
    zone = zone or session().scalar(select(Organization.time_zone).where(Organization.id == org_id))
    if zone is None:
        raise Missing()
    return zone
