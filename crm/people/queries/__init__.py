"""Doors and reads of the people room."""

from crm.people.queries.doors import (
    Card, card_for, custom_fields, import_for, note_for, person_for, preferred_phone, rung_names, show_email_to, show_phone_to,
    timeline,
)
from crm.people.queries.facts import FACTS, Fact, clause_of, compare, facts_for, holds
from crm.people.queries.imports import (
    OUTCOMES, ImportRowView, applied_rows, count_outcomes, import_file, import_rows_page, imports_page, planned_rows,
    read_reason, same_file,
)
from crm.people.queries.known import known_people, people_meant_by
from crm.people.queries.lists import (
    ORDERS, PeoplePage, all_tags, count_everyone, count_matching, matches, people_page, same_contact,
)
from crm.people.queries.panels import PERSON_LINKS, PERSON_PANELS, SEGMENT_LINKS, PageLink, Panel
from crm.people.queries.segments import (
    count_people, count_segments, people_where, segment_count, segment_for, segment_people, segment_select, segments,
)

__all__ = [
    "FACTS", "ORDERS", "OUTCOMES", "PERSON_LINKS", "PERSON_PANELS", "SEGMENT_LINKS", "Card", "Fact", "ImportRowView", "PageLink",
    "Panel", "PeoplePage", "all_tags", "applied_rows", "card_for", "clause_of", "compare",
    "count_everyone", "count_matching", "count_outcomes", "count_people", "count_segments", "custom_fields", "facts_for",
    "holds", "import_file", "import_for", "import_rows_page", "imports_page", "known_people", "matches", "note_for",
    "people_meant_by", "people_page", "people_where", "person_for", "planned_rows", "preferred_phone", "read_reason", "rung_names",
    "same_contact", "same_file", "segment_count", "segment_for", "segment_people", "segment_select", "segments",
    "show_email_to", "show_phone_to", "timeline",
]
