"""Counting beside outside counters: every stage of Droop's counts, what pabutools funds, and two libraries on random elections."""

import json
import os
import random
import re
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from pyrankvote import Ballot, Candidate, instant_runoff_voting
from votelib.evaluate.core import VotingSystemError
from votelib.evaluate.sequential import TransferableVoteSelector

from crm.ratification.methods.book import Book
from crm.ratification.methods.contest import Contest
from crm.ratification.methods.counting import count
from crm.ratification.methods.stv_scottish import StvScottish
from crm.ratification.rules.ballot_files import read_ballot_file

pytestmark = pytest.mark.one_database
COUNTS = Path(__file__).parent / "counts"
BESIDE = Path(os.environ.get("PLENARY_REFERENCE", Path(__file__).parents[3] / "shared" / "reference")) / "data" / "voting"
ELECTIONS = int(os.environ.get("PLENARY_RANDOM_ELECTIONS", "1000"))


def staged(contest, found):
    """Each round as Droop prints a stage: names and votes, without those who have none."""
    return [{contest.candidates[c]: Fraction(votes) for c, votes in each.votes.items() if votes} for each in found.rounds]


@pytest.mark.parametrize("case", json.loads((COUNTS / "droop.json").read_text()), ids=lambda case: case["method"])
def test_every_stage_is_droops(case):
    file = read_ballot_file("own.blt", case["blt"], "ranking")
    found = count(case["method"], file.contest, file.ballots)
    assert sorted(file.contest.candidates[c] for c in found.winners) == case["elected"]
    theirs = [{name: Fraction(votes) for name, votes in stage.items()} for stage in case["stages"]]
    assert all(stage in theirs for stage in staged(file.contest, found))


@pytest.mark.parametrize("case", json.loads((COUNTS / "pabutools.json").read_text()), ids=lambda case: str(len(case["funded"])))
def test_what_is_funded_is_what_pabutools_funds(case):
    file = read_ballot_file("own.pb", case["pb"], "support")
    for rule, funded in case["funded"].items():
        method = rule if rule == "budget-votes" else "equal-shares"
        contest = file.contest if rule == "budget-votes" else replace(file.contest, completion=rule)
        assert sorted(file.ids[p] for p in count(method, contest, file.ballots).winners) == funded, rule


def random_election(rng):
    """Candidates of unlike strength and truncated rankings."""
    candidates = rng.randint(3, 7)
    strength = [rng.random() + 0.1 for _ in range(candidates)]
    ballots = Counter()
    for _ in range(rng.choice((30, 90, 270))):
        left, ranking = list(range(candidates)), []
        for _ in range(rng.randint(1, candidates)):
            ranking.append(rng.choices(left, [strength[c] for c in left])[0])
            left.remove(ranking[-1])
        ballots[tuple(ranking)] += 1
    return Contest(tuple(map(str, range(candidates)))), ballots, rng.randint(2, candidates - 1)


def has_tie(found):
    return any("Equal:" in reason.text for each in found.rounds for reason in each.reasons)


def has_two_surpluses(found):
    """Whether two surpluses ever waited at once: the law moves the larger first, votelib both together, which may end otherwise."""
    waiting: set[int] = set()
    for each in found.rounds:
        waiting = (waiting | {c for c in each.elected if each.votes[c] > each.quota}) - set(each.moved_from)
        if len(waiting) > 1:
            return True
    return False


def by_votelib(ballots, seats, quota):
    try:
        return set(TransferableVoteSelector(quota_function=quota, transferer="Gregory").evaluate(dict(ballots), seats))
    except (NotImplementedError, VotingSystemError):  # it breaks no tie among those who are last, and may turn in circles
        return None


def test_random_elections_for_one_seat_agree_with_two_libraries():
    rng, compared = random.Random(19), 0
    for _ in range(ELECTIONS):
        contest, ballots, _ = random_election(rng)
        found = count("irv", contest, ballots)
        if has_tie(found):  # there it goes by lot
            continue
        people = [Candidate(name) for name in contest.candidates]
        papers = [Ballot([people[c] for c in ranking]) for ranking, times in ballots.items() for _ in range(times)]
        theirs = instant_runoff_voting(people, papers).get_winners()
        assert [people.index(c) for c in theirs] == list(found.winners)
        assert by_votelib(ballots, 1, "droop") in (set(found.winners), None)
        compared += 1
    assert compared > ELECTIONS / 2


@pytest.mark.parametrize("quota", ["droop", "hare"])
def test_random_elections_for_several_seats_agree_with_a_library_of_fractions(quota):
    rng, compared = random.Random(23), 0
    for _ in range(ELECTIONS):
        contest, ballots, seats = random_election(rng)
        book = Book(replace(contest, seats=seats, quota=quota))
        StvScottish(decimals=40).count(book.contest, ballots, book)
        found = book.closed()
        theirs = by_votelib(ballots, seats, quota)
        if has_tie(found) or has_two_surpluses(found) or theirs is None:
            continue
        assert theirs == set(found.winners), (dict(ballots), seats)
        compared += 1
    assert compared > ELECTIONS / 3


def test_votes_are_never_made_or_lost():
    rng = random.Random(29)
    for _ in range(100):
        contest, ballots, seats = random_election(rng)
        for method in ("stv-scottish", "stv-meek", "irv"):
            found = count(method, replace(contest, seats=1 if method == "irv" else seats), ballots)
            for each in found.rounds:
                assert sum(each.votes.values()) + each.exhausted + each.rounded_away == sum(ballots.values())
                assert each.reasons


REFERENCES = sorted(BESIDE.glob("*-scotland-fixed-*.txt")) + sorted(BESIDE.glob("*-meek-prf-*.txt"))


@pytest.mark.skipif(not REFERENCES, reason="the reference counts do not lie beside")
@pytest.mark.parametrize("report", REFERENCES or [Path("none")], ids=lambda report: report.stem)
def test_reference_counts(report):
    """Published elections, each stage as the reference counter printed it; where it broke a tie by its own order, that order is given."""
    name, method = re.match(r"(.+?)-(scotland|meek-prf)", report.name).groups()
    file = read_ballot_file("x.blt", (BESIDE / f"{name}.blt").read_text("utf-8-sig"), "ranking")
    stages: list[dict[str, Fraction]] = []
    for line in report.read_text("utf-8").splitlines():
        if re.match(r"\s*Action: ", line):
            stages.append({})
        elif (found := re.match(r"\t(?:Hopeful|Pending|Elected|Defeated): +(.+) \(([\d.]+)\)$", line)) and Fraction(found[2]):
            stages[-1].update({name.strip(): Fraction(found[2]) for name in found[1].split(",")})
    contest = file.contest
    order = contest.order or tuple(reversed(range(len(contest.candidates))))  # there, whoever stands first gives way
    contest = replace(contest, order=order, earlier_rounds=method == "scotland")
    counted = count("stv-scottish" if method == "scotland" else "stv-meek", contest, file.ballots)
    assert all(stage in stages for stage in staged(contest, counted))
