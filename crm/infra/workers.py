"""Who works: each process that takes jobs leaves its heartbeat in a row, so that a page can say that nobody does."""

import logging
import os
import socket
import threading
from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra import clock
from crm.infra.db import Directory, close_session, new_id, reading, transaction

log = logging.getLogger("plenary.workers")
BEAT_SECONDS = 20
ALIVE_WITHIN = timedelta(seconds=90)
KEPT = timedelta(days=1)


class Worker(Directory):
    """One process that takes jobs, and when it was last seen."""

    __tablename__ = "workers"

    id: Mapped[int] = mapped_column(primary_key=True, default=new_id, autoincrement=False)
    name: Mapped[str] = mapped_column(String(120))  # machine and process
    threads: Mapped[int]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


def beat(worker_id: int, threads: int, *, now: datetime) -> None:
    """Says that this process is there, and forgets those that have been gone for a day."""
    with transaction() as s:
        row = s.get(Worker, worker_id)
        if row is None:
            s.add(Worker(id=worker_id, name=f"{socket.gethostname()}, {os.getpid()}", threads=threads, started_at=now, seen_at=now))
        else:
            row.seen_at = now
        s.execute(delete(Worker).where(Worker.seen_at < now - KEPT))


def keep_beating(threads: int) -> None:
    """Beats in a thread of its own for as long as the process lives."""
    worker_id, never = new_id(), threading.Event()

    def run() -> None:
        while True:
            try:
                beat(worker_id, threads, now=clock.now())
            except Exception as error:  # the database may be away for a while; the next beat tells
                log.warning("no heartbeat: %s", type(error).__name__)
            close_session()
            never.wait(BEAT_SECONDS)

    threading.Thread(target=run, name="heartbeat", daemon=True).start()


def workers(now: datetime) -> list[Worker]:
    """Those that were seen lately, the newest first."""
    with reading() as s:
        return list(s.scalars(select(Worker).where(Worker.seen_at > now - ALIVE_WITHIN).order_by(Worker.started_at.desc())))
