"""How many parts a text takes on the air, what it costs, how long a broadcast takes, and repairing typographic marks.

A text of GSM-7 letters holds 160 in one part and 153 in each of several; one letter outside that alphabet (á, í, ó, ú,
a curly quote, an emoji) makes it UCS-2: 70 and 67 UTF-16 units. A two-unit letter is never split between parts.
"""

from dataclasses import dataclass
from datetime import timedelta

GSM7 = frozenset("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")
GSM7_ESCAPED = frozenset("^{}\\[~]|€\f")
PRICE_PER_PART = 8  # tenths of a cent: what carriers and provider take together for one part
TYPOGRAPHIC = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "‘": "'",
        "’": "'",
        "‚": "'",
        "′": "'",
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "…": "...",
        "•": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u200b": None,
        "\ufeff": None,
        "\t": " ",
    }
)


@dataclass(frozen=True)
class Size:
    """What a text takes: its letters as a person counts them, its parts, and whether it fits the short alphabet."""

    letters: int
    parts: int
    is_gsm: bool


def size_of(body: str) -> Size:
    """Letters, parts and alphabet of a text."""
    is_gsm = all(c in GSM7 or c in GSM7_ESCAPED for c in body)
    if is_gsm:
        units = [2 if c in GSM7_ESCAPED else 1 for c in body]
        return Size(len(body), _parts(units, 160, 153), True)
    units = [2 if ord(c) > 0xFFFF else 1 for c in body]
    return Size(len(body), _parts(units, 70, 67), False)


def _parts(units: list[int], single: int, each: int) -> int:
    if sum(units) <= single:
        return 1
    parts, room = 1, each
    for n in units:
        if n > room:
            parts, room = parts + 1, each
        room -= n
    return parts


def repaired(body: str) -> str:
    """The same words with typewriter quotes, dashes and spaces; accents stay, because they are spelling."""
    return body.translate(TYPOGRAPHIC)


def saves_by_repair(body: str) -> int:
    """How many parts repairing would save; the composer offers it when this is more than none."""
    return size_of(body).parts - size_of(repaired(body)).parts


def cost_in_cents(parts: int) -> int:
    """What so many parts cost, to the nearest cent."""
    return (parts * PRICE_PER_PART + 5) // 10


def time_to_send(parts: int, pace: int) -> timedelta:
    """How long so many parts take at a sender's pace of parts per second."""
    return timedelta(seconds=-(-parts // max(pace, 1)))
