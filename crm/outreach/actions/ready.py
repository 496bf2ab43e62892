"""An organization's own ready replies: kept in both languages, held to the same lint as every text."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.refusal import Refused
from crm.organizations.queries import organization_of
from crm.outreach.queries.inbox import READY_FIELDS
from crm.outreach.queries.plans import ground_of
from crm.outreach.rules.replies.ready import issues_with_ready


def save_ready(actor: Actor, own: Sequence[Mapping[str, str]], *, now: datetime) -> int:
    """Keeps the organization's own replies in this order; a pair that was emptied goes. Returns how many there are."""
    if issues := issues_with_ready(own, ground_of(actor, READY_FIELDS)):
        raise Refused(issues)
    organization = organization_of(actor)
    organization.options = {**(organization.options or {}), "ready_replies": [dict(one) for one in own]}
    audit.record(actor, "ready.changed", now=now, after={"count": len(own)})
    session().flush()
    return len(own)
