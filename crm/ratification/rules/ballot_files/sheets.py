"""Ballots in a CSV, one row each (or one row for several alike, with a column `count`), in one of three shapes.

A column for each candidate: ranks, points or marks. A column for each choice (`1`, `2`, `Choice 3`): names. One column (`ranking`,
`approvals`, `points`): Ana > Bo > Cy, Ana; Bo, or Ana: 3; Bo: 1.
"""

import csv
import re
from collections import Counter
from fractions import Fraction

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods.contest import Contest
from crm.ratification.rules.ballot_files.shape import BallotFile, Problems, number

COUNTS = {"count", "weight", "times", "ballots"}
IDENTITIES = {"id", "ballot id", "ballot_id", "voter", "voter_id", "voter id", "timestamp", "ballot number"}
CELL = {"ranking", "rankings", "ballot", "choices", "preferences", "approvals", "approved", "points", "scores"}
_CHOICE = re.compile(r"(?:choice|rank|preference|pref)?[ _#-]*\d{1,3}(?:st|nd|rd|th)?(?: choice)?", re.IGNORECASE)
YES, NO = {"1", "x", "yes", "y", "true", "✓", "✔", "si", "sí"}, {"", "0", "no", "n", "false", "-"}
Named = list[tuple[str, Fraction | int]]  # names with their rank or points


def read_sheet(text: str, kind: str) -> BallotFile:
    """Ballots of the kind that is asked for; candidates stand in the order of the columns, or of the alphabet."""
    return _Sheet(text.lstrip("\ufeff"), kind).read()


class _Sheet:
    def __init__(self, text: str, kind: str):
        self.kind, self.problems = kind, Problems()
        first = next((line for line in text.splitlines() if line.strip()), "")
        rows = csv.reader(text.splitlines(), delimiter=max(",;\t", key=first.count), skipinitialspace=True)
        self.rows: list[tuple[int, list[str]]] = []
        try:
            self.rows = [(rows.line_num, [c.strip() for c in cells]) for cells in rows if any(c.strip() for c in cells)]
        except csv.Error as wrong:
            self.problems.add(rows.line_num, N_("This line does not read as a table: %(why)s."), why=str(wrong))
        self.equal_ranks = 0

    def read(self) -> BallotFile:
        if not self.rows and not self.problems:
            self.problems.add(0, N_("The file is empty."))
        self.problems.stop_if_any()
        (line, head), *rows = self.rows
        names = [h.lower() for h in head]
        times = next((n for n, h in enumerate(names) if h in COUNTS), None)
        columns = [n for n, h in enumerate(names) if n != times and h not in IDENTITIES and h]
        labels = [head[n] for n in columns]
        if len(set(labels)) < len(labels):
            self.problems.add(line, N_("Two columns have the same name."))
        if not columns:
            self.problems.add(line, N_("No column is a candidate, a choice or a ranking."))
        if not rows:
            self.problems.add(0, N_("There are no ballots."))
        self.problems.stop_if_any()
        shape = self._wide
        if len(columns) == 1 and names[columns[0]] in CELL:
            shape, labels = self._cell, []
        elif self.kind != "points" and all(_CHOICE.fullmatch(label) for label in labels):
            shape, labels = self._choices, []
        papers: Counter = Counter()
        read: dict[tuple[str, ...], tuple] = {}
        for number_of_line, cells in rows:
            cells = cells + [""] * (len(head) - len(cells))
            if len(cells) > len(head):
                self.problems.add(number_of_line, N_("This line has more cells than the first."))
            given = tuple(cells[n] for n in columns)
            paper, before = read.get(given), (len(self.problems), self.equal_ranks)
            if paper is None:
                paper = tuple(shape(number_of_line, list(given), labels))
                if before == (len(self.problems), self.equal_ranks):  # what has a fault or a note is read again, line by line
                    read[given] = paper
            papers[paper] += self._times(number_of_line, cells[times]) if times is not None else 1
        self.problems.stop_if_any()
        return self._file(papers, labels or sorted({name for paper in papers for name, _ in paper}, key=str.casefold))

    def _file(self, papers: Counter, candidates: list[str]) -> BallotFile:
        places = {name: n for n, name in enumerate(candidates)}
        ballots: Counter = Counter()
        for paper, times in papers.items():
            if self.kind == "ranking":
                ballots[tuple(places[name] for name, _ in paper)] += times
            elif self.kind == "approval":
                ballots[tuple(sorted(places[name] for name, _ in paper))] += times
            else:
                ballots[tuple(sorted((places[name], points) for name, points in paper))] += times
        notes = ()
        if self.equal_ranks:
            notes = (Reason(N_("Ballots that rank several alike: %(ballots)s. Each counts down to that place."), {"ballots": self.equal_ranks}),)
        return BallotFile(Contest(tuple(candidates)), self.kind, ballots, tuple(candidates), notes)

    def _times(self, line: int, cell: str) -> int:
        if not (cell.isascii() and cell.isdigit() and len(cell) < 13):
            self.problems.add(line, N_("How many ballots are alike must be a whole number: not %(word)s."), word=cell)
            return 0
        return int(cell)

    def _wide(self, line: int, cells: list[str], labels: list[str]) -> Named:
        given = [(name, cell) for name, cell in zip(labels, cells, strict=True) if cell]
        if self.kind == "approval":
            for _, cell in given:
                if cell.lower() not in YES | NO:
                    self.problems.add(line, N_("%(word)s is neither a mark (x, 1, yes) nor empty."), word=cell)
            return [(name, 1) for name, cell in given if cell.lower() in YES]
        values = [(name, number(cell), cell) for name, cell in given]
        for _, value, cell in values:
            if value is None or value < 0 or self.kind == "ranking" and (value < 1 or value.denominator > 1):
                self.problems.add(line, N_("%(word)s is no rank.") if self.kind == "ranking" else N_("%(word)s is no number of points."), word=cell)
        valid = [(name, value) for name, value, _ in values if value is not None]
        return self._ranked(valid) if self.kind == "ranking" else [(name, value) for name, value in valid if value]

    def _ranked(self, ranks: Named) -> Named:
        """By rank, down to where two are ranked alike."""
        ranks = sorted(ranks, key=lambda each: each[1])
        for n in range(len(ranks) - 1):
            if ranks[n][1] == ranks[n + 1][1]:
                self.equal_ranks += 1
                return ranks[:n]
        return ranks

    def _choices(self, line: int, cells: list[str], _labels: list[str]) -> Named:
        return self._once(line, [(name, 1) for name in cells if name])

    def _cell(self, line: int, cells: list[str], _labels: list[str]) -> Named:
        separator = next((mark for mark in ">;|" if mark in cells[0]), ";")
        words = [word.strip() for word in cells[0].split(separator) if word.strip()]
        if self.kind != "points":
            return self._once(line, [(word, 1) for word in words])
        named: Named = []
        for word in words:
            name, _, points = word.rpartition(":")
            value = number(points.strip())
            if not name.strip() or value is None or value < 0:
                self.problems.add(line, N_("%(word)s is not a name and its points, like Ana: 3."), word=word)
            else:
                named.append((name.strip(), value))
        return self._once(line, named)

    def _once(self, line: int, named: Named) -> Named:
        names = [name for name, _ in named]
        for name in dict.fromkeys(names) if len(set(names)) < len(names) else ():
            if names.count(name) > 1:
                self.problems.add(line, N_("%(word)s is named twice."), word=name)
        return named
