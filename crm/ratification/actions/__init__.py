"""The verbs of ratification: draft, open, cast, vote by roll call, correct, close, certify, reach the members."""

from crm.ratification.actions.by_text import answer_ballot, answer_by_number
from crm.ratification.actions.casting import Receipt, cast_ballot
from crm.ratification.actions.closing import certify, close_ratification
from crm.ratification.actions.credentials import answer_candidate, answer_challenge, challenge_seat
from crm.ratification.actions.drafting import DEFAULTS, change_ratification, change_rule, draft_ratification
from crm.ratification.actions.holding import hold_open_votes, resume
from crm.ratification.actions.manifest import rule_of
from crm.ratification.actions.notices import notify_some, print_letters, send_new_link, try_texts_again
from crm.ratification.actions.open_voting import cast_open_vote
from crm.ratification.actions.opening import begin_opening, freeze, plan_of, return_to_draft
from crm.ratification.actions.outside import read_outside_result
from crm.ratification.actions.roll_call import vote_for_organization
from crm.ratification.actions.rolls import build_part, roll_at, unbuilt
from crm.ratification.actions.signing import drop_teller, name_teller, next_list, publish_list, take_signature

__all__ = [
    "DEFAULTS",
    "Receipt",
    "answer_ballot",
    "answer_by_number",
    "answer_candidate",
    "answer_challenge",
    "begin_opening",
    "build_part",
    "cast_ballot",
    "cast_open_vote",
    "certify",
    "challenge_seat",
    "change_ratification",
    "change_rule",
    "close_ratification",
    "draft_ratification",
    "drop_teller",
    "freeze",
    "hold_open_votes",
    "name_teller",
    "next_list",
    "notify_some",
    "plan_of",
    "print_letters",
    "publish_list",
    "read_outside_result",
    "resume",
    "return_to_draft",
    "roll_at",
    "rule_of",
    "send_new_link",
    "take_signature",
    "try_texts_again",
    "unbuilt",
    "vote_for_organization",
]
