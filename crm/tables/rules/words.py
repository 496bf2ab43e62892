"""What the timeline says of tables."""

from crm.kernel.refusal import N_

SENTENCES = {
    "tables.drawn": N_("People were divided among %(tables)s tables by %(by)s"),
    "tables.filled": N_("Those who came later were seated by %(by)s"),
    "tables.moved": N_("Somebody was moved to another table by %(by)s"),
    "tables.removed": N_("A division among tables was taken back by %(by)s"),
    "tables.apart": N_("Two people are kept at different tables"),
    "tables.apart_ended": N_("Two people are no longer kept at different tables"),
    "dots.opened": N_("Tables were asked for their dots by %(by)s"),
    "dots.closed": N_("Dots were closed by %(by)s"),
    "speaking.set": N_("The order of speaking was set by %(by)s"),
    "speaking.first": N_("%(by)s let somebody speak first: %(because)s"),
    "theme.made": N_("A theme was named by %(by)s"),
    "theme.changed": N_("A theme was changed by %(by)s"),
    "proposal.made": N_("A proposal was written down by %(by)s"),
    "proposal.changed": N_("A proposal was changed by %(by)s"),
    "proposal.removed": N_("A proposal was taken out by %(by)s"),
}
