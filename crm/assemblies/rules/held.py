"""What assemblies hold about a person (see kernel.holdings)."""

from crm.kernel.holdings import ALWAYS, EMPTIED, TURNOUT, Held, keys
from crm.kernel.refusal import N_

TABLES = {"participants": N_("Places in assemblies")}
HELD = [
    Held("participants", "shown_name", N_("Name as shown"), TURNOUT, "attendance", EMPTIED, {"shown_name": "", "person_id": None}),
    Held("participants", "role is_voting", N_("Role"), TURNOUT, ALWAYS, EMPTIED),
    keys("participants", "assembly_id person_id", ALWAYS, EMPTIED),
]
