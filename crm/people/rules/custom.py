"""An organization's own fields: what each kind holds, who may see a private one, which names deserve a second thought."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from crm.kernel.names import fold
from crm.kernel.permissions import Role
from crm.kernel.refusal import N_, Reason
from crm.people.rules.cells import read_date, read_list

KINDS = {
    "text": N_("Short text"),
    "long_text": N_("Long text"),
    "number": N_("Number"),
    "date": N_("Date"),
    "yes_no": N_("Yes or no"),
    "one_of": N_("One of several choices"),
    "several_of": N_("Several of several choices"),
    "link": N_("Link"),
}
LONGEST = {"text": 200, "long_text": 5000, "link": 500}
PREFIX = "custom:"
"""Before the key, where an own field stands among a record's fields."""


class Field(Protocol):
    """What a rule needs to know of a field."""

    id: int
    key: str
    label: str
    kind: str
    choices: list
    is_private: bool


def may_see_field(role: Role | str | None, field: Field) -> bool:
    """Whether this role sees the field at all: private ones are for administrators and organizers only."""
    return not field.is_private or role in (Role.ADMINISTRATOR, Role.ORGANIZER)


def read_value(field: Field, typed: Any) -> Any:
    """The typed value of a field as it is kept (None for none), or the Reason why it is not one."""
    if isinstance(typed, list | tuple | set):
        words = [str(word).strip() for word in typed if str(word).strip()]
    else:
        words = [str(typed).strip()] if typed is not None and str(typed).strip() else []
    if not words:
        return None
    return _READERS[field.kind](field, words)


def _text(field: Field, words: list[str]) -> Any:
    longest, text = LONGEST[field.kind], "\n".join(words)
    return text if len(text) <= longest else Reason(N_("“%(label)s” is too long: keep it under %(n)s letters."), {"label": field.label, "n": longest})


def _number(field: Field, words: list[str]) -> Any:
    text = words[0].replace("−", "-").replace(" ", "").replace("\xa0", "")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    elif re.fullmatch(r"-?\d+,\d+", text):
        text = text.replace(",", ".")
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", text, re.ASCII):
        return Reason(N_("“%(text)s” is not a number, but “%(label)s” holds one."), {"text": words[0][:40], "label": field.label})
    value = float(text)
    return int(value) if value == int(value) else value


def _date(field: Field, words: list[str]) -> Any:
    found = read_date(words[0][:40])
    return found if isinstance(found, Reason) else found.isoformat()


def _yes_no(field: Field, words: list[str]) -> Any:
    plain = fold(words[0])
    if plain in ("yes", "y", "si", "s", "true", "1", "x"):
        return True
    return False if plain in ("no", "n", "false", "0") else Reason(N_("Say yes or no for “%(label)s”."), {"label": field.label})


def _several_of(field: Field, words: list[str]) -> Any:
    known = {fold(choice): choice for choice in field.choices}
    asked = [word for text in words for word in ([text] if fold(text) in known else read_list(text))]
    strange = [word for word in asked if fold(word) not in known]
    if strange:
        return Reason(N_("“%(text)s” is not one of the choices of “%(label)s”."), {"text": strange[0][:80], "label": field.label})
    return [choice for folded, choice in known.items() if folded in {fold(word) for word in asked}]


def _one_of(field: Field, words: list[str]) -> Any:
    found = _several_of(field, words[:1])
    return found if isinstance(found, Reason) else found[0] if found else None


def _link(field: Field, words: list[str]) -> Any:
    text = words[0] if re.match(r"(?i)[a-z][a-z0-9+.-]*:", words[0]) else f"https://{words[0]}"
    if not re.fullmatch(r"(?i)https?://[^\s/.@]+(\.[^\s/.@]+)+(:\d+)?([/?#]\S*)?", text) or len(text) > LONGEST["link"]:
        return Reason(N_("“%(text)s” is not a web address. It begins with https://."), {"text": words[0][:80]})
    return text


_READERS: dict[str, Any] = {
    "text": _text, "long_text": _text, "number": _number, "date": _date, "yes_no": _yes_no, "one_of": _one_of, "several_of": _several_of, "link": _link,
}  # fmt: skip


def read_values(fields: Sequence[Field], typed: Mapping[str, Any], before: Mapping[str, Any]) -> tuple[dict[str, Any], list[Reason]]:
    """(values by key, all problems). What was kept before and comes back untouched is never a problem."""
    values, wrong = {}, []
    for field in fields:
        if field.key not in typed:
            continue
        if typed[field.key] == before.get(field.key) or _as_typed(typed[field.key]) == show_plain(before.get(field.key)):
            values[field.key] = before.get(field.key)
            continue
        found = read_value(field, typed[field.key])
        if isinstance(found, Reason):
            wrong.append(Reason(found.text, found.params, f"own-{field.id}"))
        else:
            values[field.key] = found
    return values, wrong


def _as_typed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "").strip()


def show_plain(value: Any) -> str:
    """A kept value as a form shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


# What we would rather not keep ---------------------------------------------------------------------------------------

_SENSITIVE: tuple[tuple[str, str], ...] = (
    (
        N_("immigration status"),
        r"immigra\w*|migratori\w*|migraci\w*|visas?|green ?card|citizen\w*|ciudadan\w*|undocumented|indocumentad\w*|documented|alien|a-?number|daca|tps"
        r"|asylum|asilo|papers|papeles|legal status|estatus legal|residen(t|cy) status|deport\w*",
    ),
    (
        N_("where someone was born"),
        r"birth ?(country|place)|place of birth|country of (birth|origin)|born in|pais de (nacimiento|origen)|lugar de nacimiento|nationality"
        r"|nacionalidad|national origin",
    ),
    (
        N_("a government number"),
        r"ssn|ss ?#|social security|seguro social|itin|passport\w*|pasaporte|driver'?s? licen[cs]e|licencia de conducir|tax id|matricula consular",
    ),
    (
        N_("landlord or employer"),
        r"landlords?|propietari\w*|casero|casera|arrendador\w*|rentero|employers?|empleador\w*|patron|patrona|workplace|boss|jefe|jefa|job site",
    ),
    (
        N_("health"),
        r"diagnos\w*|health|salud|medical|medic[oa]s?|medication\w*|disabilit\w*|discapacidad\w*|hiv|vih|mental|illness\w*|enfermedad\w*|pregnan\w*"
        r"|embaraz\w*|covid|therap\w*|disease\w*",
    ),
    (
        N_("arrests and courts"),
        r"arrest\w*|convict\w*|condena\w*|criminal|crimin\w*|felon\w*|warrants?|court dates?|probation|parole|jail|prison|carcel|antecedentes"
        r"|record policial|police record",
    ),
)


def sensitive_in(label: str) -> Reason | None:
    """What a field of this name would endanger, in plain words; None if nothing."""
    words = fold(label.replace("_", " "))
    for what, pattern in _SENSITIVE:
        if re.search(rf"(?<![a-z])(?:{pattern})(?![a-z])", words):
            return Reason(
                N_(
                    "This looks like %(what)s. A list of it can be stolen, leaked or demanded by a court, and it hurts the people on it, not us. "
                    "What we do not keep cannot be taken. Tick the box if you have decided together that you need it."
                ),
                {"what": Reason(what)},
                "is_confirmed",
            )
    return None


def issues_in_field(label: str, kind: str, choices: Sequence[str], taken: Sequence[str], is_confirmed: bool) -> list[Reason]:
    """Everything that keeps a field from being kept under this name."""
    issues = []
    if not label:
        issues.append(Reason(N_("Give the field a name."), field="label"))
    elif len(label) > 120:
        issues.append(Reason(N_("%(field)s is too long: keep it under %(n)s letters."), {"field": Reason(N_("Name of the field")), "n": 120}, "label"))
    elif fold(label) in {fold(other) for other in taken}:
        issues.append(Reason(N_("There is a field of this name already."), field="label"))
    if kind not in KINDS:
        issues.append(Reason(N_("Choose what the field holds."), field="kind"))
    if kind in ("one_of", "several_of") and len({fold(choice) for choice in choices}) < 2:
        issues.append(Reason(N_("Write at least two choices, one on each line."), field="choices"))
    if any(len(choice) > 120 for choice in choices) or len(choices) > 200:
        issues.append(Reason(N_("At most 200 choices of at most 120 letters."), field="choices"))
    warning = None if is_confirmed else sensitive_in(label)
    return issues + ([warning] if warning else [])
