"""The verbs of drafting. Each takes the actor first and the time last, checks, writes, and records it."""

from crm.platforms.actions.amendments import adoption_of, decide_amendment, propose_amendment, withdraw_amendment
from crm.platforms.actions.editions import (
    freeze_edition,
    issues_of,
    mark_ratified,
    publish_platform,
    reopen_platform,
    unpublish_platform,
)
from crm.platforms.actions.planks import add_plank, change_plank, move_plank, set_plank_state
from crm.platforms.actions.platforms import change_platform, create_platform
from crm.platforms.actions.positions import add_comment, state_positions

__all__ = [
    "add_comment", "add_plank", "adoption_of", "change_plank", "change_platform", "create_platform", "decide_amendment",
    "freeze_edition", "issues_of", "mark_ratified", "move_plank", "propose_amendment", "publish_platform",
    "reopen_platform", "set_plank_state", "state_positions", "unpublish_platform", "withdraw_amendment",
]
