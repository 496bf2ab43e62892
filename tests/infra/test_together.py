"""Writes that share a commit: each caller returns when its own is written, nobody pays for another's fault."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from crm.infra.together import Together

pytestmark = pytest.mark.one_database


def test_those_who_come_meanwhile_are_written_with_the_next():
    batches, go = [], threading.Event()

    def write(items):
        batches.append(list(items))
        go.wait(5)
        return [item * 10 for item in items]

    shared = Together(write)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(shared.do, 0)
        while not batches:
            pass
        others = [pool.submit(shared.do, n) for n in range(1, 8)]
        while len(shared._waiting) < 7:
            pass
        go.set()
        assert [first.result(), *(one.result() for one in others)] == [n * 10 for n in range(8)]
    assert batches[0] == [0] and sorted(batches[1]) == list(range(1, 8)) and len(batches) == 2


def test_one_that_cannot_be_written_fails_alone():
    def write(items):
        if 3 in items:
            raise ValueError("not this one")
        return items

    shared = Together(write)
    tickets, caught = [], []

    def do(n):
        try:
            tickets.append(shared.do(n))
        except ValueError:
            caught.append(n)

    threads = [threading.Thread(target=do, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(tickets) == [0, 1, 2, 4, 5] and caught == [3]
    with pytest.raises(ValueError, match="not this one"):
        shared.do(3)
