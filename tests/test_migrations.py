"""The migrations build exactly the models, forward and back, with one head and without importing the application's models."""

import ast
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from crm.infra import db
from crm.infra.policies import all_policies
from crm.infra.schema import is_modelled, migrations_config
from crm.infra.tables import Base
from tests import databases

VERSIONS = Path(__file__).parent.parent / "migrations" / "versions"


@pytest.fixture
def empty(pristine):
    """The owner's URL of a database without tables."""
    _app, stock, _world = pristine
    if isinstance(stock, databases.SqliteDatabases):
        yield f"sqlite:///{stock.folder / 'empty.db'}"
        (stock.folder / "empty.db").unlink(missing_ok=True)
        return
    stock._run("create database plenary_empty")
    yield stock._url("plenary_empty")
    stock._run("drop database plenary_empty with (force)")


def tables(url: str) -> set[str]:
    engine = db.make_engine(url)
    found = {name for name in inspect(engine).get_table_names() if is_modelled(name, "table")} - {"alembic_version"}
    engine.dispose()
    return found


def constraints(engine) -> set[tuple[str, str, str]]:
    looking = inspect(engine)
    return {
        (table, check["name"] or "", " ".join(check["sqltext"].split()))
        for table in looking.get_table_names() for check in looking.get_check_constraints(table)
    }


def indexes(engine) -> set[str]:
    """By name, on PostgreSQL with what it holds: those on expressions too, which comparing leaves out; not those that a database makes for itself."""
    asked = "select name from sqlite_master where type = 'index'" if engine.dialect.name == "sqlite" else "select indexname || ': ' || indexdef from pg_indexes"
    with engine.connect() as connection:
        return {name for name in connection.exec_driver_sql(asked).scalars() if name.startswith(("ix_", "gin_"))}


def test_upgrade_builds_the_models_and_downgrade_removes_them(empty):
    config = migrations_config(empty)
    command.upgrade(config, "head")
    assert tables(empty) == set(Base.metadata.tables)
    engine = db.make_engine(empty)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={
            "compare_type": True, "target_metadata": Base.metadata,
            "include_object": lambda _o, name, kind, *_: is_modelled(name, kind) and name != "ix_people_ladder",  # on an expression: see indexes()
        })
        difference = compare_metadata(context, Base.metadata)
        migrated, indexed = constraints(engine), indexes(engine)
        policies = set(connection.exec_driver_sql("select tablename, policyname from pg_policies").all()) if engine.dialect.name == "postgresql" else set()
    engine.dispose()
    assert difference == []
    command.downgrade(config, "base")
    assert tables(empty) == set()
    engine = db.make_engine(empty)
    Base.metadata.create_all(engine)
    assert constraints(engine) == migrated, "check constraints"
    assert indexes(engine) == indexed
    Base.metadata.drop_all(engine)
    engine.dispose()
    if policies:
        wanted = {(words[4], words[2]) for words in (p.split() for p in all_policies() if p.startswith("create policy"))}
        assert policies == wanted


def test_there_is_one_head():
    assert len(ScriptDirectory.from_config(migrations_config("sqlite://")).get_heads()) == 1


def test_migrations_never_import_the_application():
    for path in VERSIONS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.startswith("crm") for name in names), path.name


def test_a_database_with_people_in_it_keeps_them_through_every_migration(empty):
    config = migrations_config(empty)
    command.upgrade(config, "0001")
    engine = db.make_engine(empty)
    at, person = "2026-11-01 00:00:00+00:00", "insert into people (org_id, id, given_name, family_name, name_folded, language, standing, rung,"
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("set local row_security = off")
            connection.exec_driver_sql("set local plenary.org_id = '1'")
        columns = {column["name"]: column for column in inspect(connection).get_columns("organizations")}
        given = {"id": 1, "name": "Southbank", "created_at": at}
        for name, column in columns.items():
            if name not in given and not column["nullable"] and column["default"] is None:
                given[name] = {"BOOLEAN": "false"}.get(str(column["type"]), "x")
        if "kind" in given:
            given["kind"] = "union"
        keys, values = ", ".join(given), ", ".join(f"'{value}'" for value in given.values())
        connection.exec_driver_sql(f"insert into organizations ({keys}) values ({values})")
        connection.exec_driver_sql(
            f"{person} street, neighborhood, city, region, postal_code, source, custom, version, created_at, updated_at)"
            f" values (1, 7, 'Ana', 'Reyes', 'reyes ana', 'es', 'member', 2, '', '', '', '', '', '', '{{}}', 1, '{at}', '{at}')"
        )
        connection.exec_driver_sql(
            f"insert into phones (org_id, id, person_id, e164, kind, is_preferred, is_textable, created_at)"
            f" values (1, 8, 7, '+15105550100', 'mobile', true, true, '{at}')"
        )
    engine.dispose()
    command.upgrade(config, "head")
    engine = db.make_engine(empty)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("set local plenary.org_id = '1'")
        kept = connection.exec_driver_sql("select people.given_name, phones.e164 from people join phones on phones.person_id = people.id").all()
    engine.dispose()
    assert kept == [("Ana", "+15105550100")]
