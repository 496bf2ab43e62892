"""The people, the quotas and the seats of a lottery, gathered into groups of people whom no rule tells apart."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

Composition = tuple[int, ...]  # how many seats each group has, in the order of Pool.groups


@dataclass(frozen=True)
class Person:
    """Somebody in the pool: `features` in the order of Pool.features; `home` is their household, empty where they live alone in the pool."""

    id: str
    features: tuple[str, ...]
    home: str = ""


@dataclass(frozen=True)
class Quota:
    """At least `least` and at most `most` seats for people whose `feature` is `value`."""

    feature: str
    value: str
    least: int
    most: int


@dataclass(frozen=True)
class Group:
    """People alike in every feature who live in households alike (that is, with housemates alike): exchanging two changes nothing."""

    features: tuple[str, ...]
    housemates: tuple[tuple[str, ...], ...]
    people: tuple[int, ...]
    homes: int

    @property
    def size(self) -> int:
        return len(self.people)


@dataclass(frozen=True)
class Limit:
    """Least and most seats of some groups together; `quota` is None for the seats themselves and for one-a-household."""

    least: int
    most: int
    groups: tuple[int, ...]
    quota: Quota | None = None


@dataclass(frozen=True)
class Pool:
    """What a lottery draws from. Every person's values of `features` must have a quota each (files.py sees to it)."""

    features: tuple[str, ...]
    people: tuple[Person, ...]
    quotas: tuple[Quota, ...]
    seats: int

    @cached_property
    def homes(self) -> tuple[tuple[int, ...], ...]:
        """The households, each as its people; who names none is one of their own."""
        found: dict[tuple[str, int | str], list[int]] = defaultdict(list)
        for n, person in enumerate(self.people):
            found[("home", person.home) if person.home else ("alone", n)].append(n)
        return tuple(map(tuple, found.values()))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Groups in an order that depends on the people's features alone, not on how the list is sorted."""
        members: dict[tuple, list[int]] = defaultdict(list)
        homes: Counter = Counter()
        for home in self.homes:
            kind = tuple(sorted(self.people[n].features for n in home))
            for features in set(kind):
                homes[features, kind] += 1
            for n in home:
                members[self.people[n].features, kind].append(n)
        return tuple(Group(features, kind, tuple(members[features, kind]), homes[features, kind]) for features, kind in sorted(members))

    @cached_property
    def group_of(self) -> tuple[int, ...]:
        """The group of each person."""
        of = {n: g for g, group in enumerate(self.groups) for n in group.people}
        return tuple(of[n] for n in range(len(self.people)))

    @cached_property
    def limits(self) -> tuple[Limit, ...]:
        """All that a composition must keep, besides that no group gives more people than it has households."""
        found = [Limit(self.seats, self.seats, tuple(range(len(self.groups))))]
        for quota in self.quotas:
            place = self.features.index(quota.feature)
            found.append(Limit(quota.least, quota.most, tuple(g for g, group in enumerate(self.groups) if group.features[place] == quota.value), quota))
        kinds: dict[tuple, list[int]] = defaultdict(list)
        for g, group in enumerate(self.groups):
            kinds[group.housemates].append(g)
        return (*found, *(Limit(0, self.groups[of[0]].homes, tuple(of)) for of in kinds.values() if len(of) > 1))

    def counts(self, people: Iterable[int]) -> list[int]:
        """How many of these people each quota is about, in the order of the quotas."""
        count = Counter(pair for n in people for pair in zip(self.features, self.people[n].features, strict=True))
        return [count[quota.feature, quota.value] for quota in self.quotas]

    def composition(self, panel: Sequence[int]) -> Composition:
        """How many of each group sit on a panel of people."""
        count = Counter(self.group_of[n] for n in panel)
        return tuple(count[g] for g in range(len(self.groups)))

    def keeps_limits(self, composition: Composition) -> bool:
        """Whether a panel of this composition can be seated."""
        return all(0 <= seats <= group.homes for seats, group in zip(composition, self.groups, strict=True)) and all(
            limit.least <= sum(composition[g] for g in limit.groups) <= limit.most for limit in self.limits)

    def is_panel(self, panel: Sequence[int]) -> bool:
        """Whether these very people keep every quota, the number of seats and one a household."""
        seated = set(panel)
        return len(seated) == len(panel) and all(len(seated & set(home)) <= 1 for home in self.homes) and self.keeps_limits(self.composition(panel))
