"""Open votes, for the wall of a hall: turnout only where this organization keeps the roll, and only above the floor."""

from datetime import datetime

from sqlalchemy import select

from crm.infra.db import circle, current_org, session
from crm.ratification.models import Electorate, Ratification
from crm.ratification.queries.rolls import turnout_of
from crm.ratification.rules.reports import shown_turnout
from crm.turnout.queries import VoteOnTheWall

MOST = 2


def votes_on_the_wall(now: datetime) -> list[VoteOnTheWall]:
    """Votes of the organization and its coalitions that are open now, the first to close first."""
    open_now = (
        select(Ratification).where(Ratification.state == "open", Ratification.opens_at <= now, Ratification.closes_at > now, Ratification.org_id.in_(circle()))
        .order_by(Ratification.closes_at, Ratification.id).limit(MOST)
    )
    return [_shown(vote) for vote in session().scalars(open_now).all()]


def _shown(vote: Ratification) -> VoteOnTheWall:
    members = session().scalar(select(Electorate).where(Electorate.ratification_id == vote.id, Electorate.kind == "members"))
    if members is None or vote.org_id != current_org():
        return VoteOnTheWall(vote.title, vote.closes_at)
    return VoteOnTheWall(vote.title, vote.closes_at, shown_turnout(turnout_of(members), True), members.roll_size)
