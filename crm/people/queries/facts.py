"""What is known of people that a segment may ask, and the one expression that a tree compiles to.

Each room lists its own facts; create_app puts them together in FACTS.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, true

from crm.infra.auth import SYSTEM, Actor
from crm.infra.db import session
from crm.kernel.permissions import Action
from crm.kernel.refusal import N_
from crm.people import rules
from crm.people.models import CustomField
from crm.people.queries.compiling import Clause, compare, flag, happened, holds, negated, on_day, plain, span, texts, times
from crm.people.queries.own_fields import own_field
from crm.people.rules.custom import may_see_field
from crm.people.rules.reveals import VEILED

__all__ = [
    "FACTS", "Fact", "clause_of", "compare", "facts_for", "flag", "happened", "holds", "negated", "on_day", "plain", "span", "texts", "times",
]

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Fact:
    """One thing to filter by.

    `label` and `about` (its heading in the builder) are marked for translation. `kind` is one of rules.COMPARISONS.
    `choices` is a list of (value, label), or a function of the actor that returns one, or None; where there is `more`
    (an answer to each choice), a value is both, with a colon between them.
    `clause(comparison, value, now)` is an expression on Person; for a flag the value is empty.
    `does` and `does_not` finish the sentence "People who …", with %(value)s and %(more)s in their places.
    """

    name: str
    label: str
    kind: str
    choices: Choices | Callable[[Actor], Choices] | None
    clause: Clause
    does: str = ""
    does_not: str = ""
    about: str = N_("Record")
    more: Choices | None = None

    def choices_for(self, actor: Actor) -> Choices | None:
        """The choices as this actor's organization has them."""
        return self.choices(actor) if callable(self.choices) else self.choices


FACTS: list[Fact] = []
"""Every room's facts, filled in create_app."""


def facts_for(actor: Actor) -> dict[str, Fact]:
    """Every fact that this actor may ask, by name: the rooms' facts and the organization's own fields."""
    own = session().scalars(select(CustomField).where(CustomField.archived_at.is_(None)).order_by(CustomField.position, CustomField.label))
    rooms = [fact for fact in FACTS if fact.name not in VEILED or actor.may(Action.SEE_CONTACTS)]
    return {fact.name: fact for fact in [*rooms, *(custom_fact(field) for field in own if sees(actor, field))]}


def sees(actor: Actor, field: CustomField) -> bool:
    """Whether this actor sees the organization's own field at all."""
    return actor.name == SYSTEM or may_see_field(actor.role, field)


def private_facts(actor: Actor) -> set[str]:
    """The names of facts that are closed to this actor."""
    own = session().scalars(select(CustomField).where(CustomField.is_private))
    return {custom_fact(field).name for field in own if not sees(actor, field)}


def custom_fact(field: CustomField) -> Fact:
    """The fact of an organization's own field. Its name holds the kind, so that a tree compiles without another look-up."""
    kind = _KINDS.get(field.kind, "text")
    name = f"custom:{field.key}" if kind == "text" else f"custom:{field.kind}:{field.key}"
    choices = [(choice, choice) for choice in field.choices] if kind == "choice" else None
    return Fact(name, field.label, kind, (lambda _actor: choices) if choices else None, own_field(field.kind, field.key), about=N_("Own fields"))


_KINDS = {"number": "number", "date": "day", "yes_no": "flag", "one_of": "choice", "several_of": "choice"}


def clause_of(definition: dict, now: datetime) -> ColumnElement[bool]:
    """The expression on Person that a tree stands for. An empty tree is everyone."""
    if "fact" in definition:
        return _clause(definition["fact"])(definition["comparison"], definition.get("value", ""), now)
    join = rules.join_of(definition)
    members = [clause_of(member, now) for member in definition.get(join, [])]
    if not members:
        return true()
    if join == "none":
        return and_(*map(negated, members))
    return (or_ if join == "any" else and_)(*members)


def _clause(name: str) -> Clause:
    if name.startswith("custom:"):
        kind, colon, key = name.removeprefix("custom:").partition(":")
        return own_field(kind, key) if colon and kind in _KINDS else own_field("text", name.removeprefix("custom:"))
    return next(fact.clause for fact in FACTS if fact.name == name)
