"""A person at depth, through the pages: many ways to reach them, two editors, who they live with and know, their standing."""

import re
from datetime import date

import pytest

from crm.infra import audit
from crm.infra.audit import Event
from crm.infra.clock import now
from crm.infra.db import session
from crm.people import actions, queries
from crm.people.models import Address, Household, Person, Phone, StandingChange
from tests.clients import form_of
from tests.people.pages import fields_of, save

# --- how to reach them -----------------------------------------------------------------------------------------------


def test_any_number_of_ways_and_one_of_each_is_preferred(omar, ana, world, as_org):
    changes = {
        "pronouns": "ella", "phones-1-text": "415-555-0190", "phones-1-kind": "home", "phones_first": "1", "emails-0-text": "ana@work.example",
        "emails-0-kind": "work", "emails-1-text": "ana@home.example", "emails_first": "1", "language": "es", "other_languages-0": "vi",
        "other_languages-1": "en", "street": "Elm 1", "city": "Oakland",
    }  # fmt: skip
    assert save(omar, ana, changes, "a").status_code == 303
    page = omar.get(f"/people/{ana}").text
    for words in ("ella", "Español, Tiếng Việt, English", "ana@work.example", "Elm 1"):
        assert words in page
    with as_org("southbank") as actor:
        assert queries.preferred_phone(actor, ana).e164 == "+14155550190"
        known = actions.snapshot(actor, ana)
        assert known["phones"] == [("+14155550190", "home", "calls"), (world.phones[ana], "mobile", "texts")]
        assert known["emails"] == [("ana@home.example", "personal"), ("ana@work.example", "work")]
        assert known["other_languages"] == "vi en"


def test_another_address_becomes_the_preferred_one_and_the_former_takes_its_place(omar, ana, as_org):
    form = fields_of(omar, ana) | {"street": "Elm 1", "city": "Oakland", "more": "addresses", "once": "m"}
    more = omar.post(f"/people/{ana}/edit", data=form)
    assert more.status_code == 200
    form = form_of(more.text, "given_name")
    assert form["street"] == "Elm 1" and "addresses-0-street" in form
    place = {"addresses-0-kind": "mailing", "addresses-0-street": "PO Box 7", "addresses-0-city": "Berkeley"}
    assert save(omar, ana, place, "a", form).status_code == 303
    assert save(omar, ana, {"addresses_first": "0"}, "b").status_code == 303
    with as_org("southbank"):
        person = session().query(Person).filter_by(id=ana).one()
        other = session().query(Address).filter_by(person_id=ana).one()
        assert (person.address_kind, person.street, person.city) == ("mailing", "PO Box 7", "Berkeley")
        assert (other.kind, other.street, other.city, other.neighborhood) == ("home", "Elm 1", "Oakland", "Southbank")
    page = omar.get(f"/people/{ana}").text
    assert "PO Box 7" in page and "Elm 1" in page and "Mail goes here" in page


def test_a_wrong_number_is_kept_but_neither_called_nor_texted(omar, ana, world, as_org):
    assert save(omar, ana, {"phones-0-use": "wrong"}, "a").status_code == 303
    page = omar.get(f"/people/{ana}").text
    assert "wrong number" in page and f'href="tel:{world.phones[ana]}"' not in page
    with as_org("southbank") as actor:
        phone = session().query(Phone).filter_by(person_id=ana).one()
        assert (phone.is_wrong, phone.is_textable) == (True, False)
        assert queries.preferred_phone(actor, ana) is None
    assert save(omar, ana, {"given_name": "Anita"}, "b").status_code == 303
    with as_org("southbank"):
        assert session().query(Phone).filter_by(person_id=ana).one().is_wrong
    assert save(omar, ana, {"phones-0-use": ""}, "c").status_code == 303
    with as_org("southbank"):
        assert session().query(Phone).filter_by(person_id=ana).one().is_textable


def test_what_a_provider_learned_meanwhile_is_not_undone_by_an_open_form(omar, ana, acting, as_org):
    form = fields_of(omar, ana)
    with acting("southbank"):
        session().query(Phone).filter_by(person_id=ana).one().is_textable = False
    assert save(omar, ana, {"city": "Oakland"}, "a", form).status_code == 303
    with as_org("southbank"):
        assert not session().query(Phone).filter_by(person_id=ana).one().is_textable


def test_all_problems_at_once_in_every_part(omar, ana):
    bad = {"phones-1-text": "12", "emails-0-text": "nope", "pronouns": "x" * 61, "phones-0-use": "bogus", "addresses_first": "99", "phones_first": "-1"}
    answer = save(omar, ana, bad, "a")
    assert answer.status_code == 422 and "60" in answer.text
    bad.pop("pronouns"), bad.pop("phones-0-use")
    answer = save(omar, ana, bad, "b")
    assert answer.status_code == 422
    for words in ("This number has 2 digits", "is not an e-mail address", 'value="nope"'):
        assert words in answer.text


# --- two editors -----------------------------------------------------------------------------------------------------


def test_different_fields_of_two_editors_go_together_without_asking(signed_in, omar, ana, as_org):
    imani = signed_in("imani", "southbank")
    first, second = fields_of(imani, ana), fields_of(omar, ana)
    assert save(imani, ana, {"city": "Oakland", "emails-0-text": "a@home.example"}, "a", first).status_code == 303
    assert save(omar, ana, {"pronouns": "she/her", "tags": "steward"}, "b", second).status_code == 303
    with as_org("southbank") as actor:
        now_is = actions.snapshot(actor, ana)
        assert (now_is["city"], now_is["pronouns"], now_is["tags"], now_is["emails"]) == ("Oakland", "she/her", ["steward"], [("a@home.example", "personal")])


@pytest.mark.parametrize(("choice", "expected"), [
    ("both", {"+14155550191", "+14155550192"}), ("mine", {"+14155550192"}), ("theirs", {"+14155550191"}),
])  # fmt: skip
def test_both_added_a_number_and_the_second_chooses(signed_in, omar, ana, world, as_org, choice, expected):
    imani = signed_in("imani", "southbank")
    first, second = fields_of(imani, ana), fields_of(omar, ana)
    assert save(imani, ana, {"phones-1-text": "415-555-0191"}, "a", first).status_code == 303
    late = save(omar, ana, {"phones-1-text": "415-555-0192", "city": "Berkeley"}, "b", second)
    assert late.status_code == 409 and "415-555-0191" in late.text and "415-555-0192" in late.text and "Keep both" in late.text
    form = form_of(late.text, "given_name")
    assert form["city"] == "Berkeley"
    assert save(omar, ana, {"choice-phones": choice}, "c", form).status_code == 303
    with as_org("southbank") as actor:
        known = actions.snapshot(actor, ana)
        assert {number for number, *_ in known["phones"]} == expected | {world.phones[ana]}
        assert known["city"] == "Berkeley"


def test_marks_that_somebody_made_up_lead_to_the_question_not_to_a_loss(signed_in, omar, ana):
    imani = signed_in("imani", "southbank")
    first, second = fields_of(imani, ana), fields_of(omar, ana)
    save(imani, ana, {"city": "Oakland"}, "a", first)
    for n, seen in enumerate(("", "{", "[1]", '{"city": 7}', "null")):
        answer = save(omar, ana, {"city": "Berkeley", "seen": seen}, f"b{n}", second)
        assert answer.status_code == 409 and "Oakland" in answer.text


# --- households ------------------------------------------------------------------------------------------------------


def connect(browser, id: int, other: int, kind: str, once: str):
    return browser.post(f"/people/{id}/connections", data={"kind": kind, "other": other, "once": once})


def test_a_household_is_joined_named_and_left(omar, ana, others, as_org):
    beatriz, carlos, _ = others
    found = omar.get(f"/people/{ana}/connections/new?q=okafor&kind=together").text
    assert f'value="{beatriz}"' in found
    for n, other in enumerate((beatriz, carlos)):
        assert connect(omar, ana, other, "together", f"h{n}").status_code == 303
    with as_org("southbank"):
        homes = queries.households_of([ana, beatriz, carlos])
        assert set(homes) >= {ana, carlos} and homes[ana] == homes[carlos]
    assert connect(omar, beatriz, ana, "together", "h3").status_code == 303
    assert connect(omar, beatriz, ana, "together", "h4").status_code == 303
    with as_org("southbank"):
        assert len(set(queries.households_of([ana, beatriz, carlos, others[2]]).values())) == 1
        assert len(queries.households_of([ana, beatriz, carlos, others[2]])) == 3
        assert session().query(Household).count() == 1
    assert f'href="/people/{beatriz}"' in omar.get(f"/people/{ana}").text
    form = form_of(omar.get(f"/people/{ana}/household").text, 'name="name"')
    assert omar.post(f"/people/{ana}/household", data=form | {"name": "Casa Quintero", "once": "n"}).status_code == 303
    assert "Casa Quintero" in omar.get(f"/people/{carlos}").text
    late = omar.post(f"/people/{carlos}/household", data=form | {"name": "Casa Reyes", "once": "n2"})
    assert late.status_code == 409 and "Casa Quintero" in late.text and "Casa Reyes" in late.text
    for n, id in enumerate((ana, beatriz)):
        assert omar.post(f"/people/{id}/household/leaving", data={"once": f"l{n}"}).status_code == 303
    with as_org("southbank"):
        assert queries.households_of([ana, beatriz, carlos]) == {} and session().query(Household).count() == 0
    assert "No longer lives with the others" in omar.get(f"/people/{ana}").text


def test_a_shared_address_moves_for_the_whole_household_only_when_asked(omar, ana, others, as_org):
    beatriz, carlos, dan = others
    for n, id in enumerate((ana, beatriz, carlos)):
        assert save(omar, id, {"street": "Elm 1" if id != carlos else "Oak 9", "city": "Oakland", "neighborhood": ""}, f"s{n}").status_code == 303
    for n, other in enumerate((beatriz, carlos, dan)):
        connect(omar, other, ana, "together", f"t{n}")
    assert "They live together" in omar.get(f"/people/{ana}/edit").text
    save(omar, ana, {"street": "Elm 2"}, "m1")
    with as_org("southbank"):
        assert session().query(Person).filter_by(id=beatriz).one().street == "Elm 1"
    save(omar, ana, {"street": "Elm 1"}, "m2")
    save(omar, ana, {"street": "Pine 3", "city": "Berkeley", "with_household": "y"}, "m3")
    with as_org("southbank"):
        streets = {id: session().query(Person).filter_by(id=id).one().street for id in (ana, beatriz, carlos, dan)}
        assert (streets[ana], streets[beatriz], streets[carlos]) == ("Pine 3", "Pine 3", "Oak 9")
    assert "Pine 3" in omar.get(f"/people/{beatriz}").text and "Omar changed" in omar.get(f"/people/{beatriz}").text


# --- relationships ---------------------------------------------------------------------------------------------------


def test_a_relationship_reads_from_both_sides_and_is_taken_back_from_either(omar, ana, others):
    beatriz = others[0]
    assert connect(omar, ana, beatriz, "parent", "r1").status_code == 303
    assert connect(omar, ana, beatriz, "parent", "r2").status_code == 303
    assert connect(omar, beatriz, ana, "child", "r3").status_code == 303
    mine, theirs = omar.get(f"/people/{ana}").text, omar.get(f"/people/{beatriz}").text
    assert mine.count(">Parent of</dt>") == 1 and theirs.count(">Child of</dt>") == 1
    assert "Parent of Beatriz Okafor, says Omar" in mine and "Child of Ana Quintero, says Omar" in theirs
    row = re.search(r'name="relationship" value="(\d+)"', theirs).group(1)
    assert omar.post(f"/people/{others[1]}/relationships/removal", data={"relationship": row, "once": "x"}).status_code == 404
    assert omar.post(f"/people/{beatriz}/relationships/removal", data={"relationship": row, "once": "x"}).status_code == 303
    assert ">Parent of</dt>" not in omar.get(f"/people/{ana}").text


@pytest.mark.parametrize(("kind", "other"), [("", 0), ("boss", 0), ("friend", None), ("together", "self"), ("friend", "1e9"), ("friend", "9" * 30)])
def test_a_relationship_needs_two_people_and_a_word(omar, ana, others, kind, other):
    other = others[0] if other == 0 else ana if other == "self" else other
    answer = omar.post(f"/people/{ana}/connections", data={"kind": kind, "once": "r"} | ({"other": other} if other is not None else {}))
    assert answer.status_code == 422


def test_people_of_other_organizations_are_nobodys_relatives(omar, ana, world):
    theirs = world.people["mill"][0]
    for kind in ("friend", "together"):
        assert connect(omar, ana, theirs, kind, kind).status_code == 404
    for path in ("connections/new", "household", "standing", "print"):
        assert omar.get(f"/people/{theirs}/{path}").status_code == 404
    for path in ("connections", "household", "household/leaving", "standing", "relationships/removal"):
        assert omar.post(f"/people/{theirs}/{path}", data={"kind": "friend", "other": ana, "once": path}).status_code == 404


# --- standing --------------------------------------------------------------------------------------------------------


def test_standing_has_a_day_a_reason_and_a_history(omar, ana, others, as_org):
    beatriz = others[0]
    answer = omar.post(f"/people/{ana}/standing", data={"standing": "lapsed", "on": "2026-06-01", "reason": "Moved away", "once": "s1"})
    assert answer.status_code == 303
    again = omar.post(f"/people/{ana}/standing", data={"standing": "lapsed", "on": "2026-06-01", "reason": "Moved away", "once": "s1"})
    assert again.location == answer.location
    page = omar.get(f"/people/{ana}").text
    for words in ("Lapsed member", "Moved away", "June 1", "January 15, 2025"):
        assert words in page
    with as_org("southbank"):
        rows = session().query(StandingChange).filter_by(person_id=ana).order_by(StandingChange.on).all()
        assert [(row.standing, row.on) for row in rows] == [("member", date(2025, 1, 15)), ("lapsed", date(2026, 6, 1))]
    assert omar.post(f"/people/{ana}/standing", data={"standing": "member", "on": "2026-09-01", "once": "s2"}).status_code == 303
    with as_org("southbank"):
        person = session().query(Person).filter_by(id=ana).one()
        assert (person.standing, person.member_since) == ("member", date(2026, 9, 1))
    assert omar.post(f"/people/{beatriz}/standing", data={"standing": "supporter", "on": "2024-02-01", "once": "s3"}).status_code == 303
    with as_org("southbank"):  # written down late: what came after it still holds
        assert session().query(Person).filter_by(id=beatriz).one().standing == "member"


@pytest.mark.parametrize("data", [
    {"standing": "member", "on": "2026-06-01"}, {"standing": "purple", "on": "2026-06-01"}, {"standing": "lapsed", "on": ""},
    {"standing": "lapsed", "on": "2030-01-01"}, {"standing": "lapsed", "on": "soon"}, {"standing": "lapsed", "on": "1066-10-14"},
])  # fmt: skip
def test_what_is_no_change_of_standing(omar, ana, data):
    assert omar.post(f"/people/{ana}/standing", data=data | {"once": "s"}).status_code == 422


def test_whoever_is_added_begins_a_history(acting, as_org):
    with acting("southbank", "omar") as actor:
        new = actions.add_person(actor, {"given_name": "Zoe", "standing": "member", "member_since": date(2026, 1, 18)}, now=now())
        plain = actions.add_person(actor, {"given_name": "Yan"}, now=now())
    with as_org("southbank") as actor:
        said = {id: [(row.standing, row.on, row.author) for row in queries.standing_history(actor, queries.person_for(actor, id))] for id in (new, plain)}
    assert said == {new: [("member", date(2026, 1, 18), "Omar")], plain: [("contact", date(2026, 11, 23), "Omar")]}


def test_the_audit_chain_and_events_hold(omar, ana, others, as_org):
    connect(omar, ana, others[0], "together", "a")
    save(omar, ana, {"pronouns": "she/her"}, "b")
    with as_org("southbank") as actor:
        assert audit.broken_link(actor) is None
        assert {event.verb for event in session().query(Event).filter_by(person_id=ana)} == {"household.joined", "person.edited"}
