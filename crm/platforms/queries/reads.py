"""What the pages of the room read, one query for each list."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select

from crm.assemblies.models import Assembly
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.organizations.models import Organization
from crm.platforms.models import Amendment, Edition, Plank, PlankVersion, Platform, Voice
from crm.platforms.queries.doors import amendment_for, found, readable


@dataclass(frozen=True)
class PlankRow:
    """A plank with its current words; `number` is None while it is not in the text."""

    plank: Plank
    words: PlankVersion
    open_amendments: int
    number: int | None


@dataclass(frozen=True)
class AmendmentRow:
    """An amendment, its letter within the platform (B2 is the second to amendment B), and the organization that proposes it."""

    amendment: Amendment
    letter: str
    organization: str


def platforms_seen(actor: Actor, assembly_id: int | None = None) -> Sequence[Any]:
    """Platforms that the actor may read, of one assembly or all, newest first, with owner, planks, open amendments (waiting), last edition."""
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
        .where(readable(actor, Platform), *([] if assembly_id is None else [Platform.assembly_id == assembly_id]))
        .order_by(Platform.id.desc())
    ).all()


def amendments_to_decide(actor: Actor) -> int:
    """How many amendments wait for the actor's decision: the number beside Platforms in the navigation."""
    if not actor.may(Action.DECIDE_AMENDMENTS):
        return 0
    behind = select(func.count()).where(Voice.amendment_id == Amendment.id, Voice.says == "support", Voice.partner_id != Amendment.partner_id)
    query = select(func.count()).select_from(Amendment).join(Platform, Platform.id == Amendment.platform_id)
    query = query.where(Amendment.org_id == actor.org_id, Amendment.state == "proposed")
    return session().scalar(query.where(behind.correlate(Amendment).scalar_subquery() >= Platform.least_supporters)) or 0


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
    """All amendments to a platform in the order in which they came, lettered A, B, … Z, AA; those to an amendment A1, A2."""
    rows = session().execute(
        select(Amendment, Organization.name)
        .join(Organization, Organization.id == Amendment.partner_id)
        .where(Amendment.platform_id == platform.id)
        .order_by(Amendment.proposed_at, Amendment.id)
    )
    letters: dict[int | None, str] = {}
    below: Counter[int | None] = Counter()
    found = []
    for amendment, name in rows:
        letters[amendment.id] = letters.get(amendment.parent_id, "") + (
            str(below[amendment.parent_id] + 1) if amendment.parent_id else _letter(below[None])
        )
        below[amendment.parent_id] += 1
        found.append(AmendmentRow(amendment, letters[amendment.id], name))
    return found


def amendment_row(actor: Actor, platform: Platform, id: int) -> AmendmentRow:
    """One amendment with its letter; its door is amendment_for."""
    amendment = amendment_for(actor, platform.id, id)
    return next(row for row in amendments_of(platform) if row.amendment.id == amendment.id)


def open_below(amendment: Amendment) -> Sequence[Amendment]:
    """Amendments to an amendment that wait for a decision."""
    return session().scalars(select(Amendment).where(Amendment.parent_id == amendment.id, Amendment.state == "proposed").order_by(Amendment.id)).all()


def adopted_below(amendment: Amendment) -> int:
    """How many amendments to an amendment have been adopted: the version of its words."""
    query = select(func.count()).select_from(Amendment)
    return session().scalar(query.where(Amendment.parent_id == amendment.id, Amendment.state == "adopted")) or 0


def _letter(n: int) -> str:
    return (_letter(n // 26 - 1) if n >= 26 else "") + chr(65 + n % 26)


def owner_name(platform: Platform) -> str:
    """The name of the organization whose platform it is."""
    return session().get_one(Organization, platform.org_id).name


def editions_of(platform: Platform) -> Sequence[Edition]:
    """The editions of a platform, newest first."""
    query = select(Edition).where(Edition.platform_id == platform.id)
    return session().scalars(query.order_by(Edition.number.desc())).all()


def assembly_choices(actor: Actor) -> Sequence[Any]:
    """(id, titles) of the actor's own assemblies, newest first: where a platform can come from."""
    query = select(Assembly.id, Assembly.title).where(Assembly.org_id == actor.org_id)
    return session().execute(query.order_by(Assembly.day.desc()).limit(50)).all()
