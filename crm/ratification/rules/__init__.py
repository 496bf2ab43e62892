"""Pure rules of ratification, one file each: states, ballots, board, tally, words."""

from crm.ratification.rules.states import SENTENCES

__all__ = ["SENTENCES"]
