"""What is asked again and again while one page is written, asked of the database once."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from crm.infra.db import current_org, session

T = TypeVar("T")


def once(key: tuple[Any, ...], ask: Callable[[], T]) -> T:
    """What `ask` finds, kept until the transaction ends; what it raises is not kept.

    Only while nothing can be written: in a write transaction it asks each time, so that a row is as the last write or lock left it.
    `key` names the question with all that its answer depends on, besides the organization that the session is held to.
    """
    s = session()
    if s.info.get("writes"):
        return ask()
    key = (current_org(), *key)
    kept = s.info.setdefault("once", {})
    if key not in kept:
        kept[key] = ask()
    return kept[key]


@event.listens_for(Session, "after_transaction_end")
def _forget(s: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        s.info.pop("once", None)
