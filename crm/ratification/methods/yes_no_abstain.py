"""Yes, no, abstain: a plank is adopted when yes reaches its share of the base, and each further share that the rule asks."""

from collections.abc import Iterable
from fractions import Fraction

from crm.kernel.refusal import N_, Reason
from crm.ratification.methods.shape import Condition, Decision, Field, Rule, votes_needed

_BASIS = {
    "yes_and_no": N_("%(yes)s yes and %(no)s no make %(base)s in all. %(share)s of %(base)s is %(exact)s."),
    "cast": N_(
        "%(yes)s yes, %(no)s no and %(abstain)s abstained make %(base)s in all. %(share)s of %(base)s is %(exact)s."
    ),
    "present": N_("Checked in: %(base)s. %(share)s of %(base)s is %(exact)s."),
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

    def decide(self, counts: dict[str, int], rule: Rule, roll: int | Field) -> Decision:
        """Adopted when yes reaches the threshold of the base, and of every further base; a tie at one half goes by the tie rule."""
        field, yes, no = roll if isinstance(roll, Field) else Field(roll), counts["yes"], counts["no"]
        base = field.base(rule.basis, counts)
        if yes + no == 0:
            nothing = (Reason(N_("Nobody voted yes or no, so it is not adopted.")),)
            return Decision(False, base, 0, nothing, tuple(Decision(False, field.base(c.basis, counts), 0, ()) for c in rule.conditions))
        first, more = _share(rule, counts, field), tuple(_share(condition, counts, field) for condition in rule.conditions)
        if yes == no and rule.threshold == Fraction(1, 2) and rule.basis == "yes_and_no":
            first = _tie(rule, first)
        adopted = first.is_adopted and all(each.is_adopted for each in more)
        reasons = [*first.reasons]
        for each in more:
            reasons += [Reason(N_("And also:")), *each.reasons]
        if more:
            reasons.append(Reason(N_("Every condition is met.") if adopted else N_("Not every condition is met, so it is not adopted.")))
        return Decision(adopted, first.base, first.needed, tuple(reasons), more)


def _share(asked: Rule | Condition, counts: dict[str, int], field: Field) -> Decision:
    """One share of one base, exactly."""
    base, yes = field.base(asked.basis, counts), counts["yes"]
    needed, exact = votes_needed(asked, base), mixed(asked.threshold * base)
    said = {**counts, "base": base, "share": "100%" if asked.threshold == 1 else str(asked.threshold), "exact": exact}
    is_enough = base > 0 and yes >= needed  # where nobody was checked in, no share of them is enough
    enough = Reason(N_("Yes has %(yes)s: enough.") if is_enough else N_("Yes has %(yes)s: not enough."), {"yes": yes})
    return Decision(is_enough, base, needed, (Reason(_BASIS[asked.basis], said), Reason(_NEED[asked.strictness], {"needed": needed}), enough))


def _tie(rule: Rule, first: Decision) -> Decision:
    adopted = rule.tie == "passes"
    words = N_("Yes and no are equal; by the rule a tie is adopted.") if adopted else N_("Yes and no are equal; by the rule a tie is not adopted.")
    return Decision(adopted, first.base, first.needed, (*first.reasons[:-1], Reason(words)))


def mixed(value: Fraction) -> str:
    """An exact number as people write it: 466 2/3."""
    whole, rest = divmod(value, 1)
    return f"{whole}" if not rest else f"{whole} {rest}" if whole else f"{rest}"


METHOD = YesNoAbstain()
