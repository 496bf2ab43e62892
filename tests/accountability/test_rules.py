"""The rules of commitments, answers and stages: exact, also where a float would not be."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.accountability.rules import answers, commitments, stages
from crm.assemblies.rules.words import STAGES

pytestmark = pytest.mark.one_database
TODAY = date(2026, 11, 23)
VOTES = st.integers(0, 10**9)
SHARE = st.fractions(min_value=Fraction(1, 100), max_value=1, max_denominator=1000)
PROMISE = {
    "target": "Mayor", "words": "I will enact it.", "legal_form": "informal", "signed_on": TODAY, "threshold": "80 %", "strictness": "at_least",
    "basis": "cast", "electorate": "all", "duty": "Enact it", "due_days": 30,
}


def counted(yes: int, no: int, abstain: int = 0, roll: int | None = None, kind: str = "members") -> dict:
    return {"kind": kind, "yes": yes, "no": no, "abstain": abstain, "roll": roll if roll is not None else yes + no + abstain}


def binds(threshold: str, strictness: str, basis: str, *counts: dict, problem: str = "") -> bool:
    return commitments.is_met(commitments.rule_of(threshold, strictness, basis), commitments.Question(1, {}, counts, problem))


@pytest.mark.parametrize(
    ("yes", "no", "strictness", "is_met"),
    [(48, 12, "at_least", True), (48, 12, "more_than", False), (49, 11, "more_than", True), (7999, 2001, "at_least", False), (8000, 2000, "at_least", True)],
)
def test_eighty_percent_is_eighty_percent(yes, no, strictness, is_met):
    assert binds("4/5", strictness, "cast", counted(yes, no)) is is_met


def test_a_majority_of_58_percent_is_not_60():
    assert not binds("3/5", "at_least", "yes_and_no", counted(58, 42)) and binds("3/5", "at_least", "yes_and_no", counted(60, 40))


@given(yes=VOTES, no=VOTES, abstain=VOTES, missing=VOTES, share=SHARE, strictness=st.sampled_from(["at_least", "more_than"]),
       basis=st.sampled_from(["cast", "yes_and_no", "roll"]))
def test_a_share_is_compared_as_a_fraction(yes, no, abstain, missing, share, strictness, basis):
    count = counted(yes, no, abstain, yes + no + abstain + missing)
    base = {"cast": yes + no + abstain, "yes_and_no": yes + no, "roll": count["roll"]}[basis]
    reached = yes * share.denominator >= share.numerator * base if strictness == "at_least" else yes * share.denominator > share.numerator * base
    assert binds(str(share), strictness, basis, count) == (yes > 0 and reached)


@given(yes=VOTES, no=VOTES, more=VOTES, share=SHARE)
def test_one_more_yes_never_unbinds_and_abstaining_never_binds(yes, no, more, share):
    if binds(str(share), "at_least", "cast", counted(yes, no)):
        assert binds(str(share), "at_least", "cast", counted(yes + more, no))
    elif yes + no:
        assert not binds(str(share), "at_least", "cast", counted(yes, no, more))


def test_every_electorate_must_reach_it_and_without_a_quorum_or_a_count_nothing_binds():
    good, bad = counted(8, 2), counted(1, 9, kind="organizations")
    assert binds("4/5", "at_least", "cast", good) and not binds("4/5", "at_least", "cast", good, bad) and not binds("4/5", "at_least", "cast")
    assert not binds("4/5", "at_least", "cast", good, problem="no_quorum")
    assert commitments.question_of_room(1, "?", "carried", None, None, None, 9).problem == "not_counted"
    assert commitments.question_of_room(1, "?", "no_quorum", 9, 0, 0, 9).problem == "no_quorum"


def test_a_vote_is_read_plank_by_plank_and_only_the_electorate_that_counts():
    planks = [{"number": 1, "titles": {"en": "One"}}, {"number": 4, "titles": {"en": "Four"}}]
    row = lambda yes, no: {"counts": {"yes": yes, "no": no, "abstain": 0}}  # noqa: E731
    manifest = {"planks": planks, "electorates": [{"kind": "members"}, {"kind": "organizations"}, {"kind": "delegates", "contest": {"seats": 1}}]}
    met, unmet = {"quorum": {"is_met": True}, "roll": 10}, {"quorum": {"is_met": False}, "roll": 3}
    result = {"electorates": [
        {"kind": "members", "planks": [row(9, 1), row(5, 5)], **met}, {"kind": "organizations", "planks": [row(1, 2), row(3, 0)], **unmet},
        {"kind": "delegates", "planks": [], **met},
    ]}
    read = commitments.questions_in(manifest, result, "members")
    assert [(q.number, q.counts[0]["yes"], q.problem) for q in read] == [(1, 9, ""), (4, 5, "")]
    assert [q.problem for q in commitments.questions_in(manifest, result, "all")] == ["no_quorum", "no_quorum"], "one electorate without a quorum"
    assert commitments.questions_in(manifest, result, "delegates") == [], "a choice between options decides nothing here"


def test_the_arithmetic_is_said():
    rule = commitments.rule_of("4/5", "more_than", "cast")
    said = " ".join(map(str, commitments.decide(rule, counted(48, 10, 2)).reasons))
    assert "4/5 of 60 is 48." in said and "so yes needs 49." in said and "Yes has 48: not enough." in said
    assert str(commitments.rule_in_words("4/5", "more_than", "cast")).startswith("Binds when more than four fifths of all who vote")
    assert commitments.due_on(date(2026, 12, 31), 30) == date(2027, 1, 30)


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({}, []), ({"target": "", "words": "", "duty": ""}, ["target", "words", "duty"]), ({"threshold": "0"}, ["threshold"]),
        ({"threshold": "lots"}, ["threshold"]), ({"threshold": "1", "strictness": "more_than"}, ["strictness"]), ({"due_days": 0}, ["due_days"]),
        ({"signed_on": TODAY + timedelta(days=1)}, ["signed_on"]), ({"due_days": 3651, "signed_on": None}, ["signed_on", "due_days"]),
        ({"legal_form": "x", "basis": "x", "electorate": "x"}, ["legal_form", "basis", "electorate"]),
    ],
)
def test_what_is_wrong_with_a_commitment_is_said_at_once(wrong, fields):
    assert [reason.field for reason in commitments.issues_in_commitment(PROMISE | wrong, TODAY)] == fields


def test_a_commitment_comes_before_its_vote():
    assert not commitments.issues_in_tie(False, ["members"], "all", False)
    assert len(commitments.issues_in_tie(True, [], "all", True)) == 3
    assert len(commitments.issues_in_tie(False, ["members"], "organizations", False)) == 1


@pytest.mark.parametrize(
    ("delivered", "due", "verdict", "status"),
    [
        (None, -9, "", "draft"), (-30, 0, "", "waiting"), (-30, -1, "", "overdue"), (-30, -1, "accepted", "accepted"), (-30, -1, "rejected", "rejected"),
        (-30, -1, "partly", "partly"), (-30, 0, "under_study", "under_study"), (-30, -1, "under_study", "overdue"),
    ],
)
def test_no_answer_is_a_status_and_so_is_study_without_end(delivered, due, verdict, status):
    on = None if delivered is None else TODAY + timedelta(days=delivered)
    assert answers.status_of(on, TODAY + timedelta(days=due), verdict, TODAY) == status
    assert status in answers.STATUSES and status in answers.MARKS


def test_a_refusal_needs_its_reason_and_an_answer_its_day():
    fine = {"verdict": "accepted", "reason": "", "answered_by": "Mayor", "answered_on": TODAY}
    fields = lambda wrong, on=TODAY: [reason.field for reason in answers.issues_in_answer(fine | wrong, on, TODAY)]  # noqa: E731
    assert fields({}) == [] and fields({"verdict": "under_study"}) == []
    assert fields({"verdict": "rejected"}) == ["reason"] and fields({"verdict": "partly"}) == ["reason"]
    assert fields({"verdict": "", "answered_by": "", "answered_on": TODAY + timedelta(days=1)}) == ["verdict", "answered_by", "answered_on"]
    assert fields({"answered_on": TODAY - timedelta(days=1)}) == ["answered_on"] and fields({}, None) == [None]


def test_steps_scores_and_ratings():
    assert answers.is_late("planned", TODAY - timedelta(days=1), TODAY) and not answers.is_late("done", TODAY - timedelta(days=1), TODAY)
    assert not answers.is_late("under_way", TODAY, TODAY)
    assert answers.scores(["overdue", "draft", "accepted", "overdue"]) == [("accepted", 1), ("overdue", 2)]
    assert not answers.issues_in_ratings({1: (None, None, None), 2: (9, 0, 1)})
    assert answers.issues_in_ratings({1: (9, None, 1)}) and answers.issues_in_ratings({1: (-1, 0, 0)})
    assert [r.field for r in answers.issues_in_milestone("", None)] == ["title", "due_on"]
    wrong = {"title": {}, "target": "", "delivered_on": TODAY + timedelta(days=1), "due_on": TODAY}
    assert [r.field for r in answers.issues_in_recommendation(wrong, TODAY)] == ["title_en", "target", "delivered_on", "due_on"]


def test_five_stages_say_what_is_there_and_what_is_missing():
    found = stages.across({7: "formulation", 8: "decision"}, {"votes": 2, "commitments": 0})
    assert [stage.key for stage in found] == list(STAGES) == list(stages.FACTS)
    assert [bool(stage.missing) for stage in found] == [True, False, False, True, True]
    assert found[1].assemblies == (7,) and [str(reason) for reason in found[2].evidence] == ["votes that are over: 2"]
