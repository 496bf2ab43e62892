"""Outreach's blueprints."""

from crm.outreach.routes import outcomes, ready  # noqa: F401 - further pages of the inbox
from crm.outreach.routes.broadcasts import blueprint as broadcasts
from crm.outreach.routes.choices import blueprint as choices
from crm.outreach.routes.consent import blueprint as consent
from crm.outreach.routes.drives import blueprint as drives
from crm.outreach.routes.hooks import blueprint as hooks
from crm.outreach.routes.hours import blueprint as hours
from crm.outreach.routes.inbox import blueprint as inbox
from crm.outreach.routes.keywords import blueprint as keywords
from crm.outreach.routes.operations import blueprint as operations
from crm.outreach.routes.opt_outs import blueprint as opt_outs
from crm.outreach.routes.phones import blueprint as phones
from crm.outreach.routes.signing_up import LINK_VIEWS as FRAMED_VIEWS
from crm.outreach.routes.signing_up import blueprint as signing_up
from crm.outreach.routes.texting import LINK_VIEWS as TEXTING_VIEWS
from crm.outreach.routes.texting import blueprint as texting

blueprints = (broadcasts, choices, consent, opt_outs, hours, drives, hooks, inbox, keywords, operations, phones, signing_up, texting)
# The provider holds no form token, its signature is the authority; nor does a volunteer's phone, whose link is; nor a frame, whose form has a mark.
LINK_VIEWS = ("hooks.inbound_post", "hooks.status_post", *TEXTING_VIEWS, *FRAMED_VIEWS)
