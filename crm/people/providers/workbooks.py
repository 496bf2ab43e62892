"""XLSX workbooks: measured part by part before anything opens them, then opened in a process of their own."""

import io
import re
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

from crm.kernel.refusal import Refused
from crm.people.providers.limits import LARGEST_UNPACKED, MOST_CELLS_IN_A_BOOK, NOT_A_SHEET, TOO_LARGE_INSIDE, refuse_size

_OPENING = Path(__file__).with_name("opening.py")
_SECONDS = 120
_PLACE = re.compile(rb'<(?:\w{1,9}:)?c\b(?:[^>]{0,80}?\br="([A-Z]{1,3})(\d{1,7})")?[^>]{0,120}?(/?)>')


def read_workbook(content: bytes, sheet: str) -> tuple[list[bytes], int, tuple[str, ...], str]:
    """(packed rows, how many, the sheets that can be seen, the one that was read).

    The library that knows the format takes a hundred bytes for each cell; in a process of its own that memory is given back, and
    a file made to break it breaks nothing else.
    """
    _refuse_bombs(content)
    try:
        ran = subprocess.run(  # noqa: S603 - our own script with our own interpreter
            [sys.executable, "-I", str(_OPENING), sheet], input=content, capture_output=True, timeout=_SECONDS, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise Refused(NOT_A_SHEET) from None
    parts = list(_parts(ran.stdout))
    names = parts[0].decode().split("\0")
    return parts[2:], int(parts[1]), tuple(names[1:]), names[0]


def _parts(told: bytes):
    """What the other process wrote: parts with their length before them."""
    place = 0
    while place < len(told):
        (length,) = struct.unpack_from("<I", told, place)
        yield told[place + 4 : place + 4 + length]
        place += 4 + length


def _refuse_bombs(content: bytes) -> None:
    """Unpacks every part against a limit, whatever the archive claims, and looks how far its sheets reach."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = archive.namelist()
        if "xl/workbook.xml" not in names or len(names) > 2000 or len(set(names)) < len(names):
            raise Refused(NOT_A_SHEET)
        unpacked = 0
        for part in archive.infolist():
            is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
            unpacked = _unpack(archive, part, unpacked, is_sheet)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise Refused(NOT_A_SHEET) from None


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, unpacked: int, is_sheet: bool) -> int:
    part.file_size = LARGEST_UNPACKED * 2  # what the archive says of itself is no limit; reading on until the end is
    width = height = count = 0
    rest = b""
    try:
        with archive.open(part) as stream:
            while piece := stream.read(1 << 20):
                unpacked += len(piece)
                if unpacked > LARGEST_UNPACKED:
                    raise Refused(TOO_LARGE_INSIDE)
                if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
                    raise Refused(NOT_A_SHEET)
                if is_sheet:
                    text = rest + piece
                    end = text.rfind(b"<") if text.rfind(b"<") > text.rfind(b">") else len(text)
                    rest = text[end:][-300:]
                    # A cell that closes at once is formatting only: whole columns of it stand in honest files.
                    places = [(column, row) for column, row, is_bare in _PLACE.findall(text[:end]) if not is_bare]
                    count += len(places)
                    width = max([width, *map(_column, {column for column, _ in places})])
                    height = max([height, *(int(row or 0) for _, row in places)])
                    refuse_size(width, 0, max(width * height, count), MOST_CELLS_IN_A_BOOK)
    except zipfile.BadZipFile as error:
        # Our own patch of the size makes the checksum complain when the archive lied about it: then it is one.
        raise Refused(NOT_A_SHEET) from error
    return unpacked


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
