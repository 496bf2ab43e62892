"""The rules of the people room: nasty cells, nasty rows, and what undoing may touch."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.refusal import Reason
from crm.people import rules
from crm.people.rules.cells import is_day_first, read_emails, read_phones, read_standing
from crm.people.rules.columns import guess_heading
from crm.people.rules.places import NOWHERE, Places

pytestmark = pytest.mark.one_database


def mapping(*fields, headers=None, **options):
    return rules.Mapping(tuple(headers or fields), tuple(fields), **options)


def plan(fields, *rows, known=None, existing="fill", **options):
    known = known or rules.Known()
    read = [rules.read_row(n, row, mapping(*fields, **options)) for n, row in enumerate(rows, 2)]
    return [rules.plan_row(row, known, existing, 1000 + row.number) for row in read]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("First Name", "given_name"),
        ("firstName", "given_name"),
        ("first_name", "given_name"),
        ("FirstName", "given_name"),
        ("Pref Phone ", "phone"),
        ("Cell Phone", "phone_mobile"),
        ("can2_phone", "phone"),
        ("Phone Number", "phone"),
        ("can2_user_tags", "tags"),
        ("zip_code", "postal_code"),
        ("Zip5", "postal_code"),
        ("vAddress", "street"),
        ("Voter File VANID", "id_van"),
        ("vanid", "id_van"),
        ("uuid", "id_action_network"),
        ("external_id", "id_other"),
        ("Teléfono", "phone"),
        ("Apellidos", "family_name"),
        ("Correo electrónico", "email"),
        ("Código Postal", "postal_code"),
        ("Idioma", "language"),
        ("Nombre completo", "full_name"),
        ("E-mail", "email"),
        ("EMAIL 2", "email"),
        ("cell", "phone_mobile"),
        ("Likely Not a Cell", "phone_home"),
        ("Estado", "region"),
        ("Shoe size", ""),
        ("", ""),
    ],
)
def test_headings(heading, field):
    assert guess_heading(heading) == field


def test_header_below_a_title():
    sheet = [
        ["Spring canvass 2026", "", ""],
        ["", "", ""],
        ["Name", "Cell", "Email"],
        ["Ana Ruiz", "415-555-0101", "a@b.org"],
    ]
    assert rules.find_header(sheet) == 2
    assert rules.find_header([["Ana Ruiz", "415-555-0101"], ["Bo Li", "415-555-0102"]]) is None


def test_columns_without_headings_are_guessed_by_what_is_in_them():
    assert rules.guess_columns(["Column 1", "Column 2"], [["(415) 555-0101", "a@b.org"], ["415.555.0102", ""]]) == [
        "phone",
        "email",
    ]


def test_a_consent_column_alone_is_no_consent_and_every_row_says_so():
    assert rules.guess_columns(["Name", "SMS opt in"], [["Ana", "yes"]]) == ["full_name", "consent"]
    assert not rules.issues_in_mapping(mapping("full_name", "consent"))
    assert rules.issues_in_mapping(mapping("full_name", "consent_at", "consent_source"))
    row = rules.read_row(2, ["Ana", "yes"], mapping("full_name", "consent"))
    assert not row.consent and [place for place, _ in row.problems] == [1]


def test_mapping_lists_all_issues_at_once():
    assert len(rules.issues_in_mapping(mapping("city", "city", "consent_at"))) == 3


@pytest.mark.parametrize(
    ("cell", "numbers", "wrong"),
    [
        ("(415) 555-0101", ["+14155550101"], 0),
        ("415.555.0101 / 415 555 0102", ["+14155550101", "+14155550102"], 0),
        ("c: 415-555-0101, h: 415-555-0102", ["+14155550101", "+14155550102"], 0),
        ("415-555-0101 or 415-555-0101", ["+14155550101"], 0),
        ("14155550101", ["+14155550101"], 0),
        ("+52 55 1234 5678", ["+525512345678"], 0),
        ("555-010", [], 1),
        ("555-0101", [], 1),
        ("call her mom", [], 1),
        ("4.15555E+09", [], 1),
        ("415-555-0101; 12", ["+14155550101"], 1),
        ("415-555-0101 x12", ["+14155550101"], 0),
    ],
)
def test_phones(cell, numbers, wrong):
    found, reasons = read_phones(cell, "mobile", "US")
    assert [number for number, _ in found] == numbers
    assert len(reasons) == wrong


def test_phone_kinds_are_read_from_the_cell():
    found, _ = read_phones("415-555-0101 (home) / 415-555-0102 cell", "other", "US")
    assert found == [("+14155550101", "home"), ("+14155550102", "mobile")]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-03-21", date(2026, 3, 21)),
        ("3/21/2026", date(2026, 3, 21)),
        ("21/3/2026", date(2026, 3, 21)),
        ("3/4/26", date(2026, 3, 4)),
        ("March 21, 2026", date(2026, 3, 21)),
        ("21 de marzo de 2026", date(2026, 3, 21)),
        ("2026-03-21 00:00:00", date(2026, 3, 21)),
        ("21-Mar-2026", date(2026, 3, 21)),
        ("2019", date(2019, 1, 1)),
        ("Jan 2024", date(2024, 1, 1)),
        ("2026-02-30", None),
        ("45737", date(2025, 3, 21)),  # as Excel counts days
        ("45737.75", date(2025, 3, 21)),
        ("85737", None),
        ("soon", None),
        ("13/13/2026", None),
        ("99999999999/1/1", None),
        ("1/2/99999999", None),
    ],
)
def test_dates(cell, day):
    found = rules.read_date(cell)
    assert isinstance(found, Reason) if day is None else found == day


def test_day_first_is_decided_by_the_column():
    assert is_day_first(["3/4/2026", "25/4/2026"]) and not is_day_first(["3/4/2026", "4/25/2026"])
    assert rules.read_date("3/4/2026", True) == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("cell", "standing"),
    [
        ("Member", "member"),
        ("miembro", "member"),
        ("SOCIA", "member"),
        ("expired 2024", "lapsed"),
        ("volunteer", "supporter"),
        ("purple", None),
    ],
)
def test_standings(cell, standing):
    found = read_standing(cell)
    assert isinstance(found, Reason) if standing is None else found == standing


def test_emails():
    assert read_emails("Ana <ANA@Example.org>; bo@example.org") == (["ana@example.org", "bo@example.org"], [])
    assert read_emails("ana at example")[1]


@pytest.mark.parametrize(
    ("cells", "values", "problems"),
    [
        (
            ["MARIA", "GARCIA", "español", "02139"],
            {"given_name": "Maria", "family_name": "Garcia", "language": "es", "postal_code": "02139"},
            0,
        ),
        (
            ["Ana", "", "Spanish, some English", "2139"],
            {"given_name": "Ana", "language": "es", "other_languages": "en", "postal_code": "02139"},
            0,
        ),
        (["Ana\x00\u202e", "n/a", "Klingon", "94110.0"], {"given_name": "Ana", "postal_code": "94110"}, 1),
        (["A" * 200, "Ruiz", "", ""], {"family_name": "Ruiz"}, 1),
        (["", "", "es", "94110"], {"language": "es", "postal_code": "94110"}, 1),
        (["Ana"], {"given_name": "Ana"}, 0),
        (["", "", "", ""], {}, 0),
    ],
)
def test_nasty_rows(cells, values, problems):
    row = rules.read_row(2, cells, mapping("given_name", "family_name", "language", "postal_code"))
    assert (row.values, len(row.problems)) == (values, problems)


def test_names_in_one_column():
    rows = plan(["full_name"], ["GARCIA LOPEZ, MARIA JOSE"], ["Juan de la Vega"])
    assert [p.name for p in rows] == ["Maria Jose Garcia Lopez", "Juan de la Vega"]


def test_consent_counts_only_with_date_and_source():
    fields = ["given_name", "consent", "consent_at", "consent_source"]
    rows = [
        rules.read_row(2, cells, mapping(*fields))
        for cells in (
            ["Ana", "yes", "2026-01-18", "card"],
            ["Bo", "yes", "", "card"],
            ["Cy", "no", "2026-01-18", "card"],
            ["Di", "", "", ""],
        )
    ]
    assert [row.consent for row in rows] == [{"at": "2026-01-18", "source": "card"}, {}, {"no": "no"}, {}]
    assert [len(row.problems) for row in rows] == [0, 1, 0, 0]


def test_a_sum_is_not_a_person():
    assert [p.outcome for p in plan(["full_name"], ["TOTAL: 21"], ["21"], ["Totalina Ruiz"])] == [
        "skip",
        "skip",
        "create",
    ]


def test_the_second_of_two_equal_rows_meets_the_first():
    first, second, third = plan(
        ["given_name", "phone", "city"],
        ["Ana", "4155550101", ""],
        ["Ana", "415-555-0101", "Oakland"],
        ["Ana", "4155550101", "Oakland"],
    )
    assert (first.outcome, second.outcome, third.outcome) == ("create", "update", "same")
    assert second.same_as_row == 2 and second.changes == {"city": (None, "Oakland")}


def test_a_household_shares_a_phone():
    ana, bo = plan(["given_name", "family_name", "phone"], ["Ana", "Ruiz", "4155550101"], ["Bo", "Ruiz", "4155550101"])
    assert bo.outcome == "create" and bo.person_id != ana.person_id and len(bo.problems) == 1


def person(**values):
    ids = values.pop("ids", set())
    phones, emails = values.pop("phones", set()), values.pop("emails", set())
    return rules.KnownPerson(7, {"standing": "contact", "custom": {}, **values}, set(phones), set(emails), set(ids))


@pytest.mark.parametrize(
    ("cells", "found_by"),
    [
        (["Rosa", "", "", "77"], "id"),
        (["Ana", "4155550101", "", ""], "phone"),
        (["A.", "4155550101", "", ""], "phone"),
        (["Ana", "", "ANA@b.org", ""], "email"),
        (["Ana", "4155559999", "", ""], ""),
        (["Zoe", "4155550101", "", ""], ""),
        (["Ana", "4155550101", "", "78"], ""),
        (["", "4155550101", "", ""], "phone"),
        (["Ana", "", "", ""], "name"),
    ],
)
def test_matching_by_id_then_phone_then_email(cells, found_by):
    known = rules.Known([person(given_name="Ana", phones={"+14155550101"}, emails={"ana@b.org"}, ids={("other", "77")})])
    [row] = plan(["given_name", "phone", "email", "id_other"], cells, known=known)
    assert row.found_by == found_by
    assert (row.person_id == 7) == bool(found_by)


def test_two_people_who_fit_equally_well_are_left_alone():
    first, second = person(given_name="Ana", phones={"+14155550101"}), person(given_name="Ana", phones={"+14155550101"})
    second.id = 8
    [row] = plan(["given_name", "phone"], ["Ana", "4155550101"], known=rules.Known([first, second]))
    assert row.outcome == "skip" and row.problems


def test_fill_replace_and_leave():
    def known():
        return rules.Known([person(given_name="Ana", city="Oakland", phones={"+14155550101"})])

    cells = ["Ana", "4155550101", "Berkeley", "member"]
    outcomes = {way: plan(["given_name", "phone", "city", "standing"], cells, known=known(), existing=way)[0] for way in ("fill", "replace", "leave")}
    assert outcomes["fill"].changes == {"standing": ("contact", "member")}
    assert outcomes["replace"].changes == {"city": ("Oakland", "Berkeley"), "standing": ("contact", "member")}
    assert outcomes["leave"].outcome == "same"


def test_undo_keeps_what_was_edited_since():
    assert rules.undo_of({"city": "Berkeley", "street": "Elm 1"}, {"city": ("Oakland", "Berkeley"), "street": ("", "Oak 2")}) == (
        {"city": "Oakland"},
        ["street"],
    )


@pytest.mark.parametrize(
    "tree",
    [
        None,
        [],
        "x",
        {"all": "x"},
        {"fact": "gone", "comparison": "is"},
        {"fact": "standing", "comparison": "at_least", "value": "x"},
        {"all": [{"all": [{"all": [{"all": [{"all": [{"all": [{"all": []}]}]}]}]}]}]},
        {"fact": "rung", "comparison": "is", "value": "x"},
        {"fact": "added", "comparison": "since", "value": "yesterday"},
    ],
)
def test_bad_segments_are_refused(tree):
    assert rules.issues_in_definition(tree, {"standing": "choice", "rung": "level", "added": "day"})


def test_issues_in_person_come_all_at_once():
    issues = rules.issues_in_person({"street": "x" * 300, "member_since": date(2027, 1, 1)}, date(2026, 11, 22))
    assert [issue.field for issue in issues] == ["given_name", "street", "member_since"]


@given(st.lists(st.tuples(st.integers(-(2**60), 2**60), st.integers(0, 10**6)), max_size=400), st.sampled_from((4, 16)))
def test_places_are_kept_as_a_dictionary_keeps_them(met, room):
    places, plain = Places(room), {}
    for key, place in met:
        assert places.setdefault(key, place) == plain.setdefault(key, place)
    assert all(places.get(key) == place for key, place in plain.items())
    assert all(places.get(key) == plain.get(key, NOWHERE) for key in range(-5, 5))
