"""The credentials committee: two seats that may be one human, and seats that their own organization challenges.

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
from crm.ratification.models import Electorate, Ratification, RollBits, RollChallenge, RollEntry
from crm.ratification.queries import candidate_for, challenge_for, challenges_of, has_voted, is_struck, own_entry_for, ratification_for, seats_together
from crm.ratification.rules.challenges import issues_in_challenge
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
        _strike(actor, row, electorate, strike_seat, reason, now)
        candidate.answer = "struck"
    audit.record(
        actor, "ratification.answered", now=now, subject=("ratification", row.id), after={"answer": candidate.answer}
    )
    session().flush()
    return row.id


def _strike(actor: Actor, row: Ratification, electorate: Electorate, seat: int, reason: str, now: datetime) -> None:
    """A seat leaves the roll by a numbered, public correction, and its link ends; a seat that has voted stays."""
    session().execute(select(RollBits.id).where(RollBits.electorate_id == electorate.id).with_for_update())
    entry = session().scalars(
        select(RollEntry).where(RollEntry.electorate_id == electorate.id, RollEntry.seat == seat).with_for_update()).one()
    if refusal := may_strike(row.state, has_voted(electorate.id, seat), is_struck(electorate.id, seat)):
        raise Refused(refusal)
    add_correction(actor, row, "struck", electorate, seat, reason.strip(), now)
    if len(seats_together(row, [entry.id])) == 1:  # one that opens other ballots of an election too stays; this one it casts no more
        revoke_links(row.org_id, "ballot", entry.id, now=now)


def challenge_seat(actor: Actor, ratification_id: int, entry_id: int, *, reason: str, now: datetime) -> int:
    """An organization challenges one of its own seats; the owner's credentials committee decides."""
    row = ratification_for(actor, ratification_id)
    entry = own_entry_for(actor, row, entry_id)
    issues = issues_in_challenge(row.state, reason, any(one.seat == entry.seat and one.answer == "open" for one in challenges_of(row)))
    if issues:
        raise Refused(issues)
    session().add(RollChallenge(
        org_id=row.org_id, partner_id=actor.org_id, ratification_id=row.id, electorate_id=entry.electorate_id, seat=entry.seat,
        reason=reason.strip(), raised_by=actor.name, raised_at=now,
    ))
    audit.record(actor, "ratification.challenged", now=now, subject=("ratification", row.id), after={"seat": entry.seat})
    session().flush()
    return row.id


def answer_challenge(actor: Actor, ratification_id: int, challenge_id: int, *, strikes: bool, reason: str, now: datetime) -> int:
    """The committee keeps the seat or strikes it, in writing either way."""
    row = ratification_for(actor, ratification_id, lock=True)
    challenge = challenge_for(row, challenge_id)
    if challenge.answer != "open":
        raise Refused(Reason(N_("This question has been answered.")))
    if not reason.strip():
        raise Refused(Reason(N_("Write the reason: the organization reads it, and a correction of the roll is public."), field="reason"))
    if strikes:
        electorate = session().scalars(select(Electorate).where(Electorate.id == challenge.electorate_id)).one()
        _strike(actor, row, electorate, challenge.seat, reason, now)
    challenge.answer, challenge.answer_reason, challenge.answered_by = "struck" if strikes else "kept", reason.strip(), actor.name
    audit.record(actor, "ratification.challenge_answered", now=now, subject=("ratification", row.id), after={"answer": challenge.answer})
    session().flush()
    return row.id
