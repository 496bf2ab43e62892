"""What tables hold about a person (see kernel.holdings): who sat with whom, as numbers; what a table wrote bears no name."""

from crm.kernel.holdings import ALWAYS, STAYS, TURNOUT, Held, keys, nothing
from crm.kernel.refusal import N_

TABLES = {
    "table_rounds": N_("Divisions among tables"), "hall_tables": N_("Tables"), "table_places": N_("Places at tables"),
    "kept_apart": N_("Who never sits together"), "themes": N_("Themes"), "table_notes": N_("Notes of tables"),
    "speaking_orders": N_("Orders of speaking"), "speakers": N_("Who spoke"),
    "table_proposals": N_("Proposals of the room"), "table_dots": N_("Dots of tables"),
}
_NAMELESS = N_("A table's words bear no name; the numbers of places lead nowhere once the answer for the assembly is emptied.")
_GIVEN = N_("The name is what somebody called out in the hall, tied to no record; it is emptied with the door lists.")
HELD = [
    nothing("table_rounds", "assembly_id session_id source seats main_language spread drawn_at dots dots_opened_at dots_closed_at",
            N_("How a session's people were divided")),
    nothing("hall_tables", "round_id number link_id", N_("Which table")),
    keys("table_places", "round_id table_id sitter", ALWAYS, STAYS),
    keys("kept_apart", "assembly_id one_sitter other_sitter", ALWAYS, STAYS),
    nothing("themes", "assembly_id title", N_("The name of a theme")),
    Held("table_notes", "body language", N_("What a table wrote"), TURNOUT, ALWAYS, STAYS, is_shown=False, because=_NAMELESS),
    keys("table_notes", "assembly_id table_id theme_id key", ALWAYS, STAYS),
    nothing("table_proposals", "assembly_id number theme_id titles texts", N_("What the room could ask for")),
    nothing("speaking_orders", "session_id order seconds", N_("In which order people spoke, and for how long")),
    Held("speakers", "name table_number side is_about first_because", N_("Who asked to speak, by the name they gave"), TURNOUT, "attendance", STAYS,
         is_shown=False, because=_GIVEN),
    keys("speakers", "assembly_id session_id asked_at began_at ended_at withdrawn_at", ALWAYS, STAYS),
    nothing("table_dots", "table_id proposal_id points", N_("A table's points")),
]
