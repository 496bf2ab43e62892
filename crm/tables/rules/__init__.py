"""Rules of tables: good divisions, notes, proposals and dots."""

from crm.tables.rules.harvest import issues_before_dots, issues_in_note, issues_in_points, issues_in_proposal, ranked
from crm.tables.rules.seating import SOURCES, Hall, Sitter, alone, issues_before_drawing, sizes, tables_for, together
from crm.tables.rules.words import SENTENCES

__all__ = [
    "SENTENCES", "SOURCES", "Hall", "Sitter", "alone", "issues_before_dots", "issues_before_drawing", "issues_in_note", "issues_in_points",
    "issues_in_proposal", "ranked", "sizes", "tables_for", "together",
]
