"""Counting: the rules by small elections that one can do by hand."""

from dataclasses import replace
from fractions import Fraction

import pytest

from crm.ratification.methods import COUNTING, DECIDING, METHODS, Rule
from crm.ratification.methods.contest import Contest, Reserved, amount
from crm.ratification.methods.counting import count, problems_of
from crm.ratification.methods.reserved import Seats
from crm.ratification.rules.states import issues_in_rule

pytestmark = pytest.mark.one_database
ABC = Contest(("Ana", "Bo", "Cy"))
RULE = {"quorum": "1/2", "threshold": "2/3", "strictness": "at_least", "basis": "yes_and_no", "tie": "fails"}


def said(found) -> str:
    return " ".join(str(reason) for each in found.rounds for reason in each.reasons)


def winners(method, contest, ballots):
    assert not problems_of(method, contest)
    return [contest.candidates[c] for c in count(method, contest, ballots).winners]


def test_a_vote_can_be_drafted_only_with_a_method_that_has_a_ballot_page():
    assert set(METHODS) == {"yes_no_abstain"} and set(METHODS) < set(DECIDING)
    for name in [*COUNTING, "consensus"]:
        assert issues_in_rule({**RULE, "kind": "members", "method": name})
    assert not issues_in_rule({**RULE, "kind": "members", "method": "yes_no_abstain"})


@pytest.mark.parametrize(
    ("agree", "aside", "block", "blocks", "threshold", "agreed"),
    [
        (10, 0, 0, 0, "2/3", True),
        (10, 0, 1, 0, "2/3", False),
        (10, 0, 1, 1, "2/3", True),
        (2, 1, 0, 0, "2/3", True),
        (199, 101, 0, 0, "2/3", False),
        (0, 5, 0, 0, "2/3", False),
        (1, 9, 0, 0, "1/10", True),
    ],
)
def test_consensus(agree, aside, block, blocks, threshold, agreed):
    method = DECIDING["consensus"]
    counts = method.count(["agree"] * agree + ["stand_aside"] * aside + ["block"] * block + ["abstain"] * 3)
    decision = method.decide(counts, Rule.of({**RULE, "threshold": threshold, "blocks": blocks}), 100)
    assert decision.is_adopted is agreed and decision.reasons
    with pytest.raises(KeyError):
        method.count(["perhaps"])


def test_approval_score_dots_and_borda():
    assert winners("approval", replace(ABC, seats=2), {(0, 1): 3, (1, 2): 2, (): 9}) == ["Bo", "Ana"]
    assert winners("score", ABC, {((0, 5), (1, 4)): 1, ((1, Fraction(3, 2)),): 1}) == ["Bo"]
    dots = replace(ABC, most=5)
    assert winners("dots", dots, {((0, 5),): 1, ((1, 3), (2, 2)): 1, ((2, 9),): 4}) == ["Ana"]
    assert "more than 5 dots on one ballot: 4" in said(count("dots", dots, {((0, 5),): 1, ((2, 9),): 4}))
    assert problems_of("dots", ABC)
    borda = count("borda-modified", ABC, {(0,): 10, (1, 2, 0): 4})
    assert borda.rounds[0].votes == {0: 14, 1: 12, 2: 8}  # ranking only Ana gives her one point, not three


def test_a_withdrawn_candidate_is_passed_over_and_takes_no_points():
    gone = replace(ABC, withdrawn=frozenset({0}))
    assert winners("irv", gone, {(0, 2): 3, (1,): 2}) == ["Cy"]
    assert count("borda-modified", gone, {(0, 1, 2): 1}).rounds[0].votes == {1: 2, 2: 1}
    for method in ("stv-scottish", "stv-meek"):
        assert winners(method, gone, {(0, 2): 3, (1,): 2}) == ["Cy"]


def test_instant_runoff_tells_each_round():
    found = count("irv", ABC, {(0, 2): 4, (1, 0): 3, (2,): 1, (2, 1): 1})
    assert [dict(each.votes) for each in found.rounds] == [{0: 4, 1: 3, 2: 2}, {0: 4, 1: 4}, {0: 7}]
    assert (found.rounds[1].exhausted, found.rounds[1].excluded, found.rounds[1].moved_to) == (1, (2,), {1: 1})
    assert "Bo had the fewest of them" in said(found), "equal in round 2, and Bo had fewer in round 1"
    assert problems_of("irv", replace(ABC, seats=2))


def test_scottish_transfers_cut_off_after_five_decimals():
    found = count("stv-scottish", replace(ABC, seats=2), {(0, 1): 5, (0, 2): 2, (0,): 2, (1,): 1, (2,): 2})
    # quota 12 // 3 + 1 = 5; surplus 4 of 9: each paper 0.44444, five to Bo, two to Cy, two to nobody
    transfer = found.rounds[1]
    assert transfer.quota == 5
    assert transfer.moved_to == {1: Fraction("2.22220"), 2: Fraction("0.88888")}
    assert (transfer.exhausted, transfer.rounded_away) == (Fraction("0.88888"), Fraction("0.00004"))
    assert sum(transfer.votes.values()) + transfer.exhausted + transfer.rounded_away == 12
    assert found.winners == (0, 1)


@pytest.mark.parametrize("method", ["stv-scottish", "stv-meek"])
def test_the_hare_quota_needs_more(method):
    ballots = {(0, 1): 6, (2,): 3}
    droop, hare = (count(method, replace(ABC, seats=2, quota=quota), ballots) for quota in ("droop", "hare"))
    assert droop.rounds[0].quota < hare.rounds[0].quota == Fraction(9, 2)
    assert problems_of(method, replace(ABC, quota="imperiali"))


def test_a_tie_goes_to_the_stated_list_whoever_comes_first_in_the_file():
    ballots = {(0,): 2, (1,): 2, (2,): 1}
    assert winners("irv", ABC, ballots) == ["Ana"]
    assert winners("irv", replace(ABC, order=(1, 0, 2)), ballots) == ["Bo"]
    assert "standing last in the list for ties" in said(count("irv", ABC, ballots))
    assert problems_of("irv", replace(ABC, order=(1, 0)))


@pytest.mark.parametrize("method", ["irv", "stv-scottish", "stv-meek", "approval", "borda-modified"])
def test_the_chair_decides_and_the_count_waits_for_it(method):
    ballots = {(0,): 2, (1,): 2}
    asked = replace(ABC, tie="chair", withdrawn=frozenset({2}), earlier_rounds=False)
    waiting = count(method, asked, ballots)
    assert waiting.open_tie.candidates == (0, 1) and not waiting.winners
    decided = [count(method, replace(asked, chair=(c,)), ballots) for c in (0, 1)]
    assert {each.winners for each in decided} == {(0,), (1,)} and "The chair decided" in said(decided[0])
    assert count(method, replace(asked, chair=(2,)), ballots).open_tie, "nobody who is not tied can be chosen"


def test_counting_twice_and_in_another_order_gives_the_same():
    ballots = {(0, 1): 5, (1, 2): 5, (2, 0): 5, (1,): 3, (2, 1): 3}
    turned = dict(reversed(ballots.items()))
    for method in ("stv-scottish", "stv-meek", "borda-modified"):
        assert count(method, replace(ABC, seats=2), ballots) == count(method, replace(ABC, seats=2), turned)


FIVE = Contest(("Ana", "Bo", "Cy", "Dee", "Eli"), 2, reserved=(Reserved("women", frozenset({0, 3}), 1),))


@pytest.mark.parametrize(
    ("method", "ballots"),
    [
        ("approval", {(1, 2): 9, (3,): 2, (0,): 1}),
        ("borda-modified", {(1, 2): 9, (3,): 2, (0,): 1}),
        ("score", {((1, 9), (2, 8)): 1, ((3, 2), (0, 1)): 1}),
        ("stv-scottish", {(1, 2): 9, (2, 1): 8, (3,): 2, (0,): 1}),
        ("stv-meek", {(1, 2): 9, (2, 1): 8, (3,): 2, (0,): 1}),
    ],
)
def test_reserved_seats_are_filled_by_the_group(method, ballots):
    found = count(method, FIVE, ballots)
    assert found.winners == (1, 3), "Bo first; then Cy can no longer be elected, and Dee has more than Ana"
    assert "can no longer be elected: the seats that are left are reserved (women ≥ 1)" in said(found)
    assert count(method, replace(FIVE, reserved=()), ballots).winners == (1, 2)


@pytest.mark.parametrize("method", ["stv-scottish", "stv-meek"])
def test_whom_a_reserved_seat_needs_is_not_excluded(method):
    only = replace(FIVE, reserved=(Reserved("women", frozenset({0}), 1),))
    found = count(method, only, {(1,): 6, (2,): 5, (3,): 4, (4,): 3, (0,): 1})
    assert 0 in found.winners and "Ana" in said(found) and "stay, since reserved seats need them" in said(found)


def test_somebody_may_count_for_two_groups():
    women, color = Reserved("women", frozenset({0, 1}), 1), Reserved("people of color", frozenset({1, 2}), 1)
    contest = Contest(("Ana", "Bo", "Cy", "Dee"), 1, reserved=(women, color))
    assert Seats(contest).can_fill((), range(4)) and not Seats(contest).can_fill((), (0, 2, 3))
    assert winners("approval", contest, {(0, 2, 3): 5, (1,): 1}) == ["Bo"]


def test_reserved_seats_that_cannot_be_filled_are_refused_before():
    for reserved in (
        Reserved("women", frozenset({0}), 2),
        Reserved("women", frozenset(range(5)), 3),
    ):
        assert problems_of("stv-scottish", replace(FIVE, reserved=(reserved,)))
    apart = (Reserved("women", frozenset({0, 1}), 2), Reserved("youth", frozenset({2, 3}), 1))
    assert "together cannot be filled" in " ".join(map(str, problems_of("approval", replace(FIVE, reserved=apart))))


PARKS = Contest(("Park", "Pool", "Bus", "Tree"), 4, costs=tuple(map(Fraction, (60, 50, 40, 10))), budget=Fraction(100))


def test_a_budget_by_votes_passes_over_what_no_longer_fits():
    found = count("budget-votes", PARKS, {((0, 1), (1, 1)): 5, ((1, 1),): 1, ((2, 1),): 4, ((3, 1),): 1})
    assert found.winners == (1, 2, 3), "Pool 50, then Park does not fit, Bus 40, Tree 10"
    assert "50 is left, so it is passed over" in said(found)
    assert problems_of("budget-votes", ABC) and problems_of("equal-shares", replace(PARKS, completion="somehow"))


def test_equal_shares_pays_a_minority_its_part_and_then_completes():
    ballots = {((0, 1), (1, 1)): 6, ((2, 1),): 4}  # shares of 10: six have 60, four have 40
    assert count("equal-shares", replace(PARKS, completion="none"), ballots).winners == (0, 2)
    assert count("budget-votes", PARKS, ballots).winners == (0, 2)
    lonely = {((0, 1),): 9, ((3, 1),): 1}
    assert count("equal-shares", replace(PARKS, completion="none"), lonely).winners == (0, 3)
    found = count("equal-shares", replace(PARKS, completion="by_votes"), {((1, 1),): 3, ((0, 1),): 3, ((2, 1),): 2})
    assert found.winners == (0, 2), "no purses pay alone: Park by the list for ties, then what still fits"


def test_growing_shares_stop_before_the_budget_breaks():
    contest = replace(PARKS, completion="add_one")
    found = count("equal-shares", contest, {((1, 1),): 3, ((2, 1),): 3, ((0, 1),): 4})
    assert sum(contest.costs[p] for p in found.winners) <= contest.budget and found.winners
    nobody = replace(contest, costs=tuple(map(Fraction, (60, 50, 40, 1))))
    assert count("equal-shares", nobody, {((0, 1),): 2}).winners == (0,), "a project that nobody wants ends the growing"
    assert problems_of("equal-shares", replace(contest, tie="chair"))


def test_amounts_are_written_exactly():
    assert [amount(Fraction(n)) for n in ("12", "927.98248", "1/8", "-1/2", "2/3")] == ["12", "927.98248", "0.125", "-0.5", "2/3"]
    assert amount(Fraction(1400, 3)) == "466 2/3"
