"""Rules of accountability: commitments and what they come to, answers owed, the five stages. Names of things as pages say them."""

from crm.kernel.refusal import N_

SENTENCES = {
    "commitment.written": N_("Commitment of a decision-maker written down by %(by)s: %(target)s"),
    "commitment.tied": N_("Commitment tied to its vote by %(by)s"),
    "commitment.removed": N_("Commitment taken out by %(by)s before any vote"),
    "commitment.judged": N_("Commitment judged at the close of its vote: %(met)s met, %(unmet)s not"),
    "recommendation.written": N_("Recommendation written by %(by)s: %(title)s"),
    "recommendation.edited": N_("Recommendation changed by %(by)s"),
    "recommendation.delivered": N_("Recommendation handed over by %(by)s: %(title)s"),
    "recommendation.removed": N_("Recommendation taken out by %(by)s before it was handed over"),
    "recommendation.answered": N_("Official response noted by %(by)s: %(title)s"),
    "recommendation.delivery_undone": N_("Handing over of a recommendation taken back by %(by)s: %(title)s"),
    "recommendation.response_undone": N_("Official response taken back by %(by)s: %(title)s"),
    "recommendation.commented": N_("What staff say of a draft noted by %(by)s: %(title)s"),
    "milestone.set": N_("Milestone set by %(by)s: %(title)s"),
    "milestone.moved": N_("Milestone moved on by %(by)s: %(title)s"),
    "report_back.set": N_("Report-back put first on the agenda by %(by)s"),
    "report_back.rated": N_("Ratings of a report-back written down by %(by)s"),
}
