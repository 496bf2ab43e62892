"""Blocking: which records are compared at all. Two records meet when they share a key; there are several of each kind of
evidence, so that one wrong cell leaves others, and a key that too many share is refined instead of squared."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from crm.people.rules.duplicates.normalizing import Traits, traits_of
from crm.people.rules.duplicates.records import Record

LARGEST_BLOCK = 20  # up to 190 comparisons; a household has at most a dozen
WINDOW = 6  # in a block that stays too large: the neighbours in order of name that a record is compared with
_VOWELS = frozenset("aeiouyhw")
_ALIKE = str.maketrans("zcqvbdm", "skkfptn")


def keys_of(record: Record) -> list[str]:
    """The keys of a record, to be stored and looked up: whoever shares one is worth a look by `judge`."""
    one = traits_of(record)
    return sorted({key for keys in KINDS for key in keys(one)})


def sound_of(word: str) -> str:
    """A rough sound: the first letter and the consonants after it, doubled ones once."""
    if not word:
        return ""
    sound = word[0]
    for letter in word[1:].translate(_ALIKE):
        if letter not in _VOWELS and letter != sound[-1]:
            sound += letter
    return sound[:5]


def _known(one: Traits) -> Iterator[str]:
    yield from (f"i{kind}:{value}" for kind, value in one.ids)
    yield from (f"p{number}" for number in one.phones)
    yield from (f"e{email}" for email in one.emails)


def _slips(one: Traits) -> Iterator[str]:
    """Half a phone number with the first sounds of a name, and the number behind a mailbox: the other half may be typed wrong."""
    for name in {sound_of(one.given)[:3], sound_of(one.family)[:3]} - {""}:
        for number in one.phones:
            yield f"q{name}:{number[:5]}-"
            yield f"q{name}:-{number[-5:]}"
    for email in one.emails:
        digits = "".join(c for c in email if c.isdecimal())
        if len(digits) > 1:
            yield f"m{email[:2]}:{digits}"


def _sounds(one: Traits) -> Iterator[str]:
    if one.given and one.family:
        first, second = sorted((sound_of(one.given), sound_of(one.family_words[0])))
        yield f"s{first}:{second}"


def _starts(one: Traits) -> Iterator[str]:
    """What begins alike; a wrong letter further on does no harm."""
    if one.given and one.family:
        first, second = sorted((one.given[:3], one.family[:3]))
        yield f"b{first}:{second}"


def _births(one: Traits) -> Iterator[str]:
    if len(one.birth) == 8 and not one.birth.endswith("0000"):
        year, low, high = one.birth[:4], *sorted((one.birth[4:6], one.birth[6:]))
        yield f"d{year}{low}{high}"


def _homes(one: Traits) -> Iterator[str]:
    if one.number and one.street:
        yield f"h{one.number}:{sound_of(one.street)}"
    elif one.street and one.postal:
        yield f"h{one.street[:6]}:{one.postal}"


def _places(one: Traits) -> Iterator[str]:
    """A name and where: either half of the name, by sound, within a postal code (or a city)."""
    if place := one.postal or one.city:
        for name in {sound_of(one.given), sound_of(one.family)} - {""}:
            yield f"l{name}:{place}"


KINDS = (_known, _slips, _sounds, _starts, _births, _homes, _places)


def candidates(people: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    """The places of all records to be compared, each pair once, the lower first; their number grows with the list, not its square."""
    seen: set[int] = set()
    n = len(people)
    for keys in KINDS:
        blocks: dict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(people):
            for key in set(keys(one)):
                blocks[key].append(place)
        for block in blocks.values():
            if len(block) > 1:
                for a, b in _within(people, block):
                    pair = a * n + b if a < b else b * n + a
                    if pair not in seen:
                        seen.add(pair)
                        yield divmod(pair, n)


def _within(people: Sequence[Traits], block: list[int]) -> Iterator[tuple[int, int]]:
    if len(block) <= LARGEST_BLOCK:
        yield from _all(block)
        return
    for refine in (_by_birth, _by_home, _by_name):
        parts: dict[str, list[int]] = defaultdict(list)
        for place in block:
            if detail := refine(people[place]):
                parts[detail].append(place)
        for part in parts.values():
            if len(part) <= LARGEST_BLOCK:
                yield from _all(part)
            else:
                yield from _neighbours(people, part)
    yield from _neighbours(people, block)


def _by_birth(one: Traits) -> str:
    return one.birth


def _by_home(one: Traits) -> str:
    return one.line or one.postal


def _by_name(one: Traits) -> str:
    return one.given + " " + one.family


def _all(block: Sequence[int]) -> Iterator[tuple[int, int]]:
    for i, a in enumerate(block):
        for b in block[i + 1 :]:
            yield a, b


def _neighbours(people: Sequence[Traits], block: Iterable[int]) -> Iterator[tuple[int, int]]:
    ordered = sorted(block, key=lambda p: (people[p].given, people[p].family, people[p].birth, people[p].line, str(people[p].id)))
    for i, a in enumerate(ordered):
        for b in ordered[i + 1 : i + 1 + WINDOW]:
            yield a, b
