"""Rows that fit several people: somebody says who they are, one by one or all of a kind at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.jobs import enqueue
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.people import rules
from crm.people.actions.checking import read_created, store_plan, store_problems
from crm.people.actions.imports import CHANGED, mapping_of
from crm.people.models import Import, ImportRow
from crm.people.queries import import_for, people_meant_by
from crm.people.rules.candidates import DOUBTS

AT_ONCE = 200
NOT_ASKED = N_("Choose one of the people, someone new, or leave the row out.")
NONE_WAIT = N_("No row of this kind waits for an answer.")
KEPT = ("candidates", "best", "doubt")


def answer_row(actor: Actor, import_id: int, number: int, answer: str, *, now: datetime) -> int:
    """The row is that person, or someone "new"; "?" leaves it out once more. Nothing changes for people yet."""
    found = _reviewed(actor, import_id)
    wanted = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.number == number, ImportRow.answer != "")
    row = session().scalar(wanted.with_for_update())
    if row is None:
        raise Missing
    if answer not in {"new", "?", *(str(id) for id, *_ in row.plan.get("candidates", []))}:
        raise Refused(Reason(NOT_ASKED, field="answer"))
    _Settling(found, [row]).settle(row, answer)
    session().flush()
    return import_id


def answer_all(actor: Actor, import_id: int, doubt: str, answer: str, *, now: datetime) -> int:
    """Has every unanswered row of a kind answered in the same way: "new", or each its "best" match."""
    found = _reviewed(actor, import_id)
    if answer not in ("new", "best") or doubt not in ("", *DOUBTS):
        raise Refused(Reason(NOT_ASKED, field="all_are"))
    number = 1 + max((one["number"] for one in found.reading.get("answers", ())), default=0)
    _start(actor, found, {"number": number, "doubt": doubt, "answer": answer, "by": actor.name, "count": 0}, _unanswered(doubt), now)
    return import_id


def take_answers_back(actor: Actor, import_id: int, number: int, *, now: datetime) -> int:
    """Has the rows that were answered so asked about again, but for those that somebody answered anew since."""
    found = _reviewed(actor, import_id)
    if number not in {one["number"] for one in found.reading.get("answers", ())}:
        raise Refused(Reason(CHANGED))
    _start(actor, found, {"number": number, "answer": "?"}, _answered_by(number), now)
    return import_id


def answer_some(actor: Actor, import_id: int) -> tuple[bool, int]:
    """Answers the next rows; (whether all are answered, how many were looked at)."""
    found = import_for(actor, import_id, lock=True)
    doing = found.reading.get("answering")
    if found.state != "checking" or not doing:
        return True, 0
    which = _answered_by(doing["number"]) if doing["answer"] == "?" else _unanswered(doing["doubt"])
    wanted = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.number > doing["after"], which)
    rows = list(session().scalars(wanted.order_by(ImportRow.number).limit(AT_ONCE).with_for_update()))
    if not rows:
        _finish(found, doing)
        return True, doing["looked"]
    settling, count = _Settling(found, rows), 0
    for row in rows:
        answer = str(row.plan.get("best") or "") if doing["answer"] == "best" else doing["answer"]
        if answer:
            settling.settle(row, answer, doing["number"])
            count += 1
    found.reading = found.reading | {
        "answering": doing | {"after": rows[-1].number, "looked": doing["looked"] + len(rows), "count": doing.get("count", 0) + count}
    }
    session().flush()
    return False, doing["looked"] + len(rows)


def _reviewed(actor: Actor, import_id: int) -> Import:
    found = import_for(actor, import_id, lock=True)
    if found.state != "review":
        raise Refused(Reason(CHANGED))
    return found


def _unanswered(doubt: str) -> ColumnElement[bool]:
    of_kind = ImportRow.plan["doubt"].as_string() == doubt
    return (ImportRow.answer == "?") & of_kind if doubt else ImportRow.answer == "?"


def _answered_by(number: int) -> ColumnElement[bool]:
    return ImportRow.answer.not_in(("", "?")) & (ImportRow.plan["batch"].as_integer() == number)


def _start(actor: Actor, found: Import, doing: dict[str, Any], which: ColumnElement[bool], now: datetime) -> None:
    total = session().scalar(select(func.count()).select_from(ImportRow).where(ImportRow.import_id == found.id, which)) or 0
    if not total:
        raise Refused(Reason(NONE_WAIT))
    found.state, found.reading = "checking", found.reading | {"answering": doing | {"after": 0, "looked": 0}}
    found.job_id = enqueue(actor.org_id, "people.answer_import", {"import_id": found.id}, now=now, total=total)
    session().flush()


def _finish(found: Import, doing: dict[str, Any]) -> None:
    """What was answered together stands on the page, so that it can be taken back."""
    others = [one for one in found.reading.get("answers", ()) if one["number"] != doing["number"]]
    told = [{name: doing[name] for name in ("number", "doubt", "answer", "by", "count")}] if doing["answer"] != "?" and doing["count"] else []
    found.state, found.reading = "review", found.reading | {"answers": [*others, *told], "answering": None}
    session().flush()


class _Settling:
    """Planning some rows anew by what was said of them; of people who are new in it, two rows may mean the same."""

    def __init__(self, found: Import, rows: Sequence[ImportRow]):
        self.existing = mapping_of(found).existing
        reader = rules.RowReader(mapping_of(found))
        self.told = {row.number: reader.read(row.number, row.cells) for row in rows}
        ids = {id for row in rows for id, *_rest in row.plan.get("candidates", ())}
        self.known, self.made = people_meant_by(list(self.told.values()), ids), rules.Known()
        for maker in _makers(found.id, ids - self.known.people.keys()):
            rules.plan_row(read_created(maker), self.known, self.existing, maker.person_id, maker.person_id)

    def settle(self, row: ImportRow, answer: str, batch: int = 0) -> None:
        """The row is planned by this answer and keeps whom it might have meant."""
        told, fresh = self.told[row.number], new_id()
        if answer == "new":
            plan = rules.plan_row(told, self.made, self.existing, fresh)
            plan = rules.plan_row(told, self.made, self.existing, fresh, fresh) if plan.candidates else plan
        else:
            plan = rules.plan_row(told, self.known, self.existing, fresh, None if answer == "?" else int(answer))
        row.plan = store_plan(plan) | {name: row.plan[name] for name in KEPT if name in row.plan} | ({"batch": batch} if batch else {})
        row.outcome, row.person_id, row.answer = plan.outcome, plan.person_id, answer
        row.problems, row.has_problems = store_problems(plan.problems), bool(plan.problems)


def _makers(import_id: int, ids: set[int]) -> list[ImportRow]:
    """The rows of the file that will make these people."""
    made = (ImportRow.import_id == import_id) & (ImportRow.outcome == "create") & ImportRow.person_id.in_(ids)
    return list(session().scalars(select(ImportRow).where(made).order_by(ImportRow.number))) if ids else []
