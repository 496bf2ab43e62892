"""What is known of people that a segment may ask. Each room appends its own facts to FACTS in create_app."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy import ColumnElement, and_, exists, or_, select, true

from crm.infra.auth import Actor
from crm.infra.db import session
from crm.kernel.languages import LANGUAGES
from crm.kernel.names import fold
from crm.kernel.refusal import N_
from crm.people import rules
from crm.people.models import CustomField, Email, Person, PersonTag, Phone, Tag

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Fact:
    """One thing to filter by.

    `label` is marked for translation ("Standing"). `kind` is choice, level, date, text or flag (see rules.COMPARISONS).
    `choices` is a list of (value, label), or a function of the actor that returns one, or None.
    `clause(comparison, value, now)` is an expression on Person; for a flag the value is empty.
    """

    name: str
    label: str
    kind: str
    choices: Choices | Callable[[Actor], Choices] | None
    clause: Callable[[str, str, datetime], ColumnElement[bool]]

    def choices_for(self, actor: Actor) -> Choices | None:
        """The choices as this actor's organization has them."""
        return self.choices(actor) if callable(self.choices) else self.choices


def compare(column: ColumnElement, comparison: str, value: object) -> ColumnElement[bool]:
    """The usual comparisons on a column; "is not" includes people for whom nothing is known."""
    if comparison == "is_not":
        return or_(column != value, column.is_(None))
    return {
        "is": column == value,
        "at_least": column >= value,
        "at_most": column <= value,
        "since": column >= value,
        "before": column < value,
    }[comparison]


def holds(condition: ColumnElement[bool], comparison: str) -> ColumnElement[bool]:
    """A yes-or-no condition, turned round by "is not"."""
    return ~condition if comparison == "is_not" else condition


def _tagged(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
    # EXISTS with both keys spelled out: one index look-up per person, on either database.
    carries = exists().where(
        PersonTag.org_id == Person.org_id,
        PersonTag.person_id == Person.id,
        Tag.org_id == PersonTag.org_id,
        Tag.id == PersonTag.tag_id,
        Tag.name_folded == fold(value),
    )
    return holds(carries, comparison)


def _reachable(model: type[Phone] | type[Email]) -> ColumnElement[bool]:
    return exists().where(model.org_id == Person.org_id, model.person_id == Person.id)


def _text(column: ColumnElement) -> Callable[[str, str, datetime], ColumnElement[bool]]:
    def clause(comparison: str, value: str, now: datetime) -> ColumnElement[bool]:
        return column.icontains(value, autoescape=True) if comparison == "contains" else compare(column, comparison, value)

    return clause


def _plain(column: ColumnElement, read: Callable = str) -> Callable[[str, str, datetime], ColumnElement[bool]]:
    return lambda comparison, value, now: compare(column, comparison, read(value))


def _midnight(text: str) -> datetime:
    return datetime.combine(datetime.fromisoformat(text), time(), UTC)


def _tags(actor: Actor) -> Choices:
    return [(name, name) for name in session().scalars(select(Tag.name).order_by(Tag.name_folded))]


def _neighborhoods(actor: Actor) -> Choices:
    # Group by, not distinct: the index (org_id, neighborhood) answers it without a sort.
    known = select(Person.neighborhood).where(Person.neighborhood != "").group_by(Person.neighborhood)
    return [(name, name) for name in session().scalars(known.order_by(Person.neighborhood))]


FACTS: list[Fact] = [
    Fact("standing", N_("Standing"), "choice", list(rules.STANDINGS.items()), _plain(Person.standing)),
    Fact("rung", N_("Ladder"), "level", [(str(n), name) for n, name in enumerate(rules.RUNGS)], _plain(Person.rung, int)),
    Fact("assessment", N_("Assessment"), "level", [(str(n), str(n)) for n in range(1, 6)], _plain(Person.assessment, int)),
    Fact("language", N_("Language"), "choice", list(LANGUAGES.items()), _plain(Person.language)),
    Fact("neighborhood", N_("Neighborhood"), "choice", _neighborhoods, _plain(Person.neighborhood)),
    Fact("tag", N_("Tag"), "choice", _tags, _tagged),
    Fact("has_phone", N_("Has a phone number"), "flag", None, lambda c, value, now: holds(_reachable(Phone), c)),
    Fact("has_email", N_("Has an e-mail address"), "flag", None, lambda c, value, now: holds(_reachable(Email), c)),
    Fact("added", N_("Added"), "date", None, _plain(Person.created_at, _midnight)),
    Fact("source", N_("Source"), "text", None, _text(Person.source)),
]


def _custom(key: str, label: str) -> Fact:
    return Fact(f"custom:{key}", label, "text", None, _text(Person.custom[key].as_string()))


def facts_for(actor: Actor) -> dict[str, Fact]:
    """Every fact that this organization can ask, by name: the rooms' facts and its own fields."""
    own = session().scalars(select(CustomField).order_by(CustomField.label))
    return {fact.name: fact for fact in [*FACTS, *(_custom(field.key, field.label) for field in own)]}


def clause_of(definition: dict, now: datetime) -> ColumnElement[bool]:
    """The expression on Person that a tree stands for. An empty tree is everyone."""
    if "fact" in definition:
        return _fact(definition["fact"]).clause(definition["comparison"], definition.get("value", ""), now)
    join, members = (or_, definition["any"]) if "any" in definition else (and_, definition.get("all", []))
    return join(*(clause_of(member, now) for member in members)) if members else true()


def _fact(name: str) -> Fact:
    if name.startswith("custom:"):
        return _custom(name.removeprefix("custom:"), name)
    return next(fact for fact in FACTS if fact.name == name)
