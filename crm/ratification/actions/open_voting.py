"""An open vote of members, declared so before it opened: each vote is kept beside its seat, by the member's own page or by text.

The close locks every seat of the roll, as a cast locks its own: a vote acknowledged before the close counts, and none after.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import N_, Missing, Reason, Refused
from crm.ratification.methods import METHODS
from crm.ratification.models import Electorate, MemberVote, Ratification, RollEntry
from crm.ratification.queries import is_struck, votes_of_seat
from crm.ratification.rules.states import may_cast


def cast_open_vote(actor: Actor, entry_id: int, choices: Mapping[int, str], *, via: str, now: datetime) -> dict[int, str]:
    """Casts or changes the open vote of one seat; planks left out count as abstain. The same vote again changes nothing."""
    entry = session().scalar(select(RollEntry).where(RollEntry.id == entry_id).with_for_update())
    if entry is None:
        raise Missing
    electorate = session().scalars(select(Electorate).where(Electorate.id == entry.electorate_id)).one()
    row = session().scalars(
        select(Ratification).where(Ratification.id == electorate.ratification_id).execution_options(populate_existing=True)).one()
    if electorate.is_secret:
        raise Refused(Reason(N_("This vote is secret. It is cast on your own page, never beside your name.")))
    if refusal := may_cast(row.state, row.opens_at, row.closes_at, now, is_struck(electorate.id, entry.seat)):
        raise Refused(refusal)
    planks = [plank["number"] for plank in (row.manifest or {})["planks"]]
    wanted = {plank: choices.get(plank, "abstain") for plank in planks}
    if not set(choices) <= set(planks) or not set(wanted.values()) <= set(METHODS[electorate.method].choices):
        raise Refused(Reason(N_("This ballot does not belong to this vote.")))
    there = votes_of_seat(electorate.id, entry.seat)
    changed = {plank: choice for plank, choice in wanted.items() if plank not in there or there[plank].choice != choice}
    if there and changed and not electorate.may_change:
        raise Refused(Reason(N_("Your vote is in, and by the rule of this vote it cannot be changed.")))
    session().add_all(
        MemberVote(org_id=electorate.org_id, partner_id=entry.partner_id, electorate_id=electorate.id, seat=entry.seat, plank=plank, choice=choice,
                   version=there[plank].version + 1 if plank in there else 1, via=via, at=now, created_at=now)
        for plank, choice in changed.items()
    )
    if changed:
        audit.record(actor, "ratification.member_voted", now=now, subject=("ratification", row.id), after={"seat": entry.seat + 1, "via": via})
    session().flush()
    return wanted
