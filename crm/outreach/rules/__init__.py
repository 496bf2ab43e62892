"""Outreach's rules: pure, no clock, no database."""

from crm.kernel.refusal import N_
from crm.outreach.rules.replies.threads import THREAD_SENTENCES

# How a person's timeline says what happened here.
SENTENCES = {
    "text.sent": N_("Text sent: %(body)s"),
    "text.received": N_("Wrote: %(body)s"),
    "consent.given": N_("Agreed to texts"),
    "consent.reviewed": N_("%(by)s read a reply again: it did not ask for no more texts"),
    "consent.revoked": N_("Asked for no more texts"),
    "consent.taken_back": N_("Consent as %(by)s had written it down was a mistake"),
    "exemption.set": N_("%(by)s declared that a rule of texting hours does not bind the organization"),
    "exemption.ended": N_("%(by)s ended an exemption from texting hours"),
    "opt_out.noted": N_("%(by)s wrote down that somebody wants no more texts"),
    "opt_out.closed": N_("%(by)s settled who wants no more texts"),
    "broadcast.confirmed": N_("%(by)s sent “%(name)s” to %(texts)s people"),
    "broadcast.asked": N_("%(by)s asked a second person to agree to “%(name)s”"),
    "broadcast.agreed": N_("%(by)s agreed to “%(name)s”"),
    "broadcast.paused": N_("“%(name)s” paused itself"),
    "broadcast.stopped": N_("%(by)s stopped “%(name)s”"),
    "broadcast.resumed": N_("%(by)s sent the rest of “%(name)s”"),
    "drive.opened": N_("%(by)s opened the texting drive “%(drive)s” to %(people)s people"),
    "drive.stopped": N_("%(by)s stopped the texting drive “%(drive)s”"),
    "drive.resumed": N_("%(by)s went on with the texting drive “%(drive)s”"),
    "drive.ended": N_("%(by)s ended the texting drive “%(drive)s”"),
    "drive.texter_added": N_("%(by)s let %(name)s text in “%(drive)s”"),
    "drive.texter_ended": N_("%(by)s ended the texting link of %(name)s"),
    "drive.answered": N_("Answered %(by)s by text: %(question)s %(answer)s"),
    "ready.changed": N_("%(by)s changed the ready replies"),
    "keyword.added": N_("%(by)s added the keyword %(word)s"),
    "keyword.ended": N_("%(by)s ended the keyword %(word)s"),
    "series.started": N_("%(by)s let the series of texts run"),
    "series.stopped": N_("%(by)s stopped the series of texts"),
    "series.agreed": N_("%(by)s agreed to a text of the series"),
    "series.ended": N_("The series of texts ended"),
    "texting.chosen": N_("%(by)s changed how we text"),
    "sender.changed": N_("%(by)s changed the number texts come from"),
}
SENTENCES |= THREAD_SENTENCES
