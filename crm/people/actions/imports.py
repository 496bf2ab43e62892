"""An import's way in: uploaded, columns chosen, checked, applied or undone. The long parts are steps of jobs."""

import hashlib
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.jobs import enqueue
from crm.kernel.refusal import N_, Reason, Refusal, Refused
from crm.people import rules
from crm.people.models import CustomField, Import, ImportFile, ImportRow
from crm.people.providers import Sheet, read_sheet
from crm.people.queries import import_file, import_for
from crm.people.rules.cells import custom_key, is_day_first

SAMPLES = 5
CHANGED = N_("This import has moved on meanwhile. Look at it as it is now.")


def start_import(actor: Actor, filename: str, content: bytes, sheet: Sheet, *, now: datetime) -> int:
    """Keeps an uploaded file and guesses what its columns are. Nothing happens to people yet."""
    reading, guesses = describe(sheet)
    row = Import(
        id=new_id(),
        org_id=actor.org_id,
        filename=filename[-255:] or "?",
        sha256=hashlib.sha256(content).hexdigest(),
        reading=reading,
        mapping=guesses,
        choices={"existing": "fill"},
        account_id=actor.account_id,
        author=actor.name,
        created_at=now,
    )
    session().add(row)
    session().flush()
    session().add(ImportFile(org_id=actor.org_id, import_id=row.id, content=zlib.compress(content, 1)))
    audit.record(actor, "import.started", now=now, subject=("import", row.id), after={"rows": reading["rows"]})
    session().flush()
    return row.id


def describe(sheet: Sheet) -> tuple[dict[str, Any], list[str]]:
    """(what the pages need to know of a sheet, a guess for each column)."""
    top = [cells for _, cells in sheet.rows[:12]]
    place = rules.find_header(top)
    first = 0 if place is None else place + 1
    width = max(len(cells) for _, cells in sheet.rows[max(first - 1, 0) : first + 1000])
    headers = [""] * width if place is None else [" ".join(cell.split()) for cell in top[place]]
    headers = [*headers, *[""] * (width - len(headers))]
    samples = [(cells + [""] * width)[:width] for _, cells in sheet.rows[first : first + 500]]
    guesses = rules.guess_columns(headers, samples)
    return {
        "sheets": list(sheet.sheets),
        "sheet": sheet.sheet,
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "first": first,
        "headers": headers,
        "rows": len(sheet.rows) - first,
        "samples": [_examples([row[i] for row in samples]) for i in range(width)],
        "day_first": [is_day_first([row[i] for row in samples]) for i in range(width)],
    }, guesses


def _examples(cells: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(cell.strip()[:60] for cell in cells if cell.strip()))[:SAMPLES]


def choose_sheet(actor: Actor, import_id: int, name: str, *, now: datetime) -> int:
    """Reads another sheet of the same workbook."""
    found = _open(actor, import_id, "mapping", "review")
    found.reading, found.mapping = describe(read_sheet(import_file(actor, import_id), name))
    found.state = "mapping"
    session().flush()
    return import_id


def choose_columns(actor: Actor, import_id: int, fields: Sequence[str], choices: dict[str, Any], *, now: datetime) -> int:
    """Fixes how the columns are read and has every row checked; people stay as they are."""
    found = _open(actor, import_id, "mapping", "review")
    fields = [name if name in rules.FIELDS else "" for name in fields[: len(found.reading["headers"])]]
    if wrong := rules.issues_in_mapping(mapping_of(found, fields, choices)):
        raise Refused(Refusal(wrong))
    session().execute(delete(ImportRow).where(ImportRow.import_id == import_id))
    found.mapping, found.choices, found.state, found.done_rows = fields, choices, "checking", 0
    found.job_id = _enqueue(actor, found, "people.check_import", now)
    session().flush()
    return import_id


def apply(actor: Actor, import_id: int, *, now: datetime) -> int:
    """Starts (or, after a stop, goes on with) bringing the rows in."""
    found = _open(actor, import_id, "review", "applying")
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


def mapping_of(found: Import, fields: Sequence[str] | None = None, choices: dict[str, Any] | None = None) -> rules.Mapping:
    """How this import's columns are read."""
    fields = found.mapping if fields is None else fields
    choices = found.choices if choices is None else choices
    day_first = any(first for name, first in zip(fields, found.reading["day_first"], strict=False) if name in ("member_since", "consent_at"))
    return rules.Mapping(
        tuple(found.reading["headers"]),
        tuple(fields),
        choices.get("country") or "US",
        day_first,
        choices.get("existing", "fill"),
        tuple(choices.get("tags", ())),
        choices.get("source", ""),
    )


def _open(actor: Actor, import_id: int, *states: str) -> Import:
    found = import_for(actor, import_id, lock=True)
    if found.state not in states:
        raise Refused(Reason(CHANGED))
    return found


def _enqueue(actor: Actor, found: Import, kind: str, now: datetime) -> int:
    return enqueue(actor.org_id, kind, {"import_id": found.id}, now=now, total=found.reading["rows"])


def _make_own_fields(actor: Actor, found: Import) -> None:
    wanted = {custom_key(header): header for header, name in zip(found.reading["headers"], found.mapping, strict=True) if name == "own"}
    there = set(session().scalars(select(CustomField.key).where(CustomField.key.in_(wanted))))
    fresh = [{"org_id": actor.org_id, "key": key, "label": header[:120] or key} for key, header in wanted.items() if key not in there]
    if fresh:
        session().execute(insert(CustomField), fresh)
