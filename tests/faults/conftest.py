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

    def kill_until(self, is_over: Callable[[], bool], least: int, pause: tuple[float, float], seconds: float = 800) -> None:
        """Kills at random moments until the work is over and at least so many kills were made."""
        dice, end = random.Random(7), time.monotonic() + seconds
        while time.monotonic() < end and not (self.kills >= least and is_over()):
            time.sleep(dice.uniform(*pause))
            if self.kills < least:
                self.kill()
        assert is_over(), f"not over after {self.kills} kills"

    def end(self) -> None:
        if self.nursery.stdin:
            self.nursery.stdin.close()
        self.nursery.wait(20)


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
