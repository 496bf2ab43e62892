"""A sheet's cells as text, whatever file they came in."""

import marshal
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from crm.kernel.refusal import N_, Reason, Refused
from crm.people.providers.text import ENCODINGS, read_text
from crm.people.providers.workbooks import read_workbook

__all__ = ["ENCODINGS", "LARGEST_FILE", "Rows", "Sheet", "read_sheet"]
LARGEST_FILE, LARGEST_BOOK = 60 * 2**20, 25 * 2**20  # a workbook is packed already
_BOOK = b"PK"
Row = tuple[int, list[str]]


class Rows(Sequence[Row]):
    """(number in the sheet, cells) of the rows that are not blank, packed: a quarter of a million rows take some ten megabytes."""

    PACK = 500

    def __init__(self, packs: Iterable[bytes], count: int):
        self._packs, self._count = list(packs), count
        self._open: tuple[int, list[Row]] = (-1, [])

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Rows":
        """Packs rows while they are read."""
        packs, some, count = [], [], 0
        for row in rows:
            some.append(row)
            if len(some) == cls.PACK:
                packs.append(pack(some))
                count += len(some)
                some = []
        return cls([*packs, pack(some)] if some else packs, count + len(some))

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[n] for n in range(*place.indices(self._count))]
        if not -self._count <= place < self._count:
            raise IndexError(place)
        number, inside = divmod(place % self._count, self.PACK)
        if self._open[0] != number:
            self._open = (number, unpack(self._packs[number]))
        return self._open[1][inside]

    def __iter__(self) -> Iterator[Row]:
        for some in self._packs:
            yield from unpack(some)


def pack(rows: list[Row]) -> bytes:
    """Rows in little room."""
    return zlib.compress(marshal.dumps(rows), 1)


def unpack(packed: bytes) -> list[Row]:
    """Rows as they were packed."""
    return marshal.loads(zlib.decompress(packed))  # noqa: S302 - packed by this very program


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet as text. `is_sure` says that nothing about its letters had to be guessed."""

    rows: Rows
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    is_sure: bool = True


def read_sheet(content: bytes, sheet: str = "", encoding: str = "", largest: int = LARGEST_FILE) -> Sheet:
    """The cells of a file; raises Refused with the reason when it is too large, a bomb, or no spreadsheet."""
    most = min(largest, LARGEST_BOOK) if content.startswith(_BOOK) else largest
    if len(content) > most:
        raise Refused(Reason(N_("This file is too large. The largest that we take is %(n)s MB."), {"n": most // 2**20}))
    if not content or content.isspace():
        raise Refused(N_("This file is empty."))
    if content.startswith(_BOOK):
        packs, count, names, name = read_workbook(content, sheet)
        found = Sheet(Rows(packs, count), sheets=names, sheet=name)
    else:
        rows, encoding, delimiter, is_sure = read_text(content, encoding)
        found = Sheet(Rows.of(rows), encoding=encoding, delimiter=delimiter, is_sure=is_sure)
    if not found.rows:
        raise Refused(N_("There is nothing in this sheet."))
    return found
