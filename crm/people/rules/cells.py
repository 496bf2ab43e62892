"""Cells of a spreadsheet, read as people write them; what cannot be read is a problem with its column, never a guess."""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from crm.kernel.languages import read_language
from crm.kernel.names import fold
from crm.kernel.phone import read_phone
from crm.kernel.refusal import N_, Reason

YES = {"yes", "y", "si", "s", "x", "true", "1", "1.0", "ok", "subscribed", "opted in", "opt in", "in", "✓", "✔"}
_EMPTY = {"", "-", "--", "n/a", "na", "none", "null", "ninguno", "?", "#n/a", "no tiene", "(blank)"}
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
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]")


def clean(text: str) -> str:
    """A cell without invisible characters and spaces at its ends; what people write for "nothing" is nothing."""
    if not text.isprintable():
        text = _CONTROL.sub("", text).replace("\xa0", " ")
    text = text.strip()
    return "" if text.lower() in _EMPTY else text


def custom_key(header: str) -> str:
    """The key under which a column of our own is kept."""
    return "_".join(re.findall(r"[a-z0-9]+", fold(header)))[:60] or "field"


def read_date(text: str, is_day_first: bool = False) -> date | Reason:
    """A date as people and spreadsheets write it; of 3/4/2026, `is_day_first` decides."""
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


def is_day_first(cells: Sequence[str]) -> bool:
    """Whether a column of dates puts the day first: some first number is above 12 and no second one is."""
    pairs = [m.groups() for cell in cells if (m := re.match(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{2,4}\b", cell.strip()))]
    return any(int(a) > 12 for a, _ in pairs) and not any(int(b) > 12 for _, b in pairs)


def read_phones(text: str, kind: str, country: str) -> tuple[list[tuple[str, str]], list[Reason]]:
    """Every number of a cell as (E.164, kind), and what could not be read."""
    if len(text) <= 14 and text.count("/") == 0 and isinstance(whole := read_phone(text, country), str) and "," not in text:
        return [(whole, kind)], []
    numbers, wrong = [], []
    for part in re.split(r"[,;|\n]|\s/\s|/(?=\D*\d{3}\D*\d)|\bor\b|\by\b|\band\b", text):
        if not part.strip():
            continue
        if re.fullmatch(r"\d(?:\.\d+)?[eE]\+?\d+", part.strip()):
            wrong.append(
                Reason(
                    N_("The spreadsheet shortened this number to %(text)s. Format the column as text and save again."),
                    {"text": part.strip()},
                )
            )
            continue
        said = [_KIND_OF[w] for w in re.findall(r"[^\W\d_]+", part.lower()) if w in _KIND_OF]
        bare = re.sub(r"[^\W\d_]+\.?(?!\s*\d+\s*$)", "", part) if said else part
        number = read_phone(bare.strip(" :()-"), country)
        if isinstance(number, Reason):
            wrong.append(number)
        elif number not in [n for n, _ in numbers]:
            numbers.append((number, said[0] if said else kind))
    return numbers, wrong


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


def read_list(text: str) -> list[str]:
    """The words of a cell that holds several."""
    return list(dict.fromkeys(" ".join(part.split())[:80] for part in re.split(r"[,;|\n]", text) if part.strip()))
