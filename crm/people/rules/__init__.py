"""Rules of the people room: pure, one file per question."""

from crm.people.rules.cells import read_date
from crm.people.rules.columns import FIELDS, Mapping, find_header, guess_columns, issues_in_mapping
from crm.people.rules.people import (
    FIELD_NAMES,
    RUNGS,
    SENTENCES,
    STANDINGS,
    changes_between,
    issues_in_person,
    sort_name,
    undo_of,
)
from crm.people.rules.plan import Known, KnownPerson, RowPlan, plan_row
from crm.people.rules.rows import RowIn, read_row
from crm.people.rules.segments import (
    COMPARISONS,
    Condition,
    conditions_of,
    definition_of,
    issues_in_definition,
    read_definition,
    read_filter,
    write_filter,
)

__all__ = [
    "COMPARISONS",
    "FIELDS",
    "FIELD_NAMES",
    "RUNGS",
    "SENTENCES",
    "STANDINGS",
    "Condition",
    "Known",
    "KnownPerson",
    "Mapping",
    "RowIn",
    "RowPlan",
    "changes_between",
    "conditions_of",
    "definition_of",
    "find_header",
    "guess_columns",
    "issues_in_definition",
    "issues_in_mapping",
    "issues_in_person",
    "plan_row",
    "read_date",
    "read_definition",
    "read_filter",
    "read_row",
    "sort_name",
    "undo_of",
    "write_filter",
]
