"""A broadcast's words as each of its recipients gets them.

Texts differ by language, by the names that they greet and by whether it is the first text to a phone: whoever shares these shares the
words, so that a hundred thousand texts are written a few thousand times.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from crm.outreach.rules.audience import Recipient
from crm.outreach.rules.segments_of_text import Size, size_of
from crm.outreach.rules.templates import FIELD, PERSONAL, body_for, completed, fill, link_place

_HERE = link_place(0)  # where a person's own link will stand


class Written(NamedTuple):
    """One text in its words: what it takes on the air, and the fields that nothing was known for, with what is said instead."""

    language: str
    body: str
    size: Size
    blanks: tuple[tuple[str, str], ...] = ()

    @property
    def has_link(self) -> bool:
        """Whether a personal link is still to be filled in."""
        return _HERE in self.body

    def with_links(self, link_ids: Sequence[int]) -> str:
        """The words with places for these links."""
        return self.body.replace(_HERE, " ".join(map(link_place, link_ids))) if _HERE in self.body else self.body


@dataclass
class Composer:
    """Writes a broadcast for one recipient after another. `shared` holds the fields that everyone of a language has in common."""

    bodies: Mapping[str, str]
    organization: str
    shared: Mapping[str, Mapping[str, str]]
    sample_link: str
    _written: dict[tuple, Written] = field(default_factory=dict)

    def write(self, one: Recipient) -> Written:
        """The text for this recipient, its personal link a place still to fill."""
        first = one.people[0]
        key = (first.language, first.given_name, first.is_known) if len(one.people) == 1 else (one.language, one.people)
        if (there := self._written.get(key)) is None:
            there = self._written[key] = self._write(one)
        return there

    def _write(self, one: Recipient) -> Written:
        language, words = body_for(self.bodies, one.language)
        values = {**self.shared.get(language, {}), "first_name": one.greeting(language), "link": _HERE}
        whole = completed(words, language, self.organization, is_first=one.is_first)
        body = fill(whole, values, language)
        on_air = body.replace(_HERE, " ".join([self.sample_link] * len(one.people)))
        return Written(language, body, size_of(on_air), tuple(_blanks(whole, values, language)))

    def shown(self, written: Written) -> str:
        """The words as a preview shows them, with an address as long as a real one."""
        return written.body.replace(_HERE, self.sample_link)


def _blanks(words: str, values: Mapping[str, str], language: str) -> list[tuple[str, str]]:
    found = {m.group(1): m.group(2) or PERSONAL.get(m.group(1), {}).get(language, "") for m in FIELD.finditer(words)}
    return [(name, instead) for name, instead in found.items() if not values.get(name)]
