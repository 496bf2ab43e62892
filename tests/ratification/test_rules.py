"""The rules by themselves: shares, quorums, hours, words, codes, bits."""

from datetime import timedelta
from fractions import Fraction

import pytest

from crm.assemblies.playbooks import PLAYBOOKS, playbook_of
from crm.kernel.numbers import read_share
from crm.ratification.methods import METHODS, Rule, quorum_of
from crm.ratification.methods.yes_no_abstain import mixed
from crm.ratification.rules import ballots, board, states, words
from crm.ratification.rules.planned import planned_rules
from crm.ratification.rules.reports import rule_in_words, shown_turnout
from crm.ratification.rules.tally import Votes, tally
from tests.factories import MONDAY

pytestmark = pytest.mark.one_database

HALF, TWO_THIRDS, THREE_QUARTERS = Fraction(1, 2), Fraction(2, 3), Fraction(3, 4)
METHOD = METHODS["yes_no_abstain"]
RULE = {"choices": METHOD.choices}


def decide(yes, no, abstain=0, roll=1000, **rule):
    return METHOD.decide(
        {"yes": yes, "no": no, "abstain": abstain}, Rule(**({"quorum": HALF, "threshold": TWO_THIRDS} | rule)), roll
    )


@pytest.mark.parametrize(
    ("yes", "no", "strictness", "adopted"),
    [
        (200, 100, "at_least", True),
        (200, 100, "more_than", False),
        (201, 99, "more_than", True),
        (199, 101, "at_least", False),
        (2, 1, "at_least", True),
        (2, 1, "more_than", False),
        (1, 0, "more_than", True),
        (0, 1, "at_least", False),
        (0, 0, "at_least", False),
        (466, 234, "at_least", False),
        (467, 233, "at_least", True),
        (10**12 * 2, 10**12, "at_least", True),
        (10**12 * 2 - 1, 10**12, "at_least", False),
    ],
)
def test_two_thirds_is_exact(yes, no, strictness, adopted):
    decision = decide(yes, no, strictness=strictness)
    assert decision.is_adopted is adopted
    if yes + no:
        assert (yes >= decision.needed) is adopted


@pytest.mark.parametrize(
    ("basis", "yes", "no", "abstain", "adopted"),
    [
        ("yes_and_no", 2, 1, 97, True),
        ("cast", 2, 1, 97, False),
        ("cast", 67, 0, 33, True),
        ("cast", 66, 0, 34, False),
        ("roll", 666, 0, 0, False),
        ("roll", 667, 0, 0, True),
    ],
)
def test_the_base_decides_what_an_abstention_means(basis, yes, no, abstain, adopted):
    assert decide(yes, no, abstain, basis=basis).is_adopted is adopted


@pytest.mark.parametrize(
    ("strictness", "tie", "adopted"),
    [
        ("at_least", "fails", False),
        ("at_least", "passes", True),
        ("more_than", "fails", False),
        ("more_than", "passes", True),
    ],
)
def test_a_tie_at_one_half_goes_by_the_tie_rule(strictness, tie, adopted):
    assert decide(50, 50, threshold=HALF, strictness=strictness, tie=tie).is_adopted is adopted
    assert decide(51, 49, threshold=HALF, strictness=strictness, tie=tie).is_adopted
    assert not decide(50, 50, threshold=TWO_THIRDS, strictness=strictness, tie="passes").is_adopted, (
        "elsewhere a tie is no tie"
    )


def test_the_arithmetic_is_said_in_words():
    said = " ".join(map(str, decide(466, 234).reasons))
    assert (
        "466 yes and 234 no make 700 in all. 2/3 of 700 is 466 2/3." in said
        and "yes needs 467." in said
        and "Yes has 466: not enough." in said
    )
    assert "more than that" in " ".join(map(str, decide(200, 100, strictness="more_than").reasons))
    assert "100% of 7 is 7" in " ".join(map(str, decide(6, 1, threshold=Fraction(1)).reasons)), "not “1 of 7”"
    assert [mixed(Fraction(n, 3)) for n in (1, 3, 4)] == ["1/3", "1", "1 1/3"]


@pytest.mark.parametrize(
    ("quorum", "roll", "cast", "needed", "met"),
    [
        (HALF, 1184, 592, 592, True),
        (HALF, 1184, 591, 592, False),
        (HALF, 1185, 592, 593, False),
        (HALF, 1185, 593, 593, True),
        (Fraction(0), 100, 0, 0, False),
        (Fraction(0), 100, 1, 0, True),
        (Fraction(1), 3, 3, 3, True),
        (Fraction(1, 3), 300, 100, 100, True),
    ],
)
def test_a_quorum_is_at_least_its_share(quorum, roll, cast, needed, met):
    found = quorum_of(Rule(quorum, TWO_THIRDS), roll, cast)
    assert (found.needed, found.is_met) == (needed, met)


def manifest(*kinds):
    rule = {
        "method": "yes_no_abstain",
        "quorum": "1/2",
        "threshold": "2/3",
        "strictness": "at_least",
        "basis": "yes_and_no",
        "tie": "fails",
    }
    return {
        "planks": [{"number": 1, "titles": {}}, {"number": 2, "titles": {}}],
        "electorates": [rule | {"kind": k} for k in kinds],
    }


def test_a_plank_needs_every_electorate_and_its_quorum():
    yes, no = ["yes"] * 3, ["no"] * 3
    both = manifest("members", "organizations")
    result = tally(both, {"members": Votes(3, 6, {1: yes, 2: yes}), "organizations": Votes(3, 6, {1: yes, 2: no})})
    assert result["ratified"] == [1]
    assert (
        tally(both, {"members": Votes(3, 6, {1: yes, 2: yes}), "organizations": Votes(3, 7, {1: yes, 2: yes})})[
            "ratified"
        ]
        == []
    )
    assert tally(manifest("members"), {"members": Votes(0, 6, {})})["ratified"] == []


def test_an_unknown_choice_is_an_error_never_a_blank():
    with pytest.raises(KeyError):
        METHOD.count(["yes", "maybe"])


def test_counting_does_not_depend_on_order():
    votes = ["yes"] * 5 + ["no"] * 3 + ["abstain"]
    assert METHOD.count(votes) == METHOD.count(reversed(votes)) == {"yes": 5, "no": 3, "abstain": 1}


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("2/3", TWO_THIRDS),
        ("50%", HALF),
        (" 50 % ", HALF),
        ("0.75", THREE_QUARTERS),
        ("1", Fraction(1)),
        ("0", Fraction(0)),
        ("3/2", None),
        ("-1/2", None),
        ("x", None),
        ("1/0", None),
        ("", None),
        ("%", None),
        ("nan", None),
        ("inf", None),
    ],
)
def test_shares_are_read_as_people_write_them(typed, share):
    assert read_share(typed) == share


def plan(**changes):
    electorate = {
        "kind": "members",
        "quorum": "1/2",
        "threshold": "2/3",
        "strictness": "at_least",
        "method": "yes_no_abstain",
    }
    facts = {
        "planks": [{"number": 1, "titles": {"en": "A", "es": "A"}, "texts": {"en": "a", "es": "a"}}],
        "languages": ["en", "es"],
        "edition_is_whole": True,
        "opens_at": MONDAY,
        "closes_at": MONDAY + timedelta(days=1),
        "electorates": [electorate],
        "members": 3,
    }
    return states.Plan(**(facts | changes))


def test_everything_in_the_way_of_opening_is_said_at_once():
    assert states.issues_before_opening(plan(), MONDAY) == []
    bad = plan(
        planks=[{"number": 1, "titles": {"en": "A"}, "texts": {"en": "a"}}],
        edition_is_whole=False,
        closes_at=MONDAY,
        electorates=[{"kind": "members", "quorum": "x", "threshold": "0", "strictness": "at_least", "method": "dice"}],
        members=0,
    )
    said = [str(issue) for issue in states.issues_before_opening(bad, MONDAY)]
    assert len(said) == 8 and any("Plank 1 has no text in es" in s for s in said)
    assert states.issues_before_opening(plan(planks=[], electorates=[]), MONDAY)


def test_the_hour_is_exact_on_both_sides():
    opens, closes, moment = MONDAY, MONDAY + timedelta(hours=1), timedelta(microseconds=1)
    cast = lambda now, state="open": states.may_cast(state, opens, closes, now)  # noqa: E731
    assert cast(opens - moment) and not cast(opens) and not cast(closes - moment) and cast(closes)
    assert cast(opens, "draft") and cast(opens, "preparing") and cast(opens, "closed") and cast(opens, "certified")
    assert states.may_cast("open", opens, closes, opens, is_struck=True)


def test_closing_certifying_and_striking():
    closes = MONDAY
    assert not states.may_close("open", closes, MONDAY) and states.may_close("closed", closes, MONDAY)
    early = MONDAY - timedelta(seconds=1)
    assert states.may_close("open", closes, early) and not states.may_close("open", closes, early, "All have voted")
    assert not states.may_certify("closed") and states.may_certify("open") and states.may_certify("certified")
    assert not states.may_strike("open", False, False)
    assert len(states.may_strike("closed", True, True).reasons) == 3
    assert set(states.NEXT) == {s for nexts in states.NEXT.values() for s in nexts} | {"draft"}


def test_few_ballots_and_unanimity_are_warned_of():
    said = " ".join(map(str, states.warnings_before_opening("members", True)))
    assert "same way" in said and "fewer than 10 ballots" in said and "sealed" in said
    assert "public" in str(states.warnings_before_opening("organizations", False)[0])
    assert shown_turnout(9, True) is None and shown_turnout(10, True) == 10 and shown_turnout(3, False) == 3
    assert "two thirds" in str(rule_in_words(manifest("members")["electorates"][0]))


def test_words_are_distinct_in_both_languages_and_read_in_either():
    every = [pair for words_of in (words.SERVER, words.FIRST, words.SECOND) for pair in words_of]
    assert len({en for en, _es in every}) == len({es for _en, es in every}) == len(every) == 104
    assert (len(words.FIRST), len(words.SECOND)) == (20, 20)
    picks = (3, 40, 5, 19)
    for language in ("en", "es"):
        assert words.read_phrase(words.phrase_of(picks, language).upper()) == words.phrase_of(picks)
    assert words.read_phrase("río puente CAFE reloj") == "river bridge brown clock"
    assert words.read_phrase("one two three") is None and words.read_phrase("river river red tree") is None


def test_codes_survive_typing():
    tracker = board.tracker_of("ab" * 32, 1, "0f" * 16, "river bridge red table")
    code = board.code_of(tracker)
    assert tracker.startswith(board.prefix_of(code.lower().replace("-", " ").replace("0", "o").replace("1", "l")))
    assert board.prefix_of("K7QM") is None and board.nonce_of("K7QM") is None and board.nonce_of("Z" * 26) is None
    for nonce in ("0" * 32, "f" * 32, "0f" * 16):
        assert board.nonce_of(board.number_of(nonce)) == nonce


def test_every_part_of_a_ballot_changes_its_tracker():
    base = ("ab" * 32, 1, "0f" * 16, "river bridge red table")
    others = [
        ("cd" * 32, *base[1:]),
        (base[0], 2, *base[2:]),
        (*base[:2], "1f" * 16, base[3]),
        (*base[:3], "river bridge red street"),
    ]
    assert len({board.tracker_of(*b) for b in (base, *others)}) == 5


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "xyz"},
        {"nonce": "0F" * 16},
        {"nonce": ""},
        {"words": "1.1"},
        {"words": "1.64"},
        {"words": "1"},
        {"words": "1.-2"},
        {"words": ""},
    ],
)
def test_a_ballot_with_broken_hidden_fields_starts_anew(change):
    whole = {"nonce": "0f" * 16, "words": "1.2", "first": "3", "second": "4", "p1": "yes"}
    assert (
        ballots.read_draft(whole, [1], RULE)
        and ballots.read_draft(whole | change, [1], RULE) is None
    )


def test_a_ballot_reads_only_what_is_offered_and_a_blank_is_an_abstention():
    fields = {"nonce": "0f" * 16, "words": "1.2", "first": "20", "second": "4", "p1": "", "p2": "no", "p9": "yes"}
    assert ballots.read_draft(fields | {"p1": "maybe"}, [1, 2], RULE) is None, "what cannot be read is not a blank"
    draft = ballots.read_draft(fields, [1, 2], RULE)
    assert (
        draft.choices == {2: "no"} and draft.picked == (None, 4) and draft.picks is None and draft.blanks([1, 2]) == [1]
    )
    assert ballots.issues_in_draft(draft) and draft.rows("p", [1, 2], RULE) == []
    whole = ballots.read_draft(fields | {"first": "19"}, [1, 2], RULE)
    assert [choice for _n, _t, choice in whole.rows("p", [1, 2], RULE)] == ["abstain", "no"]


@pytest.mark.parametrize("roll", [0, 1, 19, 250, 499, 500, 5000, 100_003])
def test_every_seat_of_a_roll_has_a_bit_of_its_own(roll):
    shards = ballots.empty_shards(roll)
    assert len(shards) == max(1, min(16, roll // 250)) and set(shards) <= {shards[0]}
    places = {(seat % len(shards), seat // len(shards)) for seat in range(roll)}
    assert len(places) == roll and all(bit < 8 * len(shards[0]) for _shard, bit in places)


def test_bits_count_seats():
    (bits,) = ballots.empty_shards(17)
    assert len(bits) == 3 and ballots.count_bits(bits) == 0
    for seat in (0, 7, 8, 16):
        assert not ballots.has_bit(bits, seat)
        bits = ballots.with_bit(bits, seat)
        assert ballots.has_bit(bits, seat)
    assert ballots.count_bits(bits) == 4 and bits == bytes([0b10000001, 1, 1]) and not ballots.has_bit(bits, 400)


def test_likely_same_names_each_pair_once():
    marks = [(1, 10, "a"), (2, 10, "b"), (3, 20, "a"), (3, 20, "c"), (1, 10, "c"), (4, 20, "d"), (5, 10, "a")]
    assert ballots.likely_same(marks) == [((1, 10), (3, 20)), ((3, 20), (5, 10))], "never within one organization"
    assert ballots.likely_same([(n, n % 2, "office") for n in range(13)]) == []


@pytest.mark.parametrize(("kind", "people", "organizations"), [
    ("A2", {"quorum": "1/2", "threshold": "2/3", "strictness": "at_least", "basis": "yes_and_no", "open": False, "method": "yes_no_abstain"}, "3/4"),
    ("A3", {"quorum": "1/2", "threshold": "1/2", "strictness": "at_least", "basis": "yes_and_no", "open": False, "method": "stv-scottish"}, None),
    ("A14", {"quorum": "1/2", "threshold": "4/5", "strictness": "more_than", "basis": "cast", "open": False, "method": "yes_no_abstain"}, None),
])
def test_a_vote_begins_by_the_rules_of_its_assembly(kind, people, organizations):
    planned = planned_rules([decision.as_data() for decision in playbook_of(kind).decisions])
    assert planned["members"] == people | {"quorum_of": "roll"}
    assert planned.get("organizations", {}).get("threshold") == organizations


@pytest.mark.parametrize("kind", PLAYBOOKS)
def test_what_a_playbook_plans_is_a_rule_that_a_vote_can_hold(kind):
    for rule in planned_rules([decision.as_data() for decision in playbook_of(kind).decisions]).values():
        assert rule["basis"] in ("yes_and_no", "cast", "roll") and rule["strictness"] in ("at_least", "more_than")
        assert 0 < Fraction(rule["threshold"]) <= 1 and 0 <= Fraction(rule["quorum"]) <= 1
