"""The rules of drafting: differences give both texts back, changes meet without loss, hashes hold still."""

import copy
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.kernel.refusal import Refusal, Refused
from crm.platforms import rules
from crm.platforms.rules import Wording

pytestmark = pytest.mark.one_database

SOME = ["rent", "the", "5", "percent", ",", ".", "\n\n", "año", "o'clock", "Rent", "of"]
WORDS = st.lists(st.sampled_from(SOME), max_size=14)
TEXTS = st.one_of(st.text(max_size=60), WORDS.map(" ".join))
RENT = "No landlord may raise the rent by more than 5 percent in any year.\n\nOwners may apply for an exception."


@given(TEXTS, TEXTS)
@settings(max_examples=200, deadline=None)
def test_differences_give_both_texts_back(old, new):
    parts = rules.differences(old, new)
    assert "".join(text for kind, text in parts if kind != "in") == old
    assert "".join(text for kind, text in parts if kind != "out") == new
    assert all(text for _, text in parts)


@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_merge_with_one_side_unchanged_is_the_other_side(base, other):
    assert rules.merge(base, other, base) == (other, [])
    assert rules.merge(base, base, other) == (other, [])
    assert rules.merge(base, other, other) == (other, [])


@given(TEXTS, TEXTS, TEXTS)
@settings(max_examples=200, deadline=None)
def test_merge_loses_nothing_silently(base, current, proposed):
    merged, clashes = rules.merge(base, current, proposed)
    assert (merged, clashes) == rules.merge(base, current, proposed)
    if not clashes and base != proposed != current:
        other, back = rules.merge(base, proposed, current)
        assert not back and other == merged  # who comes first makes no difference


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("a 5 percent cap", "a 3 percent cap", [("same", "a "), ("out", "5"), ("in", "3"), ("same", " percent cap")]),
    ("", "New", [("in", "New")]),
    ("Gone", "", [("out", "Gone")]),
    ("Same", "Same", [("same", "Same")]),
    ("", "", []),
    ("may apply to the Board", "must show receipts", [("out", "may apply to the Board"), ("in", "must show receipts")]),
    ("in twelve months.", "in twelve months, always.",
     [("same", "in twelve months"), ("in", ", always"), ("same", ".")]),
])
def test_differences_read_like_an_editor_would_mark_them(old, new, expected):
    assert rules.differences(old, new) == expected


def test_paragraphs_cut_at_blank_lines():
    parts = rules.differences("One.\n\nTwo.", "One.\n\nTwo.\n\nThree.")
    assert rules.paragraphs(parts) == [[("same", "One.")], [("same", "Two.")], [("in", "Three.")]]


def test_a_very_long_text_is_compared_in_time():
    old = " ".join(f"the word{n % 330} of" for n in range(700))
    new = " ".join(f"the word{n % 300} of" for n in range(700))
    began = time.process_time()
    rules.differences(old, new)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(("typed", "text"), [
    (None, ""), ("one\ntwo", "one\ntwo"), ("  a \r\n\r\n\r\n\r\n b\t c ", "a\n\nb c"),
    ("n\u0303", "ñ"), ("a\x00\x0bb", "ab"),
])
def test_read_text(typed, text):
    assert rules.read_text(typed) == text
    assert rules.read_text(text) == text


def wording(text, title="Rent", **more):
    return Wording({"en": title}, {"en": text}, **more)


def test_adoption_of_a_current_amendment_takes_its_words():
    plan = rules.plan_adoption(wording(RENT), wording(RENT), wording(RENT.replace("5", "3")), ["en", "es"])
    assert plan.texts["en"] == RENT.replace("5", "3") and plan.titles == {"en": "Rent"}
    assert plan.lagging == ["es"] and not plan.is_rebased


def test_adoption_keeps_what_others_changed_elsewhere():
    now = RENT.replace("an exception", "more, with receipts")
    plan = rules.plan_adoption(wording(RENT), wording(now), wording(RENT.replace("5", "3")), ["en"])
    assert plan.texts["en"] == now.replace("5", "3") and plan.is_rebased and plan.lagging == []


def test_adoption_refuses_the_same_words_changed_and_lists_every_clash():
    now = RENT.replace("5", "4").replace("an exception", "more")
    mine = wording(RENT.replace("5", "3").replace("an exception", "less"), "A cap")
    plan = rules.plan_adoption(wording(RENT), wording(now, "Rents"), mine, ["en"])
    assert isinstance(plan, Refusal) and len(plan.reasons) == 3
    said = {(r.params["now"], r.params["proposed"]) for r in plan.reasons}
    assert said == {("Rents", "A cap"), ("4", "3"), ("more", "less")}


def test_adoption_of_nothing_new_is_refused():
    plan = rules.plan_adoption(wording(RENT), wording("Other."), wording("Other."), ["en"])
    assert isinstance(plan, Refusal) and "already says" in str(plan)


def test_an_amendment_in_spanish_only_makes_english_lag():
    old = Wording({"en": "Rent", "es": "Renta"}, {"en": "Five.", "es": "Cinco."})
    plan = rules.plan_adoption(old, old, Wording({}, {"es": "Tres."}), ["en", "es"])
    assert plan.texts == {"en": "Five.", "es": "Tres."} and plan.lagging == ["en"]


def test_an_amendment_in_both_languages_leaves_none_lagging():
    old = Wording({"en": "Rent", "es": "Renta"}, {"en": "Five.", "es": "Cinco."})
    both = Wording(old.titles, {"en": "Three.", "es": "Tres."})
    assert rules.plan_adoption(old, old, both, ["en", "es"]).lagging == []


@pytest.mark.parametrize(("lagging", "changed", "same", "after"), [
    ([], {"en"}, False, ["es", "vi"]), (["es"], {"es"}, False, []), (["es", "vi"], {"es"}, False, ["vi"]),
    ([], {"en"}, True, []), (["es"], {"en"}, True, ["es"]), ([], {"en", "es", "vi"}, False, []),
    (["es"], {"en", "es"}, False, ["vi"]), (["es"], set(), False, ["es"]),
])
def test_next_lagging(lagging, changed, same, after):
    assert rules.next_lagging(["en", "es", "vi"], lagging, changed, is_same_meaning=same) == after


PLANK = {"plank_id": 7, "sections": {"en": "Rent"}, "titles": {"en": "A", "es": "Á"}, "texts": {"en": "x", "es": "y"}}


def edition(**changes):
    facts = {
        "titles": {"en": "The Homes We Deserve", "es": "Las casas que merecemos"},
        "intros": {"en": "Together.", "es": ""},
        "languages": ["en", "es"], "authentic": "en", "number": 1,
        "planks": [PLANK],
    }
    return rules.canonical_edition(**(facts | changes))


def test_edition_has_the_shape_that_ratification_reads():
    assert edition() == {
        "platform": {
            "titles": {"en": "The Homes We Deserve", "es": "Las casas que merecemos"}, "intros": {"en": "Together."},
        },
        "edition": 1, "languages": ["en", "es"], "authentic": "en",
        "planks": [PLANK | {"number": 1, "section": "Rent"}],
    }


def test_edition_hash_is_fixed_and_survives_the_database():
    content = edition()
    assert rules.edition_hash(content) == "fef6a7b3c46ab446d89518353d2bae02e96229f9466266d2f0512d7b0169a00c"
    back = json.loads(json.dumps(dict(reversed(content.items()))))
    assert rules.edition_hash(back) == rules.edition_hash(content)


@given(st.text(min_size=1))
def test_edition_hash_tells_every_change(words):
    other = copy.deepcopy(edition())
    other["planks"][0]["texts"]["es"] = words
    assert (rules.edition_hash(other) == rules.edition_hash(edition())) == (words == "y")


def test_issues_before_freeze_lists_all_at_once():
    planks = [
        {"plank_id": 1, "titles": {"en": "A", "es": "A"}, "texts": {"en": "x", "es": "x"}, "lagging": []},
        {"plank_id": 2, "titles": {"en": "B"}, "texts": {"en": "x", "es": "viejo"}, "lagging": ["es"],
         "sections": {"en": "S"}},
        {"plank_id": 3, "titles": {"en": "C", "es": "C"}, "texts": {"es": "x"}, "lagging": []},
    ]
    issues = rules.issues_before_freeze(
        titles={"en": "T"}, languages=["en", "es"], planks=planks, open_amendments={2: 1, 0: 2},
    )
    assert [str(i) for i in issues] == [
        "The platform (Español) has no title yet.",
        "Plank 2 (Español) has no title yet.",
        "Plank 2 (Español): its section has no name yet.",
        "Plank 2 (Español) still says what an earlier version said. Bring it up to date.",
        "Plank 2 has open amendments: 1. Adopt or refuse them first.",
        "Plank 3 (English) has no text yet.",
        "Proposals that no one has decided on: 2.",
    ]
    assert rules.issues_before_freeze(titles={"en": "T"}, languages=["en"], planks=planks[:1], open_amendments={}) == []
    assert len(rules.issues_before_freeze(titles={"en": "T"}, languages=["en"], planks=[], open_amendments={})) == 1


@pytest.mark.parametrize(("said", "support"), [
    ({}, (0, 0, 0, 4, 3, 3, False)),
    ({1: "endorse", 2: "reserve", 3: "oppose"}, (2, 1, 0, 1, 3, 1, False)),
    ({1: "oppose", 2: "oppose"}, (0, 2, 0, 2, 3, 3, True)),
    ({1: "stand_aside", 2: "endorse", 3: "endorse", 4: "endorse"}, (3, 0, 1, 0, 3, 0, False)),
    ({1: "stand_aside", 2: "stand_aside", 3: "stand_aside", 4: "stand_aside"}, (0, 0, 4, 0, 0, 0, False)),
])
def test_still_needed(said, support):
    got = rules.still_needed(said, [1, 2, 3, 4], 75)
    counts = (got.in_favor, got.opposed, got.aside, got.undecided)
    assert (*counts, got.needed, got.missing, got.is_out_of_reach) == support


@pytest.mark.parametrize(("state", "verb", "after"), [
    ("drafting", "freeze", "frozen"), ("frozen", "reopen", "drafting"), ("frozen", "ratify", "ratified"),
    ("drafting", "ratify", "ratified"), ("ratified", "freeze", None), ("ratified", "reopen", "drafting"),
    ("ratified", "ratify", "ratified"), ("frozen", "freeze", None), ("drafting", "reopen", None),
])
def test_next_state(state, verb, after):
    if after:
        assert rules.next_state(state, verb) == after
    else:
        with pytest.raises(Refused):
            rules.next_state(state, verb)


@pytest.mark.parametrize("state", ["adopted", "refused", "withdrawn"])
def test_a_decided_amendment_stays_decided(state):
    assert rules.next_amendment("proposed", "adopt") == "adopted"
    for verb in ("adopt", "refuse", "withdraw"):
        with pytest.raises(Refused, match=f"already been {state}"):
            rules.next_amendment(state, verb)


def test_may_propose_until_the_deadline():
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert rules.may_propose("drafting", None, now) is None
    assert rules.may_propose("drafting", now, now) is None
    assert len(rules.may_propose("frozen", now - timedelta(hours=1), now).reasons) == 2


def test_a_text_that_is_voted_on_as_a_whole_has_one_plank_that_says_everything():
    content = edition(planks=[PLANK, PLANK | {"plank_id": 8, "titles": {"en": "B", "es": "Be"}}], is_whole=True)
    assert [plank["plank_id"] for plank in content["planks"]] == [0] and [one["plank_id"] for one in rules.articles_of(content)] == [7, 8]
    assert content["planks"][0]["texts"] == {"en": "1. A\n\nx\n\n2. B\n\nx", "es": "1. Á\n\ny\n\n2. Be\n\ny"}
    assert rules.outcome_of(content, {"0": "ratified"}, 8) == "ratified" and rules.outcome_of(edition(), {"7": "no"}, 7) == "no"
    assert rules.edition_hash(content) != rules.edition_hash(edition(planks=[PLANK, PLANK]))


@given(TEXTS, TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_blame_gives_the_newest_text_back_and_names_only_versions_that_there_are(one, two, three):
    sentences = rules.blame([(1, one), (2, two), (3, three)])
    assert "".join(three.split()) == "".join("".join(each.text for each in sentences).split())
    assert all(each.versions and set(each.versions) <= {1, 2, 3} for each in sentences)


@given(TEXTS, TEXTS, TEXTS)
@settings(max_examples=200, deadline=None)
def test_changes_that_do_not_meet_are_joined_in_any_order(base, one, other):
    now, left, right = Wording({}, {"en": base}), Wording({}, {"en": one}), Wording({}, {"en": other})
    if rules.conflicts(now, left, right):
        return
    joined, turned = rules.join(now, [left, right]), rules.join(now, [right, left])
    assert joined == turned and not isinstance(joined, Refusal)
