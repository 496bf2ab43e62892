"""The words of a text: personal fields with defaults, and everything that must be right before one is sent.

A field is `{first_name}` or `{first_name|friend}`; what follows the bar is said when nothing is known. The link field
becomes `[[link:ID]]`, which the outbox expands only at the provider call, so no table ever holds a usable link.
"""

import re
from collections.abc import Callable, Mapping

from crm.kernel.names import fold
from crm.kernel.refusal import N_, Reason

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

# What the carriers and the provider act on by themselves. A text that asks for one of these would start or end texts.
OPT_OUT_WORDS = (
    "stop",
    "stopall",
    "stop all",
    "unsubscribe",
    "cancel",
    "end",
    "quit",
    "revoke",
    "optout",
    "opt out",
    "opt-out",
    "parar",
    "alto",
    "baja",
    "cancelar",
)
OPT_IN_WORDS = ("start", "unstop", "yes")
HELP_WORDS = ("help", "info", "ayuda")
_ASKS = (
    r"(?:reply|respond|answer|text|txt|type|write|responda|responde|conteste|contesta|mande|manda|env[ií]e|envia"
    r"|escriba|escribe)"
)
_WORD = r"(?:yes|start|unstop|cancel|end|quit|unsubscribe|revoke|cancelar|info)"
ASKED_WORD = re.compile(
    rf"\b{_ASKS}\b(?:\W+(?:with|back|us|con|a|the|la|el|palabra|word|just|only|either|simply|solo)\b){{0,3}}\W+({_WORD})\b"
    rf"|\b{_ASKS}\b[^.!?\n]{{0,30}}?\b(?:or|o|u)\W+({_WORD})\b",
    re.IGNORECASE,
)
SHOUTED_WORD = re.compile(r"\b(YES|START|UNSTOP|CANCEL|END|QUIT|UNSUBSCRIBE|REVOKE|CANCELAR)\b")
STOP_LINE = re.compile(r"\bSTOP\b|\bALTO\b|\bPARAR\b|\bBAJA\b", re.IGNORECASE)
SHORTENERS = re.compile(
    r"\b(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|ow\.ly|is\.gd|buff\.ly|rb\.gy|cutt\.ly|tiny\.cc|t\.ly|shorturl\.at|lnkd\.in"
    r"|rebrand\.ly|bl\.ink|s\.id|soo\.gd|adf\.ly)\b",
    re.IGNORECASE,
)


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


def completed(body: str, language: str, organization: str) -> str:
    """The words with what every broadcast must say and the writer may leave out: who writes, and how to end texts."""
    body = body.strip()
    if body and "{organization}" not in body and fold(organization) not in fold(body):
        body = "{organization}: " + body
    if body and not STOP_LINE.search(body):
        body = f"{body} {STOP_LINES.get(language, STOP_LINES['en'])}"
    return body


def issues_before_sending(bodies: Mapping[str, str], *, known: set[str], languages: set[str]) -> list[Reason]:
    """Everything wrong with the words, in every language, each naming the box it is in."""
    written = {tag: body for tag, body in bodies.items() if body.strip()}
    if not written:
        return [Reason(N_("Write what the text says."), field="body_en")]
    found = []
    for tag in sorted(languages & {"en", "es"}):
        if tag not in written:
            found.append(Reason(MISSING[tag], field=f"body_{tag}"))
    for tag, body in written.items():
        found += [Reason(r.text, r.params, f"body_{tag}") for r in issues_with_body(body, known)]
    return found


MISSING = {
    "en": N_("Some of these people read English. Write the text in English too."),
    "es": N_("Some of these people read Spanish. Write the text in Spanish too."),
}


def issues_with_body(body: str, known: set[str]) -> list[Reason]:
    """Everything wrong with the words of one language."""
    found = []
    unknown = sorted(fields_in(body) - known)
    if unknown:
        found.append(Reason(N_("There is no personal field %(name)s here."), {"name": "{" + unknown[0] + "}"}))
    elif STRAY_BRACE.search(FIELD.sub("", body)):
        found.append(Reason(N_("A curly bracket is left open. Write personal fields like {first_name}.")))
    word = asked_word(body)
    if word:
        found.append(
            Reason(
                N_("Do not ask people to reply %(word)s: phone companies act on that word. Ask a question instead."),
                {"word": word.upper()},
            )
        )
    if SHORTENERS.search(body):
        found.append(Reason(N_("Phone companies block short links. Use {link} or your own web address.")))
    if len(body) > LONGEST:
        found.append(Reason(N_("This is %(n)s letters long. A text holds 1,600 at most."), {"n": len(body)}))
    return found


def asked_word(body: str) -> str | None:
    """The reserved word that the text asks people to reply, if it does."""
    match = SHOUTED_WORD.search(body) or ASKED_WORD.search(body)
    return next((g for g in match.groups() if g), None) if match else None
