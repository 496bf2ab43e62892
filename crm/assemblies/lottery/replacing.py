"""Who takes the seat of somebody who was drawn and declined: a rule that leaves no choice."""

from collections.abc import Collection

from crm.assemblies.lottery.chance import Chance
from crm.assemblies.lottery.pool import Pool


def replacement(pool: Pool, seed: str, panel: Collection[int], out: int, gone: Collection[int]) -> int | None:
    """The place in the list of who takes over from `out`; None where nobody can.

    The people, sorted by id, are shuffled by the seed. Down that list goes the seat to the first who is alike in every feature with whoever
    declined; where there is nobody, to the first with whom no quota is further from being kept than it was. Passed over are those who sit,
    those who declined before (`gone`), and those of whose household somebody sits."""
    order = Chance(seed).shuffled(sorted(range(len(pool.people)), key=lambda n: pool.people[n].id))
    home_of = {n: at for at, home in enumerate(pool.homes) for n in home}
    rest = set(panel) - {out}
    closed = rest | set(gone) | {out}
    homes = {home_of[n] for n in rest}
    free = [n for n in order if n not in closed and home_of[n] not in homes]
    before = _off(pool, panel)
    alike = (n for n in free if pool.people[n].features == pool.people[out].features)
    kept = (n for n in free if all(now <= was for now, was in zip(_off(pool, [*rest, n]), before, strict=True)))
    return next((n for found in (alike, kept) for n in found), None)


def _off(pool: Pool, panel: Collection[int]) -> list[int]:
    """How many seats each quota is away from being kept."""
    return [max(quota.least - n, n - quota.most, 0) for quota, n in zip(pool.quotas, pool.counts(panel), strict=True)]
