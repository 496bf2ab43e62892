"""How This week reads what the rooms tell it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm.home import rules

pytestmark = pytest.mark.one_database

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def test_a_week_begins_on_monday() -> None:
    for day in (23, 26, 29):
        assert rules.week_of(date(2026, 11, day)) == (date(2026, 11, 23), date(2026, 11, 29))


def test_a_convener_measures_against_the_goal_and_a_partner_against_its_promise() -> None:
    assert rules.measure(300, 318, 200, is_convener=True) == rules.Turnout(300, False, 200)
    assert rules.measure(300, 60, 40, is_convener=False).short == 20
    assert rules.measure(300, 60, 70, is_convener=False).short == 0
    assert rules.measure(300, 0, 40, is_convener=False) == rules.Turnout(300, False, 40), "no promise yet"


def test_an_answer_is_late_after_a_day() -> None:
    assert rules.is_late_answer(NOW - timedelta(hours=24), NOW)
    assert not rules.is_late_answer(NOW - timedelta(hours=23), NOW)
