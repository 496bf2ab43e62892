"""Spreadsheets as they come from the world. Bombs are refused before they open, and what is read is kept small."""

from crm.people.providers.sheets import ENCODINGS, LARGEST_FILE, Rows, Sheet, read_sheet

__all__ = ["ENCODINGS", "LARGEST_FILE", "Rows", "Sheet", "read_sheet"]
