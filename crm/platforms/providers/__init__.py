"""Where a text leaves Plenary: as a PDF file and as a Word file. `page.py` reads a page of ours into such a text.

The libraries that set them are loaded when the first file is asked for: the program starts a tenth of a second sooner without them.
"""

from collections.abc import Sequence
from importlib import import_module

from crm.platforms.providers.printed import Block, Printed, PrintedList, PrintedPlank

KINDS = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
"""The endings of the files, and what programs call them."""
_WRITERS = {"pdf": "pdf", "docx": "word"}


def write(kind: str, text: Printed) -> bytes:
    """The text as a file of that kind."""
    return import_module(f"{__name__}.{_WRITERS[kind]}").write(text)


def read_page(page: str) -> Sequence[Block]:
    """What a page of ours says, as the body of a text."""
    return import_module(f"{__name__}.page").read_page(page)


__all__ = ["KINDS", "Block", "Printed", "PrintedList", "PrintedPlank", "read_page", "write"]
