"""Of several people whom a row may mean: who comes closest, and whether anybody comes closer than all others."""

from collections.abc import Sequence

from crm.people.rules.known import KnownPerson, fold
from crm.people.rules.people import plain_street
from crm.people.rules.rows import RowIn

DOUBTS = ("contact", "name")
"""Why a row is asked about: its phone or e-mail is that of several people, or its bare name is."""


def closeness(row: RowIn, person: KnownPerson) -> int:
    """How much of what the row says, this person's record says too."""
    mine, theirs = row.values, person.values
    same_name = fold(f"{mine.get('given_name') or ''} {mine.get('family_name') or ''}".strip()) == fold(person.name)
    street = plain_street(mine.get("street") or "")
    places = sum(bool(mine.get(name)) and fold(mine[name]) == fold(theirs.get(name) or "") for name in ("city", "postal_code", "neighborhood"))
    ways = len({number for number, _kind in row.phones} & person.phones) + len(set(row.emails) & person.emails)
    return 4 * same_name + 3 * ways + 2 * bool(street and street == plain_street(theirs.get("street") or "")) + places


def in_order(row: RowIn, people: Sequence[KnownPerson]) -> tuple[list[KnownPerson], int | None]:
    """(these people, the closest first; the id of the one who is closer than all others, if there is one)."""
    scores = {person.id: closeness(row, person) for person in people}
    ordered = sorted(people, key=lambda person: -scores[person.id])
    has_best = len(ordered) > 1 and scores[ordered[0].id] > scores[ordered[1].id]
    return ordered, ordered[0].id if has_best else None
