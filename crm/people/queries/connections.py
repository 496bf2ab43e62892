"""Who lives with whom, how people stand to each other, and their standing through time."""

from collections.abc import Collection, Iterable

from sqlalchemy import case, or_, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.people.models import Household, Merge, Person, Relationship, StandingChange
from crm.people.models.people import shown_name
from crm.people.rules.relationships import as_said

AT_ONCE = 500


def households_of(person_ids: Iterable[int]) -> dict[int, int]:
    """person → household, for those who live in one: one address, one call, one mailing.

    Whoever is missing lives alone as far as is known, so a list that takes each household once keys its rows by
    `households.get(person_id, person_id)`.
    """
    ids, found = sorted(set(person_ids)), {}
    for start in range(0, len(ids), AT_ONCE):
        lives = select(Person.id, Person.household_id).where(Person.id.in_(ids[start : start + AT_ONCE]), Person.household_id.is_not(None))
        found |= dict(session().execute(lives).all())
    return found


def household_of(actor: Actor, person: Person) -> Household | None:
    """The household in which a person lives."""
    return session().scalar(select(Household).where(Household.id == person.household_id)) if person.household_id else None


def living_with(actor: Actor, person: Person) -> list[Person]:
    """The others of the household, by name."""
    if person.household_id is None:
        return []
    others = select(Person).where(Person.household_id == person.household_id, Person.id != person.id)
    return list(session().scalars(others.order_by(Person.name_folded, Person.id)))


def relationships_of(actor: Actor, person: Person) -> list[tuple[int, str, Person]]:
    """(relationship, kind as this person's page says it, the other person)."""
    own = or_(Relationship.person_id == person.id, Relationship.other_id == person.id)
    other_id = case((Relationship.person_id == person.id, Relationship.other_id), else_=Relationship.person_id)
    rows = session().execute(
        select(Relationship, Person).join(Person, (Person.org_id == Relationship.org_id) & (Person.id == other_id)).where(own).order_by(Relationship.id)
    )
    return [(row.id, as_said(person.id, (row.person_id, row.kind, row.other_id))[0], other) for row, other in rows]


def relationship_for(actor: Actor, relationship_id: int, lock: bool = False) -> Relationship:
    """The relationship, if it is this organization's."""
    wanted = select(Relationship).where(Relationship.id == relationship_id)
    found = session().scalar(wanted.with_for_update() if lock else wanted) if actor.may(Action.EDIT_PEOPLE) else None
    if found is None:
        raise Missing
    return found


def standing_history(actor: Actor, person: Person) -> list[StandingChange]:
    """What a person's standing became, newest first."""
    rows = select(StandingChange).where(StandingChange.person_id == person.id)
    return list(session().scalars(rows.order_by(StandingChange.on.desc(), StandingChange.id.desc())))


def names_of(actor: Actor, person_ids: Collection[int]) -> dict[int, str]:
    """The names by id, for sentences that speak of other people."""
    if not person_ids:
        return {}
    rows = session().execute(select(Person.id, Person.given_name, Person.family_name).where(Person.id.in_(person_ids)))
    names = {id: shown_name(id, given, family) for id, given, family in rows}
    if missing := set(person_ids) - set(names):
        kept = (Person.org_id == Merge.org_id) & (Person.id == Merge.kept_id)
        led = select(Merge.gone_id, Person.id, Person.given_name, Person.family_name).join(Person, kept)
        led = led.where(Merge.gone_id.in_(missing), Merge.undone_at.is_(None))
        names |= {gone: shown_name(id, given, family) for gone, id, given, family in session().execute(led)}
    return names
