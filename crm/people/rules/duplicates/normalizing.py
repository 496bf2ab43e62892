"""Records made comparable: one spelling of names, numbers, addresses and dates, and how often each value occurs."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from crm.kernel.names import fold
from crm.people.rules.cells import clean, read_date
from crm.people.rules.duplicates.records import Record

_WORDS = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "'": "", "’": "", "`": "", "?": ""})
_TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sr", "sra", "srta", "don", "dona", "rev", "hon"}
_GENERATIONS = {"jr": "2", "junior": "2", "hijo": "2", "ii": "2", "2nd": "2", "sr": "1", "senior": "1", "iii": "3", "3rd": "3", "iv": "4"}
_DEGREES = {"phd", "md", "esq", "jd", "rn", "dds", "cpa", "mba"}
_STREETS = {
    long: short
    for short, words in {
        "st": "street str", "ave": "avenue av avenida avda", "rd": "road", "dr": "drive", "ln": "lane", "ct": "court", "pl": "place",
        "blvd": "boulevard bulevar", "cir": "circle", "ter": "terrace", "pkwy": "parkway", "hwy": "highway", "sq": "square", "trl": "trail",
        "cres": "crescent cr", "cct": "circuit", "n": "north", "s": "south", "e": "east", "w": "west",
    }.items()
    for long in words.split()
}  # fmt: skip
_UNITS = {"apt", "apartment", "unit", "suite", "ste", "apto", "depto", "departamento", "flat", "no"}
_WOMAN, _MAN = {"f", "female", "woman", "mujer", "femenino", "w"}, {"m", "male", "man", "hombre", "masculino"}


@dataclass(slots=True)
class Traits:
    """A record made comparable. Texts are folded and without spaces; what is missing is empty."""

    id: str | int
    given: str
    family: str
    given_words: tuple[str, ...]
    family_words: tuple[str, ...]
    generation: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    number: str
    street: str
    extra: str
    city: str
    region: str
    postal: str
    birth: str
    sex: str
    ids: tuple[tuple[str, str], ...]

    @property
    def line(self) -> str:
        """The whole address in one text, to count who else lives there."""
        return f"{self.number} {self.street} {self.postal or self.city}" if self.street else ""


def traits_of(record: Record) -> Traits:
    """The record made comparable."""
    given, family = words_of(record.given), words_of(record.family)
    if not family and len(given) > 1:
        given, family = given[:-1], given[-1:]
    generation = next((_GENERATIONS[word] for word in (family + given)[1:] if word in _GENERATIONS), "")
    given, family = _bare(given), _bare(family)
    number, street, unit = _street(record.street)
    return Traits(
        record.id, "".join(given), "".join(family), tuple(given), tuple(family), generation,
        tuple(dict.fromkeys(n for phone in record.phones for n in read_numbers(phone))),
        tuple(dict.fromkeys(e for email in record.emails for e in read_addresses(email))),
        number, street, _squeezed(record.extra) or unit, _squeezed(record.city), _squeezed(record.region), _postal(record.postal_code),
        read_birth(record.birth_date), _sex(record.sex),
        tuple((kind, plain) for kind, value in record.ids if len(plain := _squeezed(value)) > 2),
    )  # fmt: skip


def words_of(text: str) -> list[str]:
    """The words of a text, folded, without apostrophes and other marks."""
    return _WORDS.findall(fold(clean(text)).translate(_LETTERS)) if text else []


def _squeezed(text: str) -> str:
    return "".join(words_of(text))


def _bare(words: list[str]) -> list[str]:
    """A name without titles before it and generations or degrees after it."""
    while len(words) > 1 and (words[-1] in _DEGREES or words[-1] in _GENERATIONS):
        words = words[:-1]
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    return words


def _street(text: str) -> tuple[str, str, str]:
    """(number, street, unit) of an address line."""
    words = [_STREETS.get(word, word) for word in words_of(text.replace("#", " unit "))]
    place = next((i for i, word in enumerate(words) if i and word in _UNITS), len(words))
    words, unit = words[:place], "".join(words[place:])
    if words and words[0][0].isdigit():
        return words[0].lstrip("0"), "".join(words[1:]), unit
    if len(words) > 1 and words[-1][0].isdigit():
        return words[-1].lstrip("0"), "".join(words[:-1]), unit
    return "", "".join(words), unit


def _postal(text: str) -> str:
    plain = _squeezed(text)
    if plain.isdigit():
        plain = (plain[:-4] if len(plain) > 7 else plain).lstrip("0")  # ZIP+4, and the zeros that spreadsheets lose
    return plain


def _sex(text: str) -> str:
    plain = _squeezed(text)
    return "f" if plain in _WOMAN else "m" if plain in _MAN else ""


def read_numbers(text: str) -> list[str]:
    """Every phone number of a cell as its national digits, without extension and without the country when it is known."""
    text = re.split(r"(?i)\bext|\bx\d", clean(text), maxsplit=1)[0]
    parts = [p for p in re.split(r"[,;|\n]|\s/\s|/(?=\D*\d{3}\D*\d{3})", text) if sum(c.isdigit() for c in p) >= 7]
    if len(parts) < 2:
        parts = [text]
    found = []
    for part in parts:
        digits = "".join(c for c in part if c.isdecimal()).lstrip("0")
        digits = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits[-10:]
        if len(digits) >= 6 and len(set(digits)) > 1:
            found.append(digits)
    return found


def read_addresses(text: str) -> list[str]:
    """Every e-mail address of a cell; what one mailbox calls its own is made one (dots of Gmail, what follows a plus)."""
    found = []
    for part in re.split(r"[,;|\s<>]+", re.sub(r"\s+(?:at|\(at\)|\[at\])\s+", "@", clean(text).lower().replace("mailto:", ""))):
        local, at, domain = part.rpartition("@")
        local = local.split("+")[0]
        if at and local and "." in domain:
            found.append(f"{local.replace('.', '') if domain in ('gmail.com', 'googlemail.com') else local}@{domain}")
    return found


def read_birth(text: str) -> str:
    """A date as YYYYMMDD, even one that no calendar has: a typing error still tells. YYYY0000 when only the year is known."""
    text = clean(text)
    if not text:
        return ""
    if found := re.match(r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)(?!\d)", text):
        return "".join(found.groups())
    if text.isdecimal() and len(text) == 5 and 5000 < int(text) < 60000:  # the days that a spreadsheet counts
        return (date(1899, 12, 30) + timedelta(int(text))).strftime("%Y%m%d")
    if re.fullmatch(r"(?:18|19|20)\d\d", text):
        return text + "0000"
    day = read_date(text)
    return day.strftime("%Y%m%d") if isinstance(day, date) else ""


# What is usual until a list shows its own: lists that were put together from several hold some duplicates, and households are about
# as frequent.
DUPLICATES = HOUSEHOLDS = 0.2
_COUNTED = ("given", "family", "street", "number", "city", "region", "postal", "birth", "line")


class Frequencies:
    """How often each value occurs in a list of `n` records, which is the chance that two strangers share it, and how many pairs of
    its records, for each record, are one person (`duplicates`) or two of one household (`households`)."""

    __slots__ = (*_COUNTED, "duplicates", "email", "households", "ids", "n", "phone")

    def __init__(self) -> None:
        self.n, self.duplicates, self.households = 0, DUPLICATES, HOUSEHOLDS
        for name in (*_COUNTED, "phone", "email", "ids"):
            setattr(self, name, Counter())

    @classmethod
    def of(cls, records: Iterable[Record]) -> "Frequencies":
        """Counts a list."""
        return cls.count(map(traits_of, records))

    @classmethod
    def count(cls, people: Iterable[Traits]) -> "Frequencies":
        """Counts what is already comparable."""
        made = cls()
        for one in people:
            made.add(one)
        return made

    def add(self, one: Traits) -> None:
        """One more record in the list."""
        self.n += 1
        for name in _COUNTED:
            if value := getattr(one, name):
                getattr(self, name)[value] += 1
        self.phone.update(one.phones)
        self.email.update(one.emails)
        self.ids.update(one.ids)
