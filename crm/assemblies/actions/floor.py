"""Votes in the room: a question is called, its result declared, doubted and counted, and settled."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from crm.assemblies.actions.program import to_change
from crm.assemblies.models import FloorCount, FloorVote
from crm.assemblies.queries import floor as queries
from crm.assemblies.rules.floor import COUNTED, issues_in_count, issues_in_doubt, issues_in_question, outcome_of
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Refused

SETTLED: list[Callable[..., None]] = []
"""What later rooms do when a question of the room is settled: called with actor, question, count and now; filled in create_app."""


def call_vote(actor: Actor, assembly_id: int, typed: Mapping[str, Any], *, now: datetime) -> int:
    """Puts a question to the room, by a rule said before anybody votes; the one before it must be settled."""
    assembly = to_change(actor, assembly_id)
    title = " ".join((typed["title"] or "").split())[:300]
    if problems := issues_in_question(title, typed["threshold"] or "", typed["strictness"], typed["quorum"], typed["doubts_needed"]):
        raise Refused(problems)
    mine = FloorVote.assembly_id == assembly.id
    if session().scalar(select(func.count()).select_from(FloorVote).where(mine, FloorVote.state != "settled")):
        raise Refused(N_("One question at a time: settle the one that is open first."))
    number = (session().scalar(select(func.max(FloorVote.number)).where(mine)) or 0) + 1
    row = FloorVote(
        org_id=assembly.org_id, id=new_id(), assembly_id=assembly.id, number=number, title=title, threshold=typed["threshold"].strip(),
        strictness=typed["strictness"], quorum=typed["quorum"], doubts_needed=typed["doubts_needed"], created_at=now,
    )
    session().add(row)
    session().flush()
    audit.record(actor, "floor.called", now=now, subject=("assembly", assembly_id), after={"number": number})
    return row.id


def declare(actor: Actor, assembly_id: int, vote_id: int, typed: Mapping[str, Any], *, now: datetime) -> None:
    """Writes down a result: as the moderator declared it, or as the tellers counted it, with how many were in the room."""
    assembly = to_change(actor, assembly_id)
    vote = queries.floor_vote_for(assembly, vote_id, lock=True)
    if problems := issues_in_count(vote.state, typed):
        raise Refused(problems)
    is_counted, present, before = typed["way"] in COUNTED, typed["present"], queries.last_count(vote)
    outcome = "no_quorum" if present < vote.quorum else typed["declared"]
    if is_counted:
        outcome = outcome_of(vote.threshold, vote.strictness, vote.quorum, present, typed["yes"], typed["no"])
    session().add(FloorCount(
        org_id=vote.org_id, id=new_id(), assembly_id=vote.assembly_id, vote_id=vote.id, number=before.number + 1 if before else 1, way=typed["way"],
        **{name: typed[name] if is_counted else None for name in ("yes", "no", "abstain")}, present=present,
        present_by="door" if present == queries.present_in(assembly) else "moderator", outcome=outcome,
        tellers=" ".join((typed["tellers"] or "").split())[:200] if is_counted else "", by_name=actor.name, at=now,
    ))
    vote.state = "declared"
    session().flush()
    audit.record(actor, "floor.declared", now=now, subject=("assembly", assembly_id), after={"number": vote.number, "outcome": outcome})


def doubt(actor: Actor, assembly_id: int, vote_id: int, rose: int | None, *, now: datetime) -> None:
    """Enough people rise and doubt what was declared: it is counted, or counted again."""
    vote = queries.floor_vote_for(to_change(actor, assembly_id), vote_id, lock=True)
    if problems := issues_in_doubt(vote.state, rose, vote.doubts_needed):
        raise Refused(problems)
    count = queries.last_count(vote)
    assert count is not None
    count.doubted_by, vote.state = rose, "doubted"
    session().flush()
    audit.record(actor, "floor.doubted", now=now, subject=("assembly", assembly_id), after={"number": vote.number, "rose": rose})


def settle(actor: Actor, assembly_id: int, vote_id: int, *, now: datetime) -> None:
    """The result stands and nobody can doubt it any more."""
    vote = queries.floor_vote_for(to_change(actor, assembly_id), vote_id, lock=True)
    if vote.state != "declared":
        raise Refused(N_("Only a declared result can be settled."))
    vote.state, vote.settled_at = "settled", now
    session().flush()
    audit.record(actor, "floor.settled", now=now, subject=("assembly", assembly_id), after={"number": vote.number})
    for told in SETTLED:
        told(actor, vote, queries.last_count(vote), now=now)
