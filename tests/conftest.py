"""Fixtures of every test: a real database that is fresh each time, the small named world, checked clients, a still clock."""

import gc
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from crm import create_app
from crm.demonstration.build import build_demonstration
from crm.infra import clock as real_clock
from crm.infra import db, jobs, runtime
from crm.infra.auth import Actor
from crm.infra.schema import refresh_statistics, upgrade_database
from crm.kernel.permissions import Role
from crm.settings import Settings
from tests import databases
from tests.clients import CheckedClient
from tests.factories import MONDAY, PASSWORD, World, make_world


@dataclass
class StillClock:
    """A clock that stands until it is moved."""

    now: datetime = MONDAY

    def move(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now

    def set(self, to: datetime) -> datetime:
        self.now = to
        return self.now


@pytest.fixture(scope="session")
def pristine() -> Iterator[tuple]:
    """The application, the databases and the world, made once."""
    folder = Path(tempfile.mkdtemp(prefix="plenary-tests-"))
    db.make_engine = databases.quick(db.make_engine)
    stock = databases.start(folder)
    app = create_app(Settings(
        data_dir=folder / "data", database_url=stock.serving_url(), database_owner_url=stock.owner_url(), is_testing=True, is_demo=False,
        public_url="http://localhost", sealed_ballots="not-reviewed",
    ))
    app.test_client_class = CheckedClient
    real_clock.set_source(lambda: MONDAY)
    upgrade_database(runtime.settings().but(database_url=stock.serving_url()))
    db.connect(stock.serving_url())
    world = make_world()
    world.cookies = cookies_of_everybody(app, world)
    db.disconnect()
    stock.settle()
    gc.collect()
    gc.freeze()  # what the whole run keeps is not looked through again and again: a twentieth of its time
    yield app, stock, world
    db.disconnect()
    if isinstance(stock, databases.PostgresDatabases):
        stock.stop()
    shutil.rmtree(folder, ignore_errors=True)


def sign_in(browser: CheckedClient, world: World, name: str, org: str | None) -> None:
    """Signs in through the page, and acts for that organization."""
    browser.sign_in(f"{name}@{name}.example", PASSWORD)
    if org is not None:
        from crm.accounts.models import Grant  # noqa: PLC0415

        with db.reading():
            grant = db.session().query(Grant).filter_by(account_id=world.accounts[name], org_id=world.orgs[org]).one()
        assert browser.post("/acting", data={"grant_id": grant.id}).status_code == 303


def cookies_of_everybody(app: Flask, world: World) -> dict[tuple[str, str | None], str]:
    """A sign-in of each account for each of its organizations, which every test finds: signing in costs more than most tests do."""
    cookies = {}
    for name, grants in world.grants.items():
        for org in (None, *grants):
            browser: CheckedClient = app.test_client()  # type: ignore[assignment]
            sign_in(browser, world, name, org)
            cookies[name, org] = browser.get_cookie(app.config["SESSION_COOKIE_NAME"]).value
    return cookies


@pytest.fixture(scope="session")
def demonstration(pristine: tuple) -> Iterator[str]:
    """The demonstration, built once: `stock.copy_of` it, and connect to the copy."""
    _app, stock, _world = pristine
    url = stock.bare()
    db.connect(url)
    real_clock.set_source()
    build_demonstration(datetime(2026, 11, 23, 12, tzinfo=UTC))
    real_clock.set_source()
    refresh_statistics(runtime.settings().but(database_owner_url=stock.owner_of(url)))
    db.disconnect()
    yield url
    stock.drop(url)


@pytest.fixture
def app(pristine: tuple) -> Iterator[Flask]:
    """The application on a database of its own."""
    application, stock, _world = pristine
    url = stock.fresh()
    db.connect(url)
    yield application
    db.disconnect()
    stock.drop(url)


@pytest.fixture
def world(pristine: tuple, app: Flask) -> World:
    return pristine[2]


@pytest.fixture(autouse=True)
def clock() -> Iterator[StillClock]:
    still = StillClock()
    real_clock.set_source(lambda: still.now)
    yield still
    real_clock.set_source()


@pytest.fixture
def client(app: Flask, world: World) -> CheckedClient:
    """Nobody signed in."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def signed_in(app: Flask, world: World) -> Callable[..., CheckedClient]:
    """signed_in("imani", org="southbank") → a client acting for that organization."""
    waiting = dict(world.cookies)

    def enter(name: str, org: str | None = None) -> CheckedClient:
        browser: CheckedClient = app.test_client()  # type: ignore[assignment]
        if (cookie := waiting.pop((name, org), None)) and real_clock.now() == MONDAY:
            browser.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie)
        else:
            sign_in(browser, world, name, org)
        return browser

    return enter


@pytest.fixture
def as_org(app: Flask, world: World) -> Callable:
    """with as_org("southbank"): … reads directly, held to that organization."""

    @contextmanager
    def enter(org: str) -> Iterator[Actor]:
        with app.test_request_context(), db.reading(world.orgs[org]):
            yield Actor(org_id=world.orgs[org], role=Role.ADMINISTRATOR, name="Test", org_name=org)

    return enter


@pytest.fixture
def acting(app: Flask, world: World) -> Callable:
    """with acting("southbank", account="imani") as actor: … one write transaction, for calling actions directly."""

    @contextmanager
    def enter(org: str, account: str | None = None, role: Role = Role.ADMINISTRATOR) -> Iterator[Actor]:
        with app.test_request_context(), db.transaction(world.orgs[org]):
            yield Actor(org_id=world.orgs[org], role=role, account_id=world.accounts.get(account or ""), name=(account or "Test").title(), org_name=org)

    return enter


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], int]:
    """Runs every job that is due, to its end; returns the number of steps."""
    return jobs.run_due


@pytest.fixture
def count_queries(app: Flask) -> Callable:
    """with count_queries() as seen: … → len(seen) statements were sent."""

    @contextmanager
    def watch() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA", "select set_config")):
                seen.append(statement)

        event.listen(db.engine(), "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine(), "before_cursor_execute", note)

    return watch
