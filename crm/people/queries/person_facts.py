"""What the people room itself knows of people, for lists."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased

from crm.infra.audit import Event
from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.languages import LANGUAGES
from crm.kernel.names import fold
from crm.kernel.refusal import N_
from crm.people import rules
from crm.people.models import Email, Import, Note, Person, PersonTag, Phone, Relationship, StandingChange, Tag
from crm.people.queries.facts import Choices, Fact, flag, happened, holds, on_day, plain, texts, times
from crm.people.rules import relationships

HOME, TAGS, REACH = N_("Where they live"), N_("Tags and notes"), N_("How to reach them")


def _tagged(column: ColumnElement, read: Callable = str):
    # EXISTS with both keys spelled out: one index look-up per person, on either database.
    def clause(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
        carries = exists().where(
            PersonTag.org_id == Person.org_id,
            PersonTag.person_id == Person.id,
            Tag.org_id == PersonTag.org_id,
            Tag.id == PersonTag.tag_id,
            column == read(value),
        )
        return holds(carries, comparison)

    return clause


def _has(model: type[Phone] | type[Email] | type[Note], *more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(model.org_id == Person.org_id, model.person_id == Person.id, *more)


def _imported(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
    brought = exists().where(
        Event.org_id == Person.org_id,
        Event.person_id == Person.id,
        Event.subject_kind == "import",
        Event.subject_id == int(value),
        Event.verb.in_(("person.imported", "person.updated_by_import")),
    )
    return holds(brought, comparison)


def _household() -> ColumnElement[bool]:
    other = aliased(Person)
    return exists().where(other.org_id == Person.org_id, other.household_id == Person.household_id, other.id != Person.id)


def _related(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
    # A relationship is kept one way only: it is looked for from both ends.
    inverse = relationships.KINDS[value][1]
    said = exists().where(Relationship.org_id == Person.org_id, Relationship.person_id == Person.id, Relationship.kind == value)
    heard = exists().where(Relationship.org_id == Person.org_id, Relationship.other_id == Person.id, Relationship.kind == inverse)
    return holds(or_(said, heard), comparison)


def _became(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(StandingChange.org_id == Person.org_id, StandingChange.person_id == Person.id, *more)


def _tags(actor: Actor) -> Choices:
    return [(name, name) for name in session().scalars(select(Tag.name).order_by(Tag.name_folded))]


def _tag_groups(actor: Actor) -> Choices:
    named = select(Tag.group_name).where(Tag.group_name != "").group_by(Tag.group_name).order_by(Tag.group_name)
    return [(name, name) for name in session().scalars(named)]


def _known(column: ColumnElement) -> Callable[[Actor], Choices]:
    # Group by, not distinct: the index (org_id, column) answers it without a sort.
    def values(actor: Actor) -> Choices:
        found = select(column).where(column != "").group_by(column).order_by(column).limit(500)
        return [(name, name) for name in session().scalars(found)]

    return values


def _imports(actor: Actor) -> Choices:
    recent = select(Import.id, Import.filename).order_by(Import.created_at.desc()).limit(50)
    return [(str(id), name) for id, name in session().execute(recent)]


def _notes_count() -> ColumnElement[int]:
    return select(func.count()).where(Note.org_id == Person.org_id, Note.person_id == Person.id).correlate(Person).scalar_subquery()


PERSON_FACTS: list[Fact] = [
    Fact("standing", N_("Standing"), "choice", list(rules.STANDINGS.items()), plain(Person.standing),
         N_("have the standing “%(value)s”"), N_("do not have the standing “%(value)s”")),
    Fact("member_since", N_("Member since"), "day", None, on_day(Person.member_since), N_("became members"), N_("did not become members")),
    Fact("standing_changed", N_("Standing changed"), "date", None, happened(_became, StandingChange.on),
         N_("changed their standing"), N_("did not change their standing")),
    Fact("language", N_("Language"), "choice", list(LANGUAGES.items()), plain(Person.language),
         N_("speak %(value)s"), N_("do not speak %(value)s first")),
    Fact("pronouns", N_("Pronouns"), "text", None, texts(Person.pronouns)),
    Fact("source", N_("Source"), "text", None, texts(Person.source)),
    Fact("added", N_("Added"), "day", None, on_day(Person.created_at), N_("were added"), N_("were not added")),
    Fact("imported", N_("Came in with a spreadsheet"), "choice", _imports, _imported,
         N_("came in with the spreadsheet %(value)s"), N_("did not come in with the spreadsheet %(value)s")),
    Fact("neighborhood", N_("Neighborhood"), "choice", _known(Person.neighborhood), plain(Person.neighborhood),
         N_("live in %(value)s"), N_("do not live in %(value)s"), HOME),
    Fact("city", N_("City"), "text", None, texts(Person.city), about=HOME),
    Fact("postal_code", N_("ZIP code"), "text", None, texts(Person.postal_code), about=HOME),
    Fact("street", N_("Street"), "text", None, texts(Person.street), about=HOME),
    Fact("shares_household", N_("Lives with someone we know"), "flag", None, flag(_household()),
         N_("live with someone we know"), N_("live with nobody we know"), HOME),
    Fact("related", N_("Relationship"), "choice", [(kind, words) for kind, (words, _inverse) in relationships.KINDS.items()], _related,
         N_("are: %(value)s someone"), N_("are not: %(value)s anyone"), HOME),
    Fact("tag", N_("Tag"), "choice", _tags, _tagged(Tag.name_folded, fold),
         N_("have the tag “%(value)s”"), N_("do not have the tag “%(value)s”"), TAGS),
    Fact("tag_group", N_("Tag of a group"), "choice", _tag_groups, _tagged(Tag.group_name),
         N_("have a tag of the group “%(value)s”"), N_("have no tag of the group “%(value)s”"), TAGS),
    Fact("noted", N_("A note was written"), "date", None, happened(lambda *more: _has(Note, *more), Note.created_at),
         N_("had a note written about them"), N_("had no note written about them"), TAGS),
    Fact("notes", N_("Number of notes"), "times", None, times(_notes_count()), N_("have notes: %(value)s"), "", TAGS),
    Fact("has_phone", N_("Has a phone number"), "flag", None, flag(_has(Phone)), N_("have a phone number"), N_("have no phone number"), REACH),
    Fact("has_mobile", N_("Has a number that takes texts"), "flag", None, flag(_has(Phone, Phone.is_textable)),
         N_("have a number that takes texts"), N_("have no number that takes texts"), REACH),
    Fact("has_email", N_("Has an e-mail address"), "flag", None, flag(_has(Email)),
         N_("have an e-mail address"), N_("have no e-mail address"), REACH),
    Fact("has_address", N_("Has a street address"), "flag", None, flag(Person.street != ""),
         N_("have a street address"), N_("have no street address"), REACH),
]
