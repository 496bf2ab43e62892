"""Text files: CSV in any dialect and encoding, read as a stream of rows."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator

import clevercsv
from charset_normalizer import from_bytes

from crm.kernel.refusal import N_, Reason, Refused
from crm.people.providers.limits import LONGEST_CELL, NOT_A_SHEET, TOO_LONG, UNCLOSED, refuse_size
from crm.people.rules.headings import guess_heading

ENCODINGS = {
    "utf-8": N_("Unicode (UTF-8)"),
    "cp1252": N_("Western European (Windows)"),
    "mac_roman": N_("Western European (Macintosh)"),
    "cp850": N_("Western European (DOS)"),
    "cp1250": N_("Central European"),
    "cp1251": N_("Cyrillic"),
    "cp1256": N_("Arabic"),
    "cp1255": N_("Hebrew"),
    "cp1258": N_("Vietnamese"),
    "gb18030": N_("Chinese, simplified"),
    "big5": N_("Chinese, traditional"),
    "shift_jis": N_("Japanese"),
    "cp949": N_("Korean"),
}
"""What a user may choose when the letters look wrong; the guess itself knows only the first few."""
_LIKELY = ["utf_8", "cp1252", "mac_roman", "utf_16"]
_ONE_COLUMN = "\x1f"
_DELIMITERS = ",;\t|"
_OTHER_FILES = (
    b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"GIF8", b"{\\rtf", b"<!DOCTYPE", b"<html", b"<?xml", b"BEGIN:VC", b"[{", b"{\"",
)  # fmt: skip
_HEAD = 65536


def read_text(content: bytes, encoding: str = "") -> tuple[Iterator[tuple[int, list[str]]], str, str, bool]:
    """(numbered rows, encoding, delimiter, whether the encoding is sure) of a text file."""
    if content.lstrip()[:16].startswith(_OTHER_FILES):
        raise Refused(NOT_A_SHEET)
    is_sure = True
    if encoding not in ENCODINGS:
        encoding, is_sure = find_encoding(content)
    elif encoding != find_encoding(content)[0] or encoding not in ("utf-8", "utf-8-sig"):
        is_sure = False
    head = content[:_HEAD].decode(encoding, errors="replace").removeprefix("\ufeff")
    if sum(c < " " and c not in "\t\r\n" for c in head[:4096]) > 40:
        raise Refused(NOT_A_SHEET)
    delimiter = find_delimiter(head)
    stream = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, errors="replace", newline="")
    rows = csv.reader(_lines(stream), delimiter=delimiter, quotechar=_quote(head, delimiter))
    return _held(rows, content), encoding, "" if delimiter == _ONE_COLUMN else delimiter, is_sure


def find_encoding(content: bytes) -> tuple[str, bool]:
    """(encoding, whether it is sure): by byte order mark, else strict UTF-8, else the likeliest of a few."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return encoding, True
    head = content[:4096]
    if head.count(b"\0") > len(head) / 50:
        if head.count(b"\0") < len(head) / 4:
            raise Refused(NOT_A_SHEET)
        return ("utf-16-le" if head[1::2].count(b"\0") > head[::2].count(b"\0") else "utf-16-be"), True
    if _is_utf8(content):
        return "utf-8", True
    # Lines with letters beyond ASCII are all the evidence there is; the rest only dilutes it.
    telling = b"\n".join(line for line in content.splitlines() if not line.isascii())[:_HEAD]
    best = from_bytes(telling, cp_isolation=_LIKELY).best()
    return (best.encoding if best else "cp1252"), False


def _is_utf8(content: bytes) -> bool:
    decode = codecs.getincrementaldecoder("utf-8")().decode
    try:
        for start in range(0, len(content), 1 << 20):
            decode(content[start : start + (1 << 20)], start + (1 << 20) >= len(content))
    except UnicodeDecodeError:
        return False
    return True


def find_delimiter(text: str) -> str:
    """The character between cells: what the file itself says, else the one that makes headings appear, else what clevercsv finds."""
    if said := re.match(r"sep=(.)\r?\n", text):
        return said[1]
    lines = [line for line in text[:20000].splitlines() if line.strip()][:30]
    hits = {d: max(sum(bool(guess_heading(cell.strip("\"' "))) for cell in line.split(d)) for line in lines[:12]) for d in _DELIMITERS}
    best = max(hits, key=lambda d: hits[d])
    if hits[best] >= 2:
        return best
    if not any(d in line for d in _DELIMITERS for line in lines[:3]):
        return _ONE_COLUMN
    try:
        found = clevercsv.Sniffer().sniff("\n".join(lines), delimiters=list(_DELIMITERS)).delimiter
    except clevercsv.Error:
        found = ""
    return found or ","


def _quote(text: str, delimiter: str) -> str:
    """The mark around cells: the single one only where the file knows no double one and most cells stand in it."""
    if '"' in text:
        return '"'
    cells = [cell.strip() for line in text[:20000].splitlines()[:30] for cell in line.split(delimiter)]
    return "'" if sum(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in cells) > len(cells) / 2 else '"'


def _lines(stream: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(stream):
        if number == 0:
            line = line.removeprefix("\ufeff")
            if re.fullmatch(r"sep=.\r?\n?", line):
                line = "\n"
        yield line


def _held(rows: Iterator[list[str]], content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, with their numbers, as long as the file stays within what we take."""
    cells = height = number = 0
    row: list[str] = []
    try:
        for number, row in enumerate(rows, 1):
            while row and not row[-1].strip():
                row.pop()
            if not row:
                continue
            cells += len(row)
            height += 1
            refuse_size(len(row), height, cells)
            if any(len(cell) > LONGEST_CELL for cell in row):
                raise Refused(Reason(TOO_LONG, {"row": number, "n": LONGEST_CELL}))
            yield number, row
    except csv.Error:
        is_open = content.count(b'"') % 2 == 1
        raise Refused(Reason(UNCLOSED) if is_open else Reason(TOO_LONG, {"row": number + 1, "n": LONGEST_CELL})) from None
    if row and "\n" in row[-1] and content.count(b'"') % 2 == 1:
        raise Refused(UNCLOSED)
