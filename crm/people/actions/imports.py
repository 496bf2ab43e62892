"""An import's way in: uploaded, columns chosen, checked, applied or undone. The long parts are steps of jobs."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, new_ids, session
from crm.infra.jobs import enqueue
from crm.kernel.refusal import N_, Reason, Refusal, Refused
from crm.people import rules
from crm.people.models import CustomField, Import, ImportFile, ImportMapping, ImportRow
from crm.people.providers import Sheet, read_sheet
from crm.people.queries import import_file, import_for
from crm.people.rules.cells import custom_key

SAMPLES = 5
WHICH_DAY = N_("In “%(column)s” a date such as 3/4/2026 may be March 4 or April 3, and no other date there decides it. Say which comes first.")
CHANGED = N_("This import has moved on meanwhile. Look at it as it is now.")


def start_import(actor: Actor, filename: str, content: bytes, sheet: Sheet, *, now: datetime) -> int:
    """Keeps an uploaded file and says what its columns are: as last time, else by guess. Nothing happens to people yet."""
    row = Import(
        id=new_id(),
        org_id=actor.org_id,
        filename=filename[-255:] or "?",
        sha256=hashlib.sha256(content).hexdigest(),
        reading={},
        account_id=actor.account_id,
        author=actor.name,
        created_at=now,
    )
    _read_as(row, sheet)
    if not row.reading["rows"]:
        raise Refused(N_("There are headings in this sheet and no rows below them."))
    session().add(row)
    session().flush()
    session().add(ImportFile(org_id=actor.org_id, import_id=row.id, content=zlib.compress(content, 1)))
    audit.record(actor, "import.started", now=now, subject=("import", row.id), after={"rows": row.reading["rows"]})
    session().flush()
    return row.id


def _read_as(found: Import, sheet: Sheet) -> None:
    """The columns as this organization read them last time, else as they look."""
    reading, guesses = describe(sheet, tuple(session().execute(select(CustomField.label, CustomField.key).where(CustomField.archived_at.is_(None)))))
    last = session().scalar(select(ImportMapping).where(ImportMapping.headers_hash == reading["hash"])) if reading["hash"] else None
    choices: dict[str, Any] = {"existing": "fill"}
    if last and len(last.mapping) == len(guesses):
        guesses, choices = list(last.mapping), choices | last.choices
        reading["remembered"] = last.used_at.isoformat()
    found.reading, found.mapping, found.choices = reading, guesses, choices


def describe(sheet: Sheet, own: Sequence[tuple[str, str]] = ()) -> tuple[dict[str, Any], list[str]]:
    """(what the pages need to know of a sheet, a guess for each column). `own` are (label, key) of the organization's own fields."""
    top = [cells for _, cells in sheet.rows[:12]]
    place = rules.find_header(top)
    first = 0 if place is None else place + 1
    rows = [cells for _, cells in sheet.rows[first : first + 500]]
    headers = [] if place is None else [" ".join(cell.split()) for cell in top[place]]
    width = _width(rows, len(headers))
    headers = [*headers, *[""] * (width - len(headers))]
    samples = [(cells + [""] * width)[:width] for cells in rows]
    guesses = rules.guess_columns(headers, samples)
    known = {key for _label, key in own} | {custom_key(label) for label, _key in own}
    guesses = ["own" if not name and header and custom_key(header) in known else name for name, header in zip(guesses, headers, strict=True)]
    return {
        "sheets": list(sheet.sheets),
        "sheet": sheet.sheet,
        "encoding": sheet.encoding,
        "is_sure": sheet.is_sure,
        "delimiter": sheet.delimiter,
        "first": first,
        "headers": headers,
        "hash": rules.headers_hash(headers),
        "rows": len(sheet.rows) - first,
        "samples": [_examples([row[i] for row in samples], sheet.is_sure) for i in range(width)],
        "day_first": _date_orders(sheet, first, samples, width),
    }, guesses


def _width(rows: Sequence[Sequence[str]], headings: int) -> int:
    """How many columns the sheet has: beyond the headings only what more than a few rows fill; the few are shifted."""
    filled = Counter(place for cells in rows for place in range(headings, len(cells)) if cells[place].strip())
    least = 0 if not headings else max(1, len(rows) // 20)
    return max([headings, *(place + 1 for place, count in filled.items() if count > least)])


def _examples(cells: Sequence[str], is_sure: bool) -> list[str]:
    """A few different cells; where the letters were guessed, those with telling letters first."""
    shown = list(dict.fromkeys(cell.strip()[:60] for cell in cells if cell.strip()))
    return (shown if is_sure else sorted(shown, key=str.isascii))[:SAMPLES]


def _date_orders(sheet: Sheet, first: int, samples: Sequence[Sequence[str]], width: int) -> list[bool | None]:
    """Whether each column of dates puts the day first, decided by all of it; None where it has to be asked."""
    orders = {place: rules.DateOrder() for place in range(width)}
    for row in samples:
        for place, order in orders.items():
            order.look(row[place])
    orders = {place: rules.DateOrder() for place, order in orders.items() if order.firsts or order.seconds or order.unclear}
    for _number, cells in sheet.rows if orders else ():
        for place, order in orders.items():
            if place < len(cells) and cells[place]:
                order.look(cells[place])
    return [orders[place].is_day_first if place in orders else False for place in range(width)]


def choose_reading(actor: Actor, import_id: int, sheet: str, encoding: str, *, now: datetime) -> int:
    """Reads another sheet of the same workbook, or the same text in another alphabet."""
    found = _open(actor, import_id, "mapping", "review")
    _read_as(found, read_sheet(import_file(actor, import_id), sheet, encoding))
    found.state = "mapping"
    session().flush()
    return import_id


def choose_columns(actor: Actor, import_id: int, fields: Sequence[str], choices: dict[str, Any], *, now: datetime) -> int:
    """Fixes how the columns are read and has every row checked; people stay as they are."""
    found = _open(actor, import_id, "mapping", "review")
    fields = [name if name in rules.FIELDS else "" for name in fields[: len(found.reading["headers"])]]
    mapping = mapping_of(found, fields, choices)
    if wrong := [*rules.issues_in_mapping(mapping), *_undecided_dates(found, mapping, choices)]:
        raise Refused(Refusal(wrong))
    session().execute(delete(ImportRow).where(ImportRow.import_id == import_id))
    found.mapping, found.choices, found.state, found.done_rows = fields, choices, "checking", 0
    found.reading = found.reading | {"first_id": new_ids(max(1, found.reading["rows"]))[0], "no_texts": 0, "not_agreed": 0, "answers": [], "answering": None}
    _remember(actor, found, now)
    found.job_id = _enqueue(actor, found, "people.check_import", now)
    session().flush()
    return import_id


def _remember(actor: Actor, found: Import, now: datetime) -> None:
    """Next time a sheet with these headings is read the same way."""
    if not (wanted := found.reading.get("hash")):
        return
    kept = {name: found.choices[name] for name in ("existing", "country", "dates") if found.choices.get(name)}
    last = session().scalar(select(ImportMapping).where(ImportMapping.headers_hash == wanted))
    if last is None:
        last = ImportMapping(org_id=actor.org_id, headers_hash=wanted)
        session().add(last)
    last.mapping, last.choices, last.used_at = list(found.mapping), kept, now


def _undecided_dates(found: Import, mapping: rules.Mapping, choices: dict[str, Any]) -> list[Reason]:
    if choices.get("dates") in ("day", "month"):
        return []
    orders = found.reading["day_first"]
    dates = [place for place, name in enumerate(mapping.fields) if _holds_dates(mapping, place, name) and orders[place] is None]
    return [Reason(WHICH_DAY, {"column": mapping.headers[place] or str(place + 1)}) for place in dates]


def _holds_dates(mapping: rules.Mapping, place: int, name: str) -> bool:
    return name in ("member_since", "consent_at") or name == "own" and mapping.own[place].kind == "date"


def apply(actor: Actor, import_id: int, *, now: datetime) -> int:
    """Starts (or, after a stop, goes on with) bringing the rows in; goes on with checking them where that was stopped."""
    found = _open(actor, import_id, "review", "applying", "checking")
    if found.state == "checking":  # it was stopped; it goes on with what it was at
        found.job_id = _enqueue(actor, found, "people.answer_import" if found.reading.get("answering") else "people.check_import", now)
        session().flush()
        return import_id
    if found.state == "review":
        _make_own_fields(actor, found)
        audit.record(actor, "import.applied", now=now, subject=("import", found.id), after={"rows": found.reading["rows"]})
        found.done_rows = 0
    found.state = "applying"
    found.job_id = _enqueue(actor, found, "people.apply_import", now)
    session().flush()
    return import_id


def undo(actor: Actor, import_id: int, *, now: datetime) -> int:
    """Starts (or goes on with) taking back what an import did."""
    found = _open(actor, import_id, "applied", "applying", "undoing")
    if found.state != "undoing":
        audit.record(actor, "import.undone", now=now, subject=("import", found.id))
        found.done_rows = 0
    found.state = "undoing"
    found.job_id = _enqueue(actor, found, "people.undo_import", now)
    session().flush()
    return import_id


def discard(actor: Actor, import_id: int, *, now: datetime) -> None:
    """Throws away an import that has not changed anything yet, with its file."""
    found = _open(actor, import_id, "mapping", "checking", "review")
    audit.record(actor, "import.discarded", now=now, subject=("import", found.id))
    session().execute(delete(Import).where(Import.id == found.id))
    session().flush()


@dataclass(frozen=True)
class Own:
    """A field of the organization's own, as reading a column needs it; `is_new` says that the import makes it."""

    key: str
    label: str
    kind: str = "text"
    choices: tuple[str, ...] = ()
    is_private: bool = False
    is_new: bool = False


def mapping_of(found: Import, fields: Sequence[str] | None = None, choices: dict[str, Any] | None = None) -> rules.Mapping:
    """How this import's columns are read."""
    fields = found.mapping if fields is None else fields
    choices = found.choices if choices is None else choices
    return mapping_for(found.reading, fields, choices)


def mapping_for(reading: dict[str, Any], fields: Sequence[str], choices: dict[str, Any]) -> rules.Mapping:
    """How a described sheet is read with these choices."""
    said = choices.get("dates") == "day"
    return rules.Mapping(
        tuple(reading["headers"]),
        tuple(fields),
        choices.get("country") or "US",
        said,
        choices.get("existing", "fill"),
        tuple(choices.get("tags", ())),
        choices.get("source", ""),
        tuple(said if order is None else order for order in reading["day_first"]),
        _own_fields(reading["headers"], fields),
    )


def _own_fields(headers: Sequence[str], fields: Sequence[str]) -> tuple[Own | None, ...]:
    """The own field of each column: one that is there by that name, else a new one; two columns never share one."""
    if "own" not in fields:
        return (None,) * len(fields)
    there = {}
    for kept in session().scalars(select(CustomField)):
        own = Own(kept.key, kept.label, kept.kind, tuple(kept.choices), kept.is_private)
        there |= {custom_key(kept.label): own, kept.key: own}
    made: list[Own | None] = []
    for header, name in zip(headers, fields, strict=False):
        key = base = custom_key(header)
        number = 1
        while name == "own" and there.get(key, Own(key, "")).key in {own.key for own in made if own}:
            number += 1
            key = f"{base[:56]}_{number}"
        made.append(there.get(key) or Own(key, header[:120] or key, is_new=True) if name == "own" else None)
    return tuple(made)


def _open(actor: Actor, import_id: int, *states: str) -> Import:
    found = import_for(actor, import_id, lock=True)
    if found.state not in states:
        raise Refused(Reason(CHANGED))
    return found


def _enqueue(actor: Actor, found: Import, kind: str, now: datetime) -> int:
    return enqueue(actor.org_id, kind, {"import_id": found.id}, now=now, total=found.reading["rows"])


def _make_own_fields(actor: Actor, found: Import) -> None:
    fresh = [own for own in mapping_of(found).own if own and own.is_new]
    session().add_all(CustomField(org_id=actor.org_id, key=own.key, label=own.label) for own in fresh)
    session().flush()
