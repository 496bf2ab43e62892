"""Doors to platforms and what their pages read."""

from crm.platforms.queries.doors import (
    amendment_for,
    amendment_to_decide,
    amendment_to_withdraw,
    edition_for,
    edition_numbered,
    latest_edition,
    plank_for,
    plank_to_draft,
    platform_for,
    platform_of_owner,
    platform_to_draft,
)
from crm.platforms.queries.published import (
    Published,
    owner_at,
    published_platform,
    signatories_of,
)
from crm.platforms.queries.reads import (
    AmendmentRow,
    PlankRow,
    amendment_row,
    amendments_of,
    amendments_to_decide,
    assembly_choices,
    comments_of,
    editions_of,
    organizations_of,
    owner_name,
    planks_of,
    platforms_seen,
    positions_of,
    version_of,
    versions_of,
)

__all__ = [
    "AmendmentRow", "PlankRow", "Published", "amendment_for", "amendment_row", "amendment_to_decide",
    "amendment_to_withdraw", "amendments_of", "amendments_to_decide", "assembly_choices", "comments_of",
    "edition_for", "edition_numbered", "editions_of", "latest_edition", "organizations_of", "owner_at", "owner_name",
    "plank_for", "plank_to_draft", "planks_of", "platform_for", "platform_of_owner", "platform_to_draft",
    "platforms_seen", "positions_of", "published_platform", "signatories_of", "version_of", "versions_of",
]
