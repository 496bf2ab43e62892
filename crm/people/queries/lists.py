"""The people page: one query for the people, one for their phones, one for all counts."""

from collections import defaultdict
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from sqlalchemy import case, exists, func, or_, select, tuple_

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.patience import TooLong, at_most
from crm.infra.web import keyset
from crm.kernel.refusal import N_
from crm.people.models import Email, Person, Phone, Tag
from crm.people.queries.facts import clause_of
from crm.people.queries.search import matches


@dataclass
class PeoplePage:
    """Some people, and what hangs on them by person id."""

    people: list[Person]
    next: str | None
    phones: dict[int, list[str]] = field(default_factory=dict)


ORDERS = {
    "name": [Person.name_folded, Person.id],
    "ladder": [Person.below_top, Person.name_folded, Person.id],
    "newest": [Person.created_at.desc(), Person.id.desc()],
    "neighborhood": [Person.neighborhood, Person.name_folded, Person.id],
    "standing": [Person.standing, Person.name_folded, Person.id],
}
ORDER_WORDS = {
    "name": N_("By family name"),
    "ladder": N_("Highest on the ladder first"),
    "newest": N_("Newest first"),
    "neighborhood": N_("By neighborhood"),
    "standing": N_("By standing"),
}


def people_page(
    actor: Actor,
    definition: dict,
    text: str,
    order: str,
    after: str | None,
    *,
    now: datetime,
    size: int = 50,
) -> PeoplePage:
    """One page of the people that a tree and a search stand for."""
    columns = ORDERS.get(order, ORDERS["name"])
    page = keyset(select(Person).where(clause_of(definition, now), *matches(actor, text, columns)), columns, after, size)
    found = PeoplePage(list(page.rows), page.next)
    ids = [person.id for person in found.people]
    if ids:
        numbers = select(Phone.person_id, Phone.e164).where(Phone.person_id.in_(ids))
        found.phones = _grouped(numbers.order_by(Phone.is_preferred.desc(), Phone.id))
    return found


def neighbor(actor: Actor, definition: dict, text: str, order: str, person: Person, back: bool, *, now: datetime) -> int | None:
    """The person after this one in a list, or before; None at its end. One query, wherever in the list they stand."""
    columns = ORDERS.get(order, ORDERS["name"])
    is_down = columns[0].__class__.__name__ == "UnaryExpression"
    plain = [getattr(column, "element", column) if is_down else column for column in columns]
    here = tuple_(*plain)
    mark = tuple_(*(getattr(person, column.key) for column in plain))
    is_less = back != is_down
    wanted = select(Person.id).where(clause_of(definition, now), *matches(actor, text, columns), here < mark if is_less else here > mark)
    return session().scalar(wanted.order_by(*(column.desc() if is_less else column for column in plain)).limit(1))


def _grouped(pairs) -> dict[int, list[str]]:
    groups: dict[int, list[str]] = defaultdict(list)
    for person_id, value in session().execute(pairs):
        groups[person_id].append(value)
    return groups


def count_matching(actor: Actor, definition: dict, text: str, now: datetime, patience: float = 0) -> int | None:
    """How many people a tree and a search stand for; None when counting takes longer than `patience` (0: as long as it takes)."""
    wanted = select(func.count()).select_from(Person).where(clause_of(definition, now), *matches(actor, text, ()))
    try:
        with at_most(patience) if patience else nullcontext():
            return session().scalar(wanted)
    except TooLong:
        return None


LARGE, STANDS_FOR = 50_000, 10.0  # people; seconds
_counted: dict[int, tuple[float, tuple[int, int]]] = {}


def count_everyone(actor: Actor) -> tuple[int, int]:
    """(people, members of them). The count of a large list stands for ten seconds: to count a million takes longer than to show fifty of them."""
    is_whole = not session().info.get("narrowed")  # whoever is held to a list counts that list, always anew
    until, counts = _counted.get(actor.org_id, (0.0, (0, 0)))
    if is_whole and monotonic() < until:
        return counts
    members = func.coalesce(func.sum(case((Person.standing == "member", 1), else_=0)), 0)
    counts = tuple(session().execute(select(func.count(), members)).one())
    if is_whole and counts[0] >= LARGE:
        _counted[actor.org_id] = monotonic() + STANDS_FOR, counts
    return counts


def all_tags(actor: Actor) -> list[str]:
    """The organization's tags, by name."""
    return list(session().scalars(select(Tag.name).order_by(Tag.name_folded)))


def same_contact(actor: Actor, phones: list[str], emails: list[str], besides: int | None = None) -> list[Person]:
    """People who already have one of these numbers or addresses; shown so that nobody is added twice by mistake."""
    by_phone = exists().where(Phone.org_id == Person.org_id, Phone.person_id == Person.id, Phone.e164.in_(phones))
    by_email = exists().where(Email.org_id == Person.org_id, Email.person_id == Person.id, Email.address.in_(emails))
    found = select(Person).where(or_(by_phone, by_email), Person.id != (besides or 0)).order_by(Person.id).limit(5)
    return list(session().scalars(found)) if phones or emails else []
