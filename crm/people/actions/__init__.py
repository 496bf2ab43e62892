"""Verbs of the people room; each flushes and records, none commits."""

from crm.people.actions.applying import AT_ONCE, CONSENT_HOOKS, UNDO_HOOKS, apply_some
from crm.people.actions.checking import plan_file, prepare_check, write_plans
from crm.people.actions.imports import (
    apply,
    choose_columns,
    choose_sheet,
    describe,
    discard,
    mapping_of,
    start_import,
    undo,
)
from crm.people.actions.people import (
    add_note,
    add_person,
    edit_person,
    normal,
    remove_note,
    remove_tag,
    snapshot,
    tag_ids_for,
    tag_people,
)
from crm.people.actions.segments import remove_segment, save_segment
from crm.people.actions.undoing import undo_some

__all__ = [
    "AT_ONCE",
    "CONSENT_HOOKS",
    "UNDO_HOOKS",
    "add_note",
    "add_person",
    "apply",
    "apply_some",
    "choose_columns",
    "choose_sheet",
    "describe",
    "discard",
    "edit_person",
    "mapping_of",
    "normal",
    "plan_file",
    "prepare_check",
    "remove_note",
    "remove_segment",
    "remove_tag",
    "save_segment",
    "snapshot",
    "start_import",
    "tag_ids_for",
    "tag_people",
    "undo",
    "undo_some",
    "write_plans",
]
