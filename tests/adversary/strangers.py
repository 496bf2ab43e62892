"""An organization of which every record of the demonstration is a stranger, and in it a double of each kind of record."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import inspect, select

from crm.accounts.actions import add_account, give_grant
from crm.accounts.models import Grant
from crm.demonstration import DEMO_PASSWORD
from crm.infra import db
from crm.infra.db import Base, new_id
from crm.organizations.actions import add_organization
from crm.organizations.models import Organization
from tests.adversary.conftest import NOW
from tests.records import org

CANARY = "Zanzibar Canary"
OWNED = {m.local_table.name: m.class_ for m in Base.registry.mappers if m.class_.__access__ in ("private", "two_sided", "commons")}
WORDS = ("name", "title", "given_name", "shown_name", "body", "text", "summary")


class Strangers(NamedTuple):
    org: int
    grant: int
    of: dict[str, int]


def settle(slug: str) -> Strangers:
    """Elsewhere Alliance, in no coalition, holds a double of every kind of record that the organization of that slug holds."""
    with db.transaction():
        elsewhere = add_organization("Elsewhere Alliance", slug=f"elsewhere-{slug}", now=NOW)
        account = add_account(f"stranger@{slug}.example", "Stranger", DEMO_PASSWORD, now=NOW)
        grant = give_grant(account, elsewhere, "administrator", now=NOW)
    made = doubles(org(slug), elsewhere)
    with db.transaction(elsewhere) as s:
        for model, values in sorted(made, key=parents_first):
            s.add(model(**values))
            s.flush()
    named = {model.__tablename__: values["id"] for model, values in made}
    return Strangers(elsewhere, grant, named | {"organizations": elsewhere, "accounts": account, "grants": grant})


def parents_first(made: tuple[Any, dict[str, Any]]) -> tuple[int, bool]:
    """By table, and within one what hangs on another row of it (a reply, an amendment to an amendment) last."""
    table = made[0].__table__
    return Base.metadata.sorted_tables.index(table), any(made[1].get(key.parent.name) for key in table.foreign_keys if key.column.table is table)


def doubles(owner: int, elsewhere: int) -> list[tuple[Any, dict[str, Any]]]:
    """One record of each kind that `owner` has, and those it hangs on, as they would stand in the other organization."""
    made: dict[tuple[str, int], dict[str, Any]] = {}

    def double(model: Any, id: int | None = None) -> dict[str, Any] | None:
        mapper = inspect(model)
        wanted = select(*(getattr(model, p.key) for p in mapper.column_attrs)).where(model.id == id if id else model.org_id == owner)
        found = db.session().execute(wanted.order_by(model.id.desc()).limit(1)).mappings().first()
        if found is None or (mine := made.get((model.__tablename__, found["id"]))) is not None:
            return found and mine
        mine = made[model.__tablename__, found["id"]] = dict(found) | {"id": new_id(), "org_id": elsewhere}
        mine |= {name: f"{CANARY} {len(made)}" for name in WORDS if isinstance(found.get(name), str)}
        mine |= {name: f"x{mine['id']}" for name in ("poll_id", "slug", "provider_sid", "key") if isinstance(found.get(name), str)}
        for key in model.__table__.foreign_keys:
            name, target = mapper.get_property_by_column(key.parent).key, key.column.table.name
            if target == "organizations":
                mine[name] = elsewhere
            elif key.column.name == "id" and target in OWNED and found[name] is not None:
                parent = double(OWNED[target], found[name])
                mine[name] = parent and parent["id"]
        if mine.get("first_id") and mine.get("second_id"):  # of two, the lower id stands first
            mine["first_id"], mine["second_id"] = sorted((mine["first_id"], mine["second_id"]))
        return mine

    with db.reading(owner):
        for model in OWNED.values():
            if hasattr(model, "id"):
                double(model)
    kinds = {model.__tablename__: model for model in OWNED.values()}
    return [(kinds[table], values) for (table, _id), values in made.items()]


def tables_of_ids() -> dict[int, str]:
    """Id → table, of everything that the demonstration holds."""
    return {row["id"]: model.__tablename__ for _slug, model, row in cells() if isinstance(row.get("id"), int)}


def cells(but: tuple[int, ...] = ()) -> Iterator[tuple[str, Any, Any]]:
    """Every row of every organization: its slug, the kind and the row."""
    with db.reading() as s:
        orgs = s.execute(select(Organization.id, Organization.slug)).all()
        for model in (Organization, Grant):
            yield from (("", model, row) for row in s.execute(select(*(getattr(model, p.key) for p in inspect(model).column_attrs))).mappings())
    for id, slug in orgs:
        if id not in but:
            with db.reading(id) as s:
                for model in OWNED.values():
                    asked = select(*(getattr(model, p.key) for p in inspect(model).column_attrs))
                    yield from ((slug, model, row) for row in s.execute(asked).mappings())
