"""The search for duplicates as steps of a job: around a few people by the indexes, or the whole list in a process of its own."""

import subprocess
from collections.abc import Collection
from typing import Any

from crm.infra.alone import alone
from crm.infra.db import new_id, reading, transaction
from crm.infra.jobs import job, job_for
from crm.kernel.refusal import Reason
from crm.people.actions import duplicates
from crm.people.providers.pairing import packed, pairs_in
from crm.people.queries.duplicates import JOB, existing_pairs, open_pairs
from crm.people.queries.likely import candidates_of, count_people, import_people, records_after, records_sampled, records_with
from crm.people.rules.around import frequencies_around, pairs_around, withdrawn
from crm.people.rules.duplicates import Pair

AT_ONCE = 200
PACK = 1000
LARGEST_AROUND = 2000  # rows of an import; beyond, comparing everyone at once takes less time
MATCHER = alone("crm.people.providers.pairing")
PATIENCE = 5.0  # seconds between two looks at the stop flag


@job(JOB)
def find_duplicates(run: Any, people: Collection[int] = (), import_id: int | None = None) -> bool:
    """The next step: around these people, around the next of an import, or everyone."""
    if people:
        look_around(run, people)
        return True
    if import_id is not None:
        with reading(run.org_id):
            row = job_for(run.actor, run.job_id)
            ids, last = import_people(import_id, row.done, AT_ONCE) if row.total <= LARGEST_AROUND else ([], -1)
        if last is None:
            return True
        if ids:
            look_around(run, ids)
            run.progress(last)
            return False
    return look_at_everyone(run)


def look_around(run: Any, ids: Collection[int]) -> None:
    """Compares these people with whoever shares something with them; reads first, writes in one short transaction."""
    with reading(run.org_id):
        touched, total = records_with(ids), count_people()
        sample = records_sampled(total)
        candidates = candidates_of(list(touched.values()))
        existing = existing_pairs(ids)
        for first, second in existing:
            for one, other in ((first, second), (second, first)):
                if one in touched:
                    candidates[one].add(other)
        near = touched | records_with({other for some in candidates.values() for other in some} - set(touched))
        existing |= existing_pairs(set(near) - set(ids))
    frequencies = frequencies_around(list(near.values()), sample, total)
    found = pairs_around(touched.values(), near, candidates, frequencies)
    gone = withdrawn({pair for pair, (_id, state, _score) in existing.items() if state == "open"}, found, touched)
    with transaction(run.org_id):
        duplicates.store_pairs(found, run.now())
        duplicates.withdraw_pairs([existing[pair][0] for pair in gone])


def look_at_everyone(run: Any) -> bool:
    """Compares the whole list; False when somebody pressed stop."""
    before = new_id()
    total, told = _compare(run)
    if told is None:
        return False
    pairs = {(a, b): Pair(a, b, score, tuple(Reason(text, params) for text, params in reasons)) for a, b, score, reasons in pairs_in(told)}
    keys = list(pairs)
    for start in range(0, len(keys), AT_ONCE):
        with transaction(run.org_id):
            duplicates.store_pairs({key: pairs[key] for key in keys[start : start + AT_ONCE]}, run.now())
        if run.stopped:
            return False
        run.progress(total)
    with reading(run.org_id):
        gone = [id for pair, id in open_pairs().items() if pair not in pairs and id < before]
    for start in range(0, len(gone), AT_ONCE):
        with transaction(run.org_id):
            duplicates.withdraw_pairs(gone[start : start + AT_ONCE])
    return True


def _compare(run: Any) -> tuple[int, bytes | None]:
    """(how many people were read, what the matcher found; None when somebody pressed stop)."""
    done = 0
    with subprocess.Popen(MATCHER, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as matcher:
        last = 0
        while True:
            with reading(run.org_id):
                some = records_after(last, PACK)
            if not some or run.stopped:
                break
            matcher.stdin.write(packed(some))
            last, done = some[-1].id, done + len(some)
            run.progress(done)
        matcher.stdin.close()
        matcher.stdin = None
        while True:
            if run.stopped:
                matcher.kill()
                return done, None
            try:
                told, _nothing = matcher.communicate(timeout=PATIENCE)
                break
            except subprocess.TimeoutExpired:
                run.progress(done)  # and the lease is renewed
    if matcher.returncode:
        raise RuntimeError("the matcher ended before it was done")
    return done, told
