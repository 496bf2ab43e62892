"""Outreach's blueprints."""

from crm.outreach.routes.broadcasts import blueprint as broadcasts
from crm.outreach.routes.consent import blueprint as consent
from crm.outreach.routes.hooks import blueprint as hooks
from crm.outreach.routes.inbox import blueprint as inbox
from crm.outreach.routes.phones import blueprint as phones

blueprints = (broadcasts, consent, hooks, inbox, phones)
# The provider holds no form token; its signature is the authority.
LINK_VIEWS = ("hooks.inbound_post", "hooks.status_post")
