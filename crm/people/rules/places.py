"""Where in a long file a key was met first: twelve bytes an entry, where a dictionary takes a hundred."""

from array import array

NOWHERE = -1


class Places:
    """Hash of a key → place, by open addressing (Knuth, The Art of Computer Programming 3, 6.4). Nothing is ever taken out."""

    def __init__(self, room: int = 1 << 12):
        self._room(room)
        self._used = 0

    def _room(self, room: int) -> None:
        self._mask = room - 1
        self._keys, self._places = array("q", bytes(8 * room)), array("i", [NOWHERE]) * room

    def get(self, key: int) -> int:
        """The place of this hash, or NOWHERE."""
        return self._places[self._slot(key)]

    def setdefault(self, key: int, place: int) -> int:
        """The place that this hash has, which is `place` if it had none."""
        slot = self._slot(key)
        if self._places[slot] == NOWHERE:
            self._keys[slot], self._places[slot] = key, place
            self._used += 1
            if 3 * self._used > 2 * self._mask:
                self._grow()
            return place
        return self._places[slot]

    def _slot(self, key: int) -> int:
        keys, places, mask = self._keys, self._places, self._mask
        slot = key & mask
        while places[slot] != NOWHERE and keys[slot] != key:
            slot = slot + 1 & mask
        return slot

    def _grow(self) -> None:
        keys, places = self._keys, self._places
        self._room(2 * len(keys))
        for key, place in zip(keys, places, strict=True):
            if place != NOWHERE:
                slot = self._slot(key)
                self._keys[slot], self._places[slot] = key, place
