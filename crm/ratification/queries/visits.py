"""One visit: the ballots of one voter on several offices of an election, behind one link.

Each office is a vote of its own, with its own roll, box, words and receipt. What joins them for a voter is that election, hours and holder
are the same; it is asked anew each time and stored nowhere.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Missing
from crm.ratification.models import Election, Electorate, Notice, Office, Ratification, RollEntry
from crm.ratification.queries.rolls import has_voted


@dataclass(frozen=True)
class Stop:
    """One ballot of a visit: the place of its office in the election, and whether its seat has voted."""

    number: int
    title: dict[str, str]
    entry_id: int
    vote_id: int
    is_secret: bool
    has_voted: bool


def _same_holder(one: Any, other: Any) -> ColumnElement[bool]:
    return (one.partner_id == other.partner_id) & or_(one.person_id == other.person_id, one.participant_id == other.participant_id)


def together_with(row: Ratification) -> list[Ratification]:
    """The other votes of its election that have its hours, drafts left out; none where it fills no office."""
    own = aliased(Office)
    votes = select(Ratification).join(Office, Office.ratification_id == Ratification.id).join(own, own.election_id == Office.election_id)
    same = own.ratification_id == row.id, Ratification.id != row.id, Ratification.opens_at == row.opens_at, Ratification.closes_at == row.closes_at
    return list(session().scalars(votes.where(*same, Ratification.state != "draft").order_by(Office.id)))


def title_together(row: Ratification) -> dict[str, str]:
    """What a notice calls the vote: its own title, or that of the election where one link opens several of its offices."""
    if not together_with(row):
        return row.title
    election = select(Election).join(Office, Office.election_id == Election.id).where(Office.ratification_id == row.id)
    return session().scalars(election).one().title


def stops_of(entry_id: int) -> list[Stop]:
    """The ballots that the holder of this seat casts in one visit, this one among them, in the order of the offices; empty where it is no office's."""
    me, here = aliased(RollEntry), aliased(Ratification)
    asked, mine = aliased(Electorate), aliased(Office)
    own = select(here.opens_at, here.closes_at, mine.election_id).join(asked, asked.ratification_id == here.id).join(me, me.electorate_id == asked.id)
    hours = session().execute(own.join(mine, mine.ratification_id == here.id).where(me.id == entry_id)).first()
    if hours is None:
        return []
    place = func.row_number().over(order_by=Office.id).label("number")
    offices = select(Office.ratification_id, Office.title, place).where(Office.election_id == hours.election_id).subquery()
    rows = session().execute(
        select(offices.c.number, offices.c.title, RollEntry.id, RollEntry.electorate_id, RollEntry.seat, Electorate.ratification_id, Electorate.is_secret)
        .join(Electorate, Electorate.id == RollEntry.electorate_id).join(Ratification, Ratification.id == Electorate.ratification_id)
        .join(offices, offices.c.ratification_id == Ratification.id).join(me, _same_holder(me, RollEntry))
        .where(me.id == entry_id, Ratification.poll_id.is_not(None), Ratification.opens_at == hours.opens_at, Ratification.closes_at == hours.closes_at)
        .order_by(offices.c.number)
    ).all()
    return [Stop(row.number, row.title, row.id, row.ratification_id, row.is_secret, has_voted(row.electorate_id, row.seat)) for row in rows]


def stop_numbered(entry_id: int, number: str) -> int:
    """The seat of the same holder for the office at that place, or Missing."""
    found = next((stop.entry_id for stop in stops_of(entry_id) if str(stop.number) == number), None)
    if found is None:
        raise Missing
    return found


def left_on_tablet(entry_id: int) -> int:
    """How many secret ballots the holder of this seat still casts in one visit: on a tablet, which opens all of them."""
    if stops := stops_of(entry_id):
        return sum(stop.is_secret and not stop.has_voted for stop in stops)
    seat = session().execute(select(RollEntry.electorate_id, RollEntry.seat).where(RollEntry.id == entry_id)).one()
    return int(not has_voted(*seat))


def seats_together(row: Ratification, entry_ids: Collection[int]) -> list[int]:
    """These seats, and those of their holders in the votes of the same visit: what ends one's link ends the links of all."""
    others = [vote.id for vote in together_with(row)]
    me = aliased(RollEntry)
    same = select(RollEntry.id).join(Electorate, Electorate.id == RollEntry.electorate_id).join(me, _same_holder(me, RollEntry))
    found = session().scalars(same.where(me.id.in_(entry_ids), Electorate.ratification_id.in_(others))).all() if others else []
    return [*entry_ids, *found]


def told_together(actor: Actor, row: Ratification, entry_ids: Collection[int]) -> dict[int, datetime]:
    """Whose text for another vote of the same visit, sent since this one was opened, has told of this one too: by seat, when."""
    if not (others := [vote.id for vote in together_with(row)]):
        return {}
    other = aliased(RollEntry)
    told = (
        select(RollEntry.id, func.max(Notice.told_at)).join(other, _same_holder(other, RollEntry)).join(Notice, Notice.entry_id == other.id)
        .where(RollEntry.id.in_(entry_ids), Notice.org_id == actor.org_id, Notice.ratification_id.in_(others), Notice.channel == "text",
               Notice.told_at >= row.prepared_at).group_by(RollEntry.id)
    )
    return dict(session().execute(told).all())
