"""Names of states, supports and events, as pages and timelines say them."""

from crm.kernel.refusal import N_

STATES = ("invited", "yes", "maybe", "no", "confirmed", "cancelled")
COMING = ("yes", "confirmed")
SUPPORTS = {
    "childcare": N_("Childcare"),
    "interpretation": N_("Interpretation"),
    "ride": N_("Rides"),
    "access": N_("Access"),
    "meal": N_("Meals"),
    "stipend": N_("Lost wages"),
}
SUPPORT_STATES = {"asked": N_("Asked"), "planned": N_("Planned"), "delivered": N_("Delivered")}
STATE_WORDS = {
    "invited": N_("No answer yet"),
    "yes": N_("Said yes"),
    "maybe": N_("Maybe"),
    "no": N_("Said no"),
    "confirmed": N_("Confirmed"),
    "cancelled": N_("Can no longer come"),
}
SENTENCES = {
    "rsvp.invited": N_("Invited to %(assembly)s"),
    "rsvp.yes": N_("Said yes to %(assembly)s"),
    "rsvp.maybe": N_("Said maybe to %(assembly)s"),
    "rsvp.no": N_("Said no to %(assembly)s"),
    "rsvp.confirmed": N_("Confirmed for %(assembly)s"),
    "rsvp.cancelled": N_("Can no longer come to %(assembly)s"),
    "rsvp.taken_back": N_("What was written down for %(assembly)s was taken back"),
    "rsvp.guests": N_("Brings %(guests)s guests to %(assembly)s"),
    "support.asked": N_("Asked for supports at %(assembly)s: %(supports)s"),
    "support.planned": N_("Support planned for %(assembly)s: %(supports)s"),
    "support.reopened": N_("Support open again for %(assembly)s: %(supports)s"),
    "support.delivered": N_("Support delivered at %(assembly)s: %(supports)s"),
    "pledge.withdrawn": N_("Pledge taken back by %(by)s"),
    "pledge.made": N_("%(lead)s pledged to bring %(promised)s to %(assembly)s"),
    "goal.set": N_("Goal %(name)s set to %(target)s by %(by)s"),
    "goal.dropped": N_("Goal %(name)s taken away"),
    "care.set": N_("How childcare is counted changed by %(by)s"),
    "helper.added": N_("%(name)s put on the plan by %(by)s"),
    "helper.dropped": N_("%(name)s taken off the plan by %(by)s"),
    "sheet.counted": N_("Paper sheet %(number)s counted, entered last by %(by)s"),
    "attendance.recorded": N_("Came to %(assembly)s"),
    "attendance.undone": N_("Check-in at %(assembly)s undone"),
    "door.opened": N_("Door link made by %(by)s"),
    "door.closed": N_("Door link closed by %(by)s"),
}
