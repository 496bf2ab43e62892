"""The queue engine (huey): an embedded thread, or workers in any number on SQLite, PostgreSQL or Redis, by URL alone.

It carries pokes only. The truth is in the jobs table, so a lost poke waits for the next minute's tick.
"""

import logging
import threading
from typing import Any

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer

from crm.infra import db, jobs
from crm.infra.workers import keep_beating

log = logging.getLogger("plenary.queue")


def make_queue(url: str) -> Huey:
    """The queue at `url`: sqlite:///file, postgresql://… or redis://…"""
    if url.startswith("sqlite:///"):
        queue = SqliteHuey("plenary", filename=url.removeprefix("sqlite:///"), fsync=False)
    elif url.startswith("postgres"):
        queue = PostgresHuey("plenary", dsn=url)
    else:  # the settings let no other through
        queue = RedisHuey("plenary", url=url.replace("valkey://", "redis://"))

    @queue.task(name="poke")
    def poke() -> None:
        jobs.run_due()

    @queue.periodic_task(crontab(minute="*"), name="tick")
    def tick() -> None:
        jobs.tick()

    jobs.on_enqueue = poke
    jobs.on_later = lambda seconds: poke.schedule(delay=seconds)
    return queue


def poke_after_commit(session: Any) -> None:
    """After the commit of a transaction that enqueued a job: wakes a worker."""
    if session.info.pop("poke", False):
        try:
            jobs.on_enqueue()
        except Exception as error:  # the tick will find the row
            log.warning("poke failed: %s", type(error).__name__)
    if (seconds := session.info.pop("poke_in", None)) is not None:
        jobs.poke_later(seconds)


def start_embedded(queue: Huey, threads: int = 2) -> Consumer:
    """Runs the consumer in threads of this process."""
    _begin(threads)
    consumer = Consumer(queue, workers=threads, periodic=True, backoff=1.05, max_delay=0.5, worker_type="thread", check_worker_health=True)
    consumer._set_signal_handlers = lambda: None  # noqa: SLF001 - signals belong to the web server
    threading.Thread(target=consumer.run, name="queue", daemon=True).start()
    return consumer


def _begin(threads: int) -> None:
    """Shows that this process works; what came while nobody did is looked for at once, not at the next minute."""
    keep_beating(threads)
    threading.Thread(target=jobs.start, name="start", daemon=True).start()


def run_consumer(queue: Huey, threads: int = 4) -> None:
    """Runs the consumer in the foreground until the process is told to stop."""
    _begin(threads)
    Consumer(queue, workers=threads, periodic=True, backoff=1.05, max_delay=0.5, worker_type="thread").run()


db.event.listens_for(db._factory, "after_commit")(poke_after_commit)  # noqa: SLF001
