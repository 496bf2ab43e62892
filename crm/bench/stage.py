"""A database of its own for each figure, made and dropped by the owner, so that measuring never touches an instance."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, Table, insert, make_url, select

from crm import create_app
from crm.infra import clock, db
from crm.infra.auth import Actor
from crm.infra.bulk import as_driver_takes
from crm.infra.db import new_id, session, transaction
from crm.infra.schema import upgrade_database
from crm.kernel.permissions import Role
from crm.organizations.actions import add_organization
from crm.people.actions import index_people
from crm.people.models import Person, Phone
from crm.people.rules import sort_name
from crm.settings import Settings, read_settings

NOON = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # a Monday noon in Los Angeles: texts may leave


@dataclass
class Stage:
    """An application on a fresh database with one organization."""

    app: Flask
    settings: Settings
    org_id: int
    kind: str
    people: list[int] = field(default_factory=list)  # those whom several figures look at, in the order in which they came

    @property
    def actor(self) -> Actor:
        return Actor(self.org_id, Role.ADMINISTRATOR, name="Bench", org_name="Bench", time_zone="America/Los_Angeles")

    def owner(self) -> Engine:
        """The tables' owner, held to the organization as everyone is."""
        return db.make_engine(self.settings.database_owner_url)

    def hold(self, connection: Connection) -> None:
        """Holds the owner's connection to the organization: forced policies bind the owner too."""
        if self.kind == "postgresql":
            connection.exec_driver_sql("select set_config('plenary.org_id', %s, false)", (str(self.org_id),))

    def settle(self) -> None:
        """What happens by itself within minutes of a large load: fresh statistics; on PostgreSQL, a visibility map."""
        db.know_sizes()
        if self.kind == "postgresql":
            engine = db.make_engine(self.settings.database_owner_url, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.exec_driver_sql("vacuum analyze")
            engine.dispose()


@contextmanager
def stage() -> Iterator[Stage]:
    """Builds the stage and takes it away."""
    own = read_settings()
    folder = own.data_dir / f"bench-{os.getpid()}-{new_id():x}"  # its own address each time: what a process keeps of a folder is that folder's
    folder.mkdir(parents=True)
    settings, drop = _database(own, folder)
    clock.set_source(lambda: NOON)
    try:
        upgrade_database(settings)
        app = create_app(settings)
        with app.test_request_context(), transaction():
            org_id = add_organization("Bench", slug="bench", now=NOON)
        yield Stage(app, settings, org_id, "postgresql" if drop else "sqlite")
    finally:
        db.disconnect()
        clock.set_source()
        if drop:
            drop()
        shutil.rmtree(folder, ignore_errors=True)


def _database(own: Settings, folder: Any) -> tuple[Settings, Callable[[], None] | None]:
    queue = f"sqlite:///{folder / 'queue.db'}"
    if make_url(own.database_url).get_backend_name() == "sqlite":
        url = f"sqlite:///{folder / 'bench.db'}"
        return own.but(data_dir=folder, database_url=url, database_owner_url=url, queue_url=queue, is_demo=False, is_testing=True), None
    name = f"plenary_bench_{os.getpid()}"

    def run(statement: str) -> None:
        engine = db.make_engine(own.database_owner_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    def on(url: str) -> str:
        return make_url(url).set(database=name).render_as_string(hide_password=False)

    run(f"create database {name}")
    made = own.but(data_dir=folder, database_url=on(own.database_url), database_owner_url=on(own.database_owner_url), queue_url=queue,
                   is_demo=False, is_testing=True)
    return made, lambda: run(f"drop database {name} with (force)")


def add_people(on: Stage, count: int, standing: str = "member") -> list[int]:
    """Adds people with a phone each, and returns their ids."""
    given, family = ("Ana", "Luis", "Hanh", "Keisha", "Samir"), ("Quintero", "Okafor", "Nguyen", "Webb", "Haddad", "Reyes", "Abdi")
    ids = [new_id() for _ in range(count)]
    for begin in range(0, count, 5000):
        part = ids[begin : begin + 5000]
        with transaction(on.org_id):
            session().execute(insert(Person), [
                {"org_id": on.org_id, "id": id, "given_name": given[id % 5], "family_name": f"{family[id % 7]} {n}", "language": "es" if n % 3 == 0 else "en",
                 "name_folded": sort_name(given[id % 5], f"{family[id % 7]} {n}"), "standing": standing, "rung": n % 6, "updated_at": NOON}
                for n, id in enumerate(part, begin)
            ])
            session().execute(insert(Phone), [
                {"org_id": on.org_id, "person_id": id, "e164": f"+1415{2000000 + n:07d}", "is_preferred": True} for n, id in enumerate(part, begin)
            ])
            index_people(part)
    return ids


def bare_inserts(on: Stage, tables: list[Table]) -> tuple[int, float]:
    """Takes the rows of these tables out, and puts them back bare, all indexes standing, in one transaction: rows, seconds.

    As the driver takes them, without a program between.
    """
    with on.owner().connect() as connection:
        on.hold(connection)
        count, ready = 0, []
        for table in tables:
            rows = [tuple(row) for row in connection.execute(select(table))]
            count += len(rows)
            columns = tuple(table.c.keys())
            ready += [as_driver_takes(table, columns, rows[start : start + 5000], connection.dialect, {}) for start in range(0, len(rows), 5000)]
        for table in reversed(tables):
            connection.execute(table.delete())
        connection.commit()  # taking them out is no part of the limit
        begin = time.perf_counter()
        for statement, parameters in ready:
            connection.exec_driver_sql(statement, parameters)
        connection.commit()
        return count, time.perf_counter() - begin


def bare_copy(on: Stage, table: Table) -> tuple[int, float]:
    """Takes the rows of a table out and puts them back by one INSERT … SELECT, all indexes standing: rows, seconds."""
    with on.owner().connect() as connection:
        on.hold(connection)
        connection.exec_driver_sql(f"create temporary table kept as select * from {table.name}")
        connection.execute(table.delete())
        connection.commit()  # taking them out is no part of the limit
        on.hold(connection)
        begin = time.perf_counter()
        count = connection.exec_driver_sql(f"insert into {table.name} select * from kept").rowcount  # noqa: S608 - our own names
        connection.commit()
        return count, time.perf_counter() - begin
