"""Reads a page of ours into a text for paper, so that a file says word for word what the page says, in the language of the page.

Headings, paragraphs, lists, tables and lines to sign on are read; what is for a screen only (buttons, forms, marks, `no-print`) is left out.
Words outside of these become paragraphs.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import html

from crm.platforms.providers.printed import Block, Words

LISTS = {"ul": "list", "ol": "numbered"}
LINES = {"p": "paragraph", "summary": "paragraph", "h2": "heading", "h3": "heading"}
APART = {"div", "section", "details"}
NOT_SAID = {"svg", "button", "form", "nav", "script", "style", "caption"}


def read_page(page: str) -> Sequence[Block]:
    """The blocks of a page, in order."""
    return list(_blocks(html.fragment_fromstring(page, create_parent="div")))


def _blocks(element: Any) -> Iterator[Block]:
    loose: list[tuple[str, bool]] = []
    for part in _parts(element):
        tag = getattr(part, "tag", "")
        if tag not in {*LISTS, *LINES, *APART, "table", "hr"}:
            loose += _pieces(part, False)
            continue
        yield from _paragraph(loose)
        loose = []
        if tag in APART:
            yield from _blocks(part)
        elif tag == "hr":
            yield Block("rule")
        else:
            yield from _paragraph(_pieces(part, False), LINES[tag], int(tag[1]) if tag[0] == "h" else 2) if tag in LINES else _several(part)
    yield from _paragraph(loose)


def _several(element: Any) -> Iterator[Block]:
    """A list, or a table whose first row has the heads."""
    if element.tag in LISTS:
        lines, across = [_line(_pieces(item, False)) for item in element.iterchildren("li")], 1
    else:
        rows = [list(row.iterchildren("th", "td")) for row in element.iter("tr")]
        lines, across = [_line(_pieces(cell, False)) for row in rows for cell in row], max(map(len, rows), default=0)
    if lines:
        yield Block(LISTS.get(element.tag, "table"), lines, across=across)


def _paragraph(pieces: Sequence[tuple[str, bool]], kind: str = "paragraph", level: int = 2) -> Iterator[Block]:
    if line := _line(pieces):
        yield Block(kind, [line], level)


def _parts(element: Any) -> Iterator[Any]:
    """Text and elements that are said, in order."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in NOT_SAID and "no-print" not in _classes(child):
            yield child
        yield child.tail or ""


def _classes(element: Any) -> list[str]:
    return (element.get("class") or "").split()


def _pieces(part: Any, is_strong: bool) -> list[tuple[str, bool]]:
    """What is said, in pieces, a line feed where a new line begins."""
    if isinstance(part, str):
        return [(re.sub(r"\s+", " ", part), is_strong)]
    inside = [piece for each in _parts(part) for piece in _pieces(each, is_strong or part.tag in ("strong", "b"))]
    if part.tag == "br" or "d-block" in _classes(part):
        return [("\n", is_strong), *inside]
    return [*inside, (" ", is_strong)] if part.tag == "time" else inside


def _line(pieces: Sequence[tuple[str, bool]]) -> Words:
    """Equal neighbours together, one space between words, none at the ends."""
    found: list[tuple[str, bool]] = []
    for words, is_strong in pieces:
        if not found or found[-1][0].endswith((" ", "\n")):
            words = words.lstrip(" ")
        if words.startswith("\n"):
            words = words.lstrip("\n") if not found else words
        if found and found[-1][1] == is_strong:
            found[-1] = (found[-1][0] + words, is_strong)
        elif words:
            found.append((words, is_strong))
    if found:
        found[-1] = (found[-1][0].rstrip(), found[-1][1])
    return [piece for piece in found if piece[0]]
