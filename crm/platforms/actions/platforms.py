"""Starting a platform and changing its heading."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.platforms import rules
from crm.platforms.models import Platform
from crm.platforms.queries import platform_to_draft

HEADING = (
    "titles", "intros", "languages", "authentic_language", "deadline_at", "assembly_id", "share_needed", "proposals_until", "least_supporters",
)


def create_platform(actor: Actor, heading: Mapping[str, Any], *, now: datetime) -> int:
    """Starts a platform of the actor's organization.

    `heading`: titles and intros by language, languages, authentic_language, deadline_at, assembly_id, share_needed,
    proposals_until, least_supporters.
    """
    if not actor.may(Action.DRAFT_PLATFORMS):
        raise Missing()
    values = _read(heading)
    past = {
        "proposals_until": N_("This time has passed. Choose a later one for proposals."),
        "deadline_at": N_("This time has passed. Choose a later one for amendments."),
    }
    if reasons := [Reason(text, field=name) for name, text in past.items() if values.get(name) and values[name] <= now]:
        raise Refused(reasons)
    platform = Platform(org_id=actor.org_id, **values)
    session().add(platform)
    session().flush()
    title = rules.in_language(platform.titles, platform.authentic_language, "")
    audit.record(actor, "platform.started", now=now, subject=("platform", platform.id), after={"title": title})
    return platform.id


def change_platform(actor: Actor, id: int, heading: Mapping[str, Any], *, version: int, now: datetime) -> int:
    """Changes the heading; `version` is the one that the editor saw, if there is a newer one, nothing is saved."""
    platform = platform_to_draft(actor, id)
    if refusal := rules.may_draft(platform.state):
        raise Refused(refusal)
    if platform.version != version:
        raise Refused(N_("Someone else saved this heading while you were writing. Compare both below."))
    before = {"titles": platform.titles}
    for name, value in _read(heading).items():
        setattr(platform, name, value)
    platform.version += 1
    session().flush()
    after = {"titles": platform.titles}
    audit.record(actor, "platform.changed", now=now, subject=("platform", id), before=before, after=after)
    return id


def _read(heading: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: heading[name] for name in HEADING if name in heading}
    values["titles"] = rules.read_titles(heading["titles"])
    values["intros"] = rules.read_texts(heading.get("intros", {}))
    if reasons := rules.issues_in_heading(values["titles"], values["languages"], values["authentic_language"]):
        raise Refused(reasons)
    return values
