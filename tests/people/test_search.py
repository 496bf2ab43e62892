"""Typed search: exact by trigrams, forgiving where nothing is written so, and in step with every change."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA
from sqlalchemy import select

from crm.infra import db
from crm.infra.clock import now
from crm.kernel.permissions import Role
from crm.people import actions, queries, rules
from crm.people.models import Person, PersonWords
from tests.factories import make_person


def found(actor, text: str) -> list[str]:
    people = db.session().scalars(select(Person).where(*queries.matches(actor, text)).order_by(Person.name_folded))
    return [person.name for person in people]


@pytest.fixture
def neighbors(acting):
    """Four people of Southbank, one of them written about."""
    with acting("southbank") as actor:
        org = actor.org_id
        make_person(org, "Zoraida", "Sánchez Peña", phone="+14155550177", street="12 Wexford Street", postal_code="94601")
        make_person(org, "Bo", "Li")
        make_person(org, "Jonathan", "O'Brien 100%_")
        noted = make_person(org, "Nguyen", "Thi Xuan")
        actions.add_note(actor, noted, "Speaks for the Quillfeather building; prefers évenings.", now=now())


@pytest.mark.parametrize(("typed", "names"), [
    ("sanchez", ["Zoraida Sánchez Peña"]), ("SÁNCHEZ", ["Zoraida Sánchez Peña"]), ("ánch", ["Zoraida Sánchez Peña"]),
    ("zoraida sanchez", ["Zoraida Sánchez Peña"]), ("pena, zor", ["Zoraida Sánchez Peña"]), ("(415) 555-0177", ["Zoraida Sánchez Peña"]),
    ("5550177", ["Zoraida Sánchez Peña"]), ("12 wexford", ["Zoraida Sánchez Peña"]), ("wexford 94601", ["Zoraida Sánchez Peña"]),
    ("li bo", ["Bo Li"]), ("quillfeather", ["Nguyen Thi Xuan"]), ("evenings xuan", ["Nguyen Thi Xuan"]),
    ("100%_", ["Jonathan O'Brien 100%_"]), ("o'brien", ["Jonathan O'Brien 100%_"]),
    # not written so, but near
    ("sanchz", ["Zoraida Sánchez Peña"]), ("zoriada", ["Zoraida Sánchez Peña"]), ("jonathon", ["Jonathan O'Brien 100%_"]),
    ("quilfeather", ["Nguyen Thi Xuan"]), ("sanchez wexfrod", ["Zoraida Sánchez Peña"]),
    ("5550178", []), ("nobodyatall", []), ("100%x", []), ('"', []), ("' or 1=1", []), ("names : sanchez", []), ("\\", []),
])
def test_what_is_typed_finds_whom_it_should(acting, neighbors, typed, names):
    with acting("southbank") as actor:
        assert found(actor, typed) == names


def test_only_names_are_searched_for_those_who_may_not_see_the_rest(acting, neighbors):
    with acting("southbank", role=Role.VOLUNTEER) as actor:
        assert found(actor, "sanchez") == found(actor, "sanchz") == ["Zoraida Sánchez Peña"]
        assert found(actor, "5550177") == found(actor, "quillfeather") == found(actor, "wexford") == []


def test_another_organization_finds_nothing(acting, neighbors):
    """T3: on PostgreSQL the search runs as the owner of the table; it must not go round the organization."""
    with acting("mill") as actor:
        assert found(actor, "zoraida") == found(actor, "zoriada") == found(actor, "5550177") == []


@pytest.mark.parametrize("walk", [1000, 2], ids=["walking the list", "by the index, since they stand far down in it"])
@pytest.mark.parametrize("order", queries.lists.ORDERS)
def test_a_term_that_many_have_is_found_page_after_page(acting, monkeypatch, walk, order):
    for name, value in (("SAMPLE", 4), ("PAGE", 2), ("WALK", walk)):
        monkeypatch.setattr(queries.search, name, value)
    with acting("southbank") as actor:
        for n in range(6):
            make_person(actor.org_id, "Marisol", f"Vega {n}", rung=n % 3, neighborhood=f"Mill {n % 2}")
        seen, after = [], None
        while True:
            page = queries.people_page(actor, {"all": []}, "marisol vega", order, after, now=now(), size=2)
            seen, after = [*seen, *(person.id for person in page.people)], page.next
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 6 == queries.count_matching(actor, {"all": []}, "marisol vega", now())
        assert found(actor, "marisol 4") == ["Marisol Vega 4"]


def test_a_search_asks_a_bounded_number_of_times(acting, neighbors, count_queries):
    with acting("southbank") as actor:
        found(actor, "zoraida")
        with count_queries() as exact:
            found(actor, "zoraida sanchez")
        with count_queries() as near:
            found(actor, "zoriada sanchz")
    assert (len(exact), len(near)) == (2, 4)


letters = st.text("abcdefghijklmnñoprstuvxyz", min_size=4, max_size=14)


@given(
    word=letters.filter(lambda word: len(word) >= 6), where=st.integers(0, 13), letter=st.sampled_from("aexz"),
    how=st.sampled_from(["drop", "swap", "add", "change"]),
)
def test_one_slip_anywhere_leaves_a_piece_unharmed(word, where, how, letter):
    at = where % len(word)
    slipped = {
        "drop": word[:at] + word[at + 1 :], "add": word[:at] + letter + word[at:], "change": word[:at] + letter + word[at + 1 :],
        "swap": word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    }[how]
    assume(how != "swap" or len(word) > 6)
    assert OSA.distance(word, slipped) <= 1
    assert any(piece in slipped for piece in rules.pieces(word)), (word, slipped, rules.pieces(word))
    assert rules.is_like(word, [slipped])


def test_words_are_kept_in_step_by_every_action(acting):
    with acting("southbank") as actor:
        person = actions.add_person(actor, {"given_name": "Åsa", "phones": ["415 555 0188"], "emails": ["asa@mail.example"], "tags": []}, now=now())
        note = actions.add_note(actor, person, "Knows Benedikta", now=now())
        assert found(actor, "asa") == found(actor, "benedikta") == found(actor, "asa@mail") == ["Åsa"]
        version = queries.person_for(actor, person).version
        actions.edit_person(actor, person, {**actions.snapshot(actor, person), "given_name": "Ingrid", "emails": []}, version, now=now())
        assert (found(actor, "asa"), found(actor, "asa@mail"), found(actor, "ingrid")) == ([], [], ["Ingrid"])
        del note
        db.session().delete(queries.person_for(actor, person))
        db.session().flush()
        assert db.session().get(PersonWords, (actor.org_id, person)) is None
        assert found(actor, "ingrid") == []
