"""Doors to platforms: the owner and live members of its coalition get through; to read, also those within reach of its assembly."""

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select

from crm.assemblies.models import Assembly
from crm.assemblies.queries import within_reach
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.organizations.models import CoalitionMembership
from crm.platforms.models import Amendment, Comment, Edition, Endorsement, Plank, Platform, Proposal


def platform_for(actor: Actor, id: int) -> Platform:
    """The platform, to read: for its owner, live members of the owner's coalition, and who takes part in its assembly."""
    return found(select(Platform).where(Platform.id == id, readable(actor, Platform)), lock=False)


def platform_as_partner(actor: Actor, id: int) -> Platform:
    """The platform, for those who may write to it: its owner and live members of the owner's coalition, not guests of its assembly."""
    return found(select(Platform).where(Platform.id == id, near(actor, Platform.org_id)), lock=False)


def is_partner(actor: Actor, platform: Platform) -> bool:
    """Whether the actor's organization may write to a platform whose door has been passed."""
    return platform.org_id == actor.org_id or session().scalar(select(Platform.id).where(Platform.id == platform.id, near(actor, Platform.org_id))) is not None


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
        select(Plank).where(Plank.id == id, Plank.platform_id == platform_id, Plank.platform_id.in_(_seen(actor))), lock=False
    )


def plank_to_draft(actor: Actor, platform_id: int, id: int) -> Plank:
    """A plank, locked, for people of the owner who hold the platform by platform_to_draft."""
    query = select(Plank).where(Plank.id == id, Plank.platform_id == platform_id, Plank.org_id == actor.org_id)
    return found(query, lock=True)


def amendment_for(actor: Actor, platform_id: int, id: int) -> Amendment:
    """An amendment to a platform that the actor may read."""
    query = select(Amendment).where(
        Amendment.id == id, Amendment.platform_id == platform_id, Amendment.platform_id.in_(_seen(actor))
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


def comment_for(actor: Actor, platform_id: int, id: int) -> Comment:
    """A comment on a plank of a platform that the actor may read."""
    on = select(Plank.id).where(Plank.platform_id == platform_id, Plank.platform_id.in_(_seen(actor)))
    return found(select(Comment).where(Comment.id == id, Comment.plank_id.in_(on)), lock=False)


def comment_to_moderate(actor: Actor, platform_id: int, id: int) -> Comment:
    """A comment, locked, for people of the owner who may decide."""
    if not actor.may(Action.DECIDE_AMENDMENTS):
        raise Missing()
    on = select(Plank.id).where(Plank.platform_id == platform_id)
    return found(select(Comment).where(Comment.id == id, Comment.plank_id.in_(on), Comment.org_id == actor.org_id), lock=True)


def proposal_to_answer(actor: Actor, platform_id: int, id: int) -> Proposal:
    """A proposal, locked, for people of the owner who draft."""
    if not actor.may(Action.DRAFT_PLATFORMS):
        raise Missing()
    query = select(Proposal).where(Proposal.id == id, Proposal.platform_id == platform_id, Proposal.org_id == actor.org_id)
    return found(query, lock=True)


def endorsement_to_decide(actor: Actor, platform_id: int, id: int) -> Endorsement:
    """An endorsement, locked, for people of the owner who may decide."""
    if not actor.may(Action.DECIDE_AMENDMENTS):
        raise Missing()
    return found(select(Endorsement).where(Endorsement.id == id, Endorsement.platform_id == platform_id), lock=True)


def edition_for(actor: Actor, id: int) -> Edition:
    """An edition by its id, for whoever may read the platform."""
    return found(select(Edition).where(Edition.id == id, Edition.platform_id.in_(_seen(actor))), lock=False)


def edition_numbered(actor: Actor, platform_id: int, number: int) -> Edition:
    """An edition by its number within the platform."""
    query = select(Edition).where(
        Edition.platform_id == platform_id, Edition.number == number, Edition.platform_id.in_(_seen(actor))
    )
    return found(query, lock=False)


def latest_edition(actor: Actor, platform_id: int) -> Edition | None:
    """The newest edition of a platform that the actor may read, or None."""
    query = select(Edition).where(Edition.platform_id == platform_id, Edition.platform_id.in_(_seen(actor)))
    return session().scalar(query.order_by(Edition.number.desc()).limit(1))


def _seen(actor: Actor) -> Select[Any]:
    return select(Platform.id).where(readable(actor, Platform))


def readable(actor: Actor, model: Any) -> ColumnElement[bool]:
    """That the actor may read what an organization keeps for one of its assemblies: a platform, a commitment, a recommendation."""
    return or_(near(actor, model.org_id), model.assembly_id.in_(select(Assembly.id).where(within_reach(actor))))


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
