"""Checking an import: every row is planned and the plan written down; people stay as they are."""

import threading
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from crm.infra.auth import Actor
from crm.infra.bulk import insert_rows
from crm.infra.db import new_ids
from crm.kernel.refusal import N_, Missing, Reason
from crm.people import rules
from crm.people.actions.erasing import erased_marks, mark_of
from crm.people.actions.imports import mapping_of
from crm.people.models import ImportRow
from crm.people.providers import Rows, read_sheet
from crm.people.queries import import_file, import_for, people_meant_by, read_reason
from crm.people.rules.custom import PREFIX
from crm.people.rules.people import custom_in
from crm.people.rules.places import NOWHERE, Places

AT_ONCE = 1000
ERASED = N_("Left out: somebody with this number or address asked to be erased. Add them by hand if they came back.")
SO_CALLED = 3
_ALIKE = 50  # so many rows that share a phone, e-mail or ID are looked at together; more of them are no person's


class Checking:
    """A file being planned, some rows at a time.

    Of the rows before it keeps hashes of phones, addresses, IDs and names only, and reads those again that a later row may mean:
    a file of any length is planned in little memory. The person that a row makes has an id that follows from the row's place, so
    that planning anew after a restart gives the same ids.
    """

    def __init__(self, rows: Rows, first: int, mapping: rules.Mapping, first_id: int, org_id: int = 0, erased: Collection[str] = ()):
        self.org_id, self.erased = org_id, erased
        self.rows, self.first, self.mapping, self.first_id = rows, first, mapping, first_id
        self.reader = rules.RowReader(mapping)
        self.done, self.total = 0, len(rows) - first
        self.lot: list[tuple[int, list[str]]] = []
        self._seen = Places()  # a key -> the first row that holds it
        self._names = Places()  # a name and a number below SO_CALLED -> the first rows of people called so
        self._alike: dict[int, list[int]] = {}  # that first row -> later rows that share a key with it

    def next_plans(self) -> list[rules.RowPlan]:
        """Plans of the next rows; empty when all are planned."""
        begin = self.done
        self.lot = list(self.rows[self.first + begin : self.first + begin + AT_ONCE])
        read = [self.reader.read(number, cells) for number, cells in self.lot]
        again = {place: self.reader.read(*self.rows[self.first + place]) for place in self._earlier(read)}
        known = people_meant_by([*again.values(), *read])
        for place, row in again.items():
            rules.plan_row(row, known, self.mapping.existing, self.first_id + place)
        plans = [rules.plan_row(row, known, self.mapping.existing, self.first_id + place) for place, row in enumerate(read, begin)]
        for place, plan in enumerate(plans, begin):
            if self._is_erased(plan):
                self.lot[place - begin] = (self.lot[place - begin][0], [])
                plan = plans[place - begin] = rules.RowPlan(rules.RowIn(plan.row.number), "skip", problems=[(-1, Reason(ERASED))])
            if plan.outcome != "skip":
                self._remember(place, plan.row)
        self.done += len(self.lot)
        return plans

    def _is_erased(self, plan: rules.RowPlan) -> bool:
        """Who asked to be erased is not brought back by an old spreadsheet."""
        keys = (*(number for number, _kind in plan.row.phones), *plan.row.emails)
        return bool(self.erased) and any(mark_of(self.org_id, key) in self.erased for key in keys)

    def _earlier(self, read: Sequence[rules.RowIn]) -> list[int]:
        """Places of earlier rows that these may mean, in the file's order."""
        found: set[int] = set()
        for row in read:
            found.update(map(self._seen.get, _keys(row)))
            if not (row.phones or row.emails or row.ids) or row.values.get("street"):
                found.update(self._called(_name_key(row)))
        found.discard(NOWHERE)
        for place in list(found):
            found.update(self._alike.get(place, ()))
        return sorted(found)

    def _remember(self, place: int, row: rules.RowIn) -> None:
        keys = _keys(row)
        firsts = set(map(self._seen.get, keys)) - {NOWHERE}
        root = min(firsts, default=place)
        for key in keys:
            self._seen.setdefault(key, root)
        if firsts:
            alike = self._alike.setdefault(root, [])
            for other in firsts - {root}:
                if self._alike.get(other) is not alike:
                    alike += [other, *self._alike.get(other, ())]
                    self._alike[other] = alike
            if len(alike) < _ALIKE:
                alike.append(place)
        called = self._called(name := _name_key(row))
        if root not in called and len(called) < SO_CALLED:
            self._names.setdefault(hash((name, len(called))), root)

    def _called(self, name: int) -> list[int]:
        found: list[int] = []
        while len(found) < SO_CALLED and (place := self._names.get(hash((name, len(found))))) != NOWHERE:
            found.append(place)
        return found


def _keys(row: rules.RowIn) -> list[int]:
    return [hash(key) for key in (*[number for number, _ in row.phones], *row.emails, *row.ids)]


def _name_key(row: rules.RowIn) -> int:
    return hash(rules.sort_name(row.values.get("given_name") or "", row.values.get("family_name") or ""))


def plan_file(content: bytes, reading: dict[str, Any], mapping: rules.Mapping) -> Iterator[rules.RowPlan]:
    """Every row's plan, for a dry run: reads, never writes."""
    rows = read_sheet(content, reading["sheet"], reading["encoding"]).rows
    checking = Checking(rows, reading["first"], mapping, new_ids(len(rows))[0])
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
    # Columns may have been chosen anew since: then the first id is another one.
    if checking is None or checking.done != found.done_rows or checking.first_id != found.reading["first_id"]:
        rows = read_sheet(import_file(actor, import_id), found.reading["sheet"], found.reading["encoding"]).rows
        checking = Checking(rows, found.reading["first"], mapping_of(found), found.reading["first_id"], actor.org_id, erased_marks(actor))
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
    rows = [
        (number, cells, plan.outcome, store_problems(plan.problems), store_plan(plan), bool(plan.problems), plan.person_id, "?" if plan.candidates else "")
        for (number, cells), plan in zip(checking.lot, plans, strict=True)
    ]
    columns = ("number", "cells", "outcome", "problems", "plan", "has_problems", "person_id", "answer")
    insert_rows(ImportRow, columns, rows, import_id=import_id, state="planned", created_at=found.created_at)
    found.done_rows = checking.done
    counts = {"no_texts": sum("no" in plan.row.consent for plan in plans), "not_agreed": sum(bool(plan.row.not_agreed) for plan in plans)}
    found.reading = found.reading | {name: found.reading.get(name, 0) + n for name, n in counts.items()}
    if checking.done >= checking.total:
        found.state = "review"
        _open.pop(import_id, None)
    return found.state == "review"


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
        "addresses": plan.addresses,
        "changes": {name: [_plain(before), _plain(after)] for name, (before, after) in plan.changes.items()},
        "consent": plan.row.consent,
        "not_agreed": plan.row.not_agreed,
        "candidates": plan.candidates,
        "best": plan.best,
        "doubt": plan.doubt,
    }
    return {name: value for name, value in stored.items() if value}


def read_created(row: Any) -> rules.RowIn:
    """A row that makes a person, as it was read when it was checked: its plan holds all of it."""
    plan = row.plan
    record = {name: pair[1] for name, pair in plan.get("changes", {}).items()}
    custom = custom_in(record)
    values = {name: value for name, value in record.items() if not name.startswith(PREFIX)}
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
        plan.get("not_agreed", ""),
        [tuple(one) for one in plan.get("addresses", ())],
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def store_problems(problems: Sequence[tuple[int, Reason]]) -> list[list[Any]]:
    """Problems as JSON: [column, message, what fills it]."""
    return [[place, *_stored(reason)] for place, reason in problems]


def _stored(reason: Reason) -> list[Any]:
    return [reason.text, {k: _stored(v) if isinstance(v, Reason) else v for k, v in reason.params.items()}]
