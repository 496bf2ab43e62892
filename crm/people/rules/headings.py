"""Headings of spreadsheets: what a column may be, and what it is called in the exports of other tools and by people."""

import re
from functools import lru_cache

from crm.kernel.names import fold
from crm.kernel.refusal import N_
from crm.people.rules.texting import guess_texting

GROUPS: dict[str, dict[str, str]] = {
    "": {"": N_("Leave out")},
    N_("Name"): {
        "given_name": N_("Given name"),
        "middle_name": N_("Middle name"),
        "family_name": N_("Family name"),
        "family_name_2": N_("Second family name"),
        "name_suffix": N_("What follows the name (Jr., III)"),
        "full_name": N_("Whole name in one cell"),
        "pronouns": N_("Pronouns"),
        "language": N_("Language"),
    },
    N_("Phones and e-mail"): {
        "phone": N_("Phone"),
        "phone_mobile": N_("Mobile phone"),
        "phone_home": N_("Home phone"),
        "phone_work": N_("Work phone"),
        "email": N_("E-mail"),
    },
    N_("Where they live"): {
        "street": N_("Street"),
        "street_2": N_("Apartment, second line"),
        "neighborhood": N_("Neighborhood or building"),
        "city": N_("City"),
        "region": N_("State"),
        "postal_code": N_("ZIP code"),
    },
    N_("Where their mail goes"): {
        "mail_street": N_("Mail: street or box"),
        "mail_street_2": N_("Mail: apartment, second line"),
        "mail_city": N_("Mail: city"),
        "mail_region": N_("Mail: state"),
        "mail_postal_code": N_("Mail: ZIP code"),
    },
    N_("Membership"): {
        "standing": N_("Standing"),
        "member_since": N_("Member since"),
        "source": N_("Where we met"),
    },
    N_("Texts"): {
        "no_texts": N_("They want no texts"),
        "consent": N_("May we text them; a no is: they want none"),
        "opt_in": N_("May we text them; a no is: they did not agree"),
        "consent_at": N_("Date of that consent"),
        "consent_source": N_("How they consented"),
    },
    N_("Tags, notes and what is our own"): {
        "tags": N_("Tags, several in a cell"),
        "tag_if_yes": N_("Tag with the heading, where it says yes"),
        "note": N_("Note"),
        "own": N_("A field of our own, named like the heading"),
    },
    N_("Numbers in other systems"): {
        "id_van": N_("VAN ID"),
        "id_action_network": N_("Action Network ID"),
        "id_mobilize": N_("Mobilize ID"),
        "id_hustle": N_("Hustle ID"),
        "id_other": N_("Member number or other ID"),
        "id_own": N_("ID in another system, named like the heading"),
    },
}
"""What a column may be, as the page offers it: group → field → words."""
FIELDS = {name: words for fields in GROUPS.values() for name, words in fields.items()}

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
    "full_name": "name|full name|your name|what is your name|your full name|saved name|public display name|legal name|"
    "contact name|person|member|member name|display name|preferred full name|nombre completo|nombre y apellido|"
    "nombre y apellidos|apellidos y nombre|nombres y apellidos|su nombre|cual es su nombre|tu nombre|"
    "volunteer name|attendee|attendee name|participant|participant name|lead name|persona|"
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
    "street": "street|address|primary address|address street|street address|address line|address 1|address line 1|address1|vaddress|can2 user address|"
    "home address|home street|"
    "residential address|residence address|voting address|voting street|physical address|direccion|direccion de casa|calle|"
    "calle y numero|domicilio|domicilio particular",
    "street_2": "address 2|address line 2|street 2|apt|apartment|unit|home address 2|home address line 2|vaddress 2|apto|apartamento|departamento|depto|piso",
    "neighborhood": "neighborhood|neighbourhood|building|building name|complex|property|barrio|colonia|vecindario|edificio|neighborhood building|vecindad",
    "city": "city|town|primary city|address city|can2 user city|locality|vcity|home city|residential city|voting city|ciudad|municipio|poblacion|localidad",
    "region": "state|region|province|state province|primary state|address region|"
    "can2 user state|can2 state abbreviated|vstate|home state|residential state|voting state|st|estado|provincia",
    "postal_code": "zip|zip code|zip postal|primary zip|home postal code|address postal code|zip5|zip or postal code|"
    "can2 zip code|vzip|vzip5|home zip|home zip code|"
    "residential zip|voting zip|postal code|postcode|postal|zip postal code|user postal code|codigo postal|cp|zona postal",
    "mail_street": "mailing address|mailing street|mailing street address|mailing address 1|mailing address line 1|maddress|mail address|mail street|"
    "postal address|po box|p o box|direccion postal|direccion de correspondencia|direccion para correspondencia|direccion de envio|"
    "domicilio postal|apartado postal|apartado",
    "mail_street_2": "mailing address 2|mailing address line 2|mailing street 2|mail address 2|maddress 2|mailing apt|mailing unit",
    "mail_city": "mailing city|mcity|mail city|ciudad de correspondencia",
    "mail_region": "mailing state|mailing state province|mailing region|mstate|mail state",
    "mail_postal_code": "mailing zip|mailing zip code|mailing zip postal code|mailing postal code|mzip|mzip5|mail zip|codigo postal de correspondencia",
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


_ASIDE = re.compile(r" ?\b(?:required|optional|obligatori[oa]|opcional)\b")
_OF_SEVERAL = re.compile(r"^(phone|e ?mail|address) \d+ ")  # "Phone 2 - Value" of an address book


def plain_heading(text: str) -> str:
    """A heading as the table of synonyms has it: no accents, no case, words only."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"\([^()]*\)", " ", text).replace("#", " number "))
    return " ".join(re.findall(r"[a-z0-9]+", fold(spaced)))


@lru_cache(maxsize=4096)
def guess_heading(text: str) -> str:
    """The field that a heading stands for, or nothing."""
    plain = plain_heading(text)
    if found := GUESSES.get(plain) or _JOINED.get(plain.replace(" ", "")):
        return found
    bare = re.sub(r" ?\d+$", "", _OF_SEVERAL.sub(r"\1 ", _ASIDE.sub("", plain)).removesuffix(" value").strip())
    return GUESSES.get(bare) or _JOINED.get(bare.replace(" ", "")) or guess_texting(plain)
