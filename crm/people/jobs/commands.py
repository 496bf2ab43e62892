"""What the command line does with people: brings a file in, judges a file's duplicates."""

import json as json_text
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from crm.infra.auth import Actor
from crm.infra.clock import now
from crm.infra.db import reading, transaction
from crm.infra.jobs import job_for, run_due
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.organizations.queries import organization_by_slug
from crm.people import actions, queries, rules
from crm.people.providers import read_sheet
from crm.people.rules.duplicates import find_pairs, records_of

_LARGEST_LOCAL = 200 * 2**20  # of a file on the own machine; what comes over the web is held to less


def import_from_command(file: str, org_slug: str, dry_run: bool = False, json: bool = False) -> int:
    """`plenary people import`: plans the file with the guessed columns, says what will happen, and does it unless dry."""
    try:
        content = Path(file).read_bytes()
        sheet = read_sheet(content)
    except OSError as error:
        return _say_no([f"{file}: {error.strerror}"], json)
    except Refused as refused:
        return _say_no([str(reason) for reason in refused.reasons], json)
    try:
        with reading():
            organization = organization_by_slug(org_slug)
            org_id, country = organization.id, organization.country
    except Missing:
        return _say_no([f"{org_slug}: there is no organization of that name"], json)
    described, fields = actions.describe(sheet)
    choices = {"country": country, "dates": "month" if country in MONTH_FIRST else "day"}
    with reading(org_id):
        mapping = actions.mapping_for(described, fields, choices)
    if wrong := rules.issues_in_mapping(mapping):
        return _say_no([str(reason) for reason in wrong], json)
    facts = {"file": file, "columns": _columns(mapping), "is_dry_run": dry_run}
    try:
        if dry_run:
            counts, rows = _plan_now(org_id, content, described, mapping)
        else:
            import_id = _start_now(by := Actor.system(org_id), Path(file).name, content, sheet, mapping)
            del content, sheet  # the import holds the file, sealed
            counts, rows = _import_now(by, import_id, mapping)
    except Refused as refused:
        return _say_no([str(reason) for reason in refused.reasons], json)
    return _report(counts, rows, facts, json)


def duplicates_from_command(file: str, json: bool = False) -> int:
    """`plenary people duplicates`: prints which rows of a file are probably one person; 2 when the file cannot be judged."""
    try:
        if Path(file).stat().st_size > _LARGEST_LOCAL:
            return _say_no([f"{file}: this file is larger than 200 MB"], json, 2)
        found = find_pairs(records_of(read_sheet(Path(file).read_bytes(), largest=_LARGEST_LOCAL).rows))
    except OSError as error:
        return _say_no([f"{file}: {error.strerror}"], json, 2)
    except Refused as refused:
        return _say_no([str(reason) for reason in refused.reasons], json, 2)
    if json:
        told = [{"a": p.a, "b": p.b, "score": p.score, "reasons": [str(why) for why in p.reasons]} for p in found]
        print(json_text.dumps({"pairs": told}, ensure_ascii=False))
        return 0
    for p in found:
        print(f"{p.score:.4f}  {p.a}  {p.b}  {', '.join(map(str, p.reasons))}")
    print(f"{len(found)} pairs of rows are probably one person")
    return 0


MONTH_FIRST = ("US", "PR")  # how a date that may be either is read on the command line, where nobody can be asked
Told = tuple[dict[str, int], Iterable[dict[str, Any]]]


def _plan_now(org_id: int, content: bytes, described: dict[str, Any], mapping: rules.Mapping) -> Told:
    counts, rows = dict.fromkeys(queries.OUTCOMES, 0), []
    with reading(org_id):
        for plan in actions.plan_file(content, described, mapping):
            counts[plan.outcome] += 1
            if plan.problems:
                rows.append(_row(plan.row.number, plan.outcome, plan.name, plan.problems, mapping.headers))
    return counts, rows


def _start_now(by: Actor, name: str, content: bytes, sheet: Any, mapping: rules.Mapping) -> int:
    with transaction(by.org_id):
        import_id = actions.start_import(by, name, content, sheet, now=now())
        choices = {"existing": mapping.existing, "country": mapping.country, "dates": "day" if mapping.is_day_first else "month"}
        return actions.choose_columns(by, import_id, mapping.fields, choices, now=now())


def _import_now(by: Actor, import_id: int, mapping: rules.Mapping) -> Told:
    _until(by, import_id, "review")
    with transaction(by.org_id):
        actions.apply(by, import_id, now=now())
    _until(by, import_id, "applied")
    with reading(by.org_id):
        counts = queries.count_outcomes(by, import_id)
    return {name: counts[name] for name in queries.OUTCOMES}, _problems(by, import_id, mapping)


def _problems(by: Actor, import_id: int, mapping: rules.Mapping) -> Iterator[dict[str, Any]]:
    """Row by row: a quarter of a million of them would not fit into memory."""
    after = None
    while True:
        with reading(by.org_id):
            page = queries.import_rows_page(by, import_id, "problems", after, size=1000)
            told = [_row(view.row.number, view.row.outcome, view.row.plan.get("name", ""), view.problems, mapping.headers) for view in page.rows]
        yield from told
        if (after := page.next) is None:
            return


def _until(by: Actor, import_id: int, state: str) -> None:
    """Runs the import's own jobs here, step by step, until it has come so far; a worker that is running may do it as well. What
    it and earlier ones leave to be done (the search for duplicates) stays in the queue."""
    while True:
        with reading(by.org_id):
            found = queries.import_for(by, import_id)
            state_now, job_id, is_over = found.state, found.job_id, job_for(by, found.job_id).state in ("failed", "stopped")
        if state_now == state:
            return
        if is_over:
            raise Refused(N_("The import was stopped before it was finished. Go on with it on its page."))
        if not run_due(1, job_id):
            time.sleep(0.1)  # a worker has it


def _columns(mapping: rules.Mapping) -> dict[str, str]:
    return {header or f"column {n}": field for n, (header, field) in enumerate(zip(mapping.headers, mapping.fields, strict=True), 1)}


def _row(number: int, outcome: str, name: str, problems: list[tuple[int, Reason]], headers: Any) -> dict[str, Any]:
    told = [{"column": headers[place] if 0 <= place < len(headers) else "", "problem": str(why)} for place, why in problems]
    return {"row": number, "outcome": outcome, "name": name, "problems": told}


def _report(counts: dict[str, int], rows: Iterable[dict[str, Any]], facts: dict[str, Any], json: bool) -> int:
    if json:
        opened = json_text.dumps(facts | {"counts": counts}, ensure_ascii=False)[:-1]
        print(f'{opened}, "rows": [', end="")
        for number, row in enumerate(rows):
            print(",\n" * bool(number) + json_text.dumps(row, ensure_ascii=False), end="")
        print("]}")
        return 0
    for row in rows:
        for problem in row["problems"]:
            print(f"row {row['row']}, {problem['column'] or 'whole row'}: {problem['problem']}")
    verb = "would be " if facts["is_dry_run"] else ""
    print(f"{counts['create']} {verb}added, {counts['update']} {verb}changed, {counts['same']} already here, {counts['skip']} left out")
    return 0


def _say_no(reasons: list[str], json: bool, status: int = 1) -> int:
    print(
        json_text.dumps({"problems": reasons}, ensure_ascii=False) if json else "\n".join(reasons),
        file=sys.stdout if json else sys.stderr,
    )
    return status
