"""Columns of a spreadsheet: where the heading row is, and which field each column seems to be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any

from crm.kernel.names import fold
from crm.kernel.refusal import N_, Reason
from crm.people.rules.cells import read_standing
from crm.people.rules.texting import are_about_texting, guess_texting

FIELDS = {
    "given_name": N_("Given name"),
    "middle_name": N_("Middle name"),
    "family_name": N_("Family name"),
    "family_name_2": N_("Second family name"),
    "name_suffix": N_("What follows the name (Jr., III)"),
    "full_name": N_("Whole name in one cell"),
    "phone": N_("Phone"),
    "phone_mobile": N_("Mobile phone"),
    "phone_home": N_("Home phone"),
    "phone_work": N_("Work phone"),
    "email": N_("E-mail"),
    "pronouns": N_("Pronouns"),
    "language": N_("Language"),
    "standing": N_("Standing"),
    "member_since": N_("Member since"),
    "street": N_("Street"),
    "street_2": N_("Apartment, second line"),
    "neighborhood": N_("Neighborhood or building"),
    "city": N_("City"),
    "region": N_("State"),
    "postal_code": N_("ZIP code"),
    "source": N_("Where we met"),
    "tags": N_("Tags, several in a cell"),
    "tag_if_yes": N_("Tag with the heading, where it says yes"),
    "note": N_("Note"),
    "id_van": N_("VAN ID"),
    "id_action_network": N_("Action Network ID"),
    "id_mobilize": N_("Mobilize ID"),
    "id_hustle": N_("Hustle ID"),
    "id_other": N_("Member number or other ID"),
    "id_own": N_("ID in another system, named like the heading"),
    "no_texts": N_("They want no texts"),
    "consent": N_("May we text them"),
    "consent_at": N_("Date of that consent"),
    "consent_source": N_("How they consented"),
    "own": N_("A field of our own, named like the heading"),
    "": N_("Leave out"),
}
MANY = {"phone", "phone_mobile", "phone_home", "phone_work", "email", "tags", "tag_if_yes", "note", "id_own", "own", "no_texts", "consent", ""}
MOST_COLUMNS = 500

# Headings as Action Network, VAN, Mobilize, Hustle and Spoke write them, and as people do in English and Spanish; spaces,
# accents, capitals, underscores and numbers at the end make no difference.
_SYNONYMS = {
    "given_name": "first name|first|given name|given names|given|fname|preferred name|preferred first name|user first name|lead first name|"
    "contact first name|participant first name|nombre|nombres|primer nombre|nombre de pila|primer y segundo nombre",
    "middle_name": "middle name|middle|middle initial|mname|mi|additional name|segundo nombre",
    "family_name": "last name|last|family name|surname|lname|user last name|lead last name|contact last name|participant last name|"
    "apellido|apellidos|primer apellido|apellido paterno|apellidos paterno y materno",
    "family_name_2": "second last name|second family name|segundo apellido|apellido materno",
    "name_suffix": "suffix|name suffix|honorific suffix|sufijo",
    "full_name": "name|full name|contact name|person|member|member name|display name|preferred full name|nombre completo|nombre y apellido|"
    "nombre y apellidos|apellidos y nombre|nombres y apellidos|volunteer name|attendee|attendee name|participant|participant name|lead name|persona|"
    "socio nombre",
    "phone": "phone|phone number|phone no|other phone|alternate phone|alt phone|secondary phone|phones|telephone|telephone number|tel|primary phone|"
    "pref phone|preferred phone|best phone|can2 phone|number|contact number|contact phone|user phone number|lead phone number|participant phone|"
    "otro telefono|telefono|telefonos|tfno|tlf|tel no|no de telefono|numero de telefono|telefono principal|numero",
    "phone_mobile": "cell|cell phone|cell phone number|mobile|mobile phone|mobile number|mobile phone number|cell number|cellular|verified cell|"
    "likely a cell|sms|sms number|text number|celular|cel|movil|telefono celular|telefono movil|numero de celular|whatsapp",
    "phone_home": "home phone|home phone number|home|landline|not a cell|likely not a cell|telefono de casa|telefono fijo|casa",
    "phone_work": "work phone|work phone number|office phone|business phone|telefono de trabajo|telefono del trabajo|telefono de oficina",
    "email": "email|e mail|email address|mail|primary email|personal email|preferred email|other email|contact email|user email|lead email|participant email|"
    "email list subscription email|correo|correos|correo electronico|direccion de correo|direccion de correo electronico",
    "pronouns": "pronouns|pronoun|gender pronouns|preferred pronouns|pronombre|pronombres",
    "language": "language|preferred language|language preference|languages spoken|languages|primary language|spoken language|can2 language|lang|"
    "idioma|lengua|idioma preferido|idioma de preferencia|idiomas|idioma principal|lengua materna",
    "standing": "standing|membership|membership status|member status|member type|membership type|estado de membresia|tipo de membresia|membresia|afiliacion|"
    "status|estatus|situacion",
    "member_since": "member since|join date|joined|joined on|date joined|membership date|membership start|membership start date|miembro desde|socio desde|"
    "fecha de ingreso|fecha de afiliacion|fecha de alta",
    "street": "street|address|street address|mailing street|address line|vaddress|maddress|can2 user address|mailing address|home address|"
    "residential address|"
    "voting address|direccion|direccion postal|calle|calle y numero|domicilio",
    "street_2": "address 2|address line 2|street 2|apt|apartment|unit|apto|apartamento|departamento|depto|piso",
    "neighborhood": "neighborhood|neighbourhood|building|building name|complex|property|barrio|colonia|vecindario|edificio|neighborhood building|vecindad",
    "city": "city|town|can2 user city|locality|mcity|vcity|mailing city|ciudad|municipio|poblacion|localidad",
    "region": "state|region|province|can2 user state|can2 state abbreviated|mstate|vstate|mailing state|st|estado|provincia",
    "postal_code": "zip|zip code|zip5|zip or postal code|can2 zip code|mzip|mzip5|vzip|vzip5|postal code|postcode|postal|zip postal code|mailing zip|"
    "user postal code|codigo postal|cp|zona postal",
    "source": "source|sources|source code|origin|how we met|where we met|referrer|referrer code|origin system|utm source|origen|fuente|"
    "como nos conocimos|procedencia",
    "tags": "tags|tag|tag list|labels|groups|can2 user tags|activist codes|activist code|lists|etiquetas|etiqueta|grupos|grupo",
    "note": "note|notes|comment|comments|remarks|notas|nota|comentario|comentarios|observaciones|follow up",
    "id_van": "vanid|van id|voter file vanid|voterfile vanid|my voters vanid|my campaign vanid|myc vanid|myv vanid|statefile id",
    "id_action_network": "uuid|action network id|actionnetwork id|an id|action network uuid|action network person id",
    "id_mobilize": "mobilize id|mobilize user id|mobilize person id|user id mobilize|mobilize america id",
    "id_hustle": "hustle id|hustle lead id|lead id",
    "id_other": "id|external id|id externo|member id|member number|membership number|record id|user id|contact id|person id|spoke id|"
    "numero de miembro|numero de socio|numero de afiliado|no de socio|folio",
    "consent": "sms opt in|text opt in|opt in|optin|opted in|sms consent|text consent|consent|may we text|ok to text|can we text|sms subscribed|"
    "can2 sms status|mobile status|sms status|user sms opt in|acepta mensajes|acepta mensajes de texto|consentimiento|consentimiento sms",
    "consent_at": "consent date|opt in date|sms opt in date|sms consent date|date of consent|opted in on|opted in at|fecha de consentimiento|"
    "fecha del consentimiento",
    "consent_source": "consent source|opt in source|sms opt in source|how they consented|fuente del consentimiento|origen del consentimiento|como consintio",
}
GUESSES = {heading: name for name, headings in _SYNONYMS.items() for heading in headings.split("|")}
_JOINED = {heading.replace(" ", ""): name for heading, name in GUESSES.items()}
_DIGITS = re.compile(r"^[\s+().\-x/]*(?:\d[\s+().\-x/]*){10,11}$")


@dataclass(frozen=True)
class Mapping:
    """How a file is read: one field for each column, and what holds for all rows.

    `existing` says what happens to people who are already here: fill (only what is blank), replace, or leave.
    """

    headers: tuple[str, ...]
    fields: tuple[str, ...]
    country: str = "US"
    is_day_first: bool = False
    existing: str = "fill"
    tags: tuple[str, ...] = field(default=())
    source: str = ""
    day_first: tuple[bool, ...] = ()  # by column, where the columns differ
    own: tuple[Any, ...] = ()  # the organization's own fields, by column; None where a column is none

    def puts_day_first(self, place: int) -> bool:
        """Whether the dates of this column put the day first."""
        return self.day_first[place] if place < len(self.day_first) else self.is_day_first


def plain_heading(text: str) -> str:
    """A heading as the table of synonyms has it: no accents, no case, words only."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text.replace("#", " number "))
    return " ".join(re.findall(r"[a-z0-9]+", fold(spaced)))


@lru_cache(maxsize=4096)
def guess_heading(text: str) -> str:
    """The field that a heading stands for, or nothing."""
    plain = plain_heading(text)
    if found := GUESSES.get(plain) or _JOINED.get(plain.replace(" ", "")):
        return found
    bare = re.sub(r" ?\d+$", "", plain)
    return GUESSES.get(bare) or _JOINED.get(bare.replace(" ", "")) or guess_texting(plain)


def headers_hash(headers: Sequence[str]) -> str:
    """What is the same for two sheets with the same headings, however they are written; empty when there are no headings."""
    plain = [plain_heading(header) for header in headers]
    return sha256("\n".join(plain).encode()).hexdigest() if any(plain) else ""


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Which of the first rows holds the headings (a title or blank rows may stand above); None when there are none."""
    scores = [sum(bool(guess_heading(cell)) for cell in row) for row in rows[:12]]
    best = max(scores, default=0)
    if best >= 2 or (best == 1 and len(max(rows[:12], key=len)) == 1):
        return scores.index(best)
    first = next((i for i, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)
    looks_like_data = rows and any(_kind_of_cell(cell) for cell in rows[first])
    return None if looks_like_data else first


def _kind_of_cell(text: str) -> str:
    if re.fullmatch(r"\S+@\S+\.\S+", text.strip()):
        return "email"
    return "phone" if _DIGITS.match(text) and sum(c.isdigit() for c in text) in (10, 11) else ""


def guess_columns(headers: Sequence[str], samples: Sequence[Sequence[str]]) -> list[str]:
    """A field for each column, by its heading and else by what is in it; a second column of a single field is left out."""
    guesses: list[str] = []
    for place, header in enumerate(headers):
        cells = [row[place] for row in samples if place < len(row) and row[place].strip()]
        name = guess_heading(header) or _guess_by_samples(cells)
        if name in ("", "standing") and are_about_texting(plain_heading(header), cells):
            name = "consent"
        if name == "standing" and not _are_standings(cells):
            name = ""
        guesses.append(name if name in MANY or name not in guesses else "")
    if not {"given_name", "family_name", "full_name"} & set(guesses):
        _guess_name(headers, samples, guesses)
    if "given_name" in guesses and "full_name" in guesses:
        guesses[guesses.index("full_name")] = ""
    if "family_name" in guesses and "given_name" not in guesses and "full_name" in guesses:
        guesses[guesses.index("full_name")] = "given_name"
    return guesses


_OF_A_SHIFT = {"registered", "confirmed", "attended", "missed", "blocked", "no show", "invited", "declined", "scheduled", "completed", "subscribed"}
_NAME = re.compile(r"^[^\W\d_]+(?:[ .,'’\-]+[^\W\d_]+){1,4}\.?$")


def _are_standings(cells: Sequence[str]) -> bool:
    """A "status" may be anything, such as what Mobilize says of a shift: only what reads like membership is a standing."""
    plain = [cell.strip() for cell in cells]
    if any(fold(cell) in _OF_A_SHIFT for cell in plain):
        return False
    return sum(isinstance(read_standing(cell), str) for cell in plain) * 2 >= len(plain)


def _guess_name(headers: Sequence[str], samples: Sequence[Sequence[str]], guesses: list[str]) -> None:
    """Where no heading speaks of names, the first column of two or three words each is one."""
    for place, header in enumerate(headers):
        cells = [row[place].strip() for row in samples if place < len(row) and row[place].strip()]
        if not header and not guesses[place] and cells and sum(bool(_NAME.match(cell)) for cell in cells) >= len(cells) * 0.8:
            guesses[place] = "full_name"
            return


def _guess_by_samples(cells: Sequence[str]) -> str:
    kinds = [_kind_of_cell(cell) for cell in cells]
    return max(set(kinds), key=kinds.count) if kinds and kinds.count("") <= len(kinds) / 2 else ""


def issues_in_mapping(mapping: Mapping) -> list[Reason]:
    """Everything that keeps a file from being read this way."""
    issues = []
    for name in dict.fromkeys(mapping.fields):
        if name not in MANY and mapping.fields.count(name) > 1:
            issues.append(Reason(N_("Two columns are set to “%(field)s”. Choose one of them."), {"field": Reason(FIELDS[name])}))
    if not set(mapping.fields) & {
        "given_name",
        "family_name",
        "full_name",
        "phone",
        "phone_mobile",
        "phone_home",
        "phone_work",
        "email",
    }:
        issues.append(Reason(N_("Say which column holds names, phone numbers or e-mail addresses: without one nobody can be found again.")))
    if "full_name" in mapping.fields and {"given_name", "family_name"} & set(mapping.fields):
        issues.append(Reason(N_("Names are either in one column or in two. Leave one of the columns out.")))
    if {"consent_at", "consent_source"} & set(mapping.fields) and "consent" not in mapping.fields:
        issues.append(Reason(N_("Say which column tells whether someone consented to texts, or leave the date and source of that consent out.")))
    return issues
