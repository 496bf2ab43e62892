"""Counting methods: one file each, behind one small interface.

Adding one is one file here, one line below, one test.
"""

from crm.ratification.methods import yes_no_abstain
from crm.ratification.methods.shape import Decision, Method, Quorum, Rule, quorum_of

METHODS: dict[str, Method] = {method.name: method for method in (yes_no_abstain.METHOD,)}

__all__ = ["METHODS", "Decision", "Method", "Quorum", "Rule", "quorum_of"]
