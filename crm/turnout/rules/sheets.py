"""Paper sheets: what two people read off the same paper must agree before it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crm.kernel.names import fold
from crm.kernel.refusal import N_, Reason

PER_SHEET = 20
BLANK_LINES = 5
COUNTED = N_("This sheet has been counted. Nothing on it can change any more.")


@dataclass(frozen=True)
class Reading:
    """What one person read: the guests of each line that is ticked, by RSVP, and (name, organization) of what was written below."""

    here: Mapping[int, int] = field(default_factory=dict)
    written_in: Sequence[tuple[str, int]] = ()


def split_lines(rsvp_ids: Sequence[int]) -> list[list[int]]:
    """The lines of each sheet."""
    return [list(rsvp_ids[start : start + PER_SHEET]) for start in range(0, len(rsvp_ids), PER_SHEET)]


def lines_that_differ(one: Reading, other: Reading) -> set[int]:
    """RSVPs of which two readings say different things: here or not, and with how many guests."""
    return {id for id in {*one.here, *other.here} if one.here.get(id) != other.here.get(id)}


def agree(one: Reading, other: Reading) -> bool:
    """Whether two readings say the same. Capitals and accents of names written by hand do not matter, nor their order."""
    return not lines_that_differ(one, other) and _names(one) == _names(other)


def _names(reading: Reading) -> list[tuple[str, int]]:
    return sorted((fold(" ".join(name.split())), partner) for name, partner in reading.written_in)


def issues_before_reading(reading: Reading, lines: Sequence[int], partners: Sequence[int], most_guests: int) -> list[Reason]:
    """Every reason why a reading cannot be taken down."""
    issues = []
    if {*reading.here} - {*lines}:
        issues.append(Reason(N_("A line is not of this sheet. Open the sheet again.")))
    if any(not 0 <= guests <= most_guests for guests in reading.here.values()):
        issues.append(Reason(N_("Write the guests as a number from 0 to %(n)s."), {"n": most_guests}))
    if any(partner not in partners for _name, partner in reading.written_in):
        issues.append(Reason(N_("Choose one of the organizations of this assembly.")))
    return issues
