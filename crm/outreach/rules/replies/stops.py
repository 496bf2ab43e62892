"""The words that end texting (R4), those that ask for help (R11) or begin again (R10), and the free ways to say stop (R5)."""
from .words import bare, pattern

STOP_WORDS = frozenset((
    "stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out",
    "parar", "pare", "paren", "alto", "baja", "basta", "detener", "salir", "terminar", "desuscribir", "cancelar",
))
HELP_WORDS = frozenset(("help", "info", "ayuda", "informacion", "help me", "ayudame", "ayudenme", "i need help"))
START_WORDS = frozenset((
    "start", "unstop", "subscribe", "resubscribe", "iniciar", "empezar", "comenzar", "reanudar", "alta", "suscribir",
))
# What people put around a keyword without changing it.
_FILLER = frozenset(
    "please por favor porfavor ok now ya thanks thank you gracias it this me all already the texts text messages message "
    "mensajes los everything them hi hello hola senor senora sir i said just omg again friends y and to".split())
_WORDS_OF_STOP = frozenset(word for word in STOP_WORDS if " " not in word)

_SURE = pattern(
    r"(?:stop|quit|cease|end) (?:all )?(?:sending|texting|messaging|contacting|bothering|calling|spamming|harassing|"
    r"writing|hitting|blowing|emailing)",
    r"(?:stop|end|cancel|quit|no more|enough of|enough with|without) (?:with )?(?:all |any )?(?:the |these|this|those|your|"
    r"more |my )?(?:of |more |damn )*(?:texts?|messages?|texting|spam|subscription|notifications?|alerts?|updates)",
    r"(?:stop|quit) (?:it|this|that)(?: now| please)?$",
    r"(?:don't|do not|never|not to|no longer) (?:ever )?(?:text|message|contact|send|write|bother|call|hit)"
    r"(?: to)? (?:me|us|this|my|any|anything|texts|messages|here|no more|anymore)",
    r"(?:don't|do not|no longer|not) (?:want|wish|like|need|care)(?: to)? (?:to )?(?:(?:get|receive|be|see|for|have|you|getting) )*"
    r"(?:these|any|your|more|this|the|to|anymore)? ?(?:more |of )*(?:these |your )?(?:texts?|messages?|texting|texted|"
    r"contacted|messaged|text me|to text me|updates|on this list|on your list)",
    r"(?:remove|delete|erase|scratch|unlist|drop|unenroll|purge) (?:me|us|my|this|from|it from)",
    r"(?:take|get|want|pull|cross|strike) (?:me |my name |my number |this number |us |to be |to get |my phone )*"
    r"(?:off|out|removed|deleted)(?: of)?(?: from)?(?: the| your| this| these| that| ur)?"
    r"(?: (?:list|texts?|messages?|system|phone|contacts|database|group|chat|distribution|mailing|this|here|thing))*",
    r"(?:be|been|get) (?:removed|unsubscribed|taken off|deleted)", r"i want off", r"off (?:the|your|this) list",
    r"unsubscribe(?:d)?", r"opt(?:ing|ed)?(?: me| us)? out", r"leave (?:me|us) alone", r"lose (?:my|this) number",
    r"go away", r"(?:fuck|piss|buzz|bug|eff|f) off", r"(?:forget|block|blocking|blocked) (?:my number|you|this number|u)",
    r"(?:i|i'll|i will|will|going to) (?:be )?(?:report|reporting) (?:you|this|it)", r"report(?:ed|ing) (?:as )?spam",
    r"withdraw (?:my )?consent", r"revoke (?:my )?consent", r"no contact", r"(?:not|didn't|never) (?:ask|agree|sign|consent)"
    r"(?:ed)? (?:up )?(?:for|to) (?:this|these|any|get|be|receive|texts?|messages?|your)", r"this is harassment",
    r"no (?:further|more) (?:contact|communication|texts?|messages?|outreach)", r"stop please", r"please stop", r"i said stop",
    r"(?:have|has) (?:to|you) stop", r"make it stop", r"stop (?:now|already|forever|immediately)", r"not a member (?:any ?more)",
    # Spanish
    r"(?:ya )?no (?:me |nos |mas )?(?:mand\w+|envi\w+|escrib\w+|texte\w+|mensaje\w+|molest\w+|contact\w+|busque\w*|moleste\w*|"
    r"vuelv\w+ a (?:escribir|mandar|enviar|llamar|contactar)\w*)",
    r"(?:quit|borr|elimin|sac|saqu|remuev|tach|remov|desuscrib|suspend)(?:a|e|an|en|ar|enl[oa]|ue|uen|i|ir|an)?(?:me|nos)",
    r"(?:quit\w+|borr\w+|elimin\w+|saqu\w+|sac\w+|remuev\w+) (?:me |a mi |de )?(?:mi|este|el|la|su|esta|lista) ?(?:numero|telefono|"
    r"nombre|celular|lista|grupo|cel)?", r"me (?:quit|borr|elimin|saqu|sac|remuev)\w+",
    r"me (?:puede|pueden|podria|podrian|hace|hacen) (?:el favor de )?(?:quitar|borrar|eliminar|sacar|remover)",
    r"dej(?:e|en|a|ar|es)(?:n)? de (?:mand\w+|envi\w+|escrib\w+|molest\w+|texte\w+|llam\w+|contact\w+|estar)",
    r"par(?:e|en|a) de (?:mand\w+|envi\w+|escrib\w+|molest\w+|texte\w+|llam\w+)", r"(?:ya )?(?:paren|pare|basta|parele|parenle)(?: ya)?$",
    r"no (?:quiero|quisiera|deseo|queremos|necesito)(?: que)?(?: me| ya| mas| nos)* ?(?:seguir )?(?:recib\w+|mand\w+|envi\w+|escrib\w+|"
    r"texte\w+|mensajes?|textos?|sms|saber|contact\w+|llam\w+|molest\w+|estar en (?:la|su|esta) lista)",
    r"no (?:mas|quiero mas|quiero sus|quiero estos) (?:mensajes?|textos?|sms|spam)",
    r"(?:da\w*|den|deme|denme|dar|dame|darme|de|quiero|solicito|pido)(?: la| mi| de)* baja", r"de baja",
    r"deje(?:n|me|nme)?(?:me)? (?:en paz|tranquil[oa])", r"dejame en paz", r"ya (?:estuvo|basta|no mas|no quiero)(?: con| de| mas| mensajes|$).*",
    r"cancel(?:ar|en|e|o|a|eme|enme) (?:mi |la |los |estos |esta )?(?:suscripcion|mensajes?|textos?)", r"cancelenme|canceleme",
    r"anul\w+ (?:mi |la )?suscripcion", r"desuscrib\w+", r"no autoriz\w+", r"los voy a (?:reportar|bloquear|denunciar)",
    r"voy a (?:reportar|bloquear|denunciar)\w*", r"olvide(?:n|nse)?(?:se)? (?:de )?mi(?: numero)?", r"no me interesa(?:n)? (?:recibir|sus mensajes|"
    r"estos mensajes|mas)", r"retir(?:o|en|enme|eme|ar) (?:mi )?(?:consentimiento|numero|nombre)", r"retirenme|retireme", r"bloque\w+ este numero",
)
# The word is there, and plainly means something else.
_HARMLESS = pattern(
    r"(?:i'll|i will|i can|can i|can we|could i|we'll|we can|may i|might|to|will|let's|going to|just|i'd|should i|should we|ok)"
    r"(?: try to| try and| come)? stop (?:by|in|at|over|for)", r"stop (?:by|in|at|over)(?: later| after| before| tomorrow| for| the|"
    r" tonight| around| on| your| and| with)", r"(?:bus|next|last|metro|train|first|which|what|the|my|trolley|subway|your) stops?",
    r"(?:non|can't|won't|don't|never|not|will not|shouldn't|couldn't|will never) ?stop(?:ping)?(?! text)",
    r"(?:help |to |must |let's |gotta |we |will |can |and )*stop (?:the |these |all |this )?(?:rent|rents|eviction|evictions|landlord|"
    r"landlords|ice|deportation|deportations|cops|police|violence|cuts|hikes|increase|increases|war|displacement|developers?|"
    r"hate|demolition|sale|pipeline|raids)", r"stops? (?:at|on|near) ", r"stop sign", r"one stop",
)
_LOOSE = pattern(r"stop(?:ping)?", r"spam", r"harass\w+", r"scam", r"enough already", r"acoso", r"estafa", r"no molest\w+")
_ENDING = pattern(r"(?:end|cancel|quit|revoke) (?:it|me|this|all|please|now)(?: please| now)?")
_AGAIN = pattern(
    r"(?:start|resume|begin|keep) (?:texting|messaging|sending|texts|messages|the texts)", r"(?:sign|add|put) me back",
    r"(?:text|message) me again", r"resubscribe me", r"subscribe me", r"opt (?:me )?(?:back )?in", r"start please", r"please start",
    r"start (?:again|me)", r"(?:vuelvan|vuelva) a (?:mandar|enviar|escribir)\w*", r"quiero (?:volver a )?recibir (?:otra vez )?(?:los |sus )?(?:mensajes|textos)",
    r"(?:apunten|agreguen|pongan)me otra vez", r"denme de alta|deme de alta",
)


def is_stop(text: str) -> tuple[bool, bool]:
    """(opted out, in doubt). In doubt suppresses too, and a person looks at it."""
    words = bare(text)
    core = [word for word in words.split() if word not in _FILLER]
    if words in STOP_WORDS or words.replace(" ", "") in _WORDS_OF_STOP:
        return True, False
    if core and len(core) <= 2 and all(word in _WORDS_OF_STOP for word in core) and "?" not in text:
        return True, False
    left = _HARMLESS.sub(" ", words)
    if _SURE.search(left) or (len(words.split()) <= 4 and _ENDING.fullmatch(words)):
        return True, False
    return (True, True) if _LOOSE.search(left) else (False, False)


def is_help(text: str) -> bool:
    """HELP and INFO, alone or with a please."""
    words = " ".join(word for word in bare(text).split() if word not in ("please", "por", "favor"))
    return words in HELP_WORDS


def is_start(text: str) -> bool:
    """START and its free forms; never YES (R10)."""
    words = " ".join(word for word in bare(text).split() if word not in ("please", "por", "favor"))
    return words in START_WORDS or bool(_AGAIN.search(bare(text)))
