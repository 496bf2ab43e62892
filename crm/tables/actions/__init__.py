"""Verbs of tables: dividing, gathering, giving dots, giving the floor."""

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
from crm.tables.actions.speaking import ask_from_table, ask_to_speak, end_turn, next_speaker, set_speaking, take_first, withdraw_speaker

__all__ = [
    "ask_from_table", "ask_to_speak", "close_dots", "draw_tables", "end_apart", "end_turn", "gather", "give_dots", "keep_apart", "move_sitter",
    "next_speaker", "open_dots", "remove_proposal", "remove_round", "rename_theme", "seat_rest", "set_speaking", "take_first", "take_note_back",
    "withdraw_speaker", "write_note", "write_proposal",
]
