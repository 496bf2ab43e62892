"""A10: parts, cost and time are counted right before anyone confirms."""

import pytest
import smsutil
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.outreach.rules import segments_of_text as s
from crm.outreach.rules.templates import completed

pytestmark = pytest.mark.one_database


def oracle(body: str) -> int:
    return len(smsutil.split(body).parts)


@pytest.mark.parametrize(
    ("body", "parts", "is_gsm"),
    [
        ("", 1, True),
        ("a" * 160, 1, True),
        ("a" * 161, 2, True),
        ("a" * 306, 2, True),
        ("a" * 307, 3, True),
        ("€" * 80, 1, True),
        ("a" * 152 + "€" + "a" * 10, 2, True),
        ("a" * 152 + "€" * 77, 3, True),
        ("á" * 70, 1, False),
        ("á" * 71, 2, False),
        ("é" * 160, 1, True),
        ("ñandú", 1, False),
        ("🙂" * 35, 1, False),
        ("🙂" * 36, 2, False),
        ("🙂" * 67, 3, False),
    ],
)
def test_parts(body, parts, is_gsm):
    """A10: the edges of both alphabets, escapes and surrogate pairs."""
    assert (s.size_of(body).parts, s.size_of(body).is_gsm) == (parts, is_gsm)


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet=st.sampled_from("aZ9 @éñáíúü¿¡€[]{}^|~“”🙂ñ\n"), max_size=500))
def test_parts_agree_with_another_count(body):
    """A10: zero parts of difference to an independent library."""
    if not body:
        return
    assert s.size_of(body).parts == oracle(body)


def test_the_short_alphabet_is_the_whole_of_it():
    assert len(s.GSM7) == 127
    assert all(s.size_of(c).is_gsm for c in s.GSM7 | s.GSM7_ESCAPED)


def test_repair_keeps_accents_and_saves_parts():
    body = "Don’t miss it — “Saturday”… " + "a" * 100
    assert s.repaired(body).startswith('Don\'t miss it - "Saturday"... ')
    assert s.saves_by_repair(body) == 1
    assert s.repaired("Sí, mañana") == "Sí, mañana"
    assert s.saves_by_repair("Sí, mañana") == 0


def test_cost_and_time():
    """A10: what the composer says before confirm."""
    assert s.cost_in_cents(172) == 138
    assert s.time_to_send(10_000, 12).total_seconds() == 834
    assert s.time_to_send(0, 12).total_seconds() == 0


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        ("Come Saturday", "{organization}: Come Saturday Reply STOP to opt out."),
        ("{organization} meets. STOP ends.", "{organization} meets. STOP ends."),
        ("southbank tenants meets", "southbank tenants meets Reply STOP to opt out."),
        ("", ""),
    ],
)
def test_who_writes_and_how_to_stop_are_always_said(body, whole):
    """R20, R21: added where the writer left them out."""
    assert completed(body, "en", "Southbank Tenants") == whole
