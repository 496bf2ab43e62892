"""Columns of a spreadsheet: where the heading row is, and which field each column seems to be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from crm.kernel.names import fold
from crm.kernel.refusal import N_, Reason
from crm.people.rules.cells import read_standing
from crm.people.rules.headings import FIELDS, guess_heading, plain_heading
from crm.people.rules.texting import are_about_texting

MANY = {"phone", "phone_mobile", "phone_home", "phone_work", "email", "tags", "tag_if_yes", "note", "id_own", "own", "no_texts", "consent", "opt_in", ""}
MOST_COLUMNS = 500

_DIGITS = re.compile(r"^[\s+().\-x/]*(?:\d[\s+().\-x/]*){10,11}$")


@dataclass(frozen=True)
class Mapping:
    """How a file is read: one field for each column, and what holds for all rows.

    `existing` says what happens to people who are already here: fill (only what is blank), replace, or leave.
    """

    headers: tuple[str, ...]
    fields: tuple[str, ...]
    country: str = "US"
    is_day_first: bool = False
    existing: str = "fill"
    tags: tuple[str, ...] = field(default=())
    source: str = ""
    day_first: tuple[bool, ...] = ()  # by column, where the columns differ
    own: tuple[Any, ...] = ()  # the organization's own fields, by column; None where a column is none

    def puts_day_first(self, place: int) -> bool:
        """Whether the dates of this column put the day first."""
        return self.day_first[place] if place < len(self.day_first) else self.is_day_first


def headers_hash(headers: Sequence[str]) -> str:
    """What is the same for two sheets with the same headings, however they are written; empty when there are no headings."""
    plain = [plain_heading(header) for header in headers]
    return sha256("\n".join(plain).encode()).hexdigest() if any(plain) else ""


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Which of the first rows holds the headings (a title or blank rows may stand above); None when there are none."""
    scores = [sum(bool(guess_heading(cell)) for cell in row) for row in rows[:12]]
    best = max(scores, default=0)
    if best >= 2 or (best == 1 and len(max(rows[:12], key=len)) == 1):
        return scores.index(best)
    first = next((i for i, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)
    looks_like_data = rows and any(_kind_of_cell(cell) for cell in rows[first])
    return None if looks_like_data else first


def _kind_of_cell(text: str) -> str:
    if re.fullmatch(r"\S+@\S+\.\S+", text.strip()):
        return "email"
    return "phone" if _DIGITS.match(text) and sum(c.isdigit() for c in text) in (10, 11) else ""


def guess_columns(headers: Sequence[str], samples: Sequence[Sequence[str]]) -> list[str]:
    """A field for each column, by its heading and else by what is in it; a second column of a single field is left out."""
    guesses: list[str] = []
    for place, header in enumerate(headers):
        cells = [row[place] for row in samples if place < len(row) and row[place].strip()]
        name = guess_heading(header) or _guess_by_samples(cells)
        if name in ("", "standing") and are_about_texting(plain_heading(header), cells):
            name = "consent"
        if name == "standing" and not _are_standings(cells):
            name = ""
        guesses.append(name if name in MANY or name not in guesses else "")
    if not {"given_name", "family_name", "full_name"} & set(guesses):
        _guess_name(headers, samples, guesses)
    if "given_name" in guesses and "full_name" in guesses:
        guesses[guesses.index("full_name")] = ""
    if "family_name" in guesses and "given_name" not in guesses and "full_name" in guesses:
        guesses[guesses.index("full_name")] = "given_name"
    return _one_address(guesses)


_OF_A_SHIFT = {"registered", "confirmed", "attended", "missed", "blocked", "no show", "invited", "declined", "scheduled", "completed", "subscribed"}
_NAME = re.compile(r"^[^\W\d_]+(?:[ .,'’\-]+[^\W\d_]+){1,4}\.?$")


def _are_standings(cells: Sequence[str]) -> bool:
    """A "status" may be anything, such as what Mobilize says of a shift: only what reads like membership is a standing."""
    plain = [cell.strip() for cell in cells]
    if any(fold(cell) in _OF_A_SHIFT for cell in plain):
        return False
    return sum(isinstance(read_standing(cell), str) for cell in plain) * 2 >= len(plain)


def _guess_name(headers: Sequence[str], samples: Sequence[Sequence[str]], guesses: list[str]) -> None:
    """Where no heading speaks of names, the first column of two or three words each is one."""
    for place, header in enumerate(headers):
        cells = [row[place].strip() for row in samples if place < len(row) and row[place].strip()]
        if not header and not guesses[place] and cells and sum(bool(_NAME.match(cell)) for cell in cells) >= len(cells) * 0.8:
            guesses[place] = "full_name"
            return


def _one_address(guesses: list[str]) -> list[str]:
    """A "mailing street" beside a plain city and ZIP code is the street of that one address."""
    lives, mail = ({f"{begin}{name}" for name in ("city", "region", "postal_code")} for begin in ("", "mail_"))
    if "street" in guesses or not lives & set(guesses) or mail & set(guesses):
        return guesses
    return [name.removeprefix("mail_") for name in guesses]


def _guess_by_samples(cells: Sequence[str]) -> str:
    kinds = [_kind_of_cell(cell) for cell in cells]
    return max(set(kinds), key=kinds.count) if kinds and kinds.count("") <= len(kinds) / 2 else ""


def issues_in_mapping(mapping: Mapping) -> list[Reason]:
    """Everything that keeps a file from being read this way."""
    issues = []
    for name in dict.fromkeys(mapping.fields):
        if name not in MANY and mapping.fields.count(name) > 1:
            issues.append(Reason(N_("Two columns are set to “%(field)s”. Choose one of them."), {"field": Reason(FIELDS[name])}))
    if not set(mapping.fields) & {
        "given_name",
        "family_name",
        "full_name",
        "phone",
        "phone_mobile",
        "phone_home",
        "phone_work",
        "email",
    }:
        issues.append(Reason(N_("Say which column holds names, phone numbers or e-mail addresses: without one nobody can be found again.")))
    if "full_name" in mapping.fields and {"given_name", "family_name"} & set(mapping.fields):
        issues.append(Reason(N_("Names are either in one column or in two. Leave one of the columns out.")))
    if {"consent_at", "consent_source"} & set(mapping.fields) and not {"consent", "opt_in"} & set(mapping.fields):
        issues.append(Reason(N_("Say which column tells whether someone consented to texts, or leave the date and source of that consent out.")))
    return issues
