"""An assembly and its series across the five stages of the policy process: what exists in each, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm.assemblies.rules.words import STAGES
from crm.kernel.refusal import N_, Reason

FACTS: dict[str, tuple[tuple[str, str], ...]] = {
    "agenda_setting": (("issues", N_("issues and inputs that participants put on the agenda: %(n)s")),),
    "formulation": (("planks", N_("planks and proposals drafted: %(n)s")), ("requests", N_("questions to government: %(n)s"))),
    "decision": (
        ("commitments", N_("commitments given beforehand: %(n)s")), ("votes", N_("votes that are over: %(n)s")),
        ("delivered", N_("recommendations handed over: %(n)s")),
    ),
    "implementation": (("answered", N_("final answers: %(n)s")), ("steps", N_("milestones: %(n)s")), ("steps_done", N_("milestones done: %(n)s"))),
    "monitoring": (
        ("report_backs", N_("report-backs on an agenda: %(n)s")), ("ratings", N_("recommendations rated by participants: %(n)s")),
    ),
}  # fmt: skip
_MISSING = {
    "agenda_setting": N_("No assembly of this series sets an agenda yet: let participants choose the issues."),
    "formulation": N_("Nothing is drafted yet: turn what the tables said into proposals or a platform."),
    "decision": N_("Nothing is decided or handed over yet: hold a vote, get a commitment before it, hand over what it supports."),
    "implementation": N_("No decision-maker has given a final answer, and no milestone is set."),
    "monitoring": N_("Nobody reports back yet: copy the assembly for its next cycle, and put the report-back first on its agenda."),
}


@dataclass(frozen=True)
class Stage:
    """One stage: assemblies held for it, other evidence in words, and what is missing where there is neither."""

    key: str
    assemblies: tuple[int, ...]
    evidence: tuple[Reason, ...]
    missing: Reason | None


def across(stages_of: Mapping[int, str], counts: Mapping[str, int]) -> list[Stage]:
    """The five stages in order. `stages_of`: assembly id → its stage; `counts`: how many of each fact."""
    return [_stage(key, [id for id, at in stages_of.items() if at == key], counts) for key in STAGES]


def _stage(key: str, held: Sequence[int], counts: Mapping[str, int]) -> Stage:
    evidence = tuple(Reason(words, {"n": counts[name]}) for name, words in FACTS[key] if counts.get(name))
    return Stage(key, tuple(held), evidence, None if held or evidence else Reason(_MISSING[key]))
