"""A row that fits several people: somebody says who it is."""

from datetime import datetime

from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.people import rules
from crm.people.actions.checking import read_created, store_plan, store_problems
from crm.people.actions.imports import CHANGED, mapping_of
from crm.people.models import ImportRow
from crm.people.queries import import_for, people_meant_by

NOT_ASKED = N_("Choose one of the people, someone new, or leave the row out.")


def answer_row(actor: Actor, import_id: int, number: int, answer: str, *, now: datetime) -> int:
    """The row is that person, or someone "new"; "?" leaves it out once more. Nothing changes for people yet."""
    found = import_for(actor, import_id, lock=True)
    if found.state != "review":
        raise Refused(Reason(CHANGED))
    wanted = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.number == number, ImportRow.answer != "")
    row = session().scalar(wanted.with_for_update())
    if row is None:
        raise Missing
    candidates = row.plan.get("candidates", [])
    if answer not in {"new", "?", *(str(id) for id, *_ in candidates)}:
        raise Refused(Reason(NOT_ASKED, field="answer"))
    mapping = mapping_of(found)
    told = rules.read_row(row.number, row.cells, mapping)
    known = people_meant_by([told], [id for id, *_ in candidates])
    for maker in _makers(import_id, [id for id, *_ in candidates if id not in known.people]):
        rules.plan_row(read_created(maker), known, mapping.existing, maker.person_id, maker.person_id)
    fresh = new_id()
    plan = rules.plan_row(told, known, mapping.existing, fresh, {"?": None, "new": fresh}[answer] if answer in ("?", "new") else int(answer))
    row.plan = store_plan(plan) | {"candidates": candidates}
    row.outcome, row.person_id, row.answer = plan.outcome, plan.person_id, answer
    row.problems, row.has_problems = store_problems(plan.problems), bool(plan.problems)
    session().flush()
    return import_id


def _makers(import_id: int, ids: list[int]) -> list[ImportRow]:
    """The rows of the file that will make these people."""
    made = (ImportRow.import_id == import_id) & (ImportRow.outcome == "create") & ImportRow.person_id.in_(ids)
    return list(session().scalars(select(ImportRow).where(made).order_by(ImportRow.number))) if ids else []
