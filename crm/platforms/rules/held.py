"""What platforms hold about people (see kernel.holdings): proposals bear no name, endorsements one if their author agreed to it."""

from crm.kernel.holdings import ALWAYS, GOES, MACHINE, STAYS, Held, keys
from crm.kernel.refusal import N_

TABLES = {"platform_proposals": N_("Proposals for platforms"), "endorsements": N_("Endorsements of platforms")}
_NAMELESS = N_("No name is asked; the link that whoever sent it was given leads to the answer and to no record.")
_SIGNED = N_("To count who stands behind a ratified text, and to show the names of those who agreed to it")
HELD = [
    Held("platform_proposals", "language title text reason origin state answer answered_by answered_at is_public", N_("A proposal and its answer"), MACHINE,
         ALWAYS, STAYS, is_shown=False, because=_NAMELESS),
    keys("platform_proposals", "platform_id plank_id amendment_id address_mark", ALWAYS, STAYS),
    Held("endorsements", "name spoken_by is_named kind state decided_by", N_("Who stands behind a ratified text, by the name they agreed to show"), _SIGNED,
         ALWAYS, GOES, is_shown=False),
    keys("endorsements", "platform_id phone_mark address_mark", ALWAYS, GOES),
]
