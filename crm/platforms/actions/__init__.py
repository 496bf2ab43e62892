"""The verbs of drafting. Each takes the actor first and the time last, checks, writes, and records it."""

from crm.platforms.actions.amendments import give_voice, propose_amendment, withdraw_amendment
from crm.platforms.actions.comments import add_comment, moderate_comment, report_comment
from crm.platforms.actions.deciding import adopt_together, adoption_of, adoption_within, decide_amendment, recommend
from crm.platforms.actions.editions import (
    freeze_edition,
    issues_of,
    mark_ratified,
    publish_platform,
    reopen_platform,
    unpublish_platform,
)
from crm.platforms.actions.endorsements import decide_endorsement, endorse_platform, withdraw_endorsement
from crm.platforms.actions.planks import add_plank, change_plank, move_plank, set_plank_state
from crm.platforms.actions.platforms import change_platform, create_platform
from crm.platforms.actions.positions import state_positions, state_process
from crm.platforms.actions.proposals import answer_proposal, open_to_public, send_proposal, send_public_proposal

__all__ = [
    "add_comment", "add_plank", "adopt_together", "adoption_of", "adoption_within", "answer_proposal", "change_plank", "change_platform",
    "create_platform", "decide_amendment", "decide_endorsement", "endorse_platform", "freeze_edition", "give_voice", "issues_of", "mark_ratified",
    "moderate_comment", "move_plank", "open_to_public", "propose_amendment", "publish_platform", "recommend", "reopen_platform",
    "report_comment", "send_proposal", "send_public_proposal", "set_plank_state", "state_positions", "state_process", "unpublish_platform",
    "withdraw_amendment", "withdraw_endorsement",
]
