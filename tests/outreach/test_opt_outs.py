"""Opt-outs by voice, e-mail, letter, form and in person: obeyed at once, and a clock for those whose number nobody knows yet."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm.infra.db import session
from crm.kernel.refusal import Refused
from crm.outreach import actions
from crm.outreach.models import Consent, ConsentState, OptOutRequest
from crm.outreach.queries.opt_outs import opt_out_report
from crm.outreach.rules.business_days import (
    add_business_days,
    business_days_until,
    federal_holidays,
    honor_by,
    is_business_day,
)
from crm.outreach.rules.consent import STAFF_REVOKED
from tests.clients import form_of
from tests.factories import MONDAY

D = date
HOLIDAYS = {  # as the Office of Personnel Management lists them
    2021: [D(2021, 1, 1), D(2021, 1, 18), D(2021, 2, 15), D(2021, 5, 31), D(2021, 6, 18), D(2021, 7, 5), D(2021, 9, 6), D(2021, 10, 11), D(2021, 11, 11),
           D(2021, 11, 25), D(2021, 12, 24), D(2021, 12, 31)],
    2026: [D(2026, 1, 1), D(2026, 1, 19), D(2026, 2, 16), D(2026, 5, 25), D(2026, 6, 19), D(2026, 7, 3), D(2026, 9, 7), D(2026, 10, 12), D(2026, 11, 11),
           D(2026, 11, 26), D(2026, 12, 25)],
    2027: [D(2027, 1, 1), D(2027, 1, 18), D(2027, 2, 15), D(2027, 5, 31), D(2027, 6, 18), D(2027, 7, 5), D(2027, 9, 6), D(2027, 10, 11), D(2027, 11, 11),
           D(2027, 11, 25), D(2027, 12, 24), D(2027, 12, 31)],
}  # fmt: skip


@pytest.mark.parametrize("year", HOLIDAYS)
def test_federal_holidays_as_they_are_observed(year):
    """C5: also those that fall on a weekend, and a first of January that is observed in December."""
    assert sorted(federal_holidays(year)) == HOLIDAYS[year]


@pytest.mark.parametrize(("received", "by"), [
    (D(2026, 11, 23), D(2026, 12, 8)),  # Thanksgiving between
    (D(2026, 12, 18), D(2027, 1, 5)),  # Christmas and New Year
    (D(2026, 11, 28), D(2026, 12, 11)),  # a Saturday
    (D(2026, 3, 2), D(2026, 3, 16)),
    (D(2026, 6, 18), D(2026, 7, 6)),  # Juneteenth, and July 4 on a Saturday
])  # fmt: skip
def test_ten_business_days(received, by):
    """C5, R6: the day itself does not count."""
    assert honor_by(received) == by
    assert sum(is_business_day(received + timedelta(days=n)) for n in range(1, (by - received).days + 1)) == 10
    assert business_days_until(received, by) == 10 and business_days_until(by, by) == 0
    assert business_days_until(add_business_days(by, 1), by) == -1


@pytest.fixture
def desk(signed_in):
    return signed_in("omar", org="southbank")


def note(desk, **more):
    form = form_of(desk.get("/texts/opt-outs").text, "received_on")
    return desk.post("/texts/opt-outs", data=form | {"source": "paper", "evidence": "letter, folder 3"} | more)


@pytest.mark.parametrize("source", STAFF_REVOKED)
def test_each_way_of_saying_it_ends_texts_at_once(desk, acting, as_org, world, source):
    """R6, R7: voice, e-mail, letter, form, in person; known or not, the number gets nothing from this moment."""
    person = world.people["southbank"][0]
    with acting("southbank") as actor:
        actions.give_consent(actor, world.phones[person], source="web", wording="x", evidence="y", now=MONDAY)
    assert note(desk, phone=world.phones[person][2:], source=source).status_code == 303
    assert note(desk, phone="415-555-0199", source=source, once="2").status_code == 303
    with as_org("southbank") as actor:
        assert dict(session().execute(select(ConsentState.phone, ConsentState.state)).all()) == {world.phones[person]: "revoked", "+14155550199": "revoked"}
        line = session().scalars(select(Consent).where(Consent.kind == "revoked", Consent.phone == world.phones[person])).one()
        assert (line.person_id, line.source, line.received_on, line.collector) == (person, source, MONDAY.date(), "Omar")
    with acting("southbank") as actor:
        assert "asked for no texts" in str(actions.queue_to_phone(actor, "+14155550199", "Hi", purpose="thanks", key="k", now=MONDAY))


def test_a_letter_without_a_number_has_a_clock(desk, as_org, clock, signed_in):
    """R6, C5: what must be honored by when, what is overdue, and that nothing of it stays once it is."""
    assert note(desk, name="Rosa Quintero").status_code == 303
    page = desk.get("/texts/opt-outs").text
    assert "Rosa Quintero" in page and "Must be honored by" in page and "10 business days left" in page
    with as_org("southbank") as actor:
        request = session().scalars(select(OptOutRequest)).one().id
        assert opt_out_report(actor, clock.now).overdue == 0
    clock.set(MONDAY + timedelta(days=16))
    with as_org("southbank") as actor:
        assert opt_out_report(actor, clock.now).overdue == 1
    desk = signed_in("omar", org="southbank")  # the other sign-in ended meanwhile
    page = desk.get("/texts/opt-outs").text
    assert "One is overdue" in page and "Had to be honored by" in page
    assert signed_in("stranger").get(f"/texts/opt-outs/{request}").status_code == 404
    address = f"/texts/opt-outs/{request}"
    form = form_of(desk.get(address).text, "outcome")
    assert "Write their number" in desk.post(address, data=form | {"outcome": "honored"}).text
    assert desk.post(address, data=form | {"outcome": "honored", "phone": "415-555-0123"}).status_code == 303
    with as_org("southbank") as actor:
        report = opt_out_report(actor, clock.now)
        assert (report.waiting, report.count, report.late) == ([], 1, 1)
        row = session().scalars(select(OptOutRequest)).one()
        assert (row.outcome, row.name, row.evidence) == ("honored", "", "")
        assert session().scalars(select(ConsentState.state).where(ConsentState.phone == "+14155550123")).one() == "revoked"
    assert "1 was late." in desk.get("/texts/opt-outs").text
    assert "This is settled" in desk.get(address).text


def test_nobody_of_ours_is_meant(desk, as_org):
    note(desk, name="Somebody Else")
    with as_org("southbank"):
        address = f"/texts/opt-outs/{session().scalars(select(OptOutRequest.id)).one()}"
    form = form_of(desk.get(address).text, "outcome")
    assert desk.post(address, data=form | {"outcome": "not_ours"}).status_code == 303
    assert "Somebody Else" not in desk.get("/texts/opt-outs").text
    with as_org("southbank"):
        assert session().scalars(select(Consent)).all() == []


def test_everything_that_is_wrong_comes_at_once(desk):
    answer = note(desk, phone="12", evidence="", received_on="2031-01-01")
    assert answer.status_code == 422
    for words in ("It needs 10", "has not come yet", "Say where this can be looked up"):
        assert words in answer.text
    assert "write their name" in note(desk, once="3").text


def test_no_later_than_now(acting):
    """C5: a day that has not come is refused by the action too."""
    with acting("southbank") as actor, pytest.raises(Refused):
        actions.record_opt_out(actor, phone="4155550123", name="", source="paper", evidence="x", received_on=D(2030, 1, 1), now=MONDAY, today=MONDAY.date())
