"""Opening one person's name and numbers, for those who see them masked; administrators are told when it looks like taking."""

from datetime import datetime

from sqlalchemy import select

from crm.infra import audit
from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import hold, session
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing, Refused
from crm.organizations.queries import organization_of
from crm.people.models import Reveal
from crm.people.queries import person_for
from crm.people.queries.reveals import alarm_for, count_opened, day_began, opened_since, usual_days
from crm.people.rules.reveals import MOST_A_DAY, MOST_AN_HOUR, Limits, Opened, alarms, may_reveal


def reveal(actor: Actor, person_id: int, *, now: datetime) -> int:
    """Opens a person until midnight; whoever sees everyone whole, or has this person open, changes nothing by it."""
    person = person_for(actor, person_id)
    hold(actor.account_id)  # two presses at once are counted one after the other
    today = opened_since(actor, day_began(actor, now))
    if actor.may(Action.SEE_CONTACTS) or session().scalar(today.where(Reveal.person_id == person.id)) is not None:
        return person.id
    opened, more = count_opened(actor, person.id, now)
    options = organization_of(actor).options or {}
    limits = Limits(options.get("reveals_a_day", MOST_A_DAY), options.get("reveals_an_hour", MOST_AN_HOUR))
    if why := may_reveal(opened, more, limits, now):
        raise Refused(why)
    session().add(Reveal(org_id=actor.org_id, person_id=person.id, account_id=actor.account_id, what="contacts", created_at=now))
    audit.record(actor, "person.revealed", now=now, person_id=person.id)
    after = Opened(opened.today + 1, opened.this_hour + 1, opened.just_now + 1, opened.numbers + more)
    _raise_alarms(actor, alarms(after, limits, usual_days(actor, now)), now)
    return person.id


def _raise_alarms(actor: Actor, reasons: dict[str, int], now: datetime) -> None:
    """Each reason is told once a day."""
    if not reasons or actor.account_id is None:
        return
    told = select(Event.after).where(
        Event.subject_kind == "account", Event.subject_id == actor.account_id, Event.verb == "reveals.alarm", Event.at >= day_began(actor, now)
    )
    already = {(after or {}).get("why") for after in session().scalars(told)}
    for why, n in reasons.items():
        if why not in already:
            audit.record(actor, "reveals.alarm", now=now, subject=("account", actor.account_id), after={"name": actor.name, "why": why, "n": n})
    session().flush()


def look_into_alarm(actor: Actor, event_id: int, *, now: datetime) -> None:
    """An administrator has looked into all that was told of this colleague until now."""
    if not actor.may(Action.ADMINISTER):
        raise Missing
    alarm = alarm_for(actor, event_id)
    audit.record(actor, "reveals.seen", now=now, subject=("account", alarm.subject_id), after={"name": (alarm.after or {}).get("name", "?")})
    session().flush()
