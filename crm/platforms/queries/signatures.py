"""Who stands behind a platform: organizations at ratification, those since, and people who signed later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from crm.infra.db import session
from crm.organizations.queries import names_of
from crm.platforms import rules
from crm.platforms.models import Edition, Endorsement, Platform
from crm.platforms.queries.positions import organizations_of, statements_of


@dataclass(frozen=True)
class Since:
    """An organization that signed after ratification, and when."""

    name: str
    at: datetime


@dataclass(frozen=True)
class Signatories:
    """Organizations at ratification; those since, with their day; how many people signed, and the names that may be shown."""

    first: list[str]
    since: list[Since]
    people: int
    names: list[str]

    @property
    def organizations(self) -> list[str]:
        """Every organization, as the printed text lists them."""
        return sorted([*self.first, *(one.name for one in self.since)])


def signatories_of(platform: Platform, edition: Edition) -> Signatories:
    """Organizations that voted for the edition or endorse each of its planks, and confirmed endorsements from outside."""
    ratified_at = platform.ratified_at if platform.ratified_edition == edition.number else None
    planks = [plank["plank_id"] for plank in rules.articles_of(edition.content)]
    said, later, first = statements_of(platform), [], set(edition.signatories)
    for organization in organizations_of(platform) if planks else []:
        at = rules.signed_at([[(one.stated_at, one.stance) for one in said.get((plank, organization.id), ())] for plank in planks])
        if organization.id in first or at is None:
            continue
        if ratified_at and at > ratified_at:
            later.append(Since(organization.name, at))
        else:
            first.add(organization.id)
    outside, people, names = _outside(platform) if ratified_at else ([], 0, [])
    return Signatories(sorted(names_of(first).values()), sorted([*later, *outside], key=lambda one: one.at), people, names)


def _outside(platform: Platform) -> tuple[list[Since], int, list[str]]:
    kept = select(Endorsement).where(Endorsement.platform_id == platform.id, Endorsement.state == "confirmed")
    organizations = [Since(row.name, row.created_at) for row in session().scalars(kept.where(Endorsement.kind == "organization"))]
    counted = select(func.count()).select_from(Endorsement)
    of_people = (Endorsement.platform_id == platform.id, Endorsement.kind == "person", Endorsement.state != "struck")
    people = session().scalar(counted.where(*of_people)) or 0
    named = select(Endorsement.name).where(*of_people, Endorsement.state == "confirmed", Endorsement.is_named)
    return organizations, people, sorted(session().scalars(named), key=str.casefold)


def endorsements_of(platform: Platform) -> Sequence[Endorsement]:
    """What came in from outside, those that wait for a look first, at most 500."""
    query = select(Endorsement).where(Endorsement.platform_id == platform.id)
    return session().scalars(query.order_by(Endorsement.state != "new", Endorsement.created_at.desc()).limit(500)).all()


def endorsement(id: int) -> Any:
    """One endorsement with its platform, or None; read while held to its organization, by whoever holds its link."""
    query = select(Endorsement, Platform).join(Platform, Platform.id == Endorsement.platform_id)
    return session().execute(query.where(Endorsement.id == id)).one_or_none()
