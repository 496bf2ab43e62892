"""The result of an outside vote: two people read it from its source, each by themselves. It stands once they read the same."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification.models import OutsideResult, PublishedBoard
from crm.ratification.queries import outside_readings, ratification_for
from crm.ratification.rules.referral import issues_in_reading, outside_result


def read_outside_result(actor: Actor, ratification_id: int, typed: dict[str, Any], *, now: datetime) -> int:
    """Enters or replaces what the actor read; the reading of another stays, and nothing changes once two agree."""
    row = ratification_for(actor, ratification_id, lock=True)
    referral = (row.manifest or {}).get("referral")
    if referral is None or row.state not in ("closed", "certified"):
        raise Refused(Reason(N_("This vote was not referred to an outside one, or is not counted yet.")))
    readings = outside_readings(row)
    if outside_result(referral, readings).is_carried is not None:
        raise Refused(Reason(N_("Two people have read the same, so the result stands.")))
    if len(readings) > 1 and actor.account_id not in {reading["account_id"] for reading in readings}:
        raise Refused(Reason(N_("Two people have read it, and differ. One of them reads it again.")))
    if issues := issues_in_reading(referral, typed):
        raise Refused(issues)
    if not referral["districts"]:
        typed = typed | {"districts": None, "districts_carried": None}
    session().execute(delete(OutsideResult).where(OutsideResult.ratification_id == row.id, OutsideResult.account_id == actor.account_id))
    session().add(OutsideResult(org_id=row.org_id, ratification_id=row.id, account_id=actor.account_id, by_name=actor.name, at=now, **typed))
    session().flush()
    board = session().scalars(select(PublishedBoard).where(PublishedBoard.poll_id == row.poll_id)).one()
    board.outside = [
        {name: value for name, value in reading.items() if name not in ("account_id", "at")} | {"held_on": reading["held_on"].isoformat()}
        for reading in outside_readings(row)
    ]
    audit.record(actor, "ratification.outside", now=now, subject=("ratification", row.id), after={"yes": typed["yes"], "no": typed["no"]})
    session().flush()
    return row.id
