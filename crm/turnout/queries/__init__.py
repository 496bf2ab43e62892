"""Doors and reads of turnout."""

from crm.turnout.queries.door import (
    Arrived,
    Found,
    Holder,
    Sitting,
    find_at_door,
    just_came,
    organizations_at,
    room_count,
    roster,
    session_on,
)
from crm.turnout.queries.facts import AUDIENCES, FACTS, audience
from crm.turnout.queries.lists import (
    call_list,
    door_for,
    door_links,
    pledges_of,
    rsvp_for,
    sign_in_rows,
    state_counts,
    support_counts,
    support_for,
    support_rows,
    supports_of,
)
from crm.turnout.queries.summary import PartnerRow, Summary, turnout_summary

__all__ = [
    "AUDIENCES", "FACTS", "Arrived", "Found", "Holder", "PartnerRow", "Sitting", "Summary", "audience", "call_list",
    "door_for", "door_links", "find_at_door", "just_came", "organizations_at", "pledges_of", "room_count", "roster",
    "rsvp_for", "session_on", "sign_in_rows", "state_counts", "support_counts", "support_for", "support_rows",
    "supports_of", "turnout_summary",
]
