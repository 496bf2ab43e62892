"""What turnout holds about a person (see kernel.holdings). What is emptied keeps its number, so that counts stay what they were."""

from crm.kernel.holdings import ALWAYS, EMPTIED, STAYS, TURNOUT, WATCH, Held, keys, nothing
from crm.kernel.refusal import N_

TABLES = {
    "pledges": N_("Pledges to bring people"),
    "rsvps": N_("Answers for assemblies"),
    "asks": N_("Asks before an assembly"),
    "turnout_goals": N_("Goals of turnout"),
    "supports": N_("Support asked for"),
    "support_helpers": N_("Who helps on the day"),
    "doors": N_("Doors"),
    "attendances": N_("Attendance"),
    "walk_ins": N_("What people told at the door"),
    "paper_sheets": N_("Paper sheets"),
    "sheet_entries": N_("What was read on paper sheets"),
}
_COUNTS = N_("That somebody answered and somebody came stays as a number.")
_ANSWERS = {"yes": N_("yes"), "no": N_("no"), "maybe": N_("maybe"), "invited": N_("invited"), "confirmed": N_("confirmed"), "cancelled": N_("cancelled")}
_SUPPORTS = {
    "childcare": N_("Childcare"), "interpretation": N_("Interpretation"), "ride": N_("Ride"), "access": N_("Access"), "meal": N_("Meal"),
    "stipend": N_("Stipend"),
}
HELD = [
    Held("pledges", "lead_name promised made_at", N_("Who promised to bring how many"), TURNOUT, ALWAYS, STAYS, is_shown=False, because=N_(
        "A pledge is a leader's word for the organization; change the name on the page of the assembly.")),
    nothing("pledges", "assembly_id", N_("Which assembly")),
    Held("rsvps", "door_name door_folded", N_("Name for the door"), TURNOUT, "attendance", EMPTIED, {"door_name": "", "door_folded": ""}),
    Held("rsvps", "state guests answered_at confirmed_at", N_("Answer and guests"), TURNOUT, ALWAYS, EMPTIED, codes=_ANSWERS, because=_COUNTS),
    keys("rsvps", "assembly_id person_id code language source asked_at", ALWAYS, EMPTIED),
    Held("asks", "how outcome asked_at answered_at", N_("When and how they were asked, and what they said"), TURNOUT),
    Held("asks", "asked_by", N_("Who of the organization did it"), WATCH, is_shown=False),
    keys("asks", "assembly_id person_id account_id"),
    Held("turnout_goals", "name", N_("Whose goal it is: a unit or an organizer"), TURNOUT, ALWAYS, STAYS, is_shown=False, because=N_(
        "A goal is an organizer's for the organization; change it on the page of the assembly.")),
    nothing("turnout_goals", "assembly_id kind target", N_("How many people are aimed for")),
    Held("supports", "kind quantity", N_("Support"), TURNOUT, ALWAYS, EMPTIED, codes=_SUPPORTS, because=_COUNTS),
    Held("supports", "detail", N_("Details of the support"), TURNOUT, "attendance", EMPTIED),
    Held("supports", "children hours", N_("Children by age, and hours of childcare"), TURNOUT, "attendance", EMPTIED, {"children": None, "hours": None}),
    Held("supports", "cents", N_("Amount of a stipend, in cents; no tax number is kept"), TURNOUT, ALWAYS, EMPTIED, because=_COUNTS),
    keys("supports", "assembly_id rsvp_id state planned_at delivered_at helper_id", ALWAYS, EMPTIED),
    Held("support_helpers", "name detail", N_("Who helps on the day, and with what"), TURNOUT, ALWAYS, STAYS, is_shown=False, because=N_(
        "A helper's name is written for the plan of the day; take it off on the page of the assembly.")),
    nothing("support_helpers", "assembly_id session_id kind places hours", N_("Which session, what, for how many")),
    Held("doors", "made_by", N_("Who of the organization did it"), WATCH, ALWAYS, STAYS, is_shown=False),
    nothing("doors", "assembly_id session_id name kind link_id expires_at closed_at", N_("Which door, and until when")),
    Held("attendances", "door_name", N_("Name for the door"), TURNOUT, "attendance", EMPTIED, {"door_name": "", "person_id": None}),
    Held("attendances", "arrived_at guests is_walk_in", N_("When they came, and with how many"), TURNOUT, ALWAYS, EMPTIED, because=_COUNTS),
    keys("attendances", "assembly_id session_id rsvp_id person_id participant_id device_key undone_at", ALWAYS, EMPTIED),
    Held("walk_ins", "name phone language needs wording consented_at", N_("Name, number, language and needs"), TURNOUT, "walk_ins", is_shown=False),
    keys("walk_ins", "attendance_id taken_at", "walk_ins"),
    nothing("paper_sheets", "assembly_id session_id number lines counted_at", N_("Which sheet, with numbers of answers on its lines")),
    Held("sheet_entries", "written_in", N_("Names written on paper, until two readings agree"), TURNOUT, "walk_ins", STAYS, is_shown=False, because=N_(
        "Once two readings agree the names stand with those who came, and go from here; readings that never agree are emptied in time.")),
    Held("sheet_entries", "entered_by entered_at", N_("Who of the organization did it"), WATCH, ALWAYS, STAYS, is_shown=False),
    nothing("sheet_entries", "sheet_id account_id here", N_("Which sheet, and how many guests by number of the answer")),
]
