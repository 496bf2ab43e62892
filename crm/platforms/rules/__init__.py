"""The rules of drafting: what changed, what may be adopted, what an edition says, and who still has to be won."""

from crm.kernel.refusal import N_
from crm.platforms.rules.adoption import Adoption, Wording, next_lagging, plan_adoption
from crm.platforms.rules.differences import SAME, differences, merge, paragraphs, read_text
from crm.platforms.rules.editions import (
    canonical_edition,
    canonical_text,
    edition_hash,
    in_language,
    issues_before_freeze,
    issues_in_plank,
)
from crm.platforms.rules.positions import STANCES, Support, still_needed
from crm.platforms.rules.states import may_decide, may_draft, may_propose, next_amendment, next_plank, next_state
from crm.platforms.rules.wording import (
    changed_languages,
    issues_in_heading,
    issues_in_proposal,
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
}

__all__ = [
    "SAME", "SENTENCES", "STANCES", "Adoption", "Support", "Wording", "canonical_edition", "canonical_text",
    "changed_languages", "differences", "edition_hash", "in_language", "issues_before_freeze", "issues_in_heading",
    "issues_in_plank", "issues_in_proposal", "may_decide", "may_draft", "may_propose", "merge", "next_amendment",
    "next_lagging", "next_plank", "next_state", "paragraphs", "plan_adoption", "read_line", "read_slug",
    "read_text", "read_texts", "read_titles", "still_needed",
]
