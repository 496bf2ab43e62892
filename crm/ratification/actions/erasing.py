"""Erasing a person leaves every vote as it is: while one is open, its roll is frozen; afterwards a seat is a number."""

from sqlalchemy import select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import N_, Reason
from crm.people.actions.erasing import Who
from crm.ratification.models import Electorate, Ratification, RollEntry
from crm.ratification.models.sealed import SealedSeat, SealedVote


def issues_before_erasing(actor: Actor, who: Who) -> list[Reason]:
    """The roll of an open vote was frozen with its text: whoever stands on it can be erased when the vote has closed."""
    rolls = (
        select(Ratification.closes_at)
        .join(Electorate, Electorate.ratification_id == Ratification.id)
        .join(RollEntry, RollEntry.electorate_id == Electorate.id)
        .where(RollEntry.partner_id == actor.org_id, RollEntry.person_id.in_(who.ids), Ratification.state.in_(("preparing", "open", "held")))
    )
    sealed = (
        select(SealedVote.closes_at).join(SealedSeat, SealedSeat.vote_id == SealedVote.id)
        .where(SealedSeat.person_id.in_(who.ids), SealedVote.state == "frozen")
    )
    until = max((*session().scalars(rolls), *session().scalars(sealed)), default=None)
    if until is None:
        return []
    words = N_("They stand on the roll of a vote that is open until %(day)s, and that roll is frozen. Erase them when it has closed.")
    return [Reason(words, {"day": until.date().isoformat()})]
