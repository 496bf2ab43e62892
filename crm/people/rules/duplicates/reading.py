"""Reading: the rows of any sheet as records. The first column is the id; the others are known by their headings, else by their cells."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from crm.kernel.names import split_name
from crm.kernel.refusal import N_, Reason, Refused
from crm.people.rules.columns import find_header, guess_columns
from crm.people.rules.duplicates.normalizing import read_birth
from crm.people.rules.duplicates.records import NATIONAL_ID, Record
from crm.people.rules.headings import GUESSES, plain_heading

_MOST_TOLD = 20
_SAMPLES = 200
# What an import leaves out but a matcher wants, beside the headings that an import knows.
_HEADINGS = {
    "birth_date": "date of birth|dob|birth date|birthdate|birthday|birth|born|d o b|fecha de nacimiento|fecha nacimiento|nacimiento|fec nac",
    "national_id": "soc sec id|ssn|social security|social security number|social security no|national id|national identity number|tax id|"
    "passport|passport number|dni|nif|nie|curp|rfc|cedula|nss|identity number|id card",
    "number": "street number|street no|house number|house no|streetnumber|numero de casa|numero exterior|building number",
    "extra": "address 2|address2|address line 2|addr2|addr 2|street 2|apt|apartment|unit|unit number|suite|apto|departamento|flat|piso|complemento",
    "city": "suburb|town|village|place|locality name|city name|delegacion",
    "sex": "sex|gender|sexo|genero",
    "given_name": "forename|forenames|christian name|given names|middle name|middle|mname|middle initial|segundo nombre",
    "family_name": "last names|apellido paterno|apellido materno|segundo apellido|second surname|sname",
    "street": "addr|addr1|street name|street address 1|residence|calle y numero",
    "id": "van id|external id|other id|alt id",
    "suffix": "suffix|generation|sufijo",
}
_KNOWN = {"id_van": "id", "id_action_network": "id", "id_other": "id", "phone_mobile": "phone", "phone_home": "phone", "phone_work": "phone"}
_ROLES = {heading.replace(" ", ""): _KNOWN.get(role, role.removeprefix("mail_")) for heading, role in GUESSES.items()}
_ROLES |= {heading.replace(" ", ""): role for role, headings in _HEADINGS.items() for heading in headings.split("|")}
_PARTS = (  # what a heading nobody has listed most likely means, by a word in it
    (r"birth|nacim|\bdob\b", "birth_date"), (r"e ?mail|correo", "email"), (r"phone|\btel|mobile|\bcell|celular|movil", "phone"),
    (r"zip|post ?code|postal", "postal_code"), (r"soc(ial)? ?sec|\bssn\b|national id", "national_id"),
    (r"(street|house) ?(no|num)", "number"), (r"apt|unit|(line|address|addr) ?2", "extra"),
    (r"surname|last ?name|family ?name|apellido", "family_name"), (r"first ?name|given ?name|forename|nombre", "given_name"),
    (r"address|\baddr|street|direccion|calle", "street"), (r"city|town|suburb|ciudad", "city"), (r"\bstate\b|province|region", "region"),
    (r"\bsex\b|gender", "sex"), (r"name", "full_name"),
)  # fmt: skip
_BESIDE = re.compile(
    r"type|status|opt in|kind|valid|company|employer|organi[sz]ation|event|list name|(place|country|state|city|lugar|pais).*(birth|nac)|birth ?place"
)
_TELLING = {"given_name", "family_name", "full_name", "phone", "email", "birth_date", "national_id", "street"}


def records_of(rows: Sequence[tuple[int, Sequence[str]]]) -> list[Record]:
    """The records of a sheet's numbered rows; raises Refused with every problem: no rows, no id, an id twice, nothing to compare."""
    top = [cells for _number, cells in rows[:_SAMPLES]]
    header = find_header(top)
    headings, first = (top[header], header + 1) if header is not None else ([], 0)
    if len(rows) == first:
        raise Refused(N_("There are no rows under the headings."))
    roles = roles_of(headings, top[first:])
    if wrong := [*_issues_in_columns(roles), *_issues_in_ids(islice(rows, first, None))]:
        raise Refused(wrong)
    return [_record(roles, headings, cells) for _number, cells in islice(rows, first, None)]


def roles_of(headings: Sequence[str], samples: Sequence[Sequence[str]]) -> list[str]:
    """What each column holds: a role, or nothing for one that is left out. The first is always the id."""
    width = max(map(len, [headings, *samples]))
    columns = [[row[i] for row in samples if i < len(row) and row[i].strip()] for i in range(width)]
    known = [_by_heading(headings[i] if i < len(headings) else "") for i in range(width)]
    roles = [role or ("" if role is None else _by_cells(columns[i])) for i, role in enumerate(known)]
    roles[0] = "key"
    if not {"given_name", "family_name", "full_name"} & set(roles):
        # Nothing is called a name: the first columns of words that hardly repeat are.
        words = [i for i, role in enumerate(roles) if not role and known[i] is not None and _are_words(columns[i])]
        for place, role in zip(words, ("given_name", "family_name"), strict=False):
            roles[place] = role if len(words) > 1 else "full_name"
    if "full_name" in roles and "family_name" in roles and "given_name" not in roles:
        roles[roles.index("full_name")] = "given_name"
    elif "full_name" in roles and "given_name" in roles:
        roles = ["" if role == "full_name" else role for role in roles]
    return roles


def _by_heading(text: str) -> str | None:
    """The role that a heading names; None when it names something that a matcher leaves out, "" when it says nothing."""
    plain = plain_heading(text)
    if _BESIDE.search(plain):
        return None
    role = _ROLES.get(plain.replace(" ", "")) or _ROLES.get(re.sub(r" ?\d+$", "", plain).replace(" ", ""))
    if role is None:
        role = next((role for pattern, role in _PARTS if re.search(pattern, plain)), "")
    return None if role and role not in _FIELDS else role


def _by_cells(cells: Sequence[str]) -> str:
    if not cells:
        return ""
    if sum(bool(_day(cell)) for cell in cells) > len(cells) * 0.7:
        return "birth_date"
    found = guess_columns([""], [[cell] for cell in cells])[0]
    if found:
        return _KNOWN.get(found, found)
    return "street" if sum(bool(re.match(r"\d+\w? [^\W\d]+ [^\W\d]+", cell)) for cell in cells) > len(cells) * 0.6 else ""


def _day(cell: str) -> bool:
    plain = cell.strip()
    return (len(plain) == 8 or not plain.isdecimal()) and "1900" < read_birth(plain)[:4] < "2020" and not plain.startswith("+")


def _are_words(cells: Sequence[str]) -> bool:
    words = [cell for cell in cells if not any(c.isdigit() for c in cell)]
    return len(words) > len(cells) * 0.9 and len(set(words)) > min(len(words) * 0.3, 25)


def _issues_in_columns(roles: Sequence[str]) -> list[Reason]:
    if len(roles) < 2:
        return [Reason(N_("This sheet has one column only. The first holds the ids, the others what is compared."))]
    if not _TELLING & set(roles):
        return [Reason(N_("No column holds names, phones, e-mails, addresses or birth dates, so nothing can be compared."))]
    return []


def _issues_in_ids(rows: Iterable[tuple[int, Sequence[str]]]) -> list[Reason]:
    lacking, times = [], Counter()
    for number, cells in rows:
        if cells and (key := cells[0].strip()):
            times[key] += 1
        else:
            lacking.append(number)
    wrong = [Reason(N_("Row %(row)s has no id in its first column."), {"row": number}) for number in lacking]
    for key, n in times.items():
        if n > 1:
            wrong.append(Reason(N_("The id “%(id)s” stands in %(n)s rows; each row needs its own."), {"id": key, "n": n}))
    more = len(wrong) - _MOST_TOLD
    return [*wrong[:_MOST_TOLD], Reason(N_("Problems of the same kind beside these: %(n)s"), {"n": more})] if more > 0 else wrong


_FIELDS = {
    "given_name", "family_name", "full_name", "suffix", "phone", "email", "street", "number", "extra", "neighborhood", "city", "region",
    "postal_code", "birth_date", "sex", "national_id", "id",
}  # fmt: skip


def _record(roles: Sequence[str], headings: Sequence[str], cells: Sequence[str]) -> Record:
    held: dict[str, list[str]] = {}
    ids = []
    for role, text, heading in _cells(roles, headings, cells):
        if role in ("id", "national_id"):
            ids.append((NATIONAL_ID if role == "national_id" else heading, text))
        else:
            held.setdefault(role, []).append(text)

    def said(name: str) -> str:
        return " ".join(held.get(name, ()))

    def first(name: str) -> str:
        return held.get(name, [""])[0]

    given, family = said("given_name"), said("family_name")
    if full := said("full_name"):
        given, family = split_name(full)
    return Record(
        id=cells[0].strip(), given=given, family=" ".join(filter(None, (family, said("suffix")))),
        phones=tuple(held.get("phone", ())), emails=tuple(held.get("email", ())),
        street=f"{first('number')} {first('street')}", extra=first("extra") or first("neighborhood"), city=first("city"),
        region=first("region"), postal_code=first("postal_code"), birth_date=first("birth_date"), sex=first("sex"), ids=tuple(ids),
    )  # fmt: skip


def _cells(roles: Sequence[str], headings: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    for place, (role, text) in enumerate(zip(roles, cells, strict=False)):
        if role and role != "key" and text.strip():
            yield role, text, headings[place] if place < len(headings) else str(place)
