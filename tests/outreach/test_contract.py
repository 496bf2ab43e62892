"""The contract with the phone network: Twilio's description and rules bind every request; both transports keep the same promises."""

import pytest
import requests

from crm.bench.standin import contract
from crm.outreach.providers import Accepted, Simulator, Twilio
from tests.outreach.network import ACCOUNT, SERVICE, TOKEN, Failing, message

GOOD = {"To": "+14155550100", "Body": "Saturday at ten?", "MessagingServiceSid": SERVICE, "ValidityPeriod": "3600", "StatusCallback": "https://plenary.example/x"}


@pytest.fixture(params=["simulator", "twilio"])
def transport(request, app):
    """Each transport in turn."""
    return Simulator() if request.param == "simulator" else request.getfixturevalue("twilio")


def test_each_transport_takes_a_text_and_finds_it_again(transport):
    """A3: an id for every text, found by what was sent, never by what was not."""
    answers = [transport.send(message(text_id=n, key=f"k-{n}", phone=f"+1415555010{n}", body=f"Saturday {n}")) for n in range(3)]
    assert all(isinstance(answer, Accepted) for answer in answers)
    assert len({answer.sid for answer in answers}) == 3
    for n, answer in enumerate(answers):
        assert transport.find(message(text_id=n, key=f"k-{n}", phone=f"+1415555010{n}", body=f"Saturday {n}")) == answer.sid
    assert transport.find(message(key="k-9", phone="+14155550109", body="never sent")) is None
    assert transport.came_since(1, 1, "+15105550142", message().claimed_at) == []


def test_each_transport_carries_every_letter(transport):
    """Accents, emoji, signs that forms escape, line ends and the longest text that is allowed."""
    for n, words in enumerate(["¿Mañana? Sí, señor: 100% + más & más = €5", "🏠✊🏽 東京\nsecond line", "a" * 1600, "x=1&y=2%20"]):
        sent = message(text_id=n, key=f"k-{n}", body=words)
        answer = transport.send(sent)
        assert isinstance(answer, Accepted)
        assert transport.find(sent) == answer.sid


def test_each_transport_tells_two_equal_texts_apart(transport):
    """A3: what is already known to be another attempt's is never taken for this one."""
    first = transport.send(message(key="k-1"))
    second = transport.send(message(text_id=2, key="k-2"))
    assert first.sid != second.sid
    assert transport.find(message(text_id=2, key="k-2", known_sids=frozenset([first.sid]))) == second.sid


WRONG = [
    ("no phone", {"To": None}, 21604),
    ("not a phone", {"To": "Ana"}, 21211),
    ("a phone that cannot be", {"To": "+11155550100"}, 21211),
    ("no sender", {"MessagingServiceSid": None}, 21603),
    ("an empty sender", {"MessagingServiceSid": None, "From": ""}, 21603),
    ("no words", {"Body": None}, 21602),
    ("empty words", {"Body": ""}, 21602),
    ("too many words", {"Body": "a" * 1601}, 21617),
    ("no time", {"ValidityPeriod": "0"}, 21624),
    ("too much time", {"ValidityPeriod": "36001"}, 21624),
    ("a time that is none", {"ValidityPeriod": "soon"}, 21624),
    ("an unknown field", {"Boddy": "x"}, 20001),
    ("a service that cannot be", {"MessagingServiceSid": "MGx"}, 20001),
    ("a callback that cannot be", {"StatusCallback": "plenary"}, 20001),
    ("an enum's stranger", {"ContentRetention": "keep"}, 20001),
    ("neither true nor false", {"SmartEncoded": "perhaps"}, 20001),
]


@pytest.mark.parametrize(("change", "code"), [(change, code) for _what, change, code in WRONG], ids=[what for what, _c, _n in WRONG])
def test_the_stand_in_refuses_what_twilio_refuses(network, change, code):
    """One wrong thing at a time; the good request beside it is taken."""
    address = f"{network.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    fields = {name: value for name, value in (GOOD | change).items() if value is not None}
    answer = requests.post(address, data=fields, auth=(ACCOUNT, TOKEN), timeout=5)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert requests.post(address, data=GOOD, auth=(ACCOUNT, TOKEN), timeout=5).status_code == 201
    assert len(network.messages) == 1


def test_the_stand_in_wants_the_right_account_path_method_and_kind(network):
    address = f"{network.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert requests.post(address, data=GOOD, timeout=5).json()["code"] == 20003
    assert requests.post(address, data=GOOD, auth=(ACCOUNT, "guessed"), timeout=5).status_code == 401
    for wrong in (address.replace(ACCOUNT, "ACx"), address.replace(ACCOUNT, "AC" + "9" * 32), address.replace(".json", ""), network.url + "/"):
        assert requests.post(wrong, data=GOOD, auth=(ACCOUNT, TOKEN), timeout=5).status_code == 404
    assert requests.post(address, json=GOOD, auth=(ACCOUNT, TOKEN), timeout=5).status_code == 400
    assert requests.get(address, params={"To": "+14155550100", "Colour": "red"}, auth=(ACCOUNT, TOKEN), timeout=5).json()["code"] == 20001
    assert requests.get(address, params={"PageSize": "1001"}, auth=(ACCOUNT, TOKEN), timeout=5).json()["code"] == 20001
    assert network.messages == []


def test_twilios_own_opt_out_stands_before_ours(twilio, network):
    """One keyword alone blocks, words around it do not, START frees again."""
    network.write("STOP please", "+14155550100", "+15105550142")
    assert isinstance(twilio.send(message()), Accepted)
    network.write("stop", "+14155550100", "+15105550142")
    assert twilio.send(message()).code == 21610
    network.write("START", "+14155550100", "+15105550142")
    assert isinstance(twilio.send(message()), Accepted)


def test_the_contract_bites():
    """An answer that is not Twilio's is noticed: a field too many, of another kind, or malformed."""
    operation, _path = contract.operation_for("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
    schema = operation["answers"]["201"]
    assert list(contract.wrong_answer(schema, {"sid": "SM" + "0" * 32, "status": "accepted", "error_code": None})) == []
    for wrong in ({"sid": 7}, {"sid": "SMx"}, {"colour": "red"}, {"status": "gone"}, {"error_code": "none"}, {"date_created": "yesterday"}, []):
        assert list(contract.wrong_answer(schema, wrong))


def test_failures_are_drawn_by_their_seed():
    """The same seed fails the same calls, in the shares that were asked for."""
    plan = {(429, 20429): 0.05, (500, 20500): 0.03, "drop": 0.05}
    draws = [[failing(n, {}) for n in range(1, 4001)] for failing in (Failing(3, plan), Failing(3, plan), Failing(4, plan))]
    assert draws[0] == draws[1] != draws[2]
    for outcome, share in plan.items():
        assert share * 0.7 < draws[0].count(outcome) / 4000 < share * 1.3


def test_the_library_uses_one_connection_again_and_again(twilio, network, monkeypatch):
    """Kept connections: a hundred texts, one hand-shake."""
    opened = []
    pool = twilio.client.http_client.pool
    whole = pool.connection_from_url(network.url)
    monkeypatch.setattr(whole, "_new_conn", lambda made=whole._new_conn: opened.append(1) or made())
    for n in range(100):
        assert isinstance(twilio.send(message(text_id=n, key=f"k-{n}")), Accepted)
    assert len(opened) == 1
    assert isinstance(twilio, Twilio)
