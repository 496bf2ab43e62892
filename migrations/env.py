"""Alembic's environment: one connection as the owner of the tables, given by the caller or by DATABASE_OWNER_URL."""

import warnings

from alembic import context
from sqlalchemy import event

from crm.infra import db
from crm.infra.schema import is_modelled
from crm.infra.tables import Base
from crm.settings import read_settings


def run() -> None:
    """Runs the migrations, each in its own transaction; SQLite alters tables by copying them (batch)."""
    url = context.config.attributes.get("url") or read_settings().database_owner_url
    engine = db.make_engine(url)
    # A copied table's neighbors are reflected as well; an index on an expression stays where it is, told of or not.
    warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index")
    if engine.dialect.name == "sqlite":
        # A copied table is dropped and renamed: with foreign keys on, the drop would take every row that points at it along.
        event.listen(engine, "connect", lambda connection, _record: connection.execute("pragma foreign_keys=off"))
    with engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True, transaction_per_migration=True,
            include_object=lambda _object, name, kind, *_: is_modelled(name, kind),
        )
        with context.begin_transaction():
            context.run_migrations()
        if engine.dialect.name == "sqlite" and (dangling := connection.exec_driver_sql("pragma foreign_key_check").all()):
            raise RuntimeError(f"rows point at nothing after the migration: {dangling[:5]}")
    engine.dispose()


run()
