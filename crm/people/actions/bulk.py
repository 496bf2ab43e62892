"""One change to everyone whom a list holds, a few hundred at a time, and taking it back as a whole."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from crm.infra import audit
from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.jobs import enqueue, job_for
from crm.kernel.names import fold
from crm.kernel.refusal import N_, Reason, Refused
from crm.people import rules
from crm.people.actions.contacts import insert_rows
from crm.people.actions.snapshots import take_snapshot
from crm.people.actions.standing import histories_of
from crm.people.actions.tags import tag_ids_for
from crm.people.models import BulkChange, Person, PersonTag, Segment, StandingChange, Tag
from crm.people.queries import already, bulk_for, who_is_in
from crm.people.rules import standing as standings
from crm.people.rules.cells import read_list

AT_ONCE = 200
Rows = list[dict[str, Any]]


def issues_in_bulk(kind: str, value: str) -> list[Reason]:
    """What keeps this from being a change to everyone in a list."""
    if kind == "standing":
        return [] if value in rules.STANDINGS else [Reason(N_("Choose a standing."), field="standing")]
    return [] if len(read_list(value)) == 1 and len(value) <= 80 else [Reason(N_("Write one tag."), field="tag")]


def start_bulk(actor: Actor, segment: Segment | None, definition: dict, text: str, kind: str, value: str, *, now: datetime) -> int:
    """Begins the change; the work is a job that can be stopped and taken back."""
    value = value.strip()
    if wrong := issues_in_bulk(kind, value):
        raise Refused(wrong)
    kept = take_snapshot(actor, segment, definition, text, kind, now=now)
    change = BulkChange(id=new_id(), org_id=actor.org_id, snapshot_id=kept.id, kind=kind, value=value, state="running", created_at=now)
    session().add(change)
    change.job_id = enqueue(actor.org_id, "people.bulk", {"bulk_id": change.id}, now=now, total=kept.size)
    audit.record(actor, "bulk.started", now=now, subject=("bulk", change.id), after={"kind": kind, "value": value, "size": kept.size})
    session().flush()
    return change.id


def bulk_some(actor: Actor, bulk_id: int, *, now: datetime) -> tuple[bool, int]:
    """Changes the next few; (whether all are done, how many were looked at). By id, so nobody is met twice whatever changes meanwhile."""
    change, kept = bulk_for(actor, bulk_id, lock=True)
    if change.state != "running":
        return True, change.looked_at
    next_ones = select(Person).where(*who_is_in(actor, kept), Person.id > change.last_id, Person.created_at <= kept.created_at)
    people = list(session().scalars(next_ones.order_by(Person.id).limit(AT_ONCE)))
    if not people:
        change.state = "done"
        session().flush()
        return True, change.looked_at
    by = Actor(actor.org_id, account_id=kept.account_id, name=kept.author)
    ids = [person.id for person in people]
    same = set(session().scalars(select(Person.id).where(Person.id.in_(ids), already(change.kind, change.value))))
    change.changed += _APPLY[change.kind](by, [p for p in people if p.id not in same], change.value, ("bulk", bulk_id), now)
    change.last_id, change.looked_at = ids[-1], change.looked_at + len(ids)
    session().flush()
    return False, change.looked_at


def undo_bulk(actor: Actor, bulk_id: int, *, now: datetime) -> int:
    """Begins to take a change back; refused while it still runs."""
    change, _kept = bulk_for(actor, bulk_id, lock=True)
    if change.state not in ("running", "done"):
        raise Refused(N_("This was taken back already."))
    if change.job_id and job_for(actor, change.job_id).finished_at is None:
        raise Refused(N_("This is still at work. Stop it first, then take it back."))
    change.state, change.last_id, change.kept = "undoing", 0, 0
    change.job_id = enqueue(actor.org_id, "people.undo_bulk", {"bulk_id": change.id}, now=now, total=change.changed)
    audit.record(actor, "bulk.undo", now=now, subject=("bulk", change.id))
    session().flush()
    return change.id


def undo_bulk_some(actor: Actor, bulk_id: int, *, now: datetime) -> tuple[bool, int]:
    """Takes the next few back, by the events that the change left; who was changed again since stays."""
    change, kept = bulk_for(actor, bulk_id, lock=True)
    if change.state != "undoing":
        return True, change.changed
    of_change = (Event.subject_kind == "bulk", Event.subject_id == bulk_id, Event.person_id.is_not(None))
    events = list(session().scalars(select(Event).where(*of_change, Event.id > change.last_id).order_by(Event.id).limit(AT_ONCE)))
    if not events:
        change.state = "undone"
        session().flush()
        return True, change.changed
    people = list(session().scalars(select(Person).where(Person.id.in_({event.person_id for event in events})).order_by(Person.id)))
    by = Actor(actor.org_id, account_id=kept.account_id, name=kept.author)
    back = _take_back(by, people, change, now)
    change.kept += len(events) - back
    change.last_id = events[-1].id
    session().flush()
    return False, 0


def _take_back(by: Actor, people: Sequence[Person], change: BulkChange, now: datetime) -> int:
    subject, ids = ("bulk_undo", change.id), [person.id for person in people]
    still = set(session().scalars(select(Person.id).where(Person.id.in_(ids), already(change.kind, change.value))))
    touched = [person for person in people if person.id in still]
    if change.kind == "tag":
        return _untag(by, touched, change.value, subject, now)
    if change.kind == "untag":
        return _tag(by, touched, change.value, subject, now)
    return _unstand(by, touched, change, subject, now)


def _tag(by: Actor, people: Sequence[Person], value: str, subject: tuple[str, int], now: datetime) -> int:
    if people:
        [(name, tag_id)] = tag_ids_for(by, [value]).items()
        insert_rows(PersonTag, [{"org_id": by.org_id, "person_id": person.id, "tag_id": tag_id} for person in people])
        audit.record_many(by, "tag.added", [{"person_id": person.id, "after": {"tag": name}} for person in people], now=now, subject=subject)
    return len(people)


def _untag(by: Actor, people: Sequence[Person], value: str, subject: tuple[str, int], now: datetime) -> int:
    tag = session().scalar(select(Tag.id).where(Tag.name_folded == fold(value)))
    ids = [person.id for person in people]
    session().execute(delete(PersonTag).where(PersonTag.tag_id == (tag or 0), PersonTag.person_id.in_(ids)))
    audit.record_many(by, "tag.removed", [{"person_id": id, "after": {"tag": value}} for id in ids], now=now, subject=subject)
    return len(ids)


def _stand(by: Actor, people: Sequence[Person], value: str, subject: tuple[str, int], now: datetime) -> int:
    """Gives everyone the standing from today on, each with their history."""
    histories = histories_of([person.id for person in people])
    rows: Rows = []
    events: Rows = []
    values: Rows = []
    for person in people:
        opening = [] if histories[person.id] else standings.opening(person.standing, person.member_since, person.created_at.date())
        new = [*opening, (now.date(), value)]
        rows += [_change_row(by, person.id, on, standing, "", now) for on, standing in opening]
        rows.append(_change_row(by, person.id, now.date(), value, f"#{subject[1]}", now))
        became, since = standings.standing_now([*histories[person.id], *new])
        values.append(_values(person, became, since, now))
        events.append(_event(person, value, now))
    insert_rows(StandingChange, rows)
    if values:
        session().execute(update(Person), values)
    audit.record_many(by, "standing.changed", events, now=now, subject=subject)
    return len(values)


def _unstand(by: Actor, people: Sequence[Person], change: BulkChange, subject: tuple[str, int], now: datetime) -> int:
    """Takes the change out of everyone's history: what it was before follows from the rest."""
    ids = [person.id for person in people]
    here = (StandingChange.person_id.in_(ids), StandingChange.reason == reason_of(change))
    session().execute(delete(StandingChange).where(*here))
    histories = histories_of(ids)
    values, events = [], []
    for person in people:
        standing, since = standings.standing_now(histories[person.id])
        values.append(_values(person, standing, since, now))
        events.append(_event(person, standing, now))
    if values:
        session().execute(update(Person), values)
    audit.record_many(by, "standing.changed", events, now=now, subject=subject)
    return len(values)


def reason_of(change: BulkChange) -> str:
    """What a history says of a change to everyone in a list; by its number the change finds its rows again."""
    return f"#{change.id}"


def _values(person: Person, standing: str, since: Any, now: datetime) -> dict[str, Any]:
    return {"org_id": person.org_id, "id": person.id, "standing": standing, "member_since": since, "version": person.version + 1, "updated_at": now}


def _event(person: Person, standing: str, now: datetime) -> dict[str, Any]:
    after = {"standing": standing, "on": now.date().isoformat(), "reason": ""}
    return {"person_id": person.id, "before": {"standing": person.standing}, "after": after}


def _change_row(by: Actor, person_id: int, on: Any, standing: str, reason: str, now: datetime) -> dict[str, Any]:
    who = {"org_id": by.org_id, "id": new_id(), "person_id": person_id, "author": by.name, "created_at": now}
    return who | {"standing": standing, "on": on, "reason": reason}


_APPLY: dict[str, Callable[..., int]] = {"tag": _tag, "untag": _untag, "standing": _stand}
