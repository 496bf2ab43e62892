"""What the pages of the room read, one query for each list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select

from crm.assemblies.models import Assembly
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.organizations.models import Organization
from crm.organizations.queries import live_members
from crm.platforms.models import Amendment, Comment, Edition, Plank, PlankVersion, Platform, Position
from crm.platforms.queries.doors import amendment_for, found, near


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
        .where(near(actor, Platform.org_id))
        .order_by(Platform.id.desc())
    ).all()


def amendments_to_decide(actor: Actor) -> int:
    """How many amendments wait for the actor's decision: the number beside Platforms in the navigation."""
    if not actor.may(Action.DECIDE_AMENDMENTS):
        return 0
    query = select(func.count()).select_from(Amendment)
    return session().scalar(query.where(Amendment.org_id == actor.org_id, Amendment.state == "proposed")) or 0


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
    return found(query, lock=False)


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
