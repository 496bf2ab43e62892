"""Bringing a database to this version: migrations as the owner, then the serving role's grants."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import make_url

from crm.infra import db
from crm.infra.policies import grants
from crm.settings import BadSettings, Settings

TWO_ROLES = (
    "On PostgreSQL Plenary serves as a role that owns nothing, so that row-level security binds it:\n"
    "give the owner's URL as DATABASE_OWNER_URL (for `plenary db upgrade`) and another role's as DATABASE_URL."
)
MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"


def migrations_config(url: str) -> Config:
    """Alembic's configuration for the database at `url`."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def upgrade_database(settings: Settings) -> None:
    """Runs the migrations as the owner; on PostgreSQL makes the serving role if it is missing and renews its grants."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    serving, owner = make_url(settings.database_url), make_url(settings.database_owner_url)
    is_sqlite = serving.get_backend_name() == "sqlite"
    if not is_sqlite and serving.username == owner.username:
        raise BadSettings(TWO_ROLES)  # before anything is made
    command.upgrade(migrations_config(settings.database_owner_url), "head")
    if is_sqlite:
        return
    engine = db.make_engine(settings.database_owner_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.exec_driver_sql("select 1 from pg_roles where rolname = %s", (serving.username,)).scalar():
            # A role's name and password cannot be parameters of CREATE ROLE; quote_* are PostgreSQL's own.
            make = connection.exec_driver_sql(
                "select format('create role %%I login password %%L', %s::text, %s::text)", (serving.username, serving.password)
            ).scalar_one()
            connection.exec_driver_sql(make.replace("%", "%%"))
        name = connection.exec_driver_sql("select quote_ident(%s)", (serving.username,)).scalar_one()
        for statement in grants(name):
            connection.exec_driver_sql(statement)
    engine.dispose()


def refuse_other_version() -> None:
    """Refuses to work on a database that the migrations have not brought to this version."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    with db.engine().connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() != head:
            raise BadSettings("The database is not at this version of Plenary. Run: plenary db upgrade")


def is_modelled(name: str | None, kind: str) -> bool:
    """Whether the models declare it. What only one database has (FTS5 tables, GIN indexes) is in the migrations alone."""
    return not (name or "").startswith("person_index" if kind == "table" else "gin_")


def refresh_statistics(settings: Settings) -> None:
    """Tells the planner what the tables hold after much was written at once; in time it would learn by itself."""
    if make_url(settings.database_owner_url).get_backend_name() == "sqlite":
        db.know_sizes(db.make_engine(settings.database_owner_url))
        return
    engine = db.make_engine(settings.database_owner_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("analyze")
    engine.dispose()


def refuse_powerful_role() -> None:
    """Refuses to serve as a PostgreSQL role that row-level security would not bind: superuser, BYPASSRLS or owner."""
    if db.is_sqlite():
        return
    with db.engine().connect() as connection:
        is_powerful = connection.exec_driver_sql(
            "select rolsuper or rolbypassrls or exists (select 1 from pg_class where relowner = pg_roles.oid and relkind = 'r')"
            " from pg_roles where rolname = current_user"
        ).scalar_one()
    if is_powerful:
        raise BadSettings(TWO_ROLES)
