"""A reply as a decision: one intent, guests, supports, language, and whether a person must look."""
import re
from dataclasses import dataclass, replace

from crm.outreach.rules.replies.answers import answer_in, asks, is_wrong_number
from crm.outreach.rules.replies.elsewhere import NEED_GIVEN_UP, PLACE_GIVEN_UP
from crm.outreach.rules.replies.endings import NEGATED, may_end
from crm.outreach.rules.replies.guests import guests_in
from crm.outreach.rules.replies.places import address_in, has_moved, is_here
from crm.outreach.rules.replies.stops import is_help, is_start, is_stop, sounds_like_an_end
from crm.outreach.rules.replies.supports import details_of, supports_in
from crm.outreach.rules.replies.words import bare, clauses, language_of, number, plain

INTENTS = ("stop", "help", "start", "yes", "no", "maybe", "late", "here", "supports", "moved", "wrong_number", "question", "other")
SURE = 0.7
MOST_GUESTS = 12
# Kind words that end a conversation and ask for nothing.
_COURTESY = re.compile(
    r"(?:(?:ok|okay|thanks?|thank you|thank u|so much|very much|gracias|muchas|mil|muy amable|got it|great|"
    r"perfect|god bless|bless you|you|all|a todos|dios|los|le|la|bendiga|bendiciones|amen|igualmente|de nada|no "
    r"problem|have a (?:good|great|nice) (?:day|night|one)|feliz|buen|dia|noche|good|night|same to|entendido|"
    r"enterad[oa]|vale|lol|jaja\w*|haha\w*|que|y|and|for|the|por|avisar|info\w*|letting me know) ?)+",
)
# A no that is a need, not an answer.
_LACK = re.compile(
    r"\b(?:no way to (?:get|go)|no need|(?:can't|cannot|couldn't|no puedo|no pude|no se puede) (?:open|read|"
    r"find|see|hear|click|log|vote|"
    r"download|access|abrir|leer|entrar|ver|encontrar|votar|descargar)|no tengo (?:carro|coche|como|quien|"
    r"transporte)|no (?:car|ride|transportation|"
    r"babysitter)|(?:don't|doesn't|do not) have (?:a )?(?:car|ride|way|babysitter)|no (?:hablo|habla|hablan|"
    r"entiend\w+) (?:bien )?(?:el )?(?:ingles|espanol)|(?:can't|doesn't|don't) (?:climb|do|use|speak|understand|"
    r"drive)|no (?:puedo|puede) (?:subir|manejar|caminar))\b",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the last text out asked: its purpose (rsvp, confirm, …) and the language it was in."""

    purpose: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply means. `guests` is beside the writer, None when nothing is said; `supports` are (kind, how many)."""

    intent: str
    guests: int | None = None
    supports: tuple[tuple[str, int], ...] = ()
    language: str = ""
    confidence: float = 1.0
    needs_person: bool = False
    may_end: bool = False  # no opt-out as we read it, but perhaps as they meant it: no text of ours until a person has read it
    body: str = ""
    details: tuple[tuple[str, str], ...] = ()  # what was said of a support (ride: where from), or the new address

    @property
    def is_sure(self) -> bool:
        """Sure enough to act upon without a person."""
        return self.confidence >= SURE

    @property
    def party(self) -> int:
        """Everyone who comes, the writer counted."""
        return 1 + (self.guests or 0)


def read_reply(body: str, asked: Asked | str = "") -> Reading:
    """What `body` means as an answer to `asked`; never raises, whatever was typed."""
    asked = asked if isinstance(asked, Asked) else Asked(purpose=asked)
    text = plain(body[:1600])
    language = language_of(text)
    pieces = clauses(body[:1600])
    stopped, in_doubt = is_stop(text, pieces)
    if stopped:
        return Reading("stop", language=language, confidence=0.6 if in_doubt else 1.0, needs_person=in_doubt or len(text.split()) > 6, body=body)
    found = _other_than_stop(text, asked, language, body)
    if found.intent == "start" and NEGATED.search(bare(text)):
        found = Reading("other", language=language, confidence=0.5, may_end=True, body=body)
    elif found.intent != "start" and may_end(body[:1600], text, pieces):
        found = replace(found, may_end=True)
    return replace(found, needs_person=True) if found.may_end or sounds_like_an_end(text) else found


def _other_than_stop(text: str, asked: Asked, language: str, body: str) -> Reading:
    if is_help(text):
        return Reading("help", language=language, body=body)
    if is_start(text):
        return Reading("start", language=language, body=body)
    if is_here(text):
        return Reading("here", language=language, body=body)
    if has_moved(text):
        return Reading("moved", details=(("address", address_in(body)),), language=language, confidence=0.9, needs_person=True, body=body)
    if is_wrong_number(text):
        return Reading("wrong_number", language=language, confidence=0.9, needs_person=True, body=body)
    return _answer(text, asked, language, body)


def _answer(text: str, asked: Asked, language: str, body: str) -> Reading:
    intent, confidence = answer_in(_LACK.sub(" ", text))
    guests, is_guess = guests_in(text)
    supports = supports_in(NEED_GIVEN_UP.sub(" ", text))
    has_question = asks(text)
    if not intent and guests is not None and not has_question:
        intent, confidence = "yes", 0.75 if asked.purpose else 0.6
    if not intent and (digits := re.fullmatch(r"\+? ?(\d{1,2})", bare(text))):
        intent, confidence, guests = _bare_number(number(digits[1]), asked)
    if not intent and not has_question and PLACE_GIVEN_UP.search(bare(text)):
        intent, confidence = "no", 0.8
    if intent == "yes" and supports and not _says_yes(text):
        intent = ""
    if not intent or (has_question and not _opens(text, intent)):
        intent, confidence = _without_answer(text, supports, has_question)
    if guests is not None and (guests > MOST_GUESTS or intent in ("no", "question", "other")):
        is_guess, guests = is_guess or guests > MOST_GUESTS, None
    long_no = intent == "no" and bool(re.search(r"\b(?:but|pero|my (?:mom|sister|wife|husband)|mi "
        r"(?:hermana|mama|esposo|esposa))\b", text))
    return Reading(intent, guests, supports if intent != "no" else (), language, confidence,
                   needs_person=not _is_courtesy(text, intent) and (has_question or is_guess or long_no or confidence < SURE), body=body,
                   details=details_of(body, text, supports) if intent != "no" else ())


def _is_courtesy(text: str, intent: str) -> bool:
    return intent == "other" and bool(_COURTESY.fullmatch(bare(text)))


def _bare_number(n: int, asked: Asked) -> tuple[str, float, int | None]:
    if not 1 <= n <= MOST_GUESTS:
        return "", 0.0, None
    return "yes", 0.75 if asked.purpose and n > 1 else 0.6, n - 1


def _without_answer(text: str, supports: tuple, has_question: bool) -> tuple[str, float]:
    if supports and not (has_question and re.match(r"(?:is|are|will) there (?!any way|a way|someone|anyone|"
        r"somebody)|do you (?:have|offer|provide) (?!some|any|someone|somebody)\w|hay|habra|tienen|va a "
        r"haber|ofrecen", bare(text))):
        return "supports", 0.9
    return ("question", 0.9) if has_question else ("other", 0.5)


def _says_yes(text: str) -> bool:
    """A yes of its own beside a support asked for: yes, need a ride; not: can you come pick me up."""
    return bool(re.search(r"\b(?:yes|si|claro|sure|ok|i'll be there|i'm coming|i'm in|count me in|ahi "
                          r"estare|(?<!no )voy|vamos|we'll be there|of course|definitely|somos|confirmo|see "
                          r"you)\b", text))


def _opens(text: str, intent: str) -> bool:
    """The answer stands on its own beside the question: it comes first, or in a sentence without a question mark."""
    for sentence in text.split("?"):
        answer, confidence = answer_in(sentence)
        if answer == intent and not asks(sentence + ("?" if sentence + "?" in text else "")):
            return True
    head = bare(text.split("?")[0])
    opening = re.match(r"(?:yes|si|no|sure|ok|claro|maybe|tal vez|voy|i'll be there|ahi estare|i can't|"
                       r"can't|no puedo|sorry|perfect|great|of course|running late|por supuesto)\b", head)
    return bool(opening) and len(head.split()) > 2 and not re.match(r"(?:ok|si|no|yes|sorry|great) (?:what|"
        r"who|when|where|but who|pero quien|quien|que|how|why|donde|cuando|a que|hay)", head)
