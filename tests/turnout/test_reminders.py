"""D2: the series of texts about an assembly: each text once, at its hour on the wall, to who is on its list then; late ones do not flood."""

import re
from datetime import UTC, date, datetime, time, timedelta
from html import unescape

import pytest
from sqlalchemy import func, select, update

from crm.assemblies.actions import edit_assembly, move_state
from crm.assemblies.models import Assembly
from crm.infra import jobs as queue
from crm.infra.db import new_id, session
from crm.outreach import actions as outreach
from crm.outreach import jobs
from crm.outreach.actions import series as verbs
from crm.outreach.models import Broadcast, Series, SeriesStep, SimulatedText, Text
from crm.outreach.queries.series import planned
from crm.outreach.rules.options import TextingOptions
from crm.outreach.rules.series import Occasion, due_at, expires_at, state_of
from crm.turnout import actions
from crm.turnout.models import Attendance, Rsvp
from crm.turnout.rules import Answer
from tests.clients import form_of
from tests.factories import MONDAY

LA = "America/Los_Angeles"


def at(day: int, hour: int, minute: int = 0, month: int = 12) -> datetime:
    """That hour in Los Angeles in winter, as a moment."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) + timedelta(hours=8)


@pytest.fixture
def guests(acting, world, hall):
    """Twelve people of Southbank who agreed to texts; six said yes to the assembly on Saturday, December 5."""
    with acting("southbank", account="imani") as actor:
        people = world.people["southbank"]
        outreach.import_consents(actor, [(id, world.phones[id]) for id in people], wording="May we text you?", evidence="sheet", now=MONDAY)
        for id in people[:6]:
            actions.record_answer(actor, hall.id, id, Answer("yes"), source="staff", now=MONDAY)
        actions.invite(actor, hall.id, people[6:8], now=MONDAY)
    return people


@pytest.fixture
def desk(signed_in):
    """Imani at her desk; she signs in again each time, because days pass between."""

    class Desk:
        def get(self, address):
            return signed_in("imani", org="southbank").get(address)

        def post(self, address, data):
            return signed_in("imani", org="southbank").post(address, data={name: value for name, value in data.items() if name != "csrf_token"})

    return Desk()


@pytest.fixture
def minute(clock):
    """A minute passes: the sweeper looks, the workers work."""

    def pass_at(moment: datetime) -> None:
        clock.set(moment)
        jobs.send_due(moment)
        queue.run_due()

    return pass_at


def states(acting, hall, now):
    with acting("southbank", account="imani") as actor:
        return {one.step.key: one.state for one in planned(actor, "assembly", hall.id, now)}


def start(desk, hall):
    page = desk.get(f"/assemblies/{hall.id}/reminders")
    return desk.post(f"/assemblies/{hall.id}/reminders", data=form_of(page.text, "Let the series run"))


def sent(as_org):
    with as_org("southbank"):
        return session().scalar(select(func.count()).select_from(SimulatedText).where(SimulatedText.direction == "to_phone")) or 0


def test_the_series_from_the_playbook_to_the_thank_you(desk, guests, hall, minute, acting, as_org, clock):
    page = desk.get(f"/assemblies/{hall.id}/reminders").text
    assert "Nothing goes by itself yet" in page and "Are you still coming?" in page
    assert start(desk, hall).status_code == 303
    assert states(acting, hall, clock.now) == {
        "invite": "passed", "confirm": "planned", "day_before": "planned", "morning": "planned", "thank_you": "planned", "missed_you": "planned"
    }  # fmt: skip
    minute(at(28, 17, 29, month=11))
    assert sent(as_org) == 0, "a minute before its hour"
    minute(at(28, 17, 30, month=11))
    minute(at(28, 17, 31, month=11))
    assert sent(as_org) == 6, "those who said yes, each once"
    with as_org("southbank"):
        text = session().scalar(select(Text).where(Text.language == "es"))
        assert (text.purpose, text.subject_kind, text.subject_id) == ("confirm", "assembly", hall.id)
        assert "Asamblea por la Vivienda" in text.body and "Southbank Tenants Union" in text.body
    minute(at(4, 16, 0))
    with as_org("southbank"):
        assert session().scalar(select(func.count()).select_from(Broadcast)) == 2
    page = desk.get(f"/assemblies/{hall.id}/reminders").text
    assert "Went" in page and "6 texts" in page and "Will go by itself" in page
    assert desk.get(f"/assemblies/{hall.id}/reminders?lang=es").status_code == 200


def test_the_invitation_of_a_new_assembly_goes_to_all_who_may_be_texted(desk, acting, world, hall, minute, as_org, clock):
    """Nobody was asked yet: its list is everyone who agreed to texts, and the page says so; who opted out or has answered is not on it."""
    people = world.people["southbank"]
    with acting("southbank", account="imani") as actor:
        agreed = [(id, world.phones[id]) for id in people[:9]]
        outreach.import_consents(actor, agreed, wording="May we text you?", evidence="sheet", now=MONDAY)
        outreach.revoke_consent(actor, world.phones[people[0]], source="text", said="STOP", now=MONDAY)
        actions.record_answer(actor, hall.id, people[1], Answer("no"), source="staff", now=MONDAY)
        session().execute(update(Assembly).where(Assembly.id == hall.id).values(day=date(2026, 12, 31)))
    words = "Everyone on your list who agreed to texts and has not answered yet"
    address = f"/assemblies/{hall.id}/reminders"
    assert f"{words}: 7 people now" in desk.get(address).text
    one = desk.get(f"{address}/invite").text
    assert re.search(rf'<option selected[^>]*value="askable">{words}<', one) and "7 texts now" in one
    start(desk, hall)
    minute(at(3, 17, 30))
    assert sent(as_org) == 7
    with as_org("southbank"):
        assert session().scalar(select(func.count()).select_from(Rsvp).where(Rsvp.state == "invited")) == 7, "who is texted has been asked"
        body = session().scalars(select(Text.body).where(Text.language == "en", Text.direction == "out").limit(1)).one()
        assert "Can we count on you?" in body


def test_the_invitation_offers_volunteers_who_text_by_hand(desk, guests, hall, minute, acting):
    """Before it goes: its list. Other texts and an assembly that is over offer nothing."""

    def offered(step):
        return re.search(r'href="(/drives/new[^"]*)"[^>]*>.*?Let volunteers text them by hand', desk.get(f"/assemblies/{hall.id}/reminders/{step}").text)

    asked = offered("invite")
    page = desk.get(unescape(asked[1])).text
    assert re.search(rf'<option selected[^>]*value="assembly:{hall.id}:askable"', page)
    assert offered("confirm") is None
    with acting("southbank", account="imani") as actor:
        move_state(actor, hall.id, "cancelled", because="The hall burned", now=MONDAY)
    assert offered("invite") is None


def test_after_downtime_nothing_stale_floods(desk, guests, hall, minute, acting, as_org):
    """Down from the confirmation to the evening before: what says "one week away" or "tomorrow" does not go; what is still right does."""
    start(desk, hall)
    minute(at(4, 23, 0))
    assert sent(as_org) == 0
    assert states(acting, hall, at(4, 23, 0))["confirm"] == "expired"
    minute(at(5, 9, 0))
    assert states(acting, hall, at(5, 9, 0)) | {} == {
        "invite": "passed", "confirm": "expired", "day_before": "expired", "morning": "went", "thank_you": "planned", "missed_you": "planned"
    }  # fmt: skip
    assert sent(as_org) == 6
    minute(at(5, 10, 0))
    page = desk.get(f"/assemblies/{hall.id}/reminders").text
    assert "Not sent: its time was over" in page


def test_a_text_that_waited_too_long_is_held_back(desk, guests, hall, minute, acting, as_org, clock):
    """Queued before the beginning, and no worker until after it: the text expires instead of leaving."""
    start(desk, hall)
    clock.set(at(5, 8, 30))
    jobs.send_due(clock.now)  # planned and written down for nine o'clock; nobody sends
    minute(at(5, 10, 1))
    assert sent(as_org) == 0
    with as_org("southbank"):
        assert set(session().execute(select(Text.state, Text.refusal)).all()) == {("refused", "expired")}


def test_each_text_once_however_often_and_by_how_many(desk, guests, hall, minute, acting, as_org, clock):
    """A4: the sweeper of two processes, a repeated minute, the whole clock again: no extra text, no second broadcast."""
    start(desk, hall)
    clock.set(at(28, 17, 30, month=11))
    for _ in range(2):
        with acting("southbank") as actor:
            first = verbs.send_step(actor, "assembly", hall.id, "confirm", now=clock.now)
            second = verbs.send_step(actor, "assembly", hall.id, "confirm", now=clock.now)
            assert second is None and (first is None) == bool(_)
    for n in range(3):
        minute(at(28, 17, 31 + n, month=11))
    assert sent(as_org) == 6
    with as_org("southbank"):
        assert session().scalar(select(func.count()).select_from(Broadcast).where(Broadcast.step_id.is_not(None))) == 1


def test_moving_the_day_moves_the_series(desk, guests, hall, minute, acting, as_org, clock):
    start(desk, hall)
    with acting("southbank", account="imani") as actor:
        assembly = session().get(Assembly, hall.id)
        typed = {
            "title_en": "People's Housing Assembly", "title_es": "Asamblea por la Vivienda", "question_en": "What do we want?", "question_es": "",
            "day": date(2026, 12, 12), "goal": 300, "time_zone": LA, "version": assembly.version, "controls": [], "scope": "", "selection": "membership",
            "governing_power_now": "none", "governing_power_aim": "none", "policy_stage": "agenda_setting",
        }  # fmt: skip
        edit_assembly(actor, hall.id, typed, now=clock.now)
    minute(at(28, 17, 30, month=11))
    assert sent(as_org) == 0
    minute(at(5, 17, 30))
    assert sent(as_org) == 6


def test_cancelling_ends_it(desk, guests, hall, minute, acting, as_org, clock):
    """What was waiting for its hour does not leave; nothing more is sent; the page says why."""
    start(desk, hall)
    clock.set(at(5, 8, 30))
    jobs.send_due(clock.now)
    with acting("southbank", account="imani") as actor:
        move_state(actor, hall.id, "cancelled", because="The hall burned", now=clock.now)
    for hour in (9, 12):
        minute(at(5, hour))
    minute(at(6, 12))
    assert sent(as_org) == 0
    with as_org("southbank"):
        assert session().scalar(select(Series.state)) == "off"
    page = desk.get(f"/assemblies/{hall.id}/reminders").text
    assert "This assembly is cancelled" in page and "Not sent: the assembly is cancelled" in page


def test_a_partner_hears_of_the_cancelling_within_a_minute(guests, hall, minute, acting, as_org, clock):
    """Its series is its own, in its own scope: the sweeper ends it."""
    with acting("mill", account="dolores") as actor:
        outreach.start_series(actor, "assembly", hall.id, now=clock.now)
    with acting("southbank", account="imani") as actor:
        move_state(actor, hall.id, "cancelled", because="The hall burned", now=clock.now)
    minute(clock.now + timedelta(minutes=1))
    with as_org("mill"):
        assert session().scalar(select(Series.state)) == "off"


def test_nothing_goes_before_it_is_announced(desk, guests, hall, minute, acting, as_org):
    with acting("southbank"):
        session().execute(update(Assembly).where(Assembly.id == hall.id).values(state="draft", announced_at=None))
    start(desk, hall)
    minute(at(28, 17, 30, month=11))
    assert sent(as_org) == 0
    assert states(acting, hall, at(28, 17, 30, month=11))["confirm"] == "unannounced"


def test_a_step_is_changed_switched_off_and_looked_at(desk, guests, hall, minute, acting, as_org):
    address = f"/assemblies/{hall.id}/reminders/day_before"
    page = desk.get(address).text
    assert "see you tomorrow at 10:00 am" in page and "Hi" not in page.split("pl-phone-body")[0][-50:]
    form = form_of(page, 'name="body_en"')
    wrong = desk.post(address, data=form | {"body_en": "Reply YES {frist_name}", "at": "16:00"})
    assert wrong.status_code == 422 and "There is no personal field {frist_name}" in wrong.text and "Reply YES" in wrong.text
    assert desk.post(address, data=form | {"once": "2", "body_en": "See you soon, {first_name}. Doors open at nine.", "days": "-2"}).status_code == 303
    off = {name: value for name, value in form_of(desk.get(f"/assemblies/{hall.id}/reminders/confirm").text, 'name="body_en"').items() if name != "is_on"}
    assert desk.post(f"/assemblies/{hall.id}/reminders/confirm", data=off).status_code == 303
    start(desk, hall)
    minute(at(28, 17, 30, month=11))
    assert sent(as_org) == 0, "it was switched off"
    minute(at(3, 16, 0))
    with as_org("southbank"):
        assert "Doors open at nine." in session().scalar(select(Text.body).where(Text.language == "en"))
    refused = desk.post(address, data=form | {"once": "3"})
    assert refused.status_code == 422 and "has gone out already" in refused.text


def test_many_texts_need_a_second_person(desk, signed_in, guests, hall, minute, acting, as_org):
    """Agreed to by somebody else before its hour, or not sent; a change asks anew."""
    with acting("southbank", account="imani") as actor:
        outreach.choose_texting(actor, TextingOptions(two_people_above=3), now=MONDAY)
    start(desk, hall)
    page = f"/assemblies/{hall.id}/reminders/confirm"
    assert "Waits for a second person" in desk.get(f"/assemblies/{hall.id}/reminders").text
    mine = desk.post(f"{page}/agreement", data=form_of(desk.get(page).text, "agreement"))
    assert mine.status_code == 422 and "A second person has to agree" in mine.text
    minute(at(28, 17, 30, month=11))
    assert sent(as_org) == 0
    omar = signed_in("omar", org="southbank")
    assert omar.post(f"{page}/agreement", data=form_of(omar.get(page).text, "agreement")).status_code == 303
    minute(at(28, 17, 32, month=11))
    assert sent(as_org) == 6
    assert "Omar agreed" in desk.get(f"/assemblies/{hall.id}/reminders").text


def test_those_who_came_and_those_who_missed_get_different_words(desk, guests, hall, minute, acting, as_org, world):
    start(desk, hall)
    with acting("southbank"):
        for id in guests[:2]:
            rsvp = session().scalar(select(Rsvp).where(Rsvp.person_id == id, Rsvp.assembly_id == hall.id))
            come = {name: getattr(rsvp, name) for name in ("org_id", "partner_id", "assembly_id", "person_id", "door_name")}
            session().add(Attendance(id=new_id(), session_id=hall.session_id, rsvp_id=rsvp.id, guests=0, device_key=f"k{id}", arrived_at=at(5, 10, 5), **come))
    minute(at(6, 12, 0))
    with as_org("southbank"):
        bodies = session().scalars(select(Text.body).where(Text.direction == "out")).all()
    thanks = [body for body in bodies if "Thank you for coming" in body or "Gracias por venir" in body]
    missed = [body for body in bodies if "missed you" in body or "hizo falta" in body]
    assert (len(thanks), len(missed)) == (2, 4)


def test_others_see_nothing(signed_in, hall, guests):
    assert signed_in("stranger").get(f"/assemblies/{hall.id}/reminders").status_code == 404
    assert signed_in("vera", org="southbank").get(f"/assemblies/{hall.id}/reminders").status_code == 403


# --- the rule ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "zone", "offset"), [
    (date(2027, 3, 14), LA, 7), (date(2027, 3, 13), LA, 8), (date(2026, 11, 1), LA, 8), (date(2026, 10, 31), LA, 7),
    (date(2027, 3, 14), "America/New_York", 4), (date(2027, 3, 14), "America/Phoenix", 7),
])  # fmt: skip
def test_the_hour_on_the_wall_holds_on_days_on_which_clocks_change(day, zone, offset):
    """F4: half past five is half past five; twenty-four hours are not a day."""
    assert due_at(0, time(17, 30), Occasion(day, zone)) == datetime(day.year, day.month, day.day, 17, 30, tzinfo=UTC) + timedelta(hours=offset)
    before = Occasion(day + timedelta(days=1), zone)
    assert due_at(-1, time(17, 30), before) == due_at(0, time(17, 30), Occasion(day, zone))


def test_until_when_a_text_makes_sense():
    saturday = Occasion(date(2026, 12, 5), LA, at(5, 10))
    assert expires_at(-28, time(17, 30), saturday) == at(7, 17, 30, month=11) + timedelta(days=2)
    assert expires_at(-1, time(16), saturday) == at(5, 0)
    assert expires_at(0, time(8, 30), saturday) == at(5, 10), "not after the beginning"
    assert expires_at(1, time(11), saturday) == at(7, 0)


def test_states_of_a_step():
    saturday = Occasion(date(2026, 12, 5), LA, at(5, 10))

    def state(now, **more):
        facts = {"is_on": True, "has_gone": False, "started_at": MONDAY} | more
        return state_of(-1, time(16), saturday, now=now, **facts)

    assert [state(at(4, 15, 59)), state(at(4, 16)), state(at(5, 0))] == ["planned", "due", "expired"]
    assert state(at(4, 17), has_gone=True) == "went"
    assert state(at(4, 17), is_on=False) == "off"
    assert state(at(4, 17), started_at=at(4, 16, 30)) == "passed"
    assert [state(at(4, 15), started_at=None), state(at(4, 17), started_at=None)] == ["ready", "passed"]


def test_the_steps_are_kept_only_when_somebody_sets_them_up(desk, hall, guests, as_org):
    desk.get(f"/assemblies/{hall.id}/reminders")
    with as_org("southbank"):
        assert session().scalar(select(func.count()).select_from(SeriesStep)) == 0


def test_the_page_of_the_series_asks_for_its_assembly_once(guests, desk, hall, count_queries):
    desk.get(f"/assemblies/{hall.id}/reminders")
    with count_queries() as seen:
        assert desk.get(f"/assemblies/{hall.id}/reminders").status_code == 200
    assert sum("FROM assemblies " in statement for statement in seen) == 1 and len(seen) <= 34, len(seen)
