"""Who sits with whom: what a good division is, how far one is from it, and a quick one that the solver starts from.

A division is good when tables are equally large, each holds every organization and trait in the share that the room has, nobody who
speaks another language than the room's sits alone in it (those who share one are gathered at some tables, at most half of each, so that
few interpreters reach all of them), and two who are kept apart are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from crm.kernel.refusal import N_, Reason

MOST_PEOPLE, FEWEST_SEATS, MOST_SEATS, MOST_TRAITS = 1500, 2, 50, 3
SOURCES = {"room": N_("Those who have come in"), "expected": N_("Those who said they are coming")}
APART, SIZE, SHARE = 100, 4, 2
"""What breaking a rule costs: two together who should not be, a person too many at a table, a person beyond a trait's share."""


@dataclass(frozen=True)
class Sitter:
    """Somebody to seat, with the guests who sit beside them: `size` people. `traits` are spread evenly."""

    id: int
    size: int = 1
    language: str = "en"
    traits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hall:
    """What is to be divided among `tables` tables: the sitters, those kept apart, and where some sit already."""

    sitters: Sequence[Sitter]
    tables: int
    main_language: str = "en"
    apart: frozenset[tuple[int, int]] = frozenset()
    held: Mapping[int, int] = field(default_factory=dict)
    mix: int = 0

    def order(self, sitter: Sitter) -> int:
        """A place in an order that follows no name: people alike are dealt out by it, another one for each `mix`."""
        return hash((self.mix, sitter.id))

    def homes(self) -> dict[str, tuple[int, ...]]:
        """By language other than the room's, the tables at which it is spoken.

        As many as it takes for its speakers to be at most half of a table, and no more than leave two at each.
        """
        counts = Counter(s.language for s in self.sitters if s.language != self.main_language)
        half, begin, homes = max(2, sum(s.size for s in self.sitters) // self.tables // 2), 0, {}
        for language, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
            wanted = max(1, min(-(-count // half), count // 2, self.tables))
            there = Counter(self.held[s.id] for s in self.sitters if s.language == language and s.id in self.held)
            order = [*(table for table, _n in there.most_common()), *((begin + k) % self.tables for k in range(self.tables))]
            homes[language] = tuple(list(dict.fromkeys(order))[: max(wanted, len(there))])
            begin += wanted
        return homes

    def shares(self) -> list["Share"]:
        """What each table should hold of each trait and each gathered language."""
        found = []
        for trait in sorted({trait for s in self.sitters for trait in s.traits}):
            members = [s.id for s in self.sitters if trait in s.traits]
            found.append(Share(trait, frozenset(members), tuple(range(self.tables))))
        for language, tables in self.homes().items():
            found.append(Share(f"language:{language}", frozenset(s.id for s in self.sitters if s.language == language), tables))
        return found


@dataclass(frozen=True)
class Share:
    """People who are spread over some tables: between `least` and `most` of them at each."""

    name: str
    members: frozenset[int]
    tables: tuple[int, ...]

    @property
    def least(self) -> int:
        return len(self.members) // len(self.tables)

    @property
    def most(self) -> int:
        return -(-len(self.members) // len(self.tables))


Placing = dict[int, int]
"""Sitter → table, counted from 0."""


def sizes(hall: Hall, placing: Placing) -> list[int]:
    """People at each table, guests counted."""
    found = [0] * hall.tables
    for s in hall.sitters:
        if s.id in placing:
            found[placing[s.id]] += s.size
    return found


def cost(hall: Hall, placing: Placing) -> int:
    """How far a division is from a good one; 0 is as even as numbers allow."""
    people = sum(s.size for s in hall.sitters)
    low, high = people // hall.tables, -(-people // hall.tables)
    found = SIZE * sum(_beyond(n, low, high) for n in sizes(hall, placing))
    for share in hall.shares():
        there = Counter(placing[id] for id in share.members)
        found += SHARE * sum(_beyond(there[t], share.least, share.most) if t in share.tables else there[t] for t in range(hall.tables))
    return found + APART * sum(placing[a] == placing[b] for a, b in hall.apart if a in placing and b in placing)


def _beyond(n: int, low: int, high: int) -> int:
    return max(low - n, n - high, 0)


def seat_quickly(hall: Hall) -> Placing:
    """A division made in one pass: the largest parties and the rarest languages first, each where it costs least."""
    placing: Placing = dict(hall.held)
    shares, homes = hall.shares(), hall.homes()
    of = {s.id: [share for share in shares if s.id in share.members] for s in hall.sitters}
    there = {share.name: Counter(placing[id] for id in share.members if id in placing) for share in shares}
    room = sizes(hall, placing)
    foes: dict[int, set[int]] = {}
    for a, b in hall.apart:
        foes.setdefault(a, set()).add(b)
        foes.setdefault(b, set()).add(a)
    waiting = [s for s in hall.sitters if s.id not in placing]
    for s in sorted(waiting, key=lambda s: (s.language == hall.main_language, -len(foes.get(s.id, ())), -s.size, s.traits, hall.order(s))):
        taken = {placing[foe] for foe in foes.get(s.id, ()) if foe in placing}

        def price(table: int, s: Sitter = s, taken: set[int] = taken) -> tuple[int, int, int]:
            too_many = sum(there[share.name][table] >= share.most for share in of[s.id])
            return (APART * (table in taken) + SHARE * too_many, room[table], table)

        best = min(homes.get(s.language, range(hall.tables)), key=price)
        placing[s.id] = best
        room[best] += s.size
        for share in of[s.id]:
            there[share.name][best] += 1
    return placing


def tables_for(people: int, seats: int) -> int:
    """How many tables of so many seats."""
    return max(1, -(-people // seats))


def together(hall: Hall, placing: Placing) -> list[tuple[int, int]]:
    """Those who are kept apart and sit together all the same, because there is no other way."""
    return sorted(pair for pair in hall.apart if pair[0] in placing and placing.get(pair[0]) == placing.get(pair[1]))


def alone(hall: Hall, placing: Placing) -> list[int]:
    """Those who sit where nobody else speaks their language, though somebody in the room does."""
    spoken = Counter((placing[s.id], s.language) for s in hall.sitters if s.id in placing)
    shared = Counter(s.language for s in hall.sitters)
    return [s.id for s in hall.sitters
            if s.id in placing and s.language != hall.main_language and spoken[placing[s.id], s.language] == 1 < shared[s.language]]


def issues_before_drawing(people: int, seats: int | None, source: str, spread: Iterable[str]) -> list[Reason]:
    """Why nobody can be seated."""
    found = []
    if source not in SOURCES:
        found.append(Reason(N_("Choose whom to seat."), {}, "source"))
    elif not people:
        words = N_("Nobody has come in yet. Seat those who said they are coming, or wait.") if source == "room" else N_("Nobody has said yes yet.")
        found.append(Reason(words, {}, "source"))
    elif people > MOST_PEOPLE:
        found.append(Reason(N_("At most %(most)s people can be seated at once."), {"most": MOST_PEOPLE}, "source"))
    if seats is None or not FEWEST_SEATS <= seats <= MOST_SEATS:
        found.append(Reason(N_("A table has %(fewest)s to %(most)s seats."), {"fewest": FEWEST_SEATS, "most": MOST_SEATS}, "seats"))
    if len(list(spread)) > MOST_TRAITS:
        found.append(Reason(N_("Choose at most %(most)s tags: with more, no table can hold its share of each."), {"most": MOST_TRAITS}, "spread"))
    return found


def pairs_of(ids: Sequence[int]) -> set[tuple[int, int]]:
    """Each two of them once, the lower number first."""
    return set(combinations(sorted(set(ids)), 2))
