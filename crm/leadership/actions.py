"""What an organizer writes down: conversations and what follows, assessments, steps on the ladder."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.moving import Moving, Rule
from crm.infra.sealing import sealed_words
from crm.kernel.refusal import N_, Reason, Refused
from crm.leadership.models import Assessment, Conversation, RungMove
from crm.leadership.queries import conversation_for
from crm.leadership.rules import (
    RUNGS,
    Talk,
    issues_before_logging,
    issues_before_naming,
    issues_before_planning,
    may_assess,
    may_move,
)
from crm.organizations.queries import organization_of
from crm.people.models import Person
from crm.people.queries import person_for

MERGE_RULES = {
    "conversations": Rule(N_("One-on-ones")), "assessments": Rule(N_("Assessments")), "rung_moves": Rule(N_("Steps on the ladder")),
}  # fmt: skip


def today_of(actor: Actor, now: datetime) -> date:
    """The day it is where the organization is."""
    return now.astimezone(ZoneInfo(actor.time_zone)).date()


def log_conversation(
    actor: Actor, person_id: int, talk: Talk, *, now: datetime, assessment: int | None = None, rung: int | None = None
) -> int:
    """Logs a one-on-one that was held. It takes the place of the same organizer's open next steps with this person."""
    person = person_for(actor, person_id, lock=True)
    issues = issues_before_logging(talk, now, today_of(actor, now))
    if issues:
        raise Refused(issues)
    for earlier in _open_steps(actor, person_id):
        _finish(actor, earlier, now)
    row = Conversation(
        id=new_id(), org_id=actor.org_id, person_id=person.id, account_id=actor.account_id, organizer_name=actor.name,
        held_at=talk.held_at, summary=talk.summary, next_step=talk.next_step, follow_up_on=talk.follow_up_on,
    )  # fmt: skip
    session().add(row)
    _note(actor, row, "conversation.logged", now, summary=sealed_words(talk.summary))
    if talk.follow_up_on:
        _note_plan(actor, row, now)
    if assessment and assessment != person.assessment:
        _assess(actor, person, assessment, now)
    if rung and rung != person.rung:
        _move(actor, person, rung, talk.summary[:500], now)
    session().flush()
    return row.id


def plan_follow_up(
    actor: Actor, conversation_id: int, next_step: str, follow_up_on: date | None, *, now: datetime
) -> int:
    """Sets or changes the next step after a conversation; returns the person's id."""
    row = conversation_for(actor, conversation_id, lock=True)
    issues = issues_before_planning(next_step, follow_up_on, today_of(actor, now))
    if issues:
        raise Refused(issues)
    row.next_step, row.follow_up_on, row.done_at = next_step, follow_up_on, None
    if follow_up_on:
        _note_plan(actor, row, now)
    session().flush()
    return row.person_id


def plan_step(actor: Actor, person_id: int, next_step: str, on: date | None, owner: tuple[int, str], *, now: datetime) -> int:
    """Plans a next step with a person without a talk before it, for `owner` (account and name); returns its id."""
    person = person_for(actor, person_id)
    issues = issues_before_planning(next_step.strip(), on, today_of(actor, now))
    if not next_step.strip() and on is None:
        issues = [Reason(N_("Write the next step, and choose its day."), field="next_step")]
    if issues:
        raise Refused(issues)
    row = Conversation(
        id=new_id(), org_id=actor.org_id, person_id=person.id, account_id=owner[0], organizer_name=owner[1], held_at=None, summary="",
        next_step=next_step.strip()[:300], follow_up_on=on,
    )  # fmt: skip
    session().add(row)
    _note_plan(actor, row, now)
    session().flush()
    return row.id


def drop_step(actor: Actor, step_id: int, *, now: datetime) -> None:
    """Takes back a next step that was planned without a talk and is not done."""
    row = session().scalar(select(Conversation).where(Conversation.id == step_id, Conversation.held_at.is_(None), Conversation.done_at.is_(None)))
    if row is not None:
        _note(actor, row, "conversation.dropped", now, next_step=row.next_step)
        session().delete(row)
        session().flush()


def finish_follow_up(actor: Actor, conversation_id: int, *, now: datetime) -> int:
    """Ticks off a next step; doing so again changes nothing. Returns the person's id."""
    row = conversation_for(actor, conversation_id, lock=True)
    if row.follow_up_on and not row.done_at:
        _finish(actor, row, now)
        session().flush()
    return row.person_id


def assess(actor: Actor, person_id: int, value: int, *, now: datetime) -> int:
    """Adds an assessment from 1 to 5, which becomes the person's current one."""
    person = person_for(actor, person_id, lock=True)
    _assess(actor, person, value, now)
    session().flush()
    return person.id


def move_rung(actor: Actor, person_id: int, rung: int, reason: str = "", *, now: datetime) -> int:
    """Moves a person up or back on the ladder."""
    person = person_for(actor, person_id, lock=True)
    _move(actor, person, rung, reason, now)
    session().flush()
    return person.id


def name_rungs(actor: Actor, names: dict[int, str], *, now: datetime) -> None:
    """Gives the five rungs the organization's own names."""
    issues = issues_before_naming(names)
    if issues:
        raise Refused(issues)
    own = [names[number] for number in RUNGS]
    organization_of(actor).rungs = own
    audit.record(actor, "ladder.named", now=now, after={"names": own})
    session().flush()


def _open_steps(actor: Actor, person_id: int) -> list[Conversation]:
    query = select(Conversation).where(
        Conversation.org_id == actor.org_id, Conversation.person_id == person_id, Conversation.done_at.is_(None),
        Conversation.follow_up_on.is_not(None), Conversation.account_id == actor.account_id,
    )  # fmt: skip
    return list(session().scalars(query.with_for_update()))


def _finish(actor: Actor, row: Conversation, now: datetime) -> None:
    row.done_at = now
    _note(actor, row, "conversation.finished", now, next_step=row.next_step)


def _note(actor: Actor, row: Conversation, verb: str, now: datetime, **after: str) -> None:
    audit.record(actor, verb, now=now, person_id=row.person_id, subject=("conversation", row.id), after=after)


def _note_plan(actor: Actor, row: Conversation, now: datetime) -> None:
    plan = {"next_step": row.next_step, "follow_up_on": row.follow_up_on.isoformat()}
    _note(actor, row, "conversation.planned", now, **plan)


def _assess(actor: Actor, person: Person, value: int, now: datetime) -> None:
    if refusal := may_assess(value):
        raise Refused(refusal)
    session().add(Assessment(
        org_id=actor.org_id, person_id=person.id, value=value, at=now,
        account_id=actor.account_id, actor_name=actor.name,
    ))  # fmt: skip
    changed = {"before": {"value": person.assessment}, "after": {"value": value}}
    person.assessment, person.updated_at = value, now
    audit.record(actor, "assessment.added", now=now, person_id=person.id, **changed)


def _move(actor: Actor, person: Person, to: int, reason: str, now: datetime) -> None:
    if refusal := may_move(person.rung, to, reason):
        raise Refused(refusal)
    before = person.rung
    session().add(RungMove(
        org_id=actor.org_id, person_id=person.id, from_rung=before, to_rung=to, at=now, account_id=actor.account_id,
        actor_name=actor.name, reason=reason,
    ))  # fmt: skip
    person.rung, person.updated_at = to, now
    verb = "rung.up" if to > before else "rung.back"
    changed = {"before": {"rung": before}, "after": {"rung": to, "reason": sealed_words(reason)}}
    audit.record(actor, verb, now=now, person_id=person.id, **changed)


def assess_anew(actor: Actor, person: Person, moving: Moving) -> None:
    """When two records of a person became one, the latest judgement of either counts."""
    latest = select(Assessment.value).where(Assessment.person_id == person.id).order_by(Assessment.at.desc(), Assessment.id.desc())
    value = session().scalar(latest.limit(1))
    if value is not None and value != person.assessment:
        moving.change("people", {person.id: {"assessment": value}}, ("assessment",))
