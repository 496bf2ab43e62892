"""Rules of tables: good divisions, notes, proposals and dots."""

from crm.tables.rules.harvest import issues_before_dots, issues_in_note, issues_in_points, issues_in_proposal, ranked
from crm.tables.rules.seating import SOURCES, Hall, Sitter, alone, issues_before_drawing, sizes, tables_for, together
from crm.tables.rules.speaking import ORDERS, Waiting, issues_in_speaker, issues_in_speaking, order_of, told
from crm.tables.rules.words import SENTENCES

__all__ = [
    "ORDERS", "SENTENCES", "SOURCES", "Hall", "Sitter", "Waiting", "alone", "issues_before_dots", "issues_before_drawing", "issues_in_speaking",
    "issues_in_note", "issues_in_points", "issues_in_proposal", "issues_in_speaker", "order_of", "ranked", "sizes", "tables_for", "together", "told",
]
