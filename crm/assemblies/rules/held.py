"""What assemblies hold about a person (see kernel.holdings)."""

from crm.kernel.holdings import ALWAYS, EMPTIED, RIGHTS, STAYS, TURNOUT, Held, keys, nothing
from crm.kernel.refusal import N_

TABLES = {"participants": N_("Places in assemblies"), "lots": N_("Draws by lot"), "lot_places": N_("Who was drawn by lot")}
_CODES = N_("A pool holds codes and no names; who a code is, only the organizers know, outside of this program.")
HELD = [
    Held("participants", "shown_name", N_("Name as shown"), TURNOUT, "attendance", EMPTIED, {"shown_name": "", "person_id": None}),
    Held("participants", "role is_voting", N_("Role"), TURNOUT, ALWAYS, EMPTIED),
    keys("participants", "assembly_id person_id", ALWAYS, EMPTIED),
    Held("lots", "people", N_("The pool: codes of people with the features that quotas are about"), RIGHTS, "lots", STAYS, is_shown=False, because=_CODES),
    Held("lots", "record", N_("The record of the draw: codes of those drawn, no features"), RIGHTS, ALWAYS, STAYS, is_shown=False, because=_CODES),
    nothing("lots", "assembly_id seats method quotas size people_sha256 quotas_sha256 counts state problems job_id source frozen_at seed seeded_at "
            "keep_until drawn_at emptied_at", N_("How the draw was made, with counts by quota")),
    Held("lot_places", "code replaces drawn_at declined_at", N_("Code of who was drawn, and whether they declined"), RIGHTS, ALWAYS, STAYS, is_shown=False,
         because=_CODES),
    nothing("lot_places", "lot_id", N_("Which draw")),
]
