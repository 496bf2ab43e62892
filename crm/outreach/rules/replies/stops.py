"""The words that end texting (R4), ask for help (R11) or begin again (R10), and the free ways to say stop (R5)."""
from collections.abc import Sequence

from crm.outreach.rules.replies.doubts import ELSE, HARMLESS, LOOSE, MIXED, SHORT
from crm.outreach.rules.replies.elsewhere import ours
from crm.outreach.rules.replies.opt_outs import CLEAR
from crm.outreach.rules.replies.words import bag, bare, pattern

STOP_WORDS = frozenset((
    "stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out",
    "stoop", "stpo", "sotp", "stopp", "parar", "pare", "paren", "parenle", "alto", "baja", "basta", "detener", "exit", "cese", "cesen", "bloquear", "salir",
    "terminar", "desuscribir", "cancelar", "fin",
))
HELP_WORDS = frozenset(("help", "info", "more info", "ayuda", "informacion", "mas informacion", "help me", "ayudame", "ayudenme", "i need help"))
START_WORDS = frozenset((
    "start", "unstop", "resume", "subscribe", "resubscribe", "iniciar", "empezar", "comenzar", "reanudar", "alta", "suscribir",
))
# What people put around a keyword without changing it.
_FILLER = bag(
    "please por favor porfavor ok now ya thanks thank you gracias it this me all already the texts text messages message "
    "mensajes los everything them hi hello hola senor senora sir i said just omg again friends y and to")
_ONE_WORD = frozenset(word for word in STOP_WORDS if " " not in word)
_ENDING = pattern(r"(?:end|cancel|quit|revoke) (?:it|me|this|all|please|now)(?: please| now)?")
_AGAIN = pattern(
    r"(?:start|resume|begin) (?:texting|messaging|sending|texts|messages|the texts)",
    r"(?:sign|add|put) me back", r"(?:text|message) me again(?! (?:tomorrow|later|next|the|with|in|when|about|on|after|tonight))", r"resubscribe me",
    r"subscribe me",
    r"opt (?:me )?(?:back )?in", r"start again", r"(?:vuelvan|vuelva) a (?:mandar|enviar|escribir)\w*",
    r"(?:apunten|agreguen|pongan)me (?:otra vez|de nuevo)",
    r"quiero (?:volver a )?recibir (?:otra vez |de nuevo )?(?:los |sus )?(?:mensajes|textos)",
    r"(?:denme|deme) de alta",
)
_GOES_ON = pattern(r"(?<!you )(?<!they )(?<!not )(?<!don't )(?<!to )keep (?:texting|messaging|sending|the texts|me posted|them coming)",
r"(?<!si )(?<!si me )(?<!si nos )(?<!que )(?<!que me )(?<!que nos )(?:sig(?:an|a|ue|uen)|seguir) (?:mand|escrib|envi|avis|inform)\w+")
_OF_ANOTHER = pattern(r"(?:him|her|them|his|their|my (?!number|name|phone|cell|info|contact|data|line|telephone|consent|subscription|list|texts?|"
    r"messages?|work|wife's number)\w+|mi (?!numero|telefono|nombre|cel|celular|contacto|consentimiento|suscripcion|trabajo)\w+)")
_LONG = 14  # longer than this, a no near the word text tells a story


def is_stop(text: str, pieces: Sequence[str] = ()) -> tuple[bool, bool]:
    """(opted out, in doubt), of the plain text and the pieces it was cut in. In doubt suppresses too, and a person looks at it."""
    words = bare(text)
    core = [word for word in words.split() if word not in _FILLER]
    if words in STOP_WORDS or words.replace(" ", "") in _ONE_WORD:
        return True, False
    if core and len(core) <= 2 and all(word in _ONE_WORD for word in core) and "?" not in text:
        return True, False
    left, *cleared = (HARMLESS.sub(" ", ours(part)) for part in (words, *pieces))
    wants_them = bool(_AGAIN.search(words) or _GOES_ON.search(words))
    sure = any(said.search(part) for said in CLEAR for part in (left, *cleared)) or (len(words.split()) <= 4 and _ENDING.fullmatch(words))
    if sure and not wants_them:
        return True, "?" in text or bool(_OF_ANOTHER.search(left))
    return (True, True) if sure or not wants_them and _is_doubtful([left, *cleared]) else (False, False)


def sounds_like_an_end(text: str) -> bool:
    """Whether it has the words of an opt-out, also where they seem to be about something else: then a person looks at it."""
    words = bare(text)
    return any(said.search(words) for said in (*CLEAR, LOOSE, SHORT, MIXED))


def _is_doubtful(parts: Sequence[str]) -> bool:
    """Something in it sounds like an opt-out, and nothing beside it says that it is about something else."""
    if any(LOOSE.search(part) or SHORT.search(part) for part in parts):
        return True
    pieces = parts[1:] or parts
    return any(MIXED.search(piece) and not ELSE.search(piece) and len(piece.split()) <= _LONG for piece in pieces)


def is_help(text: str) -> bool:
    """HELP and INFO, alone or with a please."""
    return _without_please(text) in HELP_WORDS


def is_start(text: str) -> bool:
    """START and its free forms; never YES (R10)."""
    return _without_please(text) in START_WORDS or bool(_AGAIN.search(bare(text)))


def _without_please(text: str) -> str:
    return " ".join(word for word in bare(text).split() if word not in ("please", "por", "favor", "porfavor"))
