"""Reads of challenges to a roll: the owner sees all of its vote, an organization those it raised."""

from sqlalchemy import select

from crm.infra.db import session
from crm.kernel.refusal import Missing
from crm.ratification.models import Ratification, RollChallenge


def challenges_of(row: Ratification) -> list[RollChallenge]:
    """Challenges that the session may see, those without an answer first."""
    query = select(RollChallenge).where(RollChallenge.ratification_id == row.id)
    return list(session().scalars(query.order_by(RollChallenge.answer != "open", RollChallenge.raised_at, RollChallenge.id)))


def challenge_for(row: Ratification, challenge_id: int) -> RollChallenge:
    """One of them, locked."""
    query = select(RollChallenge).where(RollChallenge.ratification_id == row.id, RollChallenge.id == challenge_id)
    found = session().scalar(query.with_for_update())
    if found is None:
        raise Missing()
    return found
