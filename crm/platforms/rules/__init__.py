"""The rules of drafting: what changed, what may be adopted, what an edition says, and who still has to be won."""

from crm.kernel.refusal import N_
from crm.platforms.rules.adoption import Adoption, Conflict, Wording, conflicts, join, next_lagging, plan_adoption
from crm.platforms.rules.blame import Sentence, blame
from crm.platforms.rules.differences import SAME, differences, merge, paragraphs, read_text
from crm.platforms.rules.editions import (
    articles_of,
    canonical_edition,
    canonical_text,
    edition_hash,
    in_language,
    issues_before_freeze,
    issues_in_plank,
    outcome_of,
)
from crm.platforms.rules.positions import STANCES, Overall, Support, is_overdue, overall, signed_at, still_needed
from crm.platforms.rules.standing import ADVICE, Open, issues_of_support, meetings, why_contested
from crm.platforms.rules.states import (
    may_amend_amendment,
    may_decide,
    may_draft,
    may_propose,
    may_send_proposal,
    next_amendment,
    next_plank,
    next_proposal,
    next_state,
)
from crm.platforms.rules.wording import (
    changed_languages,
    issues_in_heading,
    issues_in_proposal,
    issues_in_sent_proposal,
    read_line,
    read_slug,
    read_texts,
    read_titles,
)

SENTENCES = {
    "platform.started": N_("%(by)s started the platform %(title)s"),
    "platform.changed": N_("%(by)s changed the heading of the platform"),
    "platform.frozen": N_("%(by)s froze edition %(edition)s"),
    "platform.reopened": N_("%(by)s opened the text for writing again"),
    "platform.ratified": N_("%(ratified)s planks of edition %(edition)s were ratified"),
    "platform.published": N_("%(by)s published the platform"),
    "platform.withdrawn": N_("%(by)s took the platform off the public page"),
    "plank.added": N_("%(by)s added the plank %(title)s"),
    "plank.changed": N_("%(by)s changed the plank %(title)s"),
    "plank.moved": N_("%(by)s moved the plank %(title)s"),
    "plank.struck": N_("%(by)s struck the plank %(title)s"),
    "plank.restored": N_("%(by)s put the plank %(title)s back"),
    "amendment.proposed": N_("%(by)s proposed an amendment"),
    "amendment.adopted": N_("%(by)s adopted an amendment"),
    "amendment.refused": N_("%(by)s refused an amendment"),
    "amendment.withdrawn": N_("%(by)s withdrew an amendment"),
    "position.stated": N_("%(by)s stated where the organization stands"),
    "plank.commented": N_("%(by)s commented on a plank"),
    "amendment.fallen": N_("An amendment fell with the one that it amends"),
    "amendment.supported": N_("%(by)s supported an amendment"),
    "amendment.contested": N_("%(by)s contested an amendment"),
    "amendment.unsaid": N_("%(by)s took back a word on an amendment"),
    "amendments.adopted_together": N_("%(by)s adopted %(count)s amendments together"),
    "committee.recommended": N_("%(by)s wrote down what a committee recommends"),
    "proposal.sent": N_("A proposal came in"),
    "proposal.taken": N_("%(by)s took up a proposal"),
    "proposal.set_aside": N_("%(by)s set a proposal aside"),
    "proposal.reopened": N_("%(by)s opened a proposal again"),
    "proposals.opened": N_("%(by)s opened the public form for proposals"),
    "proposals.closed": N_("%(by)s closed the public form for proposals"),
    "comment.reported": N_("%(by)s reported a comment"),
    "comment.hidden": N_("%(by)s hid a comment: %(reason)s"),
    "comment.shown": N_("%(by)s showed a comment again"),
    "process.stated": N_("%(by)s wrote down how the organization decides"),
    "platform.endorsed": N_("Somebody endorsed the platform"),
    "endorsement.confirmed": N_("%(by)s confirmed an endorsement"),
    "endorsement.struck": N_("%(by)s struck an endorsement"),
    "endorsement.withdrawn": N_("Somebody withdrew an endorsement"),
}

__all__ = [
    "ADVICE", "SAME", "SENTENCES", "STANCES", "Adoption", "Conflict", "Open", "Overall", "Sentence", "Support", "Wording", "articles_of", "blame",
    "canonical_edition", "canonical_text", "changed_languages", "conflicts", "differences", "edition_hash", "in_language", "is_overdue",
    "issues_before_freeze", "issues_in_heading", "issues_in_plank", "issues_in_proposal", "issues_in_sent_proposal", "issues_of_support", "join",
    "may_amend_amendment", "may_decide", "may_draft", "may_propose", "may_send_proposal", "meetings", "merge", "next_amendment", "next_lagging",
    "next_plank", "next_proposal", "next_state", "outcome_of", "overall", "paragraphs", "plan_adoption", "read_line", "read_slug", "read_text",
    "read_texts", "read_titles", "signed_at", "still_needed", "why_contested",
]
