"""An assembly's own seats and standing rules: what may be written, changed and taken away, and from when on a reason is owed."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from json import dumps
from typing import Any

from crm.assemblies.rules.words import ROLES, SELECTIONS
from crm.kernel.refusal import N_, Reason

MOST_SEATS, LONGEST_RULE = 100_000, 1000
VERBS = ("seats.added", "seats.changed", "seats.removed", "rule.added", "rule.changed", "rule.removed")


def mark_of(thing: Mapping[str, Any]) -> str:
    """Tells a group or rule as a page showed it from what stands there now."""
    return sha256(dumps(thing, sort_keys=True).encode()).hexdigest()[:16]


def issues_in_group(group: Mapping[str, Any]) -> list[Reason]:
    """What is wrong with a group of seats as it was typed."""
    found = []
    if not any(group["who"].values()):
        found.append(Reason(N_("Write whose seats they are."), {}, "who_en"))
    if not isinstance(group["count"], int) or not 1 <= group["count"] <= MOST_SEATS:
        found.append(Reason(N_("There must be at least one seat."), {}, "count"))
    if group["role"] not in ROLES:
        found.append(Reason(N_("Choose a role."), {}, "role"))
    if group["selection"] not in SELECTIONS:
        found.append(Reason(N_("Choose how the seats are filled."), {}, "selection"))
    if group["role"] == "observer" and group["is_voting"]:
        found.append(Reason(N_("Observers have no vote."), {}, "is_voting"))
    return found


def issues_in_rule(rule: Mapping[str, str]) -> list[Reason]:
    """What is wrong with a standing rule as it was typed."""
    if not any(rule.values()):
        return [Reason(N_("Write the rule."), {}, "rule_en")]
    long = any(len(words) > LONGEST_RULE for words in rule.values())
    return [Reason(N_("Write it in %(n)s letters or fewer."), {"n": LONGEST_RULE}, "rule_en")] if long else []


def issues_in_change(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], seated: Mapping[str, int], is_drawn: bool, reason: str, is_announced: bool,
) -> list[Reason]:
    """Why seats may not change so: somebody sits in them, they are being drawn by lot, or nobody would be told why."""
    found = []
    for role, there in seated.items():
        room, had = _room(after, role), _room(before, role)
        if had is not None and there and (room or 0) < min(there, had) and (room is not None or not any(g["role"] == role for g in after)):
            words = N_("%(there)s people sit in these seats already. Take them off the roster first, or leave at least that many.")
            found.append(Reason(words, {"there": there}, "count"))
    by_lot = [[group for group in groups if group["selection"] == "lottery"] for groups in (before, after)]
    if is_drawn and by_lot[0] != by_lot[1]:
        found.append(Reason(N_("The pool for the seats by lot is frozen, so these seats stay as they are.")))
    return found + issues_in_reason(reason, is_announced)


def issues_in_reason(reason: str, is_announced: bool) -> list[Reason]:
    """Once an assembly is announced, a change of its seats or rules is owed a reason."""
    return [Reason(N_("The assembly is announced: say why this changes."), {}, "reason")] if is_announced and not reason.strip() else []


def _room(groups: Sequence[Mapping[str, Any]], role: str) -> int | None:
    """How many seats a role has; None where their number grows with something."""
    of_role = [group for group in groups if group["role"] == role]
    return None if not of_role or any(any(group["per"].values()) for group in of_role) else sum(group["count"] for group in of_role)
