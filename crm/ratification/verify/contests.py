"""Counts votes between options again, on its own: written from the rules in docs/counting.md, not from the application's code.

Options are numbers from 1. A round is what each option had at its end; a tie goes to an earlier round, then to the place on the ballot.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from .budgets import fund

Votes = dict[int, Fraction]
Papers = list[tuple[tuple[int, ...], Fraction]]  # a ranking, and what all papers that say it are worth now
KINDS = {
    "irv": "ranking", "stv-scottish": "ranking", "stv-meek": "ranking", "borda-modified": "ranking",
    "approval": "approval", "score": "points", "dots": "points",
    "budget-votes": "approval", "equal-shares": "approval",
}


def read_content(rule: Mapping[str, Any], content: str) -> dict[int, int] | None:
    """The numbers by option; None when this is no ballot of this vote. A blank one has no numbers."""
    contest, kind = rule["contest"], KINDS[rule["method"]]
    if content == "abstain":
        return {}
    try:
        pairs = [(int(option), int(value)) for option, value in (pair.split(":") for pair in content.split(" "))]
    except ValueError:
        return None
    marks, values, most = dict(pairs), sorted(value for _option, value in pairs), contest["most"]
    if content != " ".join(f"{option}:{value}" for option, value in sorted(marks.items())):
        return None
    if not all(1 <= option <= len(contest["options"]) for option in marks):
        return None
    fits = {
        "ranking": values == list(range(1, len(values) + 1)),
        "approval": set(values) == {1} and (most is None or len(values) <= most),
        "points": values[0] >= 1 and values[-1] <= (most or 0) and (rule["method"] != "dots" or sum(values) <= most),
    }
    return marks if fits[kind] else None


def recount(rule: Mapping[str, Any], contents: Iterable[str]) -> tuple[list[int], list[Votes]]:
    """Who wins, in order, and what each had at the end of every round."""
    ballots = [marks for content in contents if (marks := read_content(rule, content))]
    if not ballots:
        return [], []
    options, seats = list(range(1, len(rule["contest"]["options"]) + 1)), rule["contest"]["seats"]
    if rule["method"] in ("budget-votes", "equal-shares"):
        return fund(rule, ballots)
    reserved = rule["contest"].get("reserved", [])
    if rule["method"] in ("approval", "score", "dots", "borda-modified"):
        return _most(_totals(rule["method"], ballots, options), seats, reserved)
    papers = [(tuple(sorted(marks, key=lambda option: marks[option])), Fraction(1)) for marks in ballots]
    if rule["method"] == "irv":
        return _runoff(papers, options)
    return (_scottish if rule["method"] == "stv-scottish" else _meek)(papers, options, seats, reserved)


def _totals(method: str, ballots: list[dict[int, int]], options: list[int]) -> Votes:
    totals = dict.fromkeys(options, Fraction(0))
    for marks in ballots:
        for option, value in marks.items():
            totals[option] += len(marks) + 1 - value if method == "borda-modified" else value
    return totals


def _most(totals: Votes, seats: int, reserved: list[dict[str, Any]]) -> tuple[list[int], list[Votes]]:
    """Seat after seat to whoever has the most of those whom the reserved seats still let in."""
    winners: list[int] = []
    waiting = sorted(totals, key=lambda option: (-totals[option], option))
    while len(winners) < min(seats, len(totals)):
        chosen = next((o for o in waiting if _leaves_room([*winners, o], [w for w in waiting if w != o], seats, reserved)), None)
        if chosen is None:
            break
        winners.append(chosen)
        waiting = [o for o in waiting if o != chosen]
    return winners, [totals for _winner in winners]


def _leaves_room(winners: list[int], waiting: Iterable[int], seats: int, reserved: list[dict[str, Any]]) -> bool:
    """Whether the seats that are left can still give every group its own: what may be owed after some of each kind of those who wait are taken."""
    kinds = Counter(_kind(option, reserved) for option in waiting)
    owed = tuple(max(0, each["at_least"] - sum(w in each["members"] for w in winners)) for each in reserved)
    to_come = [sum(there for kind, there in kinds.items() if kind[group]) for group in range(len(reserved))]
    fewest = {owed: 0}  # what is owed: by how few it comes to that
    for kind, there in sorted(kinds.items(), key=lambda item: -sum(item[0])):
        before, fewest = fewest, {}
        to_come = [n - there * helps for n, helps in zip(to_come, kind, strict=True)]
        for still, taken in before.items():
            for more in range(min(there, seats - len(winners) - taken) + 1):
                met = tuple(max(0, n - more * helps) for n, helps in zip(still, kind, strict=True))
                if all(n <= rest for n, rest in zip(met, to_come, strict=True)):
                    fewest[met] = min(taken + more, fewest.get(met, seats))
    return len(winners) <= seats and (0,) * len(reserved) in fewest


def _kind(option: int, reserved: list[dict[str, Any]]) -> tuple[bool, ...]:
    return tuple(option in each["members"] for each in reserved)


def _for_whom(hopeful: Iterable[int], reserved: list[dict[str, Any]], is_so: Callable[[int], bool]) -> list[int]:
    """For whom it is so, which is the same for all of a kind."""
    kinds: dict[tuple[bool, ...], bool] = {}
    return [o for o in sorted(hopeful) if (kinds[k] if (k := _kind(o, reserved)) in kinds else kinds.setdefault(k, is_so(o)))]


def _doomed(winners: list[int], hopeful: Iterable[int], seats: int, reserved: list[dict[str, Any]]) -> list[int]:
    """Who cannot take one of the seats that are left without a group losing what it is owed."""
    if not reserved or len(winners) >= seats:
        return []
    return _for_whom(hopeful, reserved, lambda option: not _leaves_room([*winners, option], [h for h in hopeful if h != option], seats, reserved))


def _may_go(winners: list[int], hopeful: Iterable[int], seats: int, reserved: list[dict[str, Any]]) -> list[int]:
    """Who of them no group needs."""
    return _for_whom(hopeful, reserved, lambda option: _leaves_room(winners, [h for h in hopeful if h != option], seats, reserved))


def _reaching(
    winners: list[int], hopeful: set[int], votes: Votes, quota: Fraction, seats: int, reserved: list[dict[str, Any]], rounds: list[Votes],
) -> list[int]:
    """Elects whoever reaches the quota and may be elected, the most votes first; says who they are."""
    elected: list[int] = []
    while len(winners) < seats:
        doomed = _doomed(winners, hopeful, seats, reserved)
        there = [o for o in hopeful if votes[o] >= quota and o not in doomed]
        if not there:
            break
        top = [o for o in there if votes[o] == max(votes[t] for t in there)]
        elected.append(_breaker(rounds, top, True) if reserved else min(top))
        winners.append(elected[-1])
        hopeful.discard(elected[-1])
    return elected


def _breaker(rounds: list[Votes], tied: list[int], wants_more: bool) -> int:
    """Who of the tied goes first, or gives way: by the latest round that tells them apart, then by the place on the ballot."""
    for votes in reversed(rounds):
        edge = (max if wants_more else min)(votes.get(option, Fraction(0)) for option in tied)
        tied = [option for option in tied if votes.get(option, Fraction(0)) == edge]
    return min(tied) if wants_more else max(tied)


def _last(rounds: list[Votes], among: Iterable[int], votes: Votes, within: Fraction = Fraction(0)) -> int:
    """Who has the fewest; all within so much of it are tied."""
    among = list(among)
    least = min(votes[option] for option in among)
    return _breaker(rounds, [option for option in among if votes[option] <= least + within], False)


def _first(paper: tuple[int, ...], standing: Iterable[int]) -> int | None:
    return next((option for option in paper if option in standing), None)


def _runoff(papers: Papers, options: list[int]) -> tuple[list[int], list[Votes]]:
    standing, rounds = list(options), []
    while True:
        votes = dict.fromkeys(standing, Fraction(0))
        for paper, worth in papers:
            if (option := _first(paper, standing)) is not None:
                votes[option] += worth
        rounds.append(votes)
        best = max(standing, key=lambda option: votes[option])
        if 2 * votes[best] > sum(votes.values()) or len(standing) == 1:
            return [best], rounds
        standing.remove(_last(rounds, standing, votes))


def _cut(value: Fraction, places: int) -> Fraction:
    return Fraction(value * 10**places // 1, 10**places)


def _scottish(papers: Papers, options: list[int], seats: int, reserved: list[dict[str, Any]]) -> tuple[list[int], list[Votes]]:
    """Scottish Local Government Elections Order 2007, rules 45 to 52; the doomed go before any surplus, the guarded do not go."""
    hopeful, winners, rounds, owed = set(options), [], [], []
    piles: dict[int, Papers] = {option: [(paper, worth) for paper, worth in papers if paper[0] == option] for option in options}
    votes = {option: Fraction(len(pile)) for option, pile in piles.items()}
    quota = Fraction(len(papers) // (seats + 1) + 1)

    def close() -> None:
        owed.extend(_reaching(winners, hopeful, votes, quota, seats, reserved, rounds))
        rounds.append(dict(votes))

    def hand_on(giver: int, share: Fraction | None) -> None:
        for paper, worth in piles.pop(giver):
            worth = worth if share is None else _cut(worth * share, 5)
            if (to := _first(paper, hopeful)) is not None:
                piles[to].append((paper, worth))
                votes[to] += worth

    close()
    while len(winners) < seats and len(hopeful) > seats - len(winners):
        owed = [option for option in owed if votes[option] > quota]
        gone = _doomed(winners, hopeful, seats, reserved)
        if owed and not gone:
            giver = _breaker(rounds, [option for option in owed if votes[option] == max(votes[o] for o in owed)], True)
            owed.remove(giver)
            hand_on(giver, (votes[giver] - quota) / votes[giver])
            votes[giver] = quota
        else:
            gone = gone or [_last(rounds, _may_go(winners, hopeful, seats, reserved), votes)]
            hopeful.difference_update(gone)
            for option in gone:
                hand_on(option, None)
                del votes[option]
        close()
    if len(winners) < seats and hopeful:
        winners += sorted(hopeful, key=lambda option: (-votes[option], option))
        rounds.append(dict(votes))
    return winners, rounds


def _up(value: Fraction) -> Fraction:
    return -_cut(-value, 9)


def _shares(papers: Papers, standing: list[int], keep: Votes) -> Votes:
    """What each has when everyone on a ballot's way keeps its share and passes the rest on."""
    found = dict.fromkeys(standing, Fraction(0))
    for paper, weight in papers:
        for option in paper:
            if option in found and weight > 0:
                kept = weight if keep[option] == 1 else _up(weight * keep[option])
                found[option] += kept
                weight -= kept
    return found


def _meek(papers: Papers, options: list[int], seats: int, reserved: list[dict[str, Any]]) -> tuple[list[int], list[Votes]]:
    """The Proportional Representation Foundation's reference Meek rule: nine places, a tolerance of a millionth; doomed and guarded as above."""
    hopeful, winners, rounds, keep = set(options), [], [], dict.fromkeys(options, Fraction(1))
    votes: Votes = {}
    while 0 < seats - len(winners) < len(hopeful):
        before = Fraction(len(papers))
        while True:
            votes = _shares(papers, [*hopeful, *winners], keep)
            quota = _cut(sum(votes.values(), Fraction(0)) / (seats + 1), 9) + Fraction(1, 10**9)
            reached = _reaching(winners, hopeful, votes, quota, seats, reserved, rounds)
            surplus = max(Fraction(0), sum((votes[option] - quota for option in winners), Fraction(0)))
            doomed = [] if reached else _doomed(winners, hopeful, seats, reserved)
            if reached or doomed or surplus < Fraction(1, 10**6) or surplus >= before:
                break
            before = surplus
            for option in winners:
                keep[option] = _up(_up(keep[option] * quota) / votes[option])
        gone = [] if reached else doomed or [_last(rounds, _may_go(winners, hopeful, seats, reserved), votes, surplus)]
        rounds.append(dict(votes))
        for option in gone:
            hopeful.discard(option)
            del votes[option]
    if len(winners) < seats and hopeful:
        votes = votes or _shares(papers, [*hopeful, *winners], keep)
        winners += sorted(hopeful, key=lambda option: (-votes[option], option))
        rounds.append(dict(votes))
    return winners, rounds


def problems_of_contests(board: Mapping[str, Any]) -> Iterable[str]:
    """Everything that is wrong with the votes between options whose ballots are published; sealed ones can only be read."""
    for rule, part, result in zip(board["manifest"]["electorates"], board["electorates"], board["result"]["electorates"], strict=True):
        if "contest" in rule and not part["sealed"]:
            for row in result["planks"]:
                yield from _problems_of(rule, [b["choice"] for b in part["ballots"] if b["plank"] == row["number"]], row)


def _problems_of(rule: Mapping[str, Any], contents: Iterable[str], row: Mapping[str, Any]) -> Iterable[str]:
    """What a published row of a vote between options says that its ballots do not."""
    contents = list(contents)
    winners, rounds = recount(rule, contents)
    if row["winners"] != winners or row["is_adopted"] != bool(winners):
        yield f"Counted again, options {winners} win; the board says {row['winners']}."
    if "budget" in rule["contest"]:
        spent = sum((Fraction(rule["contest"]["costs"][n - 1]) for n in winners), Fraction(0))
        if Fraction(row["spent"]) != spent or Fraction(row["left_over"]) != Fraction(rule["contest"]["budget"]) - spent:
            yield f"Counted again, {spent} is spent; the board says {row['spent']}, and {row['left_over']} left over."
    if row["blank"] != contents.count("abstain"):
        yield f"Counted again, {contents.count('abstain')} ballots are blank; the board says {row['blank']}."
    said = [{int(option): sum(map(Fraction, words.split()), Fraction(0)) for option, words in each["votes"].items()} for each in row["rounds"]]
    if len(said) != len(rounds):
        yield f"Counted again, there are {len(rounds)} rounds; the board has {len(said)}."
    for n, (mine, theirs) in enumerate(zip(rounds, said, strict=False), 1):
        if mine != theirs:
            yield f"Counted again, round {n} gives other votes than the board says."
