"""States of an assembly, and everything that stands in the way of the next one, said at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.kernel.refusal import N_, Reason, Refusal

TRANSITIONS = {
    "draft": ("announced", "cancelled"),
    "announced": ("under_way", "draft", "cancelled"),
    "under_way": ("finished", "cancelled"),
    "finished": (),
    "cancelled": ("draft",),
}
VERBS = {
    "announced": "assembly.announced",
    "under_way": "assembly.started",
    "finished": "assembly.finished",
    "cancelled": "assembly.cancelled",
    "draft": "assembly.redrafted",
}
LIVE = ("draft", "announced", "under_way")


@dataclass(frozen=True)
class Readiness:
    """What the rules of state ask about: `sessions` as (title, starts_at, ends_at, place)."""

    state: str
    title: dict
    question: dict
    sessions: tuple
    because: str = ""


def issues_before(to: str, facts: Readiness, now: datetime) -> list[Reason]:
    """All reasons why the assembly cannot go to that state now; none when it can."""
    if to not in TRANSITIONS[facts.state]:
        return [Reason(N_("This assembly has moved on. Look at it again before you change it."))]
    rules = {
        "announced": issues_before_announcing,
        "under_way": issues_before_starting,
        "finished": issues_before_finishing,
        "cancelled": issues_before_cancelling,
    }
    return rules[to](facts, now) if to in rules else []


def issues_before_announcing(facts: Readiness, now: datetime) -> list[Reason]:
    """Members will read it in their language and come to a place at a time: all of that must be there."""
    issues = []
    for words, english, spanish in (
        (facts.title, N_("Write the name in English."), N_("Write the name in Spanish.")),
        (facts.question, N_("Write the question in English."), N_("Write the question in Spanish.")),
    ):
        issues += [Reason(text) for tag, text in (("en", english), ("es", spanish)) if not words.get(tag)]
    if not facts.sessions:
        issues.append(Reason(N_("Add at least one session.")))
    elif all(ends_at <= now for _title, _starts, ends_at, _place in facts.sessions):
        issues.append(Reason(N_("All its sessions are over. Set new dates first.")))
    placeless = sum(1 for _title, _starts, ends_at, place in facts.sessions if not place and ends_at > now)
    if placeless:
        issues.append(Reason(N_("Say where people should come. Sessions without a place: %(n)s."), {"n": placeless}))
    return issues


def issues_before_starting(facts: Readiness, now: datetime) -> list[Reason]:
    """It opens on the day: from twelve hours before its first session."""
    opens = min((starts_at for _title, starts_at, _ends, _place in facts.sessions), default=None)
    if opens is None:
        return [Reason(N_("Add at least one session."))]
    if opens - now > timedelta(hours=12):
        return [Reason(N_("Its first session is more than twelve hours away."))]
    return []


def issues_before_finishing(facts: Readiness, now: datetime) -> list[Reason]:
    """It is over when every session has begun."""
    ahead = sum(1 for _title, starts_at, _ends, _place in facts.sessions if starts_at > now)
    return (
        [Reason(N_("Sessions that have not begun yet: %(n)s. Remove or move them first."), {"n": ahead})]
        if ahead
        else []
    )


def issues_before_cancelling(facts: Readiness, now: datetime) -> list[Reason]:
    """People who planned to come deserve to know why."""
    return (
        []
        if facts.because.strip()
        else [Reason(N_("Say why it is cancelled, in words that people who planned to come can read."), {}, "because")]
    )


def may_change(state: str) -> Refusal | None:
    """A finished assembly is a record; its dates, places and agenda stay as they were."""
    if state == "finished":
        return Refusal([Reason(N_("This assembly is over and stays as it was. Copy it to plan the next one."))])
    if state == "cancelled":
        return Refusal([Reason(N_("This assembly is cancelled. Take it back to draft to change it."))])
    return None


ASKED_TO_LEAVE = ("staff", "official")


def is_closed_to(closed_to: Iterable[str], is_convener: bool, is_government: bool) -> bool:
    """Whether a session is closed to an organization: a government body whose staff or officials were asked to leave it."""
    return not is_convener and is_government and any(role in ASKED_TO_LEAVE for role in closed_to)


def votes_by_default(role: str, officials_vote: bool = False) -> bool:
    """Whether someone in that role votes unless said otherwise; elected officials where the playbook gives them votes."""
    return role in ("participant", "delegate", "facilitator", "note_taker") or role == "official" and officials_vote


def may_hold_vote(role: str, officials_vote: bool) -> Refusal | None:
    """Observers never vote; government staff and officials only where the playbook gives them votes."""
    if role == "observer":
        return Refusal([Reason(N_("Observers do not vote."), {}, "is_voting")])
    if role in ("staff", "official") and not officials_vote:
        return Refusal(
            [Reason(N_("In this kind of assembly government staff and officials do not vote."), {}, "is_voting")]
        )
    return None
