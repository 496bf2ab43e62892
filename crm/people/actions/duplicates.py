"""Candidates for merging: found, kept in step with the records, dismissed for good, looked at once more."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select, update

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.bulk import insert_rows
from crm.infra.db import new_id, session
from crm.infra.jobs import Job, enqueue
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.people.models import Duplicate, Person
from crm.people.queries.duplicates import JOB, duplicate_for, duplicates_job, existing_pairs
from crm.people.queries.likely import count_people
from crm.people.rules.duplicates import Pair

AT_ONCE = 500
MOST_IN_A_JOB = 200


def look_around(actor: Actor, ids: Iterable[int], *, now: datetime) -> None:
    """These people are new or were changed: looks for their duplicates in the background, many changes in one job."""
    fresh = sorted(set(ids))
    due = select(Job).where(Job.org_id == actor.org_id, Job.kind == JOB, Job.state == "due", Job.key.is_(None)).order_by(Job.id.desc()).limit(1)
    waiting = session().scalar(due.with_for_update(skip_locked=True))
    if waiting is not None and "people" in waiting.arguments and len(waiting.arguments["people"]) + len(fresh) <= MOST_IN_A_JOB:
        waiting.arguments = {"people": sorted({*waiting.arguments["people"], *fresh})}
    else:
        enqueue(actor.org_id, JOB, {"people": fresh}, now=now)


def look_at_import(actor: Actor, import_id: int, rows: int, *, now: datetime) -> None:
    """An import is in: looks for duplicates of all whom it made or changed."""
    enqueue(actor.org_id, JOB, {"import_id": import_id}, now=now, total=rows)


def look_at_everyone(actor: Actor, *, now: datetime) -> int:
    """Compares the whole list once more; a pass that is still on its way is not begun twice."""
    if not actor.may(Action.EDIT_PEOPLE):
        raise Missing
    running = duplicates_job(actor)
    if running is not None and running.finished_at is None:
        return running.id
    job_id = enqueue(actor.org_id, JOB, {}, now=now, key=f"{JOB}:{actor.org_id}:{new_id()}", total=count_people())
    audit.record(actor, "duplicates.asked", now=now)
    session().flush()
    return job_id


def dismiss(actor: Actor, duplicate_id: int, *, now: datetime) -> int:
    """They are two people: the candidate never comes back by itself."""
    return _decide(actor, duplicate_id, "open", "dismissed", now)


def reopen(actor: Actor, duplicate_id: int, *, now: datetime) -> int:
    """Takes a dismissal back."""
    return _decide(actor, duplicate_id, "dismissed", "open", now)


def _decide(actor: Actor, duplicate_id: int, was: str, becomes: str, now: datetime) -> int:
    row = duplicate_for(actor, duplicate_id, lock=True)
    if row.state == was:
        row.state = becomes
        row.decided_by, row.decided_at = (actor.account_id, now) if becomes == "dismissed" else (None, None)
        audit.record(actor, f"duplicate.{becomes}", now=now, subject=("duplicate", row.id), after={"ids": [row.first_id, row.second_id]})
        session().flush()
    return row.id


def store_pairs(pairs: Mapping[tuple[int, int], Pair], now: datetime) -> None:
    """Writes candidates: new ones come in, open ones are brought up to date, dismissed ones stay dismissed."""
    ids = {id for pair in pairs for id in pair}
    here = set()
    for some in _some(ids):
        here |= set(session().scalars(select(Person.id).where(Person.id.in_(some))))
    there = existing_pairs(ids)
    fresh, renewed = [], []
    for key, pair in pairs.items():
        score, reasons = round(pair.score * 1000), [{"text": why.text, "params": why.params} for why in pair.reasons]
        if key in there:
            id, state, before = there[key]
            if state == "open" and before != score:
                renewed.append({"id": id, "score": score, "reasons": reasons})
        elif here.issuperset(key):
            fresh.append((*key, score, reasons))
    insert_rows(Duplicate, ("first_id", "second_id", "score", "reasons"), fresh, state="open", created_at=now)
    for row in renewed:
        session().execute(update(Duplicate).where(Duplicate.id == row["id"]).values(score=row["score"], reasons=row["reasons"]))


def withdraw_pairs(ids: Collection[int]) -> None:
    """Takes open candidates away that no longer hold."""
    for some in _some(ids):
        session().execute(delete(Duplicate).where(Duplicate.id.in_(some), Duplicate.state == "open"), execution_options={"synchronize_session": False})


def _some(ids: Collection[int]) -> Iterable[list[int]]:
    ordered = sorted(ids)
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))
