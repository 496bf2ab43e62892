"""Real processes on a real database, killed with SIGKILL while they work."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socket

import pytest
from sqlalchemy.exc import DBAPIError

from crm.infra import db, runtime
from crm.infra.clock import set_source
from tests.factories import MONDAY


class Victim:
    """A process that is killed again and again, and comes back."""

    def __init__(self, command: str, environment: dict[str, str]):
        self.kills = 0
        self.pid = 0
        self.nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery", command], env=os.environ | environment, cwd=Path(__file__).parent.parent.parent,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.nursery.stdout or ():
            self.pid = int(line)

    def kill(self) -> None:
        """SIGKILL; the nursery raises the next one."""
        dead = self.pid
        if dead:
            try:
                os.kill(dead, signal.SIGKILL)
            except ProcessLookupError:
                return
            self.kills += 1
            while self.pid == dead:
                time.sleep(0.005)

    def kill_until(
        self, is_over: Callable[[], bool], least: int, pause: tuple[float, float], done: Callable[[], int] | None = None, patience: float = 300,
    ) -> None:
        """So many kills, each at a random moment, where `done` is given after it has grown (or three seconds) and none once the work is over.

        Then the work must be over within `patience` seconds.
        """
        dice = random.Random(7)
        while self.kills < least and not (done and is_over()):
            before, latest = done and done(), time.monotonic() + 3
            while done and done() == before and time.monotonic() < latest:
                time.sleep(0.005)
            time.sleep(dice.uniform(*pause))
            self.kill()
        end = time.monotonic() + patience
        while not is_over():
            time.sleep(dice.uniform(*pause))
            assert time.monotonic() < end, f"not over {patience:.0f} seconds after {self.kills} kills"

    def freeze(self) -> None:
        """SIGSTOP, as when a machine is paused."""
        os.kill(self.pid, signal.SIGSTOP)

    def wake(self) -> None:
        """SIGCONT: it goes on where it stood, and knows nothing of the time between."""
        os.kill(self.pid, signal.SIGCONT)

    def end(self) -> None:
        if self.nursery.stdin:
            self.nursery.stdin.close()
        self.nursery.wait(120)


@pytest.fixture
def instance(app, tmp_path) -> Iterator[dict[str, str]]:
    """The environment in which processes of their own serve this test's database; a clock that runs from a Monday noon."""
    before = runtime.settings()
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = db.engine().url.render_as_string(hide_password=False)
    runtime.start(before.but(data_dir=tmp_path, lease_seconds=2))
    shift = MONDAY + timedelta(hours=3) - datetime.now(UTC)
    set_source(lambda: datetime.now(UTC) + shift)
    yield {
        "PLENARY_DATA": str(tmp_path), "DATABASE_URL": url, "DATABASE_OWNER_URL": url, "PORT": str(port), "LEASE_SECONDS": "2",
        "TEST_CLOCK_SHIFT": str(shift.total_seconds()),
        "QUEUE_URL": f"sqlite:///{tmp_path / 'queue.db'}", "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    runtime.start(before)


@contextmanager
def victim(command: str, environment: dict[str, str]) -> Iterator[Victim]:
    """A victim for as long as the block lasts."""
    made = Victim(command, environment)
    try:
        yield made
    finally:
        made.end()


def report(capsys, words: str) -> None:
    """Says what was measured, past pytest's capture."""
    with capsys.disabled():
        print(f"\n{words}")


def patiently(act: Callable, seconds: float = 60):
    """Does it again while the database is away."""
    end = time.monotonic() + seconds
    while True:
        try:
            return act()
        except DBAPIError:
            if time.monotonic() > end:
                raise
            db.close_session()
            time.sleep(0.2)


def kill_database(dice: random.Random) -> bool:
    """SIGKILL for one of PostgreSQL's own processes that serves us: the server throws everyone out and recovers as after a crash."""

    def serving() -> list[int]:
        with db.reading() as s:
            own = s.connection().exec_driver_sql("select pg_backend_pid()").scalar_one()
            asked = "select pid from pg_stat_activity where datname = current_database() and usename = current_user order by pid"
            return [pid for pid in s.connection().exec_driver_sql(asked).scalars() if pid != own]

    pids = patiently(serving)
    try:
        os.kill(dice.choice(pids), signal.SIGKILL)
    except (IndexError, ProcessLookupError):
        return False  # its client was killed a moment ago
    return True
