"""Endings that are about something else than our texts: a ride, an hour, the landlord, a bus stop. They are cut out before anything is looked for.

Each kind says what the ending is about, and cuts nothing that goes on to speak of texts, messages or reminders.
"""
from crm.outreach.rules.replies.words import pattern

_OURS = (r"(?:texts?|texting|texted|sms|messag\w*|notifications?|alerts?|updates|reminders?|invit\w*|contact\w*|send\w*|mensaj\w*|textos?|avisos?|"
    r"recordatorios|mand(?!at)\w*|envi\w*|escrib\w*|spam)")
_JOINS = r"(?:and|y|e|also|tambien|please|porfavor|por|pls|but|pero|so|because|porque|i|you|ustedes)"
_WORDS = rf"(?:(?!(?:{_OURS}|{_JOINS}) )[\w']+ )"
_NOT_OURS = rf"(?! {_OURS}(?: |$))"

# What is offered and asked for around an assembly; each may have a list of its own.
_NEED = (r"(?:rides?|raites?|aventon(?:es)?|transport\w*|carpool|van|bus|camion|pick ?up|interpret\w*|interpretacion|childcare|child care|cuidado|babysit\w*|"
    r"food|snacks?|potluck|lunch|dinner|comida|cena|speak(?:ers?|ing)|oradores|volunteers?|voluntari[oa]s|drivers?|choferes|cook\w*|cleaning|clean ?up|"
    r"set ?up|parking|sign ?up sheet|petition|peticion)")
_PLAN = (r"(?:seats?|spots?|chairs?|places?|lugar(?:es)?|asientos?|sillas?|tickets?|boletos?|rsvp|reserv\w+|appointment|cita|order|meeting|junta|reunion|"
    r"asamblea|assembly|event|evento|picnic|party|fiesta|march|marcha|rally|training|taller|class|clase|shift|turno|plans?|planes|compromiso|trip|viaje|"
    r"flight|vuelo|lease|contrato|rent|renta|insurance|facebook|instagram|zoom|portal|website|cable|internet|job|trabajo|school|escuela)")
_DAY = (r"(?:tonight|tonite|today|tomorrow|(?:this |next |the |that )?(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:'s)?|(?:this|that|the|next) (?:time|"
    r"one|week|"
    r"weekend|month)|hoy|manana|(?:el |este )?(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo)|esta (?:noche|vez|semana)|ese dia|la proxima)")
_DROP = (r"(?:cancel\w*|remov\w*|delet\w*|take|taken|taking|took|get|pull|drop|scratch|cross|unsubscrib\w*|end(?:s|ed|ing)?|quit|off|out|count|quit(?:e|"
    r"en|a|ar|o|"
    r"eme|enme|ame|elo|enlo)|borr\w+|sa[cq]u?\w+|elimin\w+|salir|baja)")

# Who else stops, harasses, takes away; and what they are told to do.
_THIRD = (r"(?<!your )(?<!su )(?:land ?lords?(?:'s)?|owners?(?:'s)?|managers?|management|super|police|cops|ice|boss|city|developers?|bank|judge|court|"
    r"mayor|agents?|collectors?|"
    r"brokers?|investors?|plumber|exterminator|neighbors?|roommates?|kids?|boys|guy upstairs|duen[oa]s?|caser[oa]s?|patron\w*|jef[ea]s?|policia|migra|"
    r"compania|administrador\w*|encargad[oa]|banco|juez|alcalde|propietari[oa]s?|plomero|vecin[oa]s?|cobrador\w*)")
_WRONGS = (r"(?:(?:to |de |from )?(?:stop\w*|quit\w*|harass\w*|annoy\w*|bother\w*|spam\w*|leav\w+|block\w*|text\w*|messag\w*|call\w*|send\w*|remov\w*|alone|"
    r"molest\w+|acos\w+|hostig\w+|amenaz\w+|llam\w+|escrib\w+|mand\w+|dej\w+|par(?:e|en|a|ar|o)|en paz|basta|hart\w+|tired|sick|fed up|enough|against|"
    r"denunci\w+|demand\w+|report\w*|sue|suing))")
_SHE = r"(?:me|by|us|him|her|them|my|our|the|you|nos|los|las|le|les|a|al|del|el|la|de|of|with|con|from|to|this|that|greedy|damn|mi|mis)"

_NEAR = (
    # a need, a plan, a day: cancel my ride, take my name off the RSVP, quite a mi hermano de la lista de raites, take me off for tonight
    rf"{_DROP} {_WORDS}{{0,5}}?{_NEED}(?: list)?{_NOT_OURS}", rf"{_DROP} {_WORDS}{{0,5}}?lista (?:de |del |para )(?:el |la |los |las )?(?:{_NEED}|{_DAY})",
    rf"{_DROP} (?:(?!list|lista){_WORDS}){{0,5}}?{_PLAN}(?! (?:list|lista|{_OURS}))", rf"{_DROP} {_WORDS}{{0,5}}?(?:for|para|por|del?|this) (?:{_DAY}|now)"
    rf"(?: \w+)?{_NOT_OURS}",
    r"(?:take|cross|scratch|mark|drop) (?:me|us|him|her|my \w+) off(?: the list)? for (?!good|ever|all|every|life|real|the|god|this|these)\w+",
    r"(?:remove|evict|kick|throw|get|move|push) (?:me|us|them|everyone|people|families) (?:out )?(?:from|of|out of) (?:our|my|their|the) (?:homes?|house|"
    r"building|"
    r"apartments?|units?|room|property|neighborhood)",
    r"(?:they|he|she|city) (?:want\w*|tr\w+|threat\w*|plan\w*|are|is)(?: \w+)? (?:to )?(?:remov\w*|evict\w*|kick\w*|tak\w+|get) (?:us|him|her|them)",
    r"(?:drop|leave|put) my name (?:at|with|on|in) (?!(?:this|your) )", r"leave (?:our|the|their) \w+ alone",
    r"(?:have|got|is|are|be) (?:more than )?enough$", r"enough (?:flyers|volantes|food|chairs|people|seats|time|for|to|of them|room)",
    rf"{_NEED} {_WORDS}{{0,2}}(?:cancel\w*|off|ended)",
    r"(?:cancel|remove|delete) (?:the |my |an? )(?:old|last|second|other|previous|earlier) (?:address|phone|answer|name|number|cell|email)\b",
    # somewhere that is not ours: from the landlord's portal, my mom from the Facebook group
    rf"unsubscribe (?:\w+ ){{0,3}}from (?:the |a |that |their |my )?(?!(?:list|group|chat|system|thread|{_OURS}|you|all|"
    rf"this|these|your|everything|here|it|the|any|ur)(?: |$))[\w']+",
    r"what (?:does|is|do you mean by) (?:\w+ ){0,3}(?:opt out|unsubscribe|stop|cancel|revoke)(?: mean\w*)?", r"que (?:significa|quiere decir) (?:\w+ ?){1,3}",
)
_HOUR = (r"(?:(?:before|after|past|until|till|at|around|between) (?:\d\w*|noon|midnight|dark|dinner|church|mass|six|seven|eight|nine|ten|eleven|work|"
    r"school|night|"
    r"my shift|lunch)|(?:while|when) i'?m? ?(?:at|am|work\w*|sleep\w*|driv\w*)|(?:this|so|too|that) (?:late|early)|during (?:the |my )?\w+|"
    r"on (?:my )?(?:sun|satur|"
    r"mon|tues|wednes|thurs|fri|week)\w+|in the (?:morning|mornings|evening|night|middle)|late at night|antes de (?:las?|medio|que)\b|despues de (?:las?|"
    r"comer|medio)"
    r"\b|entre (?:las|semana)|tan (?:tarde|temprano)|en (?:la|las) (?:noche|noches|manana|mananas)|de noche|por (?:la|las) (?:noche|noches|manana|mananas)|"
    r"en (?:mi|el) trabajo|(?:los|en) (?:lunes|martes|miercoles|jueves|viernes|sabados?|domingos?)|cuando (?:trabajo|estoy|duermo))")
_WRITE = (r"(?:text|message|call|write|send|contact|bother|disturb|mand(?:e|en|es)|escrib(?:a|an|as)|llam(?:e|en|es)|envi(?:e|en|es)|molest(?:e|en|es)|"
    r"marqu(?:e|en)|texte(?:e|en)|hable[ns]?)")
_ASKED = (
    # an hour, not an end: don't text me before 9
    rf"(?:don't|do not|never|no|not|can't)(?: me| nos)?(?: ever)? {_WRITE}(?: (?:me|us|my phone|this number|here|anything|mensajes?|textos?|it|messages?|"
    rf"texts?|"
    rf"por favor|please|stuff)){{0,3}} {_HOUR}(?: (?:in|de|a) (?:the|la|el) \w+)?",
    r"(?:don't|do not) call(?: me| us)? (?:just |i'd rather |better |only )?(?:text|message|call (?:my|his|her))",
    r"no (?:me |nos )?(?:llam|habl|marqu)\w+ (?:mejor|nomas|solo) \w+",
    # the contrary: don't take me off, no me quiten, please don't stop texting me
    r"(?:(?:don't|do not|never|not)(?: ever)? (?:take|remove|delete|drop|cut|unsubscribe|erase|kick)|no(?: me| nos| vayan a| vaya a)* (?:quiten?|borren?|"
    r"saquen?|"
    r"eliminen?|olviden?))(?: (?:me|us|my (?:name|number)|mi (?:nombre|numero)))?(?: (?:off|out|from|of|de|del))*(?: (?:the|your|this|la|su|"
    r"esta))?(?: (?:list|lista|texts?|"
    r"group|grupo))?",
    r"(?:^|(?<=please )|(?<=por favor )|(?<=hope you )|(?<=so ))(?:don't|do not|never|no) (?:ever )?(?:stop|quit|dejen|deje|paren|pare) (?:de )?(?:text|"
    r"send|messag|"
    r"mand|avis|escrib|inform|invit|envi|remind)\w+(?: me| us| these)?",
    # getting on, staying on
    r"(?<!not )(?<!don't )(?<!not to )(?:(?:get|put|add|keep|leave|sign|stay|have)(?: (?:my \w+|me|us|him|her|them|a \w+))?(?: up)?|join|still|i'm|am i) "
    r"(?:on|to|onto|in|for) (?:your|this|the|mailing|texting) (?:\w+ )?list",
)
_TOLD = (
    # somebody else's doing, up to the next please: the landlord won't stop harassing us, tell the owner to leave us alone
    rf"{_THIRD}(?: (?:won't|will not|doesn't|don't|didn't|never|just|always|keeps?|has|have|had|is|are|was|were|who|that|not|can't|even|told|tells|asked|"
    rf"wants?|"
    rf"said|says|no|me|us|nos|se|le|les|siempre|ya|que|quiere|esta|anda|han?|him|her|them|to|de|from|with|with me|trying|my \w+|"
    rf"of)){{0,5}}(?: {_WRONGS}){{1,3}}"
    rf"(?: {_SHE}){{0,2}}(?: {_WRONGS})*(?: {_SHE})?(?: alone)?",
    rf"{_WRONGS}(?: {_WRONGS})?(?: {_SHE}){{0,4}} (?:\w+ )?{_THIRD}(?: to)?(?: {_WRONGS})*(?: {_SHE})?(?: alone| en paz)?",
    rf"(?:calls?|texts?|letters?|messages?|llamadas|cartas|mensajes) (?:from|about|del?) (?:{_SHE} )*(?:\w+ )?{_THIRD}",
    r"(?:tell|told|ask(?:ed)?|diganle|dile|digale) (?!you|them|everyone)(?:a )?[a-z]+ (?:to|que) (?:stop|quit|deje|pare) (?:\w+)",
    # said of other things: tired of the mold, basta de abusos, alto a los desalojos
    rf"(?:sick|tired|fed up|had enough|enough|done|through|hart[oa]s?|cansad[oa]s?|basta|alto|parar|pare|paren|no mas|no more)(?: (?:ya|of|with|de|con|a|"
    rf"al|del|los|"
    rf"las|la|el|the|all|tant[oa]s?|este|esta|my|mi|this|that|so|much|these))*(?: (?:of|with|de|con|al?|del|than|que|heat|hot|water|agua)) (?:the |this |"
    rf"all |my |"
    rf"la |el |los |las |tant[oa]s? |these |mi |that |esta |este )*(?!(?:{_OURS}|you|your|ustedes|it|this|these|esto|eso|all|people|everything|getting|"
    rf"receiving|"
    rf"recibir|being|list|tant[oa]s?|sus|tus|su|me|nos|llamar\w*|molestar\w*|the|all|my|mi|la|el|los|las|that|esta|damn|stupid|constant|so|such)(?: |$))"
    r"[a-z0-9]+",
    rf"no more(?: \w+)? (?!(?:{_OURS}|please|thank\w*|of|from|for|stuff|this|these|calls?|ok|now|sir|bro|emails?|communicat\w+)(?: |$))[a-z]+ (?:in|at|on|"
    rf"for|since|excuses)",
    r"no more (?:excuses|than|parking|heat|gas|water|rent|room|space|seats?|chairs?)",
    r"never (?:get |be |been |getting )?(?:tired|sick|bored|annoyed) of", r"(?:we|to|can|let's|must|nothing|who) (?:\w+ )?stop (?:them|him|her|it)",
    # what became of a text: cut off, gone to spam
    r"(?:was|got|is|were|gets?|been|text|message|link|page|letter|it) (?:was |got )?cut (?:off|short)",
    r"(?:went|goes|going|was|landed|end(?:s|ed)|llego|llegan|fue|cayo|esta) (?:up )?(?:to|in|into|en|al?)(?: my| the| el)? spam",
    # a place, a joke, a spirit
    r"stop \d+", r"(?:more|another|extra|final) stops?(?= |$)", r"stop being (?:so )?(?!annoy|rude|weird)\w+",
    r"report(?:ing)? (?:the |some |more )?harassment",
    r"we (?:will|won't|shall|are)(?: not| never)? be (?:re)?moved", r"(?:don't|do not|no) (?:call|llam\w+) (?:my|a mi|al) (?:job|work|office|trabajo)",
    r"off (?:the|my|his|her|our) (?:mailbox|wall|lease|door|deed|title|bill|account|street|bus|train|freeway|stove|fence)",
    rf"opt(?:ed|ing)? out of (?!(?:{_OURS}|these|this|your|the|all|any|it|everything|getting|receiving|here)(?: |$))\w+",
    r"stop (?:light|and shop|& shop|n shop|signs?|street|button|request)",
    r"(?:the|a|my|our|your|last|bus|that|this|same|which|next) stop(?= |$)(?! (?:to|button|the) )",
    r"(?:nothing|no one|nobody|what|who)(?: \w+)? (?:can|could|will|is going to|gonna|'ll)? ?stop (?:me|us|them|this)", r"can't stop\b(?: won't stop)?",
    r"(?:pain|rain|bleeding|cough\w*|fever|music|noise|leak\w*|water|snow|elevator|bus|train|\d+|traffic|crying|she|he) (?:doesn't |don't |won't |ever |"
    r"no longer |"
    r"finally |going to |gonna |will |just )*stops?(?:ping|ped)?(?! (?:text|send|messag|it))",
    r"(?:don't |do not |never )?stop (?:you're|you are|making me (?:blush|laugh|cry)|worrying|crying|laughing|eating|driving|parking|smoking|playing|"
    r"it you're|the (?!(?:\w+ ){0,2}(?:text|"
    r"messag|spam|remind|alert|notif|call|sms|update|harass|nonsense|madness|contact|send))\w+)",
    r"(?:to|must|gotta|let's|will|can|help|hay que|vamos a|va a|para) (?:stop|parar|detener|frenar) (?!(?:send|text|messag|call|contact|gett|receiv|it|"
    r"this|these|"
    r"the (?:text|mess|spam)|all|your|now|me|mand|escrib|molest|por|please|esto|los mens)\w*)\w+",
)
# Said back of what they had: a need that is none any more, a place at an assembly that they will not take.
NEED_GIVEN_UP = pattern(rf"(?:cancel\w*|remov\w*|delet\w*|scratch|cross|take \w+(?: \w+)? off|quit(?:e|en|ar)|borr\w+) {_WORDS}{{0,5}}?(?:lista de )?{_NEED}",
    rf"(?:ya no|no longer|no|don't|won't) (?:need|necesito|ocupo|quiero)(?: \w+){{0,2}} {_NEED}")
PLACE_GIVEN_UP = pattern(
    rf"(?:cancel\w*|take|remove|scratch|cross|quit(?:e|en)|borr(?:e|en)|sa[cq]u?(?:e|en))(?:me|nos)? (?:(?:my|me|us|mi|nuestro|off|out|name|nombre|the|de|"
    rf"del|from|el|"
    rf"la|list|lista|for|para) )*(?:seats?|spots?|rsvp|reserv\w+|lugar(?:es)?|asientos?|{_DAY})(?! (?:\w+ )?{_NEED})",
)
ELSEWHERE = (pattern(*_ASKED), pattern(*_TOLD), pattern(*_NEAR))


def ours(words: str) -> str:
    """What is left of a bare text once the endings that are about something else are cut out."""
    for kind in ELSEWHERE:
        words = " ".join(kind.sub(" ", words).split())
    return words
