"""Doors: the one way to a person, a note, an import; and a person's whole record for a page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select

from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.infra.sight import sight
from crm.infra.web import Page, keyset
from crm.kernel.permissions import Action
from crm.kernel.phone import mask_phone, show_phone
from crm.kernel.refusal import Missing
from crm.organizations.queries import organization_of
from crm.people import rules
from crm.people.models import Address, CustomField, Email, Identifier, Import, Note, Person, PersonTag, Phone, Tag
from crm.people.rules.custom import may_see_field


def _one(actor: Actor, wanted: Select, lock: bool, action: Action):
    found = session().scalar(wanted.with_for_update() if lock else wanted) if actor.may(action) else None
    if found is None:
        raise Missing
    return found


def person_for(actor: Actor, person_id: int, lock: bool = False) -> Person:
    """The person, if they are this organization's."""
    return _one(actor, select(Person).where(Person.id == person_id), lock, Action.SEE_PEOPLE)


def note_for(actor: Actor, note_id: int, lock: bool = False) -> Note:
    """The note, if it is this organization's."""
    return _one(actor, select(Note).where(Note.id == note_id), lock, Action.EDIT_PEOPLE)


def import_for(actor: Actor, import_id: int, lock: bool = False) -> Import:
    """The import, if it is this organization's."""
    return _one(actor, select(Import).where(Import.id == import_id), lock, Action.IMPORT_PEOPLE)


@dataclass(frozen=True)
class Card:
    """A person with all that hangs on them."""

    person: Person
    phones: list[Phone]
    emails: list[Email]
    addresses: list[Address]
    tags: list[Tag]
    notes: list[Note]
    ids: list[Identifier]


def card_for(actor: Actor, person_id: int) -> Card:
    """The person with phones, e-mail addresses, tags, notes and IDs, preferred ones first."""
    person = person_for(actor, person_id)

    def of(model, *order):
        return list(session().scalars(select(model).where(model.person_id == person.id).order_by(*order)))

    tags = select(Tag).join(PersonTag, (PersonTag.org_id == Tag.org_id) & (PersonTag.tag_id == Tag.id))
    return Card(
        person,
        of(Phone, Phone.is_preferred.desc(), Phone.id),
        of(Email, Email.is_preferred.desc(), Email.id),
        of(Address, Address.id),
        list(session().scalars(tags.where(PersonTag.person_id == person.id).order_by(Tag.group_name, Tag.name_folded))),
        of(Note, Note.created_at.desc(), Note.id.desc()),
        of(Identifier, Identifier.system),
    )


def timeline(
    actor: Actor,
    person_id: int,
    after: str | None = None,
    size: int = 30,
    of: tuple[str, ...] = (),
    but: tuple[str, ...] = (),
    within: tuple[datetime, datetime] | None = None,
) -> Page:
    """What happened with a person, newest first: one query on events; `of` and `but` are beginnings of verbs."""
    wanted = select(Event).where(Event.person_id == person_id)
    if of:
        wanted = wanted.where(or_(*(Event.verb.startswith(kind, autoescape=True) for kind in of)))
    for kind in but:
        wanted = wanted.where(~Event.verb.startswith(kind, autoescape=True))
    if within:
        wanted = wanted.where(Event.at >= within[0], Event.at < within[1])
    return keyset(wanted, [Event.at.desc(), Event.id.desc()], after, size)


def preferred_phone(actor: Actor, person_id: int) -> Phone | None:
    """The number to use for a person: the preferred one, else the oldest; never one that is known to be wrong."""
    own = select(Phone).where(Phone.person_id == person_id, ~Phone.is_wrong)
    return session().scalar(own.order_by(Phone.is_preferred.desc(), Phone.id).limit(1))


def sees_whole(actor: Actor, what: int | str) -> bool:
    """Whether this actor sees that person, number or address whole: by their role, or because they opened it today."""
    return actor.may(Action.SEE_CONTACTS) or what in sight().opened


def show_phone_to(actor: Actor, e164: str) -> str:
    """The number as this actor may see it."""
    return show_phone(e164) if sees_whole(actor, e164) else mask_phone(e164)


def show_email_to(actor: Actor, address: str) -> str:
    """The address as this actor may see it."""
    return address if sees_whole(actor, address) else address[:1] + "•••@" + address.rpartition("@")[2]


def rung_names(actor: Actor) -> list[str]:
    """The names of rungs 0 to 5: the organization's own, else ours (marked for translation)."""
    own = organization_of(actor).rungs or []
    return [rules.RUNGS[0], *(own[n - 1] if n <= len(own) else rules.RUNGS[n] for n in range(1, 6))]


def custom_fields(actor: Actor, archived: bool = False) -> list[CustomField]:
    """The organization's own fields in their order, as far as this actor's role may see them; the archived ones when asked."""
    wanted = select(CustomField).order_by(CustomField.position, CustomField.label, CustomField.id)
    wanted = wanted.where(CustomField.archived_at.is_not(None) if archived else CustomField.archived_at.is_(None))
    return [field for field in session().scalars(wanted) if may_see_field(actor.role, field)]


def field_for(actor: Actor, field_id: int, lock: bool = False) -> CustomField:
    """The own field, if it is this organization's."""
    return _one(actor, select(CustomField).where(CustomField.id == field_id), lock, Action.ADMINISTER)
