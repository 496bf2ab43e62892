"""The official library against a stand-in with Twilio's rules and state, and webhooks with every kind of forgery."""

import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator
from urllib3.connection import HTTPConnection

from crm.infra import jobs as queue
from crm.infra import runtime
from crm.infra.db import session
from crm.outreach import actions, jobs
from crm.outreach.models import ConsentState, RawHook, Sender, Text, Thread
from crm.outreach.providers import (
    Accepted,
    Rejected,
    SlowDown,
    Twilio,
    Unclear,
    Unsure,
    status_key,
)
from crm.people.models import Segment
from tests.factories import MONDAY, REGISTERED
from tests.outreach.network import ACCOUNT, SERVICE, TOKEN, inbound, message, signed


def test_what_leaves(twilio, network):
    """R14, R17: service, callback with our key, validity; the words arrive letter by letter."""
    answer = twilio.send(message())
    assert answer == Accepted("SM" + "0" * 32, "accepted")
    assert network.calls == [
        {
            "To": "+14155550100",
            "Body": "Hola, mañana + 1 & más",
            "MessagingServiceSid": SERVICE,
            "ValidityPeriod": "3600",
            "StatusCallback": "https://plenary.example/hooks/twilio/status/k-1",
        }
    ]
    twilio.send(message(messaging_service_sid=None, number="+15105550142"))
    assert network.calls[1]["From"] == "+15105550142"


@pytest.mark.parametrize(
    ("fails", "answer"),
    [
        ((429, 20429), SlowDown()),
        ((400, 21610), Rejected(21610)),
        ((400, 21211), Rejected(21211)),
        ((401, 20003), Rejected(20003)),
        ((500, 20500), Unclear("http 500")),
        ((503, 20503), Unclear("http 503")),
    ],
)
def test_answers_are_put_into_four_words(twilio, network, fails, answer):
    network.fails = lambda n, fields: fails
    assert twilio.send(message()) == answer


def test_a_network_that_hangs_is_left_in_time(network, app):
    """A3: the library's own default is to wait for ever."""
    impatient = Twilio(
        runtime.settings().but(twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN, twilio_base_url=network.url),
        time_limits=(1, 0.3),
    )
    network.fails = lambda n, fields: "hang"
    assert isinstance(impatient.send(message()), Unclear)
    assert Twilio(runtime.settings().but(twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN)).client.http_client.limits.read_timeout == 15


@pytest.mark.parametrize("step", ["putrequest", "endheaders"])
def test_a_call_that_froze_on_its_way_does_not_leave(twilio, network, monkeypatch, step):
    """A7: before its headers or between headers and words; somebody else may have the text by then."""
    assert isinstance(twilio.send(message(leave_by=time.monotonic() + 60)), Accepted)
    as_it_is = getattr(HTTPConnection, step)

    def frozen(self, *given, **named):
        as_it_is(self, *given, **named)
        time.sleep(0.3)

    monkeypatch.setattr(HTTPConnection, step, frozen)
    assert twilio.send(message(leave_by=time.monotonic() + 0.2)) == SlowDown()
    assert len(network.messages) == 1
    monkeypatch.undo()
    assert isinstance(twilio.send(message()), Accepted), "the next one is not held to the last one's time"


def test_looking_for_an_unclear_text(twilio, network, clock):
    """A3: with a positive control, on the second page too; never an older, another's or a recorded one."""
    network.fails = lambda n, fields: "drop"
    assert isinstance(twilio.send(message()), Unclear)
    network.fails = lambda n, fields: None
    sid = network.messages[0]["sid"]
    for n in range(70):
        network.take({"To": "+14155550100", "Body": f"other {n}"})
    assert twilio.find(message()) == sid
    assert twilio.find(message(known_sids=frozenset([sid]))) is None
    assert twilio.find(message(body="not sent")) is None
    assert twilio.find(message(phone="+14155550101")) is None
    assert twilio.find(message(claimed_at=MONDAY + timedelta(hours=1))) is None
    network.fails = lambda n, fields: (503, 1)
    assert twilio.find(message()) == Unsure()


def test_a_nobody_listens_is_not_a_lost_text(twilio, network):
    network.close()
    assert isinstance(twilio.send(message()), (Unclear, SlowDown))
    assert twilio.find(message()) == Unsure()


def broadcast(acting, world):
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


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 4))])
def test_every_failure_at_once(sender, network, acting, world, clock, as_org, seed):
    """A2, A3: 429, 500 before and behind the yes, dropped lines: in the end each phone has the text exactly once."""

    def fails(n, fields):
        return (None, (429, 20429), None, "drop", (500, 20500), None, "drop")[(n * 3 + seed * 5 + n // 7) % 7] if 0 < n < 60 else None

    network.fails = fails
    broadcast(acting, world)
    for _ in range(40):
        queue.run_due()
        clock.move(seconds=61)
        jobs.sweep(clock.now)
    reached = Counter(m["to"] for m in network.messages)
    assert len(reached) == 12
    assert set(reached.values()) == {1}, reached
    with as_org("southbank"):
        assert set(session().scalars(select(Text.state))) == {"accepted"}
        assert len(set(session().scalars(select(Text.provider_sid)))) == 12


def test_nothing_leaves_without_a_registered_sender(twilio, network, acting, world, as_org):
    """R18: no sender, then one that is not approved."""
    with pytest.raises(Exception, match="Nobody would get this text"):
        broadcast(acting, world)
    with acting("southbank") as actor:
        actions.save_sender(actor, number="+15105550142", messaging_service_sid="", state="pending", pace=1, legal_form="501c3", now=MONDAY)
    with pytest.raises(Exception, match="Nobody would get this text"):
        broadcast(acting, world)
    assert network.calls == []


# --- webhooks ---------------------------------------------------------------------------------------------------------


def hooks():
    return session().scalar(select(func.count()).select_from(RawHook))


def test_twilios_own_vector():
    """R22: the signature of Twilio's documentation."""
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675310",
        "Digits": "1234",
        "From": "+14158675310",
        "To": "+18005551212",
    }
    assert RequestValidator("12345").compute_signature("https://example.com/myapp.php?foo=1&bar=2", fields) == "L/OH5YylLD5NRKLltdqwSvS0BnU="


def test_a_text_that_comes_in_is_kept_and_acted_on_once(client, sender, acting, as_org, world):
    """C2, R23, R24: STOP is obeyed within the call; the same call again changes nothing."""
    phone = world.phones[world.people["southbank"][0]]
    with acting("southbank") as actor:
        actions.give_consent(actor, phone, source="web", wording="x", evidence="y", now=MONDAY)
    fields = inbound("STOP", phone=phone)
    for _ in range(3):
        answer = signed(client, f"/hooks/twilio/inbound/{sender}", fields)
        assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/xml", "<Response/>")
    with as_org("southbank"):
        assert session().scalar(select(ConsentState.state)) == "revoked"
        assert session().scalar(select(func.count()).select_from(Text).where(Text.direction == "in")) == 1
        hook = session().scalar(select(RawHook))
        assert (hook.fields, hook.handled_at) == ({}, MONDAY)


def forgeries(fields):
    for name in fields:
        yield f"{name} changed", fields | {name: fields[name] + "x"}
        yield f"{name} gone", {key: value for key, value in fields.items() if key != name}
        yield f"{name} trimmed", fields | {name: fields[name][:-1]}
    yield "a field more", fields | {"Extra": "1"}
    yield "a space more", fields | {"Body": fields["Body"] + " "}


def test_forged_calls_change_nothing(client, sender, as_org):
    """C11, R22: every field changed, gone or added; other secrets, other addresses, every letter of the signature."""
    fields, address = inbound(), f"/hooks/twilio/inbound/{sender}"
    good = RequestValidator(TOKEN).compute_signature("https://plenary.example" + address, fields)
    tried = 0
    for what, forged in forgeries(fields):
        assert signed(client, address, forged, signature=good).status_code == 403, what
        tried += 1
    for n in range(len(good)):
        forged = good[:n] + ("A" if good[n] != "A" else "B") + good[n + 1 :]
        assert signed(client, address, fields, signature=forged).status_code == 403
        tried += 1
    assert signed(client, address, fields, token="another").status_code == 403
    assert signed(client, address, fields, base="http://plenary.example").status_code == 403
    assert signed(client, address, fields, base="https://plenary.example:8443").status_code == 403
    assert signed(client, address + "?a=1", fields, signature=good).status_code == 403
    assert client.post(address, data=fields, csrf=False).status_code == 403
    other = fields | {"AccountSid": "AC" + "9" * 32}
    assert signed(client, address, other).status_code == 403
    assert signed(client, "/hooks/twilio/inbound/12345", fields).status_code == 404
    assert tried > 40
    with as_org("southbank"):
        assert hooks() == 0
        assert session().scalars(select(Text)).all() == []
        assert session().scalars(select(Thread)).all() == []
    assert signed(client, address, fields).status_code == 200


def test_the_algorithm_is_ours_to_say(client, sender, as_org):
    """R22: by setting, HMAC-SHA256 with the shared key; a header that says otherwise changes nothing."""
    address, fields = f"/hooks/twilio/inbound/{sender}", inbound()
    before = runtime.settings()
    assert signed(client, address, fields, algorithm="HMAC_SHA256").status_code == 403
    runtime.start(before.but(twilio_signature="HMAC-SHA256", twilio_signing_secret="shared"))
    assert signed(client, address, fields).status_code == 403
    assert signed(client, address, fields, algorithm="HMAC_SHA256").status_code == 403
    assert signed(client, address, fields, token="shared").status_code == 403
    older = RequestValidator("shared").compute_signature("https://plenary.example" + address, fields)
    said = {"X-Twilio-Signature": older, "X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_SHA1"}
    assert client.post(address, data=fields, headers=said, csrf=False).status_code == 403
    with as_org("southbank"):
        assert hooks() == 0
    assert signed(client, address, fields, token="shared", algorithm="HMAC_SHA256").status_code == 200
    runtime.start(before)


def test_every_organization_has_its_own_door(client, sender, acting, as_org, clock):
    """T4: whose text it is, is said by the number it came to."""
    with acting("mill") as actor:
        mill = actions.save_sender(actor, number="+15105550143", messaging_service_sid="", state="approved", pace=1, **REGISTERED, now=MONDAY)
    signed(client, f"/hooks/twilio/inbound/{mill}", inbound("for mill"))
    clock.move(seconds=2)
    queue.run_due()
    with as_org("mill"):
        assert session().scalars(select(Text.body).where(Text.direction == "in")).all() == ["for mill"]
    with as_org("southbank"):
        assert session().scalars(select(Text)).all() == []
        assert session().scalar(select(func.count()).select_from(Sender)) == 2


def test_statuses_by_webhook(client, sender, network, acting, world, as_org, clock):
    """A8, R23: kept at once, acted on together; forward only, repeated or not; a foreign or forged key is nothing."""
    broadcast(acting, world)
    queue.run_due()
    with as_org("southbank"):
        text = session().execute(select(Text.org_id, Text.id, Text.provider_sid, Text.phone).order_by(Text.id)).first()
        key = status_key(text.org_id, text.id, 1)
    address = f"/hooks/twilio/status/{key}"
    for status in ("sent", "delivered", "sent", "delivered", "queued"):
        fields = {"AccountSid": ACCOUNT, "MessageSid": text.provider_sid, "MessageStatus": status, "To": text.phone}
        assert signed(client, address, fields).status_code == 200
    with as_org("southbank"):
        assert (hooks(), session().scalar(select(Text.state).where(Text.id == text.id))) == (3, "accepted")
    clock.move(seconds=1)
    queue.run_due()
    with as_org("southbank"):
        again = session().scalar(select(Text).where(Text.id == text.id))
        assert (again.state, again.provider_status) == ("delivered", "delivered")
        assert [(hook.fields, hook.handled_at) for hook in session().scalars(select(RawHook))] == [({}, clock.now)] * 3
    fields = {"AccountSid": ACCOUNT, "MessageSid": "SMx", "MessageStatus": "failed"}
    assert signed(client, address, fields, token="another").status_code == 403
    assert signed(client, f"/hooks/twilio/status/{key[:-1]}", fields).status_code == 404


def test_a_text_kept_while_acting_on_it_failed_is_taken_up_again(monkeypatch, client, sender, as_org, clock):
    """R23: what came is stored first; the provider is thanked, and the sweeper finishes it."""

    def breaks(*args, **kwargs):
        raise RuntimeError

    whole = actions.hooks.receive_text
    monkeypatch.setattr(actions.hooks, "receive_text", breaks)
    assert signed(client, f"/hooks/twilio/inbound/{sender}", inbound("hello there")).status_code == 200
    monkeypatch.setattr(actions.hooks, "receive_text", whole)
    with as_org("southbank"):
        assert hooks() == 1
        assert session().scalars(select(Text)).all() == []
    jobs.sweep(clock.move(minutes=1))
    with as_org("southbank"):
        assert session().scalar(select(Text.body).where(Text.direction == "in")) == "hello there"


def test_stops_that_came_while_we_were_away_are_obeyed(client, sender, network, acting, as_org, world, clock):
    """C10, R25: the webhook failed and Twilio does not repeat it; the poll finds each text, and each only once."""
    phones = [world.phones[id] for id in world.people["southbank"]]
    with acting("southbank") as actor:
        for phone in phones:
            actions.give_consent(actor, phone, source="web", wording="x", evidence="y", now=MONDAY)
    network.add_service(SERVICE, ("+15105550142", "+15105550199"))
    signed(client, f"/hooks/twilio/inbound/{sender}", inbound("hello", phone=phones[0]))
    clock.move(minutes=5)
    for n, phone in enumerate(phones):
        network.write("STOP", phone, ("+15105550142", "+15105550199")[n % 2])
    for _ in range(3):
        jobs.sweep(clock.move(minutes=10))
        queue.run_due()
    with as_org("southbank"):
        assert Counter(session().scalars(select(ConsentState.state))) == {"revoked": 12}
        assert session().scalar(select(func.count()).select_from(Text).where(Text.body == "STOP")) == 12


def test_the_simulator_takes_no_webhooks(client, acting):
    with acting("southbank") as actor:
        sender = actions.ensure_sender(actor, now=MONDAY).id
    assert signed(client, f"/hooks/twilio/inbound/{sender}", inbound()).status_code == 403
