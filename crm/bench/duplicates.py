"""Duplicates: whether a pass grows with the list and no faster, and whether a merge costs the same in a list of any size."""

import statistics
import time

from sqlalchemy import select

from crm.bench.search import named_people, names
from crm.bench.stage import NOON, Stage
from crm.infra.db import reading, transaction
from crm.people.actions import merge_people
from crm.people.models import Person
from crm.people.queries import person_for
from crm.people.rules.duplicates import Record, find_pairs

Figure = tuple[float, str, float, int]


def passed_over(on: Stage, n: int = 100_000) -> Figure:
    """Records compared per second in a list of `n`, beside the same in a quarter of it: a pass that is linear keeps its pace."""
    return _pace(n), "records/s", _pace(n // 4), n


def _pace(count: int) -> float:
    records = [_record(k) for k in range(count)]
    begin = time.perf_counter()
    find_pairs(records)
    return count / (time.perf_counter() - begin)


def _record(k: int) -> Record:
    given, family = names(k)
    if k % 10 == 9:  # one record in ten is of a person who is there already, written another way
        k, (given, family) = k - 5, names(k - 5)
        given = given[:-1]
    return Record(k if k % 10 != 4 else f"{k} {given}", given, family, phones=(f"+1415{2_000_000 + k * 37 % 7_999_999:07d}",),
                  emails=(f"{family.lower()}{k}@mail.example",), street=f"{k * 7919 % 4000} {names(k // 3)[1]} Street", postal_code=f"94{k % 700:03d}")


def merged(on: Stage, n: int = 100_000) -> Figure:
    """Milliseconds (median) to merge two people in a list of `n`, beside the same in a tenth of it."""
    named_people(on, n // 10)
    on.settle()
    small = _merge_some(on)
    named_people(on, n)
    on.settle()
    return _merge_some(on), "ms", small, n


def _merge_some(on: Stage, count: int = 15) -> float:
    with reading(on.org_id) as s:
        ids = list(s.scalars(select(Person.id).order_by(Person.id.desc()).limit(2 * count)))
    times = []
    for kept, gone in zip(ids[::2], ids[1::2], strict=False):
        begin = time.perf_counter()
        with transaction(on.org_id):
            versions = {id: person_for(on.actor, id).version for id in (kept, gone)}
            merge_people(on.actor, kept, [gone], {}, versions, now=NOON)
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times)
