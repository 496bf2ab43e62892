"""The people whom the rows of a spreadsheet may mean, as planning knows them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from crm.kernel import names

# The same words come again in every row of a sheet: tags, towns, given names.
fold = lru_cache(maxsize=4096)(names.fold)


@dataclass(slots=True)
class KnownPerson:
    """What planning needs to know of a person."""

    id: int
    values: dict[str, Any]
    phones: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    ids: set[tuple[str, str]] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    places: set[tuple[str, ...]] = field(default_factory=set)  # further addresses, as place_of tells them
    row: int | None = None

    @property
    def name(self) -> str:
        return f"{self.values.get('given_name') or ''} {self.values.get('family_name') or ''}".strip()


class Known:
    """People that rows may mean, found by ID, phone, e-mail and name."""

    def __init__(self, people: Iterable[KnownPerson] = ()):
        self.by_id: dict[tuple[str, str], KnownPerson] = {}
        self.by_phone: dict[str, list[KnownPerson]] = defaultdict(list)
        self.by_email: dict[str, list[KnownPerson]] = defaultdict(list)
        self._by_name: dict[str, list[KnownPerson]] = defaultdict(list)
        self._unnamed: list[KnownPerson] = []
        self.people: dict[int, KnownPerson] = {}
        for person in people:
            self.learn(person)

    def learn(self, person: KnownPerson) -> None:
        """Makes a person findable; doing it again after the person grew is harmless."""
        self.people[person.id] = person
        for key in person.ids:
            self.by_id[key] = person
        for index, keys in ((self.by_phone, person.phones), (self.by_email, person.emails)):
            for key in keys:
                _list(index, key, person)
        self._unnamed.append(person)

    def called(self, name: str) -> list[KnownPerson]:
        """People of exactly this name. Names are folded only once somebody asks: most rows say more than a name."""
        for person in self._unnamed:
            _list(self._by_name, fold(person.name), person)
        self._unnamed.clear()
        return [person for person in self._by_name.get(fold(name), ()) if fold(person.name) == fold(name)]


def _list(index: dict[str, list[KnownPerson]], key: str, person: KnownPerson) -> None:
    if key and not any(person is other for other in index[key]):
        index[key].append(person)
