"""Where an organization stands on each plank, and how it comes to that."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from crm.accounts.queries import colleagues_who_may
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.platforms import rules
from crm.platforms.models import Platform, Position, PositionProcess, PositionStatement
from crm.platforms.queries import organizations_of, planks_of, platform_as_partner, positions_of, process_of, who_may_state

SAID = ("stance", "words", "until", "decided_by", "decided_on")


def state_positions(
    actor: Actor, platform_id: int, positions: Mapping[int, Mapping[str, Any]], *, now: datetime, decided_by: str = "",
    decided_on: date | None = None,
) -> int:
    """States where the actor's organization stands: plank id → stance, words, until. Others, and what is said again alike, stay as they were.

    `decided_by` and `decided_on` say who in the organization decided it and when. Every statement is kept.
    """
    platform = _platform_to_stand_on(actor, platform_id)
    _speaks(actor, platform.id, now)
    rows = [row for row in planks_of(platform) if row.plank.id in positions and row.plank.state == "in"]
    reasons = [reason for row in rows for reason in _issues(row, positions[row.plank.id])]
    if decided_on and decided_on > now.date():
        reasons.append(Reason(N_("The day of the decision lies ahead. Leave the planks pending until then."), field="decided_on"))
    if reasons:
        raise Refused(reasons)
    known, changed = positions_of(platform), {}
    how = {"decided_by": rules.read_line(decided_by)[:200], "decided_on": decided_on}
    for row in rows:
        values = _values(positions[row.plank.id]) | how
        position = known.get((row.plank.id, actor.org_id))
        if position and all(getattr(position, name) == values[name] for name in SAID):
            continue
        of = {"org_id": platform.org_id, "partner_id": actor.org_id, "platform_id": platform.id, "plank_id": row.plank.id}
        values |= {"stated_by": actor.name, "stated_at": now}
        if position is None:
            session().add(Position(**of, **values))
        else:
            for name, value in values.items():
                setattr(position, name, value)
        session().add(PositionStatement(**of, **values))
        changed[str(row.plank.id)] = values["stance"]
    session().flush()
    if changed:
        audit.record(actor, "position.stated", now=now, subject=("platform", platform.id), after={"stances": changed})
    return platform.id


def _speaks(actor: Actor, platform_id: int, now: datetime) -> None:
    """Where the organization named one person to state its position, nobody else does."""
    speakers, process = who_may_state(actor, platform_id, now), process_of(actor, platform_id)
    if process and process.account_id in speakers and actor.account_id != process.account_id:
        raise Refused(Reason(N_("Your organization named %(name)s to state its position."), {"name": speakers[process.account_id]}))


def state_process(actor: Actor, platform_id: int, words: str, decides_on: date | None, account_id: int | None = None, *, now: datetime) -> int:
    """Says how the actor's organization comes to its position, in its own words, on which day it decides, and who alone may state it, if one does."""
    platform, said = _platform_to_stand_on(actor, platform_id), rules.read_text(words)
    if not said:
        raise Refused(Reason(N_("Say who decides in your organization: the board, a members' meeting, delegates."), field="words"))
    leaders = colleagues_who_may(actor, Action.VOTE_FOR_ORGANIZATION, now)
    if account_id and account_id not in leaders:
        raise Refused(Reason(N_("Choose somebody who leads your organization."), field="account_id"))
    process = process_of(actor, platform.id)
    if process is None:
        process = PositionProcess(org_id=platform.org_id, partner_id=actor.org_id, platform_id=platform.id)
        session().add(process)
    process.words, process.decides_on, process.written_by = said, decides_on, actor.name
    process.account_id, process.spoken_by = (account_id, leaders[account_id]) if account_id else (None, "")
    session().flush()
    audit.record(actor, "process.stated", now=now, subject=("platform", platform.id))
    return platform.id


def _platform_to_stand_on(actor: Actor, platform_id: int) -> Platform:
    if not actor.may(Action.VOTE_FOR_ORGANIZATION):
        raise Missing()
    platform = platform_as_partner(actor, platform_id)
    if actor.org_id not in {o.id for o in organizations_of(platform)}:
        raise Refused(N_("A coalition takes no position of its own. Act for one of its members to state theirs."))
    return platform


def _values(said: Mapping[str, Any]) -> dict[str, Any]:
    stance = said["stance"]
    return {"stance": stance, "words": rules.read_text(said.get("words")), "until": said.get("until") if stance == "pending" else None}


def _issues(row: Any, said: Mapping[str, Any]) -> list[Reason]:
    if said["stance"] not in rules.STANCES:
        return [Reason(N_("Plank %(number)s: choose one of the answers."), {"number": row.number})]
    if said["stance"] == "reserve" and not rules.read_text(said.get("words")):
        return [Reason(N_("Plank %(number)s: say what the reservation is."), {"number": row.number})]
    return []
