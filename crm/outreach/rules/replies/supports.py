"""Supports asked for in a reply: childcare, interpretation, a ride, access, a meal, a stipend, and for how many."""
import re

from crm.outreach.rules.replies.places import pick_up_in
from crm.outreach.rules.replies.words import NUMBER, number, pattern

_KINDS = {
    "childcare": pattern(
        r"child ?care", r"(?:baby|kid)(?:sit\w*| ?sitt?er)", r"day ?care",
        r"(?:someone|anyone|somebody) (?:to|can|that can|who can) watch (?:my|the|our)",
        r"watch (?:my |the |our |two |three |\d )+(?:\w+ )?(?:kids?|children|baby|son|daughter|boys?|girls?|"
        r"toddler|little)", r"guarderia",
        r"(?:look after|mind|watch|care for|keep an eye on) (?:my|our|the) (?:\d+ (?:year old|yr old|yo)|\w+ )?(?:\w+ )?(?:son|daughter|kid|kids|"
        r"child|children|baby|boys?|girls?|toddler|little ones?|grand\w+|year old|one)",
        r"(?:kids?|children|boys|girls|ninos|ninas|hijos|hijas|bebes?|nino|nina)(?: \w+){0,8} (?:need\w*|necesit\w+|ocupan?|"
        r"would need) (?:\w+ )?(?:watching|care|cuidado|cuidar|looking|guarderia|childcare)",
        r"(?:necesit\w+|need\w*|ocupo|para) (?:el )?cuidado(?: de ninos)?$",
        r"(?:cuid\w+)(?: (?:a|de|para|con|los|las|el|la|mis?|\d|dos|tres|cuatro))* (?:ninos?|ninas?|hijos?|"
        r"hijas?|bebes?|bebe|chiquitos?|nenes?|kids)", r"(?:someone|anyone|somebody) (?:who|to|that) (?:can )?watch",
        r"quien (?:me )?(?:cuide|los cuide|cuida)", r"nineras?", r"cuidado infantil",
    ),
    "interpretation": pattern(
        r"interpret\w*", r"traduc\w+", r"translat\w+",
        r"(?<!text that to me )(?<!text me only )(?<!that to me )(?:in|only|speaks?) (?:spanish|vietnamese|chinese|cantonese|mandarin|arabic|tagalog|"
        r"korean|russian|"
        r"somali|amharic|haitian|creole|farsi|mixteco?|mam|portuguese|french|hmong|punjabi)(?: only)?", r"asl",
        r"sign language", r"lengua(?:je)? de senas", r"senas",
        r"no (?:hablo|entiendo|habla|entiende) (?:bien )?(?:el )?ingles",
        r"(?:speaks?|in|a|an|need|for) (?:khmer|lao|tigrinya|swahili|urdu|hindi|nahuatl|amharic|mam|mixteco|zapoteco|quiche)",
        r"solo (?:habla|hablo|hablamos) (?:espanol|mixteco|mam|quiche|zapoteco|\w+)",
    ),
    "ride": pattern(
        r"(?:a |the |need |get |give |want |no |for |free )+(?:rides?|lift)",
        r"(?:rides?|lift)(?: to| there| home| for| please| from|$)", r"no (?:wheels|way (?:there|to get there))",
        r"(?:scoop|swing by|come get|fetch|collect) (?:me|us)", r"help getting there", r"(?:don't|do not|can't|no longer) drive(?: anymore)?",
        r"(?:en )?que (?:irme|ir|llegar)$", r"no (?:tengo|hay|tenemos) (?:en que|como|quien(?: me| nos)?) (?:ir\w*|lleg\w+|llev\w+|mover\w+)",
        r"(?:somebody|someone|they|you|if you) picks? (?:me|us) up", r"carpool", r"transport\w*",
        r"(?:get|be) picked up", r"pick (?:me|us|her|him|them|my \w+) up", r"pick ?up(?! the| your)",
        r"no (?:car|carro|tengo carro|tengo coche|tengo como (?:ir|llegar))",
        r"(?:don't|do not|doesn't) (?:have a|have|drive|own a) ?(?:car|way|transportation)?(?: to get)?(?= "
        r"there|$| to get| anymore| so| but)",
        r"(?:car|carro|coche|troca) (?:is )?(?:broke\w*|died|esta descompuest\w|descompuest\w|no sirve)",
        r"un? (?:raite|aventon|ride|jalon)", r"(?:raite|aventon)",
        r"(?:me|nos|pasen|pasar|pasan|puedan|pueden|alguien) (?:a )?(?:recog\w+|llevar|lleve\w*|por mi|a "
        r"recogerme)", r"reco[gj](?:er|erme|ernos|an|anme|a|enme|ame)",
        r"pas(?:ar|en|an) por (?:mi|nosotros|nosotras|ella|el)", r"bus pass(?:es)?", r"como (?:llegar|irme)",
    ),
    "access": pattern(
        r"wheel ?chairs?", r"ramps?", r"accessib\w+", r"elevator", r"walker",
        r"can't (?:do|climb|use) (?:the )?(?:stairs|steps)", r"no puedo subir (?:\w+ )?(?:escalones|gradas|escaleras)", r"(?:anda|andar|va|viene) en silla",
        r"stairs", r"silla de ruedas", r"rampa", r"elevador", r"ascensor",
        r"andador", r"escaleras", r"acces(?:o|ible)\w*", r"large print", r"hard of hearing", r"deaf", r"blind",
        r"letra grande", r"baston", r"mobility", r"discapacidad",
    ),
    "meal": pattern(
        r"(?:vegan|vegetarian|vegetarian[oa]s?|vegan[oa]s?|halal|kosher|gluten)(?: free)?",
        r"(?:need|want|have|get|with|for|the|a|hot) (?:food|lunch|dinner|meals?|breakfast)", r"meals?", r"comidas?",
        r"almuerzos?", r"cena", r"alerg\w+", r"allerg\w+", r"diabetic\w*",
    ),
    "stipend": pattern(r"stipends?", r"estipendio", r"gas money", r"lost wages", r"(?:pay|paid) for (?:my|our) time",
                       r"gas card", r"para (?:la )?gasolina", r"perder(?:ia)? (?:el|mi) (?:dia|sueldo)"),
}
_NEED = pattern(
    r"need\w*", r"any way", r"someone|anyone", r"necesit\w+", r"ocup(?:o|amos|a)",
    r"can (?:i|we|you|someone|somebody|anyone|y'all)", r"could (?:i|we|you|someone|anyone)",
    r"would (?:like|love|need)", r"please", r"por favor", r"want", r"quiero", r"quisiera\w*",
    r"me (?:puede|pueden|podria|podrian|hace falta)", r"nos (?:puede|pueden)", r"si (?:me|nos|hay|tuviera|alguien)",
    r"if (?:i|you|there|someone|we)", r"unless", r"requir\w+", r"alguien (?:que|me|puede|para)", r"podrian?",
    r"pueden?", r"depend\w* on", r"don't have", r"no tengo", r"looking for", r"request\w*", r"busco", r"falta",
    r"have (?:no|nobody)", r"speaks?", r"solo habla\w*", r"solo hablamos", r"use", r"uso|usa", r"broke\w*",
    r"no (?:entiend|habl)\w+", r"i'm|i am|soy|es|is|she's|he's", r"with|con", r"anda|andan|viene", r"someone to", r"quien me",
    r"for (?:one|two|three|four|five|\d|my|our)",
)
_NEEDLESS = pattern(
    r"(?:don't|do not|doesn't|won't|no longer|no) (?:i )?need(?: any| a| the)?", r"no need(?: for| of)?(?: a| any)?",
    r"(?:ya )?no (?:necesit\w+|ocup\w+)",
    r"(?<!don't )(?<!doesn't )(?<!not )(?:have|got) (?:my own|our own|a) (?:ride|car|transport|childcare|babysitter)",
    r"(?<!no )tengo (?:transporte|carro|coche|ninera|quien|raite|aventon)",
    r"(?:voy|vamos) en (?:mi )?(?:carro|coche)",
)
_OTHERS_RIDE = pattern(r"off the list", r"someone else to drive", r"got (?:a ride|one)")
# A tenant's building is what the organization is about: its elevator is no request for access.
_COMPLAINT = pattern(
    r"buildings?", r"edificio", r"landlord", r"du?eno", r"broken", r"repair\w*", r"fix\w*", r"arregl\w+",
    r"my apartment",
)
_CHILDREN = re.compile(
    r"\b" + NUMBER + r"(?: \w+)? (?:kids?|children|ninos?|ninas?|hijos?|hijas?|little ones|boys?|girls?|"
                     r"babies|bebes?|chiquitos?|"
    r"toddlers?)\b",
)
_CHILDREN_AND_AGES = re.compile(
    r"(?:(?:yes|si|ok) )?(?:(?:i have|we have|tengo|tenemos|son|my|mis) )?" + NUMBER + r" (?:kids?|children|ninos|ninas|hijos|hijas|boys|girls|"
    r"little ones)(?: (?:de|of|ages?|edades?|y|and))? \d{1,2}(?: (?:y|and))?(?: \d{1,2})*(?: (?:y|and) \d{1,2})*(?: (?:anos|years(?: old)?|yrs))?")
_FOR = re.compile(
    r"\b(?:for|para|son|x) (?:mis |my |los |las |the )?" + NUMBER
    + r"\b(?! (?:\w+ )?(?:kids?|children|ninos?|ninas?|hijos?|hijas?|boys?|girls?|bebes?))")
_YEARS = re.compile(r"\b" + NUMBER + r" ?(?:years?|yrs?|anos?|months?|meses|y/?o)\b(?: old)?")
_OF_US = re.compile(r"\b" + NUMBER + r" of us\b")


def supports_in(text: str) -> tuple[tuple[str, int], ...]:
    """What was asked for, with how many it is for: (("childcare", 2),). What is said not to be needed is not in it."""
    if _CHILDREN_AND_AGES.fullmatch(text):
        return (("childcare", _how_many(text, "childcare")),)
    found = []
    short = len(text.split()) <= 6
    for kind, words in _KINDS.items():
        hit = words.search(text)
        if not hit or _refused(text, hit.start()):
            continue
        if kind == "access" and _COMPLAINT.search(text):
            continue
        if kind == "ride" and _OTHERS_RIDE.search(text):
            continue
        if short or _NEED.search(text):
            found.append((kind, _how_many(text, kind)))
    return tuple(found)


def _refused(text: str, start: int) -> bool:
    """Whether the clause around the word says that it is not needed: I don't need a ride, ya tengo transporte."""
    beginning = re.split(r" (?:but|pero|aunque|and need|y necesito) ", text[:start])[-1]
    return bool(_NEEDLESS.search(beginning + text[start:]))


def _how_many(text: str, kind: str) -> int:
    children = _CHILDREN.search(text)
    if kind == "childcare" and children:
        return number(children[1])
    if kind == "childcare" and len(ages := ages_in(text)) > 1:
        return len(ages)
    text = _YEARS.sub(" ", text)
    counted = _FOR.search(text) or _OF_US.search(text)
    return number(counted[1]) if counted else 1


LANGUAGES = {
    "spanish": "Spanish", "espanol": "Spanish", "english": "English", "ingles": "English", "vietnamese": "Vietnamese", "vietnamita": "Vietnamese",
    "chinese": "Chinese", "chino": "Chinese",
    "cantonese": "Cantonese", "cantones": "Cantonese",
    "mandarin": "Chinese", "arabic": "Arabic", "arabe": "Arabic", "tagalog": "Tagalog", "korean": "Korean", "coreano": "Korean", "russian": "Russian",
    "ruso": "Russian", "somali": "Somali",
    "amharic": "Amharic", "haitian": "Haitian Creole",
    "creole": "Haitian Creole", "criollo": "Haitian Creole", "farsi": "Farsi", "mixteco": "Mixteco", "mixtec": "Mixteco", "mam": "Mam", "quiche": "K'iche'",
    "kiche": "K'iche'",
    "zapoteco": "Zapoteco", "portuguese": "Portuguese", "portugues": "Portuguese",
    "french": "French", "frances": "French", "hmong": "Hmong", "punjabi": "Punjabi", "asl": "ASL", "sign": "ASL", "senas": "ASL", "khmer": "Khmer",
    "lao": "Lao",
    "tigrinya": "Tigrinya", "swahili": "Swahili", "urdu": "Urdu", "hindi": "Hindi", "nahuatl": "Nahuatl",
}
_SPEAKS_NO_ENGLISH = pattern(r"no (?:hablo|entiendo|habla|entiende|hablan|hablamos) (?:\w+ )?(?:el )?ingles")
_AGES = re.compile(
    r"(?:\bages?|\baged|\bedad(?:es)?|\bde|\btienen?|\bare|\bis|\bson|\bmy|,|\bkids?|\bchildren|\bni[nñ][oa]s|\bhij[oa]s|\bboys|\bgirls) *((?:\d{1,2}|"
    r"" + "|".join(NUMBER[1:-1].split("|")[1:]) + r")(?: ?(?:,|y|and|&|,? (?:y|and)) ?(?:\d{1,2}|"
    + "|".join(NUMBER[1:-1].split("|")[1:]) + r"))*)(?= *(?:$|[.,!?]|a[nñ]os|years?|yrs?|yo\b|y/o|old|months?|meses|need|nece|que|would|please|por|and|"
    r"y ))|(\d{1,2}|" + "|".join(NUMBER[1:-1].split("|")[1:]) + r") ?(?:year|yr|a[nñ]o|y/?o\b)", re.I)


def language_needed(text: str) -> str:
    """The language of an interpreter asked for; empty when it was not said."""
    if _SPEAKS_NO_ENGLISH.search(text):
        rest = next((LANGUAGES[word] for word in text.split() if word in LANGUAGES and LANGUAGES[word] not in ("English", "Spanish")), "")
        return rest or "Spanish"
    return next((LANGUAGES[word] for word in text.split() if word in LANGUAGES), "")


def ages_in(body: str) -> tuple[int, ...]:
    """The ages of the children of a text, in the order they were named."""
    found = []
    for hit in _AGES.finditer(body):
        found += [number(word) for word in re.findall(NUMBER, (hit[1] or hit[2]).lower())]
    return tuple(age for age in found if age < 18)


def details_of(body: str, text: str, supports: tuple[tuple[str, int], ...]) -> tuple[tuple[str, str], ...]:
    """What was said of each support beyond how many: the ages, where the ride begins, which language."""
    said = {"childcare": lambda: ", ".join(str(age) for age in ages_in(body)), "ride": lambda: pick_up_in(body),
    "interpretation": lambda: language_needed(text)}
    return tuple((kind, words) for kind, _count in supports if kind in said and (words := said[kind]()))
