"""Reads of series: the steps of a thing, with what went, what will go and when, and what did not go any more."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing, Reason
from crm.outreach.models import Broadcast, Series, SeriesStep
from crm.outreach.queries.broadcasts import audience_size, counts_by_state
from crm.outreach.queries.plans import issues_with, options_of
from crm.outreach.queries.subjects import Subject, subject_of
from crm.outreach.rules.series import Occasion, due_at, expires_at, state_of


@dataclass(frozen=True)
class Planned:
    """One step as a page shows it."""

    step: SeriesStep
    state: str
    due_at: datetime
    expires_at: datetime
    people: int | None = None  # on its list now, where it is still to go
    broadcast: Broadcast | None = None
    counts: dict[str, int] | None = None
    issues: tuple[Reason, ...] = ()
    needs_second: bool = False


def occasion_of(actor: Actor, kind: str, subject_id: int) -> tuple[Subject, Occasion]:
    """The thing and its day; Missing where it has none, or is not for this actor."""
    subject = subject_of(kind)
    subject.name(actor, subject_id)
    occasion = subject.occasion(actor, subject_id)
    if occasion is None or not actor.may(Action.SEND_TEXTS):
        raise Missing
    return subject, occasion


def series_for(actor: Actor, kind: str, subject_id: int, lock: bool = False) -> Series | None:
    """The series about this thing, once somebody has set it up."""
    query = select(Series).where(Series.subject_kind == kind, Series.subject_id == subject_id)
    return session().scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)


def steps_of(actor: Actor, kind: str, subject_id: int) -> list[SeriesStep]:
    """Its steps: as they were set up, else as they come ready-made, not kept yet."""
    if series := series_for(actor, kind, subject_id):
        return list(session().scalars(select(SeriesStep).where(SeriesStep.series_id == series.id).order_by(SeriesStep.days, SeriesStep.at, SeriesStep.id)))
    return [made(actor, 0, words) for words in subject_of(kind).steps(actor, subject_id)]


def made(actor: Actor, series_id: int, words: object) -> SeriesStep:
    """A step out of ready-made words."""
    names = ("key", "audience", "days", "at")
    values = {name: getattr(words, name) for name in names} | {"bodies": dict(words.bodies)}  # type: ignore[attr-defined]
    return SeriesStep(org_id=actor.org_id, series_id=series_id, is_on=True, agreed_name="", agreed_mark="", **values)


def mark_of(step: SeriesStep) -> str:
    """A mark of what a step says, to whom and when; it changes when anyone changes the step."""
    facts = [step.bodies, step.audience, step.days, str(step.at)]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def broadcast_of(series: tuple[str, int], step: SeriesStep, now: datetime, occasion: Occasion) -> Broadcast:
    """The broadcast that a step is, not kept: for its preview and for sending it."""
    kind, subject_id = series
    return Broadcast(
        org_id=step.org_id, state="draft", name="", subject_kind=kind, subject_id=subject_id, audience=step.audience, bodies=dict(step.bodies),
        purpose=subject_of(kind).purpose_of(step.audience), sender_name="", is_split=True, frozen_up_to="", stopped_because="",
        expires_at=expires_at(step.days, step.at, occasion),
    )  # fmt: skip


def planned(actor: Actor, kind: str, subject_id: int, now: datetime, only: str = "") -> list[Planned]:
    """Every step with what became of it or what will; or the one of that key."""
    _subject, occasion = occasion_of(actor, kind, subject_id)
    series = series_for(actor, kind, subject_id)
    steps = [step for step in steps_of(actor, kind, subject_id) if only in ("", step.key)]
    gone = {}
    if series:
        rows = session().scalars(select(Broadcast).where(Broadcast.step_id.in_([step.id for step in steps])))
        gone = {broadcast.step_id: broadcast for broadcast in rows}
    counts = counts_by_state([broadcast.id for broadcast in gone.values()])
    limit = options_of(actor).two_people_above
    shown = []
    for step in steps:
        there = gone.get(step.id)
        started_at = series.started_at if series else None
        state = state_of(step.days, step.at, occasion, is_on=step.is_on, has_gone=there is not None, started_at=started_at, now=now)
        due, last = due_at(step.days, step.at, occasion), expires_at(step.days, step.at, occasion)
        if state in ("ready", "planned", "due", "unannounced"):
            about = broadcast_of((kind, subject_id), step, now, occasion)
            people, issues = audience_size(actor, about, now), tuple(issues_with(actor, about, ()))
            needs = people > limit and step.agreed_mark != mark_of(step)
            shown.append(Planned(step, state, due, last, people, None, None, issues, needs))
        else:
            shown.append(Planned(step, state, due, last, None, there, counts.get(there.id) if there else None))
    return sorted(shown, key=lambda one: one.due_at)
