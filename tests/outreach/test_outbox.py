"""The outbox: nothing is lost, nothing is doubled, callbacks in any order end the same, every code has its effect."""

import time
from concurrent.futures import wait
from datetime import timedelta
from itertools import permutations
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm.infra import jobs as queue
from crm.infra.auth import Actor
from crm.infra.db import engine, session, transaction
from crm.outreach import actions, jobs
from crm.outreach.actions import claiming, outbox
from crm.outreach.models import Sender, Text
from crm.outreach.providers import (
    Accepted,
    Message,
    Rejected,
    Simulator,
    SlowDown,
    Status,
    Unclear,
    Unsure,
    read_status_key,
    status_key,
)
from crm.outreach.rules.outbox import (
    MEANING,
    OUT_STATES,
    after_probe,
    contradicts,
    may_move,
    next_by_callback,
)
from tests.factories import MONDAY


class Killed(Exception):
    """Stands for kill -9 at one point."""


@pytest.fixture
def network(faulty):
    return faulty


def everyone_once(outcome):
    states, phones = outcome()
    assert states["accepted"] + states["delivered"] == states.total() == 12, states
    assert len(phones) == 12
    assert set(phones.values()) == {1}, phones


CALLS = jobs.Calls


def die_with(made):
    """A killed process takes its lanes with it: what they called has left, the rest never will."""
    if isinstance(made, CALLS):
        made.over.set()
        wait(made.lanes)


POINTS = [
    ("after the claim", jobs, "Calls"),
    ("after the call", outbox, "record_answers"),
    ("after the record", outbox, "apply_statuses"),
    ("while progress is written", jobs, "_rest"),
]


@pytest.mark.parametrize(("point", "module", "name"), POINTS, ids=[p[0] for p in POINTS])
@pytest.mark.parametrize("kill_after", [False, True], ids=["before", "behind"])
def test_a_kill_at_any_point_loses_and_doubles_nothing(monkeypatch, network, sending, outcome, later, point, module, name, kill_after):
    """A2, A3, F3: the first three times a worker gets to this point it dies there."""
    whole, times = getattr(module, name), iter(range(3))

    def dies(*args, **kwargs):
        if next(times, None) is None:
            return whole(*args, **kwargs)
        if kill_after:
            die_with(whole(*args, **kwargs))
        raise Killed(point)

    monkeypatch.setattr(module, name, dies)
    queue.run_due()
    later(times=12)
    everyone_once(outcome)


def test_workers_that_die_again_and_again_lose_no_text(monkeypatch, network, sending, outcome, later):
    """A2: seven workers in a row claim all of them and die before the first call; a try that nobody made is none."""
    whole, times = jobs.Calls, iter(range(7))

    def dies(messages):
        if next(times, None) is None:
            return whole(messages)
        raise Killed

    monkeypatch.setattr(jobs, "Calls", dies)
    queue.run_due()
    later(times=20)
    everyone_once(outcome)


@pytest.mark.parametrize("nth", range(1, 26, 3))
def test_a_kill_in_the_middle_of_a_batch(monkeypatch, network, sending, outcome, later, nth):
    """F3: the n-th call of the provider is the worker's last, before or behind the text has left."""
    state = {"calls": 0}

    def plan(message):
        state["calls"] += 1
        if state["calls"] == nth:
            if nth % 2:
                Simulator.send(network, message)
            raise Killed
        return

    network.plan = plan
    queue.run_due()
    later()
    everyone_once(outcome)


def test_accepted_then_dropped_is_found_and_not_repeated(network, sending, outcome, later):
    """A3: the connection breaks behind the provider's yes; the probe finds each text (its positive control)."""
    network.plan = lambda message: "drop"
    queue.run_due()
    assert outcome()[0] == {"unknown": 12}
    network.plan = lambda message: None
    later(times=2)
    states, phones = outcome()
    assert states["accepted"] + states["delivered"] == 12
    assert set(phones.values()) == {1}
    assert len(network.calls) == 12


def test_unclear_and_not_there_is_sent_again(network, sending, outcome, later):
    seen = set()

    def plan(message):
        if message.text_id in seen:
            return None
        seen.add(message.text_id)
        return Unclear("timeout")

    network.plan = plan
    queue.run_due()
    later(times=3)
    everyone_once(outcome)


def test_while_the_provider_cannot_say_nothing_is_repeated(monkeypatch, network, sending, outcome, later):
    network.plan = lambda message: Unclear("timeout")
    monkeypatch.setattr(network, "find", lambda message: Unsure())
    queue.run_due()
    later(times=4)
    assert outcome()[0] == {"unknown": 12}
    assert len(network.calls) == 12


def test_slow_down_is_not_an_attempt(network, sending, outcome, later, as_org):
    """R: 429 backs off with jitter, gives the rest of the batch back, and never ends a text."""
    answers = iter([SlowDown()] * 20)
    network.plan = lambda message: next(answers, None)
    queue.run_due()
    assert len(network.calls) == 1
    later(times=40, seconds=61)
    everyone_once(outcome)
    with as_org("southbank"):
        assert max(session().scalars(select(Text.attempts - Text.slowdowns))) == 1


def test_a_stop_between_batches_and_within(network, sending, outcome, acting, until_looked):
    """A6: pressed while a batch is being sent, the rest of that batch stays."""

    def plan(message):
        if len(network.calls) == 5:
            with acting("southbank") as actor:
                actions.stop_broadcast(actor, sending, now=MONDAY)
            until_looked()

    network.plan = plan
    queue.run_due()
    states, phones = outcome()
    assert states == {"delivered": 5, "queued": 7}
    assert sum(phones.values()) == 5


def test_two_workers_take_different_texts(sending, acting):
    """A4: a text belongs to one worker at a time."""
    taken = []
    for _ in range(4):
        with acting("southbank") as actor:
            messages, _ = claiming.claim_texts(actor, sending, now=MONDAY, limit=5)
            taken += [message.text_id for message in messages]
    assert len(taken) == len(set(taken)) == 12


def test_a_frozen_worker_gives_back_what_it_did_not_call(monkeypatch, network):
    """A7: a worker that wakes behind its time calls nobody; others have taken over by then."""
    times = iter([0])
    monkeypatch.setattr(jobs, "time", SimpleNamespace(monotonic=lambda: next(times, 1000)))
    monkeypatch.setattr(jobs, "watched", lambda run, messages: (False, set()))
    message = Message(1, 1, "k", "+14155550100", "x", None, None, 60, MONDAY, leave_by=40)
    network.plan = lambda m: Accepted("SM1")
    answers, _ = jobs.Calls([message] * 5).watch(queue.Run(0, 0))
    assert len(answers) == 1


def test_a_wrong_account_stops_the_broadcast_and_loses_nobody(network, sending, outcome, signed_in, acting):
    """C14: credentials that the provider refuses are no fault of any member's number."""
    network.plan = lambda message: Rejected(20003)
    queue.run_due()
    states, phones = outcome()
    assert (states, phones) == ({"queued": 12}, {})
    page = signed_in("imani", org="southbank").get(f"/texts/{sending}").text
    assert "The phone network does not let us send" in page and "plenary twilio check" in page and "20003" in page
    network.plan = lambda message: None
    with acting("southbank") as actor:
        actions.resume_broadcast(actor, sending, now=MONDAY)


def test_texts_wait_while_the_sender_is_suspended(network, sending, outcome, acting, later):
    """R18: nothing leaves without registration, and nobody misses a text for it."""
    with acting("southbank"):
        session().scalar(select(Sender)).state = "suspended"
    queue.run_due()
    assert outcome() == ({"queued": 12}, {})
    with acting("southbank"):
        session().scalar(select(Sender)).state = "approved"
    later(times=2, seconds=3700)
    everyone_once(outcome)



FIVE = ["queued", "sending", "sent", "delivered", "read"]


@pytest.mark.parametrize("statuses", [FIVE, ["queued", "sending", "sent", "undelivered", "failed"]])
def test_every_order_of_callbacks_ends_the_same(statuses):
    """A8, R24: all permutations, with one repeated anywhere."""
    ends = set()
    for order in permutations(statuses):
        for again in order:
            state, last = "accepted", "accepted"
            for status in (*order, again):
                state, last = next_by_callback(state, last, status)
            ends.add((state, last))
    assert len(ends) == 1


@given(st.sampled_from(OUT_STATES), st.lists(st.sampled_from([*MEANING, "nonsense"]), max_size=8), st.randoms())
@settings(max_examples=500, deadline=None)
def test_callbacks_commute(state, statuses, random):
    """A8: any multiset of callbacks that do not contradict each other, in any two orders, from any state."""
    said = {MEANING[status][0] for status in statuses if status in MEANING} - {"accepted"}
    if len(said) == 2:
        statuses = [status for status in statuses if MEANING.get(status, ("accepted",))[0] != "failed"]

    def end(order):
        found = (state, None)
        for status in order:
            found = next_by_callback(*found, status)
        return found

    shuffled = statuses[:]
    random.shuffle(shuffled)
    assert end(statuses) == end(shuffled)
    if state == "refused":
        assert end(statuses) == (state, None)


@given(st.lists(st.sampled_from([*MEANING]), max_size=8))
@settings(max_examples=500, deadline=None)
def test_the_first_final_word_stands(statuses):
    """A8, R24: whatever follows it, the first word that is final decides; every contradiction is seen."""
    state, last, conflicts = "accepted", None, 0
    for status in statuses:
        conflicts += contradicts(last, status)
        state, last = next_by_callback(state, last, status)
    finals = [MEANING[status][0] for status in statuses if MEANING[status][0] != "accepted"]
    assert state == (finals[0] if finals else "accepted")
    assert conflicts == sum(one != finals[0] for one in finals)


def test_callbacks_move_rows_in_any_order_and_at_any_time(sending, acting, as_org, world):
    """A8: before the answer is recorded, after it, repeated, for another organization, with a forged key."""
    org = world.orgs["southbank"]
    with acting("southbank") as actor:
        messages, _ = claiming.claim_texts(actor, sending, now=MONDAY)
        early, late, gone = messages[:3]
        assert outbox.apply_status(actor, Status(early.key, "SMe", "delivered"), now=MONDAY)
        outbox.record_answers(actor, [(m, Accepted(f"SM{m.text_id}", "queued")) for m in messages], now=MONDAY)
        assert not outbox.apply_status(actor, Status(early.key, "SMe", "sent"), now=MONDAY)
        assert outbox.apply_status(actor, Status(late.key, "x", "sent"), now=MONDAY)
        assert outbox.apply_status(actor, Status(late.key, "x", "delivered"), now=MONDAY)
        assert not outbox.apply_status(actor, Status(late.key, "x", "delivered"), now=MONDAY)
        assert outbox.apply_status(actor, Status(gone.key, "y", "undelivered", 30006), now=MONDAY)
        assert not outbox.apply_status(actor, Status(status_key(org + 1, late.text_id, 1), "z", "read"), now=MONDAY)
        assert not outbox.apply_status(actor, Status("0-0-0-xxx", "z", "read"), now=MONDAY)
    with as_org("southbank"):
        by_id = {text.id: text for text in session().scalars(select(Text))}
        assert [by_id[m.text_id].state for m in (early, late, gone)] == ["delivered", "delivered", "failed"]
        assert by_id[gone.text_id].error_code == 30006


def test_a_callback_of_an_unclear_attempt_ends_the_doubt(network, sending, outcome, acting, later):
    """A3: our own key in the callback is the surest probe."""
    network.plan = lambda message: "drop"
    queue.run_due()
    with acting("southbank") as actor:
        for message in network.calls:
            outbox.apply_status(actor, Status(message.key, f"SM{message.text_id}", "delivered"), now=MONDAY)
    network.plan = lambda message: None
    later(times=2)
    everyone_once(outcome)


def test_a_late_callback_of_a_try_that_is_over_means_nothing(sending, acting):
    with acting("southbank") as actor:
        (message, *_), _ = claiming.claim_texts(actor, sending, now=MONDAY, limit=1)
        outbox.record_answers(actor, [(message, Accepted("SM1"))], now=MONDAY)
        assert outbox.apply_status(actor, Status(message.key, "SM1", "undelivered", 30003), now=MONDAY)
        assert not outbox.apply_status(actor, Status(message.key, "SM1", "sent"), now=MONDAY)
        assert session().scalar(select(Text.state).where(Text.id == message.text_id)) == "queued"


def test_a_contradiction_of_the_network_is_counted(sending, acting, as_org):
    """R24: delivered, then failed: it stays delivered. Out of reach, then delivered after all: it does not go a second time."""
    with acting("southbank") as actor:
        (arrived, late, *_), _ = claiming.claim_texts(actor, sending, now=MONDAY)
        outbox.record_answers(actor, [(arrived, Accepted("SM1")), (late, Accepted("SM2"))], now=MONDAY)
        outbox.apply_statuses(actor, [Status(arrived.key, "SM1", "delivered"), Status(late.key, "SM2", "undelivered", 30003)], now=MONDAY)
        assert not outbox.apply_status(actor, Status(arrived.key, "SM1", "failed", 30008), now=MONDAY)
        assert session().scalar(select(Text.state).where(Text.id == late.text_id)) == "queued"
        assert outbox.apply_status(actor, Status(late.key, "SM2", "delivered"), now=MONDAY)
    with as_org("southbank"):
        held = session().execute(select(Text.state, Text.conflicts).where(Text.id.in_([arrived.text_id, late.text_id]))).all()
        assert held == [("delivered", 1), ("delivered", 1)]


def test_the_cap_counts_two_texts_of_one_batch_in_turn(acting, world):
    """C7: of three texts to one phone in a batch, two leave."""
    id = world.people["southbank"][0]
    with acting("southbank") as actor:
        actions.give_consent(actor, world.phones[id], source="web", wording="x", evidence="y", now=MONDAY)
        for n in range(3):
            actions.queue_text(actor, id, {"en": f"n{n}"}, purpose="thanks", key=f"k{n}", now=MONDAY)
        messages, was_due = claiming.claim_texts(actor, None, now=MONDAY)
        assert ([m.body.split(": ")[1][:2] for m in messages], was_due) == (["n0", "n1"], True)


def test_no_connection_is_held_while_the_provider_is_called(network, sending, app):
    """A5: the books are kept beside the calls, and for as long as the network takes to answer nobody holds a connection."""
    held = []

    def plan(message):
        until = time.monotonic() + 15
        while engine().pool.checkedout() and time.monotonic() < until:
            time.sleep(0.01)
        held.append(engine().pool.checkedout())

    network.plan = plan
    queue.run_due()
    assert held == [0] * 12


def test_status_keys_are_sealed(app):
    """C11: no byte of the key can be changed."""
    key = status_key(7, 9, 2)
    assert read_status_key(key) == (7, 9, 2)
    for n in range(len(key)):
        for letter in "0a-z":
            forged = key[:n] + letter + key[n + 1 :]
            assert forged == key or read_status_key(forged) is None


def test_the_way_of_states():
    assert all(may_move(a, b) is (b in {"claimed", "refused", "accepted", "delivered", "failed"}) for a in ("queued",) for b in OUT_STATES)
    assert not any(may_move(final, b) for final in ("delivered", "refused") for b in OUT_STATES)
    assert after_probe(None, 1, 1, MONDAY, MONDAY + timedelta(hours=1))[0] == "unknown"
    assert after_probe(False, 1, 1, MONDAY, MONDAY + timedelta(seconds=30))[0] == "unknown"
    assert after_probe(False, 1, 1, MONDAY, MONDAY + timedelta(seconds=61)) == ("queued", None)
    assert after_probe(False, 1, 5, MONDAY, MONDAY + timedelta(seconds=61)) == ("failed", None)


def test_the_sweeper_leaves_stopped_broadcasts_alone(sending, outcome, later, acting):
    with acting("southbank") as actor:
        actions.stop_broadcast(actor, sending, now=MONDAY)
    later(times=2)
    assert outcome()[0] == {"queued": 12}


def test_actor_is_held_to_one_organization(sending, world):
    """T4: another organization's worker finds nothing to claim."""
    org = world.orgs["mill"]
    with transaction(org):
        assert claiming.claim_texts(Actor.system(org), None, now=MONDAY) == ([], False)
