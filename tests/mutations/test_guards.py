"""T2: each guard is removed, one at a time, and a test of ours turns red. Killed must equal total.

Where the session holds a line that a door holds too, both are removed together: one alone is an equivalent mutant. On
PostgreSQL the program's guards are tried without row-level security, and the policies by themselves.
"""

import pytest

from crm.infra import db
from tests.mutations.guards import GUARDS, POLICIES
from tests.mutations.workshop import lower_policies, raise_policies, run, verdict

pytestmark = pytest.mark.long
VERDICTS: dict[str, str] = {}


def control(mutants):
    """Each test that watches, once."""
    return pytest.mark.parametrize("watch", {m.watch: m for m in mutants}.values(), ids=lambda m: m.test.partition(":")[2])


def each(mutants):
    return pytest.mark.parametrize("mutant", mutants, ids=lambda m: m.name)


@pytest.fixture
def program_alone(app):
    """The program's guards without the database's, which stand again afterwards."""
    if not db.is_sqlite():
        lower_policies()
    yield
    if not db.is_sqlite():
        raise_policies()


@pytest.fixture
def database_alone(app, pristine):
    """The next test has a database with every policy in its place."""
    if db.is_sqlite():
        pytest.skip("SQLite has no row-level security")
    yield
    pristine[1].renew()


@control(GUARDS)
def test_the_watch_is_green_while_the_guards_stand(request, program_alone, watch):
    """Without it a red test would prove nothing."""
    run(request, watch, broken=False)


@each(GUARDS)
def test_a_guard_that_is_gone_is_noticed(request, program_alone, mutant):
    noticed(request, mutant)


@control(POLICIES)
def test_the_watch_is_green_while_the_policies_stand(request, database_alone, watch):
    run(request, watch, broken=False)


@each(POLICIES)
def test_a_policy_that_is_gone_is_noticed(request, database_alone, mutant):
    noticed(request, mutant)


def noticed(request, mutant):
    VERDICTS[mutant.name] = "survived"
    VERDICTS[mutant.name] = verdict(request, mutant)
    assert VERDICTS[mutant.name].startswith("killed"), f"{mutant.name}: {VERDICTS[mutant.name]}"


def test_killed_equals_total(capsys):
    """The last one: the strength of the suite."""
    killed = sum(said.startswith("killed") for said in VERDICTS.values())
    with capsys.disabled():
        print(f"\nguards and doors removed: killed {killed} / {len(VERDICTS)}")
    assert killed == len(VERDICTS)
