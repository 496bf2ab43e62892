"""A list on its way out: asked for with a reason, agreed to by a second person when it is long, kept sealed, fetched once."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.jobs import enqueue
from crm.infra.runtime import folder
from crm.infra.sealing import Unreadable, seal, unseal
from crm.kernel.refusal import N_, Reason, Refused
from crm.people.actions.sheets import write_csv, write_xlsx
from crm.people.actions.snapshots import take_snapshot
from crm.people.models import Export, Segment
from crm.people.queries import Column, column_cells, columns_for, export_for, people_in

ALONE = 250
"""How many people one person may take out without a second one's agreement."""
KEPT_FOR = timedelta(hours=24)
FORMATS = ("csv", "xlsx")


def ask_export(
    actor: Actor, segment: Segment | None, definition: dict, text: str, *, columns: Sequence[str], format: str, reason: str, now: datetime
) -> int:
    """Asks for a list as a file. Up to ALONE people it is made at once; beyond, someone else must agree first."""
    chosen = [name for name in dict.fromkeys(columns) if name in columns_for(actor)]
    wrong = [Reason(N_("Choose at least one column."), field="columns")] if not chosen else []
    if not reason.strip():
        wrong.append(Reason(N_("Write what the list is for. Whoever looks later will want to know."), field="reason"))
    if wrong:
        raise Refused(wrong)
    kept = take_snapshot(actor, segment, definition, text, "export", now=now)
    export = Export(
        id=new_id(), org_id=actor.org_id, snapshot_id=kept.id, state="asked", format=format if format in FORMATS else "csv", columns=chosen,
        reason=reason.strip()[:200], asked_by=actor.account_id, created_at=now,
    )  # fmt: skip
    session().add(export)
    if kept.size <= ALONE:
        _approve(export, now)
    after = {"size": kept.size, "columns": chosen, "reason": export.reason}
    audit.record(actor, "export.asked", now=now, subject=("export", export.id), after=after)
    session().flush()
    return export.id


def decide_export(actor: Actor, export_id: int, agrees: bool, *, now: datetime) -> int:
    """A second person agrees to an export or refuses it; whoever asked cannot."""
    export, kept = export_for(actor, export_id, lock=True)
    if export.state != "asked":
        raise Refused(N_("This was decided already."))
    if export.asked_by == actor.account_id:
        raise Refused(N_("You asked for this list. Someone else must agree to it."))
    export.decided_by = actor.account_id
    if agrees:
        _approve(export, now)
    else:
        export.state = "refused"
    audit.record(actor, "export.agreed" if agrees else "export.refused", now=now, subject=("export", export.id), after={"size": kept.size})
    session().flush()
    return export.id


def _approve(export: Export, now: datetime) -> None:
    export.state = "approved"
    export.job_id = enqueue(export.org_id, "people.export", {"export_id": export.id}, now=now)


def export_rows(actor: Actor, export_id: int, columns: Sequence[Column], after: str | None) -> tuple[list[list], str | None]:
    """The rows of the next people of an export, and the mark behind them."""
    _export, kept = export_for(actor, export_id)
    page = people_in(actor, kept, after, 1000)
    cells = column_cells(actor, columns, page.rows)
    return [[_plain(column.get(person.id)) for column in cells] for person in page.rows], page.next


def _plain(value: Any) -> str | float | None:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def sealed_file(format: str, rows: Iterator[list]) -> bytes:
    """The file of these rows, sealed."""
    return seal(write_xlsx(rows, folder("exports")) if format == "xlsx" else write_csv(rows))


def keep_export(actor: Actor, export_id: int, content: bytes, *, now: datetime) -> None:
    """Puts the sealed file where it waits to be fetched, and its end in the calendar."""
    export, _kept = export_for(actor, export_id, lock=True)
    if export.state == "approved":
        export.state, export.content, export.expires_at = "ready", content, now + KEPT_FOR
        enqueue(actor.org_id, "people.end_export", {"export_id": export.id}, now=now, not_before=export.expires_at)
        audit.record(actor, "export.ready", now=now, subject=("export", export.id))
        session().flush()


def fetch_export(actor: Actor, export_id: int, *, now: datetime) -> tuple[str, bytes]:
    """(format, the file's bytes), for whoever asked, once; then it is gone."""
    export, _kept = export_for(actor, export_id, lock=True)
    if export.asked_by != actor.account_id:
        raise Refused(N_("Only the person who asked for this list can fetch it."))
    if export.state != "ready" or export.content is None or export.expires_at is None or export.expires_at <= now:
        raise Refused(N_("This file is gone: it could be fetched once, within a day. Ask for it again."))
    try:
        content = unseal(export.content)
    except Unreadable:
        raise Refused(N_("This file cannot be opened any more, because its key is gone. Ask for it again.")) from None
    _end(export)
    audit.record(actor, "export.fetched", now=now, subject=("export", export.id))
    session().flush()
    return export.format, content


def end_export(actor: Actor, export_id: int, *, now: datetime) -> None:
    """The file that nobody fetched within a day goes."""
    export, _kept = export_for(actor, export_id, lock=True)
    if export.state == "ready":
        _end(export)
        audit.record(actor, "export.ended", now=now, subject=("export", export.id))
        session().flush()


def _end(export: Export) -> None:
    export.state, export.content = "gone", None
