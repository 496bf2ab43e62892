"""How many come: guests beside the writer, from party sizes, companions and plus signs."""
import re

from crm.outreach.rules.replies.words import NUMBER, number, pattern

# Numbers that count no people: times, ages, dates, prices, floors; they are taken out first.
_NOT_PEOPLE = re.compile(
    r"\b(?:a las|las|at|by|around|after|until|till|como a las|hasta las|until the|edad|aged?|ages|apt|apartment|"
    r"piso|floor|room|bus|linea|line|calle|unit) \d{1,4}(?:[:/]\d+)?(?: ?(?:am|pm|y media))?\b|"
    r"\b\d{1,2}(?::\d\d|(?: ?(?:am|pm)\b))|\b\d{1,2}(?: ?(?:years?|yrs?|anos|min\w*|hours?|hrs?|horas?|months?|"
    r"meses|blocks?|cuadras?|st|nd|rd|th|pm|am|weeks?|semanas?|dollars|dolares)\b(?: old)?)|\b\d{3,}\b|"
    r"\b\d{1,2} (?:and|y) \d{1,2}(?= ?(?:years|yrs|anos|old|$))|\b\d+/\d+\b",
)
_WHOLE = pattern(
    r"(?:somos|seremos|vamos|iremos|estaremos|llegamos|vendremos|vamos a ser|vamos a ir|para|mesa para|we are|"
    r"we're|we will be|we'll be|party of|group of|table for|yes for|for|yes x|si x|x) (?:como |about |los |las |"
    r"a party of |all |a ir )*" + NUMBER + r"(?= ?(?:people|personas|of us|adult\w*|en total|total|de "
    r"nosotros|gentes?|familiares|$|\?|y |and |con |"
    r"with |thanks|gracias|por |please|pero |but |van|coming|there|si ))",
    r"(?:there will be |there'll be |there are |will be |it's |just |all |the |los |las |nosotros )?" + NUMBER +
    r" (?:of us|people|personas|adults|adultos|total|en total|de nosotros|in total|in my family|de mi familia)",
    r"(?:yes|si|ok|sure|claro|confirmed|confirmo|confirmamos) (?:we |nosotros |para |for |x ?|all )?" + NUMBER +
    r"(?=$| (?:thanks|gracias|people|personas|of us|please|por favor|de nosotros)|\?)",
    r"x ?(\d{1,2})$", r"somos " + NUMBER,
)
_ADDED = pattern(
    r"(?:\+|plus|mas) ?" + NUMBER,
    NUMBER + r" (?:more|extra|guests?|invitad[oa]s|mas|others?|acompanantes|otras personas|personas mas|"
             r"people with me)",
    r"(?:bring\w*|take|taking|llevo|llevare|llevamos|traigo|traere|voy con|ire con|vengo con|con|with|invite a|"
    r"invited|llevando|me and|and|y|yo y|yo con) (?:a |my |mis |mi |los |las |otr[oa]s |other |at least |about |"
    r"como )*" + NUMBER + r" (?:\w+ )?(?:friends?|people|kids|children|guests?|neighbors?|coworkers?|sons?|"
                          r"daughters?|sisters?|"
    r"brothers?|more|others?|family|amig[oa]s?|personas?|hij[oa]s?|nin[oa]s?|vecin[oa]s?|herman[oa]s?|"
    r"companer[oa]s?|invitad[oa]s?|mas|prim[oa]s?|familiares|cousins?|roommates?|grandkids|niet[oa]s?|"
    r"sobrin[oa]s?|teens?|boys|girls|bebes)",
    r"(?:bring\w*|llevo|llevare|traigo|llevamos) (?:a |otr[oa]s )?" + NUMBER + r"(?=$| (?:con|with|conmigo|"
    r"mas|thanks|gracias))",
)
_KIN = (r"(?:mom|mother|dad|father|wife|husband|partner|sister|brother|son|daughter|friend|neighbor|cousin|"
        r"aunt|uncle|grandma|grandmother|grandpa|roommate|boyfriend|girlfriend|coworker|kid|baby|niece|nephew|"
        r"mother in law|spouse|mama|papa|madre|padre|esposo|esposa|marido|mujer|senora|hermana|hermano|hijo|"
        r"hija|amigo|amiga|vecina|vecino|prima|primo|tia|tio|abuela|abuelo|suegra|suegro|comadre|compadre|companera|"
        r"companero|novio|novia|nieta|nieto|cunada|cunado|pareja|nino|nina|bebe|mami|papi|nuera|yerno|"
        r"sobrina|sobrino|mum|fiance|fiancee|hubby)")
_ONE = re.compile(r"\b(?:my|mi|a|un|una|la|the|one|otra|otro) (?:\w+ )?(" + _KIN + r")\b")
_SEVERAL = re.compile(
    r"\b(?:my|mis|the|los|las|our|nuestros) (?:kids|children|parents|sons|daughters|sisters|brothers|friends|"
    r"neighbors|family|hijos|hijas|ninos|ninas|padres|papas|hermanos|hermanas|amigos|amigas|vecinos|vecinas|"
    r"nietos|nietas|familia)\b|\bmi familia\b|\bson (dos|tres|cuatro|cinco|\d)\b",
)
_SONS = re.compile(r"\b(?:hijos|ninos|ninas|kids|children)\b.{0,14}\b(?:son|all|they are|there are) " + NUMBER +
        r"\b")
_COMPANY = pattern(
    r"(?:me|i|yo|myself|we)(?: and|,)? (?:and |y |con |with |plus )?", r"(?:and|y) (?:me|i|yo)", r"with", r"con",
    r"bring\w*", r"llev\w+", r"traig\w+", r"traer\w+", r"both", r"coming", r"voy", r"vamos", r"and|y|plus",
)
_TWO = pattern(
    r"(?:both|two|the two) of us", r"(?:los|las|nosotros|nosotras) dos", r"we'll both", r"we both", r"ambos|ambas",
)
_NAMES = re.compile(
    r"\b(?:llevo|llevare|traigo|bringing|voy con|ire con) (?:a )?(?!mi|mis|mas|un|una|los|las|la|el|my|a|the|"
    r"some|dos|tres|cuatro|cinco|\d)([a-z]{3,})((?: (?:y|and|,)(?: a)? (?!la|las|el|need|necesit|i|"
    r"yo)[a-z]{3,})*)",
)


def guests_in(text: str) -> tuple[int | None, bool]:
    """(guests beside the writer or None if nothing is said, whether the number is a guess)."""
    text = _NOT_PEOPLE.sub(" ", text)
    text = re.sub(r"\b(?:childcare|child care|cuidado(?: de (?:los )?(?:ninos|hijos))?|cuiden|rides?|"
                  r"transport\w*|interpret\w*|raite|aventon|lunch|comida|food|watch|meals?)(?: (?:a|para|"
                  r"for|mis|my|mi|our|both)){1,2} (?:"
                  + NUMBER[1:-1] + r")(?: (?:kids?|children|ninos|hijos|personas|people|hijas|boys|girls))?\b", " ", text)
    added, whole = _ADDED.search(text), _WHOLE.search(text)
    if children := _SONS.search(text):
        return number(children[1]), False
    if added and (not whole or whole.start() >= added.start() - 4):
        return _first(added), False
    if whole:
        return max(_first(whole) - 1, 0), False
    if _TWO.search(text):
        return 1, False
    return _companions(text)


def _companions(text: str) -> tuple[int | None, bool]:
    if not _COMPANY.search(text):
        return None, False
    if names := _NAMES.search(text):
        return 1 + len(re.findall(r" (?:y|and)(?: a)? ", names[2])), False
    singles = len({hit[1] for hit in _ONE.finditer(text)})
    several = bool(_SEVERAL.search(text))
    if not singles and not several:
        return None, False
    return singles + (2 if several else 0), several


def _first(hit: re.Match) -> int:
    return number(next(group for group in hit.groups() if group))
