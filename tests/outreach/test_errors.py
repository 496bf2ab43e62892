"""C14: each error code does what the table says, N of N, and the pages and the docs say it in words."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm.infra import jobs as queue
from crm.infra.db import session
from crm.outreach import jobs
from crm.outreach.actions import claiming, outbox
from crm.outreach.models import Broadcast, ConsentState, Sender, Text
from crm.outreach.providers import Accepted, Rejected, SlowDown, Status
from crm.outreach.rules.errors import EFFECTS, OTHER, VERIFIED, effect_of, is_unreachable, next_carrier_day, words_of
from crm.outreach.rules.outbox import back_off
from crm.people.models import Phone
from tests.factories import MONDAY
from tests.outreach.network import message

AGAIN, FINAL = "queued", "failed"
MIDNIGHT = datetime(2026, 11, 24, 8, 1, tzinfo=UTC)  # of the Pacific: eight hours behind
# code: (state, when again, broadcast stopped, sender's state, opted out, number flagged), written here by hand, not taken from the rule
TABLE = {
    14107: (FINAL, None, False, "approved", False, False),
    20003: (AGAIN, timedelta(minutes=10), True, "approved", False, False),
    21211: (FINAL, None, False, "approved", False, True),
    21408: (FINAL, None, False, "approved", False, False),
    21603: (AGAIN, timedelta(minutes=10), True, "approved", False, False),
    21606: (AGAIN, timedelta(minutes=10), True, "approved", False, False),
    21608: (AGAIN, timedelta(minutes=10), True, "approved", False, False),
    21610: (FINAL, None, False, "approved", True, False),
    21611: (AGAIN, timedelta(hours=1), True, "approved", False, False),
    21612: (FINAL, None, False, "approved", False, False),
    21614: (FINAL, None, False, "approved", False, True),
    21617: (FINAL, None, True, "approved", False, False),
    21701: (AGAIN, timedelta(minutes=10), True, "approved", False, False),
    21703: (AGAIN, timedelta(minutes=10), True, "approved", False, False),
    30001: (AGAIN, timedelta(hours=1), True, "approved", False, False),
    30002: (AGAIN, timedelta(hours=1), True, "suspended", False, False),
    30003: (AGAIN, timedelta(hours=1), False, "approved", False, False),
    30004: (FINAL, None, False, "approved", False, False),
    30005: (FINAL, None, False, "approved", False, True),
    30006: (FINAL, None, False, "approved", False, True),
    30007: (FINAL, None, True, "approved", False, False),
    30008: (FINAL, None, False, "approved", False, False),
    30017: (AGAIN, timedelta(minutes=10), False, "approved", False, False),
    30022: (AGAIN, timedelta(minutes=1), False, "approved", False, False),
    30023: (AGAIN, MIDNIGHT, False, "approved", False, False),
    30024: (AGAIN, timedelta(hours=1), True, "suspended", False, False),
    30027: (AGAIN, MIDNIGHT, False, "approved", False, False),
    30032: (AGAIN, timedelta(hours=1), True, "suspended", False, False),
    30034: (AGAIN, timedelta(hours=1), True, "suspended", False, False),
    30036: (AGAIN, "next window", False, "approved", False, False),
    63038: (AGAIN, MIDNIGHT, False, "approved", False, False),
    99999: (FINAL, None, False, "approved", False, False),
}


@pytest.fixture
def network(faulty):
    return faulty


def look(as_org, message):
    with as_org("southbank"):
        text = session().scalar(select(Text).where(Text.id == message.text_id))
        session().expunge(text)
        consent = session().execute(select(ConsentState.state, ConsentState.source).where(ConsentState.phone == message.phone)).one()
        textable = session().scalar(select(Phone.is_textable).where(Phone.e164 == message.phone))
        return text, (session().scalar(select(Broadcast.state)) == "stopped", session().scalar(select(Sender.state)),
                      consent == ("revoked", "provider"), textable is False)


@pytest.mark.parametrize("way", ["answer", "callback"])
@pytest.mark.parametrize("code", TABLE)
def test_every_code_acts_as_in_the_table(network, sending, acting, as_org, code, way):
    """C14: at once or hours later by callback, a code does the same."""
    with acting("southbank") as actor:
        (sent, *rest), _ = claiming.claim_texts(actor, sending, now=MONDAY)
        outbox.release_texts(actor, rest, now=MONDAY)
        if way == "answer":
            outbox.record_answers(actor, [(sent, Rejected(code))], now=MONDAY)
        else:
            outbox.record_answers(actor, [(sent, Accepted("SM1"))], now=MONDAY)
            assert outbox.apply_status(actor, Status(sent.key, "SM1", "undelivered", code), now=MONDAY)
    state, again, *others = TABLE[code]
    text, found = look(as_org, sent)
    assert (text.state, text.error_code, found) == (state, code, tuple(others))
    if state == AGAIN:
        assert text.provider_sid is None
        assert text.not_before_at == {"next window": MONDAY + timedelta(minutes=2)}.get(again, MONDAY + again if isinstance(again, timedelta) else again)


def test_the_table_is_whole():
    """N of N: no code of the rule without its line here, none here without the rule."""
    assert set(TABLE) - {99999} == set(EFFECTS)
    assert date(2026, 11, 28) >= VERIFIED


@pytest.mark.parametrize("code", sorted(EFFECTS))
def test_every_code_has_words_in_both_languages_and_in_the_docs(app, code):
    """What happened and what to do; the docs hold the same table."""
    what, do = words_of(code)
    assert what.endswith(".") and do.endswith(".")
    (line,) = [line for line in (Path(__file__).parents[2] / "docs/texting.md").read_text().splitlines() if re.match(rf"\|[\d, ]*\b{code}\b[\d, ]*\|", line)]
    assert what in line and do in line
    assert words_of(99999) == (OTHER.what, OTHER.do)


def test_slow_down_is_none_of_them(network, sending, acting, as_org):
    """429: nothing was taken; the text is due again, and the try does not count."""
    with acting("southbank") as actor:
        (sent, *_), _ = claiming.claim_texts(actor, sending, now=MONDAY, limit=1)
        outbox.record_answers(actor, [(sent, SlowDown())], now=MONDAY, jitter=1.0)
    text, found = look(as_org, sent)
    assert (text.state, text.attempts - text.slowdowns, found) == ("queued", 0, (False, "approved", False, False))
    assert timedelta(seconds=5) <= text.not_before_at - MONDAY <= timedelta(seconds=30)


def test_a_text_that_was_often_given_back_waits_no_longer_than_another(network, sending, acting, as_org):
    """What a stopped or slow worker gives back unsent says nothing about the network: only its own "slow down" makes the wait longer."""
    for _ in range(6):
        with acting("southbank") as actor:
            (sent, *_), _ = claiming.claim_texts(actor, sending, now=MONDAY, limit=1)
            outbox.release_texts(actor, [sent], now=MONDAY)
    waits = []
    for at in (MONDAY, MONDAY + timedelta(minutes=1)):
        with acting("southbank") as actor:
            claimed, _ = claiming.claim_texts(actor, sending, now=at)
            (again,) = [message for message in claimed if message.text_id == sent.text_id]
            outbox.record_answers(actor, [(again, SlowDown())], now=at, jitter=1.0)
            outbox.release_texts(actor, [message for message in claimed if message is not again], now=at)
        text, _ = look(as_org, sent)
        waits.append(text.not_before_at - at)
    assert text.attempts - text.slowdowns == 0
    assert waits == [timedelta(seconds=10), timedelta(seconds=20)]


def test_when_the_carriers_day_is_full_the_rest_waits_too(network, sending, outcome, clock, as_org):
    """30023: one text is told so; the others are not even tried before midnight, Pacific time, and leave in the hours after it."""
    network.plan = lambda message: Rejected(30023)
    queue.run_due()
    tried = len(network.calls)
    assert outcome()[0] == {"queued": 12}
    network.plan = lambda message: None
    for _ in range(3):
        jobs.sweep(clock.move(minutes=30))
        queue.run_due()
    assert len(network.calls) == tried
    clock.set(MIDNIGHT + timedelta(hours=10))
    jobs.sweep(clock.now)
    queue.run_due()
    assert outcome()[0] == {"delivered": 12}


def test_out_of_reach_on_three_days_marks_the_number(network, sending, acting, as_org, clock):
    """30003: tried once more each time; two days are not enough, nor are three texts of one day."""
    with acting("southbank") as actor:
        (sent, *_), _ = claiming.claim_texts(actor, sending, now=MONDAY, limit=1)
        model = session().scalar(select(Text).where(Text.id == sent.text_id))
        for n, days in enumerate((1, 1, 1, 2)):
            at = MONDAY - timedelta(days=days)
            session().add(Text(org_id=actor.org_id, phone=sent.phone, body="x", key=f"old-{n}", state="failed", error_code=30003, queued_at=at,
                               not_before_at=at, settled_at=at if n < 3 else None))
        model.attempts = 2
        outbox.record_answers(actor, [(message(text_id=sent.text_id, attempt=2, phone=sent.phone), Rejected(30003))], now=MONDAY)
    text, found = look(as_org, sent)
    assert (text.state, found[-1]) == ("failed", False)
    with acting("southbank") as actor:
        session().scalar(select(Text).where(Text.key == "old-3")).settled_at = MONDAY - timedelta(days=2)
        model = session().scalar(select(Text).where(Text.id == sent.text_id))
        model.state, model.lease_until, model.provider_status = "claimed", MONDAY, None
        outbox.record_answers(actor, [(message(text_id=sent.text_id, attempt=2, phone=sent.phone), Rejected(30003))], now=MONDAY)
    assert look(as_org, sent)[1][-1] is True


def test_days_are_counted_once_and_midnight_is_the_pacifics():
    assert not is_unreachable([date(2026, 11, 1), date(2026, 11, 1), date(2026, 11, 2)])
    assert is_unreachable([date(2026, 11, 1), date(2026, 11, 5), date(2026, 11, 9)])
    assert next_carrier_day(datetime(2026, 11, 1, 6, 59, tzinfo=UTC)) == datetime(2026, 11, 1, 7, 1, tzinfo=UTC)
    assert next_carrier_day(datetime(2026, 11, 1, 7, 30, tzinfo=UTC)) == datetime(2026, 11, 2, 8, 1, tzinfo=UTC)  # clocks go back that day


def test_what_happened_and_what_to_do_stand_on_the_pages(network, sending, acting, signed_in):
    """The broadcast's page and the list of those who got nothing say it in words."""
    with acting("southbank") as actor:
        messages, _ = claiming.claim_texts(actor, sending, now=MONDAY)
        codes = dict(zip(messages, (21211, 30007), strict=False))
        outbox.record_answers(actor, [(sent, Rejected(code)) for sent, code in codes.items()], now=MONDAY)
        outbox.release_texts(actor, messages[2:], now=MONDAY)
    browser = signed_in("imani", org="southbank")
    page = browser.get(f"/texts/{sending}").text
    assert "A carrier took the text for spam" in page and "Change the words" in page and "30007" in page
    people = browser.get(f"/texts/{sending}/people?state=failed").text
    assert "cannot get texts: it is a landline" in people and "Call, or ask for another number." in people
    spanish = browser.get(f"/texts/{sending}/people?state=failed&lang=es").text
    assert "cannot get texts" not in spanish and "21211" in spanish


def test_tries_end():
    assert effect_of(30003, 1).state == "queued"
    assert effect_of(30003, 2).state == "failed"
    assert effect_of(30022, 5).state == "failed"
    assert effect_of(14107, 0).state == "failed"
    assert back_off(50, 1) < timedelta(minutes=6)
    assert back_off(1, 0) < back_off(1, 1) < back_off(3, 1)


def test_no_error_leaves_a_text_unaccounted_for(network, sending, outcome, clock, as_org):
    """A2: whatever the network answers, each text ends in a state with a code or waits for a time."""
    codes = iter([*EFFECTS] * 3)
    network.plan = lambda message: Rejected(next(codes))
    for _ in range(4):
        queue.run_due()
        jobs.sweep(clock.move(hours=1))
    with as_org("southbank"):
        open_without_time = (Text.state.in_(("claimed", "unknown"))) | ((Text.state == "failed") & Text.error_code.is_(None))
        assert session().scalar(select(func.count()).select_from(Text).where(open_without_time)) == 0
