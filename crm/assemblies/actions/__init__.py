"""Verbs of assemblies: planning, the program, partners and tasks, committees and the roster."""

from crm.assemblies.actions.bodies import (
    add_committee,
    add_participant,
    add_seat,
    fill_seat,
    remove_committee,
    remove_participant,
    remove_seat,
)
from crm.assemblies.actions.changes import edit_assembly, move_state, readiness_of, write_considerations
from crm.assemblies.actions.merging import MERGE_RULES
from crm.assemblies.actions.planning import create_assembly, playbook_from
from crm.assemblies.actions.program import (
    add_item,
    add_session,
    edit_item,
    edit_session,
    move_item,
    remove_item,
    remove_session,
)
from crm.assemblies.actions.together import (
    add_task,
    answer_invitation,
    invite_partners,
    mark_task,
    name_lead,
    remove_partner,
    remove_task,
)

__all__ = [
    "MERGE_RULES",
    "add_committee",
    "add_item",
    "add_participant",
    "add_seat",
    "add_session",
    "add_task",
    "answer_invitation",
    "create_assembly",
    "edit_assembly",
    "edit_item",
    "edit_session",
    "fill_seat",
    "invite_partners",
    "mark_task",
    "move_item",
    "move_state",
    "name_lead",
    "playbook_from",
    "readiness_of",
    "remove_committee",
    "remove_item",
    "remove_partner",
    "remove_participant",
    "remove_seat",
    "remove_session",
    "remove_task",
    "write_considerations",
]
