"""What assemblies hold about a person (see kernel.holdings)."""

from crm.kernel.holdings import ALWAYS, EMPTIED, RIGHTS, STAYS, TURNOUT, Held, keys, nothing
from crm.kernel.refusal import N_

TABLES = {
    "participants": N_("Places in assemblies"), "lots": N_("Draws by lot"), "lot_places": N_("Who was drawn by lot"),
    "recruitments": N_("Invitations by lot"), "invitation_rounds": N_("Rounds of invitations"), "lot_invitations": N_("Households invited by lot"),
    "lot_call_attempts": N_("Calls to those drawn by lot"),
    "political_scenarios": N_("Political weather"),
    "delegations": N_("Seats of delegations"), "credentials": N_("Credentials of delegates"), "credential_steps": N_("What happened to credentials"),
    "challenges": N_("Challenges to credentials"), "federations": N_("Local assemblies in larger ones"),
    "delegation_instructions": N_("Instructions of delegations"),
    "assembly_inputs": N_("Inputs that local assemblies sent up"),
}
_CODES = N_("A pool holds codes and no names; who a code is, only the organizers know, outside of this program.")
_HOUSEHOLDS = N_("What households answer stands apart from your people, by code; all of it goes when the challenge of the draw is over.")
_SEATS = N_("Who held which seat, and why, is the record of the assembly; the name is in the place that is emptied, and not here.")
_REASONS = N_("A challenge and its decision are the record of the assembly. Write them without more about a person than the decision needs.")
HELD = [
    Held("participants", "shown_name", N_("Name as shown"), TURNOUT, "attendance", EMPTIED, {"shown_name": "", "person_id": None}),
    Held("participants", "role is_voting", N_("Role"), TURNOUT, ALWAYS, EMPTIED),
    keys("participants", "assembly_id person_id", ALWAYS, EMPTIED),
    Held("lots", "people", N_("The pool: codes of people with the features that quotas are about"), RIGHTS, "lots", STAYS, is_shown=False, because=_CODES),
    Held("lots", "record", N_("The record of the draw: codes of those drawn, no features"), RIGHTS, ALWAYS, STAYS, is_shown=False, because=_CODES),
    nothing("lots", "assembly_id seats method quotas size people_sha256 quotas_sha256 counts state problems job_id source frozen_at seed seeded_at "
            "keep_until drawn_at emptied_at recruitment_id", N_("How the draw was made, with counts by quota")),
    Held("recruitments", "households words", N_("Households to invite: addresses, perhaps names and numbers"), TURNOUT, "lots", STAYS, is_shown=False,
         because=_HOUSEHOLDS),
    nothing("recruitments", "assembly_id seats times response quotas listed own households_sha256 closes_on closed_at emptied_at",
            N_("How the invitations were drawn")),
    nothing("invitation_rounds", "recruitment_id number size seed is_texted job_id drawn_at", N_("How the invitations were drawn")),
    Held("lot_invitations", "household household_hash way answer answered_at told number",
         N_("A household that was invited by lot, and what it answered: name, how to reach them, features that quotas are about"), RIGHTS, "lots", STAYS,
         is_shown=False, because=_HOUSEHOLDS),
    nothing("lot_invitations", "recruitment_id round_id link_id", N_("Which invitation")),
    Held("lot_call_attempts", "at by_name outcome", N_("A call to somebody drawn by lot, and what came of it"), TURNOUT, ALWAYS, STAYS, is_shown=False,
         because=_CODES),
    nothing("lot_call_attempts", "place_id", N_("Which place")),
    Held("lot_places", "code replaces drawn_at confirmed_at declined_at", N_("Code of who was drawn, and whether they declined"), RIGHTS, ALWAYS, STAYS,
         is_shown=False, because=_CODES),
    nothing("political_scenarios", "assembly_id scenario seen_at", N_("How much government wants an assembly")),
    nothing("lot_places", "lot_id participant_id", N_("Which draw")),
    nothing("delegations", "assembly_id child_id name counted counted_by reserved seats alternates mandate",
            N_("Seats by organization, with its number of members")),
    Held("credentials", "kind rank seat gave_seat state state_before", N_("Delegate or alternate, which seat, and whether entitled"), RIGHTS, ALWAYS, STAYS,
         because=_SEATS),
    keys("credentials", "assembly_id delegation_id participant_id", ALWAYS, STAYS),
    Held("credential_steps", "verb seat reason by_name at", N_("Steps of a credential, who took them, and why"), RIGHTS, ALWAYS, STAYS, because=_REASONS),
    keys("credential_steps", "assembly_id credential_id with_id", ALWAYS, STAYS),
    Held("challenges", "kind rank reason by_name state answer answered_by answered_at", N_("A challenge, its reasons and its decision"), RIGHTS, ALWAYS, STAYS,
         because=_REASONS),
    keys("challenges", "assembly_id about_id credential_id", ALWAYS, STAYS),
    nothing("federations", "parent_id child_id parent_title child_title state answered_at", N_("Which assembly is part of which")),
    nothing("delegation_instructions", "assembly_id delegation_id item_id subject stance is_secret written_at opened_at",
            N_("How an organization instructs its delegates")),
    nothing("assembly_inputs", "parent_id child_id number title text origin from_id state answer answered_by answered_at above",
            N_("What an assembly asks for, with counts of votes and people")),
]
