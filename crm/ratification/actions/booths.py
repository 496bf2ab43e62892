"""The tablet in the hall: put up by an organization's desk, unlocked for one voter and a few minutes, locked again by the next.

Where ballots of an election are cast in one visit it opens all of them, as the link does.

The row holds for whom it stands open now and nobody before. Casting on it writes what every cast writes, and nothing else.
"""

import secrets
from datetime import datetime, timedelta

from crm.infra.auth import Actor
from crm.infra.db import new_id, session
from crm.infra.links import issue_link_id, revoke_links
from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification.models.paper import VotingBooth
from crm.ratification.queries import ballot_for, is_struck, own_entry_for, ratification_for, stops_of
from crm.ratification.queries.paper import booth_for, secret_electorates
from crm.ratification.queries.visits import left_on_tablet
from crm.ratification.rules.states import may_cast

OPEN_FOR, MORE_FOR = timedelta(minutes=10), timedelta(minutes=3)  # and for each further ballot of the visit


def put_up_booth(actor: Actor, ratification_id: int, name: str, *, now: datetime) -> int:
    """One more tablet of the actor's organization; returns the link that it opens."""
    row = ratification_for(actor, ratification_id)
    secret_electorates(row)
    if row.state != "open":
        raise Refused(Reason(N_("This vote is not open.")))
    if not name.strip():
        raise Refused(Reason(N_("Give the tablet a name, like “Table by the door”."), field="name"))
    booth = VotingBooth(id=new_id(), org_id=row.org_id, partner_id=actor.org_id, ratification_id=row.id, name=name.strip())
    session().add(booth)
    session().flush()
    return issue_link_id(row.org_id, "booth", booth.id, expires_at=row.closes_at + timedelta(hours=1), now=now, partner_id=actor.org_id)


def unlock_booth(actor: Actor, ratification_id: int, booth_id: int, entry_id: int, *, now: datetime) -> tuple[int, int]:
    """Opens the tablet for one of the actor's own members; whoever stood there before is gone from it. For how many ballots, and minutes."""
    row, booth = ratification_for(actor, ratification_id), booth_for(actor, booth_id, lock=True)
    entry = own_entry_for(actor, row, entry_id)
    if booth.ratification_id != row.id:
        raise Refused(Reason(N_("This tablet belongs to another vote.")))
    if entry.electorate_id not in {e.id for e in secret_electorates(row)}:
        raise Refused(Reason(N_("This vote is open. It is cast beside your seat, not as a secret ballot.")))
    if refusal := may_cast(row.state, row.opens_at, row.closes_at, now, is_struck(entry.electorate_id, entry.seat)):
        raise Refused(refusal)
    if not (left := left_on_tablet(entry.id)):
        raise Refused(Reason(N_("This seat has voted, or its paper was handed out. Nobody gets a second ballot.")))
    return left, _open(booth, entry.id, left, now)


def unlock_by_link(actor: Actor, ballot: Actor, *, now: datetime) -> None:
    """Opens the tablet for the holder of a ballot link of the same vote, as it was typed or scanned at it."""
    booth, seat = booth_for(actor, actor.link.subject_id, lock=True), ballot_for(ballot)
    here = {stop.vote_id: stop.entry_id for stop in stops_of(ballot.link.subject_id)} | {seat.id: ballot.link.subject_id}
    entry_id = here.get(booth.ratification_id)
    if entry_id is None or not seat.rule["secret"] or not (left := left_on_tablet(entry_id)):
        raise Refused(Reason(N_("This code opens no ballot here. Ask at the desk.")))
    _open(booth, entry_id, left, now)


def _open(booth: VotingBooth, entry_id: int, ballots: int, now: datetime) -> int:
    """Returns for how many minutes."""
    open_for = OPEN_FOR + MORE_FOR * (ballots - 1)
    booth.entry_id, booth.pass_key, booth.until = entry_id, secrets.token_hex(16), now + open_for
    session().flush()
    return open_for // timedelta(minutes=1)


def lock_booth(actor: Actor, booth_id: int, *, now: datetime) -> None:
    """The member is done or leaves: the tablet waits for the next."""
    booth = booth_for(actor, booth_id, lock=True)
    booth.entry_id = booth.pass_key = booth.until = None
    session().flush()


def take_booth_down(actor: Actor, ratification_id: int, booth_id: int, *, now: datetime) -> int:
    """The tablet's link ends."""
    booth = booth_for(actor, booth_id, lock=True)
    revoke_links(booth.org_id, "booth", booth.id, now=now)
    session().delete(booth)
    session().flush()
    return ratification_id
