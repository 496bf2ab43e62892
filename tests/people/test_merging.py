"""Merging and its way back: nothing that points at a person is forgotten, and nothing is lost."""

import pytest
from sqlalchemy import select

from crm.infra.db import session
from crm.infra.moving import keys_of, models, pointers
from crm.kernel.refusal import Missing, Refused
from crm.people import actions
from crm.people.actions.merging import BY_NAME, MERGE_RULES
from crm.people.models import Merge, Person, Phone
from tests.factories import MONDAY, make_person
from tests.people.merging import Stage, differences, dump

NAMES_NO_PERSON = {
    "account_id", "assigned_id", "job_id", "list_id", "link_id", "poll_id", "segment_id", "subject_id", "entry_id", "partner_id", "other_partner_id",
    "last_id", "gone_id", "assembly_id", "platform_id",
}  # fmt: skip
"""Numbers without a foreign key that name something else; `gone_id` of a merge is the old address itself."""


def not_understood(tables=None) -> list[str]:
    """Columns that may name a person and that no rule and no key makes known; tables whose collisions nobody can foresee."""
    wrong, known = [], pointers("people", BY_NAME["people"])
    for table, model in (tables or models()).items():
        for column in model.__table__.columns:
            is_known = column.name in known.get(table, ()) or column.foreign_keys or column.name in NAMES_NO_PERSON
            if (column.name.endswith("_id") or "person" in column.name) and column.name not in ("org_id",) and not is_known:
                wrong.append(f"{table}.{column.name}")
    return wrong


def unhandled() -> list[str]:
    wrong = []
    for table, columns in pointers("people", BY_NAME["people"]).items():
        model, rule = models()[table], MERGE_RULES.get(table)
        if rule and rule.stays:
            continue
        if model.__access__ not in ("private", "two_sided") or "id" not in model.__table__.c:
            wrong.append(f"{table}: cannot be moved")
        if (keys_of(model, columns) or len(columns) > 1) and rule is None:
            wrong.append(f"{table}: two of its rows may meet, and no rule says what then")
        first = {"two_sided": "partner_id"}.get(model.__access__, "org_id")
        for column in columns:
            indexes = [[c.name for c in index.columns] for index in [*model.__table__.indexes, *model.__table__.constraints] if getattr(index, "columns", None)]
            if not any(names[:2] == [first, column] for names in indexes):
                wrong.append(f"{table}.{column}: no index leads to it")
        if any(index.unique for index in model.__table__.indexes) and not (rule and rule.same):
            wrong.append(f"{table}: a partial uniqueness without a rule")
    return wrong


def test_every_column_that_names_a_person_is_understood(app):
    assert not_understood() == []
    assert unhandled() == []


@pytest.fixture
def staged(acting, world):
    """staged(seed, n) → ids of n people about whom every table says something, some of them living together."""

    def make(seed: int = 0, n: int = 2) -> list[int]:
        with acting("southbank", "imani") as actor:
            stage = Stage(actor, world.people["southbank"][:4], seed)
            ids = [stage.person() for _ in range(n)]
            stage.others += ids
            for id in ids:
                stage.tell(id)
            if seed % 3:
                stage.live_together([ids[0], world.people["southbank"][5]] if seed % 3 == 1 else ids[:2])
            if seed % 2:
                stage.live_together([ids[-1], world.people["southbank"][6]])
            actions.index_people(ids)
        return ids

    return make


def merge(acting, ids, kept=None, org="southbank", **choices) -> int:
    kept = kept or ids[0]
    with acting(org, "imani") as actor:
        versions = dict(session().execute(select(Person.id, Person.version).where(Person.id.in_(ids))).tuples().all())
        return actions.merge_people(actor, kept, [id for id in ids if id != kept], choices, versions, now=MONDAY)


@pytest.mark.parametrize("seed", range(12))
def test_merging_and_undoing_is_the_identity(acting, as_org, world, staged, seed):
    ids = staged(seed, 2 + seed % 3)
    with as_org("southbank"):
        before = dump(world.orgs["southbank"])
    merge_id = merge(acting, ids, kept=ids[seed % len(ids)])
    with as_org("southbank"):
        assert set(session().scalars(select(Person.id).where(Person.id.in_(ids)))) == {ids[seed % len(ids)]}
        assert nobody_is_named(set(ids) - {ids[seed % len(ids)]}) == []
    with acting("southbank", "imani") as actor:
        assert actions.undo_merge(actor, merge_id, now=MONDAY) == []
    with as_org("southbank"):
        assert differences(before, dump(world.orgs["southbank"])) == {}


def nobody_is_named(gone: set[int]) -> list[str]:
    """Where rows still point at records that went, but for the tables whose rows stay for a reason."""
    left = []
    for table, columns in pointers("people", BY_NAME["people"]).items():
        model = models()[table]
        if not (table in MERGE_RULES and MERGE_RULES[table].stays):
            left += [f"{table}.{c}" for c in columns if session().execute(select(getattr(model, c)).where(getattr(model, c).in_(gone))).first()]
    return left
