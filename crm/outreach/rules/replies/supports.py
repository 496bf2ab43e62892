"""Supports asked for in a reply: childcare, interpretation, a ride, access, a meal, a stipend, and for how many."""
import re

from crm.outreach.rules.replies.words import NUMBER, number, pattern

_KINDS = {
    "childcare": pattern(
        r"child ?care", r"(?:baby|kid)(?:sit\w*| ?sitt?er)", r"day ?care",
        r"(?:someone|anyone|somebody) (?:to|can|that can|who can) watch (?:my|the|our)",
        r"watch (?:my |the |our |two |three |\d )+(?:\w+ )?(?:kids?|children|baby|son|daughter|boys?|girls?|"
        r"toddler|little)", r"guarderia",
        r"(?:cuid\w+)(?: (?:a|de|para|con|los|las|el|la|mis?|\d|dos|tres|cuatro))* (?:ninos?|ninas?|hijos?|"
        r"hijas?|bebes?|bebe|chiquitos?|nenes?|kids)", r"(?:someone|anyone|somebody) (?:who|to|that) (?:can )?watch",
        r"quien (?:me )?(?:cuide|los cuide|cuida)", r"nineras?", r"cuidado infantil",
    ),
    "interpretation": pattern(
        r"interpret\w*", r"traduc\w+", r"translat\w+",
        r"(?:in|only|speaks?) (?:spanish|vietnamese|chinese|cantonese|mandarin|arabic|tagalog|korean|russian|"
        r"somali|amharic|haitian|creole|farsi|mixteco?|mam|portuguese|french|hmong|punjabi)(?: only)?", r"asl",
        r"sign language", r"lengua(?:je)? de senas", r"senas",
        r"no (?:hablo|entiendo|habla|entiende) (?:bien )?(?:el )?ingles",
        r"solo (?:habla|hablo|hablamos) (?:espanol|mixteco|mam|quiche|zapoteco|\w+)",
    ),
    "ride": pattern(
        r"(?:a |the |need |get |give |want |no |for |free )+(?:rides?|lift)",
        r"rides?(?: to| there| home| for| please|$)", r"carpool", r"transport\w*",
        r"(?:get|be) picked up", r"pick (?:me|us|her|him|them|my \w+) up", r"pick ?up",
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
        r"can't (?:do|climb|use) (?:the )?stairs", r"stairs", r"silla de ruedas", r"rampa", r"elevador", r"ascensor",
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
    r"no (?:entiend|habl)\w+", r"i'm|i am|soy|es|is|she's|he's", r"with|con",
)
_NEEDLESS = pattern(
    r"(?:don't|do not|doesn't|won't|no longer|no) (?:i )?need(?: any| a| the)?", r"no need(?: for| of)?(?: a| any)?",
    r"(?:ya )?no (?:necesit\w+|ocup\w+)",
    r"(?<!don't )(?<!doesn't )(?<!not )(?:have|got) (?:my own|our own|a) (?:ride|car|transport|childcare|babysitter)",
    r"(?<!no )tengo (?:transporte|carro|coche|ninera|quien|raite|aventon)",
    r"(?:voy|vamos) en (?:mi )?(?:carro|coche)",
)
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
_FOR = re.compile(r"\b(?:for|para|son|x) (?:mis |my |los |las |the )?" + NUMBER + r"\b")
_OF_US = re.compile(r"\b" + NUMBER + r" of us\b")


def supports_in(text: str) -> tuple[tuple[str, int], ...]:
    """What was asked for, with how many it is for: (("childcare", 2),). What is said not to be needed is not in it."""
    found = []
    short = len(text.split()) <= 5
    for kind, words in _KINDS.items():
        hit = words.search(text)
        if not hit or _refused(text, hit.start()):
            continue
        if kind == "access" and _COMPLAINT.search(text):
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
    counted = _FOR.search(text) or _OF_US.search(text)
    return number(counted[1]) if counted else 1
