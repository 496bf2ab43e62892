"""Who speaks next. A progressive stack lets those first who have not spoken, then those who say that they are the ones it is about, then who
had the least time; the chair may take somebody first, with a reason that stands in the list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from crm.kernel.refusal import N_, Reason

ORDERS = {
    "progressive": N_("Progressive: who has not spoken first, then whom it is about, then who had the least time"),
    "alternate": N_("For and against in turn, each in the progressive order"),
    "plain": N_("As they asked"),
}
SIDES = {"": N_("neither"), "for": N_("for"), "against": N_("against")}
SHORTEST, LONGEST = 15, 1800
"""Seconds that one may speak."""


@dataclass(frozen=True)
class Waiting:
    """Somebody who asked to speak: who (folded, to know them again), in which place they asked, and why they may come first."""

    id: int
    who: str
    place: int
    is_about: bool = False
    side: str = ""
    is_first: bool = False


def order_of(waiting: Sequence[Waiting], spoken: dict[str, tuple[int, int]], order: str) -> list[int]:
    """The ids in the order in which they speak. `spoken`: by person, (times, seconds) so far in this session."""
    first = [w.id for w in sorted((w for w in waiting if w.is_first), key=lambda w: w.place)]
    rest = [w for w in waiting if not w.is_first]
    if order == "plain":
        return first + [w.id for w in sorted(rest, key=lambda w: w.place)]

    def turn(w: Waiting) -> tuple[int, bool, int, int]:
        times, seconds = spoken.get(w.who, (0, 0))
        return (min(times, 1), not w.is_about, seconds, w.place)

    rest.sort(key=turn)
    if order == "alternate":
        sides = [[w for w in rest if w.side == side] for side in ("for", "against")]
        if sides[0] and sides[1] and turn(sides[1][0]) < turn(sides[0][0]):
            sides.reverse()
        rest = [w for pair in zip_longest(*sides) for w in pair if w] + [w for w in rest if w.side not in ("for", "against")]
    return first + [w.id for w in rest]


def issues_in_speaker(name: str, side: str) -> list[Reason]:
    """Why somebody cannot be put on the list."""
    found = [] if name else [Reason(N_("Write who wants to speak."), {}, "name")]
    if len(name) > 60:
        found.append(Reason(N_("At most %(most)s characters."), {"most": 60}, "name"))
    return found if side in SIDES else [*found, Reason(N_("Choose a side, or neither."), {}, "side")]


def issues_in_speaking(order: str, seconds: int | None) -> list[Reason]:
    """Why the order and the time cannot be set."""
    found = [] if order in ORDERS else [Reason(N_("Choose an order."), {}, "order")]
    if seconds is None or not SHORTEST <= seconds <= LONGEST:
        found.append(Reason(N_("Each speaks between %(least)s and %(most)s seconds."), {"least": SHORTEST, "most": LONGEST}, "seconds"))
    return found


def told(spoken: Iterable[tuple[str, int]]) -> dict[str, tuple[int, int]]:
    """(who, seconds) of each turn that is over, as (times, seconds) by person."""
    found: dict[str, tuple[int, int]] = {}
    for who, seconds in spoken:
        times, before = found.get(who, (0, 0))
        found[who] = (times + 1, before + seconds)
    return found
