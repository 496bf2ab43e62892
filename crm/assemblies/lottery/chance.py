"""Chance from public words: the same seed gives the same numbers on every machine and in every version of Python."""

import random
from collections.abc import Sequence
from hashlib import sha256


class Chance:
    """The stream of `random.Random` (Mersenne Twister) seeded by the number that the SHA-256 of the seed's UTF-8 bytes spells, big end
    first. Only `random()` is used, whose sequence Python promises never to change; the rest is written here:
    `below(n)` is the whole part of random() × n (off from even by less than n ÷ 2^53), `shuffled` is Fisher and Yates from the end."""

    def __init__(self, seed: str):
        self._stream = random.Random(int.from_bytes(sha256(seed.encode()).digest(), "big"))

    def below(self, n: int) -> int:
        return int(self._stream.random() * n)

    def shuffled(self, things: Sequence[int]) -> list[int]:
        order = list(things)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order
