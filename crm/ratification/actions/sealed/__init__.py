"""The verbs of sealed votes: draft, freeze, print pass letters, sign a pass, put a box in, open, end after a restore."""

from crm.ratification.actions.sealed.casting import cast_box
from crm.ratification.actions.sealed.drafting import change_sealed, draft_sealed, freeze_sealed, print_pass_letters
from crm.ratification.actions.sealed.opening import end_after_restore, open_sealed
from crm.ratification.actions.sealed.passes import give_pass
from crm.ratification.actions.sealed.registrar import make_key

__all__ = ["cast_box", "change_sealed", "draft_sealed", "end_after_restore", "freeze_sealed", "give_pass", "make_key", "open_sealed", "print_pass_letters"]
