"""Erasing a person: everything that names them goes or is emptied, in every room; what honoring their wish needs stays."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, delete, func, null, or_, select, update

from crm.infra import audit, held
from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import current_org, new_id, session
from crm.infra.jobs import enqueue
from crm.infra.runtime import keyed_hash
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing, Reason, Refused
from crm.people.models import Email, Erasure, Export, Household, Import, ImportRow, Merge, Person, Phone, Snapshot
from crm.people.queries import person_for


@dataclass(frozen=True)
class Who:
    """Whom an erasure is about: the record, those merged into it, and by what else they would be recognized."""

    ids: tuple[int, ...]
    phones: tuple[str, ...]  # that nobody else of the organization has
    shared_phones: tuple[str, ...]
    emails: tuple[str, ...]  # that nobody else has
    names: tuple[str, ...]


ISSUES: list[Callable[[Actor, Who], list[Reason]]] = []
"""Why a room does not let a person go just now, such as an open vote; filled in create_app."""
ERASERS: list[Callable[[Actor, Who, datetime], dict[str, int]]] = []
"""What a room takes out beyond the rows that name the person; returns how many, by table."""


def who_is(actor: Actor, person_id: int) -> Who:
    """The person with all records that were merged into theirs, and the numbers, addresses and names that are theirs alone."""
    ids, fresh = {person_id}, {person_id}
    while fresh:
        into = select(Merge.gone_id).where(Merge.kept_id.in_(fresh), Merge.undone_at.is_(None))
        fresh = set(session().scalars(into)) - ids
        ids |= fresh
    phones, shared = _own(Phone, Phone.e164, ids)
    emails, _others = _own(Email, Email.address, ids)
    people = session().execute(select(Person.given_name, Person.family_name).where(Person.id.in_(ids))).all()
    names = tuple(dict.fromkeys(f"{given} {family}".strip() for given, family in people if given and family))
    return Who(tuple(sorted(ids)), phones, shared, emails, names)


def _own(model: Any, column: Any, ids: set[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    theirs = set(session().scalars(select(column).where(model.person_id.in_(ids))))
    others = set(session().scalars(select(column).where(column.in_(theirs), model.person_id.not_in(ids))))
    return tuple(sorted(theirs - others)), tuple(sorted(others))


def issues_before_erasing(actor: Actor, who: Who) -> list[Reason]:
    """Everything that keeps this person from being erased today."""
    return [reason for ask in ISSUES for reason in ask(actor, who)]


def erase_person(actor: Actor, person_id: int, *, now: datetime) -> int:
    """Erases a person everywhere in this organization; returns the number of the proof, which says nothing about them."""
    if not actor.may(Action.ADMINISTER):
        raise Missing
    person = person_for(actor, person_id, lock=True)
    who = who_is(actor, person_id)
    if issues := issues_before_erasing(actor, who):
        raise Refused(issues)
    household_id = person.household_id
    session().expunge(person)
    counts: dict[str, int] = {}
    for erase in (*ERASERS, _traces):
        for table, n in erase(actor, who, now).items():
            counts[table] = counts.get(table, 0) + n
    for table, n in held.take_out(who.ids).items():
        counts[table] = counts.get(table, 0) + n
    counts["households"] = _empty_household(household_id)
    row = Erasure(
        id=new_id(), org_id=actor.org_id, person_id=person_id, marks=sorted(mark_of(actor.org_id, value) for value in (*who.phones, *who.emails)),
        counts={table: n for table, n in counts.items() if n}, account_id=actor.account_id, created_at=now,
    )
    session().add(row)
    audit.record(actor, "person.erased", now=now, subject=("erasure", row.id), after={"rows": sum(counts.values())})
    enqueue(actor.org_id, "people.after_erasure", {"ids": list(who.ids)}, now=now, key=f"erased:{row.id}")
    session().flush()
    return row.id


def mark_of(org_id: int, value: str) -> str:
    """What is kept of a number or an address: whether it is known again, by this organization and on this machine only."""
    return keyed_hash("erased", f"{org_id}:{value.lower()}").hex()[:32]


def erased_marks(actor: Actor) -> frozenset[str]:
    """The marks of everyone who was erased."""
    return frozenset(mark for marks in session().scalars(select(Erasure.marks)) for mark in marks)


def _empty_household(household_id: int | None) -> int:
    if household_id is None or session().scalar(select(Person.id).where(Person.household_id == household_id).limit(1)):
        return 0
    return session().execute(delete(Household).where(Household.id == household_id)).rowcount  # type: ignore[attr-defined]


def _mentions(column: Any, words: Sequence[str]) -> ColumnElement[bool]:
    """Whether a column's text, or its JSON as it is written, holds one of these."""
    plain = cast(column, Text)
    spelled = {word for one in words for word in (one, json.dumps(one)[1:-1])}
    return or_(*(plain.contains(word, autoescape=True) for word in sorted(spelled)))


def _traces(actor: Actor, who: Who, now: datetime) -> dict[str, int]:
    """What no key ties to the person: rows of files, values of others' events, journals of merges, searches, files that wait to be fetched."""
    counts = {}
    quiet = {"synchronize_session": False}
    words = (*who.phones, *who.emails)
    rows = ImportRow.person_id.in_(who.ids)
    if words:
        rows = or_(rows, _mentions(ImportRow.plan, words), _mentions(ImportRow.cells, (*words, *(phone[-10:] for phone in who.phones))))
    counts["imports"] = _empty_samples(set(session().scalars(select(ImportRow.import_id).where(rows))), (*words, *who.names))
    counts["import_rows"] = _done(update(ImportRow).where(rows, ImportRow.state == "planned").values(
        cells=[], plan={}, problems=[], outcome="skip", answer="", person_id=None).execution_options(**quiet))
    counts["import_rows"] += _done(update(ImportRow).where(rows, ImportRow.state != "planned").values(
        cells=[], plan={}, problems=[], state="kept").execution_options(**quiet))
    told = (*words, *who.names)
    if told:
        others = or_(_mentions(Event.before, told), _mentions(Event.after, told)) & or_(Event.person_id.is_(None), Event.person_id.not_in(who.ids))
        counts["events"] = _done(update(Event).where(others).values(before=null(), after=null()).execution_options(**quiet))
        counts["snapshots"] = _done(update(Snapshot).where(_mentions(Snapshot.search, told)).values(search="").execution_options(**quiet))
        counts["merges"] = _done(delete(Merge).where(_mentions(Merge.journal, told)).execution_options(**quiet))
    counts["exports"] = _done(update(Export).where(Export.content.is_not(None)).values(content=None, state="gone").execution_options(**quiet))
    return counts


def _empty_samples(import_ids: set[int], told: Sequence[str]) -> int:
    """The first rows of a file are kept as a sample beside it: where the person is among its rows, the sample goes."""
    theirs = Import.id.in_(import_ids)
    found = session().scalars(select(Import).where(or_(theirs, _mentions(Import.reading, told)) if told else theirs)).all()
    for one in found:
        one.reading = one.reading | {"samples": [[] for _sample in one.reading.get("samples", ())]}
    session().flush()
    return len(found)


def _done(statement: Any) -> int:
    return session().execute(statement).rowcount  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Part:
    """What the preview says of one table."""

    table: str
    rows: int
    does: str
    because: str


def preview_erasure(actor: Actor, person_id: int) -> list[Part]:
    """What goes, what is emptied and what stays, table by table, with the reason; changes nothing."""
    person_for(actor, person_id)
    who = who_is(actor, person_id)
    reasons = {one.table: one.because for one in held.holdings.HELD if one.because}
    parts = []
    for name, model, does in held.tables_about():
        own = model.id.in_(who.ids) if name == "people" else held.about(model, who.ids)
        if "phone" in model.__mapper__.columns and who.phones:
            mine = model.phone.in_(who.phones)
            own = or_(own, mine & (model.partner_id == current_org()) if model.__access__ == "two_sided" else mine)
        if n := session().scalar(select(func.count()).select_from(model).where(own)):
            parts.append(Part(name, n, does, reasons.get(name, "")))
    return parts
