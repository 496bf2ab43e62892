"""Doors to platforms and what their pages read. Only the owner and live members of its coalition get through."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, func, or_, select

from crm.assemblies.models import Assembly
from crm.infra.auth import Actor
from crm.infra.db import reading, session
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.organizations.models import CoalitionMembership, Organization
from crm.organizations.queries import live_members
from crm.platforms.models import (
    Amendment,
    Comment,
    Edition,
    Plank,
    PlankVersion,
    Platform,
    PlatformAddress,
    Position,
)


@dataclass(frozen=True)
class PlankRow:
    """A plank with its current words; `number` is None while it is not in the text."""

    plank: Plank
    words: PlankVersion
    open_amendments: int
    number: int | None


@dataclass(frozen=True)
class AmendmentRow:
    """An amendment, its letter within the platform, and the name of the organization that proposes it."""

    amendment: Amendment
    letter: str
    organization: str


# Doors


def platform_for(actor: Actor, id: int, lock: bool = False) -> Platform:
    """The platform, for its owner and for live members of the owner's coalition; locking is for the owner."""
    query = select(Platform).where(Platform.id == id, _near(actor, Platform.org_id))
    return _found(query, lock)


def platform_of_owner(actor: Actor, id: int) -> Platform:
    """The platform, for pages on which its owner writes; partners find nothing there."""
    return _found(select(Platform).where(Platform.id == id, Platform.org_id == actor.org_id), lock=False)


def platform_to_draft(actor: Actor, id: int, action: Action = Action.DRAFT_PLATFORMS) -> Platform:
    """The platform, locked, for people of its owner who may change it."""
    if not actor.may(action):
        raise Missing()
    return _found(select(Platform).where(Platform.id == id, Platform.org_id == actor.org_id), lock=True)


def plank_for(actor: Actor, platform_id: int, id: int) -> Plank:
    """A plank of a platform that the actor may read."""
    return _found(
        select(Plank).where(Plank.id == id, Plank.platform_id == platform_id, _near(actor, Plank.org_id)), lock=False
    )


def plank_to_draft(actor: Actor, platform_id: int, id: int) -> Plank:
    """A plank, locked, for people of the owner who hold the platform by platform_to_draft."""
    query = select(Plank).where(Plank.id == id, Plank.platform_id == platform_id, Plank.org_id == actor.org_id)
    return _found(query, lock=True)


def amendment_for(actor: Actor, platform_id: int, id: int) -> Amendment:
    """An amendment to a platform that the actor may read."""
    query = select(Amendment).where(
        Amendment.id == id, Amendment.platform_id == platform_id, _near(actor, Amendment.org_id)
    )
    return _found(query, lock=False)


def amendment_to_decide(actor: Actor, platform_id: int, id: int) -> Amendment:
    """An amendment, locked, for people of the owner who may decide."""
    if not actor.may(Action.DECIDE_AMENDMENTS):
        raise Missing()
    query = select(Amendment).where(
        Amendment.id == id, Amendment.platform_id == platform_id, Amendment.org_id == actor.org_id
    )
    return _found(query, lock=True)


def amendment_to_withdraw(actor: Actor, platform_id: int, id: int) -> Amendment:
    """An amendment, locked, for the organization that proposed it."""
    query = select(Amendment).where(
        Amendment.id == id, Amendment.platform_id == platform_id, Amendment.partner_id == actor.org_id
    )
    return _found(query, lock=True)


def edition_for(actor: Actor, id: int) -> Edition:
    """An edition by its id, for whoever may read the platform."""
    return _found(select(Edition).where(Edition.id == id, _near(actor, Edition.org_id)), lock=False)


def edition_numbered(actor: Actor, platform_id: int, number: int) -> Edition:
    """An edition by its number within the platform."""
    query = select(Edition).where(
        Edition.platform_id == platform_id, Edition.number == number, _near(actor, Edition.org_id)
    )
    return _found(query, lock=False)


def latest_edition(actor: Actor, platform_id: int) -> Edition | None:
    """The newest edition of a platform that the actor may read, or None."""
    query = select(Edition).where(Edition.platform_id == platform_id, _near(actor, Edition.org_id))
    return session().scalar(query.order_by(Edition.number.desc()).limit(1))


def _near(actor: Actor, owner: Any) -> Any:
    live = exists().where(
        CoalitionMembership.coalition_id == owner,
        CoalitionMembership.member_id == actor.org_id,
        CoalitionMembership.ended_at.is_(None),
    )
    return or_(owner == actor.org_id, live)


def _found(query: Any, lock: bool) -> Any:
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session().scalar(query)
    if row is None:
        raise Missing()
    return row


# Reads


def platforms_seen(actor: Actor) -> Sequence[Any]:
    """Platforms that the actor may read, newest first, with owner, planks, open amendments (waiting), last edition."""
    planks = select(func.count()).select_from(Plank).where(Plank.platform_id == Platform.id, Plank.state == "in")
    waiting = select(func.count()).select_from(Amendment)
    waiting = waiting.where(Amendment.platform_id == Platform.id, Amendment.state == "proposed")
    latest = select(func.max(Edition.number)).where(Edition.platform_id == Platform.id)
    return session().execute(
        select(
            Platform, Organization.name.label("owner"), planks.scalar_subquery().label("planks"),
            waiting.scalar_subquery().label("waiting"), latest.scalar_subquery().label("edition"),
        )
        .join(Organization, Organization.id == Platform.org_id)
        .where(_near(actor, Platform.org_id))
        .order_by(Platform.id.desc())
    ).all()


def planks_of(platform: Platform) -> list[PlankRow]:
    """Every plank in order with its current words; those in the text are numbered."""
    waiting = select(func.count()).select_from(Amendment)
    waiting = waiting.where(Amendment.plank_id == Plank.id, Amendment.state == "proposed").scalar_subquery()
    rows = session().execute(
        select(Plank, PlankVersion, waiting)
        .join(PlankVersion, and_(PlankVersion.plank_id == Plank.id, PlankVersion.number == Plank.version))
        .where(Plank.platform_id == platform.id)
        .order_by(Plank.position, Plank.id)
    )
    result, number = [], 0
    for plank, words, count in rows:
        number += plank.state == "in"
        result.append(PlankRow(plank, words, count, number if plank.state == "in" else None))
    return result


def version_of(plank: Plank, number: int) -> PlankVersion:
    """One version of a plank."""
    query = select(PlankVersion).where(PlankVersion.plank_id == plank.id, PlankVersion.number == number)
    return _found(query, lock=False)


def versions_of(plank_id: int) -> Sequence[PlankVersion]:
    """All versions of a plank, newest first."""
    query = select(PlankVersion).where(PlankVersion.plank_id == plank_id)
    return session().scalars(query.order_by(PlankVersion.number.desc())).all()


def amendments_of(platform: Platform) -> list[AmendmentRow]:
    """All amendments to a platform in the order in which they came, lettered A, B, … Z, AA."""
    rows = session().execute(
        select(Amendment, Organization.name)
        .join(Organization, Organization.id == Amendment.partner_id)
        .where(Amendment.platform_id == platform.id)
        .order_by(Amendment.proposed_at, Amendment.id)
    )
    return [AmendmentRow(amendment, _letter(n), name) for n, (amendment, name) in enumerate(rows)]


def amendment_row(actor: Actor, platform: Platform, id: int) -> AmendmentRow:
    """One amendment with its letter; its door is amendment_for."""
    amendment = amendment_for(actor, platform.id, id)
    return next(row for row in amendments_of(platform) if row.amendment.id == amendment.id)


def _letter(n: int) -> str:
    return (_letter(n // 26 - 1) if n >= 26 else "") + chr(65 + n % 26)


def organizations_of(platform: Platform) -> list[Organization]:
    """The organizations whose word counts: the members of the owning coalition, or the owner alone."""
    owner = session().get_one(Organization, platform.org_id)
    return live_members(owner.id) if owner.is_coalition else [owner]


def owner_name(platform: Platform) -> str:
    """The name of the organization whose platform it is."""
    return session().get_one(Organization, platform.org_id).name


def positions_of(platform: Platform) -> dict[tuple[int, int], Position]:
    """Every position stated on the platform, by (plank, organization)."""
    rows = session().scalars(select(Position).where(Position.platform_id == platform.id))
    return {(row.plank_id, row.partner_id): row for row in rows}


def comments_of(plank_id: int) -> Sequence[Any]:
    """What organizations say about a plank, oldest first: (comment, organization's name)."""
    query = select(Comment, Organization.name).join(Organization, Organization.id == Comment.partner_id)
    return session().execute(query.where(Comment.plank_id == plank_id).order_by(Comment.at, Comment.id)).all()


def editions_of(platform: Platform) -> Sequence[Edition]:
    """The editions of a platform, newest first."""
    query = select(Edition).where(Edition.platform_id == platform.id)
    return session().scalars(query.order_by(Edition.number.desc())).all()


def assembly_choices(actor: Actor) -> Sequence[Any]:
    """(id, titles) of the actor's own assemblies, newest first: where a platform can come from."""
    query = select(Assembly.id, Assembly.title).where(Assembly.org_id == actor.org_id)
    return session().execute(query.order_by(Assembly.day.desc()).limit(50)).all()


@dataclass(frozen=True)
class Published:
    """A ratified edition as the public reads it: no amendment, no author, no reservation."""

    content: dict
    sha256: str
    frozen_at: Any
    ratified_at: Any
    outcomes: dict
    owner: str
    signatories: list[str]


def published_platform(slug: str) -> Published:
    """The ratified edition at a public address; whoever asks. Missing once it is taken down."""
    query = select(PlatformAddress.org_id, PlatformAddress.platform_id).where(PlatformAddress.slug == slug)
    address = session().execute(query).one_or_none()
    if address is None:
        raise Missing()
    with reading(address.org_id) as s:
        row = s.execute(
            select(Platform, Edition, Organization.name)
            .join(Edition, and_(Edition.platform_id == Platform.id, Edition.number == Platform.ratified_edition))
            .join(Organization, Organization.id == Platform.org_id)
            .where(Platform.id == address.platform_id, Platform.published_at.is_not(None))
        ).one_or_none()
        if row is None:
            raise Missing()
        platform, edition, owner = row
        names = signatories_of(platform, edition)
        return Published(
            edition.content, edition.sha256, edition.frozen_at, platform.ratified_at, edition.outcomes, owner, names
        )


def signatories_of(platform: Platform, edition: Edition) -> list[str]:
    """Names of the organizations that endorse every plank of the edition, or signed it when it was ratified."""
    planks = [plank["plank_id"] for plank in edition.content["planks"]]
    stands = positions_of(platform)

    def signs(organization: Organization) -> bool:
        said = [stands.get((plank, organization.id)) for plank in planks]
        return all(position and position.stance in ("endorse", "reserve") for position in said)

    return [o.name for o in organizations_of(platform) if o.id in edition.signatories or planks and signs(o)]
