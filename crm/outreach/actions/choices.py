"""What an organization chooses for its texts."""

from datetime import datetime

from crm.infra import audit
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing, Refused
from crm.organizations.queries import organization_of
from crm.outreach.rules.options import TextingOptions, issues_in_options, texting_options


def choose_texting(actor: Actor, chosen: TextingOptions, *, now: datetime) -> None:
    """Sets from how many texts on a second person must agree, when sending pauses itself, and which web addresses are ours."""
    if not actor.may(Action.ADMINISTER):
        raise Missing
    if issues := issues_in_options(chosen):
        raise Refused(issues)
    organization = organization_of(actor)
    before = texting_options(organization.options)
    if chosen != before:
        organization.options = {**(organization.options or {}), "texting": chosen.as_data()}
        audit.record(actor, "texting.chosen", now=now, before=before.as_data(), after=chosen.as_data())
    session().flush()
