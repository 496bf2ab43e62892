"""BLT, the common file of ranked elections (Hill, Wichmann and Woodall; OpenSTV; OpaVote; Droop).

First candidates and seats; then, if any, withdrawn candidates as negative numbers and options in brackets (`[tie 3 1 2]`, `[nick a b c]`,
`[withdrawn 2]`); then ballots, each a weight, candidates in order and a 0; a 0 that ends them; names and title in quotes.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods.contest import Contest, Ranking
from crm.ratification.rules.ballot_files.shape import BallotFile, Problems, distinct_names

_PLAIN = re.compile(r"[1-9][0-9]*(?: [1-9][0-9]*)* 0")
_BALLOT_ID = re.compile(r"\([^)]*\)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_MOST = 10_000  # candidates; more is not an election but a broken file


def read_blt(text: str) -> BallotFile:
    """The contest, its ballots as rankings, and what was passed over."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str):
        self.lines = [line.rstrip(" ,\t") for line in text.lstrip("\ufeff").splitlines()]  # some come out of a spreadsheet with commas
        self.problems = Problems()
        self.withdrawn: set[int] = set()
        self.order: tuple[int, ...] = ()
        self.nicks: dict[str, int] = {}
        self.notes: list[Reason] = []
        self.equal_ranks = 0

    def read(self) -> BallotFile:
        at = self._head()
        end = self._end_of_ballots(at)
        at = self._options(at, end)
        ballots = self._ballots(at, end)
        names, title = self._names(end)
        self.problems.stop_if_any()
        if self.equal_ranks:
            self.notes.append(
                Reason(N_("Ballots that rank several alike: %(ballots)s. Each counts down to that place."), {"ballots": self.equal_ranks})
            )
        contest = Contest(names, self.seats, title, frozenset(self.withdrawn), order=self.order)
        return BallotFile(contest, "ranking", ballots, names, tuple(self.notes))

    def _head(self) -> int:
        for at, line in enumerate(self.lines):
            words = line.split("#", 1)[0].split()
            if not words:
                continue
            if len(words) != 2 or not all(w.isascii() and w.isdigit() and len(w) < 9 for w in words):
                self.problems.add(at + 1, N_("Here the number of candidates and of seats is expected, like 9 4."))
                self.problems.stop_if_any()
            self.count, self.seats = map(int, words)
            if not 0 < self.count <= _MOST or self.seats < 1:
                self.problems.add(at + 1, N_("There must be at least one candidate and one seat."))
                self.problems.stop_if_any()
            return at + 1
        self.problems.add(0, N_("The file is empty."))
        self.problems.stop_if_any()
        return 0

    def _end_of_ballots(self, at: int) -> int:
        quote = next((n for n in range(at, len(self.lines)) if self.lines[n].lstrip().startswith('"')), len(self.lines))
        for n in range(quote - 1, at - 1, -1):
            if self.lines[n].split("#", 1)[0].strip() == "0":
                return n
        self.problems.add(quote, N_("No line with a single 0 ends the ballots before the names."))
        return quote

    def _options(self, at: int, end: int) -> int:
        while at < end:
            line = self.lines[at].split("#", 1)[0].strip()
            if line.startswith("["):
                self._option(at + 1, line.strip("[] ").split())
            elif line.startswith("-"):
                for word in line.split():
                    self._withdraw(at + 1, word.lstrip("-"))
            elif line:
                break
            at += 1
        return at

    def _option(self, line: int, words: list[str]) -> None:
        name, *rest = words or [""]
        if name == "nick":
            self.nicks = {nick: n for n, nick in enumerate(rest)}
            if len(self.nicks) != self.count or len(rest) != self.count:
                self.problems.add(line, N_("Short names must be given once for each candidate."))
        elif name == "withdrawn":
            for word in rest:
                self._withdraw(line, word)
        elif name == "tie":
            order = [self._candidate(word) for word in rest]
            if sorted(c for c in order if c is not None) != list(range(self.count)):
                self.problems.add(line, N_("The list for ties must name everyone once."))
            else:
                self.order = tuple(c for c in reversed(order) if c is not None)  # the file says who gives way first
        else:
            self.notes.append(Reason(N_("Line %(line)s: the option %(name)s is passed over."), {"line": line, "name": name}))

    def _withdraw(self, line: int, word: str) -> None:
        candidate = self._candidate(word)
        if candidate is None:
            self.problems.add(line, N_("There is no candidate %(word)s."), word=word)
        else:
            self.withdrawn.add(candidate)

    def _candidate(self, word: str) -> int | None:
        if word.isascii() and word.isdigit() and len(word) < 9:
            return int(word) - 1 if 0 < int(word) <= self.count else None
        return self.nicks.get(word)

    def _ballots(self, at: int, end: int) -> Counter[Ranking]:
        plain, others = Counter(self.lines[at:end]), []
        ballots: Counter[Ranking] = Counter()
        most = self.count
        for line, times in plain.items():
            if not _PLAIN.fullmatch(line):
                others.append(line)
                continue
            weight, *ranking = map(int, line.split()[:-1])
            if len(set(ranking)) == len(ranking) and (not ranking or max(ranking) <= most):
                ballots[tuple([c - 1 for c in ranking])] += weight * times
            else:
                others.append(line)
        if others:
            ballots += self._read_slowly(at, end, set(others))
        return ballots

    def _read_slowly(self, at: int, end: int, only: set[str]) -> Counter[Ranking]:
        """What is not plain, with its line numbers: comments, ballot numbers, short names, several on a line, faults."""
        ballots: Counter[Ranking] = Counter()
        for line, words in _papers(self.lines, at, end, only):
            weight, *ranked = words
            if ranked[-1:] != ["0"]:
                self.problems.add(line, N_("This ballot does not end with a 0."))
                ranked.append("0")
            if not (weight.isascii() and weight.isdigit() and 0 < len(weight) < 13 and int(weight)):
                self.problems.add(line, N_("A ballot begins with how many are like it, a whole number from 1: not %(word)s."), word=weight)
                continue
            ballots[self._ranking(line, ranked[:-1], int(weight))] += int(weight)
        return ballots

    def _ranking(self, line: int, words: list[str], weight: int) -> Ranking:
        ranking: list[int] = []
        for word in words:
            if word in ("-", "_"):  # a place left empty
                continue
            if "=" in word:
                self.equal_ranks += weight
                if bad := [w for w in word.split("=") if self._candidate(w) is None]:
                    self.problems.add(line, N_("There is no candidate %(word)s."), word=", ".join(bad))
                break
            candidate = self._candidate(word)
            if candidate is None:
                self.problems.add(line, N_("There is no candidate %(word)s."), word=word)
            elif candidate in ranking:
                self.problems.add(line, N_("Candidate %(word)s is ranked twice."), word=word)
            else:
                ranking.append(candidate)
        return tuple(ranking)

    def _names(self, end: int) -> tuple[tuple[str, ...], str]:
        """One to a line, what follows it (a party, say) passed over; where there are too few lines for that, several to a line."""
        lines = [entries for line in self.lines[end + 1 :] if (entries := _entries(line))]
        names = [name for entries in lines for name in entries]
        if len(names) > self.count + 1:
            names = [entries[0] for entries in lines]
        if len(names) < self.count:
            self.problems.add(0, N_("Names of candidates: %(there)s. There must be %(needed)s, and then the title."), there=len(names), needed=self.count)
        return distinct_names(names[: self.count]), names[self.count] if len(names) > self.count else ""


def _entries(line: str) -> list[str]:
    """The quoted names of a line, or the line itself; spreadsheets double the quotes and put others around them."""
    line = line.strip()
    if line.startswith('"') and '""' in line[1:-1]:
        line = line[1:].removesuffix('"').replace('""', '"')
    quoted = [name.replace('\\"', '"') for name in _QUOTED.findall(line)] or [line]
    return [" ".join(name.split()) for name in quoted if name.strip()]


def _papers(lines: list[str], at: int, end: int, only: set[str]) -> Iterator[tuple[int, list[str]]]:
    """Ballots of the lines that are asked for. A ballot ends in its own line: two that had run together would be counted as one."""
    for n in range(at, end):
        if lines[n] in only:
            words: list[str] = []
            for word in _BALLOT_ID.sub(" 1 ", lines[n].split("#", 1)[0]).split():
                words.append(word)
                if word == "0" and len(words) > 1:
                    yield n + 1, words
                    words = []
            if words:
                yield n + 1, words


def write_blt(title: str, names: Sequence[str], seats: int, ballots: Iterable[Ranking]) -> str:
    """Ranked ballots as a BLT file: equal ones once with their number, the commonest first; candidates are numbers from 0 here."""
    def quoted(words: str) -> str:
        return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'

    times = sorted(Counter(ballots).items(), key=lambda pair: (-pair[1], pair[0]))
    lines = [" ".join(map(str, (n, *(option + 1 for option in ranking), 0))) for ranking, n in times]
    return "\n".join([f"{len(names)} {seats}", *lines, "0", *map(quoted, names), quoted(title)]) + "\n"
