"""Files that are clearer as a few lines of Python than as bytes in the repository: workbooks, bombs, very long sheets."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import xlsxwriter

HEAD = ["First Name", "Last Name", "Phone"]
IMELDA = ["Imelda", "Quiroga", "415-555-0131"]
NOBODY = "This row has no name, no phone number and no e-mail address, so it stays out."
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


def serial_dates(book):
    """Days as bare numbers, which is what is left of a date when its format is cleared."""
    sheet = sheet_of(book, [[*HEAD, "Member since"], IMELDA, TOBIAS])
    sheet.write_number(1, 3, 45737)
    sheet.write_number(2, 3, 45737.75)


def logo_above(book):
    sheet = sheet_of(book, [HEAD, IMELDA], top=5)
    sheet.merge_range("A1:C3", "Southbank Tenants")
    sheet.write("A4", "As of March 1")


def totals_below(book):
    sheet = sheet_of(book, [[*HEAD, "Dues"], [*IMELDA, 10], [*TOBIAS, 15]])
    sheet.write(4, 0, "Total")
    sheet.write_formula(4, 3, "=SUM(D2:D3)", None, 25)


def very_hidden(book):
    sheet_of(book, [HEAD, TOBIAS], "Lists").very_hidden()
    sheet_of(book, [HEAD, IMELDA], "Now").activate()
    book.get_worksheet_by_name("Now").set_first_sheet()


def two_side_by_side(book):
    sheet_of(book, [[*HEAD, "", "Building", "Units"], [*IMELDA, "", "Alder House", 40], ["", "", "", "", "Birch House", 12]])


def long_numbers(book):
    sheet = sheet_of(book, [[*HEAD, "VANID"], ["Imelda", "Quiroga"]])
    sheet.write_number(1, 2, 14155550131)
    sheet.write_number(1, 3, 100456789)


def open_document() -> bytes:
    """A LibreOffice spreadsheet (.ods)."""
    cell = "<table:table-cell office:value-type='string'><text:p>{}</text:p></table:table-cell>"
    table = "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in (HEAD, IMELDA))
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    body = f"<office:body><office:spreadsheet><table:table table:name='People'>{table}</table:table></office:spreadsheet></office:body>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f"<?xml version='1.0'?><office:document-content {spaces}>{body}</office:document-content>")
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
    "book_serial_dates.xlsx": (lambda: workbook(serial_dates), {
        "people": ["Imelda Quiroga +14155550131 since=2025-03-21", "Tobias Achterberg +14155550132 since=2025-03-21"]}),
    "book_logo_above.xlsx": (lambda: workbook(logo_above), {"people": ["Imelda Quiroga +14155550131"]}),
    "book_totals_below.xlsx": (lambda: workbook(totals_below), {
        "people": ["Imelda Quiroga +14155550131", "Tobias Achterberg +14155550132"], "outcomes": {"create": 2, "skip": 1}, "problems": [f"5 -: {NOBODY}"]}),
    "book_very_hidden.xlsx": (lambda: workbook(very_hidden), {"people": ["Imelda Quiroga +14155550131"]}),
    "book_side_by_side.xlsx": (lambda: workbook(two_side_by_side), {
        "people": ["Imelda Quiroga +14155550131 at=Alder House"], "outcomes": {"create": 1, "skip": 1}, "problems": [f"3 -: {NOBODY}"]}),
    "book_long_numbers.xlsx": (lambda: workbook(long_numbers), {"people": ["Imelda Quiroga +14155550131 id_van=100456789"]}),
    "open_document.ods": (open_document, {"refused": "not a spreadsheet"}),
    "book_with_password.xlsx": (lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2040), {"refused": "not a spreadsheet that Plenary can read"}),
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
    "file_too_large.csv": (lambda: b"x" * (60 * 2**20 + 1), {"refused": "too large"}),
}  # fmt: skip
