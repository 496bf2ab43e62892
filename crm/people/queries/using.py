"""What was done with lists: snapshots, changes to everyone in one, exports; and who is in them, page by page."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import defer

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.web import Page, keyset
from crm.kernel.names import fold
from crm.kernel.permissions import Action
from crm.kernel.refusal import Missing
from crm.people.models import BulkChange, Export, Person, PersonTag, Phone, Snapshot, Tag
from crm.people.queries.doors import show_phone_to
from crm.people.queries.facts import clause_of
from crm.people.queries.lists import ORDERS
from crm.people.queries.search import matches


def snapshot_for(actor: Actor, snapshot_id: int) -> Snapshot:
    """What this actor printed."""
    wanted = select(Snapshot).where(Snapshot.id == snapshot_id, Snapshot.account_id == actor.account_id)
    found = session().scalar(wanted) if actor.may(Action.SEE_PEOPLE) else None
    if found is None:
        raise Missing
    return found


def bulk_for(actor: Actor, bulk_id: int, lock: bool = False) -> tuple[BulkChange, Snapshot]:
    """A change to everyone in a list, with the snapshot of that list."""
    on = (Snapshot.org_id == BulkChange.org_id) & (Snapshot.id == BulkChange.snapshot_id)
    wanted = select(BulkChange, Snapshot).join(Snapshot, on).where(BulkChange.id == bulk_id)
    found = session().execute(wanted.with_for_update() if lock else wanted).first() if actor.may(Action.EDIT_PEOPLE) else None
    if found is None:
        raise Missing
    return tuple(found)


def bulk_page(actor: Actor, after: str | None) -> Page:
    """Changes to whole lists, newest first, as (change, snapshot)."""
    on = (Snapshot.org_id == BulkChange.org_id) & (Snapshot.id == BulkChange.snapshot_id)
    return keyset(select(BulkChange, Snapshot).join(Snapshot, on), [BulkChange.created_at.desc(), BulkChange.id.desc()], after, 30)


def export_for(actor: Actor, export_id: int, lock: bool = False) -> tuple[Export, Snapshot]:
    """An export with the snapshot of its list, for whoever may export."""
    on = (Snapshot.org_id == Export.org_id) & (Snapshot.id == Export.snapshot_id)
    wanted = select(Export, Snapshot).join(Snapshot, on).where(Export.id == export_id)
    found = session().execute(wanted.with_for_update() if lock else wanted).first() if actor.may(Action.EXPORT_PEOPLE) else None
    if found is None:
        raise Missing
    return tuple(found)


def export_page(actor: Actor, after: str | None) -> Page:
    """Exports, newest first, as (export, snapshot), without their contents."""
    on = (Snapshot.org_id == Export.org_id) & (Snapshot.id == Export.snapshot_id)
    rows = select(Export, Snapshot).join(Snapshot, on).options(defer(Export.content))
    return keyset(rows, [Export.created_at.desc(), Export.id.desc()], after, 30)


def who_is_in(actor: Actor, kept: Snapshot) -> list[ColumnElement[bool]]:
    """The conditions on Person of a snapshot, asked as of when it was taken."""
    return [clause_of(kept.definition, kept.created_at), *matches(actor, kept.search)]


def people_in(actor: Actor, kept: Snapshot, after: str | None, size: int) -> Page:
    """Some of the people of a snapshot, by name."""
    return keyset(select(Person).where(*who_is_in(actor, kept)), ORDERS["name"], after, size)


def already(kind: str, value: str) -> ColumnElement[bool]:
    """That a change would leave a person as they are."""
    if kind == "standing":
        return Person.standing == value
    tagged = (PersonTag.org_id == Person.org_id, PersonTag.person_id == Person.id, Tag.org_id == PersonTag.org_id, Tag.id == PersonTag.tag_id)
    carries = exists().where(*tagged, Tag.name_folded == fold(value))
    return carries if kind == "tag" else ~carries


def preview_of(actor: Actor, definition: dict, text: str, kind: str, value: str, now: datetime) -> tuple[int, int]:
    """(how many people a change would look at, how many of them it would leave as they are), in one statement."""
    counted = select(func.count(), func.count().filter(already(kind, value))).select_from(Person)
    return tuple(session().execute(counted.where(clause_of(definition, now), *matches(actor, text, ()))).one())


@dataclass
class Home:
    """People of one household on a sheet, in the order of the list, with their numbers."""

    people: list[Person]
    phones: dict[int, list[str]]

    @property
    def lead(self) -> Person:
        """Whose address the household has: the first with one."""
        return next((person for person in self.people if person.street), self.people[0])


def homes_of(actor: Actor, people: Sequence[Person]) -> list[Home]:
    """These people by household, each household where its first person stands; numbers as this actor may see them."""
    phones = select(Phone.person_id, Phone.e164).where(Phone.person_id.in_([person.id for person in people]))
    numbers: dict[int, list[str]] = defaultdict(list)
    for person_id, e164 in session().execute(phones.order_by(Phone.is_preferred.desc(), Phone.id)) if people else ():
        numbers[person_id].append(show_phone_to(actor, e164))
    homes: dict[int, Home] = {}
    for person in people:
        homes.setdefault(person.household_id or -person.id, Home([], numbers)).people.append(person)
    return list(homes.values())
