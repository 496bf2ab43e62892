"""The verbs of ratification: draft, open, cast, vote by roll call, correct, close, certify, reach the members."""

from crm.ratification.actions.by_text import answer_ballot
from crm.ratification.actions.casting import Receipt, cast_ballot
from crm.ratification.actions.closing import certify, close_ratification
from crm.ratification.actions.credentials import answer_candidate
from crm.ratification.actions.drafting import DEFAULTS, change_ratification, draft_ratification
from crm.ratification.actions.notices import notify_some, print_letters, send_new_link, try_texts_again
from crm.ratification.actions.open_voting import cast_open_vote
from crm.ratification.actions.opening import begin_opening, freeze, plan_of, return_to_draft
from crm.ratification.actions.roll_call import vote_for_organization
from crm.ratification.actions.rolls import build_part, unbuilt

__all__ = [
    "DEFAULTS",
    "Receipt",
    "answer_ballot",
    "answer_candidate",
    "begin_opening",
    "build_part",
    "cast_ballot",
    "cast_open_vote",
    "certify",
    "change_ratification",
    "close_ratification",
    "draft_ratification",
    "freeze",
    "notify_some",
    "plan_of",
    "print_letters",
    "return_to_draft",
    "send_new_link",
    "try_texts_again",
    "unbuilt",
    "vote_for_organization",
]
