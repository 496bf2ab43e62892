"""What a reader sees of people, and what was opened: by whom, when, how often."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, case, func, select, union_all

from crm.accounts.models import Account
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.sight import EVERYTHING, Sight
from crm.infra.web import Page, keyset
from crm.kernel.permissions import Action
from crm.people.models import Email, Person, Phone, Reveal, Segment
from crm.people.queries.segments import people_where

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
