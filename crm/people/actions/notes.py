"""Notes: what someone wrote down about a person. Only who wrote a note changes it, and the former words stay on the timeline."""

from datetime import datetime

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Conflict, Reason, Refused
from crm.people.actions.searching import index_people
from crm.people.models import Note
from crm.people.queries import note_for, person_for
from crm.people.rules import versions

EMPTY = N_("Write something first.")


def add_note(actor: Actor, person_id: int, body: str, *, now: datetime) -> int:
    """Writes a note about a person."""
    person = person_for(actor, person_id)
    if not body.strip():
        raise Refused(Reason(EMPTY, field="body"))
    note = Note(
        id=new_id(),
        org_id=actor.org_id,
        person_id=person.id,
        body=body.strip(),
        account_id=actor.account_id,
        author=actor.name,
        created_at=now,
    )
    session().add(note)
    audit.record(actor, "note.added", now=now, person_id=person.id, after={"note_id": note.id})
    index_people([person.id])
    return person.id


def edit_note(actor: Actor, note_id: int, body: str, seen: str, *, now: datetime) -> int:
    """Changes one's own note; `seen` is the mark of the words that stood there when the change began."""
    note = note_for(actor, note_id, lock=True)
    if note.account_id is None or note.account_id != actor.account_id:
        raise Refused(Reason(N_("Only who wrote a note can change it. Add a note of your own.")))
    if not body.strip():
        raise Refused(Reason(EMPTY, field="body"))
    if body.strip() == note.body:
        return note.person_id
    if seen != versions.mark(note.body):
        raise Conflict(mine=body, theirs=note.body)
    audit.record(actor, "note.edited", now=now, person_id=note.person_id, before={"body": note.body}, after={"edited_id": note.id})
    note.body, note.edited_at = body.strip(), now
    index_people([note.person_id])
    return note.person_id


def remove_note(actor: Actor, note_id: int, *, now: datetime) -> int:
    """Removes a note for good, former words included; that there was one stays on the timeline."""
    note = note_for(actor, note_id, lock=True)
    forget_former_words(note)
    session().delete(note)
    audit.record(actor, "note.removed", now=now, person_id=note.person_id)
    index_people([note.person_id])
    return note.person_id


def forget_former_words(note: Note) -> None:
    """Takes the former words of a note out of the timeline."""
    edits = select(audit.Event).where(audit.Event.person_id == note.person_id, audit.Event.verb == "note.edited")
    for event in session().scalars(edits):
        if (event.after or {}).get("edited_id") == note.id:
            event.before = None
