"""Opening one person's name and numbers, for those who see them masked."""

from datetime import datetime

from sqlalchemy import func, select

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import hold, session
from crm.kernel.permissions import Action
from crm.kernel.refusal import Refused
from crm.organizations.queries import organization_of
from crm.people.models import Reveal
from crm.people.queries import person_for
from crm.people.queries.reveals import day_began, opened_since
from crm.people.rules.reveals import MOST_A_DAY, may_reveal


def reveal(actor: Actor, person_id: int, *, now: datetime) -> int:
    """Opens a person until midnight; whoever sees everyone whole, or has this person open, changes nothing by it."""
    person = person_for(actor, person_id)
    hold(actor.account_id)  # two presses at once are counted one after the other
    today = opened_since(actor, day_began(actor, now))
    if actor.may(Action.SEE_CONTACTS) or session().scalar(today.where(Reveal.person_id == person.id)) is not None:
        return person.id
    count = session().scalar(select(func.count()).select_from(today.subquery())) or 0
    limit = (organization_of(actor).options or {}).get("reveals_a_day", MOST_A_DAY)
    if why := may_reveal(count, limit):
        raise Refused(why)
    session().add(Reveal(org_id=actor.org_id, person_id=person.id, account_id=actor.account_id, what="contacts", created_at=now))
    audit.record(actor, "person.revealed", now=now, person_id=person.id)
    return person.id
