"""Casting a secret ballot: the bit and the ballot rows, and nothing else.

No event, audit entry, text, session touch or time is written. Casts share a lock on the vote's row, the close takes it
alone, so a ballot acknowledged before the close counts and none after does. The seat's row of bits is the lock between casts;
a large roll has several, so that a full hall does not stand in one line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from crm.infra.auth import Actor
from crm.infra.db import is_sqlite, session
from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification.models import Ballot, RollBits
from crm.ratification.queries import Seat, ballot_for, ballots_in, is_struck, listed, shards_of
from crm.ratification.rules.ballots import count_bits, has_bit, issues_in_choices, issues_in_draft, read_draft, with_bit
from crm.ratification.rules.states import may_cast


@dataclass(frozen=True)
class Receipt:
    """What a member keeps: poll, ballot number, words and the trackers by plank. It does not say what was chosen.

    `seat` is the vote as it stood then, `turnout` how many ballots were in, this one included.
    """

    seat: Seat
    nonce: str
    picks: tuple[int, int, int, int]
    trackers: dict[int, str]
    turnout: int


def cast_ballot(actor: Actor, fields: Mapping[str, str], *, now: datetime) -> Receipt:
    """Casts the ballot in these fields for the holder of a link. The same ballot again gives the same receipt.

    Another one is refused.
    """
    seat = ballot_for(actor, lock=True)
    if not seat.rule["secret"]:
        raise Refused(Reason(N_("This vote is open. It is cast beside your seat, not as a secret ballot.")))
    draft = read_draft(fields, seat.planks, seat.rule)
    if draft is None:
        raise Refused(Reason(N_("This ballot did not arrive whole. Open your link again and start over.")))
    if draft.picks is None:
        raise Refused(issues_in_draft(draft))
    if issues := issues_in_choices(draft, seat.rule):
        raise Refused(issues)
    rows = draft.rows(seat.poll_id, seat.planks, seat.rule)
    trackers = {plank: tracker for plank, tracker, _choice in rows}
    refusal = may_cast(seat.state, seat.opens_at, seat.closes_at, now, is_struck(seat.electorate_id, seat.seat))
    turnout = None if refusal else _set_bit(seat)
    if turnout is not None:
        _put_in(actor, seat, rows)
    elif listed(seat.electorate_id, list(trackers.values()), seat.state == "open") < len(rows):
        raise Refused(refusal or Reason(N_("You have already voted. Your first ballot counts. Its receipt words show that it is in.")))
    return Receipt(seat, draft.nonce, draft.picks, trackers, ballots_in(seat.electorate_id) if turnout is None else turnout)


def _put_in(actor: Actor, seat: Seat, rows: list[tuple[int, str, str]]) -> None:
    """A tracker stands in the box once: whoever copied a page casts nothing, and the bit is taken back with it."""
    base = {"org_id": actor.org_id, "electorate_id": seat.electorate_id}
    try:
        session().execute(insert(Ballot), [base | {"plank": plank, "tracker": tracker, "choice": choice} for plank, tracker, choice in rows])
    except IntegrityError:
        raise Refused(Reason(N_("This ballot page was used before. Open your link again and start over."))) from None


def _set_bit(seat: Seat) -> int | None:
    """Marks that the seat has voted: how many have, this one included; None when it had.

    One statement decides on PostgreSQL, the write lock on SQLite.
    """
    shard, bit = seat.seat % seat.shards, seat.seat // seat.shards
    here = (RollBits.electorate_id == seat.electorate_id, RollBits.shard == shard)
    if not is_sqlite():
        before = select(func.sum(func.bit_count(RollBits.bits))).where(RollBits.electorate_id == seat.electorate_id).scalar_subquery()
        return session().scalar(
            update(RollBits)
            .where(*here, func.get_bit(RollBits.bits, bit) == 0)
            .values(bits=func.set_bit(RollBits.bits, bit, 1))
            .returning(before + 1)
            .execution_options(synchronize_session=False)
        )
    shards = shards_of(seat.electorate_id)
    if has_bit(shards[shard], bit):
        return None
    session().execute(update(RollBits).where(*here).values(bits=with_bit(shards[shard], bit)).execution_options(synchronize_session=False))
    return sum(map(count_bits, shards)) + 1
