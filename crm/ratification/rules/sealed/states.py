"""When passes are given, when ballots are cast, when the boxes may be opened. Every refusal names all its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.kernel.refusal import N_, Reason, Refusal
from crm.ratification.rules.board import SMALL_GROUP
from crm.ratification.rules.contests import issues_in_contest
from crm.ratification.rules.sealed.formats import is_hex
from crm.ratification.rules.states import SHORTEST, issues_in_rule

TRUSTEES, NEEDED = 5, 3
PHASES = {
    "draft": N_("Draft"), "before": N_("Passes are not given out yet"), "passes": N_("Passes are being given out"),
    "between": N_("Voting has not begun"), "casting": N_("Voting is open"), "closed": N_("Waiting for three trustees"), "opened": N_("Opened"),
    "void": N_("Ended, because a backup was put back"),
}
VOID = N_("A backup was put back while this vote ran, so that passes and ballots may be missing. It has ended. Hold it again.")
SENTENCES = {
    "sealed.drafted": N_("Sealed vote drafted by %(by)s"), "sealed.changed": N_("Sealed vote changed by %(by)s"),
    "sealed.frozen": N_("Sealed vote frozen by %(by)s"), "sealed.letters": N_("Pass letters printed by %(by)s"),
    "sealed.opened": N_("Sealed vote opened by %(by)s"), "sealed.ended": N_("Sealed vote ended, because a backup was put back"),
}


@dataclass(frozen=True)
class Hours:
    """The four instants of a sealed vote, in order."""

    passes_at: datetime
    passes_end_at: datetime
    opens_at: datetime
    closes_at: datetime


def phase_of(state: str, hours: Hours, now: datetime) -> str:
    """Where the vote stands at this instant; only the state of the rows and the clock decide, no job."""
    if state != "frozen":
        return state
    ends = ((hours.passes_at, "before"), (hours.passes_end_at, "passes"), (hours.opens_at, "between"), (hours.closes_at, "casting"))
    return next((phase for at, phase in ends if now < at), "closed")


def issues_in_plan(plan: Mapping[str, Any], hours: Hours, planks: int, now: datetime) -> list[Reason]:
    """Everything that stands in the way of this draft, at once. `plan` has the rule, the trustees and the election key."""
    issues = []
    if not now < hours.passes_end_at or hours.passes_end_at - hours.passes_at < SHORTEST:
        issues.append(Reason(N_("Giving out passes must end after it begins, and later than now."), field="passes_end_at"))
    if hours.opens_at < hours.passes_end_at:
        issues.append(Reason(N_("Voting begins only when no more passes are given out: the two must not meet in time."), field="opens_at"))
    if hours.closes_at - hours.opens_at < SHORTEST:
        issues.append(Reason(N_("The vote must close after it opens."), field="closes_at"))
    issues += issues_in_rule(plan)
    issues += issues_in_contest(plan, len(plan["contest"]["options"]) or planks, []) if plan["contest"] else []
    if not is_hex(plan["election_key"], 32):
        issues.append(Reason(N_("The election key has 64 letters and digits, as “plenary trustees make” wrote it into election.pub."), field="election_key"))
    names = [name.casefold() for name in plan["trustees"]]
    if len(set(names)) != TRUSTEES or len(names) != TRUSTEES:
        issues.append(Reason(N_("Name the %(n)s trustees, one a line, each once."), {"n": TRUSTEES}, "trustees"))
    return issues


def issues_in_roll(size: int) -> list[Reason]:
    """A small group would read everybody's vote out of the opened boxes."""
    words = N_("Only %(n)s members are on the roll. A sealed vote needs %(least)s: its ballots are published one by one.")
    return [] if size >= SMALL_GROUP else [Reason(words, {"n": size, "least": SMALL_GROUP})]


def may_change(state: str) -> Refusal | None:
    """A sealed vote changes only while it is a draft."""
    return None if state == "draft" else Refusal([Reason(N_("This vote is frozen. Nothing about it can change any more."))])


def may_give_pass(phase: str, hours: Hours) -> Refusal | None:
    """Whether the registrar signs at this instant."""
    if phase in ("draft", "before"):
        return Refusal([Reason(N_("Passes are not given out yet. They are from: %(at)s."), {"at": hours.passes_at})])
    if phase != "passes":
        return Refusal([Reason(VOID if phase == "void" else N_("No more passes are given out. Ask the organization about a paper ballot."))])
    return None


def may_cast(phase: str, hours: Hours) -> Refusal | None:
    """Whether a sealed ballot is taken at this instant."""
    if phase in ("draft", "before", "passes", "between"):
        return Refusal([Reason(N_("This vote is not open yet. Voting begins: %(at)s."), {"at": hours.opens_at})])
    return None if phase == "casting" else Refusal([Reason(VOID if phase == "void" else N_("This vote has closed. Your ballot was not cast."))])


def may_open(phase: str, hours: Hours) -> Refusal | None:
    """The boxes are opened once, after the close."""
    if phase == "opened":
        return Refusal([Reason(N_("This vote has been opened already."))])
    if phase == "void":
        return Refusal([Reason(VOID)])
    return None if phase == "closed" else Refusal([Reason(N_("The boxes stay shut until the vote has closed: %(at)s."), {"at": hours.closes_at})])
