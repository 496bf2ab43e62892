"""Asks as dated attempts: a row for each, also for those that reached nobody."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select

from crm.infra.auth import Actor
from crm.infra.db import new_ids, session
from crm.kernel.refusal import Missing
from crm.turnout import rules
from crm.turnout.models import Ask


def note_ask(actor: Actor, assembly_id: int, person_id: int, *, how: str, outcome: str, now: datetime) -> None:
    """Writes one attempt down: who asked, how, and what came of it."""
    if how not in rules.WAYS or outcome not in rules.OUTCOMES:
        raise Missing()
    session().add(Ask(
        org_id=actor.org_id, assembly_id=assembly_id, person_id=person_id, account_id=actor.account_id, asked_by=actor.name[:120], how=how,
        outcome=outcome, asked_at=now, answered_at=now if outcome in rules.ANSWER_OF else None, created_at=now,
    ))  # fmt: skip
    session().flush()


def note_texts(actor: Actor, assembly_id: int, person_ids: Iterable[int], *, now: datetime) -> None:
    """An ask by text for each of them, open until they answer."""
    people = list(person_ids)
    rows = [{
        "org_id": actor.org_id, "id": id, "assembly_id": assembly_id, "person_id": person_id, "account_id": actor.account_id,
        "asked_by": actor.name[:120], "how": "text", "outcome": "sent", "asked_at": now, "created_at": now,
    } for id, person_id in zip(new_ids(len(people)), people, strict=True)]  # fmt: skip
    if rows:
        session().execute(insert(Ask), rows)


def settle_ask(actor: Actor, assembly_id: int, person_id: int, outcome: str, *, now: datetime) -> None:
    """A member answered by themselves: the newest ask that was open has its outcome."""
    row = session().scalar(
        select(Ask).where(Ask.org_id == actor.org_id, Ask.assembly_id == assembly_id, Ask.person_id == person_id, Ask.outcome == "sent")
        .order_by(Ask.asked_at.desc(), Ask.id.desc()).limit(1)
    )
    if row is not None:
        row.outcome, row.answered_at = outcome, now
        session().flush()
