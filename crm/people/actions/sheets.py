"""Rows as a file: CSV whose cells no spreadsheet takes for formulas, or XLSX, written as it goes."""

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

Rows = Iterable[Sequence[str | float | None]]
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def inert(text: str) -> str:
    """A text that a spreadsheet shows and never runs."""
    return f"'{text}" if text.lstrip(" ").startswith(_DANGEROUS) else text


def write_csv(rows: Rows) -> bytes:
    """CSV in UTF-8 with the mark that spreadsheets look for."""
    text = io.StringIO()
    out = csv.writer(text)
    for row in rows:
        out.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(rows: Rows, scratch: Path) -> bytes:
    """XLSX in constant memory: what is not written yet lies in a folder of its own under `scratch`, gone when this returns."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        path = Path(folder) / "list.xlsx"
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False})
        sheet = book.add_worksheet()
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(y, x, cell)
                elif cell is not None:
                    sheet.write_number(y, x, cell)
        book.close()
        return path.read_bytes()
