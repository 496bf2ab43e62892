"""Writing the text: planks added, changed, moved, struck and put back. Every wording is kept as a version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import N_, Reason, Refused
from crm.platforms import rules
from crm.platforms.models import Plank, PlankVersion, Platform
from crm.platforms.queries import plank_to_draft, planks_of, platform_to_draft, version_of


def add_plank(actor: Actor, platform_id: int, wording: Mapping[str, Any], *, now: datetime) -> int:
    """Adds a plank at the end. `wording`: titles and texts by language; sections, reason, is_draft if wanted."""
    platform = _open(actor, platform_id)
    return insert_plank(actor, platform, wording, now=now).id


def insert_plank(
    actor: Actor, platform: Platform, wording: Mapping[str, Any], *, now: datetime, amendment_id: int | None = None
) -> Plank:
    """Adds a plank to a platform that the caller holds open; an adopted proposal comes in this way too."""
    titles, texts = _read(wording)
    last = session().scalar(select(func.max(Plank.position)).where(Plank.platform_id == platform.id)) or 0
    plank = Plank(
        org_id=actor.org_id, platform_id=platform.id, position=last + 1, version=0,
        sections=rules.read_titles(wording.get("sections", {})), state="draft" if wording.get("is_draft") else "in",
    )
    session().add(plank)
    session().flush()
    lagging = [tag for tag in platform.languages if tag not in texts]
    reason = wording.get("reason", "")
    write_version(actor, plank, titles, texts, lagging, reason=reason, now=now, amendment_id=amendment_id)
    audit.record(
        actor, "plank.added", now=now, subject=("platform", platform.id), after={"title": _title(platform, titles)}
    )
    return plank


def change_plank(
    actor: Actor, platform_id: int, plank_id: int, wording: Mapping[str, Any], *, version: int, now: datetime
) -> int:
    """Writes a new version. `version` is the one that the editor saw; if there is a newer one, nothing is saved.

    `wording`: titles, texts, sections, reason, is_same_meaning (the other languages do not lag behind this change).
    """
    platform = _open(actor, platform_id)
    plank = plank_to_draft(actor, platform_id, plank_id)
    if plank.version != version:
        raise Refused(N_("Someone else saved this plank while you were writing. Compare both below."))
    titles, texts = _read(wording)
    current = version_of(plank, plank.version)
    plank.sections = rules.read_titles(wording.get("sections", {}))
    changed = rules.changed_languages(rules.Wording(current.titles, current.texts), rules.Wording(titles, texts))
    if changed:
        lagging = rules.next_lagging(
            platform.languages, current.lagging, changed, is_same_meaning=bool(wording.get("is_same_meaning"))
        )
        write_version(actor, plank, titles, texts, lagging, reason=wording.get("reason", ""), now=now)
    session().flush()
    audit.record(
        actor, "plank.changed", now=now, subject=("platform", platform.id), after={"title": _title(platform, titles)}
    )
    return plank.id


def move_plank(actor: Actor, platform_id: int, plank_id: int, direction: str, *, now: datetime) -> int:
    """Moves a plank one place up or down; at the end it stays where it is."""
    platform = _open(actor, platform_id)
    rows = planks_of(platform)
    order = [row.plank for row in rows]
    at = next((n for n, plank in enumerate(order) if plank.id == plank_id), None)
    plank = plank_to_draft(actor, platform_id, plank_id)
    to = at + (-1 if direction == "up" else 1)
    if not 0 <= to < len(order):
        return plank.id
    order.insert(to, order.pop(at))
    for n, other in enumerate(order, 1):
        other.position = n
    session().flush()
    title = _title(platform, rows[at].words.titles)
    audit.record(actor, "plank.moved", now=now, subject=("platform", platform_id), after={"title": title})
    return plank.id


def set_plank_state(actor: Actor, platform_id: int, plank_id: int, verb: str, *, now: datetime) -> int:
    """Strikes a plank, or (verb "restore") takes a draft or a struck one into the text."""
    platform = _open(actor, platform_id)
    strike_or_restore(actor, platform, plank_to_draft(actor, platform_id, plank_id), verb, now=now)
    return plank_id


def strike_or_restore(actor: Actor, platform: Platform, plank: Plank, verb: str, *, now: datetime) -> None:
    """The same, on a plank that the caller holds."""
    plank.state = rules.next_plank(plank.state, verb)
    session().flush()
    title = _title(platform, version_of(plank, plank.version).titles)
    happened = "plank.struck" if verb == "strike" else "plank.restored"
    audit.record(actor, happened, now=now, subject=("platform", platform.id), after={"title": title})


def write_version(
    actor: Actor, plank: Plank, titles: dict, texts: dict, lagging: list, *, reason: str, now: datetime,
    amendment_id: int | None = None,
) -> None:
    """Adds the next version of a plank that the caller holds."""
    plank.version += 1
    session().add(PlankVersion(
        org_id=plank.org_id, plank_id=plank.id, number=plank.version, titles=titles, texts=texts, lagging=lagging,
        author=actor.name, at=now, reason=rules.read_text(reason), amendment_id=amendment_id,
    ))
    session().flush()


def _open(actor: Actor, platform_id: int) -> Platform:
    platform = platform_to_draft(actor, platform_id)
    if refusal := rules.may_draft(platform.state):
        raise Refused(refusal)
    return platform


def _read(wording: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    titles, texts = rules.read_titles(wording["titles"]), rules.read_texts(wording["texts"])
    if not set(titles) & set(texts):
        raise Refused(Reason(N_("Write a title and a text in at least one language.")))
    return titles, texts


def _title(platform: Platform, titles: Mapping[str, str]) -> str:
    return rules.in_language(titles, platform.authentic_language, "")
