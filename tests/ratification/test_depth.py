"""Rules as data: groups, mandates, quorums and conditions together. Two counters that share no code agree, and each change of a new part is found."""

import copy
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.ratification.rules import board as boards
from crm.ratification.rules import states
from crm.ratification.rules.quorums import Votes, explain_quorums
from crm.ratification.rules.reports import report, rule_in_words, rule_lines
from crm.ratification.rules.tally import asks_present, tally
from crm.ratification.verify import check_board
from tests.factories import MONDAY
from tests.ratification.test_verify import KEY, again, hexed, rule, sign

pytestmark = pytest.mark.one_database

ANSWERS = ("yes", "no", "abstain")
GROUPS = ("participant", "official")


def group(key, ballots, size, present=None, enough=None, **more):
    """A secret group of (rule, part, votes); few ballots are sealed."""
    frozen = rule("members", "11" * 32, size) | {"kind": "participants", "key": key, "name": {"en": key}, "left_out": {"observer": 1}} | more
    rows = [{"plank": 1, "tracker": boards.tracker_of("p", 1, f"{n:032x}", key), "choice": c} for n, c in enumerate(ballots)]
    sealed = len(ballots) < 10
    part = {"kind": "participants", "key": key, "sealed": sealed, "bits": len(ballots), "roll": [], "roll_call": [],
            "ballots": [] if sealed else sorted(rows, key=lambda b: b["tracker"]),
            "counts": {"1": {c: list(ballots).count(c) for c in ANSWERS}} if sealed else None}
    part |= ({"present": present} if present is not None else {}) | ({"enough_organizations": enough} if enough is not None else {})
    return frozen, part, Votes(len(ballots), size, {1: list(ballots)}, present=present, organizations=enough)


def open_group(key, ballots, size, present=None, enough=None, **more):
    """The same ballots cast openly: by seat, on a published roll without names."""
    frozen, part, votes = group(key, ballots, size, present, enough, **more)
    roll = [{"seat": seat, "name": "", "mark": f"{seat:032x}"} for seat in range(size)]
    call = [{"seat": seat, "plank": 1, "choice": c, "reason": "", "by": "", "version": 1, "at": ""} for seat, c in enumerate(ballots)]
    part |= {"sealed": False, "bits": None, "ballots": [], "counts": None, "roll": roll, "roll_call": call}
    return frozen | {"secret": False, "roll_sha256": boards.digest(roll)}, part, votes


def together(groups, **more):
    frozen = rule("members", "", sum(frozen["roll_size"] for frozen, _part, _votes in groups)) | {
        "kind": "together", "of": [frozen["key"] for frozen, _part, _votes in groups]} | more
    return frozen, {"kind": "together", "sealed": False, "bits": None, "ballots": [], "counts": None, "roll": [], "roll_call": []}, None


def weighted(held, said, **more):
    """A roll call in mandates: what each seat holds, and what some of them said: a word or a split."""
    roll = [{"seat": n, "name": f"Local {n}", "mandates": held} for n, held in enumerate(held)]
    frozen = rule("organizations", boards.digest(roll), len(roll)) | {"mandates": sum(held)} | more
    call = [{"seat": seat, "plank": 1, "choice": "split" if isinstance(words, dict) else words, "reason": "", "by": "x"}
            | ({"mandates": words} if isinstance(words, dict) else {}) for seat, words in sorted(said.items())]
    counts = dict.fromkeys(ANSWERS, 0)
    for seat, words in said.items():
        for answer, n in (words if isinstance(words, dict) else {words: held[seat]}).items():
            counts[answer] += n
    part = {"kind": "organizations", "sealed": False, "bits": None, "ballots": [], "counts": None, "roll": roll, "roll_call": call}
    cast = sum(held[seat] for seat in said)
    return frozen, part, Votes(cast, sum(held), {1: counts}, organizations=len(said), seats=(len(held), len(said)))


def board_of(*electorates):
    manifest = {
        "format": boards.MANIFEST_FORMAT, "owner": "Common Table", "title": {"en": "Ratify"}, "server_key": hexed(KEY),
        "edition": {"number": 1, "sha256": "00", "authentic": "en"}, "planks": [{"number": 1, "titles": {"en": "1"}}],
        "electorates": [frozen for frozen, _part, _votes in electorates],
    }
    votes = {frozen.get("key", frozen["kind"]): cast for frozen, _part, cast in electorates if cast is not None}
    return sign({
        "format": boards.BOARD_FORMAT, "poll_id": boards.digest(manifest), "manifest": manifest, "corrections": [],
        "result": tally(manifest, votes), "electorates": [part for _frozen, part, _votes in electorates],
    })


def whole():
    """One board with everything: two groups, together, a weighted roll call, more quorums and conditions."""
    residents = group("participant", ["yes"] * 26 + ["no"] * 10 + ["abstain"] * 4, 45, present=38, enough=True, quorums=[
        {"of": "attending", "share": "2/3"}, {"of": "present", "share": "1/2"}, {"of": "organizations", "least": 3}])
    officials = group("official", ["yes"] * 5 + ["no"] * 4, 15, present=9)
    all_of_them = together([residents, officials], threshold="1/2", strictness="more_than", basis="cast", conditions=[
        {"threshold": "1/2", "strictness": "at_least", "basis": "roll"}, {"threshold": "3/5", "strictness": "more_than", "basis": "present"}])
    call = weighted([100, 40, 7], {0: {"yes": 70, "no": 30}, 1: "yes"}, quorums=[{"of": "organizations", "least": 2}])
    return board_of(officials, call, residents, all_of_them)


def mixed():
    """Residents in secret, officials by roll call, each counted apart and both together."""
    residents = group("participant", ["yes"] * 20 + ["no"] * 5, 30)
    officials = open_group("official", ["yes"] * 4 + ["no"], 6)
    return board_of(officials, residents, together([officials, residents]))


def test_a_secret_group_and_an_open_one_are_counted_apart_and_together():
    board = mixed()
    verdict, by_key = check_board(board), {e["key"] if "key" in e else e["kind"]: e for e in board["result"]["electorates"]}
    assert verdict.is_right, verdict.problems
    assert by_key["together"]["planks"][0]["counts"] == {"yes": 24, "no": 6, "abstain": 0} and board["result"]["ratified"] == [1]


MIXED_UP = {
    "a secret group that is listed by seat": lambda b: part_of(b, "participant").update(
        roll_call=[{"seat": 0, "plank": 1, "choice": "yes", "reason": "", "by": "", "version": 1, "at": ""}]),
    "an open group with ballots nobody signed for": lambda b: part_of(b, "official").update(ballots=part_of(b, "participant")["ballots"][:1]),
    "an open vote turned": lambda b: part_of(b, "official")["roll_call"][0].update(choice="no"),
    "an open seat counted twice": lambda b: part_of(b, "official")["roll_call"].append(part_of(b, "official")["roll_call"][0]),
    "an open group said to be secret, with its hash": lambda b: (frozen_of(b, "official").update(secret=True), again(b)),
    "more open votes than were cast": lambda b: result_of(b, "official").update(cast=6),
    "more of all together than were cast": lambda b: result_of(b, "together").update(cast=31),
}


@pytest.mark.parametrize("name", MIXED_UP)
def test_each_change_of_mixed_groups_is_noticed(name):
    board = mixed()
    MIXED_UP[name](board)
    assert check_board(sign(board)).problems, name


def test_everything_at_once_holds_and_is_said_in_words():
    board = whole()
    verdict = check_board(board)
    assert verdict.is_right, verdict.problems
    by_key = {e.get("key", e["kind"]): e for e in board["result"]["electorates"]}
    assert by_key["together"]["cast"] == 49 and by_key["together"]["planks"][0]["counts"] == {"yes": 31, "no": 14, "abstain": 4}
    assert by_key["organizations"]["cast"] == 140 and by_key["organizations"]["organizations"] == {"roll": 3, "cast": 2}
    assert by_key["organizations"]["planks"][0]["counts"] == {"yes": 110, "no": 30, "abstain": 0}
    assert not by_key["official"]["planks"][0]["is_adopted"] and board["result"]["ratified"] == [], "5 of 9 are not two thirds"
    said = " ".join(str(line) for part in report(board["manifest"], board["result"], "en")[0].parts for line in part.reasons)
    assert "On the roll: 60. 1/2 of 60 is 30. The rule says at least that many, so yes needs 30. Yes has 31: enough." in said
    assert "Checked in: 47. 3/5 of 47 is 28 1/5. The rule says more than that, so yes needs 29." in said and "Every condition is met." in said
    quorums = " ".join(map(str, explain_quorums(by_key["participant"])))
    assert "30 of the roll had to be checked in; 38 were: met." in quorums and "From how many more is not told" in quorums
    asked = " ".join(str(line) for frozen in board["manifest"]["electorates"] for line in (rule_in_words(frozen), *rule_lines(frozen)))
    for words in ("At least half of the whole roll must vote yes as well.", "Counted in mandates, 147 in all", "at least 3 organizations", "role of Observer"):
        assert words in asked, words


def part_of(board, key):
    return next(part for part in board["electorates"] if part.get("key", part["kind"]) == key)


def result_of(board, key):
    return next(part for part in board["result"]["electorates"] if part.get("key", part["kind"]) == key)


def frozen_of(board, key):
    return next(e for e in board["manifest"]["electorates"] if e.get("key", e["kind"]) == key)


def exchange(one, other):
    one["key"], other["key"] = other["key"], one["key"]


TAMPERINGS = {
    "a split moved": lambda b: part_of(b, "organizations")["roll_call"][0]["mandates"].update(yes=60, no=40),
    "a split that grows": lambda b: part_of(b, "organizations")["roll_call"][0]["mandates"].update(yes=170),
    "a split into parts": lambda b: part_of(b, "organizations")["roll_call"][0]["mandates"].update(yes=69.5, no=30.5),
    "a split below nothing": lambda b: part_of(b, "organizations")["roll_call"][0]["mandates"].update(yes=130, no=-30),
    "a split by a seat that said yes": lambda b: part_of(b, "organizations")["roll_call"][1].update(mandates={"no": 40}),
    "mandates on the roll": lambda b: part_of(b, "organizations")["roll"][1].update(mandates=400),
    "a roll without mandates": lambda b: part_of(b, "organizations")["roll"][1].pop("mandates"),
    "organizations in the result": lambda b: result_of(b, "organizations")["organizations"].update(cast=3),
    "more people checked in than on the roll": lambda b: part_of(b, "participant").update(present=50),
    "fewer people checked in": lambda b: part_of(b, "participant").update(present=20),
    "enough organizations": lambda b: part_of(b, "participant").update(enough_organizations=False),
    "enough organizations left out": lambda b: part_of(b, "participant").pop("enough_organizations"),
    "enough organizations where nobody asked": lambda b: part_of(b, "official").update(enough_organizations=True),
    "a quorum in the result": lambda b: result_of(b, "participant")["quorum"]["more"][0].update(needed=1),
    "a condition in the result": lambda b: result_of(b, "together")["planks"][0]["conditions"][0].update(base=10),
    "a condition dropped from the result": lambda b: result_of(b, "together")["planks"][0].pop("conditions"),
    "the groups exchanged": lambda b: exchange(part_of(b, "official"), part_of(b, "participant")),
    "a group named twice": lambda b: part_of(b, "official").update(key="participant"),
    "ballots beside the groups": lambda b: part_of(b, "together").update(bits=3),
    "a count of all together": lambda b: result_of(b, "together")["planks"][0]["counts"].update(yes=32),
    "a rule that no longer decides, with its hash": lambda b: (frozen_of(b, "official").update(decides=False), again(b)),
    "a condition taken out of the rule, with its hash": lambda b: (frozen_of(b, "together")["conditions"].pop(), again(b)),
    "a group taken out of all together, with its hash": lambda b: (frozen_of(b, "together")["of"].pop(), again(b)),
    "a group counted that is not there, with its hash": lambda b: (frozen_of(b, "together")["of"].append("ghosts"), again(b)),
    "a sealed count": lambda b: part_of(b, "official")["counts"]["1"].update(yes=6, no=3),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_each_change_of_a_new_part_is_noticed_even_if_signed_afresh(name):
    board = whole()
    result = copy.deepcopy(board["result"])
    TAMPERINGS[name](board)
    if "with its hash" in name:
        board["result"] = result  # a whole forged manifest has another poll id, which every receipt tells; here the result gives it away
    verdict = check_board(sign(board))
    assert not verdict.is_right and verdict.problems, name


CHOICES_MADE = st.lists(st.sampled_from(ANSWERS), max_size=14)
SHARES = st.sampled_from(["1/2", "2/3", "3/5", "1/3", "1"])
BASES = ["yes_and_no", "cast", "present", "roll"]


@st.composite
def condition(draw):
    share, strictness = draw(SHARES), draw(st.sampled_from(["at_least", "more_than"]))
    return {"threshold": share, "strictness": "at_least" if share == "1" else strictness, "basis": draw(st.sampled_from(BASES))}


@st.composite
def depth(draw):
    """What a rule asks, and what the server says beside it."""
    quorums = draw(st.lists(st.sampled_from([
        {"of": "present", "share": "1/2"}, {"of": "attending", "share": "1/3"}, {"of": "organizations", "least": 2}]), unique_by=lambda q: q["of"], max_size=3))
    return draw(condition()) | {
        "quorum": draw(st.sampled_from(["0", "1/2", "1/3"])), "tie": draw(st.sampled_from(["fails", "passes"])),
        "quorums": quorums, "conditions": draw(st.lists(condition(), max_size=2))}


@st.composite
def any_board(draw):
    asked = {key: draw(depth()) for key in (*GROUPS, "together")}
    asked["together"]["quorums"] = [q for q in asked["together"]["quorums"] if q["of"] != "organizations"]
    made = []
    for key in GROUPS:
        ballots = draw(CHOICES_MADE)
        size = len(ballots) + draw(st.integers(0, 8))
        at_door = asks_present(asked[key]) or asks_present(asked["together"])
        enough = len(ballots) > 1 and draw(st.booleans()) if any(q["of"] == "organizations" for q in asked[key]["quorums"]) else None
        kind, there = draw(st.sampled_from([group, open_group])), draw(st.integers(0, size)) if at_door else None
        made.append(kind(key, ballots, size, there, enough, **asked[key], decides=draw(st.booleans())))
    held = draw(st.lists(st.integers(1, 90), min_size=1, max_size=5))
    said = {}
    for seat in draw(st.sets(st.integers(0, len(held) - 1))):
        yes = draw(st.integers(0, held[seat]))
        said[seat] = draw(st.sampled_from([*ANSWERS, {"yes": yes, "no": held[seat] - yes, "abstain": 0}]))
    mandates = draw(depth())
    mandates |= {"basis": "roll" if mandates["basis"] == "present" else mandates["basis"],
                 "quorums": [q for q in mandates["quorums"] if q["of"] == "organizations"],
                 "conditions": [c for c in mandates["conditions"] if c["basis"] != "present"]}
    return board_of(*made, together(made, **asked["together"]), weighted(held, said, **mandates))


@settings(max_examples=200, deadline=None)
@given(any_board())
def test_two_counters_agree_on_any_rule_and_any_vote(board):
    verdict = check_board(board)
    assert verdict.is_right, verdict.problems


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.lists(condition(), min_size=1, max_size=3))
def test_one_more_yes_never_loses_and_one_more_condition_never_wins(yes, no, roll, conditions):
    """Exactly, with no rounding: what passes passes with one more yes for one no; what fails by one condition fails by more."""
    def adopted(yes, no, conditions):
        frozen = rule("members", "", 200) | conditions[0] | {"conditions": conditions[1:], "tie": "fails", "key": "g"}
        votes = {"g": Votes(yes + no, 200, {1: ["yes"] * yes + ["no"] * no}, present=roll)}
        return tally({"planks": [{"number": 1}], "electorates": [frozen]}, votes)["electorates"][0]["planks"][0]["is_adopted"]

    if no and adopted(yes, no, conditions):
        assert adopted(yes + 1, no - 1, conditions)
    if not adopted(yes, no, conditions[:1]):
        assert not adopted(yes, no, conditions)


@pytest.mark.parametrize(("strictness", "passes"), [("at_least", True), ("more_than", False)])
@pytest.mark.parametrize("basis", BASES)
def test_exactly_200_of_300_at_two_thirds(strictness, passes, basis):
    """At least and more than are different rules, whatever the share is of; in votes, and in mandates."""
    abstain = ["abstain"] * 100 if basis != "yes_and_no" else ["no"] * 100
    asked = {"quorum": "0", "threshold": "2/3", "strictness": strictness, "basis": basis}
    board = board_of(group("participant", ["yes"] * 200 + abstain, 300, 300 if basis == "present" else None, **asked))
    assert (board["result"]["ratified"] == [1]) is passes and check_board(board).is_right
    if basis != "present":
        board = board_of(weighted([150, 150], {0: "yes", 1: {"yes": 50, "no": 100} if basis == "yes_and_no" else {"yes": 50, "abstain": 100}}, **asked))
        assert (board["result"]["ratified"] == [1]) is passes and check_board(board).is_right


def test_where_nobody_was_checked_in_no_share_of_them_is_enough():
    board = board_of(group("participant", ["yes"] * 12, 20, 0, quorum="0", basis="present", quorums=[{"of": "present", "share": "1/2"}]))
    row = board["result"]["electorates"][0]
    assert not row["planks"][0]["is_adopted"] and not row["quorum"]["is_met"] and check_board(board).is_right


def test_a_board_from_before_has_no_keys_and_still_holds():
    from tests.ratification.test_verify import make_board

    board = make_board(strikes=(1, 2))
    assert not any("key" in part for part in (*board["electorates"], *board["result"]["electorates"], *board["manifest"]["electorates"]))
    assert check_board(board).is_right


def plain(kind="participants", **more):
    return {"kind": kind, "assembly_id": 1, "role": None, "is_deciding": True, "quorum": "1/2", "quorums": [], "threshold": "2/3", "strictness": "at_least",
            "basis": "yes_and_no", "conditions": [], "method": "yes_no_abstain", "contest": None, "is_secret": True, "on_day": None, "joined_by": None} | more


@pytest.mark.parametrize(("electorates", "words"), [
    ([plain(), plain("members", assembly_id=None)], "do not vote in one vote"),
    ([plain(role="official"), plain(role="official")], "do not vote in one vote"),
    ([plain(role="official"), plain(role="participant", assembly_id=2)], "do not vote in one vote"),
    ([plain(role="official", is_deciding=False), plain(role="participant", is_deciding=False)], "Nothing decides"),
    ([plain(), plain("together", assembly_id=None)], "nothing to count together"),
    ([plain("members", assembly_id=None, basis="present")], "knows who was checked in"),
    ([plain("organizations", assembly_id=None, quorums=[{"of": "present", "share": "1/2"}])], "knows who was checked in"),
    ([plain(quorums=[{"of": "attending", "share": "many"}])], "quorum of the room as a share"),
    ([plain(quorums=[{"of": "organizations", "least": 0}])], "a whole number from 1 on"),
    ([plain(conditions=[{"threshold": "0", "strictness": "at_least", "basis": "roll"}])], "Write the threshold as a share"),
    ([plain(conditions=[{"threshold": "1", "strictness": "more_than", "basis": "roll"}])], "Nothing can be more than all"),
    ([plain("members", assembly_id=None, on_day=date(2026, 9, 1), joined_by=date(2026, 10, 1))], "became a member before it"),
])
def test_a_rule_that_cannot_be_held_is_said(electorates, words):
    assert any(words in str(issue) for issue in states.issues_in_rules(electorates, 1))


def test_two_groups_of_one_assembly_are_no_problem_and_a_day_ahead_is_one():
    groups = [plain(role="official"), plain(role="participant"), plain("together", assembly_id=None), plain("organizations", assembly_id=None)]
    assert states.issues_in_rules(groups, 1) == []
    ahead = plain("members", assembly_id=None, on_day=MONDAY.date() + timedelta(days=2))
    plank = {"number": 1, "titles": {"en": "1"}, "texts": {"en": "1"}}
    plan = states.Plan([plank], ["en"], True, MONDAY, MONDAY + timedelta(days=1), [ahead], 1)
    assert ["lies ahead" in str(issue) for issue in states.issues_before_opening(plan, MONDAY)] == [True]
