"""How a reply is made plain before anything is read from it: no accents, no capitals, no ornaments, no slips."""
import re
import unicodedata

NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "nueve": 9, "diez": 10,
}
NUMBER = r"(\d{1,2}|" + "|".join(NUMBERS) + r")"

_SIGNS = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "¿": " ", "¡": " "})
_UNSEEN = frozenset({"Mn", "Me", "Mc", "Cf"})  # accents, rings around letters, zero-width signs
_TWINS = (
    dict(zip(map(ord, "аеорсухѕіјкмтвнпԁԛѡбυορтαεικμνσϲѵհոսօɡıⱼ"), "aeopcyxsijkmtbhndqwbuoptaeikmvocvhnuogij", strict=True))
    | dict(zip(map(ord, "АЕОРСУХЅІЈКМТВНПΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"), "aeopcyxsijkmtbhnabezhikmnoptyx", strict=True))
    | dict(zip(map(ord, "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ"), "abcdefghijklmnoprstuvwyz", strict=True))
    | {first + n: chr(97 + n) for first in (0x1F150, 0x1F170, 0x1F1E6) for n in range(26)}  # letters on discs, tiles and flags
)
# Signs that a phone writes out when one speaks to it.
_DICTATED = re.compile(r"\b(?:exclamation (?:point|mark)|question mark|full stop|signo de (?:exclamacion|interrogacion)|(?:period|comma|punto|coma)(?= *$))")
_PICTURES = (
    ("👍", " yes "), ("👌", " yes "), ("✅", " yes "), ("✔", " yes "), ("🙋", " yes "), ("💯", " yes "),
    ("👎", " no "), ("❌", " no "), ("🛑", " stop "), ("🖕", " middle finger "), ("🚫", " stop "), ("🤷", " maybe "),
)
# Slips that thumbs make again and again; each word of a reply is looked up once.
_SLIPS = {
    "yess": "yes", "yea": "yes", "yeah": "yes", "yep": "yes", "yup": "yes", "yeh": "yes", "yas": "yes",
    "ye": "yes", "yees": "yes", "yse": "yes", "yws": "yes", "sip": "si", "sii": "si", 
    "cant": "can't", "wont": "won't", "dont": "don't", "im": "i'm", "ill": "i'll", "isnt": "isn't", "didnt": "didn't",
    "couldnt": "couldn't", "wouldnt": "wouldn't", "doesnt": "doesn't", "arent": "aren't", "cannot": "can't",
    "ive": "i've", "u": "you", "ur": "your", "r": "are", "pls": "please", "plz": "please", "plse": "please",
    "pleas": "please", "thx": "thanks", "ty": "thanks", "txt": "text", "txts": "texts", "txting": "texting",
    "txtng": "texting", "msg": "message", "msgs": "messages", "mesages": "messages", "mesage": "message",
    "mensage": "mensaje", "mensages": "mensajes", "msj": "mensaje", "msjs": "mensajes", "mjs": "mensajes",
    "tmrw": "tomorrow", "tmr": "tomorrow", "k": "que", "q": "que", "xq": "porque", "pq": "porque", 
    "tb": "tambien", "tmb": "tambien", "bn": "bien", "ahy": "ahi", 
    "voi": "voy", "stp": "stop", "sotp": "stop",
    "stpo": "stop", "stopp": "stop", "stoo": "stop", "stip": "stop", "sstop": "stop", "st0p": "stop", "srop": "stop",
    "sttop": "stop", "stob": "stop", "stahp": "stop", "stap": "stop", "stup": "stop", "unsuscribe": "unsubscribe", "unsubcribe": "unsubscribe",
    "unsubscibe": "unsubscribe", "unsubsribe": "unsubscribe", "unsub": "unsubscribe", "wrng": "wrong",
    "worng": "wrong", "nunber": "number", "numer": "number", "maybee": "maybe", "mayb": "maybe", "mabye": "maybe",
    "tlvz": "tal vez", "talvez": "tal vez", "talves": "tal vez", "quisas": "quizas", "kizas": "quizas",
    "childcre": "childcare", "chidlcare": "childcare", "chilcare": "childcare", "childcair": "childcare",
    "intrepreter": "interpreter", "interpeter": "interpreter", "wheelchiar": "wheelchair", "whelchair": "wheelchair",
    "xfa": "por favor", "porfa": "por favor", "plis": "por favor", "plox": "por favor", "dnt": "don't", "aint": "don't", "ain't": "don't", "yall": "you",
    "y'all": "you", "wanna": "want to", "cuz": "because", "tho": "though", "quitenmen": "quitenme", "puedoo": "puedo", "pueo": "puedo",
    "rmove": "remove", "remov": "remove", "gonna": "going to", "gotta": "have to",
    "lemme": "let me", "idk": "don't know", "prob": "probably", "prolly": "probably", "def": "definitely",
    "defo": "definitely", "ofc": "of course", "sry": "sorry", "srry": "sorry", 
    "textin": "texting", "spammin": "spamming", "sendin": "sending", "callin": "calling", "messagin": "messaging", "botherin": "bothering", "hittin": "hitting",
    "blowin": "blowing", "sto": "stop", "noo": "no", "nop": "no", "nope": "no", "nah": "no", "naw": "no", "nel": "no", "nones": "no",
    "okay": "ok", "oki": "ok", "okey": "ok", "okie": "ok", "okk": "ok", "kk": "ok",
}
_KEYS = ("unsubscribe", "message", "messages", "texting", "number", "remove", "delete", "mensaje", "mensajes", "numero", "manden", "quiero")
_OTHER_WORDS = frozenset(("massage", "massages", "remote", "removed", "removes", "remover", "deleted", "deletes", "numbers", "numeros", "testing", "manten",
    "manen", "quieto", "quiere", "quieren", "quieres", "remueve", "demanden", "manda", "mande", "mandan", "mandes", "mander"))


def slips(word: str) -> set[str]:
    """The word with one letter left out, doubled, put in, exchanged for another or for its neighbor; the first letter stays."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:n], word[n:]) for n in range(1, len(word) + 1)]
    return ({a + b[1:] for a, b in cuts if b} | {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
        | {a + c + b[1:] for a, b in cuts if b for c in letters} | {a + c + b for a, b in cuts for c in letters})


_SLIPPED = {slip: word for word in _KEYS for slip in slips(word) if slip not in _OTHER_WORDS and slip not in _KEYS}


def plain(body: str) -> str:
    """The reply as lower-case words with single spaces; question marks, plus signs and apostrophes stay."""
    for picture, word in _PICTURES:
        body = body.replace(picture, word)
    text = _latin(body.replace("#", " number ").translate(_SIGNS))
    text = re.sub(r"\b(?:[a-z][ .\-_*]{1,3}){3,}[a-z]\b", lambda spelled: re.sub(r"[^a-z]", "", spelled[0]), text)
    text = re.sub(r"([a-z])\1{2,}", r"\1", text)
    text = re.sub(r"[^a-z0-9'?+:/\n ]", " ", text)
    text = re.sub(r"(?<![a-z0-9])'|'(?![a-z0-9])", " ", _DICTATED.sub(" ", text))
    text = re.sub(r"\b(un|des) (?=su[bs]\w)", r"\1", text)
    words = (_meant(word) for word in re.findall(r"[a-z0-9':/]+|\?|\+", text))
    return " ".join(" ".join(words).split())


def _meant(word: str) -> str:
    """A word as it was meant: known slips, k for qu, the many spellings of unsubscribe."""
    if word in _SLIPS or word in _SLIPPED:
        return _SLIPS.get(word) or _SLIPPED[word]
    if re.fullmatch(r"uns\w*b\w*|(?:un|des|de)su[sb]\w*[bv]\w*|desus?cr\w+", word) and len(word) > 7:
        return "desuscribir" if word.startswith("des") else "unsubscribe"
    return re.sub(r"^k(?=ier|ien|it[aeo]|isi|eri|e$)", "qu", word)


def clauses(body: str) -> list[str]:
    """The reply cut where the writer cut it, each piece made plain; the whole when it was not cut."""
    return [words for part in re.split(r"[.,;:!?¡¿\n()\u2014]+", body) if (words := bare(plain(part)))]


def _latin(body: str) -> str:
    """Letters that look like ours (wide, ringed, squared, small capitals, Greek and Cyrillic twins) as ours; what cannot be seen, left out."""
    folded = unicodedata.normalize("NFKD", body.translate(_TWINS)).casefold().translate(_TWINS)
    return "".join(sign for sign in folded if unicodedata.category(sign) not in _UNSEEN)


def legible(body: str) -> str:
    """What was typed without control characters, which some databases refuse."""
    return "".join(sign for sign in body if sign >= " " or sign in "\n\t")


def bare(text: str) -> str:
    """Plain text without question marks and signs, for comparing with keywords."""
    return " ".join(re.sub(r"[^a-z0-9' ]", " ", text).split())


def bag(words: str) -> frozenset[str]:
    """The words of a line, for looking up."""
    return frozenset(words.split())


def number(word: str) -> int:
    """Five and 5 and cinco are 5."""
    return int(word) if word.isdigit() else NUMBERS[word]


def first_number(text: str) -> int | None:
    """The first number of a reply, as figures or in words; None when it names none."""
    hit = re.search(r"(?<![a-z0-9])" + NUMBER + r"(?![a-z0-9])", text)
    return number(hit[1]) if hit else None


def pattern(*alternatives: str) -> re.Pattern:
    """One expression out of readable alternatives, bound to whole words."""
    return re.compile(r"(?<![a-z0-9'])(?:" + "|".join(alternatives) + r")(?![a-z0-9'])")


_ENGLISH = bag(
    "the i you yes we will be there can't can my me is this am are for with and to not do need going come have of "
    "i'll i'm don't please who what when where ride thanks sorry maybe late tonight text texting number wrong")
_SPANISH = bag(
    "si yo usted que de la el los las voy vamos puedo ahi alla mi con para por quien cuando donde necesito gracias "
    "somos ya me manden mensajes tarde tal vez quizas un una es y en lo estoy soy ire claro cuidado ninos hay")


def language_of(text: str) -> str:
    """en or es by the small words; empty when the reply does not show it (OK, 3, a name)."""
    words = text.split()
    english = sum(word in _ENGLISH for word in words)
    spanish = sum(word in _SPANISH for word in words)
    return "" if english == spanish else "en" if english > spanish else "es"
