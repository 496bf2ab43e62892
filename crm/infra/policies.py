"""Row-level security for PostgreSQL, written from what each model declares; the migrations hold its output word for word.

Every organization-owned table has FORCE ROW LEVEL SECURITY and policies with USING and WITH CHECK. The serving role owns
nothing; `plenary.org_id` is set per transaction (SET LOCAL), and without it no row is visible.
"""

from collections.abc import Iterator
from typing import Any

from crm.infra.db import Base
from crm.infra.tables import ways_of

FUNCTIONS = (
    """create or replace function plenary_org() returns bigint language sql stable as
$$ select nullif(current_setting('plenary.org_id', true), '')::bigint $$""",
    """create or replace function plenary_circle() returns setof bigint language sql stable as
$$ select plenary_org()
   union select mine.coalition_id from coalition_memberships mine
         where mine.ended_at is null and plenary_org() in (mine.member_id, mine.coalition_id)
   union select theirs.member_id from coalition_memberships mine
         join coalition_memberships theirs on theirs.coalition_id = mine.coalition_id and theirs.ended_at is null
         where mine.ended_at is null and plenary_org() in (mine.member_id, mine.coalition_id) $$""",
    """create or replace function plenary_visits() returns setof bigint language sql stable as
$$ select assembly_id from guests where guest_id = plenary_org() and ended_at is null $$""",
)
_OWN = "org_id = (select plenary_org())"
_SIDE = "(select plenary_org()) in (org_id, partner_id)"


def belongs(model: Any) -> str:
    """That a row belongs to an assembly where the organization is a guest, as the database says it."""
    said = []
    for way in ways_of(model):
        named = f"select {way.theirs} from {way.through.__tablename__} where {belongs(way.through)}" if way.theirs not in ("", "id") else ""
        said.append(f"{way.own} in ({named or 'select plenary_visits' + (f'_{way.through.__tablename__}' if way.through else '') + '()'})")
    return " or ".join(said)


def visits() -> dict[str, str]:
    """Functions by table, in an order in which they can be made: the rows of it that belong to such an assembly, for what belongs to those."""
    found: dict[str, str] = {}

    def write(model: Any) -> None:
        for way in ways_of(model):
            if way.through is not None:
                write(way.through)
                if way.theirs == "id":
                    table = way.through.__tablename__
                    found[table] = (f"create or replace function plenary_visits_{table}() returns setof bigint language sql stable as\n"
                                    f"$$ select id from {table} where {belongs(way.through)} $$")

    for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.local_table.name):
        if mapper.class_.__access__ == "commons":
            write(mapper.class_)
    return found


def policies(table: str, access: str, has_partner: bool, is_forced: bool = True, of_assembly: str = "") -> list[str]:
    """The statements that put one table under row-level security; forced, it binds the owner too."""
    writes = _SIDE if has_partner else _OWN
    made = [f"alter table {table} enable row level security", f"create policy own on {table} using ({writes}) with check ({writes})"]
    if is_forced:
        made.insert(1, f"alter table {table} force row level security")
    if access == "commons":
        made.append(f"create policy circle on {table} for select using (org_id in (select plenary_circle()))")
    if of_assembly:
        made.append(f"create policy guest on {table} for select using ({of_assembly})")
    return made


def all_policies() -> Iterator[str]:
    """The statements for every organization-owned table, in the order of their names."""
    declared = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}
    for table in sorted(declared):
        model = declared[table]
        if model.__access__ != "directory":
            has_partner = model.__access__ == "two_sided" or (model.__access__ == "commons" and "partner_id" in model.__table__.c)
            of_assembly = belongs(model) if model.__access__ == "commons" else ""
            yield from policies(table, model.__access__, has_partner, model.__forced__, of_assembly)


def grants(role: str) -> list[str]:
    """What the serving role may do: rows, not tables."""
    return [
        f"grant usage on schema public to {role}", f"grant select, insert, update, delete on all tables in schema public to {role}",
        f"grant execute on all functions in schema public to {role}",
    ]
