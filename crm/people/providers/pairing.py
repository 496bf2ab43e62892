"""The matcher as a process of its own: a whole list needs both cores and memory for a while, and pages are to stay quick.

Standard input: packs of records, one marshal after the other. Standard output: all pairs, as one marshal.
"""

import marshal
import sys
from typing import Any

from crm.people.rules.duplicates import Pair, Record, find_pairs


def packed(records: list[Record]) -> bytes:
    """Records on their way to the other process."""
    fields = Record.__slots__
    return marshal.dumps([tuple(getattr(record, name) for name in fields) for record in records])


def pairs_in(told: bytes) -> list[tuple[int, int, float, list[tuple[str, dict[str, Any]]]]]:
    """What the other process found: (lower id, higher id, score, reasons)."""
    return marshal.loads(told)


def told(pairs: list[Pair]) -> bytes:
    """Pairs on their way back."""
    return marshal.dumps([(pair.a, pair.b, pair.score, [(why.text, dict(why.params)) for why in pair.reasons]) for pair in pairs])


def main() -> None:
    """Reads all records, answers with all pairs."""
    records: list[Record] = []
    try:
        while True:
            records += [Record(*values) for values in marshal.load(sys.stdin.buffer)]
    except EOFError:
        pass
    sys.stdout.buffer.write(told(find_pairs(records)))
