"""What the public reads, and who signs."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from crm.infra.db import session
from crm.kernel.refusal import Missing
from crm.organizations.models import Organization
from crm.organizations.queries import names_of
from crm.platforms.models import Edition, Platform, PlatformAddress
from crm.platforms.queries.reads import organizations_of, positions_of


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


def owner_at(slug: str) -> int:
    """The organization whose platform is published at this address; Missing once it is taken down."""
    owner = session().scalar(select(PlatformAddress.org_id).where(PlatformAddress.slug == slug))
    if owner is None:
        raise Missing()
    return owner


def published_platform(slug: str) -> Published:
    """The ratified edition at a public address, whoever asks; read while held to owner_at(slug)."""
    row = session().execute(
        select(Platform, Edition, Organization.name)
        .join(PlatformAddress, PlatformAddress.platform_id == Platform.id)
        .join(Edition, and_(Edition.platform_id == Platform.id, Edition.number == Platform.ratified_edition))
        .join(Organization, Organization.id == Platform.org_id)
        .where(PlatformAddress.slug == slug, Platform.published_at.is_not(None))
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

    endorse = {o.id for o in organizations_of(platform) if planks and signs(o)}
    return sorted(names_of(endorse | set(edition.signatories)).values())
