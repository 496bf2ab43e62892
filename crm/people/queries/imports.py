"""Reads of imports: the list, the file, the rows by what becomes of them."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from sqlalchemy import ColumnElement, Row, func, literal_column, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.web import Page, keyset
from crm.kernel.refusal import Missing, Reason
from crm.people.models import Import, ImportFile, ImportRow

OUTCOMES = ("create", "update", "same", "skip")


def imports_page(actor: Actor, after: str | None = None) -> Page:
    """Imports of this organization, newest first."""
    return keyset(select(Import), [Import.created_at.desc(), Import.id.desc()], after, 20)


def import_file(actor: Actor, import_id: int) -> bytes:
    """The bytes of an import's file, as long as they are kept."""
    content = session().scalar(select(ImportFile.content).where(ImportFile.import_id == import_id))
    if content is None:
        raise Missing
    return _unpacked(content)


def _unpacked(packed: bytes) -> bytes:
    """A piece at a time: unpacked at once, a file of sixty megabytes takes that twice."""
    whole, opening = BytesIO(), zlib.decompressobj()
    for start in range(0, len(packed), 1 << 20):
        whole.write(opening.decompress(packed[start : start + (1 << 20)]))
    whole.write(opening.flush())
    return whole.getvalue()


def same_file(actor: Actor, found: Import) -> Import | None:
    """An earlier import of the very same file that went in."""
    earlier = select(Import).where(Import.sha256 == found.sha256, Import.id != found.id, Import.state == "applied")
    return session().scalar(earlier.order_by(Import.applied_at.desc()).limit(1))


def count_outcomes(actor: Actor, import_id: int) -> dict[str, int]:
    """How many rows have each outcome, how many have problems, how many were kept when undoing; in one query."""
    is_asked = ImportRow.answer == literal_column("'?'")  # the same words twice: PostgreSQL tells two parameters apart
    grouped = (
        select(ImportRow.outcome, ImportRow.state, ImportRow.has_problems, is_asked, func.count())
        .where(ImportRow.import_id == import_id)
        .group_by(ImportRow.outcome, ImportRow.state, ImportRow.has_problems, is_asked)
    )
    counts = dict.fromkeys((*OUTCOMES, "problems", "kept", "asked", "all"), 0)
    for outcome, state, has_problems, is_asked, n in session().execute(grouped):
        counts["asked"] += n if is_asked else 0
        counts[outcome] += n
        counts["all"] += n
        counts["problems"] += n if has_problems else 0
        counts["kept"] += n if state == "kept" else 0
    return counts


def count_asked(actor: Actor, import_id: int) -> dict[str, int]:
    """How many rows wait for somebody to say who they are, by why they are asked about."""
    why = ImportRow.plan["doubt"].as_string().label("why")
    grouped = select(why, func.count()).where(ImportRow.import_id == import_id, ImportRow.answer == "?").group_by(why)
    return {doubt or "": n for doubt, n in session().execute(grouped)}


@dataclass(frozen=True)
class ImportRowView:
    """One row as a page shows it."""

    row: ImportRow
    problems: list[tuple[int, Reason]]


def import_rows_page(actor: Actor, import_id: int, show: str, after: str | None, size: int = 50) -> Page:
    """Rows of an import in the file's order: those of an outcome, those with problems, those kept, or all."""
    wanted = select(ImportRow).where(ImportRow.import_id == import_id)
    if show in OUTCOMES:
        wanted = wanted.where(ImportRow.outcome == show)
    elif show == "problems":
        wanted = wanted.where(ImportRow.has_problems)
    elif show == "asked":
        wanted = wanted.where(ImportRow.answer != "")
    elif show == "no_texts":
        wanted = wanted.where(wants_no_texts())
    elif show == "not_agreed":
        wanted = wanted.where(ImportRow.plan["not_agreed"].as_string().is_not(None))
    elif show == "kept":
        wanted = wanted.where(ImportRow.state == "kept")
    page = keyset(wanted, [ImportRow.number, ImportRow.id], after, size)
    return Page([ImportRowView(row, [(p[0], read_reason(p)) for p in row.problems]) for row in page.rows], page.next)


def read_reason(stored: list[Any]) -> Reason:
    """A problem as it was stored: [column, message, places]."""
    return Reason(stored[1], {k: read_reason([0, *v]) if isinstance(v, list) else v for k, v in stored[2].items()})


def is_to_do() -> ColumnElement[bool]:
    """Rows that bring something: those that come in, and those left out until somebody says who it is, for what they say of texts."""
    return (ImportRow.outcome != "skip") | (ImportRow.answer == "?")


def wants_no_texts() -> ColumnElement[bool]:
    """Rows that say that somebody wants no texts."""
    return ImportRow.plan["consent"]["no"].as_string().is_not(None)


def planned_rows(actor: Actor, import_id: int, size: int) -> Sequence[Row]:
    """The next rows to bring in, in the file's order, as plain columns."""
    columns = (ImportRow.id, ImportRow.number, ImportRow.outcome, ImportRow.plan, ImportRow.problems, ImportRow.person_id, ImportRow.answer)
    wanted = select(*columns).where(ImportRow.import_id == import_id, ImportRow.state == "planned", is_to_do())
    return session().execute(wanted.order_by(ImportRow.number).limit(size)).all()


def cells_of(actor: Actor, import_id: int, numbers: Sequence[int]) -> dict[int, list[str]]:
    """The cells of these rows."""
    found: dict[int, list[str]] = {}
    for start in range(0, len(numbers), 500):
        some = ImportRow.number.in_(numbers[start : start + 500])
        found.update(session().execute(select(ImportRow.number, ImportRow.cells).where(ImportRow.import_id == import_id, some)).all())
    return found


def applied_rows(actor: Actor, import_id: int, size: int) -> list[ImportRow]:
    """The next rows to take back, from the end of the file."""
    wanted = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.state == "applied")
    return list(session().scalars(wanted.order_by(ImportRow.number.desc()).limit(size)))
