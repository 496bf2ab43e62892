"""Bringing an import's rows in: some at a time, each lot in one transaction with the marks that say it is done."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import delete, update

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.bulk import insert_rows
from crm.infra.db import session
from crm.people import rules
from crm.people.actions.checking import read_created, store_plan, store_problems
from crm.people.actions.contacts import TEXTABLE
from crm.people.actions.duplicates import look_at_import
from crm.people.actions.imports import mapping_of
from crm.people.actions.searching import PLACE, index_people
from crm.people.actions.standing import write_brought
from crm.people.actions.tags import tag_ids_for
from crm.people.models import Address, Email, Identifier, Import, ImportFile, ImportRow, Note, Person, PersonTag, PersonWords, Phone
from crm.people.queries import cells_of, import_for, is_to_do, people_meant_by, planned_rows, rows_that_meet
from crm.people.rules.custom import PREFIX
from crm.people.rules.people import ADDRESS
from crm.people.rules.standing import Standing

AT_ONCE = 1000
CONSENT_HOOKS: list[Callable[[Actor, list[dict[str, Any]], datetime], None]] = []
"""Called with rows that say whether somebody may be texted: kind ("given", dated and sourced, or "revoked"), person_id, phones,
at, source, evidence (which names this row of this import alone) and `subject`, which an event about it must carry so that undoing
the import knows it for its own. Calling again with the same rows is harmless."""
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
        look_at_import(actor, import_id, found.reading["rows"], now=now)
        return True, found.done_rows
    by = Actor(actor.org_id, account_id=found.account_id, name=found.author)
    # Whoever it is that a row means: a number that wants no texts gets none.
    tell_consent(CONSENT_HOOKS, by, [row for row in rows if row.outcome == "skip" and "no" in row.plan.get("consent", {})], found, now)
    rows_in = [row for row in rows if row.outcome != "skip"]
    fresh = {row.number: read_created(row) for row in rows_in if row.outcome == "create"}
    # Who meets nobody is made as planned; who meets somebody by now, or was to meet somebody, is looked at once more.
    crowded = rows_that_meet(list(fresh.values()))
    made = [row for row in rows_in if row.number in fresh and row.number not in crowded]
    plans = [rules.create(rules.RowPlan(fresh[row.number], "create"), row.person_id) for row in made]
    write(by, plans, {}, found, now)
    _plan_again(by, [row for row in rows_in if row.number not in fresh or row.number in crowded], fresh, found, now)
    numbers = ImportRow.number.between(rows[0].number, rows[-1].number)
    done = update(ImportRow).where(ImportRow.import_id == import_id, numbers, ImportRow.state == "planned", is_to_do())
    session().execute(done.values(state="applied"), execution_options={"synchronize_session": False})
    found.done_rows = rows[-1].number - 1
    session().flush()
    return False, found.done_rows


def _plan_again(by: Actor, rows: Sequence[Any], fresh: dict[int, rules.RowIn], found: Import, now: datetime) -> None:
    """Plans rows against people as they are now and writes what comes of it; whom a row means stays as it was reviewed."""
    if not rows:
        return
    mapping = mapping_of(found)
    reader, cells = rules.RowReader(mapping), cells_of(by, found.id, [row.number for row in rows if row.number not in fresh])
    read = [fresh.get(row.number) or reader.read(row.number, cells[row.number]) for row in rows]
    known = people_meant_by(read, {row.person_id for row in rows if row.outcome != "create"} - {None})
    plans, changed = [], []
    for row, told in zip(rows, read, strict=True):
        is_settled = row.person_id in known.people or row.answer == "new"
        plan = rules.plan_row(told, known, mapping.existing, row.person_id, row.person_id if is_settled else None)
        if is_settled:
            plan.found_by = row.plan.get("found_by", "")
        plans.append(plan)
        stored, problems = store_plan(plan), store_problems(plan.problems)
        if plan.outcome != row.outcome or stored != row.plan or len(problems) != len(row.problems):
            changed.append(
                {"org_id": by.org_id, "id": row.id, "outcome": plan.outcome, "plan": stored, "problems": problems, "has_problems": bool(problems),
                 "person_id": plan.person_id, "answer": "?" if plan.candidates else row.answer}
            )  # fmt: skip
    write(by, plans, known.people, found, now)
    _update(ImportRow, changed)


def write(by: Actor, plans: Sequence[rules.RowPlan], known: dict[int, rules.KnownPerson], found: Import, now: datetime) -> None:
    """Writes what the plans say, in bulk, with one event for each person a row touches."""
    made = [plan for plan in plans if plan.outcome == "create"]
    changed = [plan for plan in plans if plan.outcome == "update"]
    ids = {plan.person_id for plan in made}
    values = [known[plan.person_id].values if plan.person_id in known else _values(plan) for plan in made]
    _insert_people(made, values, now)
    _change_people(by, changed, known, ids, now)
    _bring_standings(by, made, values, changed, known, found, now)
    _add_to_people(by, [*made, *changed], now)
    _index(made, values)
    index_people(plan.person_id for plan in changed)
    subject = ("import", found.id)
    imported = [{"person_id": plan.person_id, "after": {"file": found.filename, "row": plan.row.number}} for plan in made]
    audit.record_many(by, "person.imported", imported, now=now, subject=subject)
    audit.record_many(by, "person.updated_by_import", [_event(plan, found) for plan in changed], now=now, subject=subject)
    _call(CONSENT_HOOKS, by, [_said(plan.person_id, plan.row.number, plan.row.consent, found) for plan in plans if plan.row.consent], now)


def _values(plan: rules.RowPlan) -> dict[str, Any]:
    return plan.row.values | {"custom": plan.row.custom}


_TEXTS = (
    "given_name", "family_name", "pronouns", "other_languages", "street", "neighborhood", "city", "region", "postal_code", "source",
)  # fmt: skip
_USUAL = {"address_kind": "home", "language": "en", "standing": "contact"}


def _insert_people(plans: Sequence[rules.RowPlan], values: Sequence[dict[str, Any]], now: datetime) -> None:
    # What the sheet's later rows add to a person it makes is in the values; one insert writes it all.
    rows = []
    for plan, said in zip(plans, values, strict=True):
        texts = [said.get(name) or "" for name in _TEXTS]
        usual = [said.get(name) or value for name, value in _USUAL.items()]
        rows.append((plan.person_id, rules.sort_name(texts[0], texts[1]), *texts, *usual, said.get("member_since"), said.get("custom") or {}))
    columns = ("id", "name_folded", *_TEXTS, *_USUAL, "member_since", "custom")
    insert_rows(Person, columns, rows, created_at=now, updated_at=now, version=1, rung=0)


def _index(plans: Sequence[rules.RowPlan], values: Sequence[dict[str, Any]]) -> None:
    """What search looks through, for people that are new: all of it is in the plan."""
    rows = []
    for plan, said in zip(plans, values, strict=True):
        others = [*(said.get(name) or "" for name in PLACE), *(number for number, _kind in plan.phones), *plan.emails, *plan.notes]
        others += (part for one in plan.addresses for part in one[1:])
        rows.append((plan.person_id, *rules.words_of((said.get("family_name") or "", said.get("given_name") or ""), others)))
    insert_rows(PersonWords, ("person_id", "names", "words"), rows)


def _add_to_people(by: Actor, plans: Sequence[rules.RowPlan], now: datetime) -> None:
    """What hangs on a person: numbers, addresses, IDs, tags, notes."""
    phones = [
        (plan.person_id, e164, kind, place == 0 and not plan.had_phone, kind in TEXTABLE)
        for plan in plans
        for place, (e164, kind) in enumerate(plan.phones)
    ]
    insert_rows(Phone, ("person_id", "e164", "kind", "is_preferred", "is_textable"), phones, created_at=now)
    emails = [(plan.person_id, address, place == 0 and not plan.had_email) for plan in plans for place, address in enumerate(plan.emails)]
    insert_rows(Email, ("person_id", "address", "is_preferred"), emails, created_at=now)
    ids = [(plan.person_id, system, value) for plan in plans for system, value in plan.ids]
    insert_rows(Identifier, ("person_id", "system", "value"), ids, created_at=now)
    tag_ids = tag_ids_for(by, list(dict.fromkeys(tag for plan in plans for tag in plan.tags)))
    carried = [(plan.person_id, tag_id) for plan in plans for tag_id in {tag_ids[tag] for tag in plan.tags}]
    insert_rows(PersonTag, ("person_id", "tag_id"), carried, created_at=now)
    addresses = [(plan.person_id, *one) for plan in plans for one in plan.addresses]
    insert_rows(Address, ("person_id", "kind", *ADDRESS), addresses, created_at=now)
    notes = [(plan.person_id, body) for plan in plans for body in plan.notes]
    insert_rows(Note, ("person_id", "body"), notes, created_at=now, account_id=by.account_id, author=by.name)


ConsentHook = Callable[[Actor, list[dict[str, Any]], datetime], None]


def tell_consent(hooks: Sequence[ConsentHook], by: Actor, rows: Sequence[Any], found: Import, now: datetime) -> None:
    """Tells what stored rows say about texts."""
    _call(hooks, by, [_said(row.person_id, row.number, row.plan["consent"], found) for row in rows if row.plan.get("consent")], now)


def _call(hooks: Sequence[ConsentHook], by: Actor, told: Sequence[dict[str, Any]], now: datetime) -> None:
    if told := [row for row in told if row["phones"]]:
        for hook in hooks:
            hook(by, told, now)


def _said(person_id: int | None, number: int, consent: dict[str, Any], found: Import) -> dict[str, Any]:
    """One row as the consent hooks are told."""
    return {
        "kind": "revoked" if "no" in consent else "given",
        "person_id": person_id,
        "phones": consent["phones"],
        "source": consent.get("no") or consent["source"],
        "at": datetime.combine(date.fromisoformat(consent["at"]), time(12), UTC) if "at" in consent else None,
        "evidence": f"{found.filename}, {number} (#{found.id})",
        "subject": ("import", found.id),
    }


def _change_people(by: Actor, plans: Sequence[rules.RowPlan], known: dict[int, rules.KnownPerson], made: set[int | None], now: datetime) -> None:
    changes: dict[int, dict[str, Any]] = {}
    for plan in plans:
        if plan.person_id not in made:
            change = changes.setdefault(plan.person_id, {})
            change |= {name: after for name, (_, after) in plan.changes.items() if not name.startswith(PREFIX)}
            if any(name.startswith(PREFIX) for name in plan.changes):
                change["custom"] = known[plan.person_id].values["custom"]
    for person_id, values in changes.items():
        now_is = known[person_id].values
        values |= {"org_id": by.org_id, "id": person_id, "updated_at": now, "version": now_is["version"] + 1}
        if "given_name" in values or "family_name" in values:
            values["name_folded"] = rules.sort_name(now_is.get("given_name") or "", now_is.get("family_name") or "")
    _update(Person, list(changes.values()))


def _bring_standings(
    by: Actor, made: Sequence[rules.RowPlan], values: Sequence[dict[str, Any]], changed: Sequence[rules.RowPlan],
    known: dict[int, rules.KnownPerson], found: Import, now: datetime,
) -> None:  # fmt: skip
    """What the sheet says of standings goes into the histories, under the sheet's name."""
    made_ids = {plan.person_id for plan in made}
    new = {plan.person_id: (said["standing"], said.get("member_since")) for plan, said in zip(made, values, strict=True) if said.get("standing")}
    changes: dict[int, tuple[Standing, Standing]] = {}
    for plan in changed:
        if "standing" in plan.changes and plan.person_id not in made_ids:
            is_now = known[plan.person_id].values
            was = plan.changes["standing"][0], plan.changes.get("member_since", (is_now["member_since"],))[0]
            changes[plan.person_id] = (changes.get(plan.person_id, (was,))[0], (is_now["standing"], is_now["member_since"]))
    if new or changes:
        write_brought(by, new, changes, reason_of(found), now=now)


def reason_of(found: Import) -> str:
    """What a history says of a change that a spreadsheet brought; by its number the import finds its rows again."""
    return f"{found.filename[-160:]} (#{found.id})"


def _event(plan: rules.RowPlan, found: Import) -> dict[str, Any]:
    stored = store_plan(plan)
    before = {name: pair[0] for name, pair in stored.get("changes", {}).items()}
    after = {name: pair[1] for name, pair in stored.get("changes", {}).items()}
    added = {name: stored[name] for name in ("phones", "emails", "addresses", "tags") if name in stored}
    fields = list({**after, **added})
    return {
        "person_id": plan.person_id,
        "before": before,
        "after": after | added | {"fields": fields, "file": found.filename},
    }


def _update(model: type, rows: list[dict[str, Any]]) -> None:
    if rows:
        # Nobody looks at the loaded objects again in this transaction, so they are not brought up to date one by one.
        session().execute(update(model), rows, execution_options={"synchronize_session": False})
