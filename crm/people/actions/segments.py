"""Saving, copying, removing and bringing back lists."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Missing, Reason, Refusal, Refused
from crm.people import rules
from crm.people.models import Segment
from crm.people.queries import COLUMNS, facts_for, removed_segments, segment_for


def save_segment(
    actor: Actor, name: str, definition: dict, *, now: datetime, segment_id: int | None = None, is_shared: bool | None = None
) -> int:
    """Saves a list under a name, new or over the one that is there; refuses a name in use and a tree that cannot be read."""
    segment = segment_for(actor, segment_id, lock=True) if segment_id else None
    name = " ".join(name.split())
    kinds = {fact.name: fact.kind for fact in facts_for(actor).values()}
    wrong = rules.issues_in_definition(definition, kinds)
    if not name or len(name) > 120:
        wrong.append(Reason(N_("Give the list a name of up to 120 letters."), field="name"))
    if _name_taken(name, segment_id):
        wrong.append(Reason(N_("There is already a list called “%(name)s”."), {"name": name}, "name"))
    if wrong:
        raise Refused(Refusal({str(reason): reason for reason in wrong}.values()))
    if segment is None:
        segment = Segment(id=new_id(), org_id=actor.org_id, account_id=actor.account_id, version=0, is_shared=True, created_at=now)
        session().add(segment)
    segment.name, segment.definition, segment.updated_at = name, definition, now
    if is_shared is not None:
        segment.is_shared = is_shared
        segment.account_id = segment.account_id if is_shared else actor.account_id
    segment.version += 1
    verb = "segment.saved"
    audit.record(actor, verb, now=now, subject=("segment", segment.id), after={"name": name, "definition": definition})
    session().flush()
    return segment.id


def _name_taken(name: str, but: int | None) -> bool:
    return session().scalar(select(Segment.id).where(Segment.name == name, Segment.id != (but or 0))) is not None


def _free_name(name: str) -> str:
    return next(free for n in range(1, 1000) if not _name_taken(free := name[:110] + (f" {n}" if n > 1 else ""), None))


def copy_segment(actor: Actor, segment_id: int, call: Callable[[str], str], *, now: datetime) -> int:
    """A list of the actor's own that begins as a copy; `call` makes its name of the other's."""
    segment = segment_for(actor, segment_id)
    copied = save_segment(actor, _free_name(call(segment.name)), segment.definition, now=now, is_shared=False)
    segment_for(actor, copied, lock=True).columns = segment.columns
    session().flush()
    return copied


def choose_list_columns(actor: Actor, segment_id: int, columns: list[str], *, now: datetime) -> int:
    """Remembers which columns a list shows; names that no room knows are left out."""
    segment = segment_for(actor, segment_id, lock=True)
    segment.columns = [name for name in dict.fromkeys(columns) if name in COLUMNS or name.startswith("custom:")][:20]
    segment.updated_at = now
    audit.record(actor, "segment.columns", now=now, subject=("segment", segment.id), after={"columns": segment.columns})
    session().flush()
    return segment.id


_KEPT = ("name", "definition", "is_shared", "columns", "account_id")


def remove_segment(actor: Actor, segment_id: int, *, now: datetime) -> None:
    """Removes a list; the people in it are not touched. A list that other work still uses is refused."""
    segment = segment_for(actor, segment_id, lock=True)
    before = {name: getattr(segment, name) for name in _KEPT}
    audit.record(actor, "segment.removed", now=now, subject=("segment", segment.id), before=before)
    session().delete(segment)
    session().flush()


def restore_segment(actor: Actor, segment_id: int, *, now: datetime) -> int:
    """Brings back a list that was removed; if its name is taken by now, under a name that is free."""
    kept = next((event.before for event in removed_segments(actor) if event.subject_id == segment_id), None)
    if kept is None:
        raise Missing
    segment = Segment(id=segment_id, org_id=actor.org_id, version=1, created_at=now, updated_at=now, **kept | {"name": _free_name(kept["name"])})
    session().add(segment)
    audit.record(actor, "segment.restored", now=now, subject=("segment", segment.id), after={"name": segment.name})
    session().flush()
    return segment.id
