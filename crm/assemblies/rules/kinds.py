"""Which kind of assembly fits: a few questions that a person can answer, and the kinds whose playbook says the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crm.assemblies.playbooks.shape import Playbook
from crm.kernel.refusal import N_

QUESTIONS = {
    "decides": N_("Who decides?"),
    "comes": N_("Who may come?"),
    "government": N_("Will government answer?"),
    "lasts": N_("How often?"),
}
CHOICES = {
    "decides": {
        "room": N_("Those who are in the room"),
        "members": N_("Members or organizations"),
        "delegates": N_("Delegates, for everyone else"),
        "residents": N_("Everyone who lives here, by ballot"),
        "government": N_("Government, after hearing us"),
        "together": N_("Legislators and public together"),
    },
    "comes": {
        "anyone": N_("Anyone who wants to"),
        "members": N_("People of our organizations"),
        "residents": N_("Everyone who lives here"),
        "sent": N_("Delegates whom others send"),
        "lot": N_("People drawn by lot"),
        "lot_officials": N_("Drawn by lot, and legislators"),
    },
    "government": {
        "none": N_("It has no part in this"),
        "refuses": N_("No, it decides without us"),
        "answers": N_("Yes, with written reasons"),
        "bound": N_("It promises to carry it out"),
    },
    "lasts": {
        "tonight": N_("Tonight, or very soon"),
        "once": N_("Once, for one purpose"),
        "yearly": N_("Every year, or for good"),
    },
}


@dataclass(frozen=True)
class Proposal:
    """A kind and the questions whose answers it does not fit."""

    playbook: Playbook
    differs: tuple[str, ...]


def propose(playbooks: Iterable[Playbook], answers: Mapping[str, str]) -> list[Proposal]:
    """The kinds that fit most of the answers, all that are equally near; none while nothing is answered.

    Unknown answers count as not given. Among equals, the one whose own first answers these are comes first.
    """
    given = {key: answer for key, answer in answers.items() if answer in CHOICES.get(key, ())}
    if not given:
        return []
    found = [Proposal(p, tuple(key for key, answer in given.items() if answer not in getattr(p.fits, key))) for p in playbooks]
    fewest = min(len(proposal.differs) for proposal in found)
    nearest = [proposal for proposal in found if len(proposal.differs) == fewest]
    return sorted(nearest, key=lambda proposal: -sum(getattr(proposal.playbook.fits, key)[0] == answer for key, answer in given.items()))
