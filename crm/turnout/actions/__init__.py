"""Verbs of turnout: pledge, answer, support, open a door, check in."""

from crm.turnout.actions.answers import (
    answer_by_pass,
    change_rsvp,
    invite,
    pass_link,
    pass_link_ids,
    record_answer,
)
from crm.turnout.actions.attendances import CheckIn, Outcome
from crm.turnout.actions.calling import ask, ask_in_full
from crm.turnout.actions.check_ins import check_in, undo_check_in
from crm.turnout.actions.childcare import set_care
from crm.turnout.actions.doors import close_door, open_door
from crm.turnout.actions.goals import drop_goal, set_goal
from crm.turnout.actions.merging import MERGE_RULES, come_once, rename_at_the_door
from crm.turnout.actions.pledges import move_support, pledge, withdraw_pledge
from crm.turnout.actions.sheets import enter_sheet, print_sheets
from crm.turnout.actions.staffing import add_helper, ask_at_the_door, drop_helper, plan_support
from crm.turnout.actions.subject import SUBJECT
from crm.turnout.actions.taking_back import take_back_reply
from crm.turnout.actions.texting import answer_support, arrive, handle_confirmation, handle_reply
from crm.turnout.actions.walk_ins import take_walk_in, tell_attendance

__all__ = [
    "CheckIn",
    "MERGE_RULES",
    "Outcome",
    "SUBJECT",
    "add_helper",
    "answer_by_pass",
    "answer_support",
    "arrive",
    "ask",
    "ask_at_the_door",
    "ask_in_full",
    "change_rsvp",
    "check_in",
    "close_door",
    "come_once",
    "drop_goal",
    "drop_helper",
    "enter_sheet",
    "handle_confirmation",
    "handle_reply",
    "invite",
    "move_support",
    "open_door",
    "pass_link",
    "pass_link_ids",
    "plan_support",
    "pledge",
    "print_sheets",
    "record_answer",
    "rename_at_the_door",
    "set_care",
    "set_goal",
    "take_back_reply",
    "take_walk_in",
    "tell_attendance",
    "undo_check_in",
    "withdraw_pledge",
]
