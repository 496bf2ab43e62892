"""Keeping no longer than promised: each kind of thing is taken out in small steps when its time is over."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, delete, null, select, update

from crm.infra import audit
from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing, Refused
from crm.organizations.queries import organization_of
from crm.people.models import Import, ImportRow, Reveal, Snapshot
from crm.people.rules.retention import TIMES, issues_in_times, times_of

AT_ONCE = 500
Keep = Callable[[Actor, datetime, int], int]
"""(actor, before when, at most how many) → how many were taken out."""


def choose_times(actor: Actor, days: dict[str, int | None], *, now: datetime) -> None:
    """Sets how long things are kept; refuses what lies outside the limits, all at once."""
    if not actor.may(Action.ADMINISTER):
        raise Missing
    if issues := issues_in_times(days):
        raise Refused(issues)
    organization = organization_of(actor)
    before = times_of(organization.options)
    changed = {name: n for name, n in days.items() if name in TIMES and n != before[name]}
    if changed:
        organization.options = {**(organization.options or {}), "retention": {name: days[name] for name in TIMES}}
        audit.record(actor, "retention.chosen", now=now, before={name: before[name] for name in changed}, after=changed)
    session().flush()


def empty_imports(actor: Actor, before: datetime, most: int) -> int:
    """Rows of files that went in lose their words; files that were never brought in go whole."""
    waiting = select(Import.id).where(Import.state.in_(("mapping", "checking", "review")), Import.created_at < before).limit(5)
    gone = _done(delete(Import).where(Import.id.in_(session().scalars(waiting).all())))
    old = select(Import.id).where(Import.state.in_(("applied", "undone")), Import.created_at < before)
    rows = select(ImportRow.id).where(ImportRow.import_id.in_(old), ImportRow.state != "kept").limit(most)
    emptied = update(ImportRow).where(ImportRow.id.in_(session().scalars(rows).all())).values(cells=[], plan={}, problems=[], state="kept")
    for found in session().scalars(select(Import).where(Import.id.in_(old)).limit(50)):
        if any(samples := found.reading.get("samples", ())):
            found.reading = {**found.reading, "samples": [[] for _sample in samples]}
    return gone + _done(emptied)


def empty_events(actor: Actor, before: datetime, most: int) -> int:
    """Values of old events go; that it happened stays."""
    return empty_values(before, most)


def empty_values(before: datetime, most: int, *verbs: str) -> int:
    """Takes the values off events older than that, of these verbs or of all; returns of how many."""
    filled = (cast(Event.after, Text) != "null") | (cast(Event.before, Text) != "null")
    old = select(Event.id).where(Event.at < before, filled, *([Event.verb.in_(verbs)] if verbs else [])).limit(most)
    return _done(update(Event).where(Event.id.in_(session().scalars(old).all())).values(before=null(), after=null()))


def empty_reveals(actor: Actor, before: datetime, most: int) -> int:
    """Old openings of numbers, and words that were typed into searches of lists."""
    old = select(Reveal.id).where(Reveal.created_at < before).limit(most)
    typed = select(Snapshot.id).where(Snapshot.created_at < before, Snapshot.search != "").limit(most)
    gone = _done(delete(Reveal).where(Reveal.id.in_(session().scalars(old).all())))
    return gone + _done(update(Snapshot).where(Snapshot.id.in_(session().scalars(typed).all())).values(search=""))


KEEPERS: dict[str, list[Keep]] = {"imports": [empty_imports], "events": [empty_events], "reveals": [empty_reveals]}
"""Kind of thing → what takes it out; rooms further down add theirs in create_app."""
TIDIERS: list[Callable[[datetime, int], int]] = []
"""What belongs to no organization and is of no use any more: (now, at most how many) → how many were taken out."""


def note_removed(actor: Actor, job_id: int, what: str, count: int, *, now: datetime) -> None:
    """One event for each night says how many of what were taken out."""
    own = select(Event).where(Event.verb == "retention.done", Event.subject_kind == "job", Event.subject_id == job_id)
    if (event := session().scalar(own.with_for_update())) is None:
        audit.record(actor, "retention.done", now=now, subject=("job", job_id), after={what: count})
    else:
        event.after = {**(event.after or {}), what: (event.after or {}).get(what, 0) + count}
    session().flush()


def removals(actor: Actor) -> list[Event]:
    """What the last nights took out, newest first."""
    return list(session().scalars(select(Event).where(Event.verb == "retention.done").order_by(Event.at.desc()).limit(30)))


def _done(statement: Any) -> int:
    return session().execute(statement.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
