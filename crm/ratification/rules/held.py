"""What ratification holds about a person: that they stand on a roll, never how they voted (see kernel.holdings)."""

from crm.kernel.holdings import ALWAYS, NONE, RIGHTS, STAYS, Held, keys, nothing
from crm.kernel.refusal import N_

TABLES = {
    "roll_keys": N_("Keys of rolls"),
    "roll_entries": N_("Seats on the roll of a vote"),
    "roll_marks": N_("Marks of numbers while a roll is built"),
    "roll_candidates": N_("Seats that may be the same person"),
    "ballots": N_("Ballots"),
    "final_ballots": N_("Counted ballots"),
    "notices": N_("Notices of a vote"),
}
_SEAT = N_("A vote that was counted stays counted: the seat stays as a number, without a name.")
_SECRET = N_("A ballot has no voter, no time and no order: there is nothing to find or to erase.")
HELD = [
    nothing("roll_keys", "electorate_id salt mark_key", N_("Secrets of the roll, without names"), RIGHTS),
    Held("roll_entries", "seat", N_("Seat number"), RIGHTS, ALWAYS, STAYS, because=_SEAT),
    keys("roll_entries", "electorate_id person_id", ALWAYS, STAYS),
    Held("roll_marks", "mark", N_("Keyed mark of a number, gone when the roll is built"), RIGHTS, ALWAYS, STAYS, is_shown=False, because=_SEAT),
    keys("roll_marks", "electorate_id seat", ALWAYS, STAYS),
    keys("roll_candidates", "electorate_id seat other_seat other_partner_id answer", ALWAYS, STAYS),
    Held("ballots", "electorate_id plank tracker choice", N_("A choice under a tracker"), RIGHTS, NONE, STAYS, is_shown=False, because=_SECRET),
    Held("final_ballots", "electorate_id plank tracker choice", N_("A choice under a tracker"), RIGHTS, NONE, STAYS, is_shown=False, because=_SECRET),
    Held("notices", "channel reason", N_("Text or letter, and why"), RIGHTS, ALWAYS, STAYS, because=_SEAT),
    keys("notices", "ratification_id entry_id person_id", ALWAYS, STAYS),
]
