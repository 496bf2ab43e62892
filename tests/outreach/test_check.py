"""`plenary twilio check`: every fault in the console is named in words, one at a time, and a console as it must be is ok."""

import pytest

from crm.infra import runtime
from crm.infra.db import session
from crm.outreach.models import Sender
from crm.settings import BadSettings
from crm.twilio_check import check
from tests.outreach.network import SERVICE

NUMBER = "+15105550142"


@pytest.fixture
def address(sender):
    return f"https://plenary.example/hooks/twilio/inbound/{sender}"


@pytest.fixture
def console(network, address):
    """Twilio's console with everything in its place."""
    return network.add_service(SERVICE, (NUMBER,), inbound_request_url=address + "#rc=5&rp=all", fallback_url=address)


def said(capsys) -> tuple[int, list[str], str]:
    status = check()
    out = capsys.readouterr().out
    return status, [line for line in out.splitlines() if line.startswith("wrong")], out


def test_all_is_well(console, address, capsys):
    status, wrong, out = said(capsys)
    assert (status, wrong) == (0, [])
    assert "ok    Southbank Tenants Union" in out
    assert address + "#rc=5&rp=all" in out and "Advanced Opt-Out" in out and "PARAR" in out


FAULTS = [
    ("no address", {"inbound_request_url": None}, "replies and STOP do not arrive here"),
    ("another's address", {"inbound_request_url": "https://other.example/sms#rc=5"}, "is https://other.example/sms"),
    ("no repeats", {"inbound_request_url": "ADDRESS"}, "told only once"),
    ("by GET", {"inbound_method": "GET"}, "choose HTTP POST"),
    ("no fallback", {"fallback_url": None}, "when the primary handler fails"),
    ("the number's own address counts, and is empty", {"use_inbound_webhook_on_number": True}, f"of {NUMBER} is empty"),
]


@pytest.mark.parametrize(("change", "words"), [(change, words) for _what, change, words in FAULTS], ids=[what for what, _c, _w in FAULTS])
def test_each_fault_of_the_service_is_named(console, address, capsys, change, words):
    console |= {name: address if value == "ADDRESS" else value for name, value in change.items()}
    status, wrong, _out = said(capsys)
    assert status == 1
    assert any(words in line for line in wrong), wrong


def test_registration_and_numbers(console, network, capsys, acting):
    """R17, R18: the campaign, the pool, the number's powers, and what Plenary itself holds."""
    held = network.services[SERVICE]
    held["campaigns"][0] |= {"campaign_status": "FAILED", "errors": [{"error_code": 30896, "description": "Opt-in is not described"}],
                             "opt_out_keywords": ["ALTO"]}
    network.numbers[NUMBER]["capabilities"] = {"sms": False, "mms": False, "voice": True}
    with acting("southbank"):
        session().query(Sender).one().state = "pending"
    status, wrong, _out = said(capsys)
    assert status == 1 and len(wrong) == 4
    for words in ("it stands at FAILED: Opt-in is not described", "lack STOP", "cannot send texts", "nothing leaves"):
        assert any(words in line for line in wrong), words
    held["campaigns"].clear()
    held["numbers"].clear()
    assert any("no number in its pool" in line for line in said(capsys)[1])
    held["numbers"].append({**dict.fromkeys(("sid", "account_sid", "service_sid", "date_created", "date_updated", "country_code", "capabilities", "url")),
                            "phone_number": "+15105550177"})
    wrong = said(capsys)[1]
    assert any("not in the pool" in line for line in wrong) and any("A2P 10DLC" in line for line in wrong)


def test_what_is_not_there(sender, network, capsys):
    """Neither the service nor the number is in the account."""
    _status, wrong, _out = said(capsys)
    assert any(f"{SERVICE} is not in this account" in line for line in wrong)
    assert any(f"{NUMBER} is not in this account" in line for line in wrong)


def test_wrong_token_no_answer_and_an_address_nobody_reaches(console, network, capsys):
    before = runtime.settings()
    runtime.start(before.but(twilio_auth_token="guessed", public_url="http://127.0.0.1:8000"))
    status, wrong, out = said(capsys)
    assert status == 1
    assert any("does not know this account" in line for line in wrong)
    assert any("https://" in line for line in wrong) and any("nobody outside reaches" in line for line in wrong)
    assert "guessed" not in out
    runtime.start(before.but(twilio_base_url="http://127.0.0.1:9"))
    assert any("does not answer" in line for line in said(capsys)[1])
    runtime.start(before)


def test_nobody_has_a_number_yet(twilio, capsys):
    assert "No organization has a number yet" in said(capsys)[2]


def test_the_simulator_has_nothing_to_check(app):
    with pytest.raises(BadSettings, match="phone simulator"):
        check()
