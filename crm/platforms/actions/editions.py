"""Freezing the text, opening it again, and what becomes of it: ratified, published, taken down."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Reason, Refused
from crm.platforms import rules
from crm.platforms.models import Amendment, Edition, Platform, PlatformAddress
from crm.platforms.queries import edition_numbered, latest_edition, planks_of, platform_to_draft


def issues_of(platform: Platform) -> list[Reason]:
    """What has to be settled before this platform can be frozen; the page shows it and freezing insists on it."""
    waiting = session().execute(
        select(func.coalesce(Amendment.plank_id, 0), func.count())
        .where(Amendment.platform_id == platform.id, Amendment.state == "proposed").group_by(Amendment.plank_id)
    )
    return rules.issues_before_freeze(
        titles=platform.titles, languages=platform.languages, planks=_planks(platform),
        open_amendments=dict(waiting.all()),
    )


def freeze_edition(actor: Actor, platform_id: int, note: str = "", *, is_whole: bool = False, now: datetime) -> Edition:
    """Freezes the text as the next edition, with its hash, for a vote plank by plank or on the whole; refused with every issue that is open."""
    platform = platform_to_draft(actor, platform_id, Action.DECIDE_AMENDMENTS)
    platform.state = rules.next_state(platform.state, "freeze")
    if issues := issues_of(platform):
        raise Refused(issues)
    last = latest_edition(actor, platform_id)
    number = last.number + 1 if last else 1
    content = rules.canonical_edition(
        titles=platform.titles, intros=platform.intros, languages=platform.languages,
        authentic=platform.authentic_language, number=number, planks=_planks(platform), is_whole=is_whole,
    )
    if last and rules.edition_hash(content | {"edition": last.number}) == last.sha256:
        raise Refused(Reason(N_("Nothing has changed since edition %(number)s."), {"number": last.number}))
    edition = Edition(
        org_id=actor.org_id, platform_id=platform_id, number=number, content=content, frozen_at=now,
        sha256=rules.edition_hash(content), note=rules.read_text(note), outcomes={}, signatories=[],
    )
    session().add(edition)
    session().flush()
    after = {"edition": number, "sha256": edition.sha256}
    audit.record(actor, "platform.frozen", now=now, subject=("platform", platform_id), after=after)
    return edition


def reopen_platform(actor: Actor, platform_id: int, *, now: datetime) -> int:
    """Opens a frozen text for writing again; its editions stay as they are."""
    platform = platform_to_draft(actor, platform_id, Action.DECIDE_AMENDMENTS)
    platform.state = rules.next_state(platform.state, "reopen")
    session().flush()
    audit.record(actor, "platform.reopened", now=now, subject=("platform", platform_id))
    return platform_id


def mark_ratified(
    actor: Actor, platform_id: int, outcomes: Mapping[int, str], *, edition: int, now: datetime,
    signatories: Sequence[int] = (),
) -> None:
    """Writes what a vote made of an edition: plank id → "ratified" or another word for why not.

    Ratification calls it when the result stands. The platform is ratified when any plank is; calling again with the
    same edition replaces the outcomes. `signatories` are the organizations that voted for it.
    """
    platform = platform_to_draft(actor, platform_id, Action.RUN_VOTES)
    voted = edition_numbered(actor, platform_id, edition)
    voted.outcomes = {str(plank): outcome for plank, outcome in outcomes.items()}
    voted.signatories = list(signatories)
    passed = sum(outcome == "ratified" for outcome in outcomes.values())
    if passed and platform.ratified_edition != edition:
        platform.state = rules.next_state(platform.state, "ratify")
        platform.ratified_at, platform.ratified_edition = now, edition
    session().flush()
    after = {"edition": edition, "ratified": passed}
    audit.record(actor, "platform.ratified", now=now, subject=("platform", platform_id), after=after)


def publish_platform(actor: Actor, platform_id: int, slug: str, *, now: datetime) -> str:
    """Puts the ratified edition on a public page; returns its address."""
    platform = platform_to_draft(actor, platform_id, Action.DECIDE_AMENDMENTS)
    reasons = [Reason(N_("Only a ratified platform can be published."))] if platform.ratified_edition is None else []
    slug = take_address(actor, platform, slug, reasons)
    platform.published_at = platform.published_at or now
    session().flush()
    audit.record(actor, "platform.published", now=now, subject=("platform", platform_id), after={"slug": slug})
    return slug


def take_address(actor: Actor, platform: Platform, typed: str, reasons: Sequence[Reason] = ()) -> str:
    """Gives a platform its public address, refused together with these reasons; a form for proposals and a published text share it."""
    slug, reasons = rules.read_slug(typed), list(reasons)
    if not slug:
        reasons.append(Reason(N_("Write an address with letters or numbers, like homes-2026."), field="slug"))
    taken = session().get(PlatformAddress, slug)
    if taken and taken.platform_id != platform.id:
        reasons.append(Reason(N_("Another platform has this address. Choose a different one."), field="slug"))
    if reasons:
        raise Refused(reasons)
    if platform.slug != slug or not taken:
        _take_down(platform)
        session().add(PlatformAddress(slug=slug, org_id=actor.org_id, platform_id=platform.id))
    platform.slug = slug
    return slug


def unpublish_platform(actor: Actor, platform_id: int, *, now: datetime) -> int:
    """Takes the public page down; the address stays while the form for proposals is open."""
    platform = platform_to_draft(actor, platform_id, Action.DECIDE_AMENDMENTS)
    if not platform.takes_proposals:
        _take_down(platform)
    platform.published_at = None
    session().flush()
    audit.record(actor, "platform.withdrawn", now=now, subject=("platform", platform_id))
    return platform_id


def _take_down(platform: Platform) -> None:
    session().execute(delete(PlatformAddress).where(PlatformAddress.platform_id == platform.id))


def _planks(platform: Platform) -> list[dict[str, Any]]:
    return [
        {
            "plank_id": row.plank.id, "sections": row.plank.sections, "titles": row.words.titles,
            "texts": row.words.texts, "lagging": row.words.lagging,
        }
        for row in planks_of(platform) if row.plank.state == "in"
    ]
