"""What people read of an outside vote."""

from datetime import date
from typing import Any

from sqlalchemy import select

from crm.infra.db import session
from crm.ratification.models import OutsideResult, PublishedBoard, Ratification

NAMES = ("account_id", "by_name", "at", "held_on", "yes", "no", "districts", "districts_carried", "source")


def outside_readings(ratification: Ratification) -> list[dict[str, Any]]:
    """Each reading, the first first; at most two."""
    query = select(OutsideResult).where(OutsideResult.ratification_id == ratification.id).order_by(OutsideResult.at, OutsideResult.id)
    return [{name: getattr(row, name) for name in NAMES} for row in session().scalars(query)]


def published_readings(poll_id: str) -> list[dict[str, Any]]:
    """The same beside the published board, which is found without an organization."""
    found = session().scalar(select(PublishedBoard.outside).where(PublishedBoard.poll_id == poll_id)) or []
    return [reading | {"held_on": date.fromisoformat(reading["held_on"])} for reading in found]
