"""The page that says whether everything works; and a queue that may lose or repeat every poke, on any engine, without harm."""

import shutil
import socket
import subprocess
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.infra import db
from crm.infra import jobs as queue
from crm.infra.db import session
from crm.infra.jobs import JobState, enqueue
from crm.infra.queue import make_queue
from crm.infra.workers import BEAT_SECONDS, Worker, beat, workers
from crm.outreach import actions, jobs
from crm.outreach.actions import hooks
from crm.outreach.models import ConsentState, Sender, Text
from crm.outreach.providers import Inbound
from crm.outreach.rules.operations import Operations, problems
from tests.factories import MONDAY
from tests.outreach.network import SERVICE

WELL = Operations(workers=1, threads=4, jobs_due=0, oldest_job=None, failed_jobs=0, texts_due=0, lost=0, unclear=0, oldest_unclear=None, hooks_waiting=0,
                  oldest_hook=None, last_hook=MONDAY, polled_at=MONDAY, held_until=None, held_code=None, conflicts=0, is_real=True)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(("change", "what", "do"), [
    ({"workers": 0}, "No worker is alive", "plenary worker"),
    ({"jobs_due": 3, "oldest_job": MONDAY - HOUR}, "waiting for 60 minutes", "Start more workers"),
    ({"failed_jobs": 2}, "failed 2 times", "log"),
    ({"unclear": 5, "oldest_unclear": MONDAY - HOUR}, "For 5 texts it is unclear", "looked for"),
    ({"hooks_waiting": 9, "oldest_hook": MONDAY - HOUR}, "9 reports", "Start more workers"),
    ({"polled_at": None}, "missed replies", "twilio check"),
    ({"polled_at": MONDAY - HOUR}, "missed replies", "twilio check"),
    ({"held_until": MONDAY + HOUR, "held_code": 30023}, "code 30023", "by themselves"),
])
def test_what_is_wrong_is_said_with_what_to_do(change, what, do):
    assert problems(MONDAY, WELL) == []
    ((said, remedy),) = problems(MONDAY, replace(WELL, **change))
    assert what in str(said) and do in remedy


def test_the_page(signed_in, sending, faulty, clock, acting, as_org):
    """Nobody works; then somebody does; administrators only."""
    browser = signed_in("imani", org="southbank")
    page = browser.get("/texts/working").text
    assert "No worker is alive: nothing leaves" in page
    beat(7, 4, now=clock.now)
    page = browser.get("/texts/working").text
    assert "Yes. Nothing hangs" in page and "4 threads" in page and "1 piece of work waits." in page
    clock.move(minutes=10)
    beat(7, 4, now=clock.now)
    with acting("southbank") as actor:
        hooks.store_hook(actor.org_id, Inbound(actor.org_id, 1, "SM1", "+14155550100", "+1", "hi"), now=clock.now - timedelta(minutes=5))
    page = browser.get("/texts/working").text
    assert "Work has been waiting for 10 minutes." in page and "1 reports of the phone network" in page
    assert signed_in("vera", org="southbank").get("/texts/working").status_code == 403


def test_heartbeats_come_and_go(app, clock):
    beat(1, 4, now=clock.now)
    beat(2, 2, now=clock.now)
    beat(1, 4, now=clock.move(seconds=2 * BEAT_SECONDS))
    assert {one.id for one in workers(clock.now)} == {1, 2}
    beat(1, 4, now=clock.move(seconds=80))
    assert [one.id for one in workers(clock.now)] == [1]
    beat(1, 4, now=clock.move(days=2))
    with db.reading() as s:
        assert s.scalar(select(func.count()).select_from(Worker)) == 1


# --- pokes may be lost or repeated -----------------------------------------------------------------------------------


@pytest.mark.parametrize("pokes", [0, 1, 5])
def test_every_poke_lost_or_repeated(monkeypatch, faulty, sending, outcome, clock, pokes):
    """The truth is in the tables: a poke that is lost costs until the minute's tick, one that is repeated costs nothing."""
    monkeypatch.setattr(queue, "on_enqueue", lambda: [queue.run_due() for _ in range(pokes)])
    for _ in range(pokes):
        queue.run_due()
    for _ in range(3):
        clock.move(minutes=1)
        queue.tick()
    states, phones = outcome()
    assert states == {"delivered": 12} and set(phones.values()) == {1}


@pytest.fixture(params=["sqlite", "postgresql", "redis"])
def address(request, app, tmp_path):
    """Where the queue lives: a file, the tests' own PostgreSQL, a Redis of this test's own where there is one."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'queue.db'}"
    elif request.param == "postgresql":
        if db.is_sqlite():
            pytest.skip("PostgreSQL serves the other half of the suite")
        yield request.getfixturevalue("pristine")[1].admin_url.set(drivername="postgresql").render_as_string(hide_password=False)
    else:
        server = shutil.which("redis-server") or shutil.which("valkey-server")
        if server is None:
            pytest.skip("no redis-server here: apt-get install redis-server")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with subprocess.Popen([server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)], stdout=subprocess.DEVNULL) as process:
            until = time.monotonic() + 60
            while socket.socket().connect_ex(("127.0.0.1", port)) and time.monotonic() < until:
                time.sleep(0.05)
            yield f"redis://127.0.0.1:{port}/0"
            process.terminate()


def test_a_queue_by_its_address_alone(address, sending, faulty, outcome):
    """File, PostgreSQL, Redis: the same poke wakes one worker that takes the job; the address decides, nothing else."""
    before = queue.on_enqueue
    try:
        queued = make_queue(address)
        queued.flush()
        queue.on_enqueue()
        queue.on_enqueue()
        for _ in range(2):
            queued.execute(queued.dequeue())
        assert queued.dequeue() is None
    finally:
        queue.on_enqueue = before
    assert outcome()[0] == {"delivered": 12}


def test_whoever_has_fewest_running_comes_first(app, world, clock):
    """A9: an organization with many jobs does not hold every worker."""
    southbank, mill = world.orgs["southbank"], world.orgs["mill"]
    with db.transaction(southbank):
        for n in range(5):
            enqueue(southbank, "outreach.send", {}, now=clock.now, key=f"big-{n}")
    with db.transaction(mill):
        enqueue(mill, "outreach.send", {}, now=clock.now + timedelta(seconds=1), key="small")
    clock.move(seconds=5)
    taken = [queue.claim(clock.now)[1] for _ in range(4)]
    assert taken == [southbank, mill, southbank, southbank]


# --- down for ten minutes --------------------------------------------------------------------------------------------


def test_twenty_stops_while_we_were_down(client, sender, network, acting, as_org, world, clock):
    """C10, R25: ten minutes without us, the webhooks fail and Twilio forgets them; at the start they are asked for and obeyed."""
    phones = [f"+1415555{n:04d}" for n in range(1000, 1020)]
    network.add_service(SERVICE, ("+15105550142",), inbound_request_url="http://127.0.0.1:9/hooks")
    with acting("southbank") as actor:
        for phone in phones:
            actions.give_consent(actor, phone, source="web", wording="x", evidence="y", now=MONDAY)
    jobs.sweep(clock.now)
    queue.run_due()
    for phone in phones:
        clock.move(seconds=30)
        network.write("STOP", phone, "+15105550142")
    assert [status for _address, status in network.hooks.alerts] == [502] * 20
    queue.start()
    with as_org("southbank"):
        consent = Counter(session().scalars(select(ConsentState.state)))
        assert consent == {"revoked": 20}
        assert session().scalar(select(func.count()).select_from(Text).where(Text.direction == "in")) == 20
        assert session().scalar(select(Sender.polled_at)) == clock.now
    network.fails = lambda n, fields: (503, 20503)
    jobs.sweep(clock.move(minutes=20))
    queue.run_due()
    with as_org("southbank"):
        assert session().scalar(select(Sender.polled_at)) == clock.now - timedelta(minutes=20)  # what was not seen is looked for again
        assert session().scalar(select(func.count()).select_from(JobState).where(JobState.kind == "outreach.poll", JobState.state == "due")) == 1
