"""Pairing: records in, pairs out. Pairs join into clusters, because what is one person is one person in every pair of its records."""

from collections.abc import Iterable

from crm.people.rules.duplicates.blocking import candidates
from crm.people.rules.duplicates.explaining import explain
from crm.people.rules.duplicates.normalizing import Frequencies, Traits, traits_of
from crm.people.rules.duplicates.records import Pair, Record
from crm.people.rules.duplicates.scoring import evidence, learn_rates, log_odds, probability

LIKELY = 0.5
LARGEST_CLUSTER = 60  # nobody stands in a list more often; a larger heap is joined by its surest pairs alone
# Bits that one pair may weigh among several of a cluster. Two rows of one person that share nothing any more (moved, other phone) look
# like strangers to each other, and only the third row knows both: so a no weighs less than a yes.
_MOST, _LEAST = 15.0, -6.0


def find_pairs(records: Iterable[Record]) -> list[Pair]:
    """Every two records that are probably one person, the surest first; the order of the records does not matter.

    An id that comes twice is refused with ValueError.
    """
    people = sorted(map(traits_of, records), key=lambda one: _order(one.id))
    for before, after in zip(people, people[1:], strict=False):
        if before.id == after.id:
            raise ValueError(f"the id {before.id} comes twice")
    frequencies = Frequencies.count(people)
    compared = {pair: ratios for pair in candidates(people) if max(ratios := evidence(people[pair[0]], people[pair[1]], frequencies)) > 1}
    learn_rates(list(compared.values()), frequencies)
    edges = {pair: odds for pair, ratios in compared.items() if (odds := log_odds(ratios, frequencies)) > 0}
    pairs = []
    for cluster in _clusters(people, edges, frequencies):
        for i, a in enumerate(cluster):
            for b in cluster[i + 1 :]:
                odds = edges.get((a, b))
                if odds is None:
                    odds = _weigh(people[a], people[b], frequencies)
                pairs.append(_pair(people[a], people[b], odds, frequencies))
    return sorted(pairs, key=lambda pair: (-pair.score, _order(pair.a), _order(pair.b)))


def judge(a: Record, b: Record, frequencies: Frequencies) -> Pair | None:
    """The two as a pair when they are probably one person, with the frequencies of the list they stand in; else None."""
    mine, theirs = sorted((traits_of(a), traits_of(b)), key=lambda one: _order(one.id))
    odds = _weigh(mine, theirs, frequencies)
    return _pair(mine, theirs, odds, frequencies) if probability(odds) >= LIKELY else None


def _weigh(a: Traits, b: Traits, frequencies: Frequencies) -> float:
    return log_odds(evidence(a, b, frequencies), frequencies)


def _order(id: str | int) -> tuple[bool, str | int]:
    return isinstance(id, str), id


def _pair(a: Traits, b: Traits, odds: float, frequencies: Frequencies) -> Pair:
    return Pair(a.id, b.id, round(probability(odds), 4), explain(a, b))


def _clusters(people: list[Traits], edges: dict[tuple[int, int], float], frequencies: Frequencies) -> list[list[int]]:
    """Groups of records that are one person. Pairs join from the surest down, and two groups only when their records agree on
    average: a chain of half-likenesses (father, a row without a birth date, son) does not make one person."""
    group_of = {place: [place] for edge in edges for place in edge}
    known = dict(edges)

    def odds(a: int, b: int) -> float:
        pair = (a, b) if a < b else (b, a)
        if pair not in known:
            known[pair] = _weigh(people[pair[0]], people[pair[1]], frequencies)
        return max(_LEAST, min(_MOST, known[pair]))

    for (a, b), _odds in sorted(edges.items(), key=lambda item: (-item[1], item[0])):
        mine, theirs = group_of[a], group_of[b]
        if mine is theirs or len(mine) + len(theirs) > LARGEST_CLUSTER:
            continue
        if len(mine) + len(theirs) > 2 and sum(odds(x, y) for x in mine for y in theirs) <= 0:
            continue
        joined = sorted(mine + theirs)
        for place in joined:
            group_of[place] = joined
    groups = {id(group): group for group in group_of.values() if len(group) > 1}
    return sorted(groups.values())
