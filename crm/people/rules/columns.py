"""Columns of a spreadsheet: where the heading row is, and which field each column seems to be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crm.kernel.names import fold
from crm.kernel.refusal import N_, Reason

FIELDS = {
    "given_name": N_("Given name"),
    "family_name": N_("Family name"),
    "full_name": N_("Whole name in one cell"),
    "phone": N_("Phone"),
    "phone_mobile": N_("Mobile phone"),
    "phone_home": N_("Home phone"),
    "phone_work": N_("Work phone"),
    "email": N_("E-mail"),
    "language": N_("Language"),
    "standing": N_("Standing"),
    "member_since": N_("Member since"),
    "street": N_("Street"),
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
    "id_other": N_("Member number or other ID"),
    "consent": N_("May we text them"),
    "consent_at": N_("Date of that consent"),
    "consent_source": N_("How they consented"),
    "own": N_("A field of our own, named like the heading"),
    "": N_("Leave out"),
}
MANY = {"phone", "phone_mobile", "phone_home", "phone_work", "email", "tags", "tag_if_yes", "note", "own", ""}
MOST_COLUMNS = 500

# Headings as Action Network, VAN, Mobilize, Hustle and Spoke write them, and as people do in English and Spanish.
_SYNONYMS = {
    "given_name": "first name|firstname|first|given name|given|fname|preferred name|nombre|nombres|primer nombre|nombre de pila",
    "family_name": "last name|lastname|last|family name|surname|lname|apellido|apellidos|primer apellido",
    "full_name": "name|full name|fullname|contact name|person|member|member name|display name|nombre completo|nombre y apellido|"
    "nombre y apellidos|volunteer name|attendee|participant",
    "phone": "phone|phone number|other phone|alternate phone|alt phone|secondary phone|phonenumber|phones|telephone|tel|"
    "pref phone|preferred phone|can2 phone|number|contact number|otro telefono|telefono|telefonos|numero de telefono|numero",
    "phone_mobile": "cell|cell phone|cellphone|mobile|mobile phone|mobile number|cell number|verified cell|likely a cell|sms|"
    "celular|movil|telefono celular|telefono movil|whatsapp",
    "phone_home": "home phone|home|landline|not a cell|likely not a cell|telefono de casa|telefono fijo|casa",
    "phone_work": "work phone|office phone|telefono de trabajo|telefono del trabajo",
    "email": "email|e mail|email address|mail|primary email|personal email|correo|correo electronico|email 1|email 2",
    "language": "language|preferred language|languages spoken|languages|primary language|spoken language|lang|idioma|lengua|idioma preferido|idiomas",
    "standing": "standing|status|membership|membership status|member status|member type|estado de membresia|membresia|afiliacion",
    "member_since": "member since|join date|joined|date joined|membership date|membership start|miembro desde|fecha de ingreso|fecha de afiliacion",
    "street": "street|address|street address|address 1|address line 1|vaddress|can2 user address|mailing address|home address|direccion|calle|domicilio",
    "neighborhood": "neighborhood|neighbourhood|building|complex|property|barrio|colonia|vecindario|edificio|neighborhood building",
    "city": "city|town|can2 user city|locality|ciudad|municipio|poblacion",
    "region": "state|region|province|can2 user state|can2 state abbreviated|st|estado|provincia",
    "postal_code": "zip|zip code|zipcode|zip5|postal code|postcode|postal|zip postal code|codigo postal|cp",
    "source": "source|origin|how we met|where we met|referrer|origin system|origen|fuente|como nos conocimos",
    "tags": "tags|tag|labels|groups|can2 user tags|activist codes|lists|etiquetas|etiqueta|grupos",
    "note": "note|notes|comment|comments|remarks|notas|nota|comentario|comentarios|observaciones|follow up",
    "id_van": "vanid|van id|voter file vanid|myv vanid|myc vanid|statefile id",
    "id_action_network": "uuid|action network id|an id|action network uuid",
    "id_other": "id|external id|externalid|member id|member number|membership number|record id|user id|contact id|numero de miembro|numero de socio",
    "consent": "sms opt in|text opt in|opt in|optin|sms consent|text consent|consent|may we text|ok to text|can we text|"
    "can2 sms status|mobile status|sms status|acepta mensajes|consentimiento",
    "consent_at": "consent date|opt in date|sms opt in date|date of consent|fecha de consentimiento",
    "consent_source": "consent source|opt in source|how they consented|fuente del consentimiento",
}
GUESSES = {heading: name for name, headings in _SYNONYMS.items() for heading in headings.split("|")}
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


def plain_heading(text: str) -> str:
    """A heading as the table of synonyms has it: no accents, no case, words only."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return " ".join(re.findall(r"[a-z0-9]+", fold(spaced)))


def guess_heading(text: str) -> str:
    """The field that a heading stands for, or nothing."""
    plain = plain_heading(text)
    return GUESSES.get(plain) or GUESSES.get(plain.replace(" ", "")) or GUESSES.get(re.sub(r" ?\d+$", "", plain), "")


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
        name = guess_heading(header) or _guess_by_samples([row[place] for row in samples if place < len(row)])
        guesses.append(name if name in MANY or name not in guesses else "")
    if "given_name" in guesses and "full_name" in guesses:
        guesses[guesses.index("full_name")] = ""
    if "family_name" in guesses and "given_name" not in guesses and "full_name" in guesses:
        guesses[guesses.index("full_name")] = "given_name"
    if not {"consent", "consent_at", "consent_source"} <= set(guesses):
        # Consent is a fact only with its date and source; a column alone is left out, and the page says so.
        guesses = ["" if name.startswith("consent") else name for name in guesses]
    return guesses


def _guess_by_samples(cells: Sequence[str]) -> str:
    kinds = [_kind_of_cell(cell) for cell in cells if cell.strip()]
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
    consent = {"consent", "consent_at", "consent_source"} & set(mapping.fields)
    if consent and len(consent) < 3:
        issues.append(
            Reason(
                N_(
                    "Consent to texts needs three columns: whether, since when, and how they said so. Without all three, leave them "
                    "out; texts will not go to these people until they consent."
                )
            )
        )
    return issues
