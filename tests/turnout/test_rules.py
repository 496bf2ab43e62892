"""Pure rules of turnout: states of an RSVP, the forecast, codes, and what a door still accepts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.refusal import Reason
from crm.turnout import rules
from crm.turnout.rules import Answer, Counts, Rates

pytestmark = pytest.mark.one_database

NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
WORDS = ("yes", "maybe", "no", "confirm")


@pytest.mark.parametrize(
    ("state", "after"),
    [
        # state: yes, maybe, no, confirm
        ("invited", ("yes", "maybe", "no", "confirmed")),
        ("yes", ("yes", "maybe", "cancelled", "confirmed")),
        ("maybe", ("yes", "maybe", "no", "confirmed")),
        ("no", ("yes", "maybe", "no", "confirmed")),
        ("confirmed", ("confirmed", "maybe", "cancelled", "confirmed")),
        ("cancelled", ("yes", "maybe", "cancelled", "confirmed")),
    ],
)
def test_every_transition(state, after):
    assert tuple(rules.next_rsvp(state, word) for word in WORDS) == after
    assert rules.next_rsvp(state, None) == state
    assert rules.next_rsvp(state, "something else") == state


@given(st.lists(st.sampled_from([*WORDS, None])))
def test_no_history_leaves_the_states(words):
    state = "invited"
    for word in words:
        state = rules.next_rsvp(state, word)
    assert state in rules.STATES


@pytest.mark.parametrize(
    ("state", "hours", "heard"),
    [
        ("yes", 0, "yes"),
        ("yes", 11, "yes"),
        ("yes", 12, "confirm"),
        ("yes", 200, "confirm"),
        ("maybe", 200, "yes"),
        ("cancelled", 200, "yes"),
        ("invited", None, "yes"),
    ],
)
def test_a_yes_said_again_days_later_confirms(state, hours, heard):
    answered = None if hours is None else NOW - timedelta(hours=hours)
    assert rules.heard_word(state, answered, "yes", NOW) == heard


def test_an_answer_lists_all_its_problems():
    issues = rules.issues_before_answer(Answer("yes", 21, {"pony": 1, "meal": 100}))
    assert len(issues) == 3


@pytest.mark.parametrize(
    ("given_name", "family", "shown"),
    [
        ("Ofelia", "Santillán", "Ofelia S."),
        ("María José", "de la Cruz", "María D."),
        ("Cher", "", "Cher"),
        ("", "Ortiz", "O."),
        ("", "", "?"),
    ],
)
def test_a_door_sees_a_first_name_and_an_initial(given_name, family, shown):
    assert rules.door_name(given_name, family) == shown


# Forecast


def test_the_look_s_own_example():
    total = rules.forecast(Counts(pledged=318, yes=241, confirmed=164))
    assert (total.expected, total.low, total.high) == (200, 147, 253)  # nothing seen of them yet, so nothing narrower is honest


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (Counts(), 0),
        (Counts(pledged=100), 30),
        (Counts(pledged=0, yes=100), 55),
        (Counts(pledged=50, yes=100, confirmed=100), 82),
        (Counts(pledged=90, yes=78, confirmed=61), 63),
    ],
)
def test_forecast_table(counts, expected):
    assert rules.forecast(counts).expected == expected


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000))
def test_a_forecast_stays_inside_its_range(pledged, yes, confirmed):
    counts = Counts(pledged, max(yes, confirmed), confirmed)
    seen = rules.forecast(counts)
    assert 0 <= seen.low <= seen.expected <= seen.high
    assert seen.mean <= max(pledged, counts.yes) + 1e-6


def test_parts_add_up_to_the_whole():
    parts = [rules.forecast(Counts(40, 30, 20)) for _ in range(3)]
    whole = rules.forecast(Counts(120, 90, 60))
    total = rules.add_forecasts(parts)
    assert total.expected == whole.expected
    assert whole.low < total.low <= total.high < whole.high, "three organizations whose rates are unknown miss less together than one"


def test_own_rates_start_at_the_defaults_and_follow_what_is_seen():
    assert rules.own_rates({}) == Rates()
    few = rules.own_rates({"confirmed": (1, 2)})
    many = rules.own_rates({"confirmed": (500, 1000)})
    assert 0.5 < many.confirmed < 0.51 < few.confirmed < 0.82
    assert (few.observations, many.observations) == (2, 1000)
    assert rules.own_rates({"pledged": (30, 10)}).pledged <= 1


def test_what_calling_adds():
    assert rules.calling_adds(77) == 21


# Codes


@given(st.integers(0, 2**40 - 1))
def test_a_code_survives_how_people_write_it(number):
    code = rules.code_of(number)
    shown = rules.show_code(code)
    assert rules.read_code(shown) == rules.read_code(shown.lower()) == rules.read_code("plenary:" + code) == code
    assert rules.read_code(code.replace("0", "O").replace("1", "l")) == code


@given(st.integers(0, 2**40 - 1), st.integers(0, 7), st.sampled_from(rules.ALPHABET))
def test_one_wrong_letter_is_noticed(number, place, letter):
    code = rules.code_of(number)
    wrong = code[:place] + letter + code[place + 1 :]
    if {code[place], letter} != {"0", "Z"} and wrong != code:
        assert isinstance(rules.read_code(wrong), Reason)


@pytest.mark.parametrize(
    ("typed", "is_code"),
    [
        ("Ofelia", False),
        ("K7Q-X29-PM4", True),
        ("k7qx29pm4", True),
        ("abc-def-ghj", True),
        ("abcdefghj", False),
        ("PLENARY:K7QX29PM4", True),
        ("Sebastian", False),
        ("", False),
    ],
)
def test_codes_and_names_are_told_apart(typed, is_code):
    assert rules.looks_like_code(typed) is is_code


# The door


@pytest.mark.parametrize(
    ("arrived", "asked", "refused"),
    [
        (-1, -1, False),  # in time
        (-1, 23, False),  # made in time, sent late
        (1, 1, True),  # made after the end
        (-1, 25, True),  # sent more than a day late
        (-24 * 90, 0, True),  # a tablet whose clock is wrong
    ],
)
def test_what_an_ended_door_still_accepts(arrived, asked, refused):
    end = NOW
    assert bool(rules.may_check_in(end + timedelta(hours=arrived), end, end + timedelta(hours=asked))) is refused


def test_a_tablet_ahead_of_us_is_not_believed():
    assert rules.arrival_time(NOW + timedelta(hours=1), NOW) == NOW
    assert rules.arrival_time(NOW - timedelta(hours=1), NOW) == NOW - timedelta(hours=1)
    assert rules.arrival_time(None, NOW) == NOW


def test_forms_say_everything_at_once():
    assert len(rules.issues_before_walk_in("", "", True)) == 2
    assert rules.issues_before_walk_in("Ana", "", False) == []
    assert len(rules.issues_before_pledge(None, "")) == 2
    assert rules.issues_before_door(0) and rules.issues_before_door(400) and not rules.issues_before_door(12)
