"""What may be logged, assessed and moved, and when a follow-up is late."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crm.kernel.holdings import ORGANIZE, WATCH, Held, keys
from crm.kernel.refusal import N_, Reason, Refusal

RUNGS = (1, 2, 3, 4, 5)
ASSESSMENTS = {
    1: N_("1, leads others"), 2: N_("2, supports"), 3: N_("3, undecided"),
    4: N_("4, leans against"), 5: N_("5, opposed"),
}  # fmt: skip
SENTENCES = {
    "conversation.logged": N_("One-on-one with %(by)s. %(summary)s"),
    "conversation.planned": N_("Next step for %(by)s: %(next_step)s"),
    "conversation.dropped": N_("Next step taken back by %(by)s: %(next_step)s"),
    "conversation.finished": N_("%(by)s finished a next step: %(next_step)s"),
    "rung.up": N_("Stepped up to rung %(rung)s of 5, noted by %(by)s. %(reason)s"),
    "rung.back": N_("Stepped back to rung %(rung)s of 5, noted by %(by)s. %(reason)s"),
    "assessment.added": N_("Assessed %(value)s of 5 by %(by)s"),
}
TABLES = {"rung_moves": N_("Steps on the ladder"), "conversations": N_("One-on-ones"), "assessments": N_("Assessments")}
_WORKER = N_("Who of the organization did it")
HELD = [
    Held("rung_moves", "from_rung to_rung at", N_("From rung, to rung, when"), ORGANIZE),
    Held("rung_moves", "reason", N_("Reason, sealed"), ORGANIZE),
    Held("rung_moves", "actor_name", _WORKER, WATCH),
    keys("rung_moves", "person_id account_id"),
    Held("conversations", "held_at", N_("When it was held"), ORGANIZE),
    Held("conversations", "summary", N_("What was heard, sealed"), ORGANIZE),
    Held("conversations", "next_step follow_up_on", N_("Next step, and by when"), ORGANIZE),
    Held("conversations", "organizer_name", _WORKER, WATCH),
    keys("conversations", "person_id account_id done_at"),
    Held("assessments", "value at", N_("Assessment, and when"), ORGANIZE),
    Held("assessments", "actor_name", _WORKER, WATCH),
    keys("assessments", "person_id account_id"),
]
LONGEST = 4000
DUE_DAYS = 7
MOVEMENT_DAYS = 30


@dataclass(frozen=True)
class Talk:
    """A conversation as it was typed."""

    held_at: datetime
    summary: str
    next_step: str = ""
    follow_up_on: date | None = None


def issues_before_logging(talk: Talk, now: datetime, today: date) -> list[Reason]:
    """Everything that keeps a conversation from being logged."""
    issues = []
    if not talk.summary:
        issues.append(Reason(N_("Write what you heard, in a sentence or two."), field="summary"))
    if len(talk.summary) > LONGEST:
        issues.append(Reason(N_("Keep it under %(n)s letters; this has %(have)s."),
                             {"n": LONGEST, "have": len(talk.summary)}, "summary"))  # fmt: skip
    if talk.held_at > now + timedelta(minutes=5):
        issues.append(Reason(N_("This talk lies ahead. Log it after it was held."), field="held_at"))
    return issues + issues_before_planning(talk.next_step, talk.follow_up_on, today)


def issues_before_planning(next_step: str, follow_up_on: date | None, today: date) -> list[Reason]:
    """A next step and its day come together, and the day is not over."""
    issues = []
    if next_step and follow_up_on is None:
        issues.append(Reason(N_("Choose a day for the next step."), field="follow_up_on"))
    if follow_up_on is not None and not next_step:
        issues.append(Reason(N_("Write the next step for that day."), field="next_step"))
    if follow_up_on is not None and follow_up_on < today:
        issues.append(Reason(N_("The day of the next step is over. Choose today or later."), field="follow_up_on"))
    return issues


def may_move(stored: int, to: int, reason: str) -> Refusal | None:
    """A step up is welcome news; a step back says why, so that the next organizer understands."""
    if to not in RUNGS:
        return Refusal([Reason(N_("The ladder has five rungs."), field="rung")])
    if to == stored:
        return Refusal([Reason(N_("They already stand on this rung."), field="rung")])
    if to < stored and not reason:
        return Refusal([Reason(N_("Say why they step back, so that the next organizer understands."), field="reason")])
    return None


def may_assess(value: int) -> Refusal | None:
    """Assessments go from 1, leads others, to 5, opposed."""
    if value not in ASSESSMENTS:
        return Refusal([Reason(N_("Choose a number from 1 to 5."), field="assessment")])
    return None


def issues_before_naming(names: dict[int, str]) -> list[Reason]:
    """Five rungs have five different names."""
    issues = [Reason(N_("Rung %(n)s needs a name."), {"n": n}, f"rung_{n}") for n in RUNGS if not names.get(n)]
    given = [name.casefold() for name in names.values() if name]
    if len(set(given)) < len(given):
        issues.append(Reason(N_("Two rungs have the same name.")))
    return issues


def days_late(follow_up_on: date, today: date) -> int:
    """By how many days a follow-up is late; 0 when it is not."""
    return max((today - follow_up_on).days, 0)
