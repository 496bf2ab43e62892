"""Spreadsheets as they come from the world: CSV of any delimiter and encoding, and XLSX. Bombs are refused before they open."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import clevercsv
from charset_normalizer import from_bytes
from python_calamine import CalamineError, CalamineWorkbook

from crm.kernel.refusal import N_, Reason, Refused
from crm.people.rules.columns import MOST_COLUMNS, guess_heading

LARGEST_FILE = 25 * 2**20
LARGEST_UNPACKED = 300 * 2**20
MOST_CELLS = 5_000_000
_ONE_COLUMN = "\x1f"
_ENCODINGS = ["utf_8", "cp1252", "mac_roman", "utf_16"]
_TOO_MANY_COLUMNS = N_("This sheet has more than %(n)s columns. Keep the columns that speak of people and try again.")
_TOO_MANY_CELLS = N_("This sheet has more than %(n)s cells. Split it and import the parts.")
_NOT_A_SHEET = N_("This is not a spreadsheet that Plenary can read. Save it as CSV or as an Excel workbook (.xlsx) and try again.")


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet as text. `rows` are (number in the sheet, cells) without the blank ones."""

    rows: list[tuple[int, list[str]]]
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""


def read_sheet(content: bytes, sheet: str = "") -> Sheet:
    """The cells of a file; raises Refused with the reason when it is too large, a bomb, or no spreadsheet."""
    if len(content) > LARGEST_FILE:
        raise Refused(N_("This file is too large. The largest that we take is 25 MB."))
    if not content.strip():
        raise Refused(N_("This file is empty."))
    found = _read_workbook(content, sheet) if content.startswith(b"PK") else _read_text(content)
    if not found.rows:
        raise Refused(N_("There is nothing in this sheet."))
    return found


# --- text ---------------------------------------------------------------------------------------------------------------


def _read_text(content: bytes) -> Sheet:
    if content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"GIF8")):
        raise Refused(_NOT_A_SHEET)
    text, encoding = decode(content)
    if sum(c < " " and c not in "\t\r\n" for c in text[:4096]) > 40:
        raise Refused(_NOT_A_SHEET)
    delimiter = find_delimiter(text)
    try:
        rows = list(_held(_numbered(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))))
    except csv.Error:
        raise Refused(N_("A quotation mark opens in this file and never closes, so the cells cannot be told apart.")) from None
    return Sheet(rows, encoding=encoding, delimiter="" if delimiter == _ONE_COLUMN else delimiter)


def decode(content: bytes) -> tuple[str, str]:
    """(text, encoding): by byte order mark, else strict UTF-8, else the likeliest of a few."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace"), encoding
    head = content[:4096]
    if b"\0" in head:
        if head.count(b"\0") < len(head) / 4:
            raise Refused(_NOT_A_SHEET)
        encoding = "utf-16-le" if head[1::2].count(b"\0") > head[::2].count(b"\0") else "utf-16-be"
        return content.decode(encoding, errors="replace"), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        # Lines with letters beyond ASCII are all the evidence there is; the rest only dilutes it.
        telling = b"\n".join(line for line in content.splitlines() if not line.isascii())[:65536]
        best = from_bytes(telling, cp_isolation=_ENCODINGS).best()
        encoding = best.encoding if best else "cp1252"
        return content.decode(encoding, errors="replace"), encoding


def find_delimiter(text: str) -> str:
    """The character between cells: the one that makes headings appear, else what clevercsv finds."""
    lines = [line for line in text[:20000].splitlines() if line.strip()][:30]
    hits = {d: max(sum(bool(guess_heading(cell.strip('" '))) for cell in line.split(d)) for line in lines[:12]) for d in ",;\t|"}
    best = max(hits, key=lambda d: hits[d])
    if hits[best] >= 2:
        return best
    if not any(d in lines[0] for d in ",;\t|"):
        return _ONE_COLUMN
    try:
        found = clevercsv.Sniffer().sniff("\n".join(lines), delimiters=list(",;\t|")).delimiter
    except clevercsv.Error:
        found = ""
    return found or ","


# --- workbooks ----------------------------------------------------------------------------------------------------------


def _read_workbook(content: bytes, sheet: str) -> Sheet:
    _refuse_bombs(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = tuple(book.sheet_names)
        name = sheet if sheet in names else _fullest(book, names)
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, KeyError, ValueError, OSError):
        raise Refused(_NOT_A_SHEET) from None
    return Sheet(list(_held(_numbered([_text(value) for value in row] for row in rows))), sheets=names, sheet=name)


def _fullest(book: CalamineWorkbook, names: tuple[str, ...]) -> str:
    """The first sheet with anything in it."""
    if not names:
        raise Refused(_NOT_A_SHEET)
    return next((name for name in names if book.get_sheet_by_name(name).height > 1), names[0])


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | datetime):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _refuse_bombs(content: bytes) -> None:
    """Unpacks every part against a limit, whatever the archive claims, and looks how far its sheets reach."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = archive.namelist()
        if "xl/workbook.xml" not in names or len(names) > 2000:
            raise Refused(_NOT_A_SHEET)
        unpacked = 0
        for part in archive.infolist():
            is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
            unpacked = _unpack(archive, part, unpacked, is_sheet)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise Refused(_NOT_A_SHEET) from None


_PLACE = re.compile(rb'<c\b[^>]{0,80}?\br="([A-Z]{1,3})(\d{1,7})"')


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, unpacked: int, is_sheet: bool) -> int:
    part.file_size = LARGEST_UNPACKED * 2  # what the archive says of itself is no limit; reading on until the end is
    width = height = count = 0
    rest = b""
    try:
        with archive.open(part) as stream:
            while piece := stream.read(1 << 20):
                unpacked += len(piece)
                if unpacked > LARGEST_UNPACKED:
                    raise Refused(N_("Unpacked, this workbook is larger than 300 MB. Keep the sheet with people and try again."))
                if not is_sheet:
                    continue
                places = _PLACE.findall(rest + piece)
                rest = piece[-120:]
                count += len(places)
                width = max([width, *map(_column, {column for column, _ in places})])
                height = max([height, *(int(row) for _, row in places)])
                _refuse_size(width, height, count)
    except zipfile.BadZipFile as error:
        # Our own patch of the size makes the checksum complain when the archive lied about it: then it is one.
        raise Refused(_NOT_A_SHEET) from error
    return unpacked


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _refuse_size(width: int, height: int, count: int) -> None:
    if width > MOST_COLUMNS:
        raise Refused(Reason(_TOO_MANY_COLUMNS, {"n": MOST_COLUMNS}))
    if width * height > MOST_CELLS or count > MOST_CELLS:
        raise Refused(Reason(_TOO_MANY_CELLS, {"n": MOST_CELLS}))


def _numbered(rows: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, 1):
        while row and not row[-1].strip():
            row.pop()
        if row:
            yield number, row


def _held(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The rows, as long as the sheet stays within what we take."""
    cells = 0
    for number, row in rows:
        cells += len(row)
        _refuse_size(len(row), 1, cells)
        yield number, row
