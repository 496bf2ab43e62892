"""Bringing an import's rows in: some at a time, each lot in one transaction with the marks that say it is done."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import delete, insert, update

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.people import rules
from crm.people.actions.checking import read_plan, store_plan, store_problems
from crm.people.actions.contacts import TEXTABLE
from crm.people.actions.imports import mapping_of
from crm.people.actions.searching import index_people
from crm.people.actions.tags import tag_ids_for
from crm.people.models import Email, Identifier, Import, ImportFile, ImportRow, Note, Person, PersonTag, Phone
from crm.people.queries import import_for, people_meant_by, planned_rows

AT_ONCE = 500
CONSENT_HOOKS: list[Callable[[Actor, list[dict[str, Any]], datetime], None]] = []
"""Called with rows that bring a dated, sourced consent to texts: person_id, phones, at, source, file, and `subject`, which
an event about it must carry so that undoing the import knows it for its own. Calling again with the same rows is harmless."""
UNDO_HOOKS: list[Callable[[Actor, list[dict[str, Any]], datetime], None]] = []
"""Called with the same rows when the import is undone, before the people it made are removed."""


def apply_some(actor: Actor, import_id: int, *, now: datetime) -> tuple[bool, int]:
    """Brings the next rows in; (whether all are in, how many rows are done)."""
    found = import_for(actor, import_id, lock=True)
    if found.state != "applying":
        return True, found.done_rows
    rows = planned_rows(actor, import_id, AT_ONCE)
    if not rows:
        found.state, found.applied_at, found.done_rows = "applied", now, found.reading["rows"]
        # The file itself is no longer needed, and what is not kept cannot leak.
        session().execute(delete(ImportFile).where(ImportFile.import_id == import_id))
        session().flush()
        return True, found.done_rows
    by = Actor(actor.org_id, account_id=found.account_id, name=found.author)
    mapping = mapping_of(found)
    read = [read_plan(row, mapping) for row in rows]
    known = people_meant_by(read)
    plans = [rules.plan_row(row, known, mapping.existing, new_id()) for row in read]
    write(by, plans, known, found, now)
    # Rows that did what was planned change two columns; the few others are written anew.
    _update(ImportRow, [_done(by, row, plan) for row, plan in zip(rows, plans, strict=True)])
    found.done_rows = rows[-1].number - 1
    session().flush()
    return False, found.done_rows


def _done(by: Actor, row: Any, plan: rules.RowPlan) -> dict[str, Any]:
    done = {"org_id": by.org_id, "id": row.id, "state": "applied", "person_id": plan.person_id}
    if row.outcome == plan.outcome == "create" and len(row.problems) == len(plan.problems):
        return done
    return done | {
        "outcome": plan.outcome,
        "problems": store_problems(plan.problems),
        "has_problems": bool(plan.problems),
        "plan": store_plan(plan),
    }


def write(by: Actor, plans: Sequence[rules.RowPlan], known: rules.Known, found: Import, now: datetime) -> None:
    """Writes what the plans say, in bulk, with one event for each person a row touches."""
    made = [plan for plan in plans if plan.outcome == "create"]
    changed = [plan for plan in plans if plan.outcome == "update"]
    _insert(Person, [_person(by, plan, known, now) for plan in made])
    _change_people(by, changed, known, {plan.person_id for plan in made}, now)
    _add_to_people(by, [*made, *changed], now)
    index_people(plan.person_id for plan in [*made, *changed])
    subject = ("import", found.id)
    audit.record_many(
        by,
        "person.imported",
        [{"person_id": plan.person_id, "after": {"file": found.filename, "row": plan.row.number}} for plan in made],
        now=now,
        subject=subject,
    )
    audit.record_many(by, "person.updated_by_import", [_event(plan, found) for plan in changed], now=now, subject=subject)
    for hook in CONSENT_HOOKS:
        if rows := consent_rows(plans, known, found):
            hook(by, rows, now)


def _add_to_people(by: Actor, plans: Sequence[rules.RowPlan], now: datetime) -> None:
    """What hangs on a person: numbers, addresses, IDs, tags, notes."""
    _insert(Phone, [_of(by, plan, now, **phone) for plan in plans for phone in _phones(plan)])
    _insert(Email, [_of(by, plan, now, **email) for plan in plans for email in _emails(plan)])
    _insert(Identifier, [_of(by, plan, now, system=system, value=value) for plan in plans for system, value in plan.ids])
    tag_ids = tag_ids_for(by, list(dict.fromkeys(tag for plan in plans for tag in plan.tags)))
    carried = [(plan, tag_id) for plan in plans for tag_id in {tag_ids[tag] for tag in plan.tags}]
    _insert(PersonTag, [_of(by, plan, now, tag_id=tag_id) for plan, tag_id in carried])
    signed = {"account_id": by.account_id, "author": by.name}
    _insert(Note, [_of(by, plan, now, body=body, **signed) for plan in plans for body in plan.notes])


def _phones(plan: rules.RowPlan) -> Iterator[dict[str, Any]]:
    for place, (e164, kind) in enumerate(plan.phones):
        preferred = place == 0 and not plan.had_phone
        yield {"e164": e164, "kind": kind, "is_preferred": preferred, "is_textable": kind in TEXTABLE}


def _emails(plan: rules.RowPlan) -> Iterator[dict[str, Any]]:
    for place, address in enumerate(plan.emails):
        yield {"address": address, "is_preferred": place == 0 and not plan.had_email}


def consent_rows(plans: Iterable[rules.RowPlan], known: rules.Known, found: Import) -> list[dict[str, Any]]:
    """What the consent hooks are told."""
    return [
        {
            "person_id": plan.person_id,
            "phones": [number for number, _ in plan.row.phones],
            "source": plan.row.consent["source"],
            "at": datetime.combine(date.fromisoformat(plan.row.consent["at"]), time(12), UTC),
            "file": found.filename,
            "subject": ("import", found.id),
        }
        for plan in plans
        if plan.row.consent and plan.person_id and plan.row.phones
    ]


def _person(by: Actor, plan: rules.RowPlan, known: rules.Known, now: datetime) -> dict[str, Any]:
    # What the sheet's later rows add to a person it makes is in `known`; one insert writes it all.
    values = known.people[plan.person_id].values
    text = {name: values.get(name) or "" for name in ("given_name", "family_name", "street", "neighborhood", "city", "region", "postal_code", "source")}
    return {
        "org_id": by.org_id,
        "id": plan.person_id,
        "created_at": now,
        "updated_at": now,
        "version": 1,
        **text,
        "name_folded": rules.sort_name(text["given_name"], text["family_name"]),
        "language": values.get("language") or "en",
        "standing": values.get("standing") or "contact",
        "member_since": values.get("member_since"),
        "rung": 0,
        "custom": values.get("custom") or {},
    }


def _change_people(by: Actor, plans: Sequence[rules.RowPlan], known: rules.Known, made: set[int | None], now: datetime) -> None:
    changes: dict[int, dict[str, Any]] = {}
    for plan in plans:
        if plan.person_id not in made:
            changes.setdefault(plan.person_id, {}).update({name: after for name, (_, after) in plan.changes.items()})
    for person_id, values in changes.items():
        now_is = known.people[person_id].values
        values |= {"org_id": by.org_id, "id": person_id, "updated_at": now, "version": now_is["version"] + 1}
        if "given_name" in values or "family_name" in values:
            values["name_folded"] = rules.sort_name(now_is.get("given_name") or "", now_is.get("family_name") or "")
    _update(Person, list(changes.values()))


def _event(plan: rules.RowPlan, found: Import) -> dict[str, Any]:
    stored = store_plan(plan)
    before = {name: pair[0] for name, pair in stored.get("changes", {}).items()}
    after = {name: pair[1] for name, pair in stored.get("changes", {}).items()}
    added = {name: stored[name] for name in ("phones", "emails", "tags") if name in stored}
    fields = list({**after, **added})
    return {
        "person_id": plan.person_id,
        "before": before,
        "after": after | added | {"fields": fields, "file": found.filename},
    }


def _of(by: Actor, plan: rules.RowPlan, now: datetime, **values: Any) -> dict[str, Any]:
    return {"org_id": by.org_id, "id": new_id(), "created_at": now, "person_id": plan.person_id, **values}


def _insert(model: type, rows: list[dict[str, Any]]) -> None:
    if rows:
        session().execute(insert(model), rows)


def _update(model: type, rows: list[dict[str, Any]]) -> None:
    if rows:
        # Nobody looks at the loaded objects again in this transaction, so they are not brought up to date one by one.
        session().execute(update(model), rows, execution_options={"synchronize_session": False})
