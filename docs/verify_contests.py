"""Who wins a vote between options, counted a second time for verify_board.py; written from docs/counting.md, and it needs Python alone.

What a budget funds is in verify_budgets.py, which lies beside it.
Options are numbers from 1, votes whole numbers of the rule's smallest unit, so nothing is rounded that the rule does not round.
"""
from collections import Counter

try:
    from verify_budgets import fund
except ImportError:  # without it budgets are not counted, which is said
    fund = None
RANKED = {"irv": 10**5, "stv-scottish": 10**5, "stv-meek": 10**9}  # how many parts a vote has
SUMMED, FUNDED = ("approval", "score", "dots", "borda-modified"), ("budget-votes", "equal-shares")


def winners_of(rule, choices):
    """Who wins, in the order of election, by ballots like "1:2 3:1" (option 3 is first, or has one point); None where another verifier must say."""
    method, contest = rule["method"], rule["contest"]
    if method not in (*RANKED, *SUMMED, *(FUNDED if fund else ())):
        return None
    ballots = [dict(map(int, pair.split(":")) for pair in choice.split()) for choice in choices if choice != "abstain"]
    for marks in ballots:
        if not is_ballot(method, contest, sorted(marks.values()), set(marks)):
            raise SystemExit(f"No: {marks} is no ballot of this vote")
    if method in FUNDED:
        return fund(method, contest, ballots)
    winners, hopeful = [], set(range(1, len(contest["options"]) + 1)) if ballots else set()
    if method in SUMMED:
        totals = Counter(dict.fromkeys(hopeful, 0))
        for marks in ballots:
            totals.update({o: len(marks) + 1 - value for o, value in marks.items()} if method == "borda-modified" else marks)
        elect(contest, winners, hopeful, totals, 0, [])
        return winners
    papers = [sorted(marks, key=marks.get) for marks in ballots]
    votes = (meek if method == "stv-meek" else scottish)(contest, papers, winners, hopeful, RANKED[method])
    return winners + sorted(hopeful, key=lambda o: (-votes[o], o)) if len(winners) < contest["seats"] else winners


def is_ballot(method, contest, values, options):
    """Whether ranks are 1, 2, 3 …, approvals 1, points from 1 to the most; and all for options that are there."""
    method = "approval" if method in FUNDED else method
    most = contest["most"] or len(values) * (method == "approval")
    fits = {"approval": values[-1] == 1 and len(values) <= most, "score": values[-1] <= most, "dots": sum(values) <= most}
    return values[0] >= 1 and options <= set(range(1, len(contest["options"]) + 1)) and fits.get(method, values == [n for n, _v in enumerate(values, 1)])


def has_room(contest, winners, waiting):
    """Whether those who wait can still give every group the seats that are reserved for it."""
    groups = contest.get("reserved", [])
    fewest = {tuple(max(0, group["at_least"] - len({*winners} & {*group["members"]})) for group in groups): 0}  # what is owed: after how few of them
    for option in waiting:
        for owed, taken in list(fewest.items()):
            then = tuple(max(0, n - (option in group["members"])) for n, group in zip(owed, groups, strict=True))
            fewest[then] = min(taken + 1, fewest.get(then, taken + 1))
    return fewest.get((0,) * len(groups), contest["seats"] + 1) <= contest["seats"] - len(winners)


def doomed(contest, winners, hopeful):
    """Who cannot be elected without taking a seat that a group still needs."""
    return {o for o in hopeful if len(winners) < contest["seats"] and not has_room(contest, [*winners, o], hopeful - {o})}


def last(contest, winners, hopeful, votes, rounds, within=0):
    """Whoever has the fewest votes of those whom no group needs; all within so much of it are tied."""
    return pick([o for o in hopeful if has_room(contest, winners, hopeful - {o})], votes, rounds, -1, within)


def pick(among, votes, rounds, sign, within=0):
    """Who has the most votes (sign 1) or the fewest (-1); a tie goes by the latest round that tells them apart, then by the place on the ballot."""
    tied = [o for o in among if sign * votes[o] >= max(sign * votes[t] for t in among) - within]
    for before in reversed(rounds):
        tied = [o for o in tied if sign * before.get(o, 0) == max(sign * before.get(t, 0) for t in tied)]
    return min(tied, key=lambda o: sign * o)


def elect(contest, winners, hopeful, votes, quota, rounds):
    """Elects who reaches the quota and takes nobody's reserved seat, the most votes first; says who they are."""
    before = len(winners)
    while len(winners) < contest["seats"]:
        there = [o for o in hopeful - doomed(contest, winners, hopeful) if votes[o] >= quota]
        if not there:
            break
        winners.append(pick(there, votes, rounds if contest.get("reserved") else [], 1))
        hopeful.discard(winners[-1])
    return winners[before:]


def scottish(contest, papers, winners, hopeful, one):
    """The Scottish order of 2007, rules 45 to 52, which is instant runoff where there is one seat: who has more than half is never the last."""
    quota, rounds, surpluses = (len(papers) // (contest["seats"] + 1) + 1) * one, [], []
    piles = {o: [(paper, one) for paper in papers if paper[0] == o] for o in hopeful}
    while True:
        votes = {o: sum(worth for _paper, worth in pile) for o, pile in piles.items()}
        surpluses += elect(contest, winners, hopeful, votes, quota, rounds)
        rounds.append(votes)
        if len(winners) == contest["seats"] or len(winners) + len(hopeful) <= contest["seats"]:
            return votes
        surpluses = [o for o in surpluses if o in votes and votes[o] > quota]
        out = doomed(contest, winners, hopeful)
        if surpluses and not out:
            giver = pick(surpluses, votes, rounds, 1)
            surpluses.remove(giver)
            gone, part, whole = {giver}, votes[giver] - quota, votes[giver]
        else:
            gone, part, whole = out or {last(contest, winners, hopeful, votes, rounds)}, 1, 1
            hopeful -= gone
        for paper, worth in [moving for o in gone for moving in piles.pop(o)]:
            to = next((o for o in paper if o in hopeful), None)
            if to:
                piles[to].append((paper, worth * part // whole))


def meek(contest, papers, winners, hopeful, one):
    """The reference rule of the Proportional Representation Foundation: the elected keep of each ballot the share that makes the quota."""
    keep, rounds = dict.fromkeys(hopeful, one), []
    votes = shares(papers, keep, one)
    while 0 < contest["seats"] - len(winners) < len(hopeful):
        before, gone = len(papers) * one, set()
        while True:
            votes = shares(papers, keep, one)
            quota = sum(votes.values()) // (contest["seats"] + 1) + 1
            if elect(contest, winners, hopeful, votes, quota, rounds):
                break
            surplus, out = max(0, sum(votes[o] - quota for o in winners)), doomed(contest, winners, hopeful)
            if out or surplus < one // 10**6 or surplus >= before:
                gone = out or {last(contest, winners, hopeful, votes, rounds, surplus)}
                break
            before = surplus
            keep |= {o: up(up(keep[o] * quota, one) * one, votes[o]) for o in winners}
        rounds.append(votes)
        hopeful -= gone
        keep |= dict.fromkeys(gone, 0)
    return votes


def shares(papers, keep, one):
    """What each has when everyone on a ballot's way keeps a share of what comes, rounded up, and passes the rest on."""
    votes = dict.fromkeys(keep, 0)
    for paper in papers:
        weight = one
        for option in paper:
            kept = up(weight * keep[option], one)
            votes[option] += kept
            weight -= kept
    return votes


def up(value, by):
    """A quotient, rounded up."""
    return -(-value // by)
