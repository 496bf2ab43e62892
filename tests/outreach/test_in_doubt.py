"""What we took for an opt-out, or for a wrong number, without being sure: suppressed at once, and taken back only by a person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.infra.audit import Event
from crm.infra.db import reading, session
from crm.outreach.models import Consent
from crm.people.models import Person
from tests.clients import form_of
from tests.factories import MONDAY
from tests.outreach.test_receive import ana, heard, phones  # noqa: F401 - fixtures

DOUBTFUL, PLAIN = "turn these off", "STOP"


def _page(signed_in, phones, phone):  # noqa: F811
    browser = signed_in("imani", org="southbank")
    return browser, f"/inbox/{phones.thread(phone).id}"


def test_a_doubt_is_obeyed_and_can_be_taken_back(phones, ana, heard, signed_in):  # noqa: F811
    """R5: when in doubt, suppress; a person reads it again, and that is an entry of the ledger and an event."""
    phones.write(ana[1], DOUBTFUL)
    assert phones.state(ana[1]) == "revoked" and phones.thread(ana[1]).reason == "stop_in_doubt"
    browser, address = _page(signed_in, phones, ana[1])
    assert "They meant something else" in browser.get(address).text
    assert browser.post(f"{address}/no-stop").status_code == 303
    assert phones.state(ana[1]) == "given"
    with reading(phones.org_id):
        assert [(line.kind, line.source) for line in session().scalars(select(Consent).where(Consent.phone == ana[1]).order_by(Consent.at, Consent.id))] == [
            ("given", "paper"), ("revoked", "doubt"), ("revoked", "review")]
        event = session().scalar(select(Event).where(Event.verb == "consent.reviewed"))
        assert (event.person_id, event.actor_name) == (ana[0], "Imani")
    assert "They meant something else" not in browser.get(address).text


@pytest.mark.parametrize("after", [[PLAIN], [DOUBTFUL, PLAIN], [PLAIN, DOUBTFUL]])
def test_plain_words_are_never_taken_back(phones, ana, heard, signed_in, after):  # noqa: F811
    for n, body in enumerate(after):
        phones.write(ana[1], body, at=MONDAY + timedelta(minutes=n))
    browser, address = _page(signed_in, phones, ana[1])
    assert "They meant something else" not in browser.get(address).text
    refused = browser.post(f"{address}/no-stop")
    assert refused.status_code == 422 and phones.state(ana[1]) == "revoked"


def test_a_person_can_make_a_doubt_plain(phones, ana, heard, signed_in):  # noqa: F811
    phones.write(ana[1], DOUBTFUL)
    browser, address = _page(signed_in, phones, ana[1])
    browser.post(f"{address}/outcomes", data={"outcome": "opt_out"})
    assert browser.post(f"{address}/no-stop").status_code == 422 and phones.state(ana[1]) == "revoked"


def test_who_never_agreed_has_not_agreed_by_a_review(phones, heard, signed_in):  # noqa: F811
    phone = phones.number(phones.people[3])
    phones.write(phone, DOUBTFUL)
    browser, address = _page(signed_in, phones, phone)
    assert browser.post(f"{address}/no-stop").status_code == 303
    assert phones.state(phone) is None


def test_those_who_may_only_read_take_nothing_back(phones, ana, heard, signed_in):  # noqa: F811
    phones.write(ana[1], DOUBTFUL)
    address = f"/inbox/{phones.thread(ana[1]).id}/no-stop"
    assert signed_in("rita").post(address).status_code == 403
    assert signed_in("stranger").post(address).status_code == 404
    assert phones.state(ana[1]) == "revoked"


def test_a_wrong_number_gets_nothing_until_a_person_has_looked(phones, ana, heard, signed_in):  # noqa: F811
    phones.write(ana[1], "you have the wrong number")
    assert (phones.state(ana[1]), phones.thread(ana[1]).reason) == ("revoked", "wrong_number") and phones.sent(ana[1]) == []
    browser, address = _page(signed_in, phones, ana[1])
    browser.post(f"{address}/no-stop")
    assert phones.state(ana[1]) == "given"


def test_a_new_address_waits_for_a_person_with_a_suggestion(phones, ana, heard, signed_in):  # noqa: F811
    phones.write(ana[1], "Hi, I moved to 2210 Elm Ave apt 4")
    thread = phones.thread(ana[1])
    assert (thread.state, thread.reason, thread.facts["reading"]["details"]) == ("needs_answer", "moved", {"address": "2210 Elm Ave apt 4"})
    browser, address = _page(signed_in, phones, ana[1])
    form = form_of(browser.get(address).text, "/address")
    assert form["street"] == "2210 Elm Ave apt 4"
    assert browser.post(f"{address}/address", data=form | {"street": ""}).status_code == 422
    assert browser.post(f"{address}/address", data=form).status_code == 303
    with reading(phones.org_id):
        assert session().scalar(select(Person.street).where(Person.id == ana[0])) == "2210 Elm Ave apt 4"
    assert "/address" not in browser.get(address).text
