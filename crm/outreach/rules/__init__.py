"""Outreach's rules: pure, no clock, no database."""

from crm.kernel.refusal import N_
from crm.outreach.rules.replies.threads import THREAD_SENTENCES

# How a person's timeline says what happened here.
SENTENCES = {
    "text.sent": N_("Text sent: %(body)s"),
    "text.received": N_("Wrote: %(body)s"),
    "consent.given": N_("Agreed to texts"),
    "consent.revoked": N_("Asked for no more texts"),
    "broadcast.confirmed": N_("%(by)s sent “%(name)s” to %(texts)s people"),
    "broadcast.stopped": N_("%(by)s stopped “%(name)s”"),
    "broadcast.resumed": N_("%(by)s sent the rest of “%(name)s”"),
    "sender.changed": N_("%(by)s changed the number texts come from"),
}
SENTENCES |= THREAD_SENTENCES
