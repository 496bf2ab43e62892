"""Reads of tellers and of the papers that are published while a vote is open."""

import json
from typing import Any

from sqlalchemy import func, select

from crm.infra.db import session
from crm.kernel.refusal import Missing
from crm.ratification.models import PublishedPaper, Ratification, Teller


def tellers_of(row: Ratification) -> list[Teller]:
    """The tellers in the order in which they were named."""
    return list(session().scalars(select(Teller).where(Teller.ratification_id == row.id).order_by(Teller.number)))


def paper_text(poll_id: str, number: int) -> str:
    """A published paper as it was published: the manifest is number 0, or Missing. Public."""
    text = session().scalar(select(PublishedPaper.text).where(PublishedPaper.poll_id == poll_id, PublishedPaper.number == number))
    if text is None:
        raise Missing()
    return text


def count_lists(poll_id: str) -> int:
    """How many lists of a vote were published. Public."""
    return session().scalar(select(func.count()).select_from(PublishedPaper).where(PublishedPaper.poll_id == poll_id, PublishedPaper.number > 0)) or 0


def lists_of(poll_id: str) -> list[dict[str, Any]]:
    """Every list of a vote so far, in order. Public."""
    texts = session().scalars(select(PublishedPaper.text).where(PublishedPaper.poll_id == poll_id, PublishedPaper.number > 0).order_by(PublishedPaper.number))
    return [json.loads(text) for text in texts]
