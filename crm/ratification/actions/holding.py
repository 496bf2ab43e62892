"""A backup that is put back while a vote is open holds fewer ballots than were acknowledged: the vote is held, and does not run on by itself."""

from datetime import datetime

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Refused
from crm.ratification.actions.closing import add_correction
from crm.ratification.models import Ratification
from crm.ratification.queries import ratification_for
from crm.ratification.queries.paper import is_on_paper, papers_of
from crm.ratification.rules.paper import issues_by_sheets
from crm.ratification.rules.states import may_resume


def hold_open_votes(actor: Actor, *, now: datetime) -> int:
    """Holds every open vote of the organization; returns how many."""
    rows = session().scalars(select(Ratification).where(Ratification.org_id == actor.org_id, Ratification.state == "open").with_for_update()).all()
    for row in rows:
        row.state = "held"
        audit.record(actor, "ratification.held", now=now, subject=("ratification", row.id))
    session().flush()
    return len(rows)


def resume(actor: Actor, ratification_id: int, *, reason: str, sheets: int | None, now: datetime) -> int:
    """Lets a held vote go on, with the reason in the numbered corrections. `sheets`: papers handed out by the sheets that are gone."""
    row = ratification_for(actor, ratification_id, lock=True)
    more = issues_by_sheets(sheets, sum(count.issued for count in papers_of(row).values())) if is_on_paper(row) else []
    if refusal := may_resume(row.state, row.closes_at, now, reason, more):
        raise Refused(refusal)
    row.state = "open"
    add_correction(actor, row, "resumed", None, None, reason.strip(), now)
    audit.record(actor, "ratification.resumed", now=now, subject=("ratification", row.id))
    return row.id
