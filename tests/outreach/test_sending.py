"""Sending to many: a second person, the carriers' pace, stopping, pausing by itself, and a freeze that is whole or not at all."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select, update

from crm.infra import jobs as queue
from crm.infra.db import close_session, engine, session, transaction
from crm.outreach import actions, jobs
from crm.outreach.actions import claiming, freezing, outbox
from crm.outreach.models import Broadcast, Exclusion, Sender, SimulatedText, Text
from crm.outreach.providers import Accepted, Rejected, Simulator, Status
from crm.outreach.queries.plans import plan_of, preview_of
from crm.outreach.rules import carriers as pace
from crm.outreach.rules import outbox as outbox_rules
from crm.outreach.rules.options import TextingOptions
from crm.outreach.rules.outbox import must_pause
from crm.people.models import Person, Segment
from tests.clients import form_of
from tests.factories import MONDAY

WORDS = {"en": "{organization}: hello {first_name}. STOP ends.", "es": "{organization}: hola {first_name}. STOP termina."}


@pytest.fixture
def everyone(acting, world):
    """A list of all twelve members of Southbank, each of whom agreed to texts."""
    with acting("southbank") as actor:
        actions.import_consents(actor, [(id, world.phones[id]) for id in world.people["southbank"]], wording="x", evidence="y", now=MONDAY)
        segment = Segment(org_id=actor.org_id, name="All", definition={"all": []}, updated_at=MONDAY)
        session().add(segment)
        session().flush()
        return segment.id


@pytest.fixture
def draft(acting, everyone):
    with acting("southbank", account="imani") as actor:
        return actions.save_draft(actor, None, name="Saturday", audience=f"segment:{everyone}", bodies=WORDS, now=MONDAY)


@pytest.fixture
def limited(acting):
    """More than five texts need a second person."""
    with acting("southbank", account="imani") as actor:
        actions.choose_texting(actor, TextingOptions(two_people_above=5, pause_at_percent=20), now=MONDAY)


def look(as_org):
    with as_org("southbank"):
        return session().scalar(select(Broadcast.state)), Counter(session().scalars(select(Text.state).where(Text.direction == "out")))


# --- a second person --------------------------------------------------------------------------------------------------


def test_above_the_limit_a_second_person_agrees_to_exactly_what_is_sent(signed_in, draft, limited, as_org, run_jobs):
    """2.3.5: who asked and who agreed are written down; nobody agrees with themselves."""
    imani, omar, address = signed_in("imani", org="southbank"), signed_in("omar", org="southbank"), f"/texts/{draft}"
    page = imani.get(address).text
    assert "Ask a second person to agree" in page and "Send 12 texts" not in page
    assert imani.post(f"{address}/sending", data=form_of(page, "/sending")).status_code == 303
    run_jobs()
    assert look(as_org) == ("asked", {})
    assert "agreement" not in imani.get(address).text
    mine = imani.post(f"{address}/agreement", data={"once": "mine"})
    assert mine.status_code == 422 and "A second person has to agree" in mine.text
    theirs = omar.get(address).text
    assert "Imani asks a second person" in theirs and "Agree, and send 12 texts" in theirs
    assert omar.post(f"{address}/agreement", data=form_of(theirs, "/agreement")).status_code == 303
    run_jobs()
    assert look(as_org) == ("sent", {"delivered": 12})
    assert "Omar agreed" in imani.get(address).text


def test_a_changed_draft_needs_a_new_agreement(signed_in, draft, limited, as_org, run_jobs):
    imani, omar, address = signed_in("imani", org="southbank"), signed_in("omar", org="southbank"), f"/texts/{draft}"
    imani.post(f"{address}/sending", data=form_of(imani.get(address).text, "/sending"))
    seen = form_of(omar.get(address).text, "/agreement")
    words = form_of(imani.get(f"{address}/words").text, 'name="body_en"')
    assert imani.post(f"{address}/words", data=words | {"body_en": WORDS["en"] + " Bring a friend."}).status_code == 303
    assert omar.post(f"{address}/agreement", data=seen).status_code == 303  # it is a draft again: nothing to agree to
    run_jobs()
    assert look(as_org) == ("draft", {})


def test_the_question_is_taken_back(signed_in, draft, limited, as_org):
    imani, address = signed_in("imani", org="southbank"), f"/texts/{draft}"
    imani.post(f"{address}/sending", data=form_of(imani.get(address).text, "/sending"))
    assert imani.post(f"{address}/return", data=form_of(imani.get(address).text, "/return")).status_code == 303
    assert look(as_org)[0] == "draft"


def test_an_administrator_sets_how_we_text(signed_in, as_org):
    desk = signed_in("imani", org="southbank")
    form = form_of(desk.get("/texts/choices").text, "two_people_above")
    wrong = desk.post("/texts/choices", data=form | {"two_people_above": "0", "pause_at_percent": "101", "hosts": "https://southbank.org/x\nnot a host"})
    assert wrong.status_code == 422 and "1 to 1,000,000" in wrong.text and "2 to 100 percent" in wrong.text and "not is not a web address" in wrong.text
    assert desk.post("/texts/choices", data=form | {"once": "2", "two_people_above": "40", "hosts": "https://southbank.org/x"}).status_code == 303
    assert "southbank.org" in desk.get("/texts/choices").text
    assert signed_in("omar", org="southbank").get("/texts/choices").status_code == 403


def test_words_that_hurt_in_other_hands_need_a_tick(acting, everyone, signed_in, as_org):
    """P10."""
    with acting("southbank", account="imani") as actor:
        bodies = {tag: words + " Papers?" for tag, words in WORDS.items()}
        id = actions.save_draft(actor, None, name="Clinic", audience=f"segment:{everyone}", bodies=bodies, now=MONDAY)
    desk = signed_in("imani", org="southbank")
    page = desk.get(f"/texts/{id}").text
    assert "immigration status" in page
    assert desk.post(f"/texts/{id}/sending", data=form_of(page, "/sending")).status_code == 422
    assert desk.post(f"/texts/{id}/sending", data=form_of(page, "/sending") | {"is_careful": "y", "once": "2"}).status_code == 303


# --- stopping and pausing ---------------------------------------------------------------------------------------------


class Slow(Simulator):
    """A network that has a text on the wire until the batch has looked around, and counts what left."""

    def __init__(self, until_looked):
        self.lanes, self.begun, self.sent, self.until_looked = 1, threading.Event(), 0, until_looked

    def send(self, message):
        self.sent += 1
        self.begun.set()
        self.until_looked()
        return Accepted(f"SM{message.text_id}")


def test_nothing_new_leaves_within_five_seconds_of_stop(monkeypatch, acting, draft, as_org, app, until_looked):
    """A6: pressed in the middle of a batch, by whatever job its texts were claimed; at most what was on the wire goes on."""
    network = Slow(until_looked)
    monkeypatch.setattr(jobs, "provider", lambda: network)
    with acting("southbank", account="imani") as actor:
        actions.confirm_broadcast(actor, draft, now=MONDAY)
        session().execute(update(Broadcast).values(job_id=1))  # the texts are claimed by a job that is not the broadcast's own
    worker = threading.Thread(target=lambda: (queue.run_due(3), close_session()))
    worker.start()
    assert network.begun.wait(10)
    with transaction(_org(acting)):
        session().execute(update(Broadcast).values(state="stopped"))
    before = network.sent
    worker.join(20)
    assert not worker.is_alive()
    assert network.sent == before, f"{network.sent - before} texts after stop"
    assert look(as_org)[1]["queued"] >= 12 - network.sent


def _org(acting):
    with acting("southbank") as actor:
        return actor.org_id


def test_it_pauses_by_itself_when_too_many_do_not_arrive(monkeypatch, acting, draft, limited, as_org, signed_in, run_jobs):
    """A sliding window of what the network told; the reason is shown; a person presses on, and what was looked at counts no more."""
    monkeypatch.setattr(outbox_rules, "ENOUGH", 4)
    with acting("southbank", account="imani") as actor:
        actions.choose_texting(actor, TextingOptions(pause_at_percent=20), now=MONDAY)
        actions.confirm_broadcast(actor, draft, now=MONDAY)
        messages, _ = claiming.claim_texts(actor, draft, now=MONDAY, limit=5)
        outbox.record_answers(actor, [(m, Accepted(f"SM{m.text_id}")) for m in messages[:3]], now=MONDAY)
        outbox.apply_statuses(actor, [Status(m.key, f"SM{m.text_id}", "delivered") for m in messages[:3]], now=MONDAY)
        outbox.record_answers(actor, [(messages[3], Rejected(99999))], now=MONDAY)
    assert look(as_org)[0] == "stopped", "1 of 4 is more than a fifth"
    desk = signed_in("imani", org="southbank")
    page = desk.get(f"/texts/{draft}").text
    assert "It paused itself" in page and "Paused itself" in desk.get("/texts").text
    assert "25 percent did not" in page
    desk.post(f"/texts/{draft}/rest", data=form_of(page, "/rest"))
    run_jobs()
    assert look(as_org)[1]["delivered"] >= 10


def test_when_to_pause():
    assert not must_pause(3, 19, 15) and must_pause(4, 20, 15) and not must_pause(3, 20, 15) and not must_pause(0, 200, 15)


# --- pace -------------------------------------------------------------------------------------------------------------

NOON = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


SENDERS = [(1, "", ""), (10, "T", ""), (75, "E", "low"), (225, "C", "middle"), (225, "A", "")]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SENDERS), st.lists(st.integers(1, 3), min_size=20, max_size=400))
def test_no_second_minute_or_day_holds_more_than_its_limit(sender, sizes):
    """A11, R19: a virtual clock, texts in batches of 24, asked again when told to."""
    limits, spent, now, left = pace.limits_of(*sender), pace.Spent({}), NOON, list(sizes)
    log: list[tuple[datetime, int]] = []
    for _ in range(3000):
        if not left:
            break
        allowed, again = pace.room(limits, spent, now)
        if not allowed:
            assert again and again > now
            now = again
            continue
        n = pace.fitting(left[:24], allowed)
        parts, left = sum(left[:n]), left[n:]
        spent = pace.spend(spent, parts, now)
        log.append((now, parts))
        now += timedelta(milliseconds=37)
    assert not left
    longest = max(sizes) - 1  # a text is never cut in two: one may reach over a limit by its own tail
    by_second, by_day = Counter(), Counter()
    for at, parts in log:
        by_second[int(at.timestamp())] += parts
        by_day[pace.carrier_day(at)] += parts
    assert max(by_second.values()) <= limits.per_second + longest
    if limits.per_minute:
        for begin, _ in log:
            inside = sum(parts for at, parts in log if begin <= at < begin + timedelta(seconds=60))
            assert inside <= limits.per_minute + longest
    if limits.per_day:
        assert max(by_day.values()) <= limits.per_day + longest


@pytest.mark.parametrize(("sender", "parts"), [((1, "", ""), 600), ((10, "T", ""), 700), ((225, "E", ""), 2000), ((75, "", ""), 9000)])
def test_the_finish_shown_is_the_finish_had(sender, parts):
    """A10: within ten percent, against the same clock."""
    limits, spent, now, left = pace.limits_of(*sender), pace.Spent({}), NOON, parts
    shown = pace.finish([pace.Batch(NOON, NOON + timedelta(hours=8), parts)], limits, pace.Spent({}), NOON)
    while left:
        allowed, again = pace.room(limits, spent, now)
        if not allowed:
            now = again
            continue
        n = min(24, allowed, left)
        spent, left, now = pace.spend(spent, n, now), left - n, now + timedelta(milliseconds=20)
    assert shown.late_parts == 0
    assert abs((shown.at - NOON).total_seconds() - (now - NOON).total_seconds()) <= max(2, 0.1 * (now - NOON).total_seconds()) + (60 if sender[1] else 0)


def test_what_cannot_leave_in_its_hours_is_late_and_goes_on_tomorrow():
    """R19: an hour at one part per second holds 3,600; the carriers' day holds what it holds."""
    hour = pace.Batch(NOON, NOON + timedelta(hours=1), 5000)
    found = pace.finish([hour], pace.limits_of(1, "", ""), pace.Spent({}), NOON)
    assert found.late_parts == 1400 and found.at == NOON + timedelta(days=1, seconds=1400)
    assert pace.issues_with_finish(found, False) and not pace.issues_with_finish(found, True)
    daily = pace.finish([pace.Batch(NOON, NOON + timedelta(hours=8), 3000)], pace.limits_of(225, "", "low"), pace.Spent({}, date(2026, 11, 23), 500), NOON)
    assert daily.late_parts == 1500


def test_a_slow_number_is_told_before_anything_leaves(acting, draft, signed_in, as_org, clock):
    """R19: refused unless the organizer lets the rest go on tomorrow."""
    clock.set(datetime(2026, 11, 24, 3, 59, 56, tzinfo=UTC))  # four seconds before eight in the evening
    with acting("southbank", account="imani") as actor:
        sender = actions.ensure_sender(actor, now=clock.now)
        sender.pace = 1
        session().flush()
    desk = signed_in("imani", org="southbank")
    page = desk.get(f"/texts/{draft}").text
    assert "parts would be left over" in page and "Let the rest go on tomorrow" in page
    refused = desk.post(f"/texts/{draft}/sending", data={k: v for k, v in form_of(page, "/sending").items() if k != "is_split"})
    assert refused.status_code == 422 and "It cannot all leave" in refused.text
    assert desk.post(f"/texts/{draft}/sending", data=form_of(page, "/sending") | {"is_split": "y", "once": "2"}).status_code == 303
    assert look(as_org)[0] == "sending"


def test_the_pace_is_kept_across_workers_and_counted_by_the_carriers_day(acting, draft, clock):
    with acting("southbank", account="imani") as actor:
        actions.confirm_broadcast(actor, draft, now=MONDAY)
        session().scalar(select(Sender)).pace = 5
    taken = []
    for n in range(4):
        with acting("southbank") as actor:
            taken.append(sum(len(m.body) > 0 for m in claiming.claim_texts(actor, draft, now=MONDAY + timedelta(seconds=n // 2))[0]))
            spent = session().scalar(select(Sender))
            assert max(spent.recent.values()) <= 5 and spent.day_parts == sum(spent.recent.values())
    assert taken[0] and taken[1] == 0 and taken[2] and taken[3] == 0, taken


# --- the freeze -------------------------------------------------------------------------------------------------------


class Crash(Exception):
    """Stands for a kill at one statement."""


def test_a_crash_at_any_statement_of_confirm_leaves_nothing(acting, draft, as_org, world):
    """A1: the n-th statement fails, n = 1, 2, 3 … until the confirm runs through; before that there is no trace of it."""
    partial, n = 0, 0
    while True:
        n += 1
        seen = iter(range(n))

        def fail(_connection, _cursor, statement, *_rest, seen=seen):
            if not statement.startswith(("BEGIN", "PRAGMA")) and next(seen, None) is None:
                raise Crash

        event.listen(engine(), "before_cursor_execute", fail)
        try:
            with acting("southbank", account="imani") as actor:
                actions.confirm_broadcast(actor, draft, now=MONDAY)
            break
        except Crash:
            event.remove(engine(), "before_cursor_execute", fail)
            close_session()
            state, texts = look(as_org)
            with as_org("southbank"):
                partial += state != "draft" or bool(texts) or session().scalar(select(func.count()).select_from(Exclusion)) > 0
    event.remove(engine(), "before_cursor_execute", fail)
    assert n > 12, "the points were really tried"
    assert partial == 0, f"{partial} partial campaigns of {n - 1} points"
    assert look(as_org) == ("sending", {"queued": 12})


def test_a_crash_at_any_statement_of_a_long_freeze_loses_and_doubles_nothing(monkeypatch, acting, draft, as_org, run_jobs, clock):
    """A1, A4: slices of five; the job dies at its n-th statement, is taken up again, and everyone gets one text."""
    monkeypatch.setattr(freezing, "AT_ONCE", 3)
    monkeypatch.setattr(freezing, "SLICE", 5)
    with acting("southbank", account="imani") as actor:
        actions.confirm_broadcast(actor, draft, now=MONDAY)
    assert look(as_org) == ("freezing", {})
    for n in range(1, 60, 4):
        seen = iter(range(n))

        def fail(_connection, _cursor, statement, *_rest, seen=seen):
            if "texts" in statement and not statement.startswith("SELECT") and next(seen, None) is None:
                raise Crash

        event.listen(engine(), "before_cursor_execute", fail)
        queue.run_due(1)
        event.remove(engine(), "before_cursor_execute", fail)
        close_session()
        if look(as_org)[0] == "freezing":
            assert set(look(as_org)[1]) <= {"queued"}, "nothing leaves before all stand"
        clock.move(seconds=70)
    run_jobs()
    with as_org("southbank"):
        assert set(Counter(session().scalars(select(SimulatedText.phone))).values()) == {1}
        assert session().scalar(select(func.count()).select_from(SimulatedText)) == 12


def test_two_workers_and_fifty_presses_make_no_extra_row(monkeypatch, app, acting, draft, as_org, signed_in):
    """A4: with a list that the job freezes, while two workers run."""
    monkeypatch.setattr(freezing, "AT_ONCE", 3)
    monkeypatch.setattr(freezing, "SLICE", 2)
    desk, address = signed_in("imani", org="southbank"), f"/texts/{draft}"
    form, cookie = form_of(desk.get(address).text, "/sending"), desk.get_cookie("plenary").value

    def press(n):
        browser = app.test_client()
        browser.set_cookie("plenary", cookie)
        status = browser.post(f"{address}/sending", data=form | {"once": form["once"] if n % 2 else f"key-{n}"}).status_code
        if n % 25 == 3:
            queue.run_due()
        close_session()
        return status

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(press, range(50))) == {303}
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: (queue.run_due(), close_session()), range(2)))
    with as_org("southbank"):
        assert session().scalar(select(func.count()).select_from(Text).where(Text.direction == "out")) == 12
        assert set(Counter(session().scalars(select(SimulatedText.phone))).values()) == {1}


# --- how it looks before it leaves ------------------------------------------------------------------------------------


def test_five_real_recipients_blanks_and_first_texts(acting, draft, world, as_org, signed_in):
    """Personal fields with defaults: who has no first name is among the five, and the page says what stands there instead."""
    with acting("southbank"):
        session().execute(update(Person).where(Person.id == world.people["southbank"][4]).values(given_name=""))
    desk = signed_in("imani", org="southbank")
    page = desk.get(f"/texts/{draft}").text
    assert "First name is not known: it says “neighbor”" in page
    assert page.count('class="pl-bubble is-theirs"') == 7  # both languages as written, and five people
    assert 'lang="es"' in page.split("pl-phone-body")[1] and 'lang="en"' in page.split("pl-phone-body")[1]
    assert "For 12 people it is the first text from you" in page and "Msg &amp; data rates may apply" in page
    assert "To Fatima Abdi" in desk.get(f"/texts/{draft}?who=fatima").text
    assert "Nobody of that name" in desk.get(f"/texts/{draft}?who=zzz").text
    with as_org("southbank") as actor:
        broadcast = session().get(Broadcast, (actor.org_id, draft))
        preview = preview_of(actor, broadcast, plan_of(actor, broadcast, MONDAY), MONDAY)
        assert preview.firsts == 12


def test_the_first_text_says_it_once_and_the_parts_are_right(acting, draft, everyone, as_org, run_jobs, clock):
    """R3, R21, A10: the second broadcast carries only the way out; a text to one person again after thirty days."""
    with acting("southbank", account="imani") as actor:
        actions.confirm_broadcast(actor, draft, now=MONDAY)
    run_jobs()
    with acting("southbank", account="imani") as actor:
        again = actions.save_draft(actor, None, name="Again", audience=f"segment:{everyone}", bodies=WORDS, now=clock.move(days=1))
        actions.confirm_broadcast(actor, again, now=clock.now)
    run_jobs()
    with as_org("southbank"):
        first, second = ([t.body for t in session().scalars(select(Text).where(Text.broadcast_id == id))] for id in (draft, again))
        assert all("HELP" in body for body in first) and not any("HELP" in body for body in second) and all("STOP" in body for body in second)
    person, told = None, []
    for days in (1, 20, 15):
        with acting("southbank") as actor:
            person = person or session().scalar(select(Person.id).order_by(Person.id))
            id = actions.queue_text(actor, person, {"en": "Thank you"}, purpose="thanks", key=f"t{days}", now=clock.move(days=days))
            told.append("STOP" in session().get(Text, (actor.org_id, id)).body)
    assert told == [False, False, True], "one and twenty-one days later not, thirty-six days later again"


def test_the_hour_is_kept_on_the_wall_and_turned_late(acting, everyone, as_org):
    """F4: nine in the morning after the night in which clocks go back is nine there, though a day has 25 hours."""
    with acting("southbank", account="imani") as actor:
        begins = (date(2026, 11, 1), time(13))
        id = actions.save_draft(actor, None, name="D", audience=f"segment:{everyone}", bodies=WORDS, begins=begins, now=MONDAY)
        broadcast = session().get(Broadcast, (actor.org_id, id))
        assert broadcast.time_zone == "America/Los_Angeles"
        assert broadcast.begins_at == datetime(2026, 11, 1, 21, tzinfo=UTC)
        broadcast.begins_on = date(2026, 10, 31)
        assert broadcast.begins_at == datetime(2026, 10, 31, 20, tzinfo=UTC)
