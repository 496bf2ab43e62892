"""What a reader sees of people, and what was opened: by whom, when, how often."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, case, func, select, union_all

from crm.accounts.models import Account
from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.sight import EVERYTHING, Sight
from crm.infra.web import Page, keyset
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.people.models import Email, Person, Phone, Reveal, Segment
from crm.people.queries.segments import people_where
from crm.people.rules.reveals import AT_ONCE, HOUR, ROLLING, Opened

WATCHED = timedelta(days=30)


def sight_of(actor: Actor, now: datetime) -> Sight:
    """Who sees everyone whole, who only the people of one list, and who names and numbers veiled but for those opened today.

    A list that is gone leaves nobody to be seen."""
    is_whole = actor.may(Action.SEE_CONTACTS)
    if is_whole and actor.list_id is None:
        return EVERYTHING
    among = None
    if actor.list_id is not None:
        listed = session().scalar(select(Segment).where(Segment.id == actor.list_id))
        among = tuple(session().scalars(people_where(listed.definition, now))) if listed else ()
    return Sight(is_whole, among, frozenset() if is_whole else _opened(actor, now))


def day_began(actor: Actor, now: datetime) -> datetime:
    """The last midnight where the organization is."""
    return now.astimezone(ZoneInfo(actor.time_zone or "UTC")).replace(hour=0, minute=0, second=0, microsecond=0)


def _opened(actor: Actor, now: datetime) -> frozenset[int | str]:
    """The ids, numbers and addresses of the people that this account opened today, in one statement."""
    ids = opened_since(actor, day_began(actor, now))
    found = session().execute(union_all(
        ids.add_columns(Phone.e164).outerjoin(Phone, (Phone.org_id == Reveal.org_id) & (Phone.person_id == Reveal.person_id)),
        ids.add_columns(Email.address).outerjoin(Email, (Email.org_id == Reveal.org_id) & (Email.person_id == Reveal.person_id)),
    ))
    return frozenset(value for row in found for value in row if value is not None)


def opened_since(actor: Actor, since: datetime) -> Select:
    """Select of the people that this account opened since then, each once."""
    return select(Reveal.person_id).where(Reveal.account_id == actor.account_id, Reveal.created_at >= since).distinct()


def count_opened(actor: Actor, person_id: int, now: datetime) -> tuple[Opened, int]:
    """(what this account opened so far, how many new numbers this person would bring), in two statements."""
    midnight, hour = day_began(actor, now), now - HOUR
    people = lambda when: func.count(case((when, Reveal.person_id)).distinct())  # noqa: E731
    today, in_hour, just_now = Reveal.created_at >= midnight, Reveal.created_at > hour, Reveal.created_at > now - AT_ONCE
    counts = select(people(today), people(in_hour), people(just_now), func.min(case((in_hour, Reveal.created_at))))
    told = session().execute(counts.where(Reveal.account_id == actor.account_id, Reveal.created_at >= min(midnight, hour))).one()
    lately = select(Reveal.person_id).where(Reveal.account_id == actor.account_id, Reveal.created_at > now - ROLLING)
    known = select(Phone.e164).where(Phone.person_id.in_(lately))
    numbers = session().scalar(select(func.count(Phone.e164.distinct())).where(Phone.person_id.in_(lately))) or 0
    more = session().scalar(select(func.count(Phone.e164.distinct())).where(Phone.person_id == person_id, Phone.e164.not_in(known))) or 0
    return Opened(*told[:3], numbers, told[3]), more


def usual_days(actor: Actor, now: datetime) -> list[int]:
    """How many people this account opened on each earlier day of the last thirty on which it opened any."""
    zone = ZoneInfo(actor.time_zone or "UTC")
    opened = select(Reveal.created_at).where(Reveal.account_id == actor.account_id, Reveal.created_at >= now - WATCHED)
    days = Counter(at.astimezone(zone).date() for at in session().scalars(opened.where(Reveal.created_at < day_began(actor, now))))
    return list(days.values())


@dataclass(frozen=True)
class Alarm:
    """That a colleague opened so many people that somebody should look: why, and when it was told first."""

    id: int
    account_id: int
    name: str
    reasons: list[tuple[str, int]]
    at: datetime


def alarms_waiting(actor: Actor, now: datetime) -> list[Alarm]:
    """For administrators: one line for each colleague of whom something was told that nobody has looked into, the latest first."""
    if not actor.may(Action.ADMINISTER):
        return []
    told = select(Event).where(Event.verb.in_(("reveals.alarm", "reveals.seen")), Event.at >= now - WATCHED).order_by(Event.at, Event.id)
    waiting: dict[int, Alarm] = {}
    for event in session().scalars(told):
        if event.verb == "reveals.seen":
            waiting.pop(event.subject_id, None)
        elif event.after:
            alarm = waiting.setdefault(event.subject_id, Alarm(event.id, event.subject_id, event.after["name"], [], event.at))
            reasons = dict(alarm.reasons) | {event.after["why"]: event.after["n"]}
            alarm.reasons[:] = reasons.items()
    return sorted(waiting.values(), key=lambda alarm: alarm.at, reverse=True)


def alarm_for(actor: Actor, event_id: int) -> Event:
    """What was told of a colleague of this organization."""
    found = session().scalar(select(Event).where(Event.id == event_id, Event.verb == "reveals.alarm"))
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True)
class Revealing:
    """How much one colleague opened: people today, and in the last thirty days."""

    account_id: int
    name: str
    today: int
    lately: int


def revealings(actor: Actor, now: datetime) -> list[Revealing]:
    """The colleagues who opened people in the last thirty days, the most today first."""
    today = func.count(case((Reveal.created_at >= day_began(actor, now), Reveal.person_id)).distinct())
    lately = func.count(Reveal.person_id.distinct())
    rows = session().execute(
        select(Account.id, Account.name, today, lately).join(Reveal, Reveal.account_id == Account.id)
        .where(Reveal.created_at >= now - WATCHED).group_by(Account.id, Account.name).order_by(today.desc(), lately.desc(), Account.name)
    )
    return [Revealing(*row) for row in rows]


def reveals_page(actor: Actor, account_id: int | None, after: str | None) -> Page:
    """What was opened, newest first, as (reveal, person, name of the colleague); of one colleague when asked."""
    wanted = select(Reveal, Person, Account.name.label("by")).join(Account, Account.id == Reveal.account_id)
    wanted = wanted.join(Person, (Person.org_id == Reveal.org_id) & (Person.id == Reveal.person_id))
    if account_id is not None:
        wanted = wanted.where(Reveal.account_id == account_id)
    return keyset(wanted, [Reveal.created_at.desc(), Reveal.id.desc()], after)
