"""The kernel's words: phones as people write them, names folded and split, languages, refusals, permissions."""

import pytest

from crm.kernel.languages import read_language
from crm.kernel.names import fold, initials, split_name
from crm.kernel.permissions import Action, Role, may
from crm.kernel.phone import mask_phone, read_phone, show_phone, zones_of
from crm.kernel.refusal import Reason, Refusal, Refused

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("typed", ["(415) 555-0100", "415.555.0100", "1-415-555-0100", "+1 415 555 0100", " 4155550100 ", "tel: 415 555 0100"])
def test_phones_are_read_as_people_write_them(typed):
    assert read_phone(typed) == "+14155550100"


@pytest.mark.parametrize(("typed", "words"), [
    ("555-0100", "This number has 7 digits. It needs 10."), ("415 555 010", "This number has 9 digits. It needs 10."),
    ("none", "This is not a phone number."), ("", "This is not a phone number."),
])
def test_what_is_no_phone_is_said_in_words(typed, words):
    assert str(read_phone(typed)) == words


def test_foreign_numbers_keep_their_country():
    assert read_phone("+52 55 1234 5678") == "+525512345678"
    assert read_phone("55 1234 5678", "MX") == "+525512345678"


def test_phones_are_shown_and_masked():
    assert show_phone("+14155550100") == "415-555-0100"
    assert mask_phone("+14155550142") == "•••-•••-••42"
    assert zones_of("+14155550100") == ("America/Los_Angeles",)


@pytest.mark.parametrize(("typed", "folded"), [("Sánchez", "sanchez"), ("NÁJERA ", "najera"), ("O'Brien", "o'brien"), ("Zúñiga", "zuniga")])
def test_names_fold_alike_on_every_database(typed, folded):
    assert fold(typed) == folded


@pytest.mark.parametrize(("typed", "parts"), [
    ("Ana Quintero", ("Ana", "Quintero")), ("GARCIA LOPEZ, MARIA JOSE", ("Maria Jose", "Garcia Lopez")), ("Cher", ("Cher", "")),
])
def test_names_in_one_cell_are_split(typed, parts):
    assert split_name(typed) == parts


def test_initials():
    assert (initials("Imani Broadnax"), initials("Cher"), initials("")) == ("IB", "C", "?")


@pytest.mark.parametrize(("word", "tag"), [("Spanish", "es"), ("español", "es"), ("es-MX", "es"), ("EN", "en"), ("Klingon", None), ("espresso", None)])
def test_languages_by_any_name(word, tag):
    assert read_language(word) == tag


def test_a_refusal_holds_every_reason():
    refused = Refused([Reason("One."), Reason("%(n)s more.", {"n": 2})])
    assert [str(r) for r in refused.reasons] == ["One.", "2 more."]
    assert not Refusal([])
    assert Refusal([Reason("x")])


def test_roles_have_their_actions_and_nobody_has_none():
    assert all(may(Role.ADMINISTRATOR, action) for action in Action)
    assert not any(may(None, action) for action in Action)
    assert not may(Role.VOLUNTEER, Action.EDIT_PEOPLE)
    assert not may(Role.READ_ONLY, Action.LOG_CONVERSATIONS)
    assert may(Role.TELLER, Action.RUN_VOTES)
