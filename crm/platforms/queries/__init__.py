"""Doors to platforms and what their pages read."""

from crm.platforms.queries.comments import Said, comments_of
from crm.platforms.queries.consent import ConsentSet, consent_set
from crm.platforms.queries.doors import (
    amendment_for,
    amendment_to_decide,
    amendment_to_withdraw,
    comment_for,
    comment_to_moderate,
    edition_for,
    edition_numbered,
    endorsement_to_decide,
    is_partner,
    latest_edition,
    plank_for,
    plank_to_draft,
    platform_as_partner,
    platform_for,
    platform_of_owner,
    platform_to_draft,
    proposal_to_answer,
)
from crm.platforms.queries.positions import organizations_of, positions_of, process_of, processes_of, statements_of, who_may_state
from crm.platforms.queries.proposals import proposal, proposals_of, proposals_waiting, public_platform
from crm.platforms.queries.published import Published, owner_at, published_platform
from crm.platforms.queries.reads import (
    AmendmentRow,
    PlankRow,
    adopted_below,
    amendment_row,
    amendments_of,
    amendments_to_decide,
    assembly_choices,
    editions_of,
    open_below,
    owner_name,
    planks_of,
    platforms_seen,
    version_of,
    versions_of,
)
from crm.platforms.queries.signatures import Signatories, Since, endorsement, endorsements_of, signatories_of
from crm.platforms.queries.standing import recommendations_of, standings, voices_of, words_of

__all__ = [
    "AmendmentRow", "ConsentSet", "PlankRow", "Published", "Said", "Signatories", "Since", "adopted_below", "amendment_for", "amendment_row",
    "amendment_to_decide", "amendment_to_withdraw", "amendments_of", "amendments_to_decide", "assembly_choices", "comment_for", "comment_to_moderate",
    "comments_of", "consent_set", "edition_for", "edition_numbered", "editions_of", "endorsement", "endorsement_to_decide", "endorsements_of",
    "is_partner", "latest_edition", "open_below", "organizations_of", "owner_at", "owner_name", "plank_for", "plank_to_draft", "planks_of",
    "platform_as_partner", "platform_for", "platform_of_owner", "platform_to_draft", "platforms_seen", "positions_of", "process_of", "processes_of",
    "proposal", "proposal_to_answer", "proposals_of", "proposals_waiting", "public_platform", "published_platform", "recommendations_of",
    "signatories_of", "standings", "statements_of", "version_of", "versions_of", "voices_of", "who_may_state", "words_of",
]
