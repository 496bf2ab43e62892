"""Where somebody is: a new address, a place to be picked up, at the door already."""
import re

from crm.outreach.rules.replies.words import bare, pattern, plain

_MOVED = pattern(
    r"(?:i|we|i've|we've|have|just|already) (?:have |just |already |'ve )?moved(?! (?:to tears|by|on|the|it|up|forward|in with|away))", r"^moved to",
    r"(?:my|our) (?:new )?address (?:is|changed|has changed|now)", r"(?:new|change of|changed|update my|changed my|correct) address",
    r"(?:i|we) (?:now )?(?:live|stay|am|are) (?:now )?(?:at|on) \d+", r"(?:i'm|we're|we are|i am) (?:now )?(?:at|on) \d+ \w+ (?:\w+ ){0,3}now",
    r"don't live (?:there|here|at that address) (?:anymore|any more|no more) (?:\w+ ){0,3}\d", r"no longer live (?:there|here|at) (?:\w+ ){0,4}\d",
    r"(?:me|nos) (?:mude|mudamos|cambie|cambiamos)(?: de (?:casa|direccion|domicilio|apartamento))?(?: (?:a|al|para|en)\b)?",
    r"(?:mi|nuestra) (?:nueva )?direccion (?:es|nueva|cambio|ahora)", r"nueva direccion", r"(?:cambie|cambio|cambiamos) (?:de|mi|la) (?:direccion|domicilio)",
    r"(?:ahora|ya) (?:vivo|vivimos|estoy|estamos) en (?=(?:la |el |calle |avenida )*\d|\d)", r"ahora (?:vivo|vivimos) en",
    r"ya no (?:vivo|vivimos) (?:ahi|alli|aqui|alla) (?:\w+ ){0,4}\d",
)
_NOT_HOME = pattern(r"(?:car|van|bus|seat|date|meeting|reunion|junta|phone|telefono|numero|trabajo|job)")
_AT = re.compile(r"(?:moved(?: in)? (?:to|into)|live (?:now )?(?:at|on)|address (?:is|to|now|changed to|:)|address:?|it's|at|mud[eé] (?:a|al)|"
    r"mudamos (?:a|al)|direcci[oó]n (?:es|a|:)|vivo en|vivimos en|estoy en|estamos en|changed:|cambi[eé] a)\s*(.*\d.*)", re.I)
_STREET = re.compile(r"\b\d{1,6}\b.*", re.S)
_HERE = re.compile(
    r"(?:(?:ok|hi|hello|hey|hola|yes|si|yep) )*(?:(?:i'm|i am|im|we're|we are|we) )?(?:(?:just|already|now|all) )*(?:here|arrived|present|checked in|"
    r"checking in|check in|checkin|made it|got here|(?:just )?walked in|at the (?:door|meeting|hall|assembly|entrance)|"
    r"in the (?:room|hall|building)|inside|outside|out front)(?: (?:now|already|at the (?:door|meeting|hall|assembly|entrance)|with \w+(?: \w+)?|"
    r"inside|in the (?:room|hall)|we're inside|i'm inside|thanks|everyone|y'all|you all))*|"
    r"i (?:just )?(?:got here|made it|arrived|am at the \w+)|i've arrived|we(?:'ve| have)? (?:just )?(?:got here|made it|arrived)(?: we're (?:inside|here))?|"
    r"(?:(?:hola|si|ok|ya|bueno) )*(?:estoy |estamos |aqui )*(?:aqui|presente|presentes|en la (?:puerta|entrada|reunion|junta|asamblea)|adentro|"
    r"aqui afuera)(?: (?:estoy|estamos|afuera|adentro|ya|presente|en (?:la|el|las) (?:\w+ ){0,2}?(?:puerta|entrada|piso|salon|sala)))*|"
    r"(?:ya |acabo de |acabamos de |si )*(?:llegue|llegamos|llegar|llegando)(?: (?:ya |a la |al )?(?:\w+ )?(?:aqui|puerta|reunion|junta|asamblea|"
    r"salon|ya|estoy|en|la|entrada))*"
)
_FROM = re.compile(r"\b(?:from|desde|por mi (?:a|en)|recog\w* (?:a|en)|(?:pick|scoop) (?:me|us) up (?:at|on|from|in)|pickup (?:at|from)|(?:lift|ride|"
    r"raite|aventon) de)\s+(?:the corner of |la esquina de )?(.{3,80}?)(?=$|[.;!?\n]|,? (?:please|thanks|thank|por favor|gracias|and i|y yo|at \d|"
    r"a las|to the|to get|for the|for \d))", re.I)


def has_moved(text: str) -> bool:
    """Whether they tell of a new address of their own."""
    words = bare(text)
    hit = _MOVED.search(words)
    return bool(hit) and not _NOT_HOME.search(words[hit.start() : hit.end() + 12])


def address_in(body: str) -> str:
    """The address as they wrote it, from a text that tells of a new one; empty when it holds none."""
    found = _AT.search(body)
    words = found[1] if found else body
    street = _STREET.search(words)
    kept = street[0] if street else ""
    return re.sub(r"\s+", " ", re.sub(r"(?i)[\s,]+(?:now|ahora|last \w+|thanks?.*|gracias.*|please|por favor)?[\s.!]*$", "", kept)).strip()[:160]


def is_here(text: str) -> bool:
    """Somebody says that they have arrived; true only of a text that says nothing else."""
    words = bare(text)
    return len(words.split()) <= 12 and bool(_HERE.fullmatch(words))


def pick_up_in(body: str) -> str:
    """Where a ride should begin, as they wrote it; empty when they did not say."""
    found = _FROM.search(body)
    return "" if found is None or plain(found[1]).split()[:1] in (["work"], ["you"]) else found[1].strip(" .,")[:160]
