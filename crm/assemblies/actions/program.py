"""Sessions and the agenda within them."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from crm.assemblies import queries, rules
from crm.assemblies.models import AgendaItem, Assembly, AssemblySession
from crm.assemblies.rules.program import read_item, read_session
from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Reason, Refused


def to_change(actor: Actor, id: int) -> Assembly:
    """The assembly, locked, if the actor convenes it and its state lets it change."""
    assembly = queries.assembly_to_run(actor, id, lock=True)
    if refusal := rules.may_change(assembly.state):
        raise Refused(refusal)
    return assembly


def accepted(read: dict[str, Any] | list[Reason]) -> dict[str, Any]:
    """What was read, or a refusal with every problem."""
    if isinstance(read, list):
        raise Refused(read)
    return read


def add_session(actor: Actor, assembly_id: int, typed: dict[str, Any], *, now: datetime) -> int:
    """Adds a session and returns its id."""
    assembly = to_change(actor, assembly_id)
    row = AssemblySession(
        id=new_id(),
        org_id=assembly.org_id,
        assembly_id=assembly_id,
        **accepted(read_session(typed, assembly.time_zone)),
    )
    session().add(row)
    session().flush()
    audit.record(actor, "session.added", now=now, subject=("assembly", assembly_id), after=_when(row))
    return row.id


def edit_session(actor: Actor, assembly_id: int, id: int, typed: dict[str, Any], *, now: datetime) -> int:
    """Changes a session: its name, time, place, room and languages."""
    assembly = to_change(actor, assembly_id)
    row, fresh = queries.part_of(AssemblySession, assembly, id), accepted(read_session(typed, assembly.time_zone))
    before = _when(row)
    for name, value in fresh.items():
        setattr(row, name, value)
    session().flush()
    audit.record(actor, "session.edited", now=now, subject=("assembly", assembly_id), before=before, after=_when(row))
    return id


def remove_session(actor: Actor, assembly_id: int, id: int, *, now: datetime) -> None:
    """Removes a session with its agenda, unless it is the last of an announced assembly or people are tied to it."""
    assembly = to_change(actor, assembly_id)
    row = queries.part_of(AssemblySession, assembly, id)
    if assembly.state != "draft" and len(queries.sessions_of(assembly)) == 1:
        raise Refused(N_("An announced assembly keeps at least one session. Change this one instead."))
    before = _when(row)
    try:
        with session().begin_nested():
            session().execute(delete(AgendaItem).where(AgendaItem.session_id == id))
            session().delete(row)
    except IntegrityError as tied:
        raise Refused(N_("People have already answered or signed in for this session. Change it instead.")) from tied
    audit.record(actor, "session.removed", now=now, subject=("assembly", assembly_id), before=before)


def _when(row: AssemblySession) -> dict[str, Any]:
    return {
        "title": row.title,
        "day": row.day.isoformat(),
        "starts": row.starts.strftime("%H:%M"),
        "ends": row.ends.strftime("%H:%M"),
        "place": row.place,
    }


def add_item(actor: Actor, assembly_id: int, session_id: int, typed: dict[str, Any], *, now: datetime) -> int:
    """Adds a stretch at the end of a session's agenda."""
    assembly = to_change(actor, assembly_id)
    sitting, fresh = queries.part_of(AssemblySession, assembly, session_id), accepted(read_item(typed))
    last = session().scalar(select(func.max(AgendaItem.position)).where(AgendaItem.session_id == sitting.id))
    row = AgendaItem(
        id=new_id(),
        org_id=assembly.org_id,
        assembly_id=assembly_id,
        session_id=sitting.id,
        position=0 if last is None else last + 1,
        **fresh,
    )
    session().add(row)
    session().flush()
    audit.record(actor, "agenda_item.added", now=now, subject=("assembly", assembly_id), after={"title": row.title})
    return row.id


def edit_item(actor: Actor, assembly_id: int, id: int, typed: dict[str, Any], *, now: datetime) -> int:
    """Changes a stretch of the agenda; what comes after it begins earlier or later."""
    assembly = to_change(actor, assembly_id)
    row, fresh = queries.part_of(AgendaItem, assembly, id), accepted(read_item(typed))
    before = {"title": row.title, "minutes": row.minutes}
    for name, value in fresh.items():
        setattr(row, name, value)
    session().flush()
    after = {"title": row.title, "minutes": row.minutes}
    audit.record(actor, "agenda_item.edited", now=now, subject=("assembly", assembly_id), before=before, after=after)
    return id


def move_item(actor: Actor, assembly_id: int, id: int, up: bool, *, now: datetime) -> None:
    """Moves a stretch one place up or down; at the end it stays where it is."""
    assembly = to_change(actor, assembly_id)
    row = queries.part_of(AgendaItem, assembly, id)
    items = queries.agenda_of(assembly)[row.session_id]
    here = items.index(row)
    there = here + (-1 if up else 1)
    if not 0 <= there < len(items):
        return
    items[here], items[there] = items[there], items[here]
    for position, item in enumerate(items):
        item.position = position
    session().flush()
    audit.record(actor, "agenda_item.moved", now=now, subject=("assembly", assembly_id))


def remove_item(actor: Actor, assembly_id: int, id: int, *, now: datetime) -> None:
    """Removes a stretch of the agenda."""
    assembly = to_change(actor, assembly_id)
    row = queries.part_of(AgendaItem, assembly, id)
    before = {"title": row.title, "minutes": row.minutes}
    session().delete(row)
    session().flush()
    audit.record(actor, "agenda_item.removed", now=now, subject=("assembly", assembly_id), before=before)
