"""Answers, pledges, summaries and facts against a real database, in each side's scope."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from crm.assemblies.queries import assembly_to_run
from crm.infra.audit import Event
from crm.infra.db import session
from crm.kernel.refusal import Missing, Refused
from crm.outreach.actions import import_consents, start_broadcast
from crm.outreach.rules.replies import read_reply
from crm.people.models import Person, Segment
from crm.turnout import actions, queries
from crm.turnout.models import Attendance, Rsvp, Support
from crm.turnout.rules import Answer
from tests.turnout.conftest import make_assembly


def reply(acting, world, hall, clock, text, org="mill", number=1):
    with acting(org) as actor:
        return actions.handle_reply(actor, world.people[org][number], hall.id, read_reply(text, "rsvp"), now=clock.now)


@pytest.mark.parametrize(
    ("text", "state", "guests", "supports"),
    [
        ("yes", "yes", 0, {}),
        ("Sí, somos 3", "yes", 2, {}),
        ("no puedo", "no", 0, {}),
        ("maybe", "maybe", 0, {}),
        ("need childcare for 2", "invited", 0, {"childcare": 2}),
    ],
)
def test_a_text_becomes_an_answer(acting, as_org, world, hall, clock, text, state, guests, supports):
    thanks = reply(acting, world, hall, clock, text)
    assert thanks is not None
    with as_org("mill"):
        rsvp = session().scalar(select(Rsvp))
        assert (rsvp.state, rsvp.guests, rsvp.source if state != "invited" else "text") == (state, guests, "text")
        assert rsvp.org_id == world.orgs["southbank"] and rsvp.partner_id == world.orgs["mill"]
        assert {row.kind: row.quantity for row in session().scalars(select(Support))} == supports
        verbs = set(session().scalars(select(Event.verb).where(Event.person_id == world.people["mill"][1])))
        assert (f"rsvp.{state}" in verbs) is (state != "invited")


def test_thanks_are_in_words_of_the_person(acting, world, hall, clock):
    thanks = reply(acting, world, hall, clock, "Sí, somos 3")
    assert thanks.words.params["title"] == "Asamblea por la Vivienda"
    assert "sábado 5 de diciembre" in thanks.words.params["when"] and "10:00" in thanks.words.params["when"]
    assert "yes" not in thanks.words.text.lower().split()


def test_a_yes_days_later_confirms_and_a_late_no_cancels(acting, as_org, world, hall, clock):
    reply(acting, world, hall, clock, "yes")
    clock.move(hours=1)
    reply(acting, world, hall, clock, "yes!")
    with as_org("mill"):
        assert session().scalar(select(Rsvp.state)) == "yes"
    clock.move(days=4)
    reply(acting, world, hall, clock, "yes still coming")
    with as_org("mill"):
        rsvp = session().scalar(select(Rsvp))
        assert (rsvp.state, rsvp.confirmed_at) == ("confirmed", clock.now)
    clock.move(days=1)
    reply(acting, world, hall, clock, "sorry can't make it")
    with as_org("mill"):
        rsvp = session().scalar(select(Rsvp))
        assert (rsvp.state, rsvp.confirmed_at) == ("cancelled", None)


@pytest.mark.parametrize("text", ["who is this?", "STOP", "lkjsdf"])
def test_what_only_a_person_can_answer_changes_nothing(acting, as_org, world, hall, clock, text):
    assert reply(acting, world, hall, clock, text) is None
    with as_org("mill"):
        assert session().scalar(select(func.count()).select_from(Rsvp)) == 0


def test_answers_to_an_assembly_that_is_over_are_left_to_people(acting, world, hall, clock):
    with acting("southbank") as actor:
        assembly = assembly_to_run(actor, hall.id)
        assembly.state, assembly.finished_at = "finished", clock.now
    assert reply(acting, world, hall, clock, "yes") is None
    with acting("mill") as actor, pytest.raises(Refused):
        actions.record_answer(actor, hall.id, world.people["mill"][0], Answer("yes"), source="staff", now=clock.now)


def test_somebody_else_s_person_is_missing(acting, world, hall, clock):
    with acting("mill") as actor, pytest.raises(Missing):
        actions.record_answer(
            actor, hall.id, world.people["southbank"][0], Answer("yes"), source="staff", now=clock.now
        )
    with acting("elsewhere") as actor, pytest.raises(Missing):
        actions.record_answer(
            actor, hall.id, world.people["elsewhere"][0], Answer("yes"), source="staff", now=clock.now
        )


def test_nobody_else_touches_an_answer_or_its_supports(say, acting, as_org, world, hall, clock):
    """An answer is its organization's alone, not the convener's; a support is theirs and the convener's, and no third's."""
    rsvp = say("mill", 0, "yes", childcare=2)
    with as_org("mill"):
        support = session().scalar(select(Support.id))
    for org in ("southbank", "arroyo", "elsewhere"):
        with acting(org) as actor, pytest.raises(Missing):
            actions.change_rsvp(actor, rsvp, Answer("no"), source="staff", now=clock.now)
    for org in ("arroyo", "elsewhere"):
        with acting(org) as actor, pytest.raises(Missing):
            actions.move_support(actor, support, "planned", now=clock.now)
    with acting("southbank") as actor:
        assert actions.move_support(actor, support, "planned", now=clock.now) == hall.id


def test_a_support_can_be_changed_and_taken_back(say, as_org):
    say("mill", 0, "yes", childcare=2, ride=1)
    say("mill", 0, None, childcare=3, ride=0)
    with as_org("mill"):
        assert {row.kind: row.quantity for row in session().scalars(select(Support))} == {"childcare": 3}


def test_pledges_by_both_sides(acting, world, hall, clock):
    with acting("mill") as actor:
        first = actions.pledge(actor, hall.id, promised=60, lead_name="Samir Haddad", now=clock.now)
        again = actions.pledge(actor, hall.id, promised=50, lead_name=" Samir  Haddad ", now=clock.now)
        assert first == again
        with pytest.raises(Missing):
            actions.pledge(actor, hall.id, promised=5, lead_name="X", partner_id=world.orgs["arroyo"], now=clock.now)
    with acting("southbank") as actor:
        actions.pledge(actor, hall.id, promised=40, lead_name="Luz", partner_id=world.orgs["arroyo"], now=clock.now)
        with pytest.raises(Missing):
            actions.pledge(
                actor, hall.id, promised=40, lead_name="X", partner_id=world.orgs["elsewhere"], now=clock.now
            )
        assert {(row.name, row.pledged) for row in queries.turnout_summary(actor, hall.id, now=clock.now).partners} == {
            ("Mill District Workers Center", 50),
            ("Casa Arroyo", 40),
            ("Southbank Tenants Union", 0),
        }
    with acting("mill") as actor:
        assert len(queries.pledges_of(hall.id)) == 1
        actions.withdraw_pledge(actor, first, now=clock.now)
    with acting("arroyo") as actor, pytest.raises(Missing):
        actions.withdraw_pledge(actor, first, now=clock.now)


def test_each_side_counts_what_it_may_see(say, acting, as_org, world, hall, clock):
    say("southbank", 0, "yes")
    say("southbank", 1, "confirm", guests=2)
    say("mill", 0, "yes", guests=1)
    say("mill", 1, "no")
    say("arroyo", 0, "confirm")
    with as_org("southbank") as actor:
        whole = queries.turnout_summary(actor, hall.id, now=clock.now)
        assert (whole.yes, whole.confirmed, whole.unconfirmed, len(whole.partners)) == (7, 4, 2, 3)
        assert whole.goal == 300 and whole.low <= whole.expected <= whole.high and whole.short == 300 - whole.expected
        assert whole.partners[0].weeks[-1] == whole.partners[0].yes
    with as_org("mill") as actor:
        own = queries.turnout_summary(actor, hall.id, now=clock.now)
        assert [(row.name, row.yes, row.confirmed) for row in own.partners] == [("Mill District Workers Center", 2, 0)]
        assert not own.is_convener
    with as_org("elsewhere") as actor, pytest.raises(Missing):
        queries.turnout_summary(actor, hall.id, now=clock.now)


def test_weekly_sums_grow(say, as_org, hall, clock):
    say("mill", 0, "yes")
    clock.move(days=8)
    say("mill", 1, "yes")
    with as_org("mill") as actor:
        assert queries.turnout_summary(actor, hall.id, now=clock.now).partners[0].weeks == [0, 0, 0, 0, 1, 2]


def test_a_summary_takes_the_same_queries_however_many_answer(say, as_org, hall, clock, count_queries):
    def seen():
        with as_org("southbank") as actor:
            session().scalar(select(Rsvp.id).limit(1))  # who is near is asked once in a transaction, by whatever comes first
            with count_queries() as sent:
                queries.turnout_summary(actor, hall.id, now=clock.now)
        return len(sent)

    say("mill", 0, "yes")
    few = seen()
    for number in range(1, 10):
        say("mill", number, "yes", guests=1, ride=1)
        say("arroyo", number, "confirm")
    assert seen() == few <= 3


def test_own_show_rates_come_from_assemblies_that_are_over(acting, as_org, world, hall, clock):
    with acting("southbank"):
        partners = [world.orgs["southbank"], world.orgs["mill"]]
        past, sitting, _at = make_assembly(world.orgs["southbank"], partners, day=date(2026, 10, 3), state="announced")
    with acting("mill") as actor:
        for person_id in world.people["mill"]:
            actions.record_answer(actor, past, person_id, Answer("confirm"), source="staff", now=clock.now)
    with acting("southbank") as actor:
        for rsvp in session().scalars(select(Rsvp).limit(3)):
            session().add(
                Attendance(
                    org_id=rsvp.org_id,
                    partner_id=rsvp.partner_id,
                    assembly_id=past,
                    session_id=sitting,
                    rsvp_id=rsvp.id,
                    person_id=rsvp.person_id,
                    door_name=rsvp.door_name,
                    device_key=str(rsvp.id),
                    arrived_at=clock.now,
                )
            )
        assembly = assembly_to_run(actor, past)
        assembly.state, assembly.finished_at = "finished", clock.now
    with as_org("southbank") as actor:
        rows = {row.name: row.rates for row in queries.turnout_summary(actor, hall.id, now=clock.now).partners}
        mill = rows["Mill District Workers Center"]
        assert mill.observations == 12 and mill.confirmed == pytest.approx((3 + 20 * 0.82) / 32)
        assert rows["Casa Arroyo"].observations == 0


def test_segment_facts_and_audiences(say, as_org, acting, world, hall, clock):
    people = world.people["mill"]
    say("mill", 0, "yes")
    say("mill", 1, "confirm")
    say("mill", 2, "no")
    with acting("mill") as actor:
        actions.invite(actor, hall.id, [people[3]], now=clock.now)
    say("southbank", 0, "yes")
    with acting("southbank") as actor:
        sitting = _sitting(actor, hall, clock)
        rsvp = session().scalar(select(Rsvp).where(Rsvp.person_id == people[1]))
        actions.check_in(actor, sitting, actions.CheckIn("k1", code=rsvp.code), now=clock.now)
    facts = {fact.name: fact for fact in queries.FACTS}
    with as_org("mill") as actor:

        def who(name, comparison, value=""):
            found = session().scalars(select(Person.id).where(facts[name].clause(comparison, value, clock.now)))
            return {people.index(id) for id in found}

        assert who("rsvp", "is", f"{hall.id}:no") == {2}
        assert who("said_yes_not_confirmed", "is", str(hall.id)) == {0}
        assert who("coming", "is", str(hall.id)) == {0, 1}
        assert who("came_to", "is", str(hall.id)) == {1}
        assert who("came", "since", "2026-11-01") == {1}
        assert who("came", "since", "2027-01-01") == set()
        assert who("never_came", "is") == set(range(12)) - {1}
        assert (str(hall.id), "People's Housing Assembly") in facts["coming"].choices_for(actor)
        lists = {
            name: {people.index(id) for id in session().scalars(queries.audience(actor, hall.id, name))}
            for name in queries.AUDIENCES
        }
        assert lists == {
            "everyone": set(range(3, 12)),
            "askable": set(),
            "invited": {3},
            "said_yes": {0},
            "confirmed": {0, 1},
            "came": {1},
            "missed": {0},
        }


def _sitting(actor, hall, clock):
    door_id = actions.open_door(actor, hall.id, hall.session_id, name="", hours=24, now=clock.now)
    holder = queries.Holder(actor.org_id, door_id, clock.now + timedelta(hours=24), "")
    return queries.session_on(holder)


def test_what_composers_and_the_partners_page_ask(say, as_org, acting, world, hall, clock):
    say("mill", 0, "yes", guests=1)
    with as_org("southbank") as actor:
        facts = queries.partner_facts(actor, [hall.id])
        assert facts[hall.id, world.orgs["mill"]].yes == 2
    with acting("mill") as actor:
        subject = actions.SUBJECT
        assert subject.name(actor, hall.id) == "People's Housing Assembly"
        assert subject.fields(actor, hall.id, "es")["day"] == "sábado 5 de diciembre"
        assert "{first_name}" in subject.bodies(actor, hall.id, "said_yes")["en"]
        links = subject.links(actor, hall.id, world.people["mill"][:3], clock.now)
        assert set(links) == set(world.people["mill"][:3])
        assert session().scalar(select(func.count()).select_from(Rsvp)) == 3


def test_whoever_is_texted_about_an_assembly_is_invited(acting, as_org, world, hall, clock, signed_in):
    """From a saved list too, and with words that hold no link."""
    people = world.people["mill"]
    with acting("mill") as actor:
        import_consents(actor, [(id, world.phones[id]) for id in people], wording="May we text you?", evidence="sheet", now=clock.now)
        segment = Segment(org_id=actor.org_id, name="Everyone", definition={"all": []}, updated_at=clock.now)
        session().add(segment)
        session().flush()
        audience = f"assembly:{hall.id}:list-{segment.id}"
        start_broadcast(actor, name="Come", audience=audience, bodies={"en": "Are you coming?", "es": "¿Viene?"}, now=clock.now)
    with as_org("mill") as actor:
        assert queries.state_counts(actor, hall.id) == {"invited": len(people)}
        assert session().scalar(select(func.count()).select_from(Rsvp).where(Rsvp.asked_at == clock.now)) == len(people)
    board = signed_in("dolores").get(f"/assemblies/{hall.id}/turnout").text
    assert f"{len(people)} of our people were asked and have not answered" in board
