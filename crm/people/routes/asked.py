"""What an address asks of the list of people: a saved list, chips, a search, an order. The same words travel through every page of a list."""

from dataclasses import dataclass

from flask import request, url_for

from crm.infra.auth import actor
from crm.people import queries, rules
from crm.people.models import Segment


@dataclass
class Asked:
    """What the address, or the hidden fields of a form, ask of the list."""

    segment: Segment | None
    conditions: list[rules.Condition]
    text: str
    order: str

    @property
    def definition(self) -> dict:
        """One tree for the list and the chips together."""
        own = [self.segment.definition] if self.segment else []
        return {"all": [*own, *(condition.as_dict() for condition in self.conditions)]}

    @property
    def is_everyone(self) -> bool:
        """Whether nothing is asked at all."""
        return not (self.segment or self.conditions or self.text)

    @property
    def words(self) -> dict:
        """The parts of an address that say this list again."""
        return {
            "list": self.segment.id if self.segment else None,
            "f": [rules.write_filter(c) for c in self.conditions],
            "q": self.text or None,
            "order": self.order if self.order != "name" else None,
        }

    @property
    def pairs(self) -> list[tuple[str, object]]:
        """The same as pairs, for hidden fields."""
        plain = [(name, value) for name, value in self.words.items() if name != "f" and value is not None]
        return plain + [("f", chip) for chip in self.words["f"]]

    def address(self, without: rules.Condition | None = None, **more: object) -> str:
        """The address of this list, changed."""
        chips = [rules.write_filter(c) for c in self.conditions if c != without]
        return url_for("people.people_get", **(self.words | {"f": chips} | more))

    def to(self, endpoint: str, **more: object) -> str:
        """The address of another page about this list."""
        return url_for(endpoint, **(self.words | more))


def read_asked(facts: dict[str, queries.Fact] | None = None) -> Asked:
    """The list that the request speaks of; chips that cannot be read are left out."""
    facts = facts if facts is not None else queries.facts_for(actor())
    kinds = {name: fact.kind for name, fact in facts.items()}
    said = request.values
    read = filter(None, (rules.read_filter(text) for text in said.getlist("f")[:12]))
    chips = [condition for condition in read if not rules.issues_in_definition(condition.as_dict(), kinds)]
    list_id, order = said.get("list", type=int), said.get("order", "name")
    return Asked(
        queries.segment_for(actor(), list_id) if list_id else None,
        list(dict.fromkeys(chips)),
        said.get("q", "").strip()[:80],
        order if order in queries.ORDERS else "name",
    )
