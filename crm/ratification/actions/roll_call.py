"""The roll call: an organization's named vote, public at once, with its reason; with all its mandates, or split in one go.

Changes are new rows and the latest counts.
"""

from collections.abc import Mapping, Set
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification.methods import METHODS
from crm.ratification.models import Electorate, OrganizationSeat, Ratification, RollCallVote
from crm.ratification.queries import latest_votes, ratification_for, roll_call_of, seat_for
from crm.ratification.rules.states import may_cast

NO_SPLITS: Mapping[int, dict[str, int]] = MappingProxyType({})


def vote_for_organization(
    actor: Actor, ratification_id: int, votes: dict[int, tuple[str, str]], *, splits: Mapping[int, dict[str, int]] = NO_SPLITS, now: datetime
) -> int:
    """Records the organization's vote on the planks given, {plank: (choice, reason)}; `splits` are the mandates by answer where it splits them.

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
    changed = {n: vote for n, vote in votes.items() if n not in there or (there[n].choice, there[n].reason, there[n].split) != (*vote, splits.get(n))}
    _check(changed, splits, planks, electorate, seat, there.keys())
    for plank, (choice, reason) in sorted(changed.items()):
        version = there[plank].version + 1 if plank in there else 1
        session().add(_vote(actor, electorate, plank, (choice, reason, splits.get(plank)), version, now))
    if changed:
        seat.account_name = actor.name
        said = {str(n): splits.get(n, choice) for n, (choice, _reason) in changed.items()}
        audit.record(actor, "ratification.voted", now=now, subject=("ratification", row.id), after=said)
    session().flush()
    return len(changed)


def _vote(
    actor: Actor, electorate: Electorate, plank: int, said: tuple[str, str, dict[str, int] | None], version: int, now: datetime
) -> RollCallVote:
    choice, reason, split = said
    return RollCallVote(
        org_id=electorate.org_id,
        partner_id=actor.org_id,
        electorate_id=electorate.id,
        plank=plank,
        choice=choice,
        split=split,
        reason=reason,
        version=version,
        account_name=actor.name,
        at=now,
    )


def _check(
    changed: dict[int, tuple[str, str]], splits: Mapping[int, dict[str, int]], planks: set[int], electorate: Electorate, seat: OrganizationSeat,
    there: Set[int],
) -> None:
    choices = METHODS[electorate.method].choices
    unsplit = {n: vote for n, vote in changed.items() if vote[0] != "split" or n not in planks}
    issues = _issues(unsplit, planks, choices) + _issues_in_splits(changed, splits, seat.mandates if electorate.is_weighted else 0, choices)
    if not electorate.may_change:
        words = N_("The vote on plank %(n)s is in, and by the rule it cannot be changed.")
        issues += [Reason(words, {"n": n}) for n in sorted(changed.keys() & there)]
    if issues:
        raise Refused(issues)


def _issues(changed: dict[int, tuple[str, str]], planks: set[int], choices: tuple[str, ...]) -> list[Reason]:
    issues = []
    for plank, (choice, reason) in sorted(changed.items()):
        if plank in planks and reason and not choice:
            issues.append(Reason(N_("Plank %(n)s has a reason and no answer. Choose yes, no or abstain."), {"n": plank}))
        elif plank not in planks or choice not in choices:
            issues.append(Reason(N_("Plank %(n)s has no such answer."), {"n": plank}))
    return issues


def _whole(split: Mapping[str, Any], choices: tuple[str, ...]) -> int | None:
    """How many mandates a split gives; None when an answer is none, or its number no whole one."""
    fits = set(split) <= set(choices) and all(isinstance(n, int) and n >= 0 for n in split.values())
    return sum(split.values()) if fits else None


def _issues_in_splits(
    changed: dict[int, tuple[str, str]], splits: Mapping[int, dict[str, int]], held: int, choices: tuple[str, ...]
) -> list[Reason]:
    """Mandates are whole, and a split gives all of them: what is not for or against abstains."""
    issues = []
    for plank, (choice, _reason) in sorted(changed.items()):
        split = splits.get(plank)
        if (choice == "split") != (split is not None) or split is not None and not held:
            issues.append(Reason(N_("Plank %(n)s: only mandates can be split."), {"n": plank}))
        elif split is not None and (_whole(split, choices) != held):
            words = N_("Plank %(n)s: the numbers add up to %(sum)s, and your organization has %(held)s mandates. Give all of them, in whole numbers.")
            issues.append(Reason(words, {"n": plank, "sum": _whole(split, choices) or 0, "held": held}))
    return issues
