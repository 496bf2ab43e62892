"""What is held about people: each room declares its columns once, and inventory, erasure and "everything about you" read the same words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crm.kernel.refusal import N_

REACH = N_("To reach people, and to know who is who")
ORGANIZE = N_("To know who to talk to next, and what came of it")
TURNOUT = N_("To prepare the room, the meal and the childcare, and to count who came")
LAWFUL = N_("To text only who agreed, and to be able to show it")
RIGHTS = N_("To be able to show who voted on what roll, and that it was counted once")
WATCH = N_("To be able to see who did what with people's data")
MACHINE = N_("To keep the program working")

PERSON = N_("As long as the person is on the list")
ALWAYS = N_("As long as the organization keeps its records")
LEDGER = N_("Kept when someone is erased, so that nobody texts them again")
NONE = N_("Says nothing about any person")

GOES, EMPTIED, STAYS = "goes", "emptied", "stays"
PERSON_COLUMNS = ("person_id", "other_id", "first_id", "second_id", "kept_id", "gone_id")
KEYS = frozenset({"org_id", "partner_id", "id", "created_at"})
"""Columns that every table has: numbers that name no one, and when a row was written."""


@dataclass(frozen=True)
class Held:
    """Some columns of one table: what they say, what for, how long, and what erasing a person does to them.

    `kept` is one of the sentences above or the name of a time in people.rules.retention. `blank` is what emptying puts in a column.
    `codes` gives the words for values that are codes.
    """

    table: str
    columns: str
    what: str
    why: str
    kept: str = PERSON
    on_erasure: str = GOES
    blank: Mapping[str, Any] = field(default_factory=dict)
    codes: Mapping[Any, str] = field(default_factory=dict)
    is_shown: bool = True
    because: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.columns.split())


def nothing(table: str, columns: str, what: str, why: str = MACHINE) -> Held:
    """Columns that say nothing about a person."""
    return Held(table, columns, what, why, NONE, STAYS, is_shown=False)


def keys(table: str, columns: str, kept: str = PERSON, on_erasure: str = GOES) -> Held:
    """Columns that tie a row to others or say how far it is: numbers and marks, no words of or about the person."""
    return Held(table, columns, N_("Numbers that tie records together"), MACHINE, kept, on_erasure, is_shown=False)


HELD: list[Held] = []
"""Every room's declarations, in the order of the house; filled in create_app."""
TABLES: dict[str, str] = {}
"""What a table is called on a page."""
