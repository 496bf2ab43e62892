"""Doors to platforms: only the owner and live members of its coalition get through."""

from typing import Any

from sqlalchemy import exists, or_, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.organizations.models import CoalitionMembership
from crm.platforms.models import Amendment, Edition, Plank, Platform


def platform_for(actor: Actor, id: int, lock: bool = False) -> Platform:
    """The platform, for its owner and for live members of the owner's coalition; locking is for the owner."""
    query = select(Platform).where(Platform.id == id, near(actor, Platform.org_id))
    return found(query, lock)


def platform_of_owner(actor: Actor, id: int) -> Platform:
    """The platform, for pages on which its owner writes; partners find nothing there."""
    return found(select(Platform).where(Platform.id == id, Platform.org_id == actor.org_id), lock=False)


def platform_to_draft(actor: Actor, id: int, action: Action = Action.DRAFT_PLATFORMS) -> Platform:
    """The platform, locked, for people of its owner who may change it."""
    if not actor.may(action):
        raise Missing()
    return found(select(Platform).where(Platform.id == id, Platform.org_id == actor.org_id), lock=True)


def plank_for(actor: Actor, platform_id: int, id: int) -> Plank:
    """A plank of a platform that the actor may read."""
    return found(
        select(Plank).where(Plank.id == id, Plank.platform_id == platform_id, near(actor, Plank.org_id)), lock=False
    )


def plank_to_draft(actor: Actor, platform_id: int, id: int) -> Plank:
    """A plank, locked, for people of the owner who hold the platform by platform_to_draft."""
    query = select(Plank).where(Plank.id == id, Plank.platform_id == platform_id, Plank.org_id == actor.org_id)
    return found(query, lock=True)


def amendment_for(actor: Actor, platform_id: int, id: int) -> Amendment:
    """An amendment to a platform that the actor may read."""
    query = select(Amendment).where(
        Amendment.id == id, Amendment.platform_id == platform_id, near(actor, Amendment.org_id)
    )
    return found(query, lock=False)


def amendment_to_decide(actor: Actor, platform_id: int, id: int) -> Amendment:
    """An amendment, locked, for people of the owner who may decide."""
    if not actor.may(Action.DECIDE_AMENDMENTS):
        raise Missing()
    query = select(Amendment).where(
        Amendment.id == id, Amendment.platform_id == platform_id, Amendment.org_id == actor.org_id
    )
    return found(query, lock=True)


def amendment_to_withdraw(actor: Actor, platform_id: int, id: int) -> Amendment:
    """An amendment, locked, for the organization that proposed it."""
    query = select(Amendment).where(
        Amendment.id == id, Amendment.platform_id == platform_id, Amendment.partner_id == actor.org_id
    )
    return found(query, lock=True)


def edition_for(actor: Actor, id: int) -> Edition:
    """An edition by its id, for whoever may read the platform."""
    return found(select(Edition).where(Edition.id == id, near(actor, Edition.org_id)), lock=False)


def edition_numbered(actor: Actor, platform_id: int, number: int) -> Edition:
    """An edition by its number within the platform."""
    query = select(Edition).where(
        Edition.platform_id == platform_id, Edition.number == number, near(actor, Edition.org_id)
    )
    return found(query, lock=False)


def latest_edition(actor: Actor, platform_id: int) -> Edition | None:
    """The newest edition of a platform that the actor may read, or None."""
    query = select(Edition).where(Edition.platform_id == platform_id, near(actor, Edition.org_id))
    return session().scalar(query.order_by(Edition.number.desc()).limit(1))


def near(actor: Actor, owner: Any) -> Any:
    """That a row's owner is the actor's organization, or a coalition of which it is a live member."""
    live = exists().where(
        CoalitionMembership.coalition_id == owner,
        CoalitionMembership.member_id == actor.org_id,
        CoalitionMembership.ended_at.is_(None),
    )
    return or_(owner == actor.org_id, live)


def found(query: Any, lock: bool) -> Any:
    """The row, fresh and locked if wanted; Missing if there is none for this actor."""
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session().scalar(query)
    if row is None:
        raise Missing()
    return row
