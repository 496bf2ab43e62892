"""The number that texts come from: never shared, and silent until the carriers have approved it as what the organization is."""

from itertools import product

import pytest
from sqlalchemy.exc import IntegrityError

from crm.infra.db import new_id, session
from crm.kernel.refusal import Refused
from crm.outreach import actions
from crm.outreach.models import Sender
from crm.outreach.queries.phones import may_send, sender_of
from crm.outreach.rules.registration import (
    LEGAL_FORMS,
    MOVES,
    STATES,
    USE_CASES,
    Registration,
    issues_before_moving,
    may_send_in,
)
from tests.clients import form_of
from tests.factories import MONDAY, REGISTERED

WHOLE = Registration(**REGISTERED)
SERVICE = "MG" + "b" * 32


def save(actor, state="approved", number="+15105550142", service="", **more):
    return actions.save_sender(
        actor, number=number, messaging_service_sid=service, state=state, pace=1, now=MONDAY, **REGISTERED | more)


@pytest.mark.parametrize("state", STATES)
def test_only_an_approved_registration_sends(state):
    """R18: each state; nothing leaves in any other."""
    assert may_send_in(state) == (state == "approved")
    assert not may_send_in(None)


@pytest.mark.parametrize(("state", "then"), list(product(STATES, STATES)))
def test_how_a_registration_moves(state, then):
    """R18: the state machine, every pair."""
    may = state == then or then in MOVES[state]
    assert (issues_before_moving(state, then, WHOLE) == []) == may


def test_the_legal_form_decides_the_use_case():
    """R18: charity for a 501(c)(3), political for the others, and Campaign Verify for a 527."""
    assert {form for form, case in USE_CASES.items() if case == "charity"} == {"501c3", "sponsored"}
    assert set(USE_CASES) == set(LEGAL_FORMS) and USE_CASES["501c4"] == USE_CASES["501c5"] == USE_CASES["501c6"] == USE_CASES["527"] == "political"
    political = Registration("527", WHOLE.brand, WHOLE.campaign)
    assert [issue.field for issue in issues_before_moving("pending", "approved", political)] == ["vetting"]
    assert issues_before_moving("pending", "approved", Registration("527", WHOLE.brand, WHOLE.campaign, "cv-1")) == []


@pytest.mark.parametrize(("left_out", "field"), [("legal_form", "legal_form"), ("brand", "brand"), ("campaign", "campaign")])
def test_approved_is_said_only_with_what_the_carriers_gave(acting, left_out, field):
    """R18: form, brand and campaign; without any one the state stays."""
    with acting("southbank") as actor:
        with pytest.raises(Refused) as refused:
            save(actor, **{left_out: ""})
        assert [reason.field for reason in refused.value.reasons] == [field]
        assert sender_of(actor) is None
        save(actor)
        assert may_send(sender_of(actor))
        save(actor, state="suspended")
        assert not may_send(sender_of(actor))
        with pytest.raises(Refused, match="does not go"):
            save(actor, state="rejected")


@pytest.mark.parametrize(("number", "service"), [("510-555-0142", ""), ("", SERVICE), ("415-555-0100", SERVICE), ("510-555-0142", "MG" + "c" * 32)])
def test_no_two_organizations_text_from_the_same(acting, number, service):
    """R17: number or service, however written, one of both is enough; and the database refuses too."""
    with acting("southbank") as actor:
        save(actor, service=SERVICE)
    with acting("mill") as actor:
        with pytest.raises(Refused, match="Another organization"):
            save(actor, number=number, service=service)
        assert sender_of(actor) is None
        for same in ({"number": "+15105550142"}, {"messaging_service_sid": SERVICE}):
            with pytest.raises(IntegrityError), session().begin_nested():
                session().add(Sender(id=new_id(), org_id=actor.org_id, **same))
                session().flush()


def test_one_organization_has_one_sender(acting):
    """R17: a second is not another row."""
    with acting("southbank") as actor:
        assert save(actor) == save(actor, number="+15105550143")
        with pytest.raises(IntegrityError), session().begin_nested():
            session().add(Sender(id=new_id(), org_id=actor.org_id, number="+15105550144"))
            session().flush()


def test_the_page_says_what_to_register_as(signed_in):
    desk = signed_in("imani", org="southbank")
    form = form_of(desk.get("/texts/number").text, "messaging_service_sid")
    answer = desk.post("/texts/number", data=form | {"number": "415-555-0142", "state": "approved", "legal_form": "501c5"})
    assert answer.status_code == 422 and "begins with BN" in answer.text and "<strong>Political</strong>" in answer.text
    assert desk.post("/texts/number", data=form | {"number": "415-555-0142", "state": "pending", "legal_form": "501c3"}).status_code == 303
    assert "<strong>Charity</strong>" in desk.get("/texts/number").text
