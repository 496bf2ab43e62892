"""Rules of assemblies: planning from a playbook, clock times, states, votes by role, words and the calendar file."""

from crm.assemblies.rules.calendar import CalendarEntry, entries_of, write_calendar
from crm.assemblies.rules.kinds import Proposal, propose
from crm.assemblies.rules.plan import (
    Answers,
    AssemblyPlan,
    PlannedSession,
    PlannedTask,
    issues_in_answers,
    make_address,
    plan_assembly,
    plan_reminders,
)
from crm.assemblies.rules.program import overrun
from crm.assemblies.rules.states import (
    LIVE,
    TRANSITIONS,
    VERBS,
    Readiness,
    is_closed_to,
    issues_before,
    may_change,
    may_hold_vote,
    votes_by_default,
)
from crm.assemblies.rules.times import ZONES, day_in, moment, program_times, read_span, wall
from crm.assemblies.rules.words import CONSIDERATIONS, SENTENCES, in_language

__all__ = [
    "CONSIDERATIONS",
    "LIVE",
    "SENTENCES",
    "TRANSITIONS",
    "VERBS",
    "ZONES",
    "Answers",
    "AssemblyPlan",
    "CalendarEntry",
    "PlannedSession",
    "PlannedTask",
    "Proposal",
    "Readiness",
    "day_in",
    "entries_of",
    "in_language",
    "is_closed_to",
    "issues_before",
    "issues_in_answers",
    "make_address",
    "may_change",
    "may_hold_vote",
    "moment",
    "overrun",
    "plan_assembly",
    "plan_reminders",
    "program_times",
    "propose",
    "read_span",
    "votes_by_default",
    "wall",
    "write_calendar",
]
