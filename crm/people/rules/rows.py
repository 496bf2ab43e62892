"""Rows of a spreadsheet: what each says about one person, and which of its cells could not be read."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.kernel.names import fold, split_name
from crm.kernel.refusal import N_, Reason
from crm.people.rules.cells import (
    YES,
    calm,
    clean,
    custom_key,
    issue_in_cell,
    read_date,
    read_emails,
    read_first_language,
    read_languages,
    read_list,
    read_phones,
    read_standing,
)
from crm.people.rules.columns import Mapping
from crm.people.rules.custom import read_value
from crm.people.rules.people import ADDRESS, LONGEST, place_of
from crm.people.rules.texting import is_unticked, says_no

Problem = tuple[int, Reason]
TEXTING = ("consent", "opt_in", "no_texts")
_SUM = re.compile(r"^(?:sub ?|grand ?)?total(?:es)?\b|^(?:sum|suma|count|average|promedio|conteo)$|^[\W\d_]+$")
_ADDRESS = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_PARTS = (
    ("given_name", "middle_name", " "), ("family_name", "family_name_2", " "), ("family_name", "name_suffix", " "), ("street", "street_2", ", "),
    ("mail_street", "mail_street_2", ", "),
)  # fmt: skip
SHIFTED = N_("The cells of this row seem to be shifted: %(text)s stands in the wrong column. The row stays out.")


@dataclass(slots=True)
class RowIn:
    """One row, read: what it says about a person, and (column, reason) for everything that could not be read."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    phones: list[tuple[str, str]] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    ids: list[tuple[str, str]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    custom: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    consent: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    not_agreed: str = ""  # what it says where a no is no more than that nobody agreed to texts
    addresses: list[tuple[str, ...]] = field(default_factory=list)  # further ones: kind, then as people.ADDRESS

    @property
    def is_empty(self) -> bool:
        """Whether nothing here says who this is."""
        return not (self.values.get("given_name") or self.values.get("family_name") or self.phones or self.emails or self.ids)


def read_row(number: int, cells: Sequence[str], mapping: Mapping) -> RowIn:
    """One row as the mapping says; every cell that cannot be read becomes a problem, and the rest of the row stands."""
    return RowReader(mapping).read(number, cells)


class RowReader:
    """Reads rows of one file: what each column needs is found out once."""

    def __init__(self, mapping: Mapping):
        self.mapping = mapping
        self._columns = [(place, self._reader(place, name)) for place, name in enumerate(mapping.fields) if name]
        self._headings = list(mapping.headers) if any(mapping.headers) else None
        self._has_parts = bool({part for _whole, part, _gap in _PARTS} & set(mapping.fields))
        self._has_mail = any(name.startswith("mail_") for name in mapping.fields)
        self._emails = [place for place, name in enumerate(mapping.fields) if name == "email"]

    def read(self, number: int, cells: Sequence[str]) -> RowIn:
        """One row; see read_row."""
        row, width, mapping = RowIn(number), len(cells), self.mapping
        if cells == self._headings:
            return RowIn(number, problems=[(-1, Reason(N_("These are the headings once more, so the row stays out.")))])
        for place, act in self._columns:
            if place < width and cells[place] and (text := clean(cells[place])):
                if text[0] in "#=" and (broken := issue_in_cell(text)):
                    row.problems.append((place, broken))
                    if mapping.fields[place] in TEXTING:
                        row.consent["no"] = text
                else:
                    act(row, place, text)
        if self._has_parts:
            _join_parts(row)
        if self._has_mail:
            _settle_addresses(row)
        if row.consent:
            self._settle_consent(row)
        if row.tags or mapping.tags:
            row.tags = list(dict.fromkeys([*row.tags, *mapping.tags]))
        if mapping.source and not row.values.get("source"):
            row.values["source"] = mapping.source
        if not (row.phones or row.emails or row.ids) and _SUM.match(fold(f"{row.values.get('given_name', '')} {row.values.get('family_name', '')}").strip()):
            row.values.clear()
        if (strayed := self._strayed(row, cells)) is not None:
            return RowIn(number, problems=[(-1, Reason(SHIFTED, {"text": f"“{strayed[:40]}”"}))])
        if row.is_empty and any(clean(cell) for cell in cells):
            row.problems.insert(0, (-1, Reason(N_("This row has no name, no phone number and no e-mail address, so it stays out."))))
        return row

    def _strayed(self, row: RowIn, cells: Sequence[str]) -> str | None:
        """A cell that says that the row is shifted: one beyond the headings, or an e-mail address elsewhere and none in its column."""
        width = len(self.mapping.headers)
        if len(cells) > width:
            beyond = next((text for cell in cells[width:] if (text := clean(cell))), None)
            if beyond is not None:
                return beyond
        if row.problems and any(place in self._emails for place, _reason in row.problems):
            others = (cells[place] for place, _act in self._columns if place < len(cells) and self.mapping.fields[place] not in ("email", "note", "own"))
            return next((cell for cell in map(str.strip, others) if _ADDRESS.match(cell)), None)
        return None

    def _reader(self, place: int, name: str) -> Callable[[RowIn, int, str], None]:
        header = self.mapping.headers[place] if place < len(self.mapping.headers) else ""
        if name.startswith("phone"):
            return self._phones(name.partition("_")[2] or "mobile")
        if name.startswith("id_"):
            system = custom_key(header)[:40] if name == "id_own" else name.removeprefix("id_")
            return lambda row, place, text: row.ids.append((system, text.removesuffix(".0")[:120]))
        if name == "own":
            return self._own(place, header)
        if name in TEXTING:
            return lambda row, place, text: _texting(row, place, text, name)
        if name.startswith("consent"):
            return lambda row, place, text: row.consent.update({name: text, f"{name}_place": str(place)})
        if name == "tag_if_yes":
            return lambda row, place, text: row.tags.append(header.strip()[:80]) if fold(text) in YES else None
        return _READERS.get(name) or self._value(place, name)

    def _phones(self, kind: str) -> Callable[[RowIn, int, str], None]:
        country = self.mapping.country

        def read(row: RowIn, place: int, text: str) -> None:
            numbers, wrong = read_phones(text, kind, country)
            row.phones += [n for n in numbers if n[0] not in [known for known, _ in row.phones]] if row.phones else numbers
            if wrong:
                row.problems += [(place, reason) for reason in wrong]

        return read

    def _own(self, place: int, header: str) -> Callable[[RowIn, int, str], None]:
        kept = self.mapping.own[place] if place < len(self.mapping.own) else None
        if kept is None:
            key = custom_key(header)
            return lambda row, place, text: row.custom.update({key: text})

        def read(row: RowIn, place: int, text: str) -> None:
            value = read_date(text, self.mapping.puts_day_first(place)) if kept.kind == "date" else read_value(kept, text)
            if isinstance(value, Reason):
                row.problems.append((place, value))
            elif value is not None:
                row.custom[kept.key] = value if kept.kind != "date" else value.isoformat()

        return read

    def _value(self, place: int, name: str) -> Callable[[RowIn, int, str], None]:
        country, longest = self.mapping.country, LONGEST.get(name.removeprefix("mail_"), 200)
        day_first = self.mapping.puts_day_first(place)

        def read(row: RowIn, place: int, text: str) -> None:
            value: Any = text
            if name in _CALM:
                value = calm(text)
            elif name == "standing":
                value = read_standing(text)
            elif name == "member_since":
                value = read_date(text, day_first)
            elif name in ("postal_code", "mail_postal_code"):
                value = _postal_code(text, country)
            _put(row, place, name, value, longest)

        return read

    def _settle_consent(self, row: RowIn) -> None:
        """A no stands by itself; a yes only with its date and its source: anything else is no consent, and says so."""
        said, row.consent = row.consent, {}
        if "no" in said:
            row.consent = {"no": said["no"]}
            return
        row.not_agreed = said.get("not_agreed", "")
        if row.not_agreed or "consent" not in said:
            return
        on = read_date(said.get("consent_at", ""), self.mapping.puts_day_first(int(said.get("consent_at_place", 0))))
        if isinstance(on, Reason) or not said.get("consent_source"):
            why = N_("This consent has no date or no source, so it does not count and no texts will go out on it.")
            row.problems.append((int(said["consent_place"]), Reason(why)))
            return
        row.consent = {"at": on.isoformat(), "source": said["consent_source"][:200]}


_CALM = ("given_name", "family_name", "middle_name", "family_name_2")


def _join_parts(row: RowIn) -> None:
    """Second names, suffixes and second lines join what they belong to."""
    for whole, part, gap in _PARTS:
        if text := row.values.pop(part, ""):
            joined = gap.join(filter(None, (row.values.get(whole), text)))
            row.values[whole] = joined[: LONGEST.get(whole, 200)]


def _settle_addresses(row: RowIn) -> None:
    """Where the mail goes is a further address; where it is the only one, it is theirs."""
    mail = [row.values.pop(f"mail_{name}", "") for name in ADDRESS]
    if not any(mail):
        return
    if not any(row.values.get(name) for name in ADDRESS):
        row.values |= {name: part for name, part in zip(ADDRESS, mail, strict=True) if part} | {"address_kind": "mailing"}
    elif place_of(mail) != place_of([row.values.get(name) or "" for name in ADDRESS]):
        row.addresses = [("mailing", *mail)]


def _texting(row: RowIn, place: int, text: str, name: str) -> None:
    """Whether we may text them; what cannot be read is said, and counts as a no."""
    said = says_no(text, name == "no_texts")
    if name == "opt_in" and said is True and is_unticked(text):
        row.consent["not_agreed"] = text[:200]
        return
    if isinstance(said, Reason):
        row.problems.append((place, said))
    if said is False:
        row.consent |= {"consent": text, "consent_place": str(place)}
    elif said is not None:
        row.consent["no"] = text[:200]


def _emails(row: RowIn, place: int, text: str) -> None:
    addresses, wrong = read_emails(text)
    row.emails += [a for a in addresses if a not in row.emails] if row.emails else addresses
    if wrong:
        row.problems += [(place, reason) for reason in wrong]


def _full_name(row: RowIn, place: int, text: str) -> None:
    given, family = split_name(text)
    _put(row, place, "given_name", given, LONGEST["given_name"])
    _put(row, place, "family_name", family, LONGEST["family_name"])


def _language(row: RowIn, place: int, text: str) -> None:
    first = read_first_language(text)
    _put(row, place, "language", first, 8)
    if others := [tag for tag in read_languages(text) if tag != first]:
        row.values["other_languages"] = " ".join(others)


_READERS: dict[str, Callable[[RowIn, int, str], None]] = {
    "email": _emails,
    "tags": lambda row, place, text: row.tags.extend(read_list(text)),
    "note": lambda row, place, text: row.notes.append(text),
    "full_name": _full_name,
    "language": _language,
}


def _postal_code(text: str, country: str) -> str:
    text = text.removesuffix(".0")
    # Spreadsheets drop the zero that New England ZIP codes begin with.
    return text.zfill(5) if country == "US" and text.isdigit() and len(text) in (3, 4) else text


def _put(row: RowIn, place: int, name: str, value: Any, longest: int) -> None:
    if isinstance(value, Reason):
        row.problems.append((place, value))
    elif isinstance(value, str) and len(value) > longest:
        row.problems.append((place, Reason(N_("This is too long: at most %(n)s letters fit here."), {"n": longest})))
    elif value:
        row.values[name] = value
