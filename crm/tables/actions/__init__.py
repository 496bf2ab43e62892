"""Verbs of tables: dividing, gathering, giving dots."""

from crm.tables.actions.harvest import (
    close_dots,
    gather,
    give_dots,
    open_dots,
    remove_proposal,
    rename_theme,
    take_note_back,
    write_note,
    write_proposal,
)
from crm.tables.actions.seating import draw_tables, end_apart, keep_apart, move_sitter, remove_round, seat_rest

__all__ = [
    "close_dots", "draw_tables", "end_apart", "gather", "give_dots", "keep_apart", "move_sitter", "open_dots", "remove_proposal", "remove_round",
    "rename_theme", "seat_rest", "take_note_back", "write_note", "write_proposal",
]
