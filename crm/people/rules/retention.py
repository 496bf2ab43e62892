"""How long each kind of thing is kept: what is usual, and between what an organization may choose. Days."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm.kernel.refusal import N_, Reason


@dataclass(frozen=True)
class Time:
    """What a time is for, what is usual, the shortest and the longest that makes sense."""

    what: str
    usual: int
    shortest: int
    longest: int


TIMES = {
    "imports": Time(N_("Rows of imported files, and files that were never brought in. Afterwards an import cannot be undone."), 90, 7, 730),
    "events": Time(N_("What changed on a record: the values before and after. That something happened stays."), 730, 30, 3650),
    "texts": Time(N_("The words of texts that we sent"), 180, 30, 1460),
    "replies": Time(N_("The words of texts that came"), 90, 14, 1460),
    "walk_ins": Time(N_("Names, numbers and needs told at the door that no organization took over"), 7, 1, 60),
    "attendance": Time(N_("Names on door lists. Afterwards only the count stays."), 730, 90, 3650),
    "invitations": Time(N_("Names and addresses of colleagues who were invited, once the invitation was taken, taken back or ran out"), 30, 1, 365),
    "reveals": Time(N_("Which numbers volunteers opened, and what was searched for in lists"), 365, 90, 1460),
}
FIXED = {
    "exports": N_("One day, or until it is fetched"),
    "lots": N_("Until the day on which the challenge of the draw ends, at most 90 days; 60 days where nobody was drawn"),
    "residences": N_(
        "Until the challenges of the last vote that asked for it are over, at most 90 days after its close; a year where no vote asked; thirty days where "
        "whoever got a link has not answered"
    ),
    "elections": N_("Until the day that the election sets, at least a year after its count"),
}


def times_of(options: Mapping[str, Any] | None) -> dict[str, int]:
    """The days in force: the organization's own where it chose any, else the usual ones."""
    own = (options or {}).get("retention") or {}
    return {name: min(max(int(own.get(name, time.usual)), time.shortest), time.longest) for name, time in TIMES.items()}


def issues_in_times(days: Mapping[str, int | None]) -> list[Reason]:
    """Everything that is wrong with the days that were typed."""
    return [
        Reason(N_("Between %(least)s and %(most)s days."), {"least": time.shortest, "most": time.longest}, name)
        for name, time in TIMES.items()
        if days.get(name) is None or not time.shortest <= days[name] <= time.longest  # type: ignore[operator]
    ]
