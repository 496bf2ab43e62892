"""Verbs of series: set one up from what is ready-made, change a step, let it run, and send what is due, each step once."""

from collections.abc import Mapping
from datetime import datetime, time

from sqlalchemy import select, update

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.outreach.actions.broadcasts import Checked, send, stop_broadcast
from crm.outreach.actions.texts import ensure_sender
from crm.outreach.models import Broadcast, Series, SeriesStep, Text
from crm.outreach.queries.broadcasts import audience_size, languages_of
from crm.outreach.queries.plans import issues_with, options_of, plan_of
from crm.outreach.queries.series import broadcast_of, made, mark_of, occasion_of, series_for
from crm.outreach.queries.subjects import SUBJECTS
from crm.outreach.rules.options import EXACT, needs_second
from crm.outreach.rules.series import STEP_NAMES, state_of


def set_up_series(actor: Actor, kind: str, subject_id: int, *, now: datetime) -> Series:
    """The series about this thing, made from what it comes with if it is not there yet; it is off."""
    subject, _occasion = occasion_of(actor, kind, subject_id)
    series = series_for(actor, kind, subject_id, lock=True)
    if series is None:
        series = Series(org_id=actor.org_id, id=new_id(), subject_kind=kind, subject_id=subject_id, state="off", sender_name=actor.name, created_at=now)
        session().add(series)
        session().flush()
        for words in subject.steps(actor, subject_id):
            step = made(actor, series.id, words)
            step.id, step.created_at = new_id(), now
            session().add(step)
        session().flush()
    return series


def start_series(actor: Actor, kind: str, subject_id: int, *, now: datetime) -> int:
    """From now on each step goes by itself at its hour; what lies before is not sent any more."""
    series = set_up_series(actor, kind, subject_id, now=now)
    if occasion_of(actor, kind, subject_id)[1].is_cancelled:
        raise Refused(N_("This is cancelled. Nothing is sent about it any more."))
    if series.state == "off":
        ensure_sender(actor, now=now)
        series.state, series.started_at, series.started_by, series.sender_name = "on", now, actor.account_id, actor.name
        audit.record(actor, "series.started", now=now, subject=(kind, subject_id))
        session().flush()
    return subject_id


def stop_series(actor: Actor, kind: str, subject_id: int, *, now: datetime) -> int:
    """No step goes by itself any more; what is on its way has its own stop button."""
    occasion_of(actor, kind, subject_id)  # the door
    series = series_for(actor, kind, subject_id, lock=True)
    if series is not None and series.state == "on":
        series.state, series.started_at = "off", None
        audit.record(actor, "series.stopped", now=now, subject=(kind, subject_id))
        session().flush()
    return subject_id


def step_for(actor: Actor, series: Series, key: str) -> SeriesStep:
    """The step of that name, locked; Missing if there is none."""
    query = select(SeriesStep).where(SeriesStep.series_id == series.id, SeriesStep.key == key).with_for_update()
    found = session().scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise Missing
    return found


def write_step(
    actor: Actor, kind: str, subject_id: int, key: str, *, audience: str, days: int, at: time, bodies: Mapping[str, str], is_on: bool, now: datetime
) -> str:
    """Changes what a step says, to whom, when, and whether it goes at all; refused with every issue once it has gone or is wrong."""
    step = step_for(actor, set_up_series(actor, kind, subject_id, now=now), key)
    if _gone(step):
        raise Refused(N_("This text has gone out already. Its words cannot change any more."))
    subject, occasion = occasion_of(actor, kind, subject_id)
    if audience not in subject.audiences(actor, subject_id):
        raise Refused(Reason(N_("Choose who gets it."), field="audience"))
    step.audience, step.days, step.at, step.is_on = audience, days, at, is_on
    step.bodies = {language: body.strip() for language, body in bodies.items() if body.strip()}
    step.written_by = actor.account_id
    about = broadcast_of((kind, subject_id), step, now, occasion)
    if is_on and (issues := issues_with(actor, about, languages_of(actor, about, now))):
        raise Refused(issues)
    session().flush()
    return key


def agree_step(actor: Actor, kind: str, subject_id: int, key: str, *, seen: str, now: datetime) -> str:
    """A second person agrees to a step as it stands; changed, it has to be agreed to anew."""
    step = step_for(actor, set_up_series(actor, kind, subject_id, now=now), key)
    series = series_for(actor, kind, subject_id)
    if actor.account_id is None or actor.account_id in (step.written_by, series.started_by if series else None):
        raise Refused(N_("You wrote or started this yourself. A second person has to agree."))
    if seen != mark_of(step):
        raise Refused(N_("Someone changed this text after you looked it over. Look again, then send."))
    step.agreed_by, step.agreed_name, step.agreed_mark = actor.account_id, actor.name, seen
    audit.record(actor, "series.agreed", now=now, subject=(kind, subject_id), after={"step": STEP_NAMES.get(key, key)})
    session().flush()
    return key


def _gone(step: SeriesStep) -> bool:
    return session().scalar(select(Broadcast.id).where(Broadcast.step_id == step.id)) is not None


def live_series(actor: Actor) -> list[tuple[int, str, int]]:
    """(id, kind, thing) of every series that runs."""
    return [tuple(row) for row in session().execute(select(Series.id, Series.subject_kind, Series.subject_id).where(Series.state == "on"))]


def due_steps(actor: Actor, kind: str, subject_id: int, now: datetime) -> list[str]:
    """The steps of a running series whose hour has come."""
    series, (_subject, occasion) = series_for(actor, kind, subject_id), occasion_of(actor, kind, subject_id)
    if series is None or series.state != "on":
        return []
    sent = select(Broadcast.step_id).where(Broadcast.step_id.is_not(None))
    waiting = session().scalars(select(SeriesStep).where(SeriesStep.series_id == series.id, SeriesStep.id.not_in(sent)))
    return [step.key for step in waiting if _state(step, series, occasion, now) == "due"]


def _state(step: SeriesStep, series: Series, occasion: object, now: datetime) -> str:
    return state_of(step.days, step.at, occasion, is_on=step.is_on, has_gone=False, started_at=series.started_at, now=now)  # type: ignore[arg-type]


def send_step(actor: Actor, kind: str, subject_id: int, key: str, *, now: datetime) -> int | None:
    """Sends a step that is due to whoever is on its list at this moment; None if it may not go. However often, it goes once."""
    series = series_for(actor, kind, subject_id, lock=True)
    step = step_for(actor, series, key) if series else None
    _subject, occasion = occasion_of(actor, kind, subject_id)
    if series is None or step is None or _gone(step) or _state(step, series, occasion, now) != "due":
        return None
    broadcast = broadcast_of((kind, subject_id), step, now, occasion)
    people = audience_size(actor, broadcast, now)
    plan = plan_of(actor, broadcast, now) if people <= EXACT else None
    texts = plan.count if plan else people
    if plan and not texts and "too_late" in plan.left_out:
        return None  # nobody could get it in time any more: it is not sent, and the page says so
    if issues_with(actor, broadcast, ()) or (needs_second(people, texts, options_of(actor).two_people_above) and step.agreed_mark != mark_of(step)):
        return None
    broadcast.id, broadcast.step_id, broadcast.created_at = new_id(), step.id, now
    broadcast.created_by, broadcast.sender_name, broadcast.agreed_name = series.started_by, series.sender_name, step.agreed_name
    broadcast.name = f"{SUBJECTS[kind].name(actor, subject_id)}: {STEP_NAMES.get(key, key)}"[:200]
    session().add(broadcast)
    session().flush()
    send(actor, broadcast, Checked(people, texts, plan.out_count if plan else 0, plan), now)
    return broadcast.id


def end_series(actor: Actor, kind: str, subject_id: int, *, now: datetime, is_over: bool = True) -> None:
    """The thing is cancelled, or on another day: nothing that still waits of the series leaves. Cancelled, it ends for good."""
    series = series_for(actor, kind, subject_id, lock=True)
    if series is None:
        return
    open_ones = select(Broadcast.id).join(SeriesStep, (SeriesStep.org_id == Broadcast.org_id) & (SeriesStep.id == Broadcast.step_id))
    ids = session().scalars(open_ones.where(SeriesStep.series_id == series.id, Broadcast.state.in_(("freezing", "sending", "stopped")))).all()
    for id in ids:
        stop_broadcast(Actor.system(actor.org_id), id, now=now, because="ended")
    waiting = update(Text).where(Text.broadcast_id.in_(ids), Text.state == "queued").values(expires_at=now)
    session().execute(waiting.execution_options(synchronize_session=False))
    if is_over and series.state == "on":
        series.state, series.started_at = "off", None
        audit.record(actor, "series.ended", now=now, subject=(kind, subject_id))
    session().flush()
