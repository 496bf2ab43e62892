"""The workshop: takes a guard out of a function that runs, lets one of our tests look, and puts the guard back."""

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import make_url

from crm.infra import db, runtime
from crm.infra.policies import all_policies

BROKEN = (NameError, SyntaxError, AttributeError, TypeError, ImportError)
"""A mutant that falls over its own feet proves nothing."""


@dataclass(frozen=True)
class Edit:
    """In the source of `where` (module:function), `old` becomes `new`."""

    where: str
    old: str
    new: str = ""


@dataclass(frozen=True)
class Mutant:
    """A guard taken out, and the test of ours that must turn red."""

    name: str
    edits: tuple[Edit, ...]
    test: str
    arguments: dict[str, Any] = field(default_factory=dict)
    sql: tuple[str, ...] = ()

    @property
    def watch(self) -> tuple[str, tuple]:
        """The test as a key: the same test watches over several guards."""
        return self.test, tuple(sorted((k, repr(v)) for k, v in self.arguments.items()))


def found(where: str) -> Any:
    """What "module:name.name" names."""
    module, _, path = where.partition(":")
    thing: Any = importlib.import_module(module)
    for name in path.split("."):
        thing = getattr(thing, name)
    return thing


def forget(thing: Any) -> None:
    """What a cache remembers of the other code."""
    if hasattr(thing, "cache_clear"):
        thing.cache_clear()


@contextmanager
def mutated(edit: Edit) -> Iterator[None]:
    """The function runs changed code until the end, for everyone who holds it."""
    named = found(edit.where)
    function = inspect.unwrap(named)
    source = textwrap.dedent(inspect.getsource(function))
    if edit.old not in source:
        raise NameError(f"the guard is not where it was: {edit.where} has no {edit.old!r}")
    tree = ast.parse(source.replace(edit.old, edit.new))
    tree.body[0].decorator_list = []  # type: ignore[attr-defined]
    made: dict[str, Any] = {}
    exec(compile(tree, f"<{edit.where} without its guard>", "exec"), function.__globals__, made)
    whole, function.__code__ = function.__code__, made[function.__name__].__code__
    forget(named)
    try:
        yield
    finally:
        function.__code__ = whole
        forget(named)


@contextmanager
def without(mutant: Mutant) -> Iterator[None]:
    """All guards of the mutant are out until the end."""
    with ExitStack() as all_of_them:
        for edit in mutant.edits:
            all_of_them.enter_context(mutated(edit))
        yield


def as_owner(*statements: str) -> None:
    """Runs statements on the test's database as the owner of its tables; whoever still holds a row there is sent away first."""
    db.close_session()
    url = make_url(runtime.settings().database_owner_url).set(database=db.engine().url.database)
    engine = db.make_engine(url.render_as_string(hide_password=False), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def lower_policies() -> None:
    """PostgreSQL: no row-level security, so that the guards of the program stand alone, as on SQLite."""
    as_owner(*(f"alter table {table} disable row level security" for table in db.Base.metadata.tables))


def raise_policies() -> None:
    """PostgreSQL: row-level security stands again."""
    as_owner(*(statement for statement in all_policies() if statement.endswith(" enable row level security")))


class Fixtures:
    """Finds what a test of another room asks for: what stands already, its module's, its folder's, then everyone's."""

    def __init__(self, request: pytest.FixtureRequest, module: str):
        self.request, self.made, self.open = request, {}, ExitStack()
        self.modules = [importlib.import_module(module)]
        with suppress(ModuleNotFoundError):
            self.modules.append(importlib.import_module(f"{module.rpartition('.')[0]}.conftest"))

    def get(self, name: str) -> Any:
        if name not in self.made:
            self.made[name] = self._make(name)
        return self.made[name]

    def _make(self, name: str) -> Any:
        if name in self.request.fixturenames:
            return self.request.getfixturevalue(name)
        for module in self.modules:
            fixture = getattr(module, name, None)
            if hasattr(fixture, "_get_wrapped_function"):
                function = fixture._get_wrapped_function()
                asked = {each: self.get(each) for each in inspect.signature(function).parameters}
                if inspect.isgeneratorfunction(function):
                    steps = function(**asked)
                    self.open.callback(next, steps, None)  # as pytest does: tidied up whatever the test said
                    return next(steps)
                return function(**asked)
        return self.request.getfixturevalue(name)


def run(request: pytest.FixtureRequest, mutant: Mutant, broken: bool) -> None:
    """Runs the mutant's test, its fixtures built from whole code; the guards are out only if `broken`."""
    module, _, path = mutant.test.partition(":")
    test = importlib.import_module(module)
    for name in path.split("."):
        test = getattr(test, name)
        test = test() if inspect.isclass(test) else test
    fixtures = Fixtures(request, module)
    asked = {n: mutant.arguments[n] if n in mutant.arguments else fixtures.get(n) for n in inspect.signature(test).parameters}
    with fixtures.open, ExitStack() as out:
        if broken:
            out.enter_context(without(mutant))
            if mutant.sql:
                as_owner(*mutant.sql)
        test(**asked)


def verdict(request: pytest.FixtureRequest, mutant: Mutant) -> str:
    """What the test said when the guard was out."""
    try:
        run(request, mutant, broken=True)
    except pytest.skip.Exception:
        raise
    except BROKEN as error:
        return f"survived: it fell over itself, {type(error).__name__}: {error}"
    except (Exception, pytest.fail.Exception) as error:
        return f"killed by {mutant.test.partition(':')[2]} ({type(error).__name__})"
    return "survived"
