"""What a broadcast is for: texts that ask for money go to those who agreed to that; a safety alert leaves at night, by two people."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from crm.infra.db import session
from crm.outreach import actions
from crm.outreach.models import Broadcast, Text
from crm.outreach.rules.gate import Facts, may_text, validity_for
from crm.people.models import Segment
from tests.clients import form_of
from tests.factories import MONDAY

NIGHT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # one in the morning in Los Angeles
WORDS = "Southbank: the street is closed, stay inside. Reply STOP to opt out."


@pytest.fixture
def everyone(acting, world):
    with acting("southbank") as actor:
        actions.import_consents(actor, [(id, world.phones[id]) for id in world.people["southbank"]], wording="x", evidence="y", now=MONDAY)
        segment = Segment(org_id=actor.org_id, name="Everyone", definition={"all": []}, updated_at=MONDAY)
        session().add(segment)
        session().flush()
        return segment.id


def write(desk, everyone, purpose):
    form = form_of(desk.get(f"/texts/new?segment={everyone}").text, 'name="body_en"')
    answer = desk.post("/texts", data=form | {"name": "Tonight", "purpose": purpose, "body_en": WORDS, "body_es": WORDS})
    assert answer.status_code == 303, answer.text
    return answer.location


def press(desk, location, which="/sending", **more):
    return desk.post(f"{location}{which}", data=form_of(desk.get(location).text, which) | more)


def states():
    return dict(session().execute(select(Text.state, func.count()).group_by(Text.state)).all())


def test_an_alert_leaves_at_night_when_a_second_person_agrees(signed_in, everyone, as_org, clock, run_jobs):
    """R16: one person alone sends none, not even a small one; with two it leaves at once."""
    clock.set(NIGHT)
    imani, omar = signed_in("imani", org="southbank"), signed_in("omar", org="southbank")
    location = write(imani, everyone, "safety")
    assert press(imani, location, is_careful="y").status_code == 303
    run_jobs()
    with as_org("southbank"):
        assert states() == {} and session().scalar(select(Broadcast.state)) == "asked"
    assert imani.post(f"{location}/agreement", data={"once": "alone"}).status_code == 422
    with as_org("southbank"):
        assert session().scalar(select(Broadcast.state)) == "asked", "not by the same person"
    assert press(omar, location, "/agreement").status_code == 303
    run_jobs()
    with as_org("southbank"):
        assert states() == {"delivered": 12}


def test_an_alert_that_nobody_else_agreed_to_is_refused_at_claim(acting, world, everyone, as_org, clock, run_jobs):
    """R16, R8: asked again where it leaves; and who opted out gets no alert either."""
    clock.set(NIGHT)
    person = world.people["southbank"][0]
    with acting("southbank") as actor:
        assert "needs two people" in str(actions.queue_text(actor, person, {"en": WORDS}, purpose="safety", key="k", now=NIGHT))
    ok = Facts("+14155550100", ("America/Los_Angeles",), "given", purpose="safety")
    refused = lambda **more: may_text(Facts(**{**ok.__dict__, **more}), NIGHT) is not None  # noqa: E731
    assert may_text(ok, NIGHT) is None and validity_for(ok, NIGHT) == 3600
    assert refused(is_agreed=False) and refused(consent="revoked") and refused(consent=None) and refused(recent=2) and refused(purpose="organizing")


def test_what_asks_for_money_goes_to_those_who_agreed_to_it(signed_in, everyone, acting, world):
    """R1: shown before sending, with what to do about it."""
    person = world.people["southbank"][0]
    with acting("southbank") as actor:
        actions.give_consent(actor, world.phones[person], source="paper", purpose="fundraising", wording="You may ask me", evidence="card", now=MONDAY)
        actions.set_exemption(actor, "OK", "Our lawyer says so", now=MONDAY)
    desk = signed_in("imani", org="southbank")
    page = desk.get(write(desk, everyone, "fundraising")).text
    assert "1 rule is set aside" in page
    assert "Send 1 text" in page and "never agreed to be asked for money by text" in page and "Ask whether you may, then record it" in page
