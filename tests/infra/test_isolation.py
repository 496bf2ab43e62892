"""T1, T3, T4, T5: an organization's rows are read and written by that organization only, on both databases."""

import pytest
from sqlalchemy import case, delete, func, insert, inspect, select, update
from sqlalchemy.orm import aliased

from crm.infra import db
from crm.infra.db import Base, new_id
from crm.infra.policies import FUNCTIONS, all_policies, visits
from crm.organizations.actions import admit_guest, end_guest
from crm.people.models import Person, Phone
from crm.platforms.models import Plank, Platform
from tests.factories import MONDAY, make_person

READS = {
    "select": lambda foreign: select(Person).where(Person.id == foreign),
    "columns": lambda foreign: select(Person.given_name).where(Person.id == foreign),
    "count": lambda foreign: select(Person.id).where(Person.id == foreign).group_by(Person.id),
    "exists alone": lambda foreign: select(Person.id).where(select(select(Person.id).where(Person.id == foreign).exists()).scalar_subquery()).limit(1),
    "alias": lambda foreign: select((p := aliased(Person)).id).where(p.id == foreign),
    "join": lambda foreign: select(Phone.e164).join(Person, (Person.id == Phone.person_id)).where(Person.id == foreign),
    "subquery": lambda foreign: select(Phone.id).where(Phone.person_id.in_(select(Person.id).where(Person.id == foreign))),
    "exists": lambda foreign: select(Phone.id).where(select(Person.id).where(Person.id == foreign).exists(), Phone.person_id == foreign),
    "cte": lambda foreign: select(select(Person.id).where(Person.id == foreign).cte().c.id),
    "union": lambda foreign: select(Person.id).where(Person.id == foreign).union(select(Person.id).where(Person.id == foreign)),
}


@pytest.mark.parametrize("way", READS)
def test_no_way_of_reading_shows_another_organizations_person(app, world, way):
    foreign = world.people["mill"][0]
    with db.reading(world.orgs["southbank"]) as s:
        assert s.execute(READS[way](foreign)).all() == [] and db.own(READS[way](foreign), {}).all() == []
    with db.reading(world.orgs["mill"]) as s:
        assert s.execute(READS[way](foreign)).all() != [] != db.own(READS[way](foreign), {}).all(), "the control: its own organization sees it"


def test_counting_sees_what_reading_sees(app, world):
    """count(*) names no column, so nothing but the criteria can hold it."""
    for table, seen in (("southbank", 12), ("table", 0)):
        with db.reading(world.orgs[table]) as s:
            counted = select(func.count()).select_from(Person)
            assert s.scalar(counted) == db.own(counted, {}).scalar() == seen
    with db.reading(), pytest.raises(RuntimeError, match="no organization"):
        db.own(counted, {})


HIDDEN = {
    "grouped": lambda rung: select(rung, func.count()).group_by(rung),
    "counted": lambda rung: select(func.count()).where(rung == 3),
}


@pytest.mark.parametrize("way", HIDDEN)
def test_a_statement_that_hides_whose_rows_it_reads_is_refused(app, world, way):
    """SQLAlchemy does not see an entity behind `value`, and would apply no criteria: SQLite would read every organization's people."""
    hidden = HIDDEN[way](case({5: 0, 4: 1}, value=Person.rung, else_=3))
    seen = HIDDEN[way](case((Person.rung == 5, 0), (Person.rung == 4, 1), else_=3))
    with db.reading(world.orgs["southbank"]) as s:
        assert s.execute(seen).all() != [], "the control: the same question, asked openly"
        for carry_out in (s.execute, lambda statement: db.own(statement, {})):
            with pytest.raises(RuntimeError, match="hides"):
                carry_out(hidden)


def test_get_and_refresh_and_bulk_writes_do_not_reach_it(app, world):
    mill, southbank, foreign = world.orgs["mill"], world.orgs["southbank"], world.people["mill"][0]
    with db.transaction(southbank) as s:
        assert s.get(Person, (mill, foreign)) is None
        assert s.execute(update(Person).where(Person.id == foreign).values(given_name="Stolen")).rowcount == 0
        assert s.execute(delete(Person).where(Person.id == foreign)).rowcount == 0
        assert db.own(update(Person).where(Person.id == foreign).values(given_name="Stolen"), {}).rowcount == 0
        assert db.own(delete(Person).where(Person.id == foreign), {}).rowcount == 0
    with db.reading(mill) as s:
        assert s.get(Person, (mill, foreign)).given_name != "Stolen"


def test_what_was_loaded_for_one_is_forgotten_for_the_next(app, world):
    mill, southbank, person = world.orgs["mill"], world.orgs["southbank"], world.people["mill"][0]
    db.scope_to(mill)
    held = db.session().get(Person, (mill, person))  # held, or the garbage collector would forget it for us
    assert held is not None
    db.scope_to(southbank)
    assert db.session().get(Person, (mill, person)) is None


def test_without_an_organization_nothing_private_is_read(app, world):
    db.scope_to(None)
    with pytest.raises(RuntimeError, match="no organization"):
        db.session().scalars(select(Person)).all()


def test_without_an_organization_nothing_is_counted(app, world):
    """count(*) names no mapper, so it does not raise: it finds nothing."""
    db.scope_to(None)
    assert db.session().scalar(select(func.count()).select_from(Person)) == 0


def test_the_organization_does_not_change_inside_a_transaction(app, world):
    with db.transaction(world.orgs["southbank"]), pytest.raises(RuntimeError, match="cannot change"):
        db.scope_to(world.orgs["mill"])


def test_rows_of_another_organization_are_not_written(app, world):
    mill, southbank = world.orgs["mill"], world.orgs["southbank"]
    with pytest.raises(RuntimeError, match="another organization"), db.transaction(southbank):
        make_person(mill)
    row = {"org_id": mill, "name_folded": "x", "updated_at": MONDAY}
    with pytest.raises(RuntimeError, match="another organization"), db.transaction(southbank) as s:
        s.execute(insert(Person), [row])


def test_a_write_outside_a_transaction_is_refused(app, world):
    db.scope_to(world.orgs["southbank"])
    db.session().add(Person(org_id=world.orgs["southbank"], name_folded="x", updated_at=MONDAY))
    with pytest.raises(RuntimeError, match="outside"):
        db.session().flush()
    db.session().rollback()


def test_a_phone_cannot_hang_on_another_organizations_person(app, world):
    """T5: composite foreign keys."""
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError), db.transaction(world.orgs["southbank"]) as s:
        s.add(Phone(org_id=world.orgs["southbank"], person_id=world.people["mill"][0], e164="+14155550199"))


def test_a_guest_reads_of_one_assembly_until_that_ends(app, world):
    from crm.assemblies.models import Assembly, AssemblySession
    from tests.turnout.conftest import make_assembly

    southbank, guest = world.orgs["southbank"], world.orgs["elsewhere"]
    with db.transaction(southbank):
        (first, session_id, _at), (other, _session, _then) = make_assembly(southbank, [southbank]), make_assembly(southbank, [southbank], title="Another")
    texts = {of: _platform_of(southbank, of) for of in (first, other)}
    seen = select(Assembly.id).order_by(Assembly.id)
    with db.transaction(guest):
        admit_guest(guest, first, now=MONDAY)
    with db.reading(guest) as s:
        assert s.scalars(seen).all() == [first] and s.scalars(select(AssemblySession.id)).all() == [session_id] and s.get(Assembly, other) is None
        assert s.scalar(select(func.count()).select_from(Assembly)) == 1 and s.scalars(select((a := aliased(Assembly)).id)).all() == [first], a
        assert s.scalars(select(Platform.id)).all() == [texts[first][0]] and s.scalars(select(Plank.id)).all() == [texts[first][1]]
    with db.transaction(guest):
        assert end_guest(guest, first, now=MONDAY) and not end_guest(guest, first, now=MONDAY)
    with db.reading(guest) as s:
        assert s.scalars(seen).all() == s.scalars(select(Platform.id)).all() == s.scalars(select(Plank.id)).all() == []
    with db.reading(southbank) as s:
        assert set(s.scalars(seen)) == {first, other} and len(s.scalars(select(Plank.id)).all()) == 2


def _platform_of(org_id, assembly_id):
    with db.transaction(org_id) as s:
        platform = Platform(id=new_id(), org_id=org_id, assembly_id=assembly_id, titles={"en": "A text"}, languages=["en"], authentic_language="en")
        s.add(platform)
        s.flush()
        plank = Plank(id=new_id(), org_id=org_id, platform_id=platform.id, position=1)
        s.add(plank)
        return platform.id, plank.id


def test_every_table_says_who_may_read_it_and_private_keys_begin_with_the_organization():
    for mapper in Base.registry.mappers:
        model, table = mapper.class_, mapper.local_table
        assert model.__access__ in ("private", "two_sided", "commons", "directory"), table.name
        if model.__access__ == "private":
            assert list(table.primary_key.columns)[0].name == "org_id", table.name
        if model.__access__ == "two_sided":
            assert {"org_id", "partner_id"} <= set(table.c.keys()), table.name


FOUND_BEFORE_AN_ORGANIZATION = {  # what a number, a public address or a poll id leads to
    "senders", "raw_hooks", "simulated_texts", "assembly_addresses", "platform_addresses", "published_boards",
    "published_papers", "sealed_polls", "larger_invitations",
    "federation_edges",  # numbers of assemblies alone: no organization sees the whole tree, and it must have no circle
}


def test_directory_tables_lie_only_where_an_organization_is_not_yet_known():
    below = {
        m.local_table.name for m in Base.registry.mappers
        if m.class_.__access__ == "directory" and m.class_.__module__.split(".")[1] not in ("infra", "organizations", "accounts")
    }
    assert below <= FOUND_BEFORE_AN_ORGANIZATION


def test_foreign_keys_between_private_rows_carry_the_organization():
    access = {m.local_table.name: m.class_.__access__ for m in Base.registry.mappers}
    for table in Base.metadata.tables.values():
        for key in table.foreign_key_constraints:
            if access[table.name] == access[key.referred_table.name] == "private":
                assert "org_id" in [c.name for c in key.columns], f"{table.name}.{key.name}"


class TestRowLevelSecurity:
    """T3: the same line held by PostgreSQL, for a role that owns nothing."""

    @pytest.fixture(autouse=True)
    def only_there(self, app):
        if db.is_sqlite():
            pytest.skip("SQLite has no row-level security; the session guards are tested above on both")

    def test_every_organization_owned_table_is_under_forced_policies(self):
        with db.engine().connect() as c:
            rows = dict(c.exec_driver_sql("select relname, relrowsecurity and relforcerowsecurity from pg_class"
                                          " where relkind = 'r' and relnamespace = 'public'::regnamespace").all())
            checks = c.exec_driver_sql("select tablename, qual, with_check, policyname from pg_policies").all()
        for mapper in Base.registry.mappers:
            name = mapper.local_table.name
            assert rows[name] == (mapper.class_.__access__ != "directory" and mapper.class_.__forced__), name
            if mapper.class_.__access__ != "directory":
                assert any(t == name and q and w for t, q, w, p in checks if p == "own"), name

    def test_the_serving_role_owns_nothing_and_bypasses_nothing(self):
        with db.engine().connect() as c:
            owned = c.exec_driver_sql("select count(*) from pg_class where relowner = (select oid from pg_roles where rolname = current_user)").scalar()
            role = c.exec_driver_sql("select rolsuper or rolbypassrls or rolcreaterole from pg_roles where rolname = current_user").scalar()
        assert (owned, role) == (0, False)

    def test_raw_sql_sees_only_the_set_organization(self, world):
        with db.engine().connect() as c:
            assert c.exec_driver_sql("select count(*) from people").scalar() == 0, "closed when none is set"
            c.rollback()
            c.exec_driver_sql("select set_config('plenary.org_id', %s, true)", (str(world.orgs["southbank"]),))
            assert c.exec_driver_sql("select count(distinct org_id) from people").scalar() == 1
            c.rollback()
            assert c.exec_driver_sql("select count(*) from people").scalar() == 0, "nothing is left on the connection"

    def test_a_durable_transaction_is_synced_whatever_the_server_was_told(self, world):
        """The tests' server syncs no commit by itself, as a careless one would not."""
        said = []
        for durable in (False, True, False):
            with db.transaction(world.orgs["southbank"], durable=durable) as s:
                said.append(s.connection().exec_driver_sql("show synchronous_commit").scalar())
        assert said == ["off", "on", "off"]

    def test_raw_sql_cannot_write_for_another(self, world):
        from sqlalchemy.exc import ProgrammingError

        with db.engine().connect() as c:
            c.exec_driver_sql("select set_config('plenary.org_id', %s, true)", (str(world.orgs["southbank"]),))
            assert c.exec_driver_sql("update people set given_name = 'x' where org_id = %s", (world.orgs["mill"],)).rowcount == 0
            with pytest.raises(ProgrammingError, match="row-level security"):
                c.exec_driver_sql("insert into tags (org_id, id, name, name_folded, created_at) values (%s, 1, 'x', 'x', now())", (world.orgs["mill"],))

    def test_the_circle_of_the_database_is_the_circle_of_the_session(self, world):
        for org in world.orgs.values():
            with db.reading(org) as s:
                raw = s.connection().exec_driver_sql("select plenary_circle()").scalars().all()
                assert sorted(set(raw)) == sorted(db.circle())

    def test_policies_are_written_for_every_model(self):
        owned = [m for m in Base.registry.mappers if m.class_.__access__ != "directory"]
        assert sum("enable row level" in p for p in all_policies()) == len(owned)
        assert {m.local_table.name for m in owned if not m.class_.__forced__} == {"person_words"}, "see crm/people/models/search.py"
        assert sum("force row level" in p for p in all_policies()) == len(owned) - 1
        with db.engine().connect() as c:
            there = set(c.exec_driver_sql("select prosrc from pg_proc where starts_with(proname, 'plenary_')").scalars())
        assert there >= {written.split("$$")[1] for written in (*FUNCTIONS, *visits().values())}, "the migrations hold these functions word for word"


def test_ids_are_known_before_the_insert_and_grow():
    ids = [db.new_id() for _ in range(10_000)]
    assert ids == sorted(set(ids))
    assert max(ids) < 2**63
    assert inspect(Person).primary_key[0].name == "org_id"
