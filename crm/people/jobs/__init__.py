"""Steps of imports, changes of many, exports and retention as the queue runs them."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from crm.infra.auth import Actor
from crm.infra.clock import now
from crm.infra.db import empty_log, reading, transaction
from crm.infra.jobs import PERIODIC, enqueue, job, run_due
from crm.infra.restoring import erased_before, note_erased
from crm.kernel.refusal import Missing, Refused
from crm.organizations.queries import all_ids, organization_of
from crm.people import actions, queries
from crm.people.actions import erasing, keeping
from crm.people.jobs.commands import duplicates_from_command, import_from_command
from crm.people.rules.retention import times_of

__all__ = ["duplicates_from_command", "import_from_command"]
STEP = 1.0  # seconds of one step: lots of rows, each in its own short transaction; a stop is heard between steps


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A burst of small objects during which the cycle collector does not walk them all again and again (a third of the time)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@job("people.check_import")
@_undisturbed()
def check_import(run: Any, *, import_id: int) -> bool:
    """Plans some rows of an import and writes the plans down."""
    end, is_done = time.monotonic() + STEP, False
    while not is_done:
        with reading(run.org_id):
            checking = actions.prepare_check(run.actor, import_id)
            plans = checking.next_plans() if checking else []
        if checking is None:
            return True
        with transaction(run.org_id):
            is_done = actions.write_plans(run.actor, import_id, checking, plans)
        if time.monotonic() > end:
            break
    run.progress(checking.done)
    return is_done


@job("people.apply_import")
@_undisturbed()
def apply_import(run: Any, *, import_id: int) -> bool:
    """Brings some rows of an import in."""
    return _some(run, lambda: actions.apply_some(run.actor, import_id, now=run.now()))


@job("people.undo_import")
@_undisturbed()
def undo_import(run: Any, *, import_id: int) -> bool:
    """Takes some rows of an import back."""
    return _some(run, lambda: actions.undo_some(run.actor, import_id, now=run.now()))


def _some(run: Any, act: Any) -> bool:
    end, is_done = time.monotonic() + STEP, False
    while not is_done:
        with transaction(run.org_id):
            is_done, done = act()
        if time.monotonic() > end:
            break
    run.progress(done)
    return is_done


@job("people.bulk")
def change_everyone(run: Any, *, bulk_id: int) -> bool:
    """Changes some of the people of a list."""
    return _some(run, lambda: actions.bulk_some(run.actor, bulk_id, now=run.now()))


@job("people.undo_bulk")
def undo_change(run: Any, *, bulk_id: int) -> bool:
    """Takes a change back from some of the people of a list."""
    return _some(run, lambda: actions.undo_bulk_some(run.actor, bulk_id, now=run.now()))


@job("people.export")
def make_export(run: Any, *, export_id: int) -> bool:
    """Writes a list as a sealed file, in one step that goes on telling how far it is."""
    with reading(run.org_id):
        export, kept = queries.export_for(run.actor, export_id)
        format, columns, size = export.format, queries.chosen_columns(queries.columns_for(run.actor), export.columns), kept.size
    content = actions.sealed_file(format, _sheet(run, export_id, columns, size))
    with transaction(run.org_id):
        actions.keep_export(run.actor, export_id, content, now=run.now())
    return True


def _sheet(run: Any, export_id: int, columns: Any, size: int) -> Iterator[list]:
    yield [column.label for column in columns]
    after, done = None, 0
    while True:
        with reading(run.org_id):
            rows, after = actions.export_rows(run.actor, export_id, columns, after)
        yield from rows
        run.progress(done := done + len(rows), size)
        if after is None or run.stopped:
            return


@job("people.end_export")
def end_export(run: Any, *, export_id: int) -> bool:
    """A file that nobody fetched is gone."""
    with transaction(run.org_id):
        actions.end_export(run.actor, export_id, now=run.now())
    return True


@job("people.after_erasure")
def after_erasure(run: Any, *, ids: list[int]) -> bool:
    """Notes beside the database who is gone, so that no backup brings them back, and leaves no trace of them in its log."""
    note_erased(run.org_id, ids)
    empty_log()
    return True


@job("people.keep_times")
def keep_times(run: Any) -> bool:
    """Takes out some of what has been kept long enough, and counts it; again until nothing is left."""
    took = 0
    for what, keepers in keeping.KEEPERS.items():
        with transaction(run.org_id):
            days = times_of(organization_of(run.actor).options)[what]
            if n := sum(keep(run.actor, run.now() - timedelta(days=days), keeping.AT_ONCE) for keep in keepers):
                keeping.note_removed(run.actor, run.job_id, what, n, now=run.now())
                took += n
    return not took


_kept_on: set[str] = set()


def keep_due(at: datetime) -> None:
    """Once a day for every organization."""
    day = f"{at:%Y%m%d}"
    if day not in _kept_on:
        for org_id in all_ids():
            with transaction(org_id):
                enqueue(org_id, "people.keep_times", {}, now=at, key=f"people.keep:{org_id}:{day}")
        _kept_on.clear()
        _kept_on.add(day)


PERIODIC.append(keep_due)


def erase_again() -> int:
    """After a backup was brought back: whoever was erased since it was made is erased again; how many."""
    again = 0
    for org_id, ids in erased_before():
        with transaction(org_id):
            for person_id in ids:
                with suppress(Missing, Refused):
                    erasing.erase_person(Actor.system(org_id), person_id, now=now())
                    again += 1
    run_due()
    return again
