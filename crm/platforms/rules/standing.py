"""How an open amendment stands today: what the plank would say, whom it meets, who is for it, and whether anybody contests it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from crm.kernel.refusal import N_, Reason, Refusal
from crm.platforms.rules.adoption import Adoption, Conflict, Wording, conflicts

ADVICE = {
    "adopt": N_("Adopt"),
    "change": N_("Adopt as changed"),
    "refuse": N_("Refuse"),
    "none": N_("No recommendation"),
}


@dataclass(frozen=True)
class Open:
    """An open amendment: what it would make of today's text (None where it adds or strikes), or why it no longer applies."""

    id: int
    kind: str
    plank_id: int | None
    plan: Adoption | Refusal | None
    current: Wording | None = None
    supporters: int = 0
    contesters: Sequence[str] = ()
    waiting_below: int = 0
    advice: str = "none"

    @property
    def reads(self) -> Wording | None:
        """The words of today's plank that it changes."""
        if not isinstance(self.plan, Adoption) or self.current is None:
            return None
        old, plan = self.current, self.plan
        return Wording(
            {tag: said for tag, said in plan.titles.items() if said != old.titles.get(tag)},
            {tag: said for tag, said in plan.texts.items() if said != old.texts.get(tag)}, plan.lagging,
        )


def meetings(amendments: Iterable[Open]) -> dict[tuple[int, int], list[Conflict]]:
    """Pairs of open amendments that cannot both be adopted as they stand; an empty list where one strikes what the other changes."""
    found: dict[tuple[int, int], list[Conflict]] = {}
    for one, other in combinations(amendments, 2):
        if one.plank_id is None or one.plank_id != other.plank_id or "add" in (one.kind, other.kind):
            continue
        if one.kind != other.kind:
            found[one.id, other.id] = []
        elif one.reads and other.reads and one.current and (same := conflicts(one.current, one.reads, other.reads)):
            found[one.id, other.id] = same
    return found


def why_contested(one: Open, letters: Mapping[int, str], met: Sequence[int], least: int) -> list[Reason]:
    """Everything for which an amendment needs a decision of its own; empty where nobody contests it."""
    reasons = list(one.plan.reasons) if isinstance(one.plan, Refusal) else []
    if met:
        others = ", ".join(sorted(letters[id] for id in met))
        reasons.append(Reason(N_("It changes the same words as %(others)s."), {"others": others}))
    if one.contesters:
        reasons.append(Reason(N_("Contested by %(names)s."), {"names": ", ".join(sorted(one.contesters))}))
    if one.waiting_below:
        reasons.append(Reason(N_("Amendments to it are still open: %(count)s."), {"count": one.waiting_below}))
    if one.advice in ("change", "refuse"):
        reasons.append(Reason(N_("The committee does not recommend it as it stands.")))
    reasons += (issues_of_support(one.supporters, least) or Refusal()).reasons
    return reasons


def issues_of_support(supporters: int, least: int) -> Refusal | None:
    """Whether enough organizations besides the one that moves it stand behind an amendment for it to be considered."""
    if supporters >= least:
        return None
    text = N_("It has %(count)s supporting organizations and needs %(least)s before it is considered.")
    return Refusal([Reason(text, {"count": supporters, "least": least})])
