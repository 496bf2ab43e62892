"""Positions: where organizations stand, and what is still needed to ratify."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm.kernel.refusal import N_

STANCES = {
    "endorse": N_("Endorses"),
    "reserve": N_("With reservations"),
    "stand_aside": N_("Stands aside"),
    "oppose": N_("Opposes"),
    "pending": N_("Pending"),
}
IN_FAVOR = ("endorse", "reserve")


@dataclass(frozen=True)
class Support:
    """One plank: organizations for, against, aside and not decided; how many are needed and how many are missing."""

    in_favor: int
    opposed: int
    aside: int
    undecided: int
    needed: int

    @property
    def missing(self) -> int:
        """How many more have to endorse."""
        return max(0, self.needed - self.in_favor)

    @property
    def is_out_of_reach(self) -> bool:
        """Whether even all who have not decided would be too few."""
        return self.missing > self.undecided


def still_needed(stances: Mapping[int, str], organizations: Sequence[int], percent: int) -> Support:
    """What one plank still needs: the share is of the organizations that do not stand aside, rounded up."""
    said = [stances.get(org, "pending") for org in organizations]
    aside = said.count("stand_aside")
    return Support(
        in_favor=sum(stance in IN_FAVOR for stance in said),
        opposed=said.count("oppose"),
        aside=aside,
        undecided=said.count("pending"),
        needed=-(-(len(said) - aside) * percent // 100),
    )
