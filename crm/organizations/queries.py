"""Doors and reads of organizations."""

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Missing
from crm.organizations.models import CoalitionMembership, Organization


def organization_by_slug(slug: str) -> Organization:
    """The organization of that slug, or Missing; for the command line and public pages."""
    found = session().scalar(select(Organization).where(Organization.slug == slug))
    if found is None:
        raise Missing()
    return found


def organization_of(actor: Actor) -> Organization:
    """The organization that the actor acts for."""
    return session().get_one(Organization, actor.org_id)


def names_of(ids: list[int] | tuple[int, ...] | set[int]) -> dict[int, str]:
    """Names by id, for rows that carry organization ids."""
    if not ids:
        return {}
    return dict(session().execute(select(Organization.id, Organization.name).where(Organization.id.in_(list(ids)))).all())


def live_members(coalition_id: int) -> list[Organization]:
    """Organizations that are live members of the coalition, by name."""
    return list(session().scalars(
        select(Organization).join(CoalitionMembership, CoalitionMembership.member_id == Organization.id)
        .where(CoalitionMembership.coalition_id == coalition_id, CoalitionMembership.ended_at.is_(None)).order_by(Organization.name)
    ))


def coalitions_of(org_id: int) -> list[Organization]:
    """Coalitions of which the organization is a live member, by name."""
    return list(session().scalars(
        select(Organization).join(CoalitionMembership, CoalitionMembership.coalition_id == Organization.id)
        .where(CoalitionMembership.member_id == org_id, CoalitionMembership.ended_at.is_(None)).order_by(Organization.name)
    ))


def possible_partners(actor: Actor) -> list[Organization]:
    """Organizations that share a live coalition with the actor's, without itself, by name."""
    near = circle(session(), actor.org_id)
    return list(session().scalars(
        select(Organization).where(Organization.id.in_(near), Organization.id != actor.org_id, Organization.kind != "coalition")
        .order_by(Organization.name)
    ))


_mine, _theirs = aliased(CoalitionMembership), aliased(CoalitionMembership)
_CIRCLE = (  # built once: every request asks
    select(_mine.coalition_id, _theirs.member_id).join(_theirs, _theirs.coalition_id == _mine.coalition_id)
    .where(_mine.ended_at.is_(None), _theirs.ended_at.is_(None), or_(_mine.member_id == bindparam("org"), _mine.coalition_id == bindparam("org")))
)


def circle(s: Session, org_id: int) -> tuple[int, ...]:
    """Itself, its coalitions, their members, and its own members if it is a coalition (DESIGN: commons)."""
    rows = s.execute(_CIRCLE, {"org": org_id})
    return tuple(sorted({org_id} | {found for row in rows for found in row}))


def all_ids() -> list[int]:
    """Every organization of this instance, for what is done for each in turn."""
    return list(session().scalars(select(Organization.id).order_by(Organization.id)))
