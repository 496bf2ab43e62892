"""Doors and reads of organizations."""

from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, bindparam, null, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from crm.infra.auth import Actor
from crm.infra.criteria import Near
from crm.infra.db import circle, session
from crm.infra.once import once
from crm.kernel.refusal import Missing
from crm.organizations.models import CoalitionMembership, Guest, Organization


def organization_by_slug(slug: str) -> Organization:
    """The organization of that slug, or Missing; for the command line and public pages."""
    found = session().scalar(select(Organization).where(Organization.slug == slug))
    if found is None:
        raise Missing()
    return found


def organization_of(actor: Actor) -> Organization:
    """The organization that the actor acts for."""
    return once(("organization", actor.org_id), lambda: session().get_one(Organization, actor.org_id))


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
    around = circle()
    return list(session().scalars(
        select(Organization).where(Organization.id.in_(around), Organization.id != actor.org_id, Organization.kind != "coalition")
        .order_by(Organization.name)
    ))


@cache
def _whose() -> CompoundSelect[Any]:
    """Built once: every request asks.

    Its aliases are made in here. SQLAlchemy learns an alias's columns at its first use, without a lock: of two first requests that shared one,
    the second could read the table itself, and with it everybody's memberships, for as long as the process lived.
    """
    mine, theirs = aliased(CoalitionMembership), aliased(CoalitionMembership)
    together = (
        select(mine.coalition_id, theirs.member_id).join(theirs, theirs.coalition_id == mine.coalition_id)
        .where(mine.ended_at.is_(None), theirs.ended_at.is_(None), or_(mine.member_id == bindparam("org"), mine.coalition_id == bindparam("org")))
    )
    return union_all(together, select(Guest.assembly_id, null()).where(Guest.guest_id == bindparam("org"), Guest.ended_at.is_(None)))


def near(s: Session, org_id: int) -> Near:
    """Itself, its coalitions, their members, and its own members if it is a coalition (DESIGN: commons); and the assemblies where it is a guest."""
    rows = s.execute(_whose(), {"org": org_id}).all()
    circle = {org_id} | {found for row in rows if row[1] is not None for found in row}
    return Near(tuple(sorted(circle)), tuple(sorted(row[0] for row in rows if row[1] is None)))


def guests_of(assembly_id: int) -> set[int]:
    """Organizations that are guests of an assembly."""
    return set(session().scalars(select(Guest.guest_id).where(Guest.assembly_id == assembly_id, Guest.ended_at.is_(None))))


def all_ids() -> list[int]:
    """Every organization of this instance, for what is done for each in turn."""
    return list(session().scalars(select(Organization.id).order_by(Organization.id)))
