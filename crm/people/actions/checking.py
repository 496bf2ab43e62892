"""Checking an import: every row is planned and the plan written down; people stay as they are."""

import threading
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert

from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import Missing, Reason
from crm.people import rules
from crm.people.actions.imports import mapping_of
from crm.people.models import ImportRow
from crm.people.providers import read_sheet
from crm.people.queries import import_file, import_for, people_meant_by, read_reason

AT_ONCE = 1000


class Checking:
    """A file being planned, some rows at a time. It remembers the people that earlier rows of the file will make."""

    def __init__(self, rows: Sequence[tuple[int, list[str]]], mapping: rules.Mapping):
        self.rows, self.mapping, self.known, self.done = rows, mapping, rules.Known(), 0

    def next_plans(self) -> list[rules.RowPlan]:
        """Plans of the next rows; empty when all are planned."""
        some = self.rows[self.done : self.done + AT_ONCE]
        read = [rules.read_row(number, cells, self.mapping) for number, cells in some]
        self.known.absorb(people_meant_by(read))
        self.done += len(some)
        return [rules.plan_row(row, self.known, self.mapping.existing, new_id()) for row in read]


def plan_file(content: bytes, reading: dict[str, Any], mapping: rules.Mapping) -> Iterator[rules.RowPlan]:
    """Every row's plan, for a dry run: reads, never writes."""
    checking = Checking(read_sheet(content, reading["sheet"]).rows[reading["first"] :], mapping)
    while plans := checking.next_plans():
        yield from plans


_open: dict[int, Checking] = {}
_lock = threading.Lock()


def prepare_check(actor: Actor, import_id: int) -> Checking | None:
    """The planning of this import, where it stands; after a restart it is brought there again. None when there is none to do."""
    try:
        found = import_for(actor, import_id)
    except Missing:
        return None
    if found.state != "checking":
        return None
    with _lock:
        checking = _open.get(import_id)
    # Columns may have been chosen anew since: then the mapping is another one.
    if checking is None or checking.done != found.done_rows or checking.mapping != mapping_of(found):
        rows = read_sheet(import_file(actor, import_id), found.reading["sheet"]).rows[found.reading["first"] :]
        checking = Checking(rows, mapping_of(found))
        while checking.done < found.done_rows:
            checking.next_plans()
        with _lock:
            _open.clear()
            _open[import_id] = checking
    return checking


def write_plans(actor: Actor, import_id: int, checking: Checking, plans: Sequence[rules.RowPlan]) -> bool:
    """Writes planned rows down; True when the whole file is planned and the import can be reviewed."""
    found = import_for(actor, import_id, lock=True)
    if found.state != "checking" or found.done_rows != checking.done - len(plans):
        return True
    if plans:
        cells = dict(checking.rows[found.done_rows : checking.done])
        session().execute(insert(ImportRow), [_planned(actor, import_id, plan, cells[plan.row.number]) for plan in plans])
    found.done_rows = checking.done
    if checking.done >= len(checking.rows):
        found.state = "review"
        _open.pop(import_id, None)
    session().flush()
    return found.state == "review"


def _planned(actor: Actor, import_id: int, plan: rules.RowPlan, cells: list[str]) -> dict[str, Any]:
    return {
        "org_id": actor.org_id,
        "id": new_id(),
        "import_id": import_id,
        "number": plan.row.number,
        "cells": cells,
        "state": "planned",
        "outcome": plan.outcome,
        "problems": store_problems(plan.problems),
        "plan": store_plan(plan),
        "has_problems": bool(plan.problems),
        "person_id": plan.person_id if plan.outcome != "create" and not plan.same_as_row else None,
    }


def store_plan(plan: rules.RowPlan) -> dict[str, Any]:
    """A plan as JSON: what the review shows, and what undoing needs."""
    stored = {
        "name": plan.name,
        "found_by": plan.found_by,
        "same_as_row": plan.same_as_row,
        "phones": plan.phones,
        "emails": plan.emails,
        "ids": plan.ids,
        "tags": plan.tags,
        "notes": plan.notes,
        "changes": {name: [_plain(before), _plain(after)] for name, (before, after) in plan.changes.items()},
        "consent": plan.row.consent,
    }
    return {name: value for name, value in stored.items() if value}


def read_plan(row: Any, mapping: rules.Mapping) -> rules.RowIn:
    """A row as it was read when it was checked: a new person's plan holds all of it, any other row is read again."""
    if row.outcome != "create":
        return rules.read_row(row.number, row.cells, mapping)
    plan = row.plan
    values = {name: pair[1] for name, pair in plan.get("changes", {}).items()}
    custom = values.pop("custom", {})
    if since := values.get("member_since"):
        values["member_since"] = date.fromisoformat(since)
    return rules.RowIn(
        row.number,
        values,
        [(e164, kind) for e164, kind in plan.get("phones", ())],
        plan.get("emails", []),
        [(system, value) for system, value in plan.get("ids", ())],
        plan.get("tags", []),
        custom,
        plan.get("notes", []),
        plan.get("consent", {}),
        [(problem[0], read_reason(problem)) for problem in row.problems if problem[0] >= 0],
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def store_problems(problems: Sequence[tuple[int, Reason]]) -> list[list[Any]]:
    """Problems as JSON: [column, message, what fills it]."""
    return [[place, *_stored(reason)] for place, reason in problems]


def _stored(reason: Reason) -> list[Any]:
    return [reason.text, {k: _stored(v) if isinstance(v, Reason) else v for k, v in reason.params.items()}]
