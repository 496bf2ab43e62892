"""Steps of imports, changes of many, exports and retention as the queue runs them."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from crm.infra.db import know_sizes, reading, transaction
from crm.infra.jobs import job
from crm.people import actions, queries
from crm.people.jobs.commands import duplicates_from_command, import_from_command
from crm.people.jobs.privacy import erase_again

__all__ = ["duplicates_from_command", "erase_again", "import_from_command"]
MANY = 20_000
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
    return _some(run, lambda: actions.apply_some(run.actor, import_id, now=run.now()), grows=True)


@job("people.answer_import")
def answer_import(run: Any, *, import_id: int) -> bool:
    """Answers some of the rows that were asked about, all in the same way, or takes such answers back."""
    return _some(run, lambda: actions.answer_some(run.actor, import_id))


@job("people.undo_import")
@_undisturbed()
def undo_import(run: Any, *, import_id: int) -> bool:
    """Takes some rows of an import back."""
    return _some(run, lambda: actions.undo_some(run.actor, import_id, now=run.now()))


def _some(run: Any, act: Any, grows: bool = False) -> bool:
    """Lot after lot for about a second. Where the list grows the planner is told before it takes a walk for a short one."""
    end, is_done, was = time.monotonic() + STEP, False, None
    while not is_done:
        with transaction(run.org_id):
            is_done, done = act()
        was = done if was is None else was
        if time.monotonic() > end:
            break
    run.progress(done)
    if grows and (is_done or done // MANY > was // MANY):
        know_sizes()
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
