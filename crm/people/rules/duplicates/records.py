"""What the matcher of duplicates is told about a person, and what it answers."""

from dataclasses import dataclass

from crm.kernel.refusal import Reason

NATIONAL_ID = "national_id"


@dataclass(frozen=True, slots=True)
class Record:
    """One row about one person, as it was written; everything but the id may be missing.

    `id` comes back in pairs. `phones` and `emails` hold any number of each. `street` is the whole first line, number included;
    `extra` is the second (apartment, building, neighborhood). `birth_date` is text in any common form. `ids` are (kind, value):
    numbers of kind NATIONAL_ID belong to the person for life, so that two different ones speak against; of every other kind
    (a VAN id, a member number) only equal ones tell anything, because each list gives numbers of its own.
    """

    id: str | int
    given: str = ""
    family: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    street: str = ""
    extra: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    birth_date: str = ""
    sex: str = ""
    ids: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that are probably one person: `score` is that probability, `reasons` what an organizer is shown for and against.

    `a` stands before `b` in the order of ids, whichever was asked about first.
    """

    a: str | int
    b: str | int
    score: float
    reasons: tuple[Reason, ...] = ()
