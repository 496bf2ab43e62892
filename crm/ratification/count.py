"""The commands `plenary count` (a file of ballots in, winners and every round out) and `plenary verify` (a published vote counted again)."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification.methods import COUNTING
from crm.ratification.methods.contest import Contest, Count, Reserved, Round, amount
from crm.ratification.methods.counting import count, problems_of
from crm.ratification.rules.ballot_files import BallotFile, read_ballot_file
from crm.ratification.sign import add_signing
from crm.ratification.verify import verify_board as verify_file
from crm.trustees import add_trustees

EPILOG = """
files:
  .blt  ranked ballots: candidates and seats; a line -3 for a withdrawn candidate; options [tie 3 1 2] (3 gives way first),
        [nick a b c], [withdrawn 3]; ballots as weight, candidates in order, 0; a 0; names and title in quotes; # is a comment
  .pb   a participatory budget as pabulib.org keeps them: META, PROJECTS, VOTES; approval, cumulative, scoring or ordinal
  .csv  one row a ballot, the first row names the columns, commas, semicolons or tabs between; a column count says how many
        are alike; columns id, voter and timestamp are not read. One of three shapes:
          a column for each candidate, with ranks (1 is first), points, or marks (x, 1, yes)
          a column for each choice, called 1, 2, 3 or Choice 1, with names
          one column called ranking, approvals or points: Ana > Bo > Cy, or Ana; Bo, or Ana: 3; Bo: 1

ties:
  A tie goes to who had more in an earlier round, then to who stands first in the list: the file's own, --tie-order, or the order of
  the candidates. With --tie chair the count stops and says who is equal (exit status 1); give the answers with --chair, in order.

exit status: 0 counted, 1 the chair must decide a tie, 2 the file or the question makes no sense.
docs/counting.md says each rule in plain words.
"""


def add_voting(commands, command: Callable[..., argparse.ArgumentParser], parser_of) -> None:
    """The sub-commands and what they take."""
    add_trustees(commands, command, parser_of)
    verify = command("verify", verify_board, "Recount a published vote independently: prints yes or no, exits 0 or 1.")
    verify.add_argument("board", metavar="BOARD.json", type=Path, help="the full count, as its public page gives it")
    verify.add_argument("--lists", metavar="LISTS.json", type=Path, help="the lists that you kept while it was open: is anything on them missing?")
    verify.add_argument("--receipt", action="append", default=[], metavar="HASH", help="of sealed ballots: it must be in the chain; may be repeated")
    verify.add_argument("--json", action="store_true", help="for another program")
    add_signing(command)
    made = command("count", run_count, "Count a file of ballots by a named method, with every round explained.")
    made.epilog, made.formatter_class = EPILOG, argparse.RawDescriptionHelpFormatter
    made.add_argument("file", metavar="FILE", type=Path, help=".blt, .pb or .csv")
    made.add_argument("--method", required=True, choices=COUNTING, metavar="NAME", help=f"one of: {', '.join(COUNTING)}")
    made.add_argument("--seats", type=int, help="how many are elected (what the file says, or 1)")
    made.add_argument("--quota", default="droop", choices=("droop", "hare"), help="of stv-scottish and stv-meek (droop)")
    made.add_argument("--most", type=int, metavar="N", help="dots that each voter has")
    made.add_argument("--completion", default="by_votes", choices=("by_votes", "add_one", "none"), help="of equal-shares (by_votes)")
    made.add_argument("--reserve", action="append", default=[], metavar="GROUP=N:NAME;NAME", help="at least N seats for a group; may be repeated")
    made.add_argument("--withdrawn", action="append", default=[], metavar="NAME", help="somebody who no longer stands; may be repeated")
    made.add_argument("--tie", default="list", choices=("list", "chair"), help="who decides a tie (list)")
    made.add_argument("--tie-order", metavar="NAME;NAME", help="the list for ties, who wins them first")
    made.add_argument("--chair", action="append", default=[], metavar="NAME", help="a decision of the chair; may be repeated, in order")
    made.add_argument("--json", action="store_true", help="for another program")


def verify_board(said: argparse.Namespace) -> int:
    """Recounts a published board without the application's own counting."""
    verdict = verify_file(said.board, said.lists, tuple(said.receipt))
    print(json.dumps(verdict.as_dict(), ensure_ascii=False, indent=2) if said.json else verdict.words)
    return 0 if verdict.is_right else 1


def run_count(said: argparse.Namespace) -> int:
    """Counts a file; bad files and questions give all their problems."""
    try:
        file = _asked(said, read_ballot_file(said.file.name, _text(said.file), COUNTING[said.method].ballots))
    except Refused as refused:
        if said.json:
            print(json.dumps({"problems": list(map(str, refused.reasons))}, ensure_ascii=False, indent=2))
        print(f"{said.file.name} cannot be counted:", *(f"- {reason}" for reason in refused.reasons), sep="\n", file=sys.stderr)
        return 2
    found = count(said.method, file.contest, file.ballots)
    print(json.dumps(_as_dict(said.method, file, found), ensure_ascii=False, indent=2) if said.json else _in_words(said.method, file, found))
    return 1 if found.open_tie else 0


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as wrong:
        raise Refused(Reason(N_("The file cannot be read: %(why)s."), {"why": wrong.strerror})) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _asked(said: argparse.Namespace, file: BallotFile) -> BallotFile:
    """The contest as the command line changes it."""
    contest, problems = file.contest, []

    def who(word: str) -> int:
        word = word.strip()
        for names in (file.ids, contest.candidates):
            if word in names:
                return names.index(word)
        problems.append(Reason(N_("Nobody in the file is called %(word)s."), {"word": word}))
        return 0

    changed = replace(
        contest, seats=contest.seats if said.seats is None else said.seats, quota=said.quota, most=said.most, tie=said.tie,
        completion=said.completion, withdrawn=contest.withdrawn | {who(word) for word in said.withdrawn},
        order=tuple(map(who, said.tie_order.split(";"))) if said.tie_order else contest.order,
        chair=tuple(map(who, said.chair)), reserved=tuple(_reserved(text, who, problems) for text in said.reserve),
    )
    problems += [] if problems else problems_of(said.method, changed)
    if not file.ballots:
        problems.append(Reason(N_("There are no ballots.")))
    if problems:
        raise Refused(problems)
    return replace(file, contest=changed)


def _reserved(text: str, who: Callable[[str], int], problems: list[Reason]) -> Reserved:
    group, _, rest = text.partition("=")
    seats, _, names = rest.partition(":")
    if not (seats.strip().isdecimal() and names.strip()):
        problems.append(Reason(N_("Write reserved seats like Women=2:Ana;Bea, not %(word)s."), {"word": text}))
        return Reserved(group, frozenset(), 0)
    return Reserved(group.strip(), frozenset(who(name) for name in names.split(";") if name.strip()), int(seats))


def _as_dict(method: str, file: BallotFile, found: Count) -> dict[str, Any]:
    contest, tie = file.contest, found.open_tie
    if contest.costs:
        spent = _spent(contest, found)
        left = {"spent": _number(spent), "left_over": _number(contest.budget - spent)}
        asked: dict[str, Any] = {"budget": _number(contest.budget), **left, "completion": contest.completion}
    else:
        asked = {"seats": contest.seats}
    names = enumerate(zip(file.ids, contest.candidates, strict=True))
    return {
        "method": method,
        "title": contest.title,
        "candidates": [{"id": id, "name": name, "withdrawn": n in contest.withdrawn} for n, (id, name) in names],
        "ballots": sum(file.ballots.values()),
        **asked,
        "tie_rule": _tie_rule(contest, file),
        "winners": [file.ids[c] for c in found.winners],
        "rounds": [_round(n, each, file) for n, each in enumerate(found.rounds, 1)],
        "open_tie": tie and {"candidates": [file.ids[c] for c in tie.candidates], "words": str(tie.reason)},
        "notes": list(map(str, file.notes)),
    }


def _spent(contest: Contest, found: Count) -> Fraction:
    return sum((contest.costs[p] for p in found.winners), Fraction(0))


def _round(number: int, each: Round, file: BallotFile) -> dict[str, Any]:
    def named(votes):
        return {file.ids[c]: _number(value) for c, value in votes.items()}

    def listed(candidates):
        return [file.ids[c] for c in candidates]

    return {
        "round": number, "votes": named(each.votes), "elected": listed(each.elected), "excluded": listed(each.excluded),
        "transfers": {"from": listed(each.moved_from), "to": named(each.moved_to)} if each.moved_from else None,
        "exhausted": _number(each.exhausted), "rounded_away": _number(each.rounded_away),
        "quota": None if each.quota is None else _number(each.quota), "words": list(map(str, each.reasons)),
    }


def _tie_rule(contest: Contest, file: BallotFile) -> dict[str, Any]:
    order = contest.order or range(len(contest.candidates))
    return {"earlier_rounds": contest.earlier_rounds, "then": contest.tie, **({"list": [file.ids[c] for c in order]} if contest.tie == "list" else {})}


def _number(value: Fraction | int) -> int | float | str:
    """A number where a number says it exactly, else the words: 466 2/3."""
    value = Fraction(value)
    if value.denominator == 1:
        return value.numerator
    near = float(value)
    return near if Fraction(repr(near)) == value else amount(value)


def _in_words(method: str, file: BallotFile, found: Count) -> str:
    contest = file.contest
    lines = [contest.title or method, f"{sum(file.ballots.values())} ballots, counted by {method}", *map(str, file.notes)]
    for number, each in enumerate(found.rounds, 1):
        lines += ["", f"Round {number}", *(f"  {reason}" for reason in each.reasons)]
        lines += [f"  {contest.candidates[c]:<40} {amount(votes):>16}" for c, votes in sorted(each.votes.items(), key=lambda item: -item[1])]
        if each.exhausted:
            lines.append(f"  {'No further choice':<40} {amount(each.exhausted):>16}")
    if found.open_tie:
        lines += ["", str(found.open_tie.reason), "Run it again with --chair and the name that is decided."]
    lines += ["", "Funded, in order:" if contest.costs else "Elected, in order:"]
    lines += [f"  {n}. {contest.candidates[c]}" for n, c in enumerate(found.winners, 1)]
    if contest.costs:
        spent = _spent(contest, found)
        lines += ["", f"Spent: {amount(spent)} of {amount(contest.budget)}. Left over: {amount(contest.budget - spent)}."]
    return "\n".join(lines)
