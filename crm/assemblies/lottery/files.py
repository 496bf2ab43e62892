"""Reads a list of people and a list of quotas (CSV), and names everything that is wrong with them at once."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crm.assemblies.lottery.pool import Person, Pool, Quota
from crm.kernel.refusal import N_, Reason, Refused

QUOTA_COLUMNS = ("feature", "value", "min", "max")
HOME = "household"
Row = tuple[int, dict[str, str]]


def read_pool(people_text: str, quotas_text: str, seats: int) -> Pool:
    """The pool that two files describe. People: a column `id`, a column for each feature of the quotas, and perhaps `household`, of which
    at most one is seated; other columns are not read. Quotas: `feature,value,min,max`. Refuses with all reasons."""
    problems: list[Reason] = []
    rows = read_rows(people_text, N_("The people"), ["id"], problems)
    quotas = _quotas(read_rows(quotas_text, N_("The quotas"), QUOTA_COLUMNS, problems), problems)
    features = tuple(dict.fromkeys(quota.feature for quota in quotas))
    people = _people(rows, features, quotas, problems)
    if seats < 1:
        problems.append(Reason(N_("There must be at least one seat.")))
    elif rows and seats > len(rows):
        problems.append(Reason(N_("There are %(seats)s seats and only %(people)s people."), {"seats": seats, "people": len(rows)}))
    for feature in features if seats >= 1 else ():
        problems += _sums(feature, [quota for quota in quotas if quota.feature == feature], seats)
    if problems:
        raise Refused(problems)
    return Pool(features, tuple(people), tuple(quotas), seats)


def ids_in(people_text: str) -> list[str]:
    """The ids of a list of people, as far as it can be read."""
    return [row.get("id", "") for _line, row in read_rows(people_text, "", ["id"], [])]


def quota_values(quotas_text: str, problems: list[Reason]) -> dict[str, list[str]]:
    """The features that quotas are about, each with its values: what people are asked before a pool is made of them."""
    found: dict[str, list[str]] = {}
    for quota in _quotas(read_rows(quotas_text, N_("The quotas"), QUOTA_COLUMNS, problems), problems):
        found.setdefault(quota.feature, []).append(quota.value)
    return found


def write_people(people: Sequence[tuple[str, Mapping[str, str]]]) -> str:
    """A list of people as a file: (id, value by feature); all have the same features."""
    features = list(people[0][1]) if people else []
    return _csv([["id", *features], *([id, *(values[feature] for feature in features)] for id, values in people)])


def written(pool: Pool) -> tuple[str, str]:
    """The people and the quotas of a pool as files, with nothing in them that a draw does not need; read_pool makes the same pool of them."""
    has_homes = any(person.home for person in pool.people)
    head = ["id", *pool.features, *([HOME] if has_homes else [])]
    people = _csv([head, *([person.id, *person.features, *([person.home] if has_homes else [])] for person in pool.people)])
    return people, _csv([QUOTA_COLUMNS, *((quota.feature, quota.value, quota.least, quota.most) for quota in pool.quotas)])


def _csv(rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def read_rows(text: str, name: str, needed: Iterable[str], problems: list[Reason]) -> list[Row]:
    """The rows with their line numbers, once the file has a first row that names its columns."""
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as wrong:
        problems.append(Reason(N_("%(file)s: this is not a CSV file (%(why)s)."), {"file": name, "why": str(wrong)}))
        return []
    if len(lines) < 2:
        problems.append(Reason(N_("%(file)s: the file is empty; a first row names the columns, each other row is one entry."), {"file": name}))
        return []
    head = [cell.casefold() if cell.casefold() in (*needed, HOME) else cell for cell in lines[0][1]]
    missing = [column for column in needed if column not in head]
    twice = [column for column, n in Counter(head).items() if n > 1 and column]
    if missing:
        problems.append(Reason(N_("%(file)s: the first row lacks %(columns)s."), {"file": name, "columns": ", ".join(missing)}))
    if twice:
        problems.append(Reason(N_("%(file)s: the first row has %(columns)s more than once."), {"file": name, "columns": ", ".join(twice)}))
    uneven = [line for line, row in lines[1:] if len(row) != len(head)]
    if uneven:
        problems.append(Reason(N_("%(file)s: there are more or fewer cells than columns in line %(lines)s."), {"file": name, "lines": _lines(uneven)}))
    return [] if missing or twice else [(line, dict(zip(head, row, strict=False))) for line, row in lines[1:]]


def _quotas(rows: list[Row], problems: list[Reason]) -> list[Quota]:
    quotas, seen = [], set()
    for line, row in rows:
        said: dict[str, Any] = {"line": line, "feature": row.get("feature", ""), "value": row.get("value", "")}
        least, most = row.get("min", ""), row.get("max", "")
        if not said["feature"] or not said["value"]:
            problems.append(Reason(N_("The quotas, line %(line)s: feature and value must both be written."), said))
        elif (said["feature"], said["value"]) in seen:
            problems.append(Reason(N_("The quotas, line %(line)s: %(feature)s %(value)s stands there already."), said))
        elif not all(limit.isascii() and limit.isdigit() for limit in (least, most)):
            problems.append(Reason(N_("The quotas, line %(line)s: min and max must be whole numbers, 0 or more."), said))
        elif int(least) > int(most):
            problems.append(Reason(N_("The quotas, line %(line)s: min is above max."), said))
        else:
            seen.add((said["feature"], said["value"]))
            quotas.append(Quota(said["feature"], said["value"], int(least), int(most)))
    return quotas


def _people(rows: list[Row], features: tuple[str, ...], quotas: list[Quota], problems: list[Reason]) -> list[Person]:
    known = {(quota.feature, quota.value) for quota in quotas}
    columns = set(rows[0][1]) if rows else set(features)
    for feature in features:
        if feature not in columns:
            problems.append(Reason(N_("The people: no column is called %(feature)s, which has quotas."), {"feature": feature}))
    lines_of_id, strange, people = defaultdict(list), defaultdict(list), []
    for line, row in rows:
        lines_of_id[row.get("id", "")].append(line)
        values = tuple(row.get(feature, "") for feature in features)
        for feature, value in zip(features, values, strict=True):
            if feature in columns and (feature, value) not in known:
                strange[feature, value].append(line)
        people.append(Person(row.get("id", ""), values, " ".join(row.get(HOME, "").casefold().split())))
    for id, lines in lines_of_id.items():
        if not id:
            problems.append(Reason(N_("The people: there is no id in line %(lines)s."), {"lines": _lines(lines)}))
        elif len(lines) > 1:
            problems.append(Reason(N_("The people: the id %(id)s is in line %(lines)s."), {"id": id, "lines": _lines(lines)}))
    for (feature, value), lines in strange.items():
        said = {"feature": feature, "value": value, "lines": _lines(lines)}
        problems.append(Reason(
            N_("The people: %(feature)s is %(value)s in line %(lines)s, and there is no quota for it (0 to all will do).") if value
            else N_("The people: %(feature)s is empty in line %(lines)s."), said))
    return people


def _sums(feature: str, quotas: list[Quota], seats: int) -> Iterable[Reason]:
    least, most = sum(quota.least for quota in quotas), sum(quota.most for quota in quotas)
    said: dict[str, Any] = {"feature": feature, "seats": seats}
    if least > seats:
        yield Reason(N_("The least numbers of %(feature)s add up to %(sum)s, more than the %(seats)s seats."), said | {"sum": least})
    if most < seats:
        yield Reason(N_("The most numbers of %(feature)s add up to %(sum)s, fewer than the %(seats)s seats."), said | {"sum": most})


def _lines(lines: list[int]) -> str:
    """Numbers of lines, the first few of many."""
    return ", ".join(map(str, lines[:5])) + (f" … ({len(lines)})" if len(lines) > 5 else "")
