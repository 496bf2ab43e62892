"""Asks as dated attempts, the order of the call list, goals, own show rates, and the forecast held to the past."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm.assemblies.queries import assembly_to_run
from crm.bench.forecasts import lived
from crm.infra.db import new_id, session
from crm.kernel.refusal import Missing
from crm.outreach.rules.replies import read_reply
from crm.turnout import actions, queries, rules
from crm.turnout.actions.subject import SUBJECT
from crm.turnout.models import Ask, Attendance, Goal, Rsvp
from crm.turnout.rules import Answer
from tests.clients import form_of
from tests.turnout.conftest import make_assembly


@pytest.fixture
def asks(as_org):
    """asks("southbank") → (how, outcome, asked_by) of its asks, oldest first."""

    def read(org):
        with as_org(org):
            return [(one.how, one.outcome, one.asked_by) for one in session().scalars(select(Ask).order_by(Ask.asked_at, Ask.id))]

    return read


def press(browser, hall, rsvp_id, word, how="call"):
    return browser.post(f"/assemblies/{hall.id}/calls/{rsvp_id}/answer?how={how}", data={"word": word})


def test_each_attempt_is_kept_and_only_an_answer_moves_the_rsvp(signed_in, hall, say, as_org, asks, clock):
    rsvp_id = say("southbank", 0, "yes")
    for word, how in (("no_answer", "call"), ("left_message", "call"), ("confirmed", "door")):
        assert press(signed_in("omar"), hall, rsvp_id, word, how).status_code == 303
        clock.move(hours=4)
    assert press(signed_in("omar"), hall, rsvp_id, "confirmed", "in_person").status_code == 303
    assert asks("southbank") == [("call", "no_answer", "Omar"), ("call", "left_message", "Omar"), ("door", "confirmed", "Omar"),
                                 ("in_person", "confirmed", "Omar")]  # fmt: skip
    assert asks("mill") == [], "a partner's or the convener's asks are its own"
    with as_org("southbank"):
        assert session().scalar(select(Rsvp.state).where(Rsvp.id == rsvp_id)) == "confirmed"
    page = signed_in("omar").get(f"/assemblies/{hall.id}/calls?state=confirmed").text
    assert "Confirmed 2 times." in page and "2 asks before" in page
    assert press(signed_in("omar"), hall, rsvp_id, "sent").status_code in (404, 422)


def test_an_answer_in_full_says_how(signed_in, hall, world, asks, as_org):
    person = world.people["southbank"][2]
    browser = signed_in("omar")
    address = f"/assemblies/{hall.id}/people/{person}/answer"
    form = form_of(browser.get(address).text, "how")
    assert browser.post(address, data=form | {"how": "door", "word": "no_answer"}).status_code == 303
    form = form_of(browser.get(address).text, "how")
    assert browser.post(address, data=form | {"how": "in_person", "word": "yes", "guests": "2"}).status_code == 303
    assert [one[:2] for one in asks("southbank")] == [("door", "no_answer"), ("in_person", "yes")]
    with as_org("southbank"):
        assert session().execute(select(Rsvp.state, Rsvp.guests)).one() == ("yes", 2)
    assert "No answer" in browser.get(address).text


def test_a_text_is_an_ask_and_the_reply_is_its_outcome(acting, hall, world, asks, clock):
    people = world.people["southbank"][:2]
    with acting("southbank") as actor:
        SUBJECT.asked(actor, hall.id, people, clock.now)
    assert [one[1] for one in asks("southbank")] == ["sent", "sent"]
    clock.move(hours=1)
    with acting("southbank") as actor:
        actions.handle_reply(actor, people[0], hall.id, read_reply("yes we'll be there"), now=clock.now)
    clock.move(days=3)
    with acting("southbank") as actor:
        SUBJECT.asked(actor, hall.id, people, clock.now)
        actions.handle_confirmation(actor, people[0], hall.id, read_reply("yes"), now=clock.now)
    assert sorted(one[1] for one in asks("southbank")) == ["confirmed", "sent", "sent", "yes"]


def test_the_best_next_ask_comes_first(signed_in, hall, say, acting, world, clock, as_org):
    """A yes before a maybe before silence; guests count; tries that reached nobody count against; who was spoken to today waits."""
    say("southbank", 0, "maybe")
    yes = say("southbank", 1, "yes")
    more = say("southbank", 2, "yes", guests=2)
    wrong = say("southbank", 3, "yes")
    say("southbank", 4, "no")
    with acting("southbank") as actor:
        actions.invite(actor, hall.id, [world.people["southbank"][5]], now=clock.now)
    browser = signed_in("omar")

    def order():
        with as_org("southbank") as actor:
            page = queries.call_list(actor, assembly_to_run(actor, hall.id), None, clock.now)
            return [world.people["southbank"].index(call.person.id) for call in page.rows]

    assert order() == [2, 1, 3, 0, 5] or order() == [2, 3, 1, 0, 5]
    press(browser, hall, wrong, "wrong_number")
    press(browser, hall, more, "no_answer")
    press(browser, hall, yes, "no_answer")
    assert order() == [0, 5]
    clock.move(days=1)
    assert order() == [2, 0, 1, 5]  # 27×3×60, 22×100, 27×60, 11×100
    page = signed_in("omar").get(f"/assemblies/{hall.id}/calls").text
    assert "In the order in which one more ask" in page and page.index("Carlos Reyes") < page.index("Ana Quintero")


def test_the_call_list_pages_by_its_order(hall, say, as_org, world, clock):
    for number in range(7):
        say("southbank", number, "yes", guests=number % 3)
    with as_org("southbank") as actor:
        assembly, seen, after = assembly_to_run(actor, hall.id), [], None
        while True:
            page = queries.call_list(actor, assembly, after, clock.now, size=2)
            seen += [call.rsvp.guests for call in page.rows]
            if not (after := page.next):
                break
    assert seen == sorted(seen, reverse=True) and len(seen) == 7


def test_an_old_confirmation_is_worth_another_in_the_last_days(hall, say, as_org, clock):
    say("southbank", 0, "confirm")
    for days, expected in ((3, 0), (7, 1)):  # the assembly is twelve days away
        clock.move(days=days)
        with as_org("southbank") as actor:
            assert len(queries.call_list(actor, assembly_to_run(actor, hall.id), None, clock.now).rows) == expected


def test_goals_of_organizations_units_and_organizers(signed_in, hall, say, world, as_org, clock):
    say("southbank", 0, "yes")
    rsvp_id = say("southbank", 3, "yes", guests=1)
    browser = signed_in("imani")
    press(browser, hall, rsvp_id, "confirmed")
    page = browser.get(f"/assemblies/{hall.id}/turnout").text
    for change in ({"kind": "organization", "about": world.orgs["mill"], "target": "40"}, {"kind": "unit", "name": "Southbank", "target": "12"},
                   {"kind": "organizer", "name": "Imani", "target": "9"}, {"kind": "organizer", "name": "Imani", "target": "10"}):
        assert browser.post(f"/assemblies/{hall.id}/goals", data=form_of(page, "kind") | change).status_code == 303
        page = browser.get(f"/assemblies/{hall.id}/turnout").text
    with as_org("southbank") as actor:
        goals = queries.goals_of(hall.id)
        assert {(one.kind, one.name): one.target for one in goals} == {("organization", ""): 40, ("unit", "Southbank"): 12, ("organizer", "Imani"): 10}
        by_unit = {one.name: (one.goal, one.yes, one.confirmed) for one in queries.units(actor, hall.id, goals)}
        assert by_unit["Southbank"] == (12, 3, 2)
        assert [(one.name, one.goal, one.asks, one.confirmed) for one in queries.organizers(actor, hall.id, goals)] == [("Imani", 10, 1, 1)]
    partner = signed_in("dolores").get(f"/assemblies/{hall.id}/turnout").text
    assert ">40<" in partner and "Canal" not in partner and ">Imani<" not in partner, "a partner sees what is asked of it, and nobody else's"
    refused = browser.post(f"/assemblies/{hall.id}/goals", data={"kind": "unit", "name": "", "target": ""})
    assert refused.status_code == 422 and "name of the unit" in refused.text
    assert signed_in("dolores").post(
        f"/assemblies/{hall.id}/goals", data={"kind": "organization", "about": world.orgs["mill"], "target": "4"}
    ).status_code in (404, 422)
    with as_org("southbank"):
        goal_id = session().scalar(select(Goal.id).where(Goal.kind == "unit"))
    assert signed_in("dolores").post(f"/assemblies/{hall.id}/goals/{goal_id}/removal").status_code == 404
    assert browser.post(f"/assemblies/{hall.id}/goals/{goal_id}/removal").status_code == 303


def past_assembly(acting, world, clock, day, came):
    """An assembly that is over: twelve of Mill confirmed, Omar of Southbank heard three yeses, so many of each came."""
    with acting("southbank"):
        past, sitting, at = make_assembly(world.orgs["southbank"], [world.orgs["southbank"], world.orgs["mill"]], day=day)
    for org, word, most in (("mill", "confirm", 12), ("southbank", "yes", 3)):
        with acting(org) as actor:
            for person_id in world.people[org][:most]:
                actions.record_answer(actor, past, person_id, Answer(word), source="staff", now=clock.now)
                if org == "southbank":
                    session().add(Ask(org_id=actor.org_id, assembly_id=past, person_id=person_id, asked_by="Omar", how="call", outcome="yes",
                                      asked_at=clock.now, answered_at=clock.now))
    with acting("southbank") as actor:
        for partner, count in came.items():
            for rsvp in session().scalars(select(Rsvp).where(Rsvp.assembly_id == past, Rsvp.partner_id == world.orgs[partner]).limit(count)).all():
                session().add(Attendance(org_id=rsvp.org_id, partner_id=rsvp.partner_id, assembly_id=past, session_id=sitting, rsvp_id=rsvp.id,
                                         person_id=rsvp.person_id, door_name=rsvp.door_name, device_key=str(new_id()), arrived_at=at))
        assembly = assembly_to_run(actor, past)
        assembly.state, assembly.finished_at = "finished", clock.now


def test_each_organizer_s_own_show_rate_and_the_forecast_held_to_the_past(acting, as_org, world, hall, clock, signed_in, say):
    past_assembly(acting, world, clock, date(2026, 9, 5), {"mill": 10, "southbank": 2})
    past_assembly(acting, world, clock, date(2026, 10, 3), {"mill": 9, "southbank": 1})
    rsvp_id = say("southbank", 5, "yes")
    press(signed_in("omar"), hall, rsvp_id, "confirmed")
    with as_org("southbank") as actor:
        (omar,) = queries.organizers(actor, hall.id, [])
        assert (omar.name, omar.asks, omar.came, omar.of) == ("Omar", 1, 3, 6) and omar.rate == pytest.approx((3 + 20 * 0.55) / 26)
        summary = queries.turnout_summary(actor, hall.id, now=clock.now)
        assert [one.came for one in summary.tested] == [12, 10] and summary.inside == 2
    page = signed_in("omar").get(f"/assemblies/{hall.id}/turnout").text
    assert "at 2 of 2 earlier assemblies" in page and "54 %" in page


def test_the_live_part_takes_the_same_queries_for_one_organization_and_for_many(signed_in, hall, say, count_queries):
    browser, address = signed_in("omar"), f"/assemblies/{hall.id}/turnout/now"
    say("southbank", 0, "yes")
    browser.get(address)
    with count_queries() as few:
        assert "expected in the room" in browser.get(address).text
    for org in ("mill", "arroyo"):
        for number in range(8):
            say(org, number, "yes")
    with count_queries() as many:
        page = browser.get(address).text
    assert len(many) == len(few) and "Casa Arroyo" in page and "<html" not in page and "every 15s" in page


# Held to the past: simulated lives --------------------------------------------------------------------------------


@pytest.mark.parametrize("shock", [0.0, 0.1, 0.2, 0.32])
def test_nineteen_of_twenty_assemblies_fall_inside(shock):
    """Sixty towns, ten assemblies each, six organizations with rates of their own; on some days everybody stays away."""
    tested = [one for seed in range(60) for one in rules.backtest(lived(seed, shock=shock))]
    share = sum(one.is_inside for one in tested) / len(tested)
    assert 0.92 <= share <= 1.0
    naive = [abs(one.came - one.expected) <= 1.96 * (one.expected * 0.45) ** 0.5 for one in tested]
    assert shock < 0.2 or sum(naive) / len(naive) < share - 0.1, "chance alone is not enough: that is why the range is wide"


def test_a_range_narrows_with_what_is_learned():
    steady = rules.backtest(lived(5, shock=0.0, assemblies=30))
    width = [(one.high - one.low) / max(1, one.expected) for one in steady]
    assert sum(width[-5:]) < 0.75 * sum(width[:5])
    assert rules.day_spread_of(lived(5, shock=0.0, assemblies=30)) < rules.day_spread_of(lived(5, shock=0.6, assemblies=30))


def test_a_forecast_without_any_past_is_the_law_of_halves():
    assert rules.backtest([]) == [] and rules.day_spread_of([]) == pytest.approx(0.32)
    (one,) = rules.backtest([{1: {"yes": (50, 100)}}])
    assert one.expected == 55 and one.is_inside


def test_nobody_else_sees_or_moves_an_ask(acting, hall, say, clock, as_org):
    rsvp_id = say("southbank", 0, "yes")
    with acting("mill") as actor, pytest.raises(Missing):
        actions.ask(actor, rsvp_id, "confirmed", now=clock.now + timedelta(days=1))
