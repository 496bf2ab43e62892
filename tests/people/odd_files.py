"""Files that are clearer as a few lines of Python than as bytes in the repository: workbooks, bombs, very long sheets."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import xlsxwriter

HEAD = ["First Name", "Last Name", "Phone"]
IMELDA = ["Imelda", "Quiroga", "415-555-0131"]
TOBIAS = ["Tobias", "Achterberg", "415-555-0132"]


def workbook(build: Callable) -> bytes:
    """An XLSX file as `build` fills it."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    build(book)
    book.close()
    return buffer.getvalue()


def sheet_of(book, rows, name: str | None = None, top: int = 0, left: int = 0):
    """A sheet with these rows, beginning at a cell."""
    sheet = book.add_worksheet(name)
    for y, row in enumerate(rows):
        sheet.write_row(top + y, left, row)
    return sheet


def numbers_and_dates(book):
    sheet = sheet_of(book, [[*HEAD, "Member since", "Zip"], ["Imelda", "Quiroga", 4155550131]])
    sheet.write_datetime(1, 3, date(2025, 3, 21), book.add_format({"num_format": "d.m.yyyy"}))
    sheet.write_number(1, 4, 2139)


def formulas(book):
    sheet = sheet_of(book, [HEAD])
    for place, (formula, result) in enumerate([('=PROPER("imelda")', "Imelda"), ("=B9", "Quiroga"), ('="415-555-"&"0131"', "415-555-0131")]):
        sheet.write_formula(1, place, formula, None, result)
    sheet.write_formula(2, 0, "=1/0", None, "#DIV/0!")


def merged(book):
    sheet = sheet_of(book, [["Building", *HEAD], ["", *IMELDA], ["", *TOBIAS]])
    sheet.merge_range("A2:A3", "Alder House")


def title_merged(book):
    sheet = sheet_of(book, [HEAD, IMELDA], top=3)
    sheet.merge_range("A1:C2", "Tenants of Alder House")


def two_sheets(book):
    book.add_worksheet("Notes")
    sheet_of(book, [HEAD, IMELDA], "People")


def hidden_sheet(book):
    sheet_of(book, [HEAD, TOBIAS], "Old").hide()
    sheet_of(book, [HEAD, IMELDA], "Now").activate()
    book.get_worksheet_by_name("Now").set_first_sheet()


def whole_columns_formatted(book):
    sheet = sheet_of(book, [HEAD, IMELDA])
    bold = book.add_format({"bold": True})
    sheet.write_blank(1_048_575, 2, None, bold)
    sheet.write_blank(3, 16_000, None, bold)


def far_cell(book):
    sheet_of(book, [HEAD, IMELDA]).write(1_048_575, 300, "x")


def too_wide(book):
    sheet_of(book, [[f"Column {n}" for n in range(600)], ["x"] * 600])


def yes_and_no(book):
    sheet_of(book, [[*HEAD, "SMS opt in", "Consent date", "Consent source"], [*IMELDA, True, "2026-01-18", "card"]])


def repacked(change: Callable[[str, bytes], bytes]) -> bytes:
    """A workbook with its parts changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(lambda book: sheet_of(book, [HEAD, IMELDA])))) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return buffer.getvalue()


def zip_bomb() -> bytes:
    return repacked(lambda name, content: content + b" " * (320 * 2**20) if name.endswith("sheet1.xml") else content)


def entities() -> bytes:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    return repacked(lambda name, content: content.replace(b"?>", b"?>" + bomb, 1) if name.endswith("sheet1.xml") else content)


def other_archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return buffer.getvalue()


ODD: dict[str, tuple[Callable[[], bytes], dict]] = {
    "book_plain.xlsx": (lambda: workbook(lambda book: sheet_of(book, [HEAD, IMELDA])), {"people": ["Imelda Quiroga +14155550131"]}),
    "book_numbers_and_dates.xlsx": (
        lambda: workbook(numbers_and_dates), {"people": ["Imelda Quiroga +14155550131 since=2025-03-21 zip=02139"]}),
    "book_formulas.xlsx": (lambda: workbook(formulas), {"people": ["Imelda Quiroga +14155550131"]}),
    "book_merged_cells.xlsx": (
        lambda: workbook(merged), {"people": ["Imelda Quiroga +14155550131 at=Alder House", "Tobias Achterberg +14155550132 at=Alder House"]}),
    "book_title_merged.xlsx": (lambda: workbook(title_merged), {"people": ["Imelda Quiroga +14155550131"]}),
    "book_first_sheet_empty.xlsx": (lambda: workbook(two_sheets), {"people": ["Imelda Quiroga +14155550131"]}),
    "book_hidden_sheet.xlsx": (lambda: workbook(hidden_sheet), {"people": ["Imelda Quiroga +14155550131"]}),
    "book_begins_at_d7.xlsx": (
        lambda: workbook(lambda book: sheet_of(book, [HEAD, IMELDA], top=6, left=3)), {"people": ["Imelda Quiroga +14155550131"]}),
    "book_whole_columns_formatted.xlsx": (lambda: workbook(whole_columns_formatted), {"people": ["Imelda Quiroga +14155550131"]}),
    "book_yes_as_boolean.xlsx": (lambda: workbook(yes_and_no), {"people": ["Imelda Quiroga +14155550131 consent=2026-01-18 card"]}),
    "book_far_cell.xlsx": (lambda: workbook(far_cell), {"refused": "more than 2500000 cells"}),
    "book_too_wide.xlsx": (lambda: workbook(too_wide), {"refused": "more than 500 columns"}),
    "book_zip_bomb.xlsx": (zip_bomb, {"refused": "Unpacked, this workbook is larger than 300 MB"}),
    "book_entities.xlsx": (entities, {"refused": "not a spreadsheet"}),
    "book_torn.xlsx": (lambda: workbook(lambda book: sheet_of(book, [HEAD, IMELDA]))[:-900], {"refused": "not a spreadsheet"}),
    "book_of_words.docx": (other_archive, {"refused": "not a spreadsheet"}),
    "ten_thousand_empty_rows.csv": (
        lambda: b"Name,Phone\n" + b",,\n" * 10_000 + b"Imelda Quiroga,415-555-0131\n", {"people": ["Imelda Quiroga +14155550131"]}),
    "too_many_rows.csv": (lambda: b"Phone\n" + b"4155550131\n" * 500_001, {"refused": "more than 500000 rows"}),
    "too_many_columns.csv": (lambda: b"a," * 600 + b"\n", {"refused": "more than 500 columns"}),
    "cell_too_long.csv": (lambda: b"Name,Phone\n" + b"x" * 40_000 + b",1\n", {"refused": "A cell of row 2 holds more than 32767 letters"}),
    "file_too_large.csv": (lambda: b"x" * (25 * 2**20 + 1), {"refused": "too large"}),
}  # fmt: skip
