"""Keywords: words that an organization prints on a flyer or says from a stage, for phones it does not know yet.

What a person writes there is consent (R3): the first text back says to what, how often, what it may cost, and how to end it.
"""

import re
from collections.abc import Collection

from crm.kernel.refusal import N_, Reason
from crm.outreach.rules.replies.stops import HELP_WORDS, START_WORDS, STOP_WORDS
from crm.outreach.rules.replies.words import bare, language_of, plain

LONGEST, SHORTEST = 20, 3
_AROUND = frozenset(
    "join unirme unir text texto please por favor the la el word palabra keyword hi hola i want quiero me to a"
    .split())
_ANSWERS = frozenset(
    "yes si no maybe here aqui late ok okay sure claro stop start help info join quizas tal vez presente english ingles spanish "
    "espanol for against favor contra".split())
DISCLOSURE = N_(
    "%(organization)s: you signed up for texts about our work, a few a month. Msg & data rates may apply. HELP for help, STOP to opt out. "
    "Terms, privacy: %(url)s"
)
WELCOME_BACK = N_("%(organization)s: you are already on our list. Thank you.")
ASK_NAME = N_("What is your name?")
ASK_LANGUAGE = N_("Thank you, %(name)s. English or español?")
SPOKEN = N_("Thank you. We write to you in English.")
NICE_TO_MEET = N_("Thank you, %(name)s. Good to have you with us.")
LANGUAGE_WORDS = {
    "en": frozenset({"english", "ingles", "en", "eng", "inglish", "1"}), "es": frozenset({"spanish", "espanol", "es", "esp", "castellano", "spanich", "2"}),
}
_INTRODUCED = re.compile(
    r"^\s*(?:(?:hi|hello|hey|hola|buenas?(?: tardes| dias| noches)?|yes|si|sí)[,!.]?\s+)?(?:(?:my name is|my name's|name is|i am|"
    r"i'm|im|this is|it's|its|me llamo|mi nombre es|soy|es|le habla|habla)\s+)?", re.I)
_NAME = re.compile(r"[^\W\d_][\w'’.\-]*(?: [^\W\d_][\w'’.\-]*){0,4}")
_NO_NAMES = frozenset(
    "who what why when where quien que como cuando donde no yes si maybe stop thanks thank gracias not sure ok okay here is are you the and text my for join "
    "later wait bye idk don't won't can't none nobody nadie".split())


def fold_keyword(word: str) -> str:
    """A keyword as it is compared: RENT, rent and Rent are one."""
    return bare(plain(word)).replace(" ", "")


def keyword_in(body: str) -> str:
    """The word that a text may mean as a keyword, when it says nothing else; empty otherwise."""
    words = [word for word in bare(plain(body)).split() if word not in _AROUND] or bare(plain(body)).split()
    return words[0] if len(words) == 1 else ""


def issues_with_keyword(word: str, taken: Collection[str]) -> list[Reason]:
    """Why a word cannot be a keyword."""
    folded, issues = fold_keyword(word), []
    if not re.fullmatch(rf"[^\W_]{{{SHORTEST},{LONGEST}}}", word.strip()):
        issues.append(Reason(N_("Write one word of %(least)s to %(most)s letters or digits."), {"least": SHORTEST, "most": LONGEST}, "word"))
    elif folded in STOP_WORDS | HELP_WORDS | START_WORDS | _ANSWERS | _AROUND or folded.isdigit():
        issues.append(Reason(N_("%(word)s has a meaning of its own by text. Choose another word."), {"word": word.strip().upper()}, "word"))
    elif folded in taken:
        issues.append(Reason(N_("%(word)s is one of your keywords already."), {"word": word.strip().upper()}, "word"))
    return issues


def name_in(body: str) -> tuple[str, str] | None:
    """(given, family) out of the answer to "What is your name?"; None when it does not look like one."""
    rest = _INTRODUCED.sub("", body.replace("\n", " ")).strip(" .,!¡🙂😊👋")
    rest = re.split(r"[,;(]| (?:and i|and my|y mi|y necesito|y quiero|from|de la colonia|here|aqui|aquí)\b", rest)[0].strip()
    if not _NAME.fullmatch(rest) or len(rest) > 60 or set(bare(plain(rest)).split()) & _NO_NAMES:
        return None
    given, _, family = (" ".join(part if any(c.isupper() for c in part[1:]) else part.capitalize() for part in rest.split())).partition(" ")
    return given, family


def language_in(body: str) -> str:
    """en or es out of the answer to "English or español?"; empty when it is neither."""
    words = set(bare(plain(body)).split())
    named = [tag for tag, said in LANGUAGE_WORDS.items() if words & said]
    return named[0] if len(named) == 1 else "" if named else language_of(plain(body)) if len(words) > 2 else ""


def introduced_in(body: str) -> str:
    """The language in which they said their name, when it shows: me llamo, my name is."""
    text = bare(plain(body))
    if re.search(r"\b(?:me llamo|mi nombre es|soy|hola|buenas|buenos)\b", text):
        return "es"
    return "en" if re.search(r"\b(?:my name is|my name's|i'm|i am|this is|hello|hi)\b", text) else ""
