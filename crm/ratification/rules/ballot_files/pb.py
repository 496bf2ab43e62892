"""The .pb file of participatory budgets (pabulib.org): META, PROJECTS and VOTES, each a table with semicolons."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from crm.kernel.refusal import N_
from crm.ratification.methods.contest import Contest
from crm.ratification.rules.ballot_files.shape import BallotFile, Problems, distinct_names, number

KINDS = {
    "approval": "approval", "choose-1": "approval", "choose_1": "approval", "cumulative": "points", "scoring": "points",
    "ordinal": "ranking",
}
SECTIONS = ("META", "PROJECTS", "VOTES")
Row = tuple[int, dict[str, str]]


def read_pb(text: str) -> BallotFile:
    """Projects with their costs, the budget, and ballots as approvals, points or rankings."""
    problems = Problems()
    tables = _tables(text, problems)
    problems.stop_if_any()
    meta = {row.get("key", "").lower(): row.get("value", "") for _, row in tables["META"]}
    kind = KINDS.get(meta.get("vote_type", "").strip().lower(), "")
    if not kind:
        problems.add(0, N_("vote_type must be one of: %(kinds)s."), kinds=", ".join(KINDS))
    budget = number(meta.get("budget", "").replace(",", "."))
    if budget is None or budget <= 0:
        problems.add(0, N_("META must have a budget above zero."))
    costs, names = _projects(tables["PROJECTS"], problems)
    places = {project: n for n, project in enumerate(costs)}
    ballots = _votes(tables["VOTES"], kind, places, problems) if kind else Counter()
    problems.stop_if_any()
    contest = Contest(
        distinct_names(names), len(costs), meta.get("description", ""), costs=tuple(costs.values()), budget=Fraction(budget or 0)
    )
    longest = meta.get("max_length", "").strip()
    return BallotFile(contest, kind, ballots, tuple(costs), longest=int(longest) if longest.isdecimal() and len(longest) < 6 else 0)


def _tables(text: str, problems: Problems) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {}
    rows = csv.reader(text.lstrip("\ufeff").splitlines(), delimiter=";")
    section, head = "", []
    for line, cells in _lines(rows, problems):
        cells = [cell.strip() for cell in cells]
        if cells[0].upper() in SECTIONS and not any(cells[1:]):
            section, head = cells[0].upper(), []
            tables[section] = []
        elif not section:
            problems.add(line, N_("Before this, a line META is expected."))
            section = "META"
        elif not head:
            head = [cell.lower() for cell in cells]
        else:
            tables.setdefault(section, []).append((line, dict(zip(head, cells, strict=False))))
    for section in SECTIONS:
        if section not in tables:
            problems.add(0, N_("The file has no section %(name)s."), name=section)
    return tables


def _lines(rows, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    try:
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield rows.line_num, cells
    except csv.Error as wrong:
        problems.add(rows.line_num, N_("This line does not read as a table: %(why)s."), why=str(wrong))


def _projects(rows: list[Row], problems: Problems) -> tuple[dict[str, Fraction], list[str]]:
    costs: dict[str, Fraction] = {}
    names: list[str] = []
    if not rows:
        problems.add(0, N_("There are no projects."))
    for line, row in rows:
        project, cost = row.get("project_id", ""), number(row.get("cost", "").replace(",", "."))
        if not project:
            problems.add(line, N_("This project has no project_id."))
        elif project in costs:
            problems.add(line, N_("Project %(id)s is there twice."), id=project)
        elif cost is None or cost < 0:
            problems.add(line, N_("Project %(id)s has no cost that is a number."), id=project)
        else:
            costs[project] = Fraction(cost)
            names.append(f"{project} {row['name']}" if row.get("name") else project)
    return costs, names


def _votes(rows: list[Row], kind: str, places: dict[str, int], problems: Problems) -> Counter:
    ballots: Counter = Counter()
    read: dict[tuple[str, str], tuple] = {}
    for line, row in rows:
        cells = row.get("vote", ""), row.get("points", "") if kind == "points" else ""
        ballot = read.get(cells)
        if ballot is None:
            ballot = _ballot(line, *cells, kind, places, problems)
            if not problems:
                read[cells] = ballot
        ballots[ballot] += 1
    return ballots


def _ballot(line: int, vote: str, given: str, kind: str, places: dict[str, int], problems: Problems) -> tuple:
    ids = [word.strip() for word in vote.split(",") if word.strip()]
    for word in ids:
        if word not in places:
            problems.add(line, N_("There is no project %(id)s."), id=word)
    if len(set(ids)) < len(ids):
        problems.add(line, N_("This ballot names a project twice."))
    chosen = [places[word] for word in ids if word in places]
    if kind == "ranking":
        return tuple(chosen)
    if kind == "approval":
        return tuple(sorted(chosen))
    points = [number(word.strip()) for word in given.split(",") if word.strip()]
    if len(points) != len(ids) or any(p is None or p < 0 for p in points):
        problems.add(line, N_("This ballot must give each project that it names points, as numbers from 0."))
        return ()
    return tuple(sorted((c, p) for c, p in zip(chosen, points, strict=False) if p))


def write_pb(title: str, electorate: Mapping[str, Any], names: Sequence[str], contents: Iterable[str]) -> str:
    """The ballots of a budget as a .pb file; who voted is a number in the order of the published list."""
    contest, ballots = electorate["contest"], list(contents)
    rule = "greedy" if electorate["method"] == "budget-votes" else f"equalshares/{contest['completion']}"
    meta = {"description": title, "num_projects": len(names), "num_votes": len(ballots), "budget": contest["budget"], "vote_type": "approval", "rule": rule}
    text = io.StringIO()
    rows = csv.writer(text, delimiter=";", lineterminator="\n")
    rows.writerows([["META"], ["key", "value"], *meta.items(), ["PROJECTS"], ["project_id", "cost", "name"]])
    rows.writerows([n, cost, name] for n, (cost, name) in enumerate(zip(contest["costs"], names, strict=True), 1))
    rows.writerows([["VOTES"], ["voter_id", "vote"]])
    rows.writerows([n, ",".join(pair.partition(":")[0] for pair in content.split() if ":" in pair)] for n, content in enumerate(ballots, 1))
    return text.getvalue()
