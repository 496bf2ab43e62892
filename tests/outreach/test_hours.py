"""Texting hours: every zone and state where a person may be, every area code, both days on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from phonenumbers import geocoder, parse
from sqlalchemy import select

from crm.infra.audit import Event
from crm.infra.db import session
from crm.kernel.permissions import Role
from crm.kernel.phone import zones_of
from crm.kernel.refusal import Missing, Refused
from crm.kernel.states import STATES, read_state, state_of_number, zones_of_state
from crm.outreach import actions
from crm.outreach.actions.claiming import claim_texts
from crm.outreach.models import Exemption, Text
from crm.outreach.rules.gate import ANSWER_WITHIN, Facts, Home, place_of, validity_for, why_not
from crm.outreach.rules.hours import SUNDAY_HOURS, WEEKDAY_HOURS, next_open, open_until, validity_seconds
from crm.outreach.rules.laws import FEDERAL, LAWS, OWN, RULES, binding, cap_for, narrowest, week_for
from crm.people.models import Person
from tests.clients import form_of
from tests.factories import MONDAY

LA, NY = "America/Los_Angeles", "America/New_York"
GOOD = Facts(phone="+14155550100", zones=(LA,), consent="given")
US = [n for n in range(201, 990) if state_of_number(f"+1{n}5550100")]
NEW_CLOCKS = ("2026-03-08", "2026-11-01")


def but(**changes):
    return Facts(**{**GOOD.__dict__, **changes})


@pytest.mark.parametrize("day", ["2026-03-07", "2026-03-08", "2026-10-31", "2026-11-01", "2026-11-02", "2026-12-25"])
@pytest.mark.parametrize(
    "zone",
    [
        "America/New_York",
        "America/Los_Angeles",
        "America/Phoenix",
        "Pacific/Honolulu",
        "America/Puerto_Rico",
        "America/Adak",
    ],
)
def test_hours_minute_by_minute(zone, day):
    """C6: every ten minutes of ordinary days and of both days on which clocks change."""
    start = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    for n in range(0, 26 * 60, 10):
        now = start + timedelta(minutes=n)
        local = now.astimezone(ZoneInfo(zone))
        opens, closes = SUNDAY_HOURS if local.weekday() == 6 else WEEKDAY_HOURS
        assert (open_until((zone,), now) is not None) == (opens <= local.time() < closes)
        then = next_open((zone,), now).astimezone(ZoneInfo(zone))
        assert time(9) <= then.time() < time(20)
        assert then >= local


@cache
def right(zone, minute):
    """Whether our hours hold in that zone, counted in another way than hours.py does."""
    local = datetime.fromtimestamp(minute * 60, ZoneInfo(zone))
    return (12 if local.isoweekday() == 7 else 9) * 60 <= local.hour * 60 + local.minute < 20 * 60


def holds(codes, days, step):
    """Number of moments at which a text to some area code may leave; each is looked at in every zone, also as late as the provider may hold it."""
    cases = 0
    groups = {zones_of(f"+1{code}5550100") for code in codes}
    for day in days:
        first = int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() // 60)
        for zones in groups:
            for minute in range(first - 720, first + 48 * 60, step):
                now = datetime.fromtimestamp(minute * 60, UTC)
                is_open = open_until(zones, now) is not None
                assert is_open == all(right(zone, minute) for zone in zones), (zones, now)
                if is_open and (seconds := validity_seconds(zones, now)):
                    assert all(right(zone, minute + (seconds - 1) // 60) for zone in zones), (zones, now)
                    cases += 1
    return cases


def test_every_area_code_every_minute_when_clocks_change():
    """C6, R13, R14: every United States area code, two days around both changes of clocks and an ordinary day; nothing leaves
    outside the hours of any zone that the code may lie in, nor as late as the provider may hold it."""
    assert len(US) > 340
    assert holds(US, (*NEW_CLOCKS, "2026-11-24"), 1) > 60_000


def test_the_states_of_area_codes_are_those_of_the_numbering_plan():
    """R13: our short table says what the library's large one says, for every area code."""
    for code in range(201, 990):
        said = {geocoder.description_for_number(parse(f"+1{code}{exchange}0100"), "en").split(", ")[-1] for exchange in (222, 500, 555, 777)}
        said = {read_state({"Washington State": "WA", "Washington D.C.": "DC", "U.S. Virgin Islands": "VI"}.get(word, word)) for word in said} - {None}
        assert said <= {state_of_number(f"+1{code}5550100")}, (code, said)
    assert {len(zones) for _name, zones in STATES.values()} <= {1, 2}
    for _name, zones in STATES.values():
        assert all(ZoneInfo(zone) for zone in zones)


@pytest.mark.parametrize(("words", "state"), [
    ("CA", "CA"), ("ca", "CA"), ("California", "CA"), ("Calif.", "CA"), ("N.Y.", "NY"), ("new  york", "NY"), ("Washington, D.C.", "DC"), ("TX ", "TX"),
    ("Ontario", None), ("", None), ("?", None),
])  # fmt: skip
def test_states_as_people_write_them(words, state):
    assert read_state(words) == state


@pytest.mark.parametrize(("phone", "home", "zones"), [
    ("+14155550100", Home(), (LA,)),
    ("+14155550100", Home(region="NY"), (NY, LA)),  # moved, kept the number
    ("+14155550100", Home("America/Chicago", "NY"), ("America/Chicago", NY, LA)),  # all three say something else
    ("+13055550100", Home(NY, "FL"), (NY,)),  # told us where in a state of two zones
    ("+13055550100", Home(region="Florida"), (NY, "America/Chicago")),
    ("+13055550100", Home(region="Florida", postal_code="33130"), (NY,)),
    ("+18505550100", Home(region="Florida", postal_code="32401"), (NY, "America/Chicago")),
    ("+442079460000", Home(), ("Europe/London",)),
])  # fmt: skip
def test_all_the_zones_somebody_may_be_in(phone, home, zones):
    """R13: address, what they told us and the area code together."""
    assert set(place_of(phone, [home], "UTC", "organizing").zones) == set(zones) | set(zones_of(phone))
    assert zones_of_state("HI") == ("Pacific/Honolulu",)


def test_a_number_that_says_nothing_is_where_the_organization_is():
    assert place_of(None, [], NY, "organizing").zones == (NY,)


def test_whoever_may_be_in_new_york_is_not_texted_in_its_night(acting, world):
    """R13: the address alone holds the text back, though the number is of California."""
    person = world.people["southbank"][0]
    phone = world.phones[person]
    evening = MONDAY + timedelta(hours=9)  # six in Los Angeles, nine in New York
    with acting("southbank") as actor:
        actions.give_consent(actor, phone, source="paper", wording="x", evidence="y", now=MONDAY)
        ask = lambda key: session().get(Text, (actor.org_id, actions.queue_text(  # noqa: E731
            actor, person, {"en": "Hi"}, purpose="thanks", key=key, now=evening))).not_before_at
        assert ask("a") == evening
        session().get_one(Person, (actor.org_id, person)).region = "New York"
        assert ask("b") == datetime(2026, 11, 24, 17, tzinfo=UTC)  # nine on the next morning in Los Angeles, noon in New York


def test_the_provider_may_not_hold_a_text_into_the_night():
    """R14: ten hours at most, the rest of the window at most, and not at all in its last minute."""
    at = lambda h, m: datetime(2026, 11, 24, h, m, tzinfo=ZoneInfo(LA))  # noqa: E731
    assert validity_for(GOOD, at(9, 0)) == 36_000
    assert validity_for(GOOD, at(19, 0)) == 3600
    assert validity_for(GOOD, at(19, 59)) == 60
    assert validity_for(GOOD, at(19, 59) + timedelta(seconds=1)) is None


def test_an_answer_that_may_leave_only_now_is_not_held_longer():
    """R14, R16: within a quarter of an hour after they wrote; the provider gets what is left of it, and nothing in its last minute."""
    night = datetime(2026, 11, 24, 23, 0, tzinfo=ZoneInfo(LA))
    after = lambda minutes, **more: validity_for(but(purpose="answer", wrote_at=night, **more), night + timedelta(minutes=minutes))  # noqa: E731
    assert (after(0), after(10), after(14), after(14.5), after(15.5)) == (900, 300, 60, None, None)
    assert timedelta(seconds=900) == ANSWER_WITHIN
    noon = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo(LA))
    assert validity_for(but(purpose="answer", wrote_at=noon), noon) == 8 * 3600


# The law of each place ------------------------------------------------------------------------------------------


def test_every_law_has_its_source_and_day():
    """R13: dated data."""
    for law in LAWS.values():
        assert law.source and law.strength and law.verified_on >= date(2026, 11, 1) and len(law.week) == 7 and law.place in STATES
        assert law.most in (None, 3)
    assert FEDERAL.week[0] == (time(8), time(21))
    assert set(RULES) == {"own", "own_cap", *LAWS}, "federal hours bind everyone"


@pytest.mark.parametrize("place", ["FL", "OK", "WA", "MD", "TX", "CT"])
def test_our_default_meets_the_strict_states(place):
    """R13: texts about organizing keep these laws without looking at them."""
    assert narrowest([OWN.week, LAWS[place].week]) == OWN.week
    assert narrowest([OWN.week, FEDERAL.week]) == OWN.week


WEEK = {"Mon": 23, "Sat": 28, "Sun": 29}  # of November 2026


@pytest.mark.parametrize(("phone", "region", "day", "hour", "organizing", "fundraising"), [
    ("+14015550100", "RI", "Mon", 17, True, True),
    ("+14015550100", "RI", "Mon", 18, True, False),
    ("+14015550100", "RI", "Sat", 9, True, False),
    ("+12055550100", "AL", "Sun", 13, True, False),
    ("+15045550100", "LA", "Sun", 13, True, False),
    ("+16015550100", "MS", "Sun", 13, True, False),
    ("+16015550100", "MS", "Sat", 13, True, True),
    ("+15025550100", "KY", "Mon", 9, True, False),
    ("+12125550100", "NY", "Mon", 9, True, True),
    ("+12125550100", "NY", "Mon", 8, False, False),
    ("+12125550100", "RI", "Mon", 19, True, False),  # an address in Rhode Island, a number of New York
    ("+14015550100", "NY", "Mon", 19, True, False),  # and the other way round
    ("+18005550100", "", "Mon", 12, True, True),  # toll-free: may be anywhere
    ("+18005550100", "", "Sat", 12, True, True),
    ("+18005550100", "", "Sun", 13, True, False),
])  # fmt: skip
def test_what_asks_for_money_keeps_the_law_of_every_state(phone, region, day, hour, organizing, fundraising):
    """R13, 2b: the whole table for solicitation, our default for organizing."""
    zone = NY if not zones_of_state(read_state(region) or "NY")[0].endswith("Chicago") else "America/Chicago"
    now = datetime(2026, 11, WEEK[day], hour, 30, tzinfo=ZoneInfo(zone))
    for purpose, may in (("organizing", organizing), ("fundraising", fundraising)):
        place = place_of(phone, [Home(zone, region)], NY, purpose)
        zones = (zone,) if phone.startswith("+1800") else tuple(z for z in place.zones if z == zone) or place.zones
        assert (why_not(but(phone=phone, zones=zones, week=place.week, purpose=purpose), now) == []) == may, purpose


def test_a_day_without_texts_is_waited_out():
    """R13: from Saturday night to Monday, past a Sunday that the law closes."""
    saturday = datetime(2026, 11, 28, 21, tzinfo=ZoneInfo("America/Chicago"))
    opens = next_open(("America/Chicago",), saturday, week_for("fundraising", ["MS"]))
    assert opens.astimezone(ZoneInfo("America/Chicago")) == datetime(2026, 11, 30, 9, tzinfo=ZoneInfo("America/Chicago"))
    assert validity_seconds(("America/Chicago",), datetime(2026, 11, 29, 13, tzinfo=UTC), week_for("fundraising", ["MS"])) is None


def test_what_is_set_aside_no_longer_binds_and_federal_law_does():
    """R13, 2a: an exemption takes away the one rule that it names."""
    law = lambda *exempt, purpose="fundraising": {one.place for one in binding(purpose, ["RI", "OK"], exempt)}  # noqa: E731
    assert law() == {"own", "US", "RI", "OK"} and law("OK") == {"own", "US", "RI"} and law("OK", "RI", "own") == {"US"}
    assert law(purpose="organizing") == {"own"} and law("own", purpose="organizing") == {"US", "RI", "OK"}
    assert week_for("organizing", [], ["own"]) == FEDERAL.week
    assert {one.place for one in binding("fundraising", None)} == {"own", "US", *LAWS}


@pytest.mark.parametrize(("purpose", "states", "exempt", "most"), [
    ("organizing", [], (), 2), ("ballot", [], (), 3), ("organizing", [], ("own_cap",), 3), ("fundraising", ["FL"], ("own_cap", "FL"), 3),
    ("fundraising", ["FL"], (), 2), ("organizing", None, ("own", "own_cap"), 3),
])  # fmt: skip
def test_two_a_day_and_never_more_than_three(purpose, states, exempt, most):
    """R15: the default, the ballot that must arrive, and what an administrator may raise."""
    assert cap_for(purpose, states, exempt) == most


# The page --------------------------------------------------------------------------------------------------------


def test_an_administrator_sets_a_rule_aside_with_a_reason_and_takes_it_back(signed_in, as_org, acting):
    """R13: stored with its reason, dated, shown, undoable, in the audit; nobody else may."""
    desk, omar = signed_in("imani", org="southbank"), signed_in("omar", org="southbank")
    page = desk.get("/texts/hours").text
    assert "9:00 am–6:00 pm" in page, "hours of Rhode Island, as its clocks show them"
    assert "Every rule binds" in page and "Rhode Island" in page and "15 O.S. 775C" in page
    form = form_of(page, 'name="rule"')
    answer = desk.post("/texts/hours", data=form | {"rule": "", "reason": "no"})
    assert answer.status_code == 422 and "Choose a rule." in answer.text and "does not bind you, with the law" in answer.text
    told = form | {"rule": "OK", "reason": "We are educational, 775C.5(2), says our lawyer"}
    assert omar.post("/texts/hours", data={"once": "o", "rule": "OK", "reason": "We say so ourselves"}).status_code == 403
    assert desk.post("/texts/hours", data=told).status_code == 303
    assert desk.post("/texts/hours", data=told | {"once": "again"}).status_code == 422
    assert "775C.5(2)" in omar.get("/texts/hours").text
    with as_org("southbank"):
        one = session().scalars(select(Exemption)).one()
        exempt = one.id
        assert (one.rule, one.set_by, one.account_id is not None) == ("OK", "Imani", True)
        assert session().scalar(select(Event.after).where(Event.verb == "exemption.set"))["rule"] == "OK"
    with as_org("mill"):
        assert session().scalars(select(Exemption)).all() == [], "another organization is bound"
    assert omar.post(f"/texts/hours/{exempt}/end", data={"once": "x"}).status_code == 403
    form = form_of(desk.get("/texts/hours").text, f"/{exempt}/end")
    assert desk.post(f"/texts/hours/{exempt}/end", data=form).status_code == 303
    assert "Ended by Imani" in desk.get("/texts/hours").text
    assert desk.post("/texts/hours", data=told | {"once": "anew"}).status_code == 303


def test_an_exemption_counts_for_texts_already_queued(acting, world, clock):
    """R13, R8: asked again at claim."""
    early = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)  # half past eight in Los Angeles
    person = world.people["southbank"][0]
    with acting("southbank") as actor:
        actions.give_consent(actor, world.phones[person], source="paper", wording="x", evidence="y", now=MONDAY)
        actions.ensure_sender(actor, now=MONDAY)
        exempt = actions.set_exemption(actor, "own", "Our lawyer says so", now=MONDAY)
        text = actions.queue_text(actor, person, {"en": "Hi"}, purpose="thanks", key="k", now=early)
        assert session().get(Text, (actor.org_id, text)).not_before_at == early
        actions.end_exemption(actor, exempt, now=early)
        assert claim_texts(actor, None, now=early)[0] == []
        assert session().get(Text, (actor.org_id, text)).state == "queued"
        actions.set_exemption(actor, "own", "Our lawyer says so", now=early)
        assert len(claim_texts(actor, None, now=datetime(2026, 11, 24, 17, 30, tzinfo=UTC))[0]) == 1


def test_who_may_declare_and_what(acting):
    with acting("southbank", role=Role.ORGANIZER) as actor, pytest.raises(Missing):
        actions.set_exemption(actor, "OK", "our own law says", now=MONDAY)
    with acting("southbank") as actor, pytest.raises(Refused, match="Choose a rule"):
        actions.set_exemption(actor, "US", "federal law is silly", now=MONDAY)
