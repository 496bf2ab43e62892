"""The roll call: an organization's named vote, public at once, with its reason.

Changes are new rows and the latest counts.
"""

from datetime import datetime

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification.methods import METHODS
from crm.ratification.models import Electorate, Ratification, RollCallVote
from crm.ratification.queries import latest_votes, ratification_for, roll_call_of, seat_for
from crm.ratification.rules.states import may_cast


def vote_for_organization(
    actor: Actor, ratification_id: int, votes: dict[int, tuple[str, str]], *, now: datetime
) -> int:
    """Records the organization's vote on the planks given, {plank: (choice, reason)}.

    Refuses when nothing is chosen, and a reason without a choice. Returns how many are new or changed.
    """
    row = ratification_for(actor, ratification_id)
    electorate, seat = seat_for(actor, row, lock=True)  # the close locks every seat, so this decides who was first
    row = (
        session()
        .scalars(select(Ratification).where(Ratification.id == row.id).execution_options(populate_existing=True))
        .one()
    )
    if refusal := may_cast(row.state, row.opens_at, row.closes_at, now):
        raise Refused(refusal)
    if not votes:
        raise Refused(N_("Nothing was chosen. Choose yes, no or abstain on at least one plank."))
    planks = {plank["number"] for plank in (row.manifest or {})["planks"]}
    there = {
        plank: vote
        for (org_id, plank), vote in latest_votes(roll_call_of(electorate.id)).items()
        if org_id == actor.org_id
    }
    changed = {n: vote for n, vote in votes.items() if n not in there or (there[n].choice, there[n].reason) != vote}
    _check(changed, planks, METHODS[electorate.method].choices, electorate.may_change, set(there))
    for plank, (choice, reason) in sorted(changed.items()):
        version = there[plank].version + 1 if plank in there else 1
        session().add(_vote(actor, electorate, plank, choice, reason, version, now))
    if changed:
        seat.account_name = actor.name
        said = {str(n): choice for n, (choice, _reason) in changed.items()}
        audit.record(actor, "ratification.voted", now=now, subject=("ratification", row.id), after=said)
    session().flush()
    return len(changed)


def _vote(
    actor: Actor, electorate: Electorate, plank: int, choice: str, reason: str, version: int, now: datetime
) -> RollCallVote:
    return RollCallVote(
        org_id=electorate.org_id,
        partner_id=actor.org_id,
        electorate_id=electorate.id,
        plank=plank,
        choice=choice,
        reason=reason,
        version=version,
        account_name=actor.name,
        at=now,
    )


def _check(
    changed: dict[int, tuple[str, str]], planks: set[int], choices: tuple[str, ...], may_change: bool, there: set[int]
) -> None:
    issues = []
    for plank, (choice, reason) in sorted(changed.items()):
        if plank in planks and reason and not choice:
            issues.append(Reason(N_("Plank %(n)s has a reason and no answer. Choose yes, no or abstain."), {"n": plank}))
        elif plank not in planks or choice not in choices:
            issues.append(Reason(N_("Plank %(n)s has no such answer."), {"n": plank}))
        if plank in there and not may_change:
            issues.append(
                Reason(N_("The vote on plank %(n)s is in, and by the rule it cannot be changed."), {"n": plank})
            )
    if issues:
        raise Refused(issues)
