"""Verbs of organizations."""

from datetime import datetime

from sqlalchemy import select

from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Reason, Refused
from crm.organizations import rules
from crm.organizations.models import CoalitionMembership, Guest, Organization


def add_organization(
    name: str, *, slug: str | None = None, kind: str = "base_building", time_zone: str = "America/Los_Angeles",
    language: str = "en", contact: str = "", now: datetime,
) -> int:
    """Adds an organization and returns its id; refuses a bad or taken short name and an unknown zone, all at once."""
    slug = slug or rules.slug_of(name)
    wrong = rules.issues_before_adding(name, slug, time_zone)
    if session().scalar(select(Organization.id).where(Organization.slug == slug)):
        wrong.append(Reason(N_("There is already an organization with the short name %(slug)s."), {"slug": slug}))
    if wrong:
        raise Refused(wrong)
    row = Organization(id=new_id(), slug=slug, name=name.strip(), mark=rules.mark_of(name), kind=kind, time_zone=time_zone,
                       language=language, contact=contact, created_at=now)
    session().add(row)
    session().flush()
    return row.id


def join_coalition(coalition_id: int, member_id: int, *, now: datetime) -> None:
    """Makes the organization a live member of the coalition; again if it had left."""
    row = session().get(CoalitionMembership, (coalition_id, member_id))
    if row is None:
        session().add(CoalitionMembership(coalition_id=coalition_id, member_id=member_id, since=now))
    else:
        row.ended_at = None
    session().flush()


def leave_coalition(coalition_id: int, member_id: int, *, now: datetime) -> None:
    """Ends the membership: from this moment neither reads the other's commons."""
    session().get_one(CoalitionMembership, (coalition_id, member_id)).ended_at = now
    session().flush()


def admit_guest(guest_id: int, assembly_id: int, *, now: datetime) -> None:
    """Lets an organization read what is shared of one assembly; again if it had left."""
    row = session().get(Guest, (guest_id, assembly_id))
    if row is None:
        session().add(Guest(guest_id=guest_id, assembly_id=assembly_id, since=now))
    else:
        row.ended_at = None
    session().flush()


def end_guest(guest_id: int, assembly_id: int, *, now: datetime) -> bool:
    """Ends that, from this moment; whether there was anything to end."""
    row = session().get(Guest, (guest_id, assembly_id))
    if row is None or row.ended_at is not None:
        return False
    row.ended_at = now
    session().flush()
    return True
