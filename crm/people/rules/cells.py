"""Cells of a spreadsheet, read as people write them; what cannot be read is a problem with its column, never a guess."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from crm.kernel.languages import read_language
from crm.kernel.names import fold
from crm.kernel.phone import read_phone
from crm.kernel.refusal import N_, Reason

YES = {"yes", "y", "si", "s", "x", "true", "1", "1.0", "ok", "subscribed", "opted in", "opt in", "in", "✓", "✔"}
_EMPTY = {"", "-", "--", "---", ".", "n/a", "na", "none", "null", "nil", "ninguno", "ninguna", "?", "??", "no tiene", "(blank)", "(empty)", "vacio", "vacío"}
_BROKEN = {"#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "#error!", "#spill!", "########", "#¡ref!", "#¡valor!", "#¿nombre?"}
_STANDINGS = {
    "contact": "contact contacto prospect lead new nuevo nueva none no nonmember non-member guest",
    "supporter": "supporter simpatizante ally volunteer voluntario voluntaria subscriber aliado aliada friend amigo amiga",
    "member": "member members miembro socio socia afiliado afiliada active activo activa current yes y si x true paid steward leader dues-paying",
    "lapsed": "lapsed expired inactive former inactivo inactiva vencido vencida past cancelled canceled ex-member",
}
_STANDING_OF = {word: standing for standing, words in _STANDINGS.items() for word in words.split()}
_MONTHS = {
    name: n
    for n, names in enumerate(
        (
            "jan january ene enero",
            "feb february febrero",
            "mar march marzo",
            "apr april abr abril",
            "may mayo",
            "jun june junio",
            "jul july julio",
            "aug august ago agosto",
            "sep sept september septiembre",
            "oct october octubre",
            "nov november noviembre",
            "dec december dic diciembre",
        ),
        1,
    )
    for name in names.split()
}
_KINDS = (
    ("mobile", "c|m|cell|cel|mobile|celular|movil|móvil|whatsapp"),
    ("home", "h|home|casa"),
    ("work", "w|work|office|trabajo|o"),
)
_KIND_OF = {word: kind for kind, words in _KINDS for word in words.split("|")}
_EMAIL = re.compile(r"^[^@\s,;<>\"()]+@[^@\s,;<>\"().]+(?:\.[^@\s,;<>\"().]+)+$")
# Marks that only steer the direction of writing go; the joiners inside Persian and Indic words stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]")
_QUOTED_NUMBER = re.compile(r"'(?=[+(]?\d)")  # how Excel is told that a number is text, and how our own files keep it from running
_AS_TEXT = re.compile(r'^=?"(.*)"$')
_NORTH_AMERICAN = re.compile(r"^(?:\+?1[\s.\-]?)?\(?([2-9]\d\d)\)?[\s.\-]?([2-9]\d\d)[\s.\-]?(\d{4})$")
_BETWEEN_NUMBERS = re.compile(
    r"[,;|\n&]|:::|\s/\s|/(?=\D*\d{3}\D*\d)|\bor\b|\bo\b|\by\b|\band\b|(?<=\d{4})\s+(?=\+\d|\(?[2-9]\d\d\)?[\s.\-]?\d{3}[\s.\-]?\d{4}\b)"
)
_DAY_MONTH = re.compile(r"^\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](?:\d{4}|\d{2})(?!\d)")


def clean(text: str) -> str:
    """A cell without invisible characters and spaces at its ends; what people write for "nothing" is nothing."""
    if not text.isprintable():
        text = _CONTROL.sub("", text).replace("\xa0", " ")
    text = text.strip()
    if text[:2] == '="' and (inside := _AS_TEXT.match(text)):
        text = inside[1].strip()  # how Excel is told that 02139 is no number
    elif text[:1] == "'" and _QUOTED_NUMBER.match(text):
        text = text[1:]
    return "" if text.lower() in _EMPTY else text


def issue_in_cell(text: str) -> Reason | None:
    """What is wrong with a cell whatever its column: an error, or a formula without its result."""
    if text[0] == "#" and text.lower() in _BROKEN:
        return Reason(N_("The spreadsheet shows an error here (%(text)s), so this cell stays out."), {"text": text})
    if text[0] == "=" and len(text) > 1:
        return Reason(N_("This cell holds a formula and not its result. Save the values and try again."))
    return None


def custom_key(header: str) -> str:
    """The key under which a column of our own is kept."""
    return "_".join(re.findall(r"[a-z0-9]+", fold(header)))[:60] or "field"


_SERIAL = re.compile(r"\s*([1-7]\d{4})(?:[.,]\d+)?\s*$")  # a day as Excel counts them, from 1927 to 2119
_FIRST_DAY = date(1899, 12, 30)


def read_date(text: str, is_day_first: bool = False) -> date | Reason:
    """A date as people and spreadsheets write it; of 3/4/2026, `is_day_first` decides."""
    if serial := _SERIAL.match(text):
        return _FIRST_DAY + timedelta(days=int(serial[1]))
    words = re.findall(r"\d+|[^\W\d_]+", fold(text))
    year_first = len(words) >= 3 and len(words[0]) == 4 and words[0].isdigit()
    named = next((w for w in words if w in _MONTHS), None)
    numbers = [int(w) for w in words[:6] if w.isdigit()]
    if named and len(numbers) >= 2:
        day, year = (numbers[1], numbers[0]) if numbers[0] > 31 else (numbers[0], numbers[1])
        parts = (year, _MONTHS[named], day)
    elif named and len(numbers) == 1 and numbers[0] > 31:
        parts = (numbers[0], _MONTHS[named], 1)
    elif year_first and len(numbers) >= 3:
        parts = (numbers[0], numbers[1], numbers[2])
    elif len(numbers) >= 3:
        first, second = numbers[:2]
        swap = is_day_first if max(first, second) <= 12 else first > 12
        parts = (numbers[2], second, first) if swap else (numbers[2], first, second)
    elif len(words) == 1 and len(text.strip()) == 4 and numbers:
        parts = (numbers[0], 1, 1)
    else:
        return Reason(N_("“%(text)s” is not a date. Write it like 2026-03-21."), {"text": text})
    year = parts[0] + (2000 if parts[0] < 70 else 1900) if parts[0] < 100 else parts[0]
    try:
        return _plausible(date(year, parts[1], parts[2]), text)
    except (ValueError, OverflowError):
        return Reason(N_("“%(text)s” is a day that does not exist."), {"text": text})


def _plausible(day: date, text: str) -> date | Reason:
    if not 1900 <= day.year <= 2100:
        return Reason(N_("“%(text)s” is not a date. Write it like 2026-03-21."), {"text": text})
    return day


class DateOrder:
    """Whether a column of dates puts the day first, as far as the column itself says."""

    def __init__(self) -> None:
        self.firsts = self.seconds = self.unclear = 0

    def look(self, cell: str) -> None:
        """Learns from one cell."""
        if (found := _DAY_MONTH.match(cell)) and found[1] != found[2]:
            first, second = int(found[1]), int(found[2])
            self.firsts += first > 12
            self.seconds += second > 12
            self.unclear += first <= 12 and second <= 12

    @property
    def is_day_first(self) -> bool | None:
        """True or False when the column says so or does not need to; None when it has to be asked."""
        if self.unclear and bool(self.firsts) == bool(self.seconds):
            return None
        return self.firsts > 0 and not self.seconds


def is_day_first(cells: Sequence[str]) -> bool | None:
    """The order of a whole column of dates; None when nobody can tell."""
    order = DateOrder()
    for cell in cells:
        order.look(cell)
    return order.is_day_first


def read_phones(text: str, kind: str, country: str) -> tuple[list[tuple[str, str]], list[Reason]]:
    """Every number of a cell as (E.164, kind), and what could not be read."""
    if text.endswith(".0") and text[:-2].isdigit():
        text = text[:-2]  # a number cell that was made text
    if country in _SHARED_PLAN and (plain := _NORTH_AMERICAN.match(text)):
        return _placeholder("+1" + "".join(plain.groups()), kind, text)
    if len(text) <= 14 and "/" not in text and "," not in text and isinstance(whole := read_phone(text, country), str):
        return _placeholder(whole, kind, text)
    numbers, wrong = [], []
    for part in _BETWEEN_NUMBERS.split(text):
        if not part.strip():
            continue
        part, lost = _unshortened(part)
        if lost:
            wrong.append(lost)
            continue
        said = [_KIND_OF[w] for w in re.findall(r"[^\W\d_]+", part.lower()) if w in _KIND_OF]
        part = _ASIDE.sub(" ", part)
        bare = re.sub(r"[^\W\d_]+\.?(?!\s*\d+\s*$)", "", part) if said else part
        number = read_phone(bare.strip(" :()-"), country)
        if isinstance(number, Reason):
            wrong.append(number)
        elif _is_placeholder(number):
            wrong.append(Reason(_NOBODYS, {"text": part.strip()}))
        elif number not in [n for n, _ in numbers]:
            numbers.append((number, said[0] if said else kind))
    return numbers, wrong


_SHORTENED = re.compile(r"\s*(\d)(?:\.(\d+))?[eE]\+?(\d+)\s*$")


def _unshortened(text: str) -> tuple[str, Reason | None]:
    """A number as a spreadsheet shortened it (4.155550123E9), whole again if no digit was lost; else what is wrong."""
    found = _SHORTENED.match(text)
    if found is None:
        return text, None
    if len(found[2] or "") == int(found[3]):
        return found[1] + found[2], None
    return "", Reason(N_("The spreadsheet shortened this number to %(text)s. Format the column as text and save again."), {"text": text.strip()})


_ASIDE = re.compile(r"\([^()]*[^\W\d_][^()]*\)")  # "(call after 6)"
_SHARED_PLAN = ("US", "CA", "PR", "DO")
_NOBODYS = N_("“%(text)s” is written where there is no number, so it stays out.")


def _is_placeholder(e164: str) -> bool:
    return len(set(e164[-10:])) == 1 or e164.endswith("1234567890")


def _placeholder(e164: str, kind: str, text: str) -> tuple[list[tuple[str, str]], list[Reason]]:
    return ([], [Reason(_NOBODYS, {"text": text})]) if _is_placeholder(e164) else ([(e164, kind)], [])


def read_emails(text: str) -> tuple[list[str], list[Reason]]:
    """Every address of a cell in lower case, and what is none."""
    if _EMAIL.match(text) and len(text) <= 254:
        return [text.lower()], []
    found, wrong = [], []
    bare = re.sub(r"[^,;<>]*<([^<>]+)>", r"\1", text).replace("mailto:", "")
    for part in (part.strip() for part in re.split(r"[,;|\n]", bare)):
        addresses = [word for word in part.split() if _EMAIL.match(word) and len(word) <= 254]
        found += [address.lower() for address in addresses]
        if part and not addresses:
            wrong.append(Reason(N_("“%(text)s” is not an e-mail address."), {"text": part}))
    return list(dict.fromkeys(found)), wrong


@lru_cache(maxsize=1024)
def read_standing(text: str) -> str | Reason:
    """The standing that a word stands for."""
    plain = fold(text)
    found = _STANDING_OF.get(plain) or next((s for word in plain.split() if (s := _STANDING_OF.get(word))), None)
    return found or Reason(N_("“%(text)s” is no standing we know. Use contact, supporter, member or lapsed."), {"text": text})


@lru_cache(maxsize=1024)
def read_first_language(text: str) -> str | Reason:
    """The language to write in: the first of "Spanish, some English" or "es/en"."""
    first = next((tag for part in re.split(r"[,;/&+]|\band\b|\by\b", text) if (tag := read_language(part))), None)
    return first or Reason(N_("We do not know the language “%(text)s”."), {"text": text})


@lru_cache(maxsize=1024)
def read_languages(text: str) -> tuple[str, ...]:
    """Every language of a cell, in its order."""
    parts = [part.strip().removeprefix("some ").removeprefix("algo de ") for part in re.split(r"[,;/&+|]|\band\b|\by\b", text)]
    return tuple(dict.fromkeys(tag for part in parts if (tag := read_language(part))))


_PARTICLES = {"de", "del", "la", "las", "los", "el", "y", "e", "da", "das", "do", "dos", "di", "du", "van", "von", "der", "den", "bin", "ibn", "al"}


@lru_cache(maxsize=4096)
def calm(name: str) -> str:
    """A name that is all in capitals or all in small letters, as it is said; what someone typed in mixed case is theirs."""
    name = " ".join(name.split())
    if not (name.isupper() and len(name) > 2 or name.islower() and len(name) > 1):
        return name
    words = [word if word in _PARTICLES and (n or word in ("de", "del", "van", "von")) else _capital(word) for n, word in enumerate(name.lower().split())]
    return " ".join(words)


def _capital(word: str) -> str:
    if re.fullmatch(r"(?:ii|iii|iv|vi|vii)", word):
        return word.upper()
    word = re.sub(r"(^|[\-'’.])([^\W\d_])", lambda m: m[1] + m[2].upper(), word)
    return re.sub(r"^(Mc|O['’])([a-z])", lambda m: m[1] + m[2].upper(), word)


def read_list(text: str) -> list[str]:
    """The words of a cell that holds several."""
    return list(dict.fromkeys(" ".join(part.split())[:80] for part in re.split(r"[,;|\n]|:::", text.replace('"', "")) if part.strip()))
