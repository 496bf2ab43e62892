"""Rows of a spreadsheet: what each says about one person, and which of its cells could not be read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.kernel.names import fold, split_name
from crm.kernel.refusal import N_, Reason
from crm.people.rules.cells import (
    YES,
    clean,
    custom_key,
    read_date,
    read_emails,
    read_first_language,
    read_list,
    read_phones,
    read_standing,
)
from crm.people.rules.columns import Mapping
from crm.people.rules.people import LONGEST

Problem = tuple[int, Reason]
_SUM = re.compile(r"^(?:sub ?)?total\b|^[\W\d_]+$")


@dataclass
class RowIn:
    """One row, read: what it says about a person, and (column, reason) for everything that could not be read."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    phones: list[tuple[str, str]] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    ids: list[tuple[str, str]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    custom: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    consent: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing here says who this is."""
        return not (self.values.get("given_name") or self.values.get("family_name") or self.phones or self.emails or self.ids)


def _calm(name: str) -> str:
    """A name that the sheet shouts, said in a normal voice."""
    name = " ".join(name.split())
    return name.title() if len(name) > 2 and name.isupper() else name


def read_row(number: int, cells: Sequence[str], mapping: Mapping) -> RowIn:
    """One row as the mapping says; every cell that cannot be read becomes a problem, and the rest of the row stands."""
    row = RowIn(number)
    for place, name in enumerate(mapping.fields):
        if name and place < len(cells) and (text := clean(cells[place])):
            _read_cell(row, place, name, text, mapping)
    if row.consent:
        _settle_consent(row, mapping)
    row.tags = list(dict.fromkeys([*row.tags, *mapping.tags]))
    if mapping.source and not row.values.get("source"):
        row.values["source"] = mapping.source
    if not (row.phones or row.emails or row.ids) and _SUM.match(fold(row.values.get("given_name") or "")):
        row.values.clear()
    if row.is_empty and any(clean(cell) for cell in cells):
        row.problems.insert(0, (-1, Reason(N_("This row has no name, no phone number and no e-mail address, so it stays out."))))
    return row


def _read_cell(row: RowIn, place: int, name: str, text: str, mapping: Mapping) -> None:
    if name.startswith("phone"):
        numbers, wrong = read_phones(text, name.partition("_")[2] or "mobile", mapping.country)
        row.phones += [n for n in numbers if n[0] not in [known for known, _ in row.phones]]
        row.problems += [(place, reason) for reason in wrong]
    elif name == "email":
        addresses, wrong = read_emails(text)
        row.emails += [a for a in addresses if a not in row.emails]
        row.problems += [(place, reason) for reason in wrong]
    elif name == "tags":
        row.tags += read_list(text)
    elif name == "tag_if_yes":
        row.tags += [mapping.headers[place].strip()[:80]] if fold(text) in YES else []
    elif name == "note":
        row.notes.append(text)
    elif name == "own":
        row.custom[custom_key(mapping.headers[place])] = text
    elif name.startswith("id_"):
        row.ids.append((name.removeprefix("id_"), text.removesuffix(".0")[:120]))
    elif name.startswith("consent"):
        row.consent[name] = text
        row.consent.setdefault("column", str(place))
    elif name == "full_name":
        given, family = split_name(text)
        _put(row, place, "given_name", given)
        _put(row, place, "family_name", family)
    else:
        _put(row, place, name, _read_value(name, text, mapping))


def _settle_consent(row: RowIn, mapping: Mapping) -> None:
    """Keeps a yes only with its date and its source; anything else is no consent, and says so."""
    said, row.consent = row.consent, {}
    if fold(said.get("consent", "")) not in YES:
        return
    on = read_date(said.get("consent_at", ""), mapping.is_day_first)
    if isinstance(on, Reason) or not said.get("consent_source"):
        why = N_("This consent has no date or no source, so it does not count and no texts will go out on it.")
        row.problems.append((int(said["column"]), Reason(why)))
        return
    row.consent = {"at": on.isoformat(), "source": said["consent_source"][:200]}


def _read_value(name: str, text: str, mapping: Mapping) -> Any:
    if name in ("given_name", "family_name"):
        return _calm(text)
    if name == "language":
        return read_first_language(text)
    if name == "standing":
        return read_standing(text)
    if name == "member_since":
        return read_date(text, mapping.is_day_first)
    if name == "postal_code":
        text = text.removesuffix(".0")
        # Spreadsheets drop the zero that New England ZIP codes begin with.
        return text.zfill(5) if mapping.country == "US" and text.isdigit() and len(text) in (3, 4) else text
    return text


def _put(row: RowIn, place: int, name: str, value: Any) -> None:
    if isinstance(value, Reason):
        row.problems.append((place, value))
    elif isinstance(value, str) and len(value) > LONGEST.get(name, 200):
        row.problems.append((place, Reason(N_("This is too long: at most %(n)s letters fit here."), {"n": LONGEST.get(name, 200)})))
    else:
        row.values[name] = value
