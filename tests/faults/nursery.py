"""Raises processes to be killed: imports once, then forks `plenary web` or `plenary worker` again each time one dies.

Prints the pid of each child on a line. Ends, with its child, when its standard input closes.
"""

import os
import select
import signal
import sys
from datetime import UTC, datetime, timedelta

from crm.cli import main
from crm.infra import clock

SHIFT = timedelta(seconds=float(os.environ.get("TEST_CLOCK_SHIFT", "0")))  # so that texts may leave at whatever hour this runs


def child(command: str) -> int:
    pid = os.fork()
    if pid == 0:
        os.setsid()
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        clock.set_source(lambda: datetime.now(UTC) + SHIFT)
        os._exit(main([command]))
    print(pid, flush=True)
    return pid


def run(command: str) -> None:
    pid = child(command)
    while True:
        if select.select([sys.stdin], [], [], 0.02)[0] and not sys.stdin.read(1):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return
        if os.waitpid(pid, os.WNOHANG)[0]:
            pid = child(command)


if __name__ == "__main__":
    run(sys.argv[1])
