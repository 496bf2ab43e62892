"""The organization's own fields: added, renamed, ordered, archived and brought back. An archived field keeps its values."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.names import fold
from crm.kernel.refusal import Refused
from crm.people.models import CustomField
from crm.people.queries import custom_fields, field_for
from crm.people.rules import custom
from crm.people.rules.cells import custom_key


def add_field(actor: Actor, label: str, kind: str, choices: Sequence[str], is_private: bool, is_confirmed: bool, *, now: datetime) -> int:
    """Adds a field at the end; one whose name looks dangerous only after it was confirmed."""
    label = " ".join(label.split())
    _refuse(label, kind, choices, is_confirmed, besides=None)
    last = session().scalar(select(func.max(CustomField.position)))
    field = CustomField(
        id=new_id(), org_id=actor.org_id, key=_free_key(label), label=label, kind=kind, choices=_choices(kind, choices), is_private=is_private,
        position=(last or 0) + 1, created_at=now,
    )  # fmt: skip
    session().add(field)
    _tell(actor, "field.added", field, now)
    return field.id


def edit_field(actor: Actor, field_id: int, label: str, choices: Sequence[str], is_private: bool, is_confirmed: bool, *, now: datetime) -> int:
    """Renames a field, changes its choices or who sees it; what it holds stays of one kind, so that what is kept stays readable."""
    field = field_for(actor, field_id, lock=True)
    label = " ".join(label.split())
    _refuse(label, field.kind, choices, is_confirmed or fold(label) == fold(field.label), besides=field.id)
    before = _facts(field)
    field.label, field.choices, field.is_private = label, _choices(field.kind, choices), is_private
    if _facts(field) != before:
        _tell(actor, "field.changed", field, now, before)
    return field.id


def move_field(actor: Actor, field_id: int, by: int, *, now: datetime) -> int:
    """Moves a field one place up (-1) or down (1) among those in use."""
    field_for(actor, field_id)
    fields = custom_fields(actor)
    ids = [field.id for field in fields]
    if field_id in ids:
        place = ids.index(field_id)
        other = min(max(place + by, 0), len(ids) - 1)
        fields[place], fields[other] = fields[other], fields[place]
    for position, field in enumerate(fields, 1):
        field.position = position
    session().flush()
    return field_id


def archive_field(actor: Actor, field_id: int, *, now: datetime) -> int:
    """Takes a field out of forms, pages and lists; the values stay."""
    field = field_for(actor, field_id, lock=True)
    if field.archived_at is None:
        field.archived_at = now
        _tell(actor, "field.archived", field, now)
    return field.id


def restore_field(actor: Actor, field_id: int, *, now: datetime) -> int:
    """Brings an archived field back, with its values."""
    field = field_for(actor, field_id, lock=True)
    if field.archived_at is not None:
        field.archived_at = None
        _tell(actor, "field.restored", field, now)
    return field.id


def _refuse(label: str, kind: str, choices: Sequence[str], is_confirmed: bool, besides: int | None) -> None:
    taken = [known.label for known in session().scalars(select(CustomField)) if known.id != besides]
    if wrong := custom.issues_in_field(label, kind, choices, taken, is_confirmed):
        raise Refused(wrong)


def _free_key(label: str) -> str:
    base, taken = custom_key(label)[:50], set(session().scalars(select(CustomField.key)))
    return next(key for n in range(1, len(taken) + 2) if (key := base if n == 1 else f"{base}_{n}") not in taken)


def _choices(kind: str, choices: Sequence[str]) -> list[str]:
    return list(choices) if kind in ("one_of", "several_of") else []


def _facts(field: CustomField) -> dict[str, Any]:
    return {"field": field.label, "choices": list(field.choices), "is_private": field.is_private}


def _tell(actor: Actor, verb: str, field: CustomField, now: datetime, before: dict[str, Any] | None = None) -> None:
    audit.record(actor, verb, now=now, subject=("field", field.id), before=before, after=_facts(field))
    session().flush()
