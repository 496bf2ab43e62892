"""Casting a secret ballot: the bit and the ballot rows, and nothing else.

No event, audit entry, text, session touch or time is written. Casts share a lock on the vote's row, the close takes it
alone, so a ballot acknowledged before the close counts and none after does. The seat's row of bits is the lock between casts;
a large roll has several, so that a full hall does not stand in one line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ARRAY, BigInteger, Integer, Select, Text, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from crm.infra.auth import Actor
from crm.infra.db import is_sqlite, own, session
from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification.models import Ballot, RollBits
from crm.ratification.queries import Seat, ballot_for, ballots_in, listed
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
    refusal = may_cast(seat.state, seat.opens_at, seat.closes_at, now, seat.is_struck)
    turnout = None if refusal else _put_in(seat, rows)
    if turnout is None and listed(seat.electorate_id, list(trackers.values()), seat.state in ("open", "held")) < len(rows):
        raise Refused(refusal or Reason(N_("You have already voted. Your first ballot counts. Its receipt words show that it is in.")))
    return Receipt(seat, draft.nonce, draft.picks, trackers, ballots_in(seat.electorate_id) if turnout is None else turnout)


def _put_in(seat: Seat, rows: list[tuple[int, str, str]]) -> int | None:
    """Marks that the seat has voted and puts its ballot in: how many have voted, this one included; None when the seat had.

    A tracker stands in the box once: whoever copied a page casts nothing, and the bit is taken back with it.
    """
    try:
        return _at_once(seat, rows) if not is_sqlite() else _one_after_the_other(seat, rows)
    except IntegrityError:
        raise Refused(Reason(N_("This ballot page was used before. Open your link again and start over."))) from None


def _at_once(seat: Seat, rows: list[tuple[int, str, str]]) -> int | None:
    """On PostgreSQL one statement decides: the ballot goes in only where it set the bit."""
    planks, trackers, choices = (list(column) for column in zip(*rows, strict=True))
    facts = {"electorate": seat.electorate_id, "of_shard": seat.seat % seat.shards, "bit": seat.seat // seat.shards}
    others = own(_statement(), facts | {"planks": planks, "trackers": trackers, "choices": choices}).scalar()
    return None if others is None else others + 1


def _one_after_the_other(seat: Seat, rows: list[tuple[int, str, str]]) -> int | None:
    """On SQLite nobody else writes meanwhile."""
    if (turnout := mark_seat(seat)) is not None:
        own(_PUT, [{"electorate": seat.electorate_id, "on_plank": plank, "under": tracker, "chosen": choice} for plank, tracker, choice in rows])
    return turnout


def mark_seat(seat: Seat) -> int | None:
    """Sets the bit of a seat, for a ballot or for a paper: how many are set, this one included; None when it was set."""
    shard, bit = seat.seat % seat.shards, seat.seat // seat.shards
    if not is_sqlite():
        before = select(func.sum(func.bit_count(RollBits.bits))).where(RollBits.electorate_id == seat.electorate_id).scalar_subquery()
        here = (RollBits.electorate_id == seat.electorate_id, RollBits.shard == shard)
        marked = update(RollBits).where(*here, func.get_bit(RollBits.bits, bit) == 0).values(bits=func.set_bit(RollBits.bits, bit, 1))
        return session().scalar(marked.returning(before + 1).execution_options(synchronize_session=False))
    shards = own(_SHARDS, {"electorate": seat.electorate_id}).scalars().all()
    if has_bit(shards[shard], bit):
        return None
    own(_MARK, {"electorate": seat.electorate_id, "of_shard": shard, "marked": with_bit(shards[shard], bit)})
    return sum(map(count_bits, shards)) + 1


# Statements are made once: a full hall casts five thousand times.
_SHARDS = select(RollBits.bits).where(RollBits.electorate_id == bindparam("electorate")).order_by(RollBits.shard)
_MARK = (
    update(RollBits).where(RollBits.electorate_id == bindparam("electorate"), RollBits.shard == bindparam("of_shard")).values(bits=bindparam("marked"))
)
_PUT = insert(Ballot).values(
    org_id=bindparam("own_org"), electorate_id=bindparam("electorate"), plank=bindparam("on_plank"), tracker=bindparam("under"), choice=bindparam("chosen"))


@lru_cache(maxsize=1)
def _statement() -> Select:
    """Sets the bit, and where that set it, puts the ballot in; gives how many others have voted."""
    org, electorate = bindparam("own_org", type_=BigInteger), bindparam("electorate", type_=BigInteger)
    mine, bit = (RollBits.org_id == org, RollBits.electorate_id == electorate), bindparam("bit", type_=Integer)
    before = select(func.sum(func.bit_count(RollBits.bits))).where(*mine).scalar_subquery()
    marked = (
        update(RollBits).where(*mine, RollBits.shard == bindparam("of_shard"), func.get_bit(RollBits.bits, bit) == 0)
        .values(bits=func.set_bit(RollBits.bits, bit, 1)).returning(before.label("others")).cte("marked")
    )
    columns = [func.unnest(bindparam(name, type_=ARRAY(kind))) for name, kind in (("planks", Integer), ("trackers", Text), ("choices", Text))]
    put = insert(Ballot).from_select(["org_id", "electorate_id", "plank", "tracker", "choice"], select(org, electorate, *columns).select_from(marked))
    return select(marked.c.others).add_cte(put.cte("put"))
