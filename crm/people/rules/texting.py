"""What a spreadsheet says about texting somebody: a yes, a no, or nothing. What cannot be read counts as a no."""

import re
from functools import lru_cache

from crm.kernel.names import fold
from crm.kernel.refusal import N_, Reason
from crm.people.rules.cells import YES, read_date

UNREADABLE = N_("“%(text)s” does not say whether we may text them. Until somebody finds out, no texts go to this number.")

_MAIL = re.compile(r"\b(?:e ?mails?|mail|mailings?|correos?|newsletter|boletin)\b")
# Headings that say no: where such a column says yes, or when, somebody wants no texts.
_SAYS_NO = re.compile(
    r"\bopt(?:ed|ing|s)? ?outs?\b|\bunsub(?:scribed?|scriptions?)?\b|\bdnc\b|\bdnt\b|\bstop(?:ped|s)?\b"
    r"|\b(?:do ?not|dont|don t|no|never)\b(?: \w+){0,2} (?:texts?|txt|texting|sms|messages?|contact|call|textos?|textear|mensajes?|contactar|llamar|molestar)\b"
    r"|\b(?:desuscrit[oa]s?|desuscripcion|dad[oa]s? de baja|baja)\b"
)
_OF_TEXTS = r"(?:sms|texts?|texting|txt|mobile|cell|textos?|mensajes?|movil|celular|whatsapp)"
_STATUS = (
    r"(?:status|subscription|subscribed|permission|opt ?in|opted ?in|consent|ok|agree[sd]?|accepts?|receive|recibir|acept[ao]|estado|estatus|"
    r"suscripcion|suscrit[oa]|permiso|consentimiento)"
)
_SAYS_WHETHER = re.compile(rf"\b{_OF_TEXTS}\b.*\b{_STATUS}\b|\b{_STATUS}\b.*\b{_OF_TEXTS}\b")
_ABOUT_CONSENT = re.compile(r"\b(?:date|at|on|when|source|time|by|method|fecha|fuente|origen|hora)\b")


def _words(text: str) -> set[str]:
    return set(text.split("|"))


_NO = _words(
    "no|n|false|falso|0|0 0|unsubscribed|unsubscribe|unsub|not subscribed|never subscribed|opted out|opt out|optout|optedout|out|not opted in|stop|stopped|"
    "stop all|stopall|do not text|dont text|don t text|no text|no texts|no sms|no texting|do not sms|do not message|no messages|do not contact|dont contact|"
    "don t contact|do not call|dnc|dnt|revoked|declined|refused|blocked|suppressed|spam complaint|complaint|never|baja|dado de baja|dada de baja|"
    "se dio de baja|desuscrito|desuscrita|no suscrito|no suscrita|no enviar|no enviar textos|no enviar mensajes|no enviar mensajes de texto|no enviar sms|"
    "no textos|no mensajes|no mandar mensajes|no mandar textos|no textear|no quiere textos|no quiere mensajes|no contactar|no molestar|no llamar|"
    "no acepta|no acepto|no desea|rechazado|rechazada|parar|alto|nunca"
)
_CERTAIN = _NO & _words("do not text|dont text|don t text|opted out|no texts|no enviar textos|no enviar mensajes|no textos|no textear")
# What a phone company or a list says of the number, not what anybody said about texts.
_NOTHING_SAID = _words(
    "bouncing|bounced|bounce|previous bounce|previous spam complaint|rebotado|rebotada|rebota|undeliverable|invalid|invalido|pending|pendiente|unknown|"
    "desconocido|inactive|inactivo|not set|not asked|landline"
)
_SUBSCRIBED = _words("subscribed|opted in|opt in|optin|optedin|in|active|activo|allowed|ok to text|suscrito|suscrita|acepta|acepto")
_YES = {*YES, *_SUBSCRIBED, "verdadero", "t"}


def guess_texting(heading: str) -> str:
    """The field of a heading that speaks of texts: "no_texts", "consent" or nothing. `heading` as plain_heading has it."""
    if _MAIL.search(heading):
        return ""
    if _SAYS_NO.search(heading):
        return "no_texts"
    return "consent" if _SAYS_WHETHER.search(heading) and not _ABOUT_CONSENT.search(heading) else ""


def are_about_texting(heading: str, cells: list[str]) -> bool:
    """Whether a column tells by its cells who wants no texts, whatever its heading is."""
    plain = [_plain(cell) for cell in cells]
    if _MAIL.search(heading) or not _CERTAIN & set(plain):
        return False
    return all(not isinstance(says_no(cell, False), Reason) for cell in cells)


_UNTICKED = _words("no|n|false|falso|0|0 0|not opted in|not subscribed|never subscribed|no suscrito|no suscrita")


def is_unticked(text: str) -> bool:
    """Whether a no says only that nobody ticked the box, and not that somebody asked for no texts."""
    return _plain(text) in _UNTICKED


@lru_cache(maxsize=1024)
def says_no(text: str, is_negative: bool) -> bool | None | Reason:
    """True for a no, False for a yes, None where nobody said anything; a reason where it cannot be read.

    `is_negative` says that the heading itself says no ("Do not text"), so that yes, or a date, means no.
    """
    plain = _plain(text)
    if plain in _NOTHING_SAID:
        return None
    if not is_negative:
        return True if plain in _NO else False if plain in _YES or fold(text) in YES else Reason(UNREADABLE, {"text": text})
    if plain in ("no", "n", "false", "falso", "0", "0 0", "never", "nunca", "not opted out") or plain in _SUBSCRIBED:
        return None
    is_no = plain in _NO or plain != "ok" and (plain in _YES or fold(text) in YES) or not isinstance(read_date(text), Reason)
    return True if is_no else Reason(UNREADABLE, {"text": text})


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(text.replace("'", " ").replace("’", " "))))
