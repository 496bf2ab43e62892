"""Where an organization stands on each plank, and what it has to say."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.platforms import rules
from crm.platforms.models import Comment, Position
from crm.platforms.queries import organizations_of, plank_for, planks_of, platform_for, positions_of


def state_positions(
    actor: Actor, platform_id: int, positions: Mapping[int, Mapping[str, Any]], *, now: datetime
) -> int:
    """States where the actor's organization stands: plank id → stance, words, until. Others stay as they were."""
    if not actor.may(Action.VOTE_FOR_ORGANIZATION):
        raise Missing()
    platform = platform_for(actor, platform_id)
    if actor.org_id not in {o.id for o in organizations_of(platform)}:
        raise Refused(N_("A coalition takes no position of its own. Act for one of its members to state theirs."))
    rows = [row for row in planks_of(platform) if row.plank.id in positions and row.plank.state == "in"]
    if reasons := [reason for row in rows for reason in _issues(row, positions[row.plank.id])]:
        raise Refused(reasons)
    known = positions_of(platform)
    for row in rows:
        said = positions[row.plank.id]
        position = known.get((row.plank.id, actor.org_id))
        if position is None:
            position = Position(
                org_id=platform.org_id, partner_id=actor.org_id, platform_id=platform.id, plank_id=row.plank.id
            )
            session().add(position)
        position.stance, position.words = said["stance"], rules.read_text(said.get("words"))
        position.until = said.get("until") if said["stance"] == "pending" else None
        position.stated_by, position.stated_at = actor.name, now
    session().flush()
    after = {"stances": {str(row.plank.id): positions[row.plank.id]["stance"] for row in rows}}
    audit.record(actor, "position.stated", now=now, subject=("platform", platform.id), after=after)
    return platform.id


def _issues(row: Any, said: Mapping[str, Any]) -> list[Reason]:
    if said["stance"] not in rules.STANCES:
        return [Reason(N_("Plank %(number)s: choose one of the answers."), {"number": row.number})]
    if said["stance"] == "reserve" and not rules.read_text(said.get("words")):
        return [Reason(N_("Plank %(number)s: say what the reservation is."), {"number": row.number})]
    return []


def add_comment(actor: Actor, platform_id: int, plank_id: int, words: str, *, now: datetime) -> int:
    """Says something about a plank in the name of the actor's organization."""
    if not actor.may(Action.DRAFT_PLATFORMS):
        raise Missing()
    plank = plank_for(actor, platform_id, plank_id)
    if not (said := rules.read_text(words)):
        raise Refused(N_("Write a comment first."))
    comment = Comment(
        org_id=plank.org_id, partner_id=actor.org_id, plank_id=plank.id, words=said, author=actor.name, at=now
    )
    session().add(comment)
    session().flush()
    audit.record(actor, "plank.commented", now=now, subject=("platform", platform_id), after={"comment": comment.id})
    return comment.id
