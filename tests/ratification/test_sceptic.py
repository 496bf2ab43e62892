"""The second verifier in docs/: it agrees with the first on every board there is, and on every board that was changed."""

import importlib.util
import json
import random
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from crm.ratification.rules.contests import count_contest, issues_in_contest, write_marks
from tests.factories import MONDAY
from tests.ratification import test_depth as depth
from tests.ratification import test_verify as first
from tests.ratification.halls import cast_many, close, links, make_members, open_vote, seats
from tests.ratification.test_paper import YES_NO, batch, finish, hand_out
from tests.ratification.test_tellers import poll_of

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_board.py"
BESIDE, BUDGETS = SCRIPT.with_name("verify_contests.py"), SCRIPT.with_name("verify_budgets.py")


def loaded(path=SCRIPT):
    """A script as a module, with what lies beside it in reach, as when Python runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(SCRIPT.parent)
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


def second(board, lists=()):
    """0 or 1, and what it prints."""
    return loaded().main(board, lists)


@pytest.mark.parametrize("script", [SCRIPT, BESIDE, BUDGETS])
def test_it_is_short_and_leans_on_nothing_of_plenary(script):
    text = script.read_text()
    assert len(text.splitlines()) <= 150 and max(map(len, text.splitlines())) <= 160
    assert "import crm" not in text and "from crm" not in text


def test_it_says_yes_to_a_board_that_was_voted(client, world, clock, tmp_path):
    make_members(world, "southbank", 12)
    vote = open_vote(world)
    cast_many(client, links(world, vote, 12), [{1: "yes", 2: "no", 3: "abstain"}] * 12)
    clock.now += timedelta(days=3)
    close(world, vote, clock.now)
    file = tmp_path / "board.json"
    file.write_bytes(client.get(f"/board/{poll_of(world, vote)}.json").data)
    run = subprocess.run([sys.executable, "-I", SCRIPT, file], capture_output=True, text=True)
    assert run.returncode == 0 and run.stdout.startswith("Yes."), run.stdout + run.stderr
    changed = json.loads(file.read_text())
    changed["electorates"][0]["ballots"][0]["choice"] = "no"
    file.write_text(json.dumps(changed))
    run = subprocess.run([sys.executable, "-I", SCRIPT, file], capture_output=True, text=True)
    assert run.returncode == 1 and "does not fit this board" in run.stdout


def test_a_reserved_seat_is_counted_and_without_the_file_beside_it_that_is_said(monkeypatch):
    """By approvals alone 1 and 2 would win; the board has 1 and 3, who sits on a reserved seat."""
    part = {"sealed": False, "ballots": [{"plank": 1, "choice": "1:1 2:1"}] * 10 + [{"plank": 1, "choice": "3:1"}]}
    contest = {"options": [{}] * 3, "seats": 2, "most": None, "reserved": [{"group": {"en": "Women"}, "at_least": 1, "members": [3]}]}
    rule, said = {"method": "approval", "contest": contest}, {"winners": [1, 3], "is_adopted": True}
    module = loaded()
    module.check_contest(rule, part, 1, said)
    assert module.wrong == [] and module.notes == []
    module.check_contest({**rule, "contest": {**contest, "reserved": []}}, part, 1, said)
    assert "the winners are [1, 2]" in module.wrong.pop()
    module.check_contest(rule, {**part, "sealed": True}, 1, said)
    assert module.wrong == [] and "were not counted here" in module.notes.pop()
    monkeypatch.setattr(module, "winners_of", None)
    module.check_contest(rule, part, 1, said)
    assert module.wrong == [] and "were not counted here" in module.notes.pop()


@pytest.mark.parametrize(("method", "choice"), [
    ("stv-meek", "1:2 2:3"), ("irv", "1:1 2:1"), ("approval", "1:1000"), ("score", "1:7"), ("dots", "1:4 2:4"), ("score", "1:-1"), ("irv", "9:1"),
])
def test_a_ballot_that_is_none_of_this_vote_ends_the_count(method, choice):
    with pytest.raises(SystemExit, match="is no ballot of this vote"):
        loaded(BESIDE).winners_of({"method": method, "contest": {"options": [{}] * 3, "seats": 1, "most": 6}}, ["abstain", choice])


CONTESTS = ("irv", "stv-scottish", "stv-meek", "approval", "score", "dots", "borda-modified")


def any_contest(luck):
    """A rule between options with seats for groups that can be filled, and its ballots: few kinds of them, so that votes are often equal."""
    method, size = luck.choice(CONTESTS), luck.randint(2, luck.choice([4, 8, 12]))
    seats = 1 if method == "irv" else luck.randint(1, size)
    groups = [sorted(luck.sample(range(1, size + 1), luck.randint(1, size))) for _n in range(luck.randint(0, 4))]
    reserved = [{"group": {"en": f"{n}"}, "members": each, "at_least": luck.randint(1, min(seats, len(each)))} for n, each in enumerate(groups)]
    rule = {"method": method, "is_secret": True, "contest": {
        "options": [{"en": str(n)} for n in range(size)], "seats": seats, "most": 12, "reserved": [] if method == "irv" else reserved}}
    kinds = [luck.sample(range(1, size + 1), luck.randint(0, size)) for _n in range(luck.choice([2, 5, 40]))]
    worth = {"approval": lambda _rank: 1, "dots": lambda _rank: 1, "score": lambda _rank: luck.randint(1, 12)}.get(method, lambda rank: rank)
    ballots = [luck.choice(kinds) for _n in range(luck.randint(1, luck.choice([3, 30, 120])))]
    return rule, [write_marks({option: worth(rank) for rank, option in enumerate(each, 1)}) if each else "abstain" for each in ballots]


@pytest.mark.parametrize("times", [150, pytest.param(5000, marks=pytest.mark.long)])
def test_it_elects_whom_the_count_elects(times):
    luck, winners_of, moved = random.Random(times), loaded(BESIDE).winners_of, 0
    for _n in range(times):
        rule, choices = any_contest(luck)
        if not issues_in_contest(rule, len(rule["contest"]["options"]), ()):
            winners = winners_of(rule, choices)
            assert winners == count_contest(rule, 1, choices)["winners"], (rule, choices)
            moved += winners != winners_of({**rule, "contest": {**rule["contest"], "reserved": []}}, choices)
    assert moved > times / 50, "reserved seats hardly mattered"


COMPLETIONS = ("by_votes", "add_one", "none")


def any_budget(luck):
    """A budget and its ballots: costs of which few fit, prices and purses that are often equal."""
    size, money = luck.randint(1, luck.choice([3, 8, 15])), luck.choice(["7", "100", "99.50", "1000"])
    costs = [f"{luck.randint(1, int(float(money) * 0.7))}{luck.choice(['', '', '.25'])}" for _n in range(size)]
    rule = {"method": luck.choice(["budget-votes", "equal-shares", "equal-shares"]), "is_secret": True, "contest": {
        "options": [{"en": str(n)} for n in range(size)], "seats": size, "most": None, "budget": money, "costs": costs,
        "completion": luck.choice(COMPLETIONS)}}
    kinds = [luck.sample(range(1, size + 1), luck.randint(0, size)) for _n in range(luck.choice([1, 4, 20]))]
    ballots = [luck.choice(kinds) for _n in range(luck.randint(1, luck.choice([3, 20, 60])))]
    return rule, [write_marks(dict.fromkeys(each, 1)) if each else "abstain" for each in ballots]


@pytest.mark.parametrize("times", [150, pytest.param(2000, marks=pytest.mark.long)])
def test_it_funds_what_the_count_funds(times, monkeypatch):
    luck, module, moved = random.Random(times), loaded(BESIDE), 0
    for _n in range(times):
        rule, choices = any_budget(luck)
        if not issues_in_contest(rule, len(rule["contest"]["options"]), ()):
            funded = [module.winners_of({**rule, "contest": {**rule["contest"], "completion": way}}, choices) for way in COMPLETIONS]
            assert count_contest(rule, 1, choices)["winners"] == funded[COMPLETIONS.index(rule["contest"]["completion"])], (rule, choices)
            moved += any(each != funded[0] for each in funded)
    assert moved > times / 50, "completions hardly mattered"
    monkeypatch.setattr(module, "fund", None)
    assert module.winners_of(rule, choices) is None


UNSEEN = {"a note on a ballot", "quorum met in the result", "counts beside the list", "a named vote in secret", "another format", "sealed to hide"}
"""What only the first verifier looks at: forms that change no outcome."""


def test_whole_boards_hold():
    for board in (first.make_board(), first.make_board({1: ["yes"] * 3, 2: ["no"] * 3}, size=10), first.make_board(strikes=(3, 5))):
        assert second(board) == 0


@pytest.mark.parametrize("name", sorted(set(first.TAMPERINGS) - UNSEEN))
def test_each_change_is_noticed_even_if_signed_afresh(name):
    board = first.make_board()
    first.TAMPERINGS[name](board)
    if name == "the threshold, with its hash":
        board["result"] = first.make_board()["result"]
    with suppress(KeyError, TypeError, ValueError):  # what is not whole ends in an error, and never in a yes
        assert second(first.sign(board)) == 1, name


def test_the_two_verifiers_agree_at_the_edges():
    """Exactly two thirds passes where the rule says at least, and does not where it says more than."""
    for strictness in ("at_least", "more_than"):
        for yes in range(5, 12):
            board = first.make_board({1: ["yes"] * yes + ["no"] * (12 - yes), 2: ["abstain"] * 12}, strictness=strictness)
            assert second(board) == 0
            board["result"]["electorates"][0]["planks"][0]["is_adopted"] ^= True
            assert second(first.sign(board)) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(depth.any_board())
def test_it_follows_any_rule_and_any_vote(board):
    """Groups, mandates, quorums and conditions: it says yes to what is whole, and no once a plank is turned."""
    assert second(board) == 0
    row = board["result"]["electorates"][0]["planks"][0]
    row["is_adopted"] = not row["is_adopted"]
    assert second(first.sign(board)) == 1


@pytest.mark.parametrize("name", sorted(set(depth.MIXED_UP) - {"a secret group that is listed by seat", "an open group with ballots nobody signed for"}))
def test_each_change_of_mixed_groups_is_noticed(name):
    """The two that are left out change no count: what lies beside a group's own kind of ballot is read by nobody."""
    board = depth.mixed()
    assert second(board) == 0
    depth.MIXED_UP[name](board)
    with suppress(KeyError, TypeError, ValueError):
        assert second(first.sign(board)) == 1, name


def test_papers_that_did_not_come_back_are_no_ballots(client, world):
    make_members(world, "southbank", 13)
    vote = open_vote(world, **YES_NO)
    hand_out(world, vote, seats(world, vote)[:13])
    batch(world, vote, [{1: "yes"}] * 11)
    finish(world, vote)
    close(world, vote, MONDAY + timedelta(hours=49))
    board = json.loads(client.get(f"/board/{poll_of(world, vote)}.json").text)
    assert board["electorates"][0]["paper"] == {"issued": 13, "returned": 11, "spoiled": 0} and second(board) == 0
    board["electorates"][0]["paper"]["returned"] = 12
    assert second(first.sign(board)) == 1
