"""The house rules, read from the code itself. Each rule is a function of a parsed module, and each is proved to bite."""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.one_database
ROOT = Path(__file__).parent.parent
FLOORS = (
    "kernel", "infra", "organizations", "accounts", "people", "outreach", "leadership", "assemblies", "turnout", "tables", "platforms",
    "ratification", "accountability", "evaluation", "api", "home", "demonstration",
)
SHAPE = {"__init__", "rules", "models", "queries", "actions", "routes", "forms", "jobs", "providers"}
MORE = {"assemblies": {"playbooks", "lottery"}, "ratification": {"methods", "verify", "count", "sign"}, "infra": None, "kernel": None, "demonstration": None}
WHOLE = ("", "infra", "demonstration", "bench")  # what stands outside the rooms
EDGE = {"routes", "jobs"}  # who may open a transaction and read the clock
PURE_MAY_IMPORT = ("crm.kernel", "phonenumbers", "nameparser", "nicknames", "rapidfuzz")
INSIDE = {  # inside a room: what each part may import of its own
    "rules": {"rules", "methods", "playbooks"}, "methods": {"methods"}, "playbooks": {"playbooks"}, "models": {"rules", "models"},
    "queries": {"rules", "models", "queries", "providers", "methods", "playbooks"},
    "actions": {"rules", "models", "queries", "actions", "providers", "methods", "playbooks"},
}


class Module:
    """A parsed file of the application and the words by which the rules speak of it."""

    def __init__(self, path: Path, source: str | None = None):
        self.path = path
        self.source = source if source is not None else path.read_text()
        self.tree = ast.parse(self.source)
        parts = path.relative_to(ROOT / "crm").with_suffix("").parts
        self.room = parts[0] if len(parts) > 1 else ""
        self.part = parts[1] if len(parts) > 1 else parts[0]
        self.name = "crm." + ".".join(parts)

    def imports(self) -> Iterator[tuple[str, int]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    yield (f"{node.module}.{alias.name}" if node.module.startswith("crm") else node.module), node.lineno

    def functions(self) -> Iterator[ast.FunctionDef]:
        yield from (n for n in ast.walk(self.tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)))

    def calls(self) -> Iterator[tuple[str, int]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func), node.lineno


def room_of(imported: str) -> tuple[str, str]:
    parts = imported.split(".")
    return (parts[1] if len(parts) > 1 else ""), (parts[2] if len(parts) > 2 else "")


def floors(m: Module) -> Iterator[str]:
    """Each room imports only rooms above it in the table."""
    if m.room not in FLOORS:
        return
    for imported, line in m.imports():
        room, _part = room_of(imported) if imported.startswith("crm") else ("", "")
        if room in FLOORS and FLOORS.index(room) > FLOORS.index(m.room):
            yield f"{m.name}:{line} imports {imported} from below"


def purity(m: Module) -> Iterator[str]:
    """rules, methods, playbooks and the kernel: no Flask, no SQLAlchemy, no clock, no randomness."""
    if not (m.room == "kernel" or m.part in ("rules", "methods", "playbooks") and m.room in FLOORS and m.room != "demonstration"):
        return
    stdlib_banned = {"random", "secrets", "time", "os", "socket", "subprocess"}
    for imported, line in m.imports():
        top = imported.split(".")[0]
        room, part = room_of(imported) if top == "crm" else ("", "")
        if top in ("flask", "sqlalchemy", "flask_babel", "wtforms", "flask_wtf") or top in stdlib_banned:
            yield f"{m.name}:{line} imports {imported}: rules are pure"
        if top == "crm" and room != "kernel" and part not in ("rules", "methods", "playbooks"):
            yield f"{m.name}:{line} imports {imported}: rules import rules and the kernel"
    for call, line in m.calls():
        if call.endswith((".now", ".today", ".utcnow")) or call == "now":
            yield f"{m.name}:{line} reads the clock"


def edges(m: Module) -> Iterator[str]:
    """Only routes, jobs, the command line and infra open transactions and read the clock; nobody commits but infra.db."""
    for call, line in m.calls():
        if call.endswith(".commit") and m.name != "crm.infra.db" and m.room != "bench":
            yield f"{m.name}:{line} commits"
        if m.room in WHOLE or m.part in EDGE:
            continue
        if call in ("transaction", "db.transaction", "reading") and m.part != "providers":
            yield f"{m.name}:{line} opens a transaction"
        if call in ("now", "clock.now", "datetime.now", "date.today", "datetime.utcnow"):
            yield f"{m.name}:{line} reads the clock"


def raw_sql(m: Module) -> Iterator[str]:
    """text(, .__table__ and raw connections live in infra, where isolation is kept."""
    if m.room in ("infra", "bench"):  # bench measures what goes around the session
        return
    for node in ast.walk(m.tree):
        if isinstance(node, ast.Attribute) and node.attr in ("__table__", "raw_connection", "exec_driver_sql"):
            yield f"{m.name}:{node.lineno} goes around the session by {node.attr}"
        if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy" and any(a.name == "text" for a in node.names):
            yield f"{m.name}:{node.lineno} imports text()"


def budgets(m: Module) -> Iterator[str]:
    """File ≤ 300 lines, function ≤ 40, route ≤ 20."""
    lines = m.source.splitlines()
    if len(lines) > 300:
        yield f"{m.name} has {len(lines)} lines"
    for f in m.functions():
        length = (f.end_lineno or 0) - f.lineno + 1
        is_route = any("blueprint" in ast.unparse(d) or ".get(" in ast.unparse(d) or ".post(" in ast.unparse(d) for d in f.decorator_list)
        if length > (20 if is_route else 40):
            yield f"{m.name}:{f.lineno} {f.name} has {length} lines"


def names(m: Module) -> Iterator[str]:
    """No room of odds and ends; a room has its small shape and nothing else."""
    for part in m.path.relative_to(ROOT / "crm").with_suffix("").parts:
        if part in ("util", "utils", "helpers", "helper", "common", "misc", "lib"):
            yield f"{m.name}: name it by what it is for"
    if m.room in FLOORS and (more := MORE.get(m.room, set())) is not None and m.part not in SHAPE | more:
        yield f"{m.name}: a room has {', '.join(sorted(SHAPE))}"


def inside(m: Module) -> Iterator[str]:
    """Inside a room arrows go one way: routes, jobs → forms, actions, queries → models → rules."""
    allowed = INSIDE.get(m.part)
    if m.room not in FLOORS or m.room in ("kernel", "infra", "demonstration") or allowed is None:
        return
    for imported, line in m.imports():
        room, part = room_of(imported) if imported.startswith("crm") else ("", "")
        if room == m.room and part in SHAPE | {"methods", "playbooks"} and part not in allowed:
            yield f"{m.name}:{line} imports {imported}"
        elif room in FLOORS and room not in ("kernel", "infra") and room != m.room and part in ("routes", "forms", "jobs"):
            yield f"{m.name}:{line} imports another room's {part}"


def late_imports(m: Module) -> Iterator[str]:
    """Imports stand at the top, where everyone sees them."""
    for f in m.functions():
        for node in ast.walk(f):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                yield f"{m.name}:{node.lineno} imports inside a function"


def docstrings(m: Module) -> Iterator[str]:
    """Every package, and each public action, rule and door says what it refuses and returns."""
    if not ast.get_docstring(m.tree):
        yield f"{m.name} has no docstring"
    if m.part in ("rules", "actions", "queries", "methods") or m.room == "kernel":
        for node in m.tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                yield f"{m.name}:{node.lineno} {node.name} has no docstring"


def shared_aliases(m: Module) -> Iterator[str]:
    """No alias is made for all threads: SQLAlchemy learns its columns at first use, unlocked, and whoever comes meanwhile reads the table itself."""
    inner = {id(node) for f in ast.walk(m.tree) if isinstance(f, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) for node in ast.walk(f)}
    for node in ast.walk(m.tree):
        if isinstance(node, ast.Call) and id(node) not in inner:
            made = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if made in ("aliased", "alias", "subquery", "cte", "lateral"):
                yield f"{m.name}:{node.lineno} makes an alias that all threads share"


RULES: tuple[Callable[[Module], Iterator[str]], ...] = (
    floors, purity, edges, raw_sql, budgets, names, inside, late_imports, docstrings, shared_aliases,
)


@cache
def modules() -> list[Module]:
    return [Module(path) for path in sorted((ROOT / "crm").rglob("*.py"))]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule):
    broken = [what for module in modules() for what in rule(module)]
    assert not broken, "\n".join([rule.__doc__ or "", *broken])


BREAKERS = {  # one planted fault for each rule: a rule that does not see it is no rule
    "floors": ("people/rules.py", "from crm.turnout.rules import forecast\n"),
    "purity": ("people/rules.py", '"""x"""\nimport random\n'),
    "edges": ("people/actions.py", '"""x"""\ndef f(s):\n    """x"""\n    s.commit()\n'),
    "raw_sql": ("people/queries.py", '"""x"""\nfrom sqlalchemy import text\n'),
    "budgets": ("people/actions.py", "def f():\n" + "    x = 1\n" * 41),
    "names": ("people/utils.py", '"""x"""\n'),
    "inside": ("people/models.py", '"""x"""\nfrom crm.people.actions import add_person\n'),
    "late_imports": ("people/actions.py", "def f():\n    import json\n"),
    "shared_aliases": ("people/queries.py", '"""x"""\nfrom sqlalchemy.orm import aliased\n_other = aliased(object)\n'),
    "docstrings": ("people/actions.py", '"""x"""\ndef add():\n    return 1\n'),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_each_rule_bites(rule):
    name, source = BREAKERS[rule.__name__]
    assert list(rule(Module(ROOT / "crm" / name, source)))


def test_test_files_stay_readable():
    long = [f"{p} has {n} lines" for p in (ROOT / "tests").rglob("*.py") if (n := len(p.read_text().splitlines())) > 500]
    assert not long
