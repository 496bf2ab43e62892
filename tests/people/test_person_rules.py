"""Rules of a person's page: relationships, standing through time, two versions, own fields."""

from datetime import date
from types import SimpleNamespace

import pytest

from crm.kernel.permissions import Role
from crm.kernel.refusal import Reason
from crm.people.rules import custom, relationships, standing, versions

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("kind", relationships.KINDS)
def test_a_relationship_is_kept_once_from_whichever_side_it_is_said(kind):
    inverse = relationships.KINDS[kind][1]
    assert relationships.KINDS[inverse][1] == kind
    kept = relationships.as_kept(1, kind, 2)
    assert kept == relationships.as_kept(2, inverse, 1)
    assert relationships.as_said(1, kept) == (kind, 2) and relationships.as_said(2, kept) == (inverse, 1)
    assert len(kind) <= 30


@pytest.mark.parametrize(("history", "expected"), [
    ([], ("contact", None)),
    ([(date(2024, 1, 1), "contact"), (date(2025, 1, 1), "member")], ("member", date(2025, 1, 1))),
    ([(date(2025, 1, 1), "member"), (date(2024, 1, 1), "contact")], ("member", date(2025, 1, 1))),
    ([(date(2024, 1, 1), "member"), (date(2025, 1, 1), "lapsed")], ("lapsed", date(2024, 1, 1))),
    ([(date(2024, 1, 1), "member"), (date(2025, 1, 1), "lapsed"), (date(2026, 1, 1), "member")], ("member", date(2026, 1, 1))),
    ([(date(2024, 1, 1), "member"), (date(2025, 1, 1), "supporter")], ("supporter", None)),
    ([(date(2024, 1, 1), "member"), (date(2024, 1, 1), "contact")], ("contact", None)),
])  # fmt: skip
def test_the_history_decides_the_standing(history, expected):
    assert standing.standing_now(history) == expected


def test_the_opening_of_a_history_says_what_is_known():
    assert standing.opening("lapsed", date(2020, 1, 1), date(2024, 1, 1)) == [(date(2020, 1, 1), "member"), (date(2024, 1, 1), "lapsed")]
    assert standing.opening("member", None, date(2024, 1, 1)) == [(date(2024, 1, 1), "member")]
    for known in ("contact", "supporter", "member", "lapsed"):
        assert standing.standing_now(standing.opening(known, None, date(2024, 1, 1)))[0] == known


@pytest.mark.parametrize(("mine", "theirs", "own", "both"), [
    ({"a": 1, "b": 2}, {"a": 1, "b": 2}, {}, []),
    ({"a": 9, "b": 2}, {"a": 1, "b": 8}, {"a": 9}, []),
    ({"a": 9, "b": 2}, {"a": 7, "b": 2}, {}, ["a"]),
    ({"a": 9, "b": 2}, {"a": 9, "b": 2}, {}, []),
    ({"a": None}, {"a": 1, "b": 2}, {"a": None}, []),
    ({"c": 5}, {"a": 1, "b": 2}, {}, ["c"]),
])  # fmt: skip
def test_what_one_changed_goes_in_and_what_both_changed_is_asked(mine, theirs, own, both):
    seen = versions.marks({"a": 1, "b": 2})
    assert versions.bring_together(seen, mine, theirs) == (own, both)


def test_nothing_and_an_empty_text_are_the_same_and_lists_are_told_by_their_content():
    assert versions.mark(None) == versions.mark("") == versions.mark([]) == versions.mark(())
    assert versions.mark([("a", "b")]) == versions.mark([["a", "b"]]) != versions.mark([("a", "c")])
    assert versions.mark(False) != versions.mark(None) and versions.mark(0) != versions.mark(None)


def test_joining_two_lists_keeps_each_number_once():
    first, second = [("+1", "mobile", "wrong"), ("+2", "home", "calls")], [("+1", "work", "texts"), ("+3", "mobile", "texts")]
    assert versions.joined(first, second) == [("+1", "mobile", "wrong"), ("+2", "home", "calls"), ("+3", "mobile", "texts")]
    assert versions.joined(["Steward"], ["steward", "captain"]) == ["Steward", "captain"]
    decided = versions.choose({"street": "both", "tags": "both"}, {"street": "x", "tags": ["b"]}, {"street": "y", "tags": ["a"]})
    assert decided == {"street": "x", "tags": ["a", "b"]}


def field(kind: str, choices=(), is_private=False):
    return SimpleNamespace(id=1, key="f", label="Field", kind=kind, choices=list(choices), is_private=is_private)


@pytest.mark.parametrize(("kind", "typed", "kept"), [
    ("number", "1,234", 1234), ("number", "3,5", 3.5), ("number", "-0.25", -0.25), ("number", "−4", -4), ("number", "٣", Reason), ("number", "1e9", Reason),
    ("number", "NaN", Reason), ("number", "9" * 16, Reason), ("number", "  ", None), ("date", "3/21/2026", "2026-03-21"), ("date", "2026-02-30", Reason),
    ("yes_no", "Sí", True), ("yes_no", "no", False), ("yes_no", True, True), ("yes_no", "", None), ("yes_no", "perhaps", Reason), ("one_of", "day", "Day"),
    ("one_of", "Dusk", Reason), ("several_of", ["night", "Day"], ["Day", "Night"]), ("several_of", "Day, Night", ["Day", "Night"]), ("several_of", [], None),
    ("several_of", ["Day", "Dusk"], Reason), ("link", "example.org", "https://example.org"),
    ("link", "HTTPS://example.org/a?b#c", "HTTPS://example.org/a?b#c"),
    ("link", "javascript:alert(1)", Reason), ("link", "data:text/html,x", Reason), ("link", "https://a@evil.example", Reason),
    ("link", "https://a b.org", Reason),
    ("link", "https://localhost", Reason), ("text", "x" * 200, "x" * 200), ("text", "x" * 201, Reason), ("long_text", "x" * 5001, Reason),
])  # fmt: skip
def test_each_kind_reads_what_people_type(kind, typed, kept):
    found = custom.read_value(field(kind, ["Day", "Night"]), typed)
    assert isinstance(found, Reason) if kept is Reason else found == kept and type(found) is type(kept)


def test_what_was_kept_before_is_never_a_problem_when_it_comes_back_untouched():
    asked = [field("number")]
    assert custom.read_values(asked, {"f": "about five"}, {"f": "about five"}) == ({"f": "about five"}, [])
    assert custom.read_values(asked, {"f": "about six"}, {"f": "about five"})[1]
    assert custom.read_values(asked, {"other": "x"}, {}) == ({}, [])


@pytest.mark.parametrize("role", [*Role, None])
def test_one_rule_says_who_sees_a_private_field(role):
    assert custom.may_see_field(role, field("text"))
    assert custom.may_see_field(role, field("text", is_private=True)) == (role in (Role.ADMINISTRATOR, Role.ORGANIZER))


@pytest.mark.parametrize("label", [
    "Shirt size", "Price", "Notice", "Office", "Estatus", "Shift", "Unit", "Can drive", "Tarea", "Access needs", "Assistance", "Building",
])  # fmt: skip
def test_harmless_names_are_not_asked_about(label):
    assert custom.sensitive_in(label) is None


@pytest.mark.parametrize("label", [
    "immigration_status", "Situación migratoria", "Green card?", "Visa", "País de origen", "birthplace", "Soc. social security no", "ITIN", "landlord name",
    "Propietario", "Employer", "Patrón", "HIV", "Discapacidad", "court date", "On parole",
])  # fmt: skip
def test_dangerous_names_are_asked_about_in_both_languages(label):
    assert custom.sensitive_in(label) is not None
