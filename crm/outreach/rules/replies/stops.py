"""The words that end texting (R4), ask for help (R11) or begin again (R10), and the free ways to say stop (R5)."""
from crm.outreach.rules.replies.words import bag, bare, pattern

STOP_WORDS = frozenset((
    "stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out",
    "stoop", "stpo", "sotp", "stopp", "parar", "pare", "paren", "alto", "baja", "basta", "detener", "salir", "terminar", "desuscribir", "cancelar",
))
HELP_WORDS = frozenset(("help", "info", "more info", "ayuda", "informacion", "mas informacion", "help me", "ayudame", "ayudenme", "i need help"))
START_WORDS = frozenset((
    "start", "unstop", "subscribe", "resubscribe", "iniciar", "empezar", "comenzar", "reanudar", "alta", "suscribir",
))
# What people put around a keyword without changing it.
_FILLER = bag(
    "please por favor porfavor ok now ya thanks thank you gracias it this me all already the texts text messages message "
    "mensajes los everything them hi hello hola senor senora sir i said just omg again friends y and to")
_ONE_WORD = frozenset(word for word in STOP_WORDS if " " not in word)
_TEXTS = r"(?:texts?|messages?|texting|spam|subscription|notifications?|alerts?|updates)"
_ME = r"(?:me|us|my name|my number|this number|this phone|my phone|my cell|it)"
_SEND_ES = (r"(?:mand(?:e|en|es|ar|ando|arme|enme)|envi(?:e|en|es|ar|ando|arme|enme)|escrib(?:a|an|as|ir|"
            r"iendo|irme|anme)|"
            r"text(?:ee|een|ees|ear|eando|e|en|earme)|mensaj(?:ee|een|ear|een)|molest(?:e|en|es|ar|ando|arme|enme)|"
            r"contact(?:e|en|es|ar|ando|arme)|llam(?:e|en|es|ar|arme|enme))")
_MINE_ES = r"(?:a )?(?:mi|este|ese) (?:numero|telefono|nombre|celular|cel|contacto)"

_ENGLISH = pattern(
    r"(?:stop|quit|cease|end) (?:all )?(?:sending|texting|messaging|contacting|bothering|calling|spamming|"
    r"harassing|writing)",
    r"(?:stop|end|cancel|quit|no more|enough of|enough with|without) (?:with )?(?:(?:all|any|the|these|this|"
    r"those|your|more|my|of|damn|them) )*" + _TEXTS, r"(?:stop|quit) (?:it|this|that)(?: now| please)?$",
    r"(?:don't|do not|never|no longer) (?:ever )?(?:text|message|contact)$",
    r"(?:don't|do not|never|not to|no longer|not) (?:ever )?(?:text|message|contact|send|write|bother|call) "
    r"(?:to )?(?:me|us|this|my|any|anything|texts|messages|here|no more|anymore|again)",
    r"(?:don't|do not|no longer|not|didn't) (?:want|wish|like|need|care)(?:ed|ing)? (?:(?:to|get|getting|"
    r"receive|receiving|be|see|for|have|you|these|any|your|more|this|the|anymore|of|from|on) )*(?:" + _TEXTS +
    r"|texted|contacted|messaged|text me|list)",
    r"(?:remove|delete|erase|unlist|unenroll|purge) (?:me|us|my (?:name|number|phone|info|cell|contact)|this "
    r"number|from)",
    r"(?:take|get|pull|cross|strike|keep|drop) " + _ME + r" (?:off|out of (?:this|the|your)|from (?:this|"
    r"the|your) (?:list|texts))",
    r"(?:be|been|get) (?:removed|unsubscribed|taken off|deleted)", r"i want off", r"off (?:the|your|this) list",
    r"unsubscrib\w*", r"opt(?:ing|ed)?(?: me| us)? out", r"leave (?:me|us) alone", r"lose (?:my|this) number",
    r"go away", r"(?:fuck|piss|buzz|bug|eff|f) off",
    r"(?:forget|block|blocking|blocked) (?:my number|you|this number)",
    r"report(?:ing)? (?:you|this number|this as|as spam)", r"(?:withdraw|revoke) (?:my )?consent",
    r"this is harassment",
    r"(?:not|didn't|never) (?:ask|agree|sign|signed|asked|agreed|consent|consented|gave)(?: up)? (?:for|to|"
    r"you)(?: permission)? ?(?:this|these|any|get|be|receive|texts?|messages?|your)?",
    r"no (?:further|more) (?:contact|communication|texts?|messages?|outreach)", r"stop please",
    r"please stop(?! (?:by|at|in|over))", r"i said stop",
    r"(?:have|has|need|want you|asked you|told you|must|should) (?:to|please)? ?stop(?! (?:by|at|in|over|rent|"
    r"the))", r"make it stop", r"stop (?:now|already|forever|immediately|at once)", r"enough already",
    r"done with (?:these|this|the|your) texts", r"(?:discontinue|cease)", r"(?:no longer|not to|don't) receive",
    r"(?:don't|do not|never) (?:want to|wanna|wish to|care to) (?:ever )?hear from", r"please no more$|please no more (?!than)",
    r"(?:doesn't|does not) (?:want|need|like) (?:(?:to|get|any|your|more|these|the) )*" + _TEXTS,
    r"take (?:him|her|them|my \w+) off(?! work)",
)
_SPANISH = pattern(
    r"no (?:(?:me|nos|mas|vuelva|vuelvan|vuelvas|sigan|siga|a|le|les|quiero que me) )*" + _SEND_ES,
    r"(?:quit|borr|elimin|saqu|remuev|tach|desuscrib|suspend)(?:a|e|an|en|ar|i|ir)(?:me|nos)", r"sacame|saquenos",
    r"(?:quit\w+|borr\w+|elimin\w+|saqu\w+|sac\w+|remuev\w+|olvid\w+) (?:de )?" + _MINE_ES,
    r"(?:quit\w+|borr\w+|elimin\w+|saqu\w+|sacar\w*|remuev\w+|salir|salirme) (?:me )?(?:de|del) (?:la|su|esta|"
    r"esa|este|su)? ?(?:lista|grupo)",
    r"me (?:quiten?|borren?|borras?|eliminen?|saquen?|quitas?|quitan|remuevan|desuscriban?)",
    r"me (?:puedes?|pueden|podria|podrian|hace|hacen) (?:el favor de )?(?:quitar|borrar|eliminar|sacar|remover|"
    r"desuscribir)", r"dej(?:e|en|a|ar|es|enme|eme|ame) de (?:estar )?" + _SEND_ES,
    r"par(?:e|en|a) de (?:estar )?" + _SEND_ES, r"(?:ya )?(?:paren|pare|basta|parele|parenle)(?: ya| por favor)?$",
    r"no (?:quiero|quisiera|deseo|queremos|necesito|me interesa)(?: que)?(?: me| ya| mas| nos| seguir| sus| "
    r"estos| ningun| tener| mas)* (?:recib\w+|mensajes?|textos?|sms|spam|saber|estar en (?:la|su|esta) lista|" + _SEND_ES +
    r")",
    r"(?:no|ni|ya no) mas (?:mensajes?|textos?|sms|spam)", r"sin (?:mas )?(?:mensajes|textos)",
    r"(?:den|deme|denme|dar|dame|darme|quiero|solicito|pido)(?: la| mi| de)* baja", r"de baja",
    r"(?:dejen|deje|deja|dejenme|dejeme|dejame)(?: me)? (?:en paz|tranquil[oa])", r"ya estuvo (?:bueno|con)",
    r"ya no (?:mas|quiero)(?: mas| mensajes|$)",
    r"cancel(?:ar|en|e|o|a|eme|enme) (?:mi |la |los |estos |esta )?(?:suscripcion|mensajes?|textos?)",
    r"cancelenme|canceleme", r"anul\w+ (?:mi |la )?suscripcion", r"desuscrib\w+",
    r"no (?:les )?autoric\w+|no (?:les )?autorizo", r"(?:los|las|lo|te) voy a (?:reportar|bloquear|denunciar)",
    r"voy a (?:reportar|bloquear|denunciar)(?:los|las|lo|te)",
    r"retir(?:o|en|enme|eme|ar|e) (?:mi )?(?:consentimiento|numero|nombre)", r"retirenme|retireme",
    r"bloque\w+ este numero", r"dejen de (?:molestar|fregar|chingar|joder)",
    r"alto (?:a|con) (?:los|sus|estos) (?:mensajes|textos)", r"cancel\w+ mi (?:numero|telefono)",
    r"no quieren? que (?:me|nos|le|les) " + _SEND_ES, r"ya no (?:me|nos|le|les) avisen?", r"(?:paren?|basta) con (?:esto|eso|sus|los)",
    r"no (?:me |nos )?(?:esten? )?(?:chingando|jodiendo|fregando|molestando)", r"no (?:esten )?(?:chinguen|jodan|molesten|frieguen)",
)
# The word is there, and plainly means something else.
_HARMLESS = pattern(
    r"(?:i'll|i will|i can|can i|can we|could i|we'll|we can|may i|might|will|let's|going to|just|i'd|should i|"
    r"should we|ok)(?: try to| try and| come)? stop (?:in|over|for|at(?! once))", r"stop(?:ping)? by",
    r"(?:bus|next|last|metro|train|first|which|what|trolley|subway) stops?", r"stops? (?:at(?! once)|on|near)",
    r"stop sign", r"don't worry|no se preocupen?",
    r"(?:non|can't|won't|don't|never|not|shouldn't|couldn't|nobody can|until we) ?stop(?:ping)?(?! text| send| "
    r"messag)",
    r"stop(?:ping|s)? (?:the |these |all |this |our |their |from )*(?:rent|rents|evictions?|evicting|landlords?|"
    r"ice|deportations?|cops|police|violence|cuts|hikes|increases?|them|war|displacement|developers?|hate|"
    r"demolition|sale|raids|being evicted|raising)",
)
_LOOSE = pattern(
    r"stop(?:ping|s)?", r"spam\w*", r"harass\w+", r"scam", r"unwanted", r"annoy\w+", r"not a member any ?more",
    r"remove(?:d)?(?: (?:it|this|her|him|please))?$", r"(?:remove|delete|erase) (?:it|this|her|him|the)",
    r"leave .{0,20}alone", r"let me alone", r"too many (?:texts|messages)",
    r"(?:sick|tired) of (?:these|your|the|all|getting)",
    r"how (?:do|can) i (?:get off|get out of this|unsubscribe|leave)", r"shut up", r"go to hell", r"get lost",
    r"do not call", r"fcc|tcpa|lawyer|sue you", r"block(?:ed|ing)",
    r"(?:don't|do not) (?:want|need|care for) (?:this|these|it|any of)",
    r"(?:your|the|this|these|mailing|texting) list", r"enough(?: is enough|$| with)",
    r"no more(?: please| thanks?)*$", r"not my (?:number|phone) .*(?:remove|delete)", r"acos\w+", r"estafa\w*",
    r"molest\w+", r"como (?:me salgo|cancelo|me desuscribo|me quito)", r"basta", r"demasiados (?:mensajes|textos)",
    r"(?:cansad|hart|fastidi)[oa]\w* (?:de|con)", r"call(?:ense|ese|ate)", r"no mas$|ya no mas",
    r"(?:su|esta|esa|la) lista", r"dejen(?:me)?$|ya dejen(?:me)?|dejenme",
    r"(?:quit|borr|elimin|saqu)(?:en|e|a|enlo|elo|enla|ela)", r"no (?:quiero|deseo) (?:esto|estos|nada|mas|saber)",
    r"mensajes no", r"no (?:manden|mande|envien|envie|escriban|escriba)",
)
# A no near words for texting is a doubt, unless they speak of a text they did not get or cannot read.
_NO_TEXTS = pattern(
    r"(?:no|not|don't|ya no|enough|parenle|paren|pare|dejen?|never|quit) (?:\w+ ){0,4}"
    r"(?:mensajes?|textos?|texts?|messages?|texting|texteando|mandando|escribiendo|enviando|messaging|"
    r"texted|messaged)",
)
_UNREAD = pattern(
    r"read", r"understand", r"got", r"get", r"saw", r"see", r"open", r"llego|llegaron|llega", r"recibi",
    r"entend\w*|entiend\w*",
    r"abr\w+", r"leer|lei", r"answer\w*", r"contest\w+", r"sorry", r"perdon", r"phone (?:was|is)", r"work\w*",
    r"funciona\w*",
)
_ENDING = pattern(r"(?:end|cancel|quit|revoke) (?:it|me|this|all|please|now)(?: please| now)?")
_AGAIN = pattern(
    r"(?:start|resume|begin|keep) (?:texting|messaging|sending|texts|messages|the texts)",
    r"(?:sign|add|put) me back", r"(?:text|message) me again", r"resubscribe me", r"subscribe me",
    r"opt (?:me )?(?:back )?in", r"start again", r"(?:vuelvan|vuelva) a (?:mandar|enviar|escribir)\w*",
    r"(?:apunten|agreguen|pongan)me (?:otra vez|de nuevo)",
    r"quiero (?:volver a )?recibir (?:otra vez |de nuevo )?(?:los |sus )?(?:mensajes|textos)",
    r"(?:denme|deme) de alta",
)


def is_stop(text: str) -> tuple[bool, bool]:
    """(opted out, in doubt). In doubt suppresses too, and a person looks at it."""
    words = bare(text)
    core = [word for word in words.split() if word not in _FILLER]
    if words in STOP_WORDS or words.replace(" ", "") in _ONE_WORD:
        return True, False
    if core and len(core) <= 2 and all(word in _ONE_WORD for word in core) and "?" not in text:
        return True, False
    left = _HARMLESS.sub(" ", words)
    sure = _ENGLISH.search(left) or _SPANISH.search(left) or (len(words.split()) <= 4 and _ENDING.fullmatch(words))
    if sure and not _AGAIN.search(words):
        return True, False
    in_doubt = sure or _LOOSE.search(left) or (_NO_TEXTS.search(left) and not _UNREAD.search(left) and not _AGAIN.search(words))
    return (True, True) if in_doubt else (False, False)


def is_help(text: str) -> bool:
    """HELP and INFO, alone or with a please."""
    return _without_please(text) in HELP_WORDS


def is_start(text: str) -> bool:
    """START and its free forms; never YES (R10)."""
    return _without_please(text) in START_WORDS or bool(_AGAIN.search(bare(text)))


def _without_please(text: str) -> str:
    return " ".join(word for word in bare(text).split() if word not in ("please", "por", "favor", "porfavor"))
