"""Merging: several records of one person become one. Everything that hangs on the others moves, and a journal holds the way back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.moving import Moving, Rule, rows_of
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.people.actions.searching import index_people
from crm.people.actions.standing import history_of
from crm.people.models import Address, Email, Merge, Person, Phone, StandingChange
from crm.people.queries.doors import person_for
from crm.people.rules import merging
from crm.people.rules.people import ADDRESS
from crm.people.rules.standing import standing_now

BY_NAME = {"people": ("person_id",)}
"""Columns that name a person without a foreign key: the row outlives the person, or the person is a partner's."""
MERGE_GUARDS: list[Callable[[Actor, Sequence[int]], list[Reason]]] = []
"""What keeps these records from going: rooms further down say so."""
MERGE_HOOKS: list[Callable[[Actor, Person, Moving], None]] = []
"""What rooms further down bring in step with the record that stays, through the journal."""
MERGE_RULES: dict[str, Rule] = {
    "audit_entries": Rule(stays="the chain of what was done is never rewritten"),
    "person_words": Rule(stays="made anew for the record that stays"),
    "events": Rule(N_("Lines of the timeline")),
    "phones": Rule(N_("Phones"), unite=merging.unite_phones),
    "emails": Rule(N_("E-mail addresses")),
    "addresses": Rule(N_("Other addresses"), same=merging.same_address),
    "person_tags": Rule(N_("Tags")),
    "notes": Rule(N_("Notes")),
    "identifiers": Rule(N_("Numbers in other systems")),
    "relationships": Rule(N_("Relationships"), arrange=merging.arrange_relationship),
    "standing_changes": Rule(N_("History of the standing")),
    "duplicates": Rule(N_("Possible duplicates"), arrange=merging.arrange_pair, unite=merging.unite_pairs),
    "households": Rule(N_("Households")),
    "import_rows": Rule(N_("Rows of imports")),
    "merges": Rule(N_("Earlier merges")),
    "reveals": Rule(N_("Numbers that were shown")),
    "people": Rule(N_("The record itself")),
}
"""Table → what becomes of its rows; rooms further down add theirs, and a table without a rule moves as it is."""


def merge_people(
    actor: Actor, kept_id: int, gone_ids: Sequence[int], choices: Mapping[str, int], versions: Mapping[int, int], *, now: datetime
) -> int:
    """Takes the other records into the one that stays. `choices` says field by field whose value stays, `versions` what was seen."""
    if not actor.may(Action.EDIT_PEOPLE):
        raise Missing
    ids = sorted({kept_id, *gone_ids})
    people = {id: person_for(actor, id, lock=True) for id in ids}
    gone_ids = [id for id in ids if id != kept_id]
    wrong = _issues(actor, people, gone_ids, versions)
    if wrong:
        raise Refused(wrong)
    records = [_columns(people[id]) for id in ids]
    values = merging.merged_values(records, kept_id, choices)
    history = _histories(ids)
    moving = Moving(MERGE_RULES, BY_NAME)
    _take_values(moving, records, kept_id, values, now)
    for id in gone_ids:
        _prefer_one(moving, kept_id, id)
        moving.absorb("people", {id: kept_id})
        moving.remove("people", [record for record in records if record["id"] == id])
    chosen = {**merging.usual_choices(records, kept_id), **choices}.get("standing", kept_id)
    _keep_history(moving, people[kept_id], history, chosen, values)
    _leave_no_one_alone(moving, records)
    session().expire_all()
    kept = person_for(actor, kept_id)
    for hook in MERGE_HOOKS:
        hook(actor, kept, moving)
    merge_id = _keep_journal(actor, kept, [record for record in records if record["id"] != kept_id], moving, now)
    session().expire_all()
    kept.version, kept.updated_at = kept.version + 1, now
    index_people([kept_id])
    audit.record(actor, "person.merged", now=now, person_id=kept_id, subject=("merge", merge_id), after={"n": len(ids)})
    session().flush()
    return merge_id


def _issues(actor: Actor, people: Mapping[int, Person], gone_ids: Sequence[int], versions: Mapping[int, int]) -> list[Reason]:
    wrong = []
    if not gone_ids:
        wrong.append(Reason(N_("Choose at least two records.")))
    if len(people) > merging.MOST:
        wrong.append(Reason(N_("Merge at most %(n)s records at once."), {"n": merging.MOST}))
    for id, person in people.items():
        if versions.get(id) != person.version:
            name = person.name or Reason(N_("Name not known"))
            wrong.append(Reason(N_("%(name)s was changed meanwhile. Look at the records once more."), {"name": name}))
    return wrong + [reason for guard in MERGE_GUARDS for reason in guard(actor, gone_ids)]


def _columns(person: Person) -> dict[str, Any]:
    return {column.key: getattr(person, column.key) for column in Person.__mapper__.column_attrs}


def _take_values(moving: Moving, records: Sequence[dict[str, Any]], kept_id: int, values: dict[str, Any], now: datetime) -> None:
    """Gives the record that stays the chosen values; a home that was theirs only on another record is theirs now."""
    homes = [record["household_id"] for record in sorted(records, key=lambda one: one["id"] != kept_id) if record["household_id"]]
    kept = next(record for record in records if record["id"] == kept_id)
    wanted = values | {"household_id": homes[0] if homes else None}
    others = merging.further_addresses(records, kept | values)
    known = session().execute(select(*[getattr(Address, name) for name in ADDRESS]).where(Address.person_id == kept_id)).mappings()
    there = {merging.address_of(row) for row in known}
    new = [row for row in others if merging.address_of(row) not in there]
    moving.change("people", {kept_id: wanted}, pointing=list(wanted))
    moving.add("addresses", [{"id": new_id(), "person_id": kept_id, "created_at": now, **row} for row in new])


def _prefer_one(moving: Moving, kept_id: int, gone_id: int) -> None:
    """One number and one e-mail address are preferred: those of the record that stays, if it has any."""
    for model in (Phone, Email):
        has = session().scalar(select(func.count()).select_from(model).where(model.person_id == kept_id))
        mine = select(model.id).where(model.person_id == gone_id, model.is_preferred)
        if has:
            moving.change(model.__tablename__, {id: {"is_preferred": False} for id in session().scalars(mine)})


def _histories(ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {id: [] for id in ids}
    columns = [getattr(StandingChange, column.key) for column in StandingChange.__mapper__.column_attrs]
    for row in session().execute(select(*columns).where(StandingChange.person_id.in_(ids)).order_by(StandingChange.id)).mappings():
        found[row["person_id"]].append(dict(row))
    return found


def _keep_history(moving: Moving, kept: Person, histories: dict[int, list[dict[str, Any]]], chosen: int, values: dict[str, Any]) -> None:
    """The history that led to the chosen standing stays; the others' stand beside it only where they do not gainsay it."""
    now_is = (values["standing"], values["member_since"])
    if any(histories.values()) and standing_now(history_of(kept)) != now_is:
        others = [row | {"person_id": kept.id} for id, rows in histories.items() if id != chosen for row in rows]
        moving.remove("standing_changes", others)


def _leave_no_one_alone(moving: Moving, records: Sequence[dict[str, Any]]) -> None:
    """One person alone is no household."""
    homes = {record["household_id"] for record in records} - {None}
    living: dict[int, list[int]] = {home: [] for home in homes}
    for id, home in session().execute(select(Person.id, Person.household_id).where(Person.household_id.in_(homes))):
        living[home].append(id)
    alone = [home for home, ids in living.items() if len(ids) < 2]
    left = [id for home in alone for id in living[home]]
    if alone:
        moving.change("people", {id: {"household_id": None} for id in left}, pointing=["household_id"])
        moving.remove("households", rows_of("households", alone))


def _keep_journal(actor: Actor, kept: Person, gone: Sequence[dict[str, Any]], moving: Moving, now: datetime) -> int:
    """One row for each record that went, so that its address leads on; the first holds the way back of all."""
    ids = [new_id() for _ in gone]
    for id, record in zip(ids, gone, strict=True):
        name = f"{record['given_name']} {record['family_name']}".strip()
        journal = {"main": ids[0], "name": name, **({"steps": moving.journal} if id == ids[0] else {})}
        session().add(Merge(
            id=id, org_id=actor.org_id, kept_id=kept.id, gone_id=record["id"], journal=journal, account_id=actor.account_id, author=actor.name,
            merged_at=now, created_at=now,
        ))  # fmt: skip
    session().flush()
    return ids[0]
