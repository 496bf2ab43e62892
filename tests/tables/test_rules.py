"""Divisions: whatever the room, nobody is forgotten, the solver is never worse than the quick pass, and who sits stays sitting."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.kernel.refusal import Reason
from crm.tables.providers import seat
from crm.tables.rules import harvest, seating
from crm.tables.rules.seating import Hall, Sitter, alone, cost, pairs_of, seat_quickly, sizes, tables_for, together

pytestmark = pytest.mark.one_database
SORTS = st.tuples(st.sampled_from([1, 1, 1, 1, 2, 3]), st.sampled_from(["en", "en", "en", "es", "zh"]), st.sampled_from(["a", "b", "c"]), st.booleans())


@st.composite
def halls(draw):
    sorts = draw(st.lists(SORTS, min_size=1, max_size=40))
    sitters = [Sitter(100 + n, size, language, (f"org:{org}", *(("tag:1",) if tag else ()))) for n, (size, language, org, tag) in enumerate(sorts)]
    ids = [s.id for s in sitters]
    apart = {tuple(sorted(pair)) for pair in draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=3)) if pair[0] != pair[1]}
    return Hall(sitters, tables_for(sum(s.size for s in sitters), draw(st.integers(3, 9))), "en", frozenset(apart))


@settings(max_examples=60, deadline=None)
@given(halls(), st.integers(0, 39))
def test_everyone_sits_once_and_the_solver_is_never_worse(hall, late):
    quick, best = seat_quickly(hall), seat(hall)
    ids = {s.id for s in hall.sitters}
    assert set(quick) == set(best) == ids and set(best.values()) <= set(range(hall.tables))
    assert cost(hall, best) <= cost(hall, quick)
    there = {id: table for id, table in best.items() if id < 100 + late}
    filled = seat(Hall(hall.sitters, hall.tables, hall.main_language, hall.apart, there))
    assert set(filled) == ids and {id: filled[id] for id in there} == there


def test_a_room_is_divided_as_evenly_as_numbers_allow():
    """120 people of four organizations, a third of them Spanish speakers, at fifteen tables of eight: every share exact, nobody alone."""
    sitters = [Sitter(n, 1, "es" if n % 3 == 0 else "en", (f"org:{'ABCD'[n % 4]}",)) for n in range(120)]
    hall = Hall(sitters, 15, "en", frozenset(pairs_of([1, 2, 5])))
    placing = seat(hall)
    assert cost(hall, placing) == 0 and set(sizes(hall, placing)) == {8}
    assert alone(hall, placing) == [] and together(hall, placing) == []
    for name in "ABCD":
        assert set(Counter(placing[s.id] for s in sitters if s.traits == (f"org:{name}",)).values()) == {2}
    spanish = Counter(placing[s.id] for s in sitters if s.language == "es")
    assert len(spanish) == 10 and set(spanish.values()) == {4}, "half of a table, at ten of fifteen tables"


def test_who_is_kept_apart_sits_together_only_where_there_is_one_table():
    sitters = [Sitter(n) for n in range(6)]
    one, two = (Hall(sitters, tables, apart=frozenset({(0, 1)})) for tables in (1, 2))
    assert together(one, seat(one)) == [(0, 1)] and together(two, seat(two)) == []


def test_a_measure_is_not_always_content():
    """The cost sees each fault by itself."""
    sitters = [Sitter(n, 1, "es" if n < 2 else "en", ("org:A",) if n < 4 else ("org:B",)) for n in range(8)]
    hall = Hall(sitters, 2, "en", frozenset({(4, 5)}))
    good = {0: 0, 1: 0, 2: 1, 3: 1, 4: 0, 5: 1, 6: 0, 7: 1}
    faults = {"size": {**good, 7: 0}, "language": {**good, 1: 1, 2: 0}, "apart": {**good, 5: 0, 6: 1}}
    assert cost(hall, good) == 0 and all(cost(hall, bad) > cost(hall, good) for bad in faults.values())
    assert alone(hall, faults["language"]) == [0, 1] and together(hall, faults["apart"]) == [(4, 5)]


def fields(reasons: list[Reason]) -> list[str | None]:
    return [reason.field for reason in reasons]


def test_refusals_say_everything_at_once():
    assert fields(seating.issues_before_drawing(0, 1, "room", "abcd")) == ["source", "seats", "spread"]
    assert fields(seating.issues_before_drawing(5, None, "moon", ())) == ["source", "seats"]
    assert fields(seating.issues_before_drawing(1501, 8, "expected", ())) == ["source"] and not seating.issues_before_drawing(1500, 8, "room", "abc")
    assert fields(harvest.issues_in_proposal({"en": "", "es": ""}, {})) == ["title_en"]
    assert fields(harvest.issues_in_proposal({"en": "x" * 121}, {"es": "y" * 2001})) == ["title_en", "text_es"]
    assert len(harvest.issues_before_dots(0, 1, True)) == 3 and harvest.issues_before_dots(3, 2, False) == []
    assert harvest.issues_in_points({1: 3, 2: None}, 9) and harvest.issues_in_points({1: 5, 2: 5}, 9) and not harvest.issues_in_points({1: 4, 2: 5}, 9)
    assert harvest.issues_in_note("", 0) and harvest.issues_in_note("x" * 601, 0) and harvest.issues_in_note("x", 200) and not harvest.issues_in_note("x", 199)
