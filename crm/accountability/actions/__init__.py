"""Verbs of accountability."""

from crm.accountability.actions.commitments import (
    JUDGE_JOB,
    add_commitment,
    judge_room,
    judge_vote,
    judge_when_closed,
    remove_commitment,
    tie_commitment,
)
from crm.accountability.actions.recommendations import (
    add_recommendation,
    ask_planks,
    deliver,
    edit_recommendation,
    move_milestone,
    note_feedback,
    note_response,
    remove_recommendation,
    set_milestone,
    take_back,
)
from crm.accountability.actions.report_backs import put_first, rate, report_on_copy

__all__ = [
    "JUDGE_JOB", "add_commitment", "add_recommendation", "ask_planks", "deliver", "edit_recommendation", "judge_room", "judge_vote",
    "judge_when_closed", "move_milestone", "note_feedback", "note_response", "put_first", "rate", "remove_commitment", "remove_recommendation",
    "report_on_copy", "set_milestone", "take_back", "tie_commitment",
]
