"""Changing a person from the row of a list: standing, assessment, a tag, a note, each by its own verb."""

from collections.abc import Callable, Mapping
from datetime import datetime

from crm.infra.auth import Actor
from crm.people.actions.notes import add_note
from crm.people.actions.standing import change_standing
from crm.people.actions.tags import tag_people
from crm.people.queries import person_for

ASSESS: list[Callable[..., int]] = []
"""assess(actor, person_id, value, now=…) of the room that keeps assessments; filled in create_app."""


def edit_row(actor: Actor, person_id: int, values: Mapping[str, str], *, now: datetime) -> int:
    """Does whatever the row asks; what is left as it was leaves no trace."""
    person = person_for(actor, person_id, lock=True)
    if values.get("standing") and values["standing"] != person.standing:
        change_standing(actor, person_id, values["standing"], now.date(), "", now=now)
    if values.get("assessment") and int(values["assessment"]) != person.assessment:
        for assess in ASSESS:
            assess(actor, person_id, int(values["assessment"]), now=now)
    if (values.get("tag") or "").strip():
        tag_people(actor, [person_id], values["tag"], now=now)
    if (values.get("note") or "").strip():
        add_note(actor, person_id, values["note"], now=now)
    return person_id
