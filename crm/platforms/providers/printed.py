"""A text ready for paper: every word is there already, in one language; a file only sets it."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PrintedPlank:
    """One plank: the section that begins with it (or nothing), its number and words, and what became of it."""

    section: str
    number: int
    title: str
    paragraphs: Sequence[str]
    outcome: str = ""


@dataclass(frozen=True)
class PrintedList:
    """A heading with names below."""

    heading: str
    names: Sequence[str]


Words = Sequence[tuple[str, bool]]
"""A line of text in pieces, each with whether it is strong; a line feed begins a new line."""


@dataclass(frozen=True)
class Block:
    """A part of a text that is no plank. `kind`: heading, paragraph, list, numbered, table (its first row the heads), or rule (a line to sign on).

    `lines` are its lines, items, or cells row by row, `across` in a row; `level` is that of a heading.
    """

    kind: str
    lines: Sequence[Words] = ()
    level: int = 2
    across: int = 1


@dataclass(frozen=True)
class Printed:
    """The whole: `facts` stand under the title, then planks, lists or `body`, and `notes` at the end."""

    language: str
    owner: str
    title: str
    facts: str
    intro: Sequence[str]
    planks: Sequence[PrintedPlank] = ()
    lists: Sequence[PrintedList] = field(default_factory=list)
    notes: Sequence[str] = field(default_factory=list)
    body: Sequence[Block] = ()
