"""Looking for duplicates around a few people without reading the whole list: how usual their values are is told from a sample."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from crm.people.rules.duplicates import Frequencies, Pair, Record, judge

OF_EVERYONE = ("given", "family", "street", "number", "city", "region", "postal", "birth")
BIRTHS = ("birth_date", "birthdate", "date_of_birth", "birthday", "dob", "fecha_de_nacimiento", "nacimiento")
Pairs = dict[tuple[int, int], Pair]


def frequencies_around(near: Collection[Record], sample: Collection[Record], total: int) -> Frequencies:
    """How often values occur in a list of `total` people: names and places by a sample of it, numbers and addresses by those near,
    because everyone who shares a number stands among them."""
    local = Frequencies.of(near)
    everyone = Frequencies.of(sample)
    times = max(total, 1) / max(everyone.n, 1)
    for name in OF_EVERYONE:
        counted = {value: round(count * times) for value, count in getattr(everyone, name).items()}
        here = getattr(local, name)
        setattr(local, name, Counter({value: max(count, counted.get(value, 0)) for value, count in here.items()}))
    local.n = max(total, local.n)
    return local


def pairs_around(touched: Iterable[Record], near: Mapping[int, Record], candidates: Mapping[int, Collection[int]], frequencies: Frequencies) -> Pairs:
    """Those of the candidates that are probably the same person as one of the touched, by (lower id, higher id)."""
    found: Pairs = {}
    for record in touched:
        for other in candidates.get(record.id, ()):
            key = (min(record.id, other), max(record.id, other))
            if other != record.id and other in near and key not in found and (pair := judge(record, near[other], frequencies)):
                found[key] = pair
    return found


def withdrawn(open_pairs: Collection[tuple[int, int]], found: Collection[tuple[int, int]], touched: Collection[int]) -> set[tuple[int, int]]:
    """The open candidates of the touched that no longer hold: they are not found, and no third record holds the two together."""
    held: dict[int, set[int]] = {}
    for first, second in {*found, *(pair for pair in open_pairs if not {*pair} & {*touched})}:
        held.setdefault(first, set()).add(second)
        held.setdefault(second, set()).add(first)
    gone = {pair for pair in open_pairs if {*pair} & {*touched} and pair not in found}
    return {pair for pair in gone if not held.get(pair[0], set()) & held.get(pair[1], set())}
