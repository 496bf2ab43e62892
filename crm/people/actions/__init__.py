"""Verbs of the people room; each flushes and records, none commits."""

from crm.people.actions.answering import answer_all, answer_row, answer_some, take_answers_back
from crm.people.actions.applying import AT_ONCE, CONSENT_HOOKS, UNDO_HOOKS, apply_some
from crm.people.actions.bulk import bulk_some, issues_in_bulk, start_bulk, undo_bulk, undo_bulk_some
from crm.people.actions.checking import plan_file, prepare_check, write_plans
from crm.people.actions.connections import connect, leave_household, live_together, name_household, relate, unrelate
from crm.people.actions.duplicates import dismiss, look_around, look_at_everyone, reopen
from crm.people.actions.exports import ALONE, ask_export, decide_export, end_export, export_rows, fetch_export, keep_export, sealed_file
from crm.people.actions.fields import add_field, archive_field, edit_field, move_field, restore_field
from crm.people.actions.imports import (
    apply,
    choose_columns,
    choose_reading,
    describe,
    discard,
    mapping_for,
    mapping_of,
    start_import,
    undo,
)
from crm.people.actions.merging import MERGE_GUARDS, MERGE_HOOKS, MERGE_RULES, merge_people
from crm.people.actions.notes import add_note, edit_note, remove_note
from crm.people.actions.people import add_person, edit_person, snapshot
from crm.people.actions.reveals import reveal
from crm.people.actions.rows import ASSESS, edit_row
from crm.people.actions.searching import index_people
from crm.people.actions.segments import choose_list_columns, copy_segment, remove_segment, restore_segment, save_segment
from crm.people.actions.snapshots import take_snapshot
from crm.people.actions.standing import change_standing
from crm.people.actions.tag_words import delete_tag, edit_tag, merge_tags, restore_tag
from crm.people.actions.tags import remove_tag, tag_ids_for, tag_people
from crm.people.actions.undoing import undo_some
from crm.people.actions.unmerging import undo_merge

__all__ = [
    "ALONE",
    "ASSESS",
    "AT_ONCE",
    "CONSENT_HOOKS",
    "MERGE_GUARDS",
    "MERGE_HOOKS",
    "MERGE_RULES",
    "UNDO_HOOKS",
    "add_field",
    "add_note",
    "add_person",
    "answer_all",
    "answer_row",
    "answer_some",
    "apply",
    "apply_some",
    "archive_field",
    "ask_export",
    "bulk_some",
    "change_standing",
    "choose_columns",
    "choose_list_columns",
    "choose_reading",
    "connect",
    "copy_segment",
    "decide_export",
    "delete_tag",
    "describe",
    "discard",
    "dismiss",
    "look_around",
    "look_at_everyone",
    "edit_field",
    "edit_note",
    "edit_person",
    "edit_row",
    "edit_tag",
    "end_export",
    "export_rows",
    "fetch_export",
    "index_people",
    "issues_in_bulk",
    "keep_export",
    "leave_household",
    "live_together",
    "mapping_for",
    "mapping_of",
    "merge_people",
    "merge_tags",
    "move_field",
    "name_household",
    "plan_file",
    "prepare_check",
    "relate",
    "reopen",
    "remove_note",
    "remove_segment",
    "remove_tag",
    "restore_field",
    "restore_segment",
    "reveal",
    "restore_tag",
    "save_segment",
    "sealed_file",
    "snapshot",
    "start_bulk",
    "start_import",
    "tag_ids_for",
    "tag_people",
    "take_answers_back",
    "take_snapshot",
    "undo",
    "undo_bulk",
    "undo_bulk_some",
    "undo_merge",
    "undo_some",
    "unrelate",
    "write_plans",
]
