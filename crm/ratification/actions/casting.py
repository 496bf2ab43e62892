"""Casting a secret ballot: the bit and the ballot rows, and nothing else.

No event, audit entry, text, session touch or time is written. Casts share a lock on the vote's row, the close takes it
alone, so a ballot acknowledged before the close counts and none after does. The row of bits is the lock between casts.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from crm.infra.auth import Actor
from crm.infra.db import is_sqlite, session
from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification.models import Ballot, RollBits
from crm.ratification.queries import ballot_for, is_struck, listed
from crm.ratification.rules.ballots import Draft, has_bit, issues_in_choices, issues_in_draft, with_bit
from crm.ratification.rules.states import may_cast


@dataclass(frozen=True)
class Receipt:
    """What a member keeps: poll, ballot number, words and the trackers by plank. It does not say what was chosen."""

    poll_id: str
    nonce: str
    picks: tuple[int, int, int, int]
    trackers: dict[int, str]


def cast_ballot(actor: Actor, draft: Draft, *, now: datetime) -> Receipt:
    """Casts the ballot of the holder of a link. The same ballot again gives the same receipt.

    Another one is refused.
    """
    seat = ballot_for(actor, lock=True)
    if not seat.rule["secret"]:
        raise Refused(Reason(N_("This vote is open. It is cast beside your seat, not as a secret ballot.")))
    if draft.picks is None:
        raise Refused(issues_in_draft(draft))
    if issues := issues_in_choices(draft, seat.rule):
        raise Refused(issues)
    rows = draft.rows(seat.poll_id, seat.planks, seat.rule)
    trackers, is_open = [tracker for _plank, tracker, _choice in rows], seat.state == "open"
    struck = is_struck(seat.electorate_id, seat.seat)
    refusal = may_cast(seat.state, seat.opens_at, seat.closes_at, now, struck)
    if refusal is None and _set_bit(seat.electorate_id, seat.seat):
        if listed(seat.electorate_id, trackers, is_open):
            raise Refused(Reason(N_("This ballot page was used before. Open your link again and start over.")))
        session().execute(
            insert(Ballot),
            [
                {
                    "org_id": actor.org_id,
                    "electorate_id": seat.electorate_id,
                    "plank": plank,
                    "tracker": tracker,
                    "choice": choice,
                }
                for plank, tracker, choice in rows
            ],
        )
    elif listed(seat.electorate_id, trackers, is_open) < len(rows):
        raise Refused(
            refusal
            or Reason(N_("You have already voted. Your first ballot counts. Its receipt words show that it is in."))
        )
    return Receipt(seat.poll_id, draft.nonce, draft.picks, {plank: tracker for plank, tracker, _choice in rows})


def _set_bit(electorate_id: int, seat: int) -> bool:
    """Marks that the seat has voted; False when it had.

    One statement decides on PostgreSQL, the write lock on SQLite.
    """
    here = (RollBits.electorate_id == electorate_id, RollBits.shard == 0)
    if not is_sqlite():
        done = session().execute(
            update(RollBits)
            .where(*here, func.get_bit(RollBits.bits, seat) == 0)
            .values(bits=func.set_bit(RollBits.bits, seat, 1))
            .execution_options(synchronize_session=False)
        )
        return done.rowcount == 1
    bits = session().scalars(select(RollBits.bits).where(*here)).one()
    if has_bit(bits, seat):
        return False
    session().execute(
        update(RollBits).where(*here).values(bits=with_bit(bits, seat)).execution_options(synchronize_session=False)
    )
    return True
