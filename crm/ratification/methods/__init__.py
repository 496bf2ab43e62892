"""Counting methods: one file each, behind one small interface.

Adding one is one file here, one line below, one test. `METHODS` decide a plank and `BALLOTED` choose among options, each with a ballot
page, so a vote may be drafted with them; `DECIDING` are all that decide a plank; `COUNTING` elect among candidates, options or projects.
"""

from collections.abc import Iterable
from types import ModuleType

from crm.ratification.methods import (
    approval,
    borda_modified,
    budget_votes,
    consensus,
    dots,
    equal_shares,
    irv,
    score,
    stv_meek,
    stv_scottish,
    yes_no_abstain,
)
from crm.ratification.methods.contest import CountingMethod
from crm.ratification.methods.shape import Condition, Decision, Field, Method, Quorum, Rule, quorum_of


def _by_name(modules: Iterable[ModuleType]) -> dict:
    return {module.METHOD.name: module.METHOD for module in modules}


METHODS: dict[str, Method] = _by_name((yes_no_abstain,))
DECIDING: dict[str, Method] = _by_name((yes_no_abstain, consensus))
COUNTING: dict[str, CountingMethod] = _by_name(
    (irv, stv_scottish, stv_meek, approval, score, dots, borda_modified, budget_votes, equal_shares)
)
BALLOTED: tuple[str, ...] = ("irv", "stv-scottish", "stv-meek", "approval", "score", "dots", "borda-modified", "budget-votes", "equal-shares")

__all__ = ["BALLOTED", "COUNTING", "DECIDING", "METHODS", "Condition", "Decision", "Field", "Method", "Quorum", "Rule", "quorum_of"]
