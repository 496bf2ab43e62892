"""The words of a text: personal fields with defaults, and what every text says though its writer left it out.

A field is `{first_name}` or `{first_name|friend}`; what follows the bar is said when nothing is known. The link field
becomes `[[link:ID]]`, which the outbox expands only at the provider call, so no table ever holds a usable link.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from crm.kernel.names import fold
from crm.kernel.refusal import N_

FIELD = re.compile(r"\{\s*([a-z_]+)\s*(?:\|([^{}]*))?\}")
STRAY_BRACE = re.compile(r"[{}]")
LINK = re.compile(r"\[\[link:(\d+)\]\]")
LONGEST = 1600
MOST_PARTS = 10
PERSONAL = {"first_name": {"en": "neighbor", "es": "compañera o compañero"}}
FIELD_LABELS = {
    "first_name": N_("First name"),
    "organization": N_("Organization"),
    "organizer": N_("Organizer"),
    "link": N_("Personal link"),
    "assembly": N_("Assembly"),
    "day": N_("Day"),
    "hour": N_("Hour"),
    "place": N_("Place"),
    "title": N_("Title"),
    "deadline": N_("Deadline"),
}
FIRST_WORDS = {
    "en": "Hi {first_name}, it's {organizer} from {organization}. Reply STOP to opt out.",
    "es": "Hola {first_name}, le escribe {organizer} de {organization}. Responda STOP para salir.",
}
STOP_LINES = {"en": "Reply STOP to opt out.", "es": "Responda STOP para salir."}
AND = {"en": "and", "es": "y"}

# Where STOP or HELP says what it does, it is an offer and no question. Words without accents, in small letters.
_STOP = r"(?:stop|stopall|stop all|alto|parar|baja)"
_LEADS = r"(?:(?:to|and|if you|want|wish|for|at|any|time|para|y|si|ya|no|quiere|desea|cuando|guste|get|que|le)\W+)*"
_TEXTS = r"(?: (?:the |these |our |all |my )*(?:texts?|messages?|texting)|\s*(?=$|[^\w\s]))"
_ENDS_TEXTS = (
    rf"(?:opt(?:s|ing)?[ -]?out|unsubscribes?|no more|leave|quits?|(?:end|stop|cancel)s?{_TEXTS}"
    r"|salir|recibir|mas|termina\w*|dejar de|parar|darse de baja|cancelar? (?:los |estos )?(?:mensajes|textos)|fin\b)"
)
STOP_OFFER = re.compile(rf"\b{_STOP}\b[\"'”’]?\s*[:=]?\s*{_LEADS}{_ENDS_TEXTS}[^,.;!?\n]*")
HELP_OFFER = re.compile(
    r"\b(?:help|info|ayuda)\b[\"'”’]?\s*[:=]?\s*(?:for|if you need|para|si necesita|to get)\W+(?:more |mas |obtener |recibir )?"
    r"(?:help|info\w*|ayuda|questions)\b"
)
# Said once, with the first text that a phone gets from us: what they agreed to, what it may cost, HELP and STOP.
FIRST_LINES = {
    "en": "You agreed to a few texts a month from us. Msg & data rates may apply. HELP for help, STOP to opt out.",
    "es": "Usted dio permiso para unos mensajes al mes. Pueden aplicar tarifas de mensajes y datos. HELP para ayuda, STOP para salir.",
}
TELL_AGAIN_AFTER = timedelta(days=30)


def fields_in(body: str) -> set[str]:
    """Names of the personal fields a text uses."""
    return {m.group(1) for m in FIELD.finditer(body)}


def fill(body: str, values: Mapping[str, str], language: str) -> str:
    """The text with its fields filled: the value, else what the writer gave after the bar, else the usual word.

    A place of a link that somebody typed, in the words or as a name, is left out: it would be filled with a link of others.
    """

    def one(match: re.Match[str]) -> str:
        name, default = match.group(1), match.group(2)
        usual = PERSONAL.get(name, {})
        return values.get(name, "") or default or usual.get(language, usual.get("en", ""))

    return LINK.sub(lambda place: place[0] if place[0] in values.get("link", "") else "", FIELD.sub(one, body))


def greet(names: list[str], language: str) -> str:
    """ "Ana", "Ana and Luis", "Ana, Luis and Rosa": everyone who shares the phone."""
    names = list(dict.fromkeys(n for n in names if n))
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {_and_before(names[-1], language)} {names[-1]}"


def _and_before(name: str, language: str) -> str:
    if language == "es" and re.match(r"(?:i|hi(?!e))", fold(name)):
        return "e"
    return AND.get(language, "and")


def link_place(link_id: int) -> str:
    """What stands in the stored text where the person's link will be."""
    return f"[[link:{link_id}]]"


def expand_links(body: str, url_of: Callable[[int], str]) -> str:
    """The text as it leaves, each place filled with its link."""
    return LINK.sub(lambda m: url_of(int(m.group(1))), body)


def body_for(bodies: Mapping[str, str], language: str) -> tuple[str, str]:
    """(language, words) for a person: theirs when written, else English, else whichever there is."""
    written = {tag: body for tag, body in bodies.items() if body.strip()}
    tag = next((tag for tag in (language, "en", *written) if tag in written), language)
    return tag, written.get(tag, "")


def offers_stop(body: str) -> bool:
    """Whether the text says how to end texts."""
    return bool(STOP_OFFER.search(_folded(body)))


def without_offers(body: str) -> str:
    """The text without the places where STOP or HELP says what it does."""
    low = _folded(body)
    for offer in (STOP_OFFER, HELP_OFFER):
        for place in reversed(list(offer.finditer(low))):
            body, low = body[: place.start()] + " . " + body[place.end() :], low[: place.start()] + " . " + low[place.end() :]
    return body


def _folded(body: str) -> str:
    """Small letters without accents, letter for letter, so that places stay where they are."""
    return "".join(small if len(small := fold(letter)) == 1 else letter for letter in body)


def is_told_again(last_told_at: datetime | None, now: datetime) -> bool:
    """Whether a text to this phone must say again how to end texts: the first does, and one in thirty days at least."""
    return last_told_at is None or now - last_told_at >= TELL_AGAIN_AFTER


def completed(body: str, language: str, organization: str, *, is_first: bool = False, tells_stop: bool = True) -> str:
    """The words with what every text must say and the writer may leave out: who writes, how to end texts, and with the first
    text to a phone what they agreed to."""
    body = body.strip()
    if body and "{organization}" not in body and fold(organization) not in fold(body):
        body = "{organization}: " + body
    if body and is_first:
        line = FIRST_LINES.get(language, FIRST_LINES["en"])
        body = f"{body} {line.rpartition(', ')[0] + '.' if offers_stop(body) else line}"
    elif body and tells_stop and not offers_stop(body):
        body = f"{body} {STOP_LINES.get(language, STOP_LINES['en'])}"
    return body
