"""Webhooks in a crowd: each is stored before it is answered, STOP is obeyed before it is answered, and order is kept for each phone."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from crm.infra import jobs as queue
from crm.infra.db import close_session, session
from crm.outreach import jobs
from crm.outreach.actions import hooks
from crm.outreach.models import ConsentState, RawHook, Text, Thread
from crm.outreach.rules.replies.threads import acts_at_once
from tests.outreach.network import inbound, signed


def test_twenty_at_the_same_moment_are_each_kept_and_acted_on_once(app, sender, as_org, clock):
    """R23: answered means stored; a repetition of each changes nothing."""
    def post(n):
        try:
            k = n % 20
            return signed(app.test_client(), f"/hooks/twilio/inbound/{sender}", inbound(f"hello {k}", sid=f"SM{k:032x}", phone=f"+1415555{100 + k:04d}"))
        finally:
            close_session()

    with ThreadPoolExecutor(20) as pool:
        assert {answer.status_code for answer in pool.map(post, range(40))} == {200}
    with as_org("southbank"):
        assert session().scalar(select(func.count()).select_from(RawHook)) == 20
    clock.move(seconds=2)
    queue.run_due()
    with as_org("southbank"):
        assert sorted(session().scalars(select(Text.body).where(Text.direction == "in"))) == sorted(f"hello {n}" for n in range(20))
        assert session().scalar(select(func.count()).select_from(RawHook).where(RawHook.handled_at.is_(None))) == 0


def test_stop_is_obeyed_before_the_answer_and_after_what_its_owner_wrote_before(client, sender, as_org):
    signed(client, f"/hooks/twilio/inbound/{sender}", inbound("yes I am coming", sid="SM" + "1" * 32))
    signed(client, f"/hooks/twilio/inbound/{sender}", inbound("hello?", sid="SM" + "2" * 32, phone="+14155550998"))
    signed(client, f"/hooks/twilio/inbound/{sender}", inbound("STOP", sid="SM" + "3" * 32))
    with as_org("southbank"):
        assert session().scalar(select(ConsentState.state).where(ConsentState.phone == "+14155550999")) == "revoked"
        assert session().scalars(select(Text.body).where(Text.direction == "in").order_by(Text.id)).all() == ["yes I am coming", "STOP"]
        assert session().scalar(select(Thread.last_in_body)) == "STOP"


def test_one_text_that_cannot_be_acted_on_holds_up_nobody(client, sender, as_org, clock, monkeypatch):
    whole = hooks.receive_text

    def picky(came, *, now):
        if came.body == "poison":
            raise RuntimeError
        return whole(came, now=now)

    monkeypatch.setattr(hooks, "receive_text", picky)
    for n, body in enumerate(("before", "poison", "after")):
        signed(client, f"/hooks/twilio/inbound/{sender}", inbound(body, sid=f"SM{n:032x}"))
    clock.move(seconds=2)
    queue.run_due()
    with as_org("southbank"):
        assert session().scalars(select(Text.body).where(Text.direction == "in").order_by(Text.id)).all() == ["before", "after"]
    monkeypatch.setattr(hooks, "receive_text", whole)
    jobs.sweep(clock.move(minutes=1))
    with as_org("southbank"):
        assert session().scalar(select(func.count()).select_from(Text).where(Text.body == "poison")) == 1


@pytest.mark.parametrize("body", ["STOP", "please stop texting me", "ya no me manden mensajes", "HELP", "START", "wrong number", "número equivocado",
    "who gave you my number"])
def test_what_must_not_wait_does_not(body):
    assert acts_at_once(body)


@pytest.mark.parametrize("body", ["yes", "Sí, somos 3", "what time?", "need childcare for 2", "no puedo", ""])
def test_what_can_wait_a_second_does(body):
    assert not acts_at_once(body)
