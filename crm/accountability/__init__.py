"""Accountability: what decision-makers promised, what they were asked, what they answered, and what came of it.

Words. A *target* is a body or an official; pages say its name, or decision-maker. A *commitment* is given before a vote: by an exact rule,
whatever the vote supports is to be done. When the vote closes it is judged by itself, one *outcome* for each plank or question; a met one
becomes a *duty*, a recommendation that binds. A *recommendation* is owed an official *response* by a day; *milestones* say what happens
then. A *report-back* is the first item of the next cycle's agenda, where participants rate what was carried out, in counts.

States. Commitment: waiting for its vote, judged. Recommendation: not handed over, waiting, answered (accepted, in part, under study,
rejected), overdue: past its day and without a final answer. Milestone: planned, under way, done, dropped; late past its day.

Who may. SEE_ASSEMBLIES reads what its organization, its coalitions and the conveners of its assemblies keep; RUN_ASSEMBLIES writes for its
own organization. Everyone reads what was handed over, on the organization's public page: no answer is an answer that everyone sees.
"""
