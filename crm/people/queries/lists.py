"""The people page: one query for the people, one each for their phones and tags, one for all counts."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, or_, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.web import keyset
from crm.kernel.names import fold
from crm.kernel.permissions import Action
from crm.people.models import Email, Person, PersonTag, Phone, Tag
from crm.people.queries.facts import clause_of


@dataclass
class PeoplePage:
    """Some people, and what hangs on them by person id."""

    people: list[Person]
    next: str | None
    phones: dict[int, list[str]] = field(default_factory=dict)
    tags: dict[int, list[str]] = field(default_factory=dict)


def matches(actor: Actor, text: str) -> list[ColumnElement[bool]]:
    """What a search asks: every word in the name; or, for those who may see them, digits of a phone or part of an address."""
    digits = "".join(c for c in text if c.isdigit())
    words = [Person.name_folded.contains(word, autoescape=True) for word in fold(text).split()]
    if not actor.may(Action.EDIT_PEOPLE):
        return words
    if "@" in text:
        part = Email.address.contains(text.strip().lower(), autoescape=True)
        return [exists().where(Email.org_id == Person.org_id, Email.person_id == Person.id, part)]
    if len(digits) >= 4 and not any(c.isalpha() for c in text):
        return [exists().where(Phone.org_id == Person.org_id, Phone.person_id == Person.id, Phone.e164.contains(digits))]
    return words


ORDERS = {
    "name": [Person.name_folded, Person.id],
    "ladder": [Person.below_top, Person.name_folded, Person.id],
    "newest": [Person.created_at.desc(), Person.id.desc()],
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
    wanted = select(Person).where(clause_of(definition, now), *matches(actor, text))
    page = keyset(wanted, ORDERS.get(order, ORDERS["name"]), after, size)
    found = PeoplePage(list(page.rows), page.next)
    ids = [person.id for person in found.people]
    if ids:
        numbers = select(Phone.person_id, Phone.e164).where(Phone.person_id.in_(ids))
        found.phones = _grouped(numbers.order_by(Phone.is_preferred.desc(), Phone.id))
        on = (PersonTag.org_id == Tag.org_id) & (PersonTag.tag_id == Tag.id)
        names = select(PersonTag.person_id, Tag.name).join(Tag, on).where(PersonTag.person_id.in_(ids))
        found.tags = _grouped(names.order_by(Tag.name_folded))
    return found


def _grouped(pairs) -> dict[int, list[str]]:
    groups: dict[int, list[str]] = defaultdict(list)
    for person_id, value in session().execute(pairs):
        groups[person_id].append(value)
    return groups


def count_matching(actor: Actor, definition: dict, text: str, now: datetime) -> int:
    """How many people a tree and a search stand for."""
    wanted = select(func.count()).select_from(Person).where(clause_of(definition, now), *matches(actor, text))
    return session().scalar(wanted)


def count_everyone(actor: Actor) -> tuple[int, int]:
    """(people, members of them)."""
    members = func.coalesce(func.sum(case((Person.standing == "member", 1), else_=0)), 0)
    return tuple(session().execute(select(func.count(), members)).one())


def all_tags(actor: Actor) -> list[str]:
    """The organization's tags, by name."""
    return list(session().scalars(select(Tag.name).order_by(Tag.name_folded)))


def same_contact(actor: Actor, phones: list[str], emails: list[str], besides: int | None = None) -> list[Person]:
    """People who already have one of these numbers or addresses; shown so that nobody is added twice by mistake."""
    by_phone = exists().where(Phone.org_id == Person.org_id, Phone.person_id == Person.id, Phone.e164.in_(phones))
    by_email = exists().where(Email.org_id == Person.org_id, Email.person_id == Person.id, Email.address.in_(emails))
    found = select(Person).where(or_(by_phone, by_email), Person.id != (besides or 0)).order_by(Person.id).limit(5)
    return list(session().scalars(found)) if phones or emails else []
