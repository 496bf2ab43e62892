"""Yes, no, abstain: a plank is adopted when yes reaches its share of the base."""

from collections.abc import Iterable
from fractions import Fraction

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods.shape import Decision, Rule, votes_needed

_BASIS = {
    "yes_and_no": N_("%(yes)s yes and %(no)s no make %(base)s in all. %(share)s of %(base)s is %(exact)s."),
    "cast": N_(
        "%(yes)s yes, %(no)s no and %(abstain)s abstained make %(base)s in all. %(share)s of %(base)s is %(exact)s."
    ),
    "roll": N_("On the roll: %(base)s. %(share)s of %(base)s is %(exact)s."),
}
_NEED = {
    "at_least": N_("The rule says at least that many, so yes needs %(needed)s."),
    "more_than": N_("The rule says more than that, so yes needs %(needed)s."),
}


class YesNoAbstain:
    """The one method of the first edition."""

    name = "yes_no_abstain"
    choices = ("yes", "no", "abstain")

    def count(self, ballots: Iterable[str]) -> dict[str, int]:
        """How often each choice was made; an unknown one is an error, never a blank."""
        counts = dict.fromkeys(self.choices, 0)
        for choice in ballots:
            counts[choice] += 1
        return counts

    def decide(self, counts: dict[str, int], rule: Rule, roll: int) -> Decision:
        """Adopted when yes reaches the threshold of the base; a tie at one half goes by the tie rule."""
        yes, no = counts["yes"], counts["no"]
        base = {"yes_and_no": yes + no, "cast": sum(counts.values()), "roll": roll}[rule.basis]
        if yes + no == 0:
            return Decision(False, base, 0, (Reason(N_("Nobody voted yes or no, so it is not adopted.")),))
        needed = votes_needed(rule, base)
        reasons = [
            Reason(
                _BASIS[rule.basis],
                {**counts, "base": base, "share": "100%" if rule.threshold == 1 else str(rule.threshold), "exact": mixed(rule.threshold * base)},
            ),
            Reason(_NEED[rule.strictness], {"needed": needed}),
        ]
        if yes == no and rule.threshold == Fraction(1, 2) and rule.basis == "yes_and_no":
            adopted = rule.tie == "passes"
            reasons.append(
                Reason(
                    N_("Yes and no are equal; by the rule a tie is adopted.")
                    if adopted
                    else N_("Yes and no are equal; by the rule a tie is not adopted.")
                )
            )
        else:
            adopted = yes >= needed
            reasons.append(
                Reason(N_("Yes has %(yes)s: enough.") if adopted else N_("Yes has %(yes)s: not enough."), {"yes": yes})
            )
        return Decision(adopted, base, needed, tuple(reasons))


def mixed(value: Fraction) -> str:
    """An exact number as people write it: 466 2/3."""
    whole, rest = divmod(value, 1)
    return f"{whole}" if not rest else f"{whole} {rest}" if whole else f"{rest}"


METHOD = YesNoAbstain()
