"""Writing a commitment down, tying it to its vote, and judging it by itself when the vote closes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from crm.accountability import queries
from crm.accountability.models import Commitment, Milestone, Outcome, Recommendation, Target
from crm.accountability.rules import commitments as rules
from crm.assemblies import queries as assemblies
from crm.assemblies.models import Assembly, FloorCount, FloorVote
from crm.assemblies.rules.times import day_in
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.jobs import enqueue
from crm.kernel.numbers import read_id, read_share
from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification.models import Ratification
from crm.ratification.queries.votes import ratification_for

PLAIN = ("legal_form", "document", "signed_on", "strictness", "basis", "electorate", "duty", "owner", "due_days", "words")

JUDGE_JOB, LATER = "accountability.judge", timedelta(minutes=5)


def target_named(actor: Actor, name: str, kind: str) -> Target:
    """The decision-maker of that name, written down the first time it is said."""
    found = session().scalar(select(Target).where(Target.org_id == actor.org_id, Target.name == name))
    if found is None:
        found = Target(org_id=actor.org_id, id=new_id(), name=name, kind=kind if kind in ("body", "official") else "body")
        session().add(found)
        session().flush()
    return found


def own_assembly(actor: Actor, id: int | None) -> Assembly | None:
    """The assembly that something belongs to, if the actor's organization convenes it."""
    return None if id is None else assemblies.assembly_to_run(actor, id)


def add_commitment(actor: Actor, assembly_id: int | None, typed: Mapping[str, Any], *, now: datetime) -> int:
    """Writes down what a decision-maker promised, by which rule; `vote` ties it at once."""
    assembly = own_assembly(actor, assembly_id)
    today = day_in(now, assembly.time_zone if assembly else queries.zone_of(actor.org_id, None))
    if issues := rules.issues_in_commitment(typed, today):
        raise Refused(issues)
    target = target_named(actor, typed["target"], typed["kind"])
    row = Commitment(
        org_id=actor.org_id, id=new_id(), target_id=target.id, assembly_id=assembly_id, threshold=str(read_share(typed["threshold"])), covers="none",
        **{name: typed[name] for name in PLAIN},
    )
    session().add(row)
    session().flush()
    audit.record(actor, "commitment.written", now=now, subject=("commitment", row.id), after={"target": target.name})
    if typed["vote"]:
        tie_commitment(actor, row.id, typed["vote"], now=now)
    return row.id


def tie_commitment(actor: Actor, id: int, vote: str, *, now: datetime) -> int:
    """Ties a commitment to a vote ("v" and its id; another's once it is open), to the questions of its assembly's room ("room"), or to none yet ("")."""
    row = queries.commitment_to_run(actor, id, lock=True)
    issues, number = [], None
    if vote == "room":
        if row.assembly_id is None:
            issues = [Reason(N_("Questions of the room belong to an assembly. Write the commitment down at its assembly."), {}, "vote")]
        elif row.judged_at:
            issues = rules.issues_in_tie(True, ("room",), "all", False)
    elif vote:
        number, issues = _vote_to_tie(actor, row, vote)
    elif row.judged_at:
        issues = rules.issues_in_tie(True, ("none",), "all", False)
    if issues:
        raise Refused(issues)
    row.covers, row.ratification_id = "vote" if number else vote or "none", number
    session().flush()
    if number:
        enqueue(row.org_id, JUDGE_JOB, {"vote_id": number}, now=now, key=f"judge:{number}:{id}:{now.isoformat()}")
    audit.record(actor, "commitment.tied", now=now, subject=("commitment", id), after={"vote": vote})
    return id


def _vote_to_tie(actor: Actor, row: Commitment, vote: str) -> tuple[int | None, list[Reason]]:
    chosen = ratification_for(actor, read_id(vote.removeprefix("v")) or 0)
    is_closed = chosen.closed_at is not None
    return chosen.id, rules.issues_in_tie(row.judged_at is not None, queries.yes_no_kinds(chosen.id), row.electorate, is_closed)


def remove_commitment(actor: Actor, id: int, *, now: datetime) -> int | None:
    """Takes a commitment out that no vote has judged; returns its assembly."""
    row = queries.commitment_to_run(actor, id, lock=True)
    if row.judged_at:
        raise Refused(N_("This commitment was judged, so it stays."))
    assembly_id = row.assembly_id
    session().delete(row)
    session().flush()
    audit.record(actor, "commitment.removed", now=now, subject=("commitment", id))
    return assembly_id


def judge_vote(actor: Actor, vote: Ratification, *, now: datetime) -> None:
    """A vote has closed: every commitment tied to it is judged plank by plank; called by ratification through its registry.

    Other organizations judge their own, each in a job of its own.
    """
    _judge_all(actor, vote, now)
    for org_id in queries.waiting_elsewhere(vote):
        enqueue(org_id, JUDGE_JOB, {"vote_id": vote.id}, now=now, key=f"judge:{vote.id}:{org_id}:closed")


def judge_when_closed(actor: Actor, vote_id: int, *, now: datetime) -> datetime | None:
    """For whoever keeps a commitment on a vote: judges it once the vote is closed; else says when to look again."""
    vote = session().scalar(select(Ratification).where(Ratification.id == vote_id))
    if vote is None or not queries.covering_vote(actor.org_id, vote_id):
        return None
    if vote.closed_at is None:
        return max(vote.closes_at, now + LATER)
    _judge_all(actor, vote, now)
    return None


def _judge_all(actor: Actor, vote: Ratification, now: datetime) -> None:
    for row in queries.covering_vote(actor.org_id, vote.id):
        _judge(actor, row, rules.questions_in(vote.manifest or {}, vote.result or {}, row.electorate), now, vote.closed_at or now)


def judge_room(actor: Actor, vote: FloorVote, count: FloorCount, *, now: datetime) -> None:
    """A question of the room is settled: every commitment that covers the room is judged on it; called by assemblies through its registry."""
    question = rules.question_of_room(vote.number, vote.title, count.outcome, count.yes, count.no, count.abstain, count.present)
    for row in queries.covering_room(vote.assembly_id):
        _judge(actor, row, [question], now, now)


def _judge(actor: Actor, row: Commitment, questions: list[rules.Question], now: datetime, closed_at: datetime) -> None:
    rule, met = rules.rule_of(row.threshold, row.strictness, row.basis), 0
    closed_on = day_in(closed_at, queries.zone_of(row.org_id, row.assembly_id))
    for question in questions:
        is_met = rules.is_met(rule, question)
        outcome = Outcome(
            org_id=row.org_id, id=new_id(), commitment_id=row.id, number=question.number, title=dict(question.title),
            counts=[dict(count) for count in question.counts], problem=question.problem, is_met=is_met, at=now,
        )
        session().add(outcome)
        session().flush()
        met += is_met
        if is_met:
            _owe(row, outcome, closed_on)
    row.judged_at = now
    session().flush()
    audit.record(actor, "commitment.judged", now=now, subject=("commitment", row.id), after={"met": met, "unmet": len(questions) - met})


def _owe(row: Commitment, outcome: Outcome, closed_on) -> None:
    """The duty that follows: a recommendation that binds, with its first milestone."""
    due_on = rules.due_on(closed_on, row.due_days)
    duty = Recommendation(
        org_id=row.org_id, id=new_id(), target_id=row.target_id, assembly_id=row.assembly_id, outcome_id=outcome.id, title=outcome.title, text={},
        owner=row.owner, delivered_on=closed_on, due_on=due_on,
    )
    session().add(duty)
    session().flush()
    session().add(Milestone(org_id=row.org_id, recommendation_id=duty.id, title=row.duty, due_on=due_on))
