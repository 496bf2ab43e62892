"""What the public reads."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from crm.infra.db import session
from crm.kernel.refusal import Missing
from crm.organizations.models import Organization
from crm.platforms.models import Edition, Platform, PlatformAddress
from crm.platforms.queries.signatures import Signatories, signatories_of


@dataclass(frozen=True)
class Published:
    """A ratified edition as the public reads it: no amendment, no author, no reservation."""

    content: dict
    sha256: str
    frozen_at: Any
    ratified_at: Any
    outcomes: dict
    owner: str
    signatories: Signatories


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
    signed = signatories_of(platform, edition)
    return Published(
        edition.content, edition.sha256, edition.frozen_at, platform.ratified_at, edition.outcomes, owner, signed
    )
