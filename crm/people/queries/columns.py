"""Columns that a list, an export or a sheet may show: each brings its values for a page of people in one query or none."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.languages import LANGUAGES
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_, Reason
from crm.people import rules
from crm.people.models import CustomField, Email, Household, Note, Person, PersonTag, Phone, Tag
from crm.people.models.people import shown_name
from crm.people.queries.doors import rung_names, show_email_to, show_phone_to
from crm.people.queries.facts import sees
from crm.people.rules.reveals import VEILED

Values = Mapping[int, Any]


@dataclass(frozen=True)
class Column:
    """`values(actor, people)` gives a cell by person id: a text, a number, a day, an instant, or a Reason to be said."""

    name: str
    label: str
    values: Callable[[Actor, Sequence[Person]], Values]
    is_own_word: bool = False  # the label is the organization's, nobody's to translate


def of_person(read: Callable[[Person], Any]) -> Callable[[Actor, Sequence[Person]], Values]:
    """A column that the person's own row holds."""
    return lambda actor, people: {person.id: read(person) for person in people}


def one_each(query: Callable[[list[int]], Select]) -> Callable[[Actor, Sequence[Person]], Values]:
    """A column of one value for each person: the query gives (person id, value)."""
    return lambda actor, people: {row[0]: row[1] for row in session().execute(query([p.id for p in people]))}


def _joined(pairs: Iterable[tuple[int, str]]) -> dict[int, str]:
    found: dict[int, list[str]] = defaultdict(list)
    for person_id, text in pairs:
        found[person_id].append(text)
    return {person_id: ", ".join(texts) for person_id, texts in found.items()}


def _phones(actor: Actor, people: Sequence[Person]) -> Values:
    rows = select(Phone.person_id, Phone.e164).where(Phone.person_id.in_([p.id for p in people]))
    found = session().execute(rows.order_by(Phone.is_preferred.desc(), Phone.id))
    return _joined((person_id, show_phone_to(actor, e164)) for person_id, e164 in found)


def _emails(actor: Actor, people: Sequence[Person]) -> Values:
    rows = select(Email.person_id, Email.address).where(Email.person_id.in_([p.id for p in people]))
    found = session().execute(rows.order_by(Email.is_preferred.desc(), Email.id))
    return _joined((person_id, show_email_to(actor, address)) for person_id, address in found)


def _tags(actor: Actor, people: Sequence[Person]) -> Values:
    on = (PersonTag.org_id == Tag.org_id) & (PersonTag.tag_id == Tag.id)
    rows = select(PersonTag.person_id, Tag.name).join(Tag, on).where(PersonTag.person_id.in_([p.id for p in people]))
    return _joined((person_id, name) for person_id, name in session().execute(rows.order_by(Tag.name_folded)))


def _rungs(actor: Actor, people: Sequence[Person]) -> Values:
    names = rung_names(actor)
    return {person.id: Reason(names[person.rung]) for person in people}


def _households(ids: list[int]) -> Select:
    at = (Household.org_id == Person.org_id) & (Household.id == Person.household_id)
    return select(Person.id, Household.name).join(Household, at).where(Person.id.in_(ids))


def _last_note(ids: list[int]) -> Select:
    return select(Note.person_id, func.max(Note.created_at)).where(Note.person_id.in_(ids)).group_by(Note.person_id)


PERSON_COLUMNS = [
    Column("given_name", N_("Given name"), of_person(lambda p: shown_name(p.id, p.given_name, ""))),
    Column("family_name", N_("Family name"), of_person(lambda p: shown_name(p.id, "", p.family_name))),
    Column("rung", N_("Ladder"), _rungs),
    Column("assessment", N_("Assessment"), of_person(lambda p: p.assessment)),
    Column("standing", N_("Standing"), of_person(lambda p: Reason(rules.STANDINGS[p.standing]))),
    Column("phone", N_("Phone"), _phones),
    Column("email", N_("E-mail"), _emails),
    Column("tags", N_("Tags"), _tags),
    Column("language", N_("Language"), of_person(lambda p: LANGUAGES.get(p.language, p.language))),
    Column("pronouns", N_("Pronouns"), of_person(lambda p: p.pronouns)),
    Column("neighborhood", N_("Neighborhood"), of_person(lambda p: p.neighborhood)),
    Column("street", N_("Street"), of_person(lambda p: p.street)),
    Column("city", N_("City"), of_person(lambda p: p.city)),
    Column("region", N_("State"), of_person(lambda p: p.region)),
    Column("postal_code", N_("ZIP code"), of_person(lambda p: p.postal_code)),
    Column("household", N_("Household"), one_each(_households)),
    Column("member_since", N_("Member since"), of_person(lambda p: p.member_since)),
    Column("source", N_("Source"), of_person(lambda p: p.source)),
    Column("added", N_("Added"), of_person(lambda p: p.created_at)),
    Column("noted", N_("Last note"), one_each(_last_note)),
]
COLUMNS: dict[str, Column] = {}
"""Every room's columns by name, filled in create_app."""
USUAL = ("rung", "assessment", "standing", "phone", "tags")


def columns_for(actor: Actor) -> dict[str, Column]:
    """Every column that this actor may see: the rooms' own and the organization's fields."""
    own = session().scalars(select(CustomField).where(CustomField.archived_at.is_(None)).order_by(CustomField.position, CustomField.label))
    rooms = {name: column for name, column in COLUMNS.items() if name not in VEILED or actor.may(Action.SEE_CONTACTS)}
    return rooms | {f"custom:{field.key}": _own(field) for field in own if sees(actor, field)}


def _own(field: CustomField) -> Column:
    def read(person: Person) -> Any:
        value = person.custom.get(field.key)
        if isinstance(value, bool):
            return Reason(N_("Yes") if value else N_("No"))
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    return Column(f"custom:{field.key}", field.label, of_person(read), is_own_word=True)


def chosen_columns(known: Mapping[str, Column], names: Sequence[str]) -> list[Column]:
    """The columns of these names, in their order; the usual ones when none is named."""
    return [known[name] for name in names if name in known] or [known[name] for name in USUAL if name in known]


def column_cells(actor: Actor, columns: Sequence[Column], people: Sequence[Person]) -> list[Values]:
    """For each column its values by person id."""
    return [column.values(actor, people) for column in columns] if people else [{} for _ in columns]
