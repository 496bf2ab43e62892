"""What ratification holds about a person: that they stand on a roll, never how they voted (see kernel.holdings)."""

from crm.kernel.holdings import ALWAYS, NONE, RIGHTS, STAYS, Held, keys, nothing
from crm.kernel.refusal import N_

TABLES = {
    "roll_keys": N_("Keys of rolls"),
    "roll_entries": N_("Seats on the roll of a vote"),
    "roll_marks": N_("Marks of numbers while a roll is built"),
    "roll_candidates": N_("Seats that may be the same person"),
    "roll_challenges": N_("Challenges to a seat"),
    "ballots": N_("Ballots"),
    "final_ballots": N_("Counted ballots"),
    "notices": N_("Notices of a vote"),
    "residence_places": N_("Places whose residents may be asked"),
    "residences": N_("Declared residence"),
    "nominations": N_("Nominations in elections"),
    "paper_batches": N_("Batches of paper ballots"),
    "paper_entries": N_("Paper ballots while two people enter them"),
    "voting_booths": N_("Tablets on which members vote"),
    "sealed_seats": N_("Seats on the roll of a sealed vote"),
    "sealed_passes": N_("Passes of a sealed vote"),
    "sealed_entries": N_("Sealed ballots"),
}
_SEAT = N_("A vote that was counted stays counted: the seat stays as a number, without a name.")
_SECRET = N_("A ballot has no voter, no time and no order: there is nothing to find or to erase.")
HELD = [
    nothing("roll_keys", "electorate_id salt mark_key", N_("Secrets of the roll, without names"), RIGHTS),
    Held("roll_entries", "seat", N_("Seat number"), RIGHTS, ALWAYS, STAYS, because=_SEAT),
    keys("roll_entries", "electorate_id person_id participant_id", ALWAYS, STAYS),
    Held("roll_marks", "mark", N_("Keyed mark of a number, gone when the roll is built"), RIGHTS, ALWAYS, STAYS, is_shown=False, because=_SEAT),
    keys("roll_marks", "electorate_id seat", ALWAYS, STAYS),
    keys("roll_candidates", "electorate_id seat other_seat other_partner_id answer", ALWAYS, STAYS),
    Held("roll_challenges", "seat reason raised_at answer answer_reason", N_("Why a seat was challenged, and what the committee decided"), RIGHTS, ALWAYS,
         STAYS, because=_SEAT),
    keys("roll_challenges", "ratification_id electorate_id raised_by answered_by", ALWAYS, STAYS),
    Held("ballots", "electorate_id plank tracker choice", N_("A choice under a tracker"), RIGHTS, NONE, STAYS, is_shown=False, because=_SECRET),
    Held("final_ballots", "electorate_id plank tracker choice", N_("A choice under a tracker"), RIGHTS, NONE, STAYS, is_shown=False, because=_SECRET),
    Held("notices", "channel reason told_at", N_("Text or letter, when, and why"), RIGHTS, ALWAYS, STAYS, because=_SEAT),
    keys("notices", "ratification_id entry_id person_id", ALWAYS, STAYS),
    Held("residences", "state wording declared_on reason",
         N_("That they were asked or declared to live in a place, in which words and when; and why it was challenged"), RIGHTS, "residences"),
    keys("residences", "place_id person_id", "residences"),
    Held("nominations", "state nominated_by answered_at via", N_("Who nominated them, and their answer"), RIGHTS, "elections"),
    Held("nominations", "public_name statements groups",
         N_("Name on the ballot, statement, and the reserved seats for which they count, as they gave them"), RIGHTS, "elections"),
    keys("nominations", "office_id person_id", "elections"),
    nothing("paper_batches", "electorate_id number size state first_account_id second_account_id", N_("Batches of papers, until they are in the box"), RIGHTS),
    Held("paper_entries", "batch_id reading place contents", N_("What two people read on a paper, until the batch is in the box"), RIGHTS, NONE, STAYS,
         is_shown=False, because=_SECRET),
    nothing("voting_booths", "ratification_id name entry_id pass_key until", N_("For which seat a tablet is unlocked just now"), RIGHTS),
    Held("sealed_seats", "seat", N_("Seat number"), RIGHTS, ALWAYS, STAYS, because=_SEAT),
    keys("sealed_seats", "vote_id person_id", ALWAYS, STAYS),
    keys("sealed_passes", "vote_id seat blinded answer", ALWAYS, STAYS),
    Held("sealed_entries", "vote_id position pass_key version token box signature hash", N_("A sealed ballot under a pass"), RIGHTS, NONE, STAYS,
         is_shown=False, because=_SECRET),
]
