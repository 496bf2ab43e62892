"""Consensus: agree, stand aside, or block. One block stops it, or as many as the rule says; standing aside lets it pass.

Source: the practice of Seeds for Change and C. T. Butler, On Conflict and Consensus. The threshold is the share of those who agree among
those who agree or stand aside, so that a text that most stand aside from is not called agreed.
"""

from collections.abc import Iterable

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods.shape import Decision, Field, Rule, votes_needed
from crm.ratification.methods.yes_no_abstain import mixed


class Consensus:
    """Agreed when too few block and enough agree."""

    name = "consensus"
    choices = ("agree", "stand_aside", "block", "abstain")

    def count(self, ballots: Iterable[str]) -> dict[str, int]:
        """How often each choice was made; an unknown one is an error, never a blank."""
        counts = dict.fromkeys(self.choices, 0)
        for choice in ballots:
            counts[choice] += 1
        return counts

    def decide(self, counts: dict[str, int], rule: Rule, roll: int | Field) -> Decision:
        """Blocks first, then the share of those who agree."""
        agree, aside, block = counts["agree"], counts["stand_aside"], counts["block"]
        field = roll if isinstance(roll, Field) else Field(roll)
        base = agree + aside if rule.basis == "yes_and_no" else field.base(rule.basis, counts)
        if agree == 0:
            return Decision(False, base, 0, (Reason(N_("Nobody agreed, so there is no consensus.")),))
        needed = votes_needed(rule, base)
        reasons = [
            Reason(
                N_("Agree: %(agree)s. Stand aside: %(aside)s. Block: %(block)s. Abstain: %(abstain)s."),
                {"agree": agree, "aside": aside, "block": block, "abstain": counts["abstain"]},
            )
        ]
        if block > rule.blocks:
            reasons.append(Reason(N_("More block than the rule lets pass, %(blocks)s: no consensus."), {"blocks": rule.blocks}))
            return Decision(False, base, needed, tuple(reasons))
        reasons.append(
            Reason(
                N_("%(share)s of %(base)s is %(exact)s, so at least %(needed)s must agree: enough do.")
                if agree >= needed
                else N_("%(share)s of %(base)s is %(exact)s, so at least %(needed)s must agree: not enough do."),
                {"share": str(rule.threshold), "base": base, "exact": mixed(rule.threshold * base), "needed": needed},
            )
        )
        return Decision(agree >= needed, base, needed, tuple(reasons))


METHOD = Consensus()
