"""Opens one workbook and writes its rows out; run by workbooks.py as a process of its own, with nothing of Plenary in it.

Standard input is the file, the argument the sheet that is wanted. Standard output: parts, each with its length before it: the
sheet's name and all names, the number of rows, then packs of rows as sheets.Rows keeps them.
"""

import io
import marshal
import struct
import sys
import zlib
from datetime import date, datetime, time

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

try:
    import resource
except ImportError:  # not on every system
    resource = None

PACK = 500
MOST_MEMORY = 1 << 30
MOST_MERGED = 100_000


def text_of(value):
    """A cell's value as people would type it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def numbered(sheet):
    """(number, cells) of the rows that are not blank. What stands in cells merged downwards stands in each of their rows."""
    downwards, first = {}, sheet.start[1] if sheet.start else 0  # rows come without the empty columns before them
    for (top, left), (bottom, _right) in (sheet.merged_cell_ranges or ())[:MOST_MERGED]:
        if bottom > top and left >= first:
            downwards.setdefault(top, []).append((left - first, bottom))
    going = {}
    for number, values in enumerate(sheet.iter_rows()):
        cells = [text_of(value) for value in values]
        if downwards:
            going = {left: (bottom, text) for left, (bottom, text) in going.items() if bottom >= number}
            if any(cell.strip() for cell in cells):
                for left, (_bottom, text) in going.items():
                    if left < len(cells) and not cells[left].strip():
                        cells[left] = text
            going |= {left: (bottom, cells[left]) for left, bottom in downwards.get(number, ()) if left < len(cells)}
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield number + 1, cells


def main():
    """Reads, chooses the sheet, writes."""
    if resource:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    names = [s.name for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet and s.visible == SheetVisibleEnum.Visible] or book.sheet_names
    wanted = sys.argv[1]
    if wanted not in names:
        wanted = next((name for name in names if book.get_sheet_by_name(name).height > 1), names[0])
    packs, some, count = [], [], 0
    for row in numbered(book.get_sheet_by_name(wanted)):
        some.append(row)
        count += 1
        if len(some) == PACK:
            packs.append(zlib.compress(marshal.dumps(some), 1))
            some = []
    packs += [zlib.compress(marshal.dumps(some), 1)] if some else []
    for part in ("\0".join([wanted, *names]).encode(), str(count).encode(), *packs):
        sys.stdout.buffer.write(struct.pack("<I", len(part)) + part)


if __name__ == "__main__":
    main()
