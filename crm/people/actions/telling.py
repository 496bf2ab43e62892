"""Telling a person what is held about them: a link of their own, for one purpose and a few days."""

from datetime import datetime, timedelta

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.links import issue_link, revoke_links, url_of
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.people.queries import person_for

PURPOSE = "mine"
LIVES = timedelta(days=7)


def give_link(actor: Actor, person_id: int, *, now: datetime) -> str:
    """A new link to the person's own page, which ends every earlier one; its address is stored nowhere."""
    if not actor.may(Action.ADMINISTER):
        raise Missing
    person_for(actor, person_id)
    revoke_links(actor.org_id, PURPOSE, person_id, now=now)
    token = issue_link(actor.org_id, PURPOSE, person_id, expires_at=now + LIVES, now=now)
    audit.record(actor, "person.told", now=now, person_id=person_id)
    return url_of(PURPOSE, token)
