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
from crm.infra.schema import migrations_config
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
    found = set(inspect(engine).get_table_names()) - {"alembic_version"}
    engine.dispose()
    return found


def constraints(engine) -> set[tuple[str, str, str]]:
    looking = inspect(engine)
    return {
        (table, check["name"] or "", " ".join(check["sqltext"].split()))
        for table in looking.get_table_names() for check in looking.get_check_constraints(table)
    }


def test_upgrade_builds_the_models_and_downgrade_removes_them(empty):
    config = migrations_config(empty)
    command.upgrade(config, "head")
    assert tables(empty) == set(Base.metadata.tables)
    engine = db.make_engine(empty)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": Base.metadata})
        difference = compare_metadata(context, Base.metadata)
        migrated = constraints(engine)
        policies = set(connection.exec_driver_sql("select tablename, policyname from pg_policies").all()) if engine.dialect.name == "postgresql" else set()
    engine.dispose()
    assert difference == []
    command.downgrade(config, "base")
    assert tables(empty) == set()
    engine = db.make_engine(empty)
    Base.metadata.create_all(engine)
    assert constraints(engine) == migrated, "check constraints"
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
