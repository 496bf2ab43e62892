"""What a closed vote tells of the members of each organization, and what it does not. Pure.

A secret ballot has no organization, so how the members of one voted is not known; who took part is counted by organization. An open vote is counted
by organization too. A cell that is too small is shown only together with others, so many of them that it cannot be worked out from the total, which
is published (complementary suppression, as statistical offices do it: Hundepool et al., Statistical Disclosure Control, 2012, chapter 4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from crm.ratification.rules.board import SMALL_GROUP

LEAST = SMALL_GROUP
NEARLY_ALL = (95, 50)  # so many percent alike among fewer ballots than this says how everyone voted


@dataclass(frozen=True)
class Home:
    """Members of one organization, or of several counted together: seats, how many voted, and of an open vote the answers, plank by plank."""

    names: tuple[str, ...]
    roll: int
    voted: int
    planks: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def by_home(homes: Sequence[Home]) -> list[dict[str, Any]]:
    """What is told: each organization that is large enough, then the others together; nothing where even those could be worked out."""
    shown, pooled = [home for home in homes if not _is_small(home)], [home for home in homes if _is_small(home)]
    shown.sort(key=lambda home: (-home.roll, home.names))
    while pooled and not _hides(pooled):
        if not shown:
            return []
        pooled.append(shown.pop())
    return [asdict(home) for home in (*shown, *([_together(pooled)] if pooled else []))]


def _is_small(home: Home) -> bool:
    """Whether what is told of a cell would tell something of single people: too few voted, too few did not, or nearly all answered alike."""
    if not home.planks:
        return min(home.voted, home.roll - home.voted) < LEAST
    percent, few = NEARLY_ALL
    return any(
        sum(counts.values()) < LEAST or sum(counts.values()) < few and 100 * max(counts.values()) >= percent * sum(counts.values())
        for counts in home.planks.values()
    )


def _hides(pooled: Sequence[Home]) -> bool:
    """Whether several cells together are no small one, and each may still be anything from nothing to all, or differ by as many as the limit."""
    whole = _together(pooled)
    if len(pooled) < 2 or _is_small(whole):
        return False
    if whole.planks:
        return True
    spans = [min(each.roll, whole.voted) - max(0, whole.voted - (whole.roll - each.roll)) for each in pooled]
    return all(span >= min(each.roll, LEAST) for span, each in zip(spans, pooled, strict=True))


def _together(homes: Sequence[Home]) -> Home:
    planks = {
        plank: {choice: sum(home.planks[plank][choice] for home in homes) for choice in counts} for plank, counts in homes[0].planks.items()
    }
    names = tuple(sorted(name for home in homes for name in home.names))
    return Home(names, sum(home.roll for home in homes), sum(home.voted for home in homes), planks)
