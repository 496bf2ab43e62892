"""Raises processes to be killed: imports and builds the application once, then forks `plenary web` or `plenary worker` again each time one dies.

A web child is a new process with the application as it was built and nothing of the child before it: it opens its own port and its own
connections to database and queue. So it is open a moment after the kill, and the time goes into votes and kills. A worker builds its own.

Prints the pid of each child on a line. Ends, with its child, when its standard input closes.
"""

import os
import select
import signal
import sys
from datetime import UTC, datetime, timedelta

from flask import Flask

from crm import cli, create_app
from crm.infra import clock, db

SHIFT = timedelta(seconds=float(os.environ.get("TEST_CLOCK_SHIFT", "0")))  # so that texts may leave at whatever hour this runs


def child(command: str, app: Flask) -> int:
    pid = os.fork()
    if pid == 0:
        os.setsid()
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        clock.set_source(lambda: datetime.now(UTC) + SHIFT)
        if command == "web":
            db.connect(app.config["SETTINGS"].database_url)
            cli.create_app = lambda _settings: app
        os._exit(cli.main([command]))
    print(pid, flush=True)
    return pid


def run(command: str) -> None:
    app = create_app()
    db.disconnect()
    pid = child(command, app)
    while True:
        if select.select([sys.stdin], [], [], 0.02)[0] and not sys.stdin.read(1):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return
        if os.waitpid(pid, os.WNOHANG)[0]:
            pid = child(command, app)


if __name__ == "__main__":
    run(sys.argv[1])
