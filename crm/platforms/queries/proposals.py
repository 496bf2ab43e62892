"""Proposals that came in: all for the owner, their own for a partner, one for whoever holds its link."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.organizations.models import Organization
from crm.platforms.models import Platform, PlatformAddress, Proposal


def proposals_of(platform: Platform) -> Sequence[Any]:
    """(proposal, organization that sent it), those without an answer first; a partner gets its own only, by the table's class."""
    query = select(Proposal, Organization.name).join(Organization, Organization.id == Proposal.partner_id)
    query = query.where(Proposal.platform_id == platform.id)
    return session().execute(query.order_by(Proposal.state != "proposed", Proposal.created_at.desc()).limit(500)).all()


def proposals_waiting(actor: Actor, platform: Platform) -> int:
    """How many proposals nobody has answered."""
    query = select(func.count()).select_from(Proposal).where(Proposal.platform_id == platform.id, Proposal.state == "proposed")
    return session().scalar(query.where(Proposal.org_id == actor.org_id)) or 0


def proposal(id: int) -> Any:
    """A proposal with its platform, or None; read while held to its organization, by whoever holds its link."""
    query = select(Proposal, Platform).join(Platform, Platform.id == Proposal.platform_id)
    return session().execute(query.where(Proposal.id == id)).one_or_none()


def public_platform(slug: str) -> Platform | None:
    """The platform at a public address, while held to owner_at(slug)."""
    query = select(Platform).join(PlatformAddress, PlatformAddress.platform_id == Platform.id)
    return session().scalar(query.where(PlatformAddress.slug == slug))
