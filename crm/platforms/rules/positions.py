"""Positions: where organizations stand, and what is still needed to ratify."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

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


@dataclass(frozen=True)
class Overall:
    """The whole platform: planks with enough support, of how many, and organizations that have not decided on every plank."""

    enough: int
    planks: int
    undecided: Sequence[int]
    out_of_reach: int


def overall(support: Mapping[int, Support], stances: Mapping[tuple[int, int], str], organizations: Sequence[int]) -> Overall:
    """What the whole text still needs; stances by (plank, organization)."""
    undecided = [org for org in organizations if any(stances.get((plank, org), "pending") == "pending" for plank in support)]
    return Overall(
        enough=sum(not one.missing for one in support.values()), planks=len(support), undecided=undecided,
        out_of_reach=sum(bool(one.missing) and one.is_out_of_reach for one in support.values()),
    )


def is_overdue(stance: str, until: date | None, today: date) -> bool:
    """Whether an organization said until when it would decide, and has not."""
    return stance == "pending" and until is not None and until < today


def signed_at(statements: Sequence[Sequence[tuple[datetime, str]]]) -> datetime | None:
    """Since when an organization stands behind the whole text: its statements plank by plank, the newest first. None if it does not."""
    moments = []
    for plank in statements:
        since = None
        for at, stance in plank:
            if stance not in IN_FAVOR:
                break
            since = at
        if since is None:
            return None
        moments.append(since)
    return max(moments, default=None)
