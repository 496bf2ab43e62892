"""This week, in a constant number of queries: each room is asked once, and only for what the role may see."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crm.accountability.queries import Due, late_at
from crm.assemblies.models import Assembly, AssemblySession
from crm.assemblies.queries import main_session, next_assembly, sessions_of
from crm.home import rules
from crm.infra.auth import Actor
from crm.kernel.permissions import Action
from crm.leadership.queries import DueList, Movement, conversations_due, ladder_movement
from crm.leadership.rules import MOVEMENT_DAYS
from crm.outreach.queries import may_send, needing_answer, sender_of
from crm.people.queries.reveals import Alarm, alarms_waiting
from crm.turnout.queries import turnout_summary
from crm.turnout.queries.summary import Summary


@dataclass(frozen=True)
class Next:
    """The next assembly: when and where it is, and how its turnout stands."""

    assembly: Assembly
    session: AssemblySession | None
    days_away: int
    turnout: Summary
    measure: rules.Turnout
    to_call: int
    """How many of the actor's own people said yes and have not confirmed; partners call theirs."""


@dataclass(frozen=True)
class Week:
    """What This week shows; None where the role may not look."""

    monday: date
    sunday: date
    today: date
    now: datetime
    next: Next | None
    replies: Any | None
    talks: DueList | None
    ladder: Movement | None
    first_steps: list[tuple[str, bool]]
    alarms: list[Alarm]
    late: list[Due]
    """Answers and milestones of decision-makers that are past their day."""

    @property
    def is_first(self) -> bool:
        """A new organization: no people yet and no assembly; a coalition may have the second without the first."""
        return self.ladder is not None and not self.ladder.everyone and self.next is None


def week(actor: Actor, now: datetime, *, few: int = 5) -> Week:
    """This week of the actor's organization."""
    today = now.astimezone(ZoneInfo(actor.time_zone)).date()
    coming = _next(actor, now, today)
    replies = needing_answer(actor, few, now) if actor.may(Action.SEE_INBOX) else None
    talks = conversations_due(actor, today, few) if actor.may(Action.LOG_CONVERSATIONS) else None
    ladder = ladder_movement(actor, now - timedelta(days=MOVEMENT_DAYS)) if actor.may(Action.SEE_PEOPLE) else None
    steps = rules.first_steps(bool(ladder and ladder.everyone), coming is not None, may_send(sender_of(actor)))
    late = late_at(actor, today) if actor.may(Action.SEE_ASSEMBLIES) else []
    return Week(*rules.week_of(today), today, now, coming, replies, talks, ladder, steps, alarms_waiting(actor, now), late)


def _next(actor: Actor, now: datetime, today: date) -> Next | None:
    assembly = next_assembly(actor, now) if actor.may(Action.SEE_ASSEMBLIES) else None
    if assembly is None:
        return None
    turnout = turnout_summary(actor, assembly.id, now=now)
    measure = rules.measure(turnout.goal, turnout.pledged, turnout.expected, turnout.is_convener)
    sitting = main_session(assembly, sessions_of(assembly))
    to_call = sum(row.unconfirmed for row in turnout.partners if row.partner_id == actor.org_id)
    return Next(assembly, sitting, (assembly.day - today).days, turnout, measure, to_call)
