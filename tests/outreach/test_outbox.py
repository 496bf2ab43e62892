"""The outbox: nothing is lost, nothing is doubled, callbacks in any order end the same, every code has its effect."""

from collections import Counter
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm.infra import jobs as queue
from crm.infra.auth import Actor
from crm.infra.db import session, transaction
from crm.outreach import actions, jobs
from crm.outreach.actions import claiming, outbox
from crm.outreach.models import Broadcast, ConsentState, Sender, SimulatedText, Text
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
    EFFECTS,
    MEANING,
    OUT_STATES,
    after_probe,
    back_off,
    effect_of,
    may_move,
    next_by_callback,
)
from crm.people.models import Phone, Segment
from tests.factories import MONDAY


class Killed(Exception):
    """Stands for kill -9 at one point."""


class Network(Simulator):
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
def network(monkeypatch):
    made = Network()
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


def everyone_once(outcome):
    states, phones = outcome()
    assert states["accepted"] + states["delivered"] == states.total() == 12, states
    assert len(phones) == 12
    assert set(phones.values()) == {1}, phones


POINTS = [
    ("after the claim", jobs, "call"),
    ("after the call", outbox, "record_answers"),
    ("after the record", outbox, "apply_status"),
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
            whole(*args, **kwargs)
        raise Killed(point)

    monkeypatch.setattr(module, name, dies)
    queue.run_due()
    later(times=12)
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


def test_a_stop_between_batches_and_within(monkeypatch, network, sending, outcome, acting):
    """A6: pressed while a batch is being sent, the rest of that batch stays."""

    def plan(message):
        if len(network.calls) == 5:
            with acting("southbank") as actor:
                actions.stop_broadcast(actor, sending, now=MONDAY)
        return

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
    monkeypatch.setattr(jobs.time, "monotonic", iter([0, 0, 1000]).__next__)
    monkeypatch.setattr(queue.Run, "stopped", False)
    message = Message(1, 1, "k", "+14155550100", "x", None, None, 60, MONDAY)
    network.plan = lambda m: Accepted("SM1")
    answers, _ = jobs.call(queue.Run(0, 0), [message] * 5)
    assert len(answers) == 1


@pytest.mark.parametrize("code", sorted(EFFECTS) + [99999])
def test_every_error_code_has_its_effect(network, sending, acting, as_org, code):
    """C14: codes act as in the table: final or again, and what else they ask for."""
    with acting("southbank") as actor:
        (message, *rest), _ = claiming.claim_texts(actor, sending, now=MONDAY)
        outbox.release_texts(actor, rest, now=MONDAY)
        outbox.record_answers(actor, [(message, Rejected(code))], now=MONDAY)
    effect = effect_of(code, 1)
    with as_org("southbank"):
        text = session().scalar(select(Text).where(Text.id == message.text_id))
        assert (text.state, text.error_code) == (effect.state, code)
        if effect.state == "queued":
            assert text.not_before_at > MONDAY
            assert text.provider_sid is None
        assert session().scalar(select(Broadcast.state)) == ("stopped" if effect.stops_broadcast else "sending")
        assert session().scalar(select(Sender.state)) == ("suspended" if effect.suspends_sender else "approved")
        consent = session().scalar(select(ConsentState).where(ConsentState.phone == message.phone))
        assert (consent.state, consent.source) == (("revoked", "provider") if effect.is_opt_out else ("given", "import"))
        assert session().scalar(select(Phone.is_textable).where(Phone.e164 == message.phone)) is not effect.flags_number


def test_a_wrong_account_stops_the_broadcast_and_loses_nobody(network, sending, outcome, signed_in, acting):
    """C14: credentials that the provider refuses are no fault of any member's number."""
    network.plan = lambda message: Rejected(20003)
    queue.run_due()
    states, phones = outcome()
    assert (states, phones) == ({"queued": 12}, {})
    page = signed_in("imani", org="southbank").get(f"/texts/{sending}").text
    assert "The phone network stopped this with the code 20,003" in page or "with the code 20003" in page
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


def test_tries_end():
    assert effect_of(30003, 1).state == "queued"
    assert effect_of(30003, 2).state == "failed"
    assert effect_of(30022, 5).state == "failed"
    assert back_off(50, 1) < timedelta(minutes=6)
    assert back_off(1, 0) < back_off(1, 1) < back_off(3, 1)


FIVE = ["queued", "sending", "sent", "delivered", "read"]


@pytest.mark.parametrize("statuses", [FIVE, ["queued", "sending", "sent", "undelivered"], ["sent", "failed", "delivered"]])
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
    """A8: any multiset of callbacks, in any two orders, from any state."""

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


def test_the_cap_counts_two_texts_of_one_batch_in_turn(acting, world):
    """C7: of three texts to one phone in a batch, two leave."""
    id = world.people["southbank"][0]
    with acting("southbank") as actor:
        actions.give_consent(actor, world.phones[id], source="web", now=MONDAY)
        for n in range(3):
            actions.queue_text(actor, id, {"en": f"n{n}"}, purpose="thanks", key=f"k{n}", now=MONDAY)
        messages, was_due = claiming.claim_texts(actor, None, now=MONDAY)
        assert ([m.body for m in messages], was_due) == (["n0", "n1"], True)


def test_no_connection_is_held_while_the_provider_is_called(network, sending, app):
    """A5: the session is idle between claim and record."""

    def plan(message):
        assert not session().info.get("writes")
        assert not session().in_transaction()
        return

    network.plan = plan
    queue.run_due()
    assert network.calls


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
