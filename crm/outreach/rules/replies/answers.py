"""Yes, no, maybe, late, wrong number, question: the words of an answer in English and Spanish."""
import re

from crm.outreach.rules.replies.words import bare, pattern

# Said with a no in it, and meaning yes or maybe.
_NO_THAT_IS_NOT = pattern(
    r"no (?:problem|worries|prob|doubt|pressure|hay problema|se preocupe|te preocupes)", r"without (?:a )?doubt",
    r"sin falta", r"sin duda",
    r"(?:wouldn't|won't|would not|not going to|can't|don't want to) miss(?: it| this| out)?",
    r"no (?:me lo|nos lo|lo|me la|se lo) (?:pierdo|perderia|perdemos|perdere|perderemos)",
    r"no (?:voy a )?(?:faltar|faltare|falto|faltamos|faltaremos|fallare|les fallo)", r"como no", r"por ?que no",
    r"why not", r"can't wait", r"(?:can't|could not|couldn't|won't|can not|can't be|don't) stop\w*", r"not (?:only|alone|late)", r"no later than",
    r"no mas (?:que|dos|tres|uno|yo)",
)
_MAYBE = pattern(
    r"maybe(?! next time)", r"perhaps", r"possibl[ey]", r"probabl[ey]",
    r"not (?:100 |totally |completely |entirely |yet )?(?:sure|certain|positive)", r"unsure",
    r"(?:i )?(?:don't|do not) know(?: yet| if)?", r"(?:i )?might(?: be| not| come| make)?", r"i may", r"depends?",
    r"depending", r"(?:i'll|i will|will|gonna|going to) (?:try|see|let you know|have to see|check|think)",
    r"i'm trying", r"trying to (?:make|come|get)", r"let me (?:check|see|ask|think|look|get back)",
    r"(?:have|need|got) to (?:check|see|ask|think)", r"hope(?:fully| to)?", r"tentative(?:ly)?", r"if i can",
    r"we'll see", r"50 ?/? ?50", r"undecided", r"still (?:deciding|thinking)", r"will know", r"get back to you",
    r"tal vez", r"quizas?", r"a lo mejor", r"puede (?:ser|que)", r"(?<!es )(?<!ser )posible(?:mente)?", r"probablemente", r"depende",
    r"no (?:lo )?se(?: si| todavia| aun|$)", r"no estoy segur[oa]", r"todavia no (?:se|estoy)",
    r"aun no (?:se|estoy)",
    r"(?:voy a |vamos a )?(?:tratar|tratare|intentar|intentare|hare lo posible|trato|tratamos)",
    r"(?:deje|dejeme|dejame|dejenme) (?:ver|checar|pensar|preguntar|checo)",
    r"(?:voy|tengo que|dejo|necesito) (?:a )?(?:ver|checar|preguntar|pensar|revisar)", r"le[s]? aviso",
    r"ahi (?:le|les) aviso", r"yo (?:le|les) aviso", r"si puedo (?:voy|ir|ire|llego|les|le|hacerlo|salir)", r"ojala",
    r"haber si", r"a ver si", r"espero (?:poder|que si)", r"ya veremos", r"(?:vamos|voy) a ver",
    r"(?:le|les|te) (?:confirmo|digo|dejo saber)(?: manana| luego| despues| mas tarde| el)?", r"lo pensare",
    r"mas o menos", r"^might$", r"if (?:my|the|i get|i can|work|they)", r"quien sabe", r"no es seguro",
    r"si (?:me dan|salgo|alcanzo|dios|consigo|encuentro)(?! quiere)", r"(?:ya|luego|manana|despues) le[s]? (?:digo|aviso|confirmo|hablo)",
    r"not (?:sure|certain|positive)",
    r"want to but", r"thinking about it", r"swing it", r"no prometo", r"can't promise", r"(?:how|como) (?:i feel|me siento|amanezco|ande)", r"my best$",
    r"pos a lo mejor", r"si me (?:da tiempo|dan chance|dan permiso)",
)
_NO = pattern(
    r"no(?=$| (?:gracias|thanks?|sorry|i|i'm|i'll|i've|we|we're|not|way|can|can't|won't|no|nope|perdon|"
    r"disculp\w+|muchas|porque|pero|but|ya|hoy|"
    r"ese|esta vez|lo siento|lo lamento|senora?|sir|ma'am|sadly|unfortunately|and|y|es que|time|friend|"
    r"amig[oa]|dear|have|working|because|cuz|"
    r"maybe|ni|really|my|mi|estoy|stop|need|don't|please|por|unable|didn't|never|pues|trabajo|"
    r"work)(?![a-z0-9']))", r"not (?:this time|coming|going|available|able|attending|interested|free|today|"
                            r"gonna|for me|me|really|"
    r"possible|joining|happening|tonight|that day|in town|there|be able|be there|make)",
    r"(?:can't|could not|couldn't|won't|unable to|not able to|not gonna|will not|not going to)(?: be)?(?: able "
    r"to)?(?: make| come| go| attend| be there| join| do| get| leave| swing|$| sorry| that| this| it)", r"can't",
    r"i won't", r"unable", r"(?:won't|will not) be", r"don't think (?:so|i can|i'll|we can|i will)", r"doubt it",
    r"count me out", r"pass(?: this time| on this)?$", r"i'll pass", r"have to (?:work|cancel|decline|pass|miss)",
    r"(?:got|have) (?:work|a shift)",
    r"(?:i'm|i am|i'll be|i will be|we're|we are|we'll be) (?:working|sick|i'll|out of town|away|busy|at work|"
    r"on vacation|traveling|in the hospital|not)", r"out of (?:town|the country|state)",
    r"working (?:that|this|saturday|tomorrow|late|the)",
    r"(?:have|got|already have) (?:another|other|plans|a conflict|something|an appointment|surgery|class|church|"
    r"school|a shift|a class|to be at)", r"next time", r"another time", r"maybe next time", r"rain ?check",
    r"something came up", r"(?:i'm )?cancel+ing", r"sorry", r"unfortunately", r"decline", r"negative", r"not this",
    r"didn't get off", r"missed it|gonna miss|have to miss|going to miss", r"(?:can|could|do) not",
    r"no (?:puedo|podre|podremos|podemos|voy|vamos|ire|iremos|asistire|asisto|llego|alcanzo|creo|estare|estoy|"
    r"tengo tiempo|gracias|va a poder|voy a poder|voy a ir|vamos a poder|me es posible|sera posible|esta vez|me "
    r"interesa|hay manera|pude|podria)", r"imposible", r"(?:tengo que|me toca|voy a) (?:cuid\w+|llev\w+|ir "
    r"al|ir a la|estar)", r"(?:have|need|got) to (?:take|care|babysit|watch|pick|be at|go to)", r"tampoco",
    r"(?:tengo que|voy a|me toca|estoy) (?:trabaj\w+|trabajando)",
    r"trabajo (?:ese|el|los|toda|todo|de noche|manana|sabados?|hasta)",
    r"(?:estoy|ando|esta|amaneci) (?:enferm[oa]|mal|ocupad[oa]|fuera|de viaje|malit[oa])",
    r"(?:tengo|me salio|ya tengo) (?:otro|otra|un|una|cita|compromiso)", r"otra vez sera",
    r"(?:para|en|sera|a) la proxima", r"la proxima", r"en otra ocasion", r"lo siento", r"lamentablemente",
    r"desafortunadamente", r"disculp\w+", r"perdon", r"ni modo", r"paso$", r"claro que no", r"cancelo",
    r"ya no (?:voy|puedo|podre|vamos|ire|alcanzo|va a poder)", r"(?:must|need to|going to|gotta|have to|had to|please) cancel(?! the (?:rent|sale))",
    r"cancel (?:my|the) (?:rsvp|seat|spot|ride|reservation)", r"tengo que cancelar", r"^cancelo\b",
    r"(?:don't|do not|didn't) want to (?:come|go|attend)", r"no quiero (?:ir|salir|asistir)(?: \w+)?(?! a la (?:calle|corte))",
    r"no me (?:da|va a dar) tiempo", r"(?:estoy|ando|andamos|estamos|estare) (?:en (?:mexico|el hospital|el trabajo|guatemala|texas)|fuera)",
    r"me (?:toca|agarran?|agarro) (?:\w+ )?(?:turno|ocupad[oa]|trabajar)",
    r"(?:hoy|manana|este \w+|esta semana|ese dia|el \w+) no$", r"not (?:happening|gonna happen|going to happen|today|this (?:week|month|one))", r"it's a no",
    r"(?:thanks|thank you) but no", r"fell through", r"no way i", r"no more meetings", r"too tired", r"working (?:a double|nights?|that night|both|all)",
    r"have (?:class|to babysit)",
    r"(?:no me|me) (?:va a ser|es|sera|queda) (?:posible|imposible|lejos|dificil)", r"i'm good$", r"^ya no$", r"no thx",
)
_YES = pattern(
    r"yes", r"^si|(?<=que )si|(?<=hola )si|(?<=pues )si|(?<=ok )si|(?<=gracias )si|(?<=dias )si|(?<=tardes )si|si$",
    r"sure", r"ok(?=$| (?:i|i'll|we|we'll|see|will|great|perfect|count|si|voy|vamos|ahi|alla|nos|yes|sure))",
    r"absolutely", r"definitely", r"of course", r"certainly", r"confirm(?:ed|ing)?", r"count (?:me|us) in",
    r"i'm (?:in|there|coming|going|down|ready)", r"we're (?:in|there|coming|going)", r"we are (?:in|coming|going)",
    r"i (?:can|will|plan to|intend to|do)(?: be there| come| make| attend| go|$)",
    r"(?:i'll|i will|we'll|we will|will|going to|gonna|we'll all) (?:be there|be coming|be going|come|go|attend|"
    r"make it|be at|join|bring|see you|definitely|for sure|be)", r"be there",
    r"see you(?: there| then| all| saturday| tomorrow)", r"see ya", r"coming", r"wouldn't miss", r"for sure",
    r"you bet", r"can do", r"sounds (?:good|great)", r"looking forward", r"on my way", r"i'll (?:come|go)",
    r"happy to", r"i (?:want|would like|would love|'d love|'d like) to (?:come|go|attend|be)",
    r"i'd (?:love|like) to", r"affirmative", r"bet$", r"sign me up", r"put me (?:down|on the list)", r"add my name", r"will do",
    r"(?:great|perfect)(?=$| (?:see|i'll|i|we|thanks|thank|count|will))", r"gladly", r"count on (?:me|us)",
    r"excited", r"yay",
    r"both of us", r"save (?:me|us) ", r"bringing", r"^y$", r"add me", r"100", r"claro(?: que si)?", r"por supuesto",
    r"desde luego", r"con (?:mucho )?gusto",
    r"ahi (?:estare|estaremos|nos vemos|estoy|vamos|voy|llego|llegamos|estamos|los veo)",
    r"alla (?:nos vemos|estare|estaremos|voy|vamos|llego|los veo)",
    r"(?:yo )?(?:si )?(?:voy|vamos|ire|iremos|asistire|asistiremos|estare|estaremos|llego|llegamos|llegare|"
    r"llegaremos|cuenten|cuente|confirmo|confirmamos|confirmado|confirmada|confirmados|participare)",
    r"cuenten? con(?:migo| nosotros| nosotras)", r"nos vemos",
    r"sale(?=$| (?:ahi|alla|pues|nos|gracias|vale|si|voy))", r"de acuerdo(?! con)", r"esta bien",
    r"seguro(?: que si)?",
    r"listo|lista|listos|listas", r"va$", r"simon", r"puedo ir", r"si puedo", r"presente", r"me apunto",
    r"apunt[ea]n?(?:me|nos)", r"anot[ea]n?(?:me|nos)", r"perfecto", r"excelente", r"afirmativo", r"quiero ir",
    r"me gustaria ir", r"somos", r"seremos", r"sin falta", r"sin duda", r"como no",
    r"no (?:voy a )?faltar\w*|no falto|no faltamos", r"no me (?:lo|la) pierdo", r"why not", r"por ?que no",
    r"(?:ahi|alla) (?:le caigo|caigo|andare|andamos|andaremos|estare|llego)", r"^arre$", r"^jalo$|^va pues$|^dale$|^orale(?: pues)?$|^sale$|^ok$",
    r"con todo gusto", r"count me$", r"plan+ing (?:on it|to|on coming)", r"fo sho|fasho|hell yea\w*|heck yea\w*", r"you know it", r"yessir|yes sir|yes ma'am",
    r"i'?m so there", r"10 4|ten four", r"(?:si )?dios quiere(?: ahi| voy| si| alla)?", r"primero dios", r"por ?su ?puesto", r"in attendance",
    r"will attend|attending", r"ya quedo", r"paso (?:un )?rat\w+", r"stop by|stop in",
    r"there will be \d|seven of us|gonna be (?:four|three|two|five|six|\d) total", r"count (?:\d|two|three|four|five|six) (?:for|of)",
    r"puro si", r"with bells on", r"claro y fuerte|alto y claro",
)
_LATE = pattern(
    r"(?:running|be|little|bit|arriv\w+|get\w*|come|coming|come in|show up|going to be|gonna be|few minutes|min|"
    r"minutes|mins|there|but|probably|i'm|am|we're|are|might be) late", r"late$", r"running (?:\w+ ){0,3}behind",
    r"(?:be|get|arrive|come|there) (?:there )?(?:around|by|at|after|closer to) \d+",
    r"(?:stuck|caught) in (?:\w+ )?traffic", r"can't (?:come|get there|make it|be there) (?:until|till|before)",
    r"(?:not|won't be there|don't get off|get off|work) (?:until|till) \d", r"after (?:work|my shift|mass|church|\d)",
    r"second half", r"(?:on|almost) (?:my|our) way",
    r"(?:llego|llegamos|llegare|llegaremos|voy|vamos|llegando|llegar) (?:\w+ ){0,3}(?:tarde|tardecito|"
    r"retrasad[oa]s?|atrasad[oa]s?)", r"(?:un poco|poquito|algo) (?:mas )?tarde",
    r"(?:llego|llegamos|llegare|llegaremos|estare|llegar|ire) (?:\w+ ){0,2}(?:como |hasta |a eso de |despues de "
    r")?(?:a )?las \d+", r"hasta las \d", r"(?:salgo|termino) (?:(?:del?|mi) \w+ )?(?:\w+ )?a las \d+",
    r"despues (?:del? )?(?:trabajo|misa|turno|trabajar)",
    r"(?:se me|me) (?:hizo|hace|va a hacer|esta haciendo) tarde", r"en camino",
    r"ya (?:voy|vamos|mero llego|casi llego)", r"trafico", r"(?:\d+|unos) min\w* (?:tarde|de retraso|mas)", r"tarde$",
    r"me retraso|me atraso|retrasad[oa]|atrasad[oa]|demorad[oa]", r"almost there", r"parking (?:now|the car)",
    r"\d+ (?:min\w*|minutes) (?:away|out|late|behind)", r"(?:llego|llegamos|estoy|llegare) en (?:\d+|unos|cinco|diez|quince|veinte)(?: min\w*)?",
    r"be there in \d+", r"(?:get|be|arrive) there (?:by|at|around) \d", r"lil(?:'|ttle)? (?:bit )?late", r"min behind|minutes behind|behind$",
    r"stuck (?:at|in|on)", r"stopping (?:to|at|for)", r"(?:there|in) (?:by|at) \d", r"(?:ya )?casi llego", r"ahorita (?:llego|voy)",
    r"despues llego|llego despues",
    r"(?:don't|do not) get off (?:work )?(?:until|till)", r"had to stop", r"stop at the \w+ first",
)
_WRONG = pattern(
    r"wr?ong (?:number|person|phone|num|guy|lady|one)",
    r"(?:i'm|i am|this is|this isn't|it's|that's) not (?!sure|going|coming|able|available|free|interested|late|"
    r"yet|bad|a problem|100|in|working|at|feeling|the (?:best|right time)|good|me|doing|well|here|fair|right|"
    r"true|ready|certain|possible|ok|happening)(?:\w+)(?: \w+)?(?:'s)?(?: (?:phone|number|anymore))?$",
    r"(?:this|that) (?:isn't|is not) (?:[\w']+ ){0,3}(?:number|phone)",
    r"(?:don't|do not) know (?:any|anyone|a|this|that|who|no) (?!what|when|if|how)\w*(?: named)?(?: \w+)?(?: "
    r"is)?$", r"no longer (?:\w+'?s? )?(?:number|phone)", r"isn't \w+$",
    r"no one (?:here )?(?:by|with|named) (?:that|this|\w+)(?: name)?", r"nobody (?:here )?(?:by|with|named)",
    r"(?:new|changed|got this) (?:number|phone) (?:recently|owner|last|this)", r"you (?:have|got) the wrong",
    r"(?:numero|persona|telefono) (?:equivocad[oa]|incorrect[oa]|erroneo)", r"(?:se|te) (?:equivoc\w+|confund\w+)",
    r"equivocad[oa]s?", r"no soy (?!de|miembro|segur)\w+(?: \w+)?$",
    r"(?:aqui )?no (?:conozco|hay) (?:a )?(?:ninguna?|nadie|esa persona|ningun)(?: \w+){0,4}",
    r"no es (?:el|su|mi) (?:numero|telefono|celular)(?: de)?",
    r"(?:este|ese) (?:ya )?no es (?:el|su|mi)? ?(?:numero|telefono|celular|\w+)", r"aqui no (?:vive|es|esta) ?\w*",
    r"^(?:sorry )?not (?!sure|yet|me|for|really|going|coming|interested|today|tonight|this|that|gonna|happening|here|maybe|now|possible|certain|"
    r"available|able|free|good|bad|late|positive)\w+$|no \w+ here$",
    r"(?!landlord|manager|they|i|we)\w+ (?:changed|has a new|got a new) (?:his|her|their)? ?(?:number|phone)", r"no me llamo \w+",
    r"(?:este|ese) numero (?:ya )?no es de", r"\w+ (?:doesn't|does not|no longer|don't) (?:have|has|use|uses|own) this (?:phone|number)",
    r"^(?:sorry )?wrong \w+$", r"business (?:line|phone|number)", r"just got this (?:number|phone)",
    r"not (?:the )?\w+ i (?:just|think)", r"not maria", r"no (?:la|lo) conozco", r"no conozco a \w+", r"ya no (?:es|tiene|usa) (?:su|este) (?:numero|telefono)",
)
_ASKS = pattern(
    r"what(?:'?s)?", r"is my", r"a que numero", r"como (?:paramos|hacemos|ayudo)", r"when(?:'s)?(?! i )", r"where(?:'s)?", r"who(?:'s)?", r"whose",
    r"why(?! not)",
    r"how(?: much| long| many| do| come| did| far)?", r"which", r"is (?:it|this|there|the)",
    r"are (?:there|you|we|they)", r"do (?:you|i|we|they)", r"does", r"will there", r"did you", r"can (?:i|we|you|my)",
    r"could (?:i|we|you)", r"should (?:i|we)", r"que (?:dia|hora|es|hay|van|se|necesito|tengo|puedo|numero|lugar)",
    r"a que (?:hora|lugar|direccion)", r"cual(?:es)?", r"cuando(?! salgo)", r"donde", r"adonde",
    r"quien(?:es)?(?! me| los| cuid)", r"por que", r"porque me", r"cuant[oa]s?",
    r"como (?:llego|se|es|le|consiguieron|tienen|obtuvieron|puedo|hago)", r"de que", r"de parte de", r"habra",
    r"can (?:kids|children|anyone|people|family|the)", r"que (?:llevo|traigo|me pongo)", r"como (?:llego|me voy)",
    r"(?:tonight|saturday|today|it|meeting) (?:still )?(?:on|canceled|cancelled)", r"is (?:tonight|today|saturday|the)",
    r"(?:se )?cancel(?:o|aron) (?:la|el)", r"es (?:gratis|hoy|manana)", r"whats?", r"estoy en la lista",
    r"me (?:puede|pueden|puedes) (?:mandar|decir|dar|enviar)", r"(?:si )?hay que", r"puedo llevar|puede ir|pueden ir",
)
ANSWERS = (("no", _NO), ("maybe", _MAYBE), ("late", _LATE), ("yes", _YES))


def is_wrong_number(text: str) -> bool:
    """Somebody else has this number now, or always had."""
    return bool(_WRONG.search(bare(text)))


def asks(text: str) -> bool:
    """Whether the reply contains a question that a person should answer."""
    words = bare(text)
    return "?" in text or bool(_ASKS.match(words))


def answer_in(text: str) -> tuple[str, float]:
    """(yes, no, maybe, late or nothing; how sure). What stands first counts most; but and pero turn it round."""
    words = bare(text)
    found = {name: hit.start() for name, hit in _first_hits(words)}
    if not found:
        return "", 0.0
    if "late" in found and not ({"no"} & found.keys() and found["no"] < found["late"] and "until" not in words and "hasta" not in words):
        return "late", 0.85
    if "maybe" in found and not _decided(words, found):
        return "maybe", 0.9
    if "no" in found and "yes" in found:
        first, second = sorted(("no", "yes"), key=lambda name: (found[name], name == "yes"))
        turned = re.search(r"\b(?:but|pero|although|aunque|actually|i mean|digo)\b", words[found[first]:found[second]])
        return (second, 0.6) if turned and not _for_another(words) else (first, 0.8 if first == "no" else 0.7)
    name = "no" if "no" in found else "yes"
    return name, 0.95 if len(words.split()) <= 8 else 0.85


def _first_hits(words: str) -> list[tuple[str, re.Match]]:
    cleared = _NO_THAT_IS_NOT.sub(lambda hit: "#" * len(hit[0]), words)
    hits = [(name, expression.search(words if name == "yes" else cleared)) for name, expression in ANSWERS]
    return [(name, hit) for name, hit in hits if hit]


def _decided(words: str, found: dict[str, int]) -> bool:
    """A plain yes or no before the maybe (yes, hopefully with my mom) outweighs it; I don't know, sorry does not."""
    if re.match(r"(?:yes|si|claro|sure|of course|por supuesto|definitely)\b(?! (?:puedo|podria))", words):
        return not re.match(r"(?:yes|si|sure) (?:if|maybe|depend|tal vez|quiza|a lo mejor|puedo|but|pero)", words)
    if re.match(r"no\b(?! (?:lo )?se\b| estoy segur| idea)", words) or "maybe next time" in words:
        return True
    return found.get("no", 999) < found["maybe"] and bool(re.search(r"can't (?:make|come|go|be)|no puedo|no "
        r"voy|no podre|won't", words))


def _for_another(words: str) -> bool:
    """I can't come but my sister will: the answer is the writer's own."""
    return bool(re.search(
        r"(?:but|pero) (?:my|mi|mis|maybe my|the|el|la|next|la proxima|count|thank|gracias|i support|los "
        r"apoyo|i'll (?:be|try) (?:there )?next)", words))
