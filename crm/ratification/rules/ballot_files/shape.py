"""What a file of ballots holds, and its problems by line."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from crm.kernel.refusal import N_, Reason, Refused
from crm.ratification.methods.contest import Contest


@dataclass(frozen=True)
class BallotFile:
    """A contest with its ballots, equal ones together. `ids` are how the file itself calls the candidates."""

    contest: Contest
    kind: str  # ranking, approval or points
    ballots: Mapping[Any, int]
    ids: tuple[str, ...] = ()
    notes: tuple[Reason, ...] = ()
    longest: int = 0  # how many a voter may rank, where the file says so


class Problems:
    """Collects all that is wrong with a file."""

    def __init__(self) -> None:
        self._found: list[tuple[int, Reason]] = []

    def add(self, line: int, text: str, **params: Any) -> None:
        """One more; line 0 is the file as a whole."""
        what = Reason(text, params)
        self._found.append((line, Reason(N_("Line %(line)s: %(what)s"), {"line": line, "what": what}) if line else what))

    def __len__(self) -> int:
        return len(self._found)

    def stop_if_any(self) -> None:
        """Raises them all, in the order of the lines."""
        if self._found:
            raise Refused([reason for _, reason in sorted(self._found, key=lambda found: found[0])])


def distinct_names(names: Iterable[str]) -> tuple[str, ...]:
    """Two who are called alike are told apart by a number."""
    names, seen, told = list(names), Counter(), []
    twice = {name for name, times in Counter(names).items() if times > 1}
    for name in names:
        seen[name] += 1
        told.append(f"{name} ({seen[name]})" if name in twice else name)
    return tuple(told)


def as_kind(file: BallotFile, kind: str) -> BallotFile:
    """The same ballots as a method counts them, where that loses nothing that the method asks."""
    if kind == file.kind:
        return file
    if kind == "ranking":
        raise Refused(Reason(N_("This method needs rankings, and the file has none.")))
    if kind == "points" and file.kind == "ranking":
        raise Refused(Reason(N_("This method needs points, and the file has rankings.")))
    if kind == "approval":
        return _changed(file, kind, lambda b: tuple(sorted(b if file.kind == "ranking" else (c for c, points in b if points > 0))))
    if file.kind == "ranking":
        longest = file.longest or len(file.contest.candidates)
        note = Reason(N_("Ranked ballots give %(most)s points to the first choice, one less to each that follows."), {"most": longest})
        made = _changed(file, kind, lambda b: tuple((c, max(longest - place, 0)) for place, c in enumerate(b)))
        return replace(made, contest=replace(file.contest, utility="points"), notes=(*file.notes, note))
    if file.kind == "approval":
        return _changed(file, kind, lambda b: tuple((c, 1) for c in b))
    return replace(file, kind=kind, contest=replace(file.contest, utility="points"))


def _changed(file: BallotFile, kind: str, change) -> BallotFile:
    ballots: Counter = Counter()
    for ballot, times in file.ballots.items():
        ballots[change(ballot)] += times
    return replace(file, kind=kind, ballots=ballots)


def number(text: str) -> Fraction | int | None:
    """An exact number as files write it: 12, 12.50; None when it is none, or absurdly long."""
    if text.isascii() and text.isdigit() and len(text) <= 40:
        return int(text)
    try:
        return Fraction(text) if len(text) <= 40 and "/" not in text and "e" not in text.lower() else None
    except ValueError:
        return None
