"""Texting through the stand-in for Twilio, and through simulated phones with faults."""

import threading
import time
from collections import Counter

import pytest
from sqlalchemy import select

from crm.infra import jobs as queue
from crm.infra import runtime
from crm.infra.db import session
from crm.outreach import actions, jobs
from crm.outreach.models import SimulatedText, Text
from crm.outreach.providers import Message, Simulator, Unclear, provider
from crm.people.models import Segment
from tests.factories import MONDAY, REGISTERED
from tests.outreach.network import ACCOUNT, SERVICE, TOKEN, Network


class FaultyPhones(Simulator):
    """The simulator, made to answer otherwise for some attempts; counts what really reached a phone."""

    def __init__(self, plan=lambda message: None):
        self.plan, self.calls = plan, []

    def send(self, message: Message):
        self.calls.append(message)
        does = self.plan(message)
        if does == "drop":
            super().send(message)
            return Unclear("dropped")
        return super().send(message) if does is None else does


@pytest.fixture
def until_looked(monkeypatch):
    """until_looked() returns when the batch that is being sent has looked around and found something to stop for, on however busy a machine."""
    found, watched = threading.Event(), jobs.watched

    def look(run, messages):
        answer = watched(run, messages)
        if any(answer):
            found.set()
        return answer

    def wait():
        assert found.wait(30)
        time.sleep(jobs.LOOK_EVERY)  # now it acts on it

    monkeypatch.setattr(jobs, "watched", look)
    return wait


@pytest.fixture
def network(clock):
    made = Network(lambda: clock.now)
    yield made
    made.close()
    assert made.breaches == []  # the stand-in itself keeps to Twilio's description


@pytest.fixture
def twilio(app, network):
    """This instance texts through Twilio: chosen by its settings alone."""
    before = runtime.settings()
    runtime.start(
        before.but(
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            twilio_messaging_service_sid=SERVICE,
            twilio_base_url=network.url,
            public_url="https://plenary.example",
        )
    )
    assert provider().name == "twilio"
    yield provider()
    runtime.start(before)


@pytest.fixture
def sender(twilio, acting):
    with acting("southbank") as actor:
        return actions.save_sender(actor, number="+15105550142", messaging_service_sid=SERVICE, state="approved", pace=10, **REGISTERED, now=MONDAY)


@pytest.fixture
def faulty(monkeypatch):
    """The simulator's phones, with faults by plan."""
    made = FaultyPhones()
    monkeypatch.setattr(jobs, "provider", lambda: made)
    return made


@pytest.fixture
def sending(acting, world):
    """A broadcast to twelve people, confirmed and not yet sent; returns its id."""
    with acting("southbank") as actor:
        actions.import_consents(actor, [(id, world.phones[id]) for id in world.people["southbank"]], wording="x", evidence="y", now=MONDAY)
        segment = Segment(org_id=actor.org_id, name="All", definition={"all": []}, updated_at=MONDAY)
        session().add(segment)
        session().flush()
        return actions.start_broadcast(
            actor,
            name="B",
            audience=f"segment:{segment.id}",
            now=MONDAY,
            bodies={
                "en": "{organization}: hello {first_name}. STOP ends.",
                "es": "{organization}: hola {first_name}. STOP termina.",
            },
        )


@pytest.fixture
def outcome(as_org):
    """(texts by state, texts on phones by phone)."""

    def look():
        with as_org("southbank"):
            return (
                Counter(session().scalars(select(Text.state).where(Text.direction == "out"))),
                Counter(session().scalars(select(SimulatedText.phone))),
            )

    return look


@pytest.fixture
def later(clock, app):
    """Moves the clock past leases and lets the sweeper and the workers do what is due."""

    def go(times=6, seconds=130):
        for _ in range(times):
            clock.move(seconds=seconds)
            jobs.sweep(clock.now)
            queue.run_due()

    return go
