"""`plenary count`: files of ballots in three forms, what is wrong with them by line, and what comes out."""

import json
from fractions import Fraction

import pytest

from crm.cli import main
from crm.kernel.refusal import Refused
from crm.ratification.rules.ballot_files import read_ballot_file

pytestmark = pytest.mark.one_database
BLT = """\
# a branch
4 2
-4
[tie 3 2 1 4]
3 1 2 0
2 2 3 0 1 3 0  # two ballots on one line
(paper 7) 3 2=1 0
1 4 - 1 0
2 0
0
"Ana  \\"Nana\\" Ruiz" # first
"Bo"
"Cy" "Dee"
"Chair, 2026"
"""
PB = """\
META
key;value
budget;100
vote_type;approval
PROJECTS
project_id;cost;name
7;60;Park
8;50;"Pool; with shade"
9;40;Bus
VOTES
voter_id;vote
1;7,8
2;9
3;9,8
"""


def counted(capsys, path, *more):
    status = main(["count", str(path), *more, "--json"])
    out = capsys.readouterr()
    return status, json.loads(out.out), out.err


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
        return tmp_path / name

    return write


def test_blt_with_everything(write, capsys):
    file = read_ballot_file("x.blt", BLT, "ranking")
    assert file.contest.candidates == ('Ana "Nana" Ruiz', "Bo", "Cy", "Dee") and file.contest.title == "Chair, 2026"
    assert (file.contest.seats, file.contest.withdrawn, file.contest.order) == (2, {3}, (3, 0, 1, 2))
    assert dict(file.ballots) == {(0, 1): 3, (1, 2): 2, (2,): 2, (3, 0): 1, (): 2}
    assert "rank several alike: 1" in str(file.notes[0])
    status, told, _ = counted(capsys, write("x.blt", BLT), "--method", "stv-scottish")
    assert (status, told["winners"], told["seats"], told["ballots"]) == (0, ['Ana "Nana" Ruiz', "Bo"], 2, 10)
    assert told["rounds"][0]["votes"] == {'Ana "Nana" Ruiz': 4, "Bo": 2, "Cy": 2} and told["rounds"][0]["quota"] == 3
    assert told["rounds"][1]["transfers"] == {"from": ['Ana "Nana" Ruiz'], "to": {"Bo": 0.75}}
    assert told["rounds"][1]["exhausted"] == 0.25 and all(each["words"] for each in told["rounds"])


@pytest.mark.parametrize(
    "names",
    [
        '"Ana RUIZ" "Green Party"\n"Bo LEE" "Labour"\n"Ward 7"\n',
        '"""Ana RUIZ"" ""Green Party"" "\n"""Bo LEE"" ""Labour"" "\n"""Ward 7"" "\n',
        '"Grn ""Ana RUIZ"""\n"Lab ""Bo LEE"" "\nWard 7\n',
        '"Ana RUIZ" "Bo LEE" "Ward 7"\n',
        'Ana RUIZ\nBo LEE\nWard 7\n',
        '"Ana  RUIZ"\n"Bo LEE"\n"Ward 7"\n"counted by hand"\n',
    ],
)
def test_names_as_published_files_write_them(names):
    contest = read_ballot_file("x.blt", "2 1\n1 1 2 0\n0\n" + names, "ranking").contest
    assert (contest.candidates, contest.title) == (("Ana RUIZ", "Bo LEE"), "Ward 7")


def test_words_for_people(write, capsys):
    assert main(["count", str(write("x.blt", BLT)), "--method", "irv", "--seats", "1"]) == 0
    told = capsys.readouterr().out
    assert "Chair, 2026" in told and "Round 1" in told and "Elected, in order:" in told and '1. Ana "Nana" Ruiz' in told


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["The file is empty."]),
        ("hello\n", ["Line 1: Here the number of candidates and of seats is expected, like 9 4."]),
        ("2 1\n1 1 0\n", ["No line with a single 0", "Names of candidates: 0. There must be 2"]),
        (
            '2 1\n1 1 2\nx 1 0\n1 3 0\n1 1 1 0\n1.5 1 0\n1 ² 0\n0\n"A"\n',
            [
                "Line 2: This ballot does not end with a 0.", "Line 3: A ballot begins with", "Line 4: There is no candidate 3.",
                "Line 5: Candidate 1 is ranked twice.", "not 1.5", "There is no candidate ²", "Names of candidates: 1. There must be 2",
            ],
        ),
        ('2 1\n-3\n[tie 1]\n[nick a]\n1 1 0\n0\n"A"\n"B"\n', ["Line 2: There is no candidate 3.", "Line 3: The list for ties", "Line 4: Short names"]),
        ("99999999 1\n0\n", ["There must be at least one candidate"]),
    ],
)
def test_a_bad_blt_gives_all_its_problems(write, capsys, text, problems):
    status, told, words = counted(capsys, write("x.blt", text), "--method", "irv")
    assert status == 2
    for problem in problems:
        assert any(problem in line for line in told["problems"]) and problem in words, problem
    assert len(told["problems"]) >= len(problems)


def test_nothing_in_a_file_ends_in_a_traceback(write, capsys):
    for name, data in (("x.blt", b"\xff\xfe\x00"), ("x.pb", b"\x00;\n\x00"), ("x.csv", b"\x00,\x00\n"), ("x.txt", b"1"), ("x.csv", b'"')):
        assert main(["count", str(write(name, data)), "--method", "irv"]) == 2
    assert main(["count", "nowhere.blt", "--method", "irv"]) == 2
    assert "cannot be counted" in capsys.readouterr().err


def test_pb_by_votes_and_by_equal_shares(write, capsys):
    path = write("x.pb", PB)
    status, told, _ = counted(capsys, path, "--method", "budget-votes")
    assert (status, told["winners"], told["spent"], told["budget"]) == (0, ["8", "9"], 90, 100), "8 and 9 have two votes each"
    assert told["left_over"] == 10 and main(["count", str(path), "--method", "budget-votes"]) == 0
    assert capsys.readouterr().out.endswith("  2. 9 Bus\n\nSpent: 90 of 100. Left over: 10.\n")
    assert {"id": "8", "name": "8 Pool; with shade", "withdrawn": False} in told["candidates"]
    status, told, _ = counted(capsys, path, "--method", "equal-shares", "--completion", "none")
    assert (status, told["winners"], told["completion"]) == (0, ["8", "9"], "none"), "both cost half of what they are worth: the list"
    assert counted(capsys, path, "--method", "approval", "--seats", "1", "--tie-order", "9;8;7")[1]["winners"] == ["9"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("budget;100", "budget;much"), "META must have a budget above zero."),
        (("approval", "by heart"), "vote_type must be one of"),
        (("PROJECTS", "PROJEKTS"), "The file has no section PROJECTS."),
        (("7;60;Park", "7;dear;Park"), "Line 7: Project 7 has no cost that is a number."),
        (("8;50", "7;50"), "Line 8: Project 7 is there twice."),
        (("2;9", "2;9,12"), "Line 13: There is no project 12."),
        (("2;9", "2;9,9"), "Line 13: This ballot names a project twice."),
        (("approval", "cumulative"), "Line 12: This ballot must give each project that it names points"),
        (("40;Bus", "0;Bus"), "These projects cost nothing"),
    ],
)
def test_a_bad_pb_says_where(write, capsys, change, problem):
    status, told, _ = counted(capsys, write("x.pb", PB.replace(*change)), "--method", "equal-shares")
    assert status == 2 and any(problem in line for line in told["problems"]), told


def test_pb_points_and_rankings():
    points = PB.replace("approval", "cumulative").replace("voter_id;vote", "voter_id;vote;points")
    points = points.replace("1;7,8", "1;7,8;3,1").replace("2;9\n", "2;9;4\n").replace("3;9,8", "3;9,8;0,4")
    file = read_ballot_file("x.pb", points, "support")
    assert file.contest.utility == "points" and dict(file.ballots) == {((0, 3), (1, 1)): 1, ((2, 4),): 1, ((1, 4),): 1}
    ranked = read_ballot_file("x.pb", PB.replace("approval", "ordinal\nmax_length;2"), "support")
    assert ((2, 2), (1, 1)) in ranked.ballots and "2 points to the first choice" in str(ranked.notes[0])


@pytest.mark.parametrize(
    ("text", "kind", "ballots"),
    [
        ("Ana,Bo,Cy\n1,2,\n,1,3\n2,2,1\n", "ranking", {(0, 1): 1, (1, 2): 1, (2,): 1}),
        ("voter;Ana;Bo;count\n9;x;;4\n8;yes;1;1\n7;;;2\n", "approval", {(0,): 4, (0, 1): 1, (): 2}),
        ("Ana\tBo\n5\t2.5\n\t1\n", "points", {((0, Fraction(5)), (1, Fraction(5, 2))): 1, ((1, Fraction(1)),): 1}),
        ("Choice 1,Choice 2\nBo,Ana\nAna,\n", "ranking", {(1, 0): 1, (0,): 1}),
        ('ranking,count\n"Bo > Ana",3\nAna,1\n', "ranking", {(1, 0): 3, (0,): 1}),
        ("approvals\nBo; Ana\nAna\n", "approval", {(0, 1): 1, (0,): 1}),
        ("points\nBo: 2; Ana: 1\n", "points", {((0, Fraction(1)), (1, Fraction(2))): 1}),
    ],
)
def test_csv_in_each_shape(text, kind, ballots):
    assert dict(read_ballot_file("x.csv", "\ufeff" + text, kind).ballots) == ballots


@pytest.mark.parametrize(
    ("text", "kind", "problems"),
    [
        ("Ana,Bo\n1,first\n0,2\n1,2,3\n", "ranking", ["Line 2: first is no rank.", "Line 3: 0 is no rank.", "Line 4: This line has more cells"]),
        ("Ana,Bo\nmaybe,\n-1,\n", "approval", ["Line 2: maybe is neither", "Line 3: -1 is neither"]),
        ("Ana,Bo\n1e9,-1\n", "points", ["1e9 is no number of points", "-1 is no number of points"]),
        ("Ana,Ana\n1,2\n", "ranking", ["Line 1: Two columns have the same name."]),
        ("ranking,count\nBo > Ana > Bo,x\n", "ranking", ["Line 2: Bo is named twice.", "Line 2: How many ballots are alike"]),
        ("points\nBo; Ana: 1\n", "points", ["Line 2: Bo is not a name and its points"]),
        ("Ana,Bo\n", "ranking", ["There are no ballots."]),
        ("id,voter\n1,2\n", "ranking", ["Line 1: No column is a candidate"]),
    ],
)
def test_a_bad_csv_says_where(text, kind, problems):
    with pytest.raises(Refused) as refused:
        read_ballot_file("x.csv", text, kind)
    told = list(map(str, refused.value.reasons))
    assert all(any(problem in line for line in told) for problem in problems), told


def test_the_chair_and_reserved_seats_on_the_command_line(write, capsys):
    path = write("x.csv", "approvals\nAna\nBo\nCy; Dee\nCy; Dee\n")
    asked = ("--method", "approval", "--seats", "3", "--tie", "chair")
    status, told, _ = counted(capsys, path, *asked)
    assert (status, told["open_tie"]["candidates"]) == (1, ["Cy", "Dee"])
    status, told, _ = counted(capsys, path, *asked, "--chair", "Dee", "--chair", "Bo")
    assert (status, told["winners"], told["open_tie"]) == (0, ["Dee", "Cy", "Bo"], None)
    status, told, _ = counted(capsys, path, "--method", "approval", "--seats", "2", "--reserve", "Women=1:Ana;Bo")
    assert (status, told["winners"]) == (0, ["Cy", "Ana"])
    status, told, _ = counted(capsys, path, "--method", "approval", "--reserve", "Women", "--withdrawn", "Zed", "--chair", "Yan")
    assert status == 2 and len(told["problems"]) == 3


def test_a_method_says_what_it_cannot_count(write, capsys):
    blt, pb, csv = write("x.blt", BLT), write("x.pb", PB), write("x.csv", "approvals\nAna\n")
    for path, method in ((blt, "irv"), (blt, "score"), (blt, "budget-votes"), (pb, "stv-meek"), (csv, "equal-shares"), (csv, "dots")):
        status, told, words = counted(capsys, path, "--method", method)
        assert status == 2 and told["problems"] and "cannot be counted" in words
