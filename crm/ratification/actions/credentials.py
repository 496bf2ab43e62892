"""The credentials committee: two seats that may be one human.

A person decides, and a strike is a numbered, public correction.
"""

from datetime import datetime

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.links import revoke_links
from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification.actions.closing import add_correction
from crm.ratification.models import Electorate, RollBits, RollEntry
from crm.ratification.queries import candidate_for, has_voted, is_struck, ratification_for
from crm.ratification.rules.states import may_strike


def answer_candidate(
    actor: Actor, ratification_id: int, candidate_id: int, strike_seat: int | None, *, reason: str = "", now: datetime
) -> int:
    """Answers whether two seats are one human: `strike_seat` leaves the roll, or None when they are two people."""
    row = ratification_for(actor, ratification_id, lock=True)
    candidate = candidate_for(actor, candidate_id)
    electorate = session().scalars(select(Electorate).where(Electorate.id == candidate.electorate_id)).one()
    if electorate.ratification_id != row.id or candidate.answer != "open":
        raise Refused(Reason(N_("This question has been answered.")))
    if strike_seat is None:
        candidate.answer = "two_people"
    else:
        if strike_seat not in (candidate.seat, candidate.other_seat):
            raise Refused(Reason(N_("Choose one of the two seats.")))
        if not reason.strip():
            raise Refused(Reason(N_("Write the reason: every correction of the roll is public."), field="reason"))
        session().execute(select(RollBits.id).where(RollBits.electorate_id == electorate.id).with_for_update())
        session().execute(select(RollEntry.id).where(RollEntry.electorate_id == electorate.id, RollEntry.seat == strike_seat).with_for_update())
        if refusal := may_strike(
            row.state, has_voted(electorate.id, strike_seat), is_struck(electorate.id, strike_seat)
        ):
            raise Refused(refusal)
        add_correction(actor, row, "struck", electorate, strike_seat, reason.strip(), now)
        entry_id = (
            session()
            .scalars(
                select(RollEntry.id).where(RollEntry.electorate_id == electorate.id, RollEntry.seat == strike_seat)
            )
            .one()
        )
        revoke_links(row.org_id, "ballot", entry_id, now=now)
        candidate.answer = "struck"
    audit.record(
        actor, "ratification.answered", now=now, subject=("ratification", row.id), after={"answer": candidate.answer}
    )
    session().flush()
    return row.id
